package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapsheet/rapsheet/intel"
)

// stillEnv is an Env whose clock stands until it is moved.
func stillEnv() (Env, *time.Time) {
	env, now := NewEnv(), start()
	env.Clock = func() time.Time { return now }
	return env, &now
}

// anyEntry draws a report among few pages, firms, gangs and speakers, so that reports meet, repeat, contradict and edit each
// other; one in ten breaks a rule.
func anyEntry(r *rapid.T) intel.Entry {
	page := rapid.IntRange(0, 7).Draw(r, "page")
	gang := fmt.Sprintf("gang %d", rapid.IntRange(0, 2).Draw(r, "gang"))
	firm := fmt.Sprintf("Firm %c", 'A'+rune(rapid.IntRange(0, 2).Draw(r, "firm")))
	by := rapid.SampledFrom([]intel.Speaker{
		{Name: gang, Kind: intel.SpeakerActor},
		{Name: firm, Kind: intel.SpeakerVictim},
		{Name: "Labs", Kind: intel.SpeakerVendor},
		{Name: "The Paper", Kind: intel.SpeakerMedia},
		{Name: "NCSC", Kind: intel.SpeakerGovernment},
	}).Draw(r, "by")
	stance := rapid.SampledFrom([]intel.Stance{intel.StanceClaimed, intel.StanceConfirmed, intel.StanceDenied, intel.StanceReported, intel.StanceRetracted}).Draw(r, "stance")
	e := Plain{
		URL: fmt.Sprintf("https://paper.example/%d", page), Actor: gang, Victim: firm, By: by, Stance: stance,
		Facet:     rapid.SampledFrom(intel.Facets()).Draw(r, "facet"),
		Kind:      rapid.SampledFrom([]intel.Kind{intel.KindRansomware, intel.KindDDoS, intel.KindOther}).Draw(r, "kind"),
		Published: rapid.SampledFrom([]string{"2026-01-02", "2026-02-20", "2026-06-01", "2030-01-01", "unknown"}).Draw(r, "published"),
		Text:      rapid.SampledFrom([]string{"", "The wire says the same in every paper of the land today and tomorrow."}).Draw(r, "text"),
		Extractor: fmt.Sprintf("x%d", rapid.IntRange(1, 2).Draw(r, "extractor")),
		Quote:     fmt.Sprintf("Sentence %d.", rapid.IntRange(0, 1).Draw(r, "sentence")),
	}.Entry()
	f := &e.Extraction.Incidents[0]
	f.Country = rapid.SampledFrom([]string{"", "GB", "DE"}).Draw(r, "country")
	if rapid.IntRange(0, 9).Draw(r, "bad") == 0 {
		f.Claims[0].Quote = ""
	}
	return e
}

// anyDecision draws a decision about what a store holds; many are refused.
func anyDecision(r *rapid.T, ids []string) intel.Decision {
	gang := func() string { return fmt.Sprintf("gang%d", rapid.IntRange(0, 2).Draw(r, "gang")) }
	d := intel.Decision{By: "ada", Reason: "checked by hand", Subject: gang()}
	switch rapid.IntRange(0, 4).Draw(r, "kind") {
	case 0:
		d.Kind, d.Object = intel.DecideMerge, gang()
	case 1:
		d.Kind, d.Subject, d.Object = intel.DecideMerge, rapid.SampledFrom(ids).Draw(r, "from"), rapid.SampledFrom(ids).Draw(r, "into")
	case 2:
		d.Kind, d.Subject, d.Field, d.Value = intel.DecideCorrection, rapid.SampledFrom(ids).Draw(r, "subject"), "country", "FR"
	case 3:
		d.Kind, d.Subject, d.Field, d.Value = intel.DecideCorrection, rapid.SampledFrom(ids).Draw(r, "subject"), "kind", string(intel.KindDDoS)
	default:
		d.Kind, d.Subject = intel.DecideNotVictim, rapid.SampledFrom(ids).Draw(r, "subject")
	}
	return d
}

// refused reports whether an error is one that a caller may get for what it asked.
func refused(err error) bool {
	return err == nil || errors.Is(err, intel.ErrInvalid) || errors.Is(err, intel.ErrNotFound) || errors.Is(err, intel.ErrConflict) || errors.Is(err, intel.ErrPurged)
}

// batches saves the same entries in batches to one store and one at a time to another, with the same decisions between: both
// then hold the same, and so does what followed their feeds.
func batches(t *testing.T, open func(t *testing.T, env Env) Store) {
	ctx := context.Background()
	rapid.Check(t, func(r *rapid.T) {
		envA, nowA := stillEnv()
		envB, nowB := stillEnv()
		whole, single := open(t, envA), open(t, envB)
		var ids []string
		for n := range 10 {
			ids = append(ids, fmt.Sprintf("id-%06d", n+1))
		}
		for _, firm := range []string{"firm a", "firm b", "firm c"} {
			ids = append(ids, intel.UUIDv5("victim", firm))
		}
		for range rapid.IntRange(1, 4).Draw(r, "steps") {
			*nowA, *nowB = nowA.Add(time.Minute), nowB.Add(time.Minute)
			entries := rapid.SliceOfN(rapid.Custom(anyEntry), 1, 6).Draw(r, "entries")
			if _, err := whole.Save(ctx, entries); !refused(err) {
				r.Fatalf("save %d: %v", len(entries), err)
			}
			for _, e := range entries {
				if _, err := single.Save(ctx, []intel.Entry{e}); !refused(err) {
					r.Fatalf("save one: %v", err)
				}
			}
			if rapid.Bool().Draw(r, "decide") {
				*nowA, *nowB = nowA.Add(time.Minute), nowB.Add(time.Minute)
				d := anyDecision(r, ids)
				_, errA := whole.Decide(ctx, d)
				_, errB := single.Decide(ctx, d)
				if !refused(errA) || (errA == nil) != (errB == nil) {
					r.Fatalf("decide: %v in one store, %v in the other", errA, errB)
				}
			}
		}
		if d := cmp.Diff(weighed(follow(t, single, 1000)), weighed(follow(t, whole, 1000)), cmp.AllowUnexported(intel.Moment{})); d != "" {
			r.Fatalf("one at a time (-) and in batches (+) differ:\n%s", d)
		}
	})
}

// weighed leaves out how credible claims were that ended: one that its own batch ended was never weighed against what came
// with it.
func weighed(st *state) *state {
	for _, rec := range st.Records {
		for i := range rec.Claims {
			if c := &rec.Claims[i]; !c.RecordedTo.IsZero() {
				c.Credibility, c.Origin = 0, ""
			}
		}
	}
	return st
}
