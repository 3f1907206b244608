package index

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// randomNewsroom saves reports, later versions of them and purges nothing: mentions are repeated by claims, because the record
// does not say when a mention was made.
func randomNewsroom(seed uint64, saves int, each func(*newsroom)) *newsroom {
	rnd := rand.New(rand.NewPCG(seed, 1))
	n := newNewsroom()
	for i := range 4 {
		n.actor(intel.Actor{ID: fmt.Sprintf("actor%d", i), Name: fmt.Sprintf("Actor Number%d", i), Origin: "curated"})
		n.victim(intel.Victim{ID: fmt.Sprintf("victim%d", i), Name: fmt.Sprintf("Victim Number%d", i), Names: []string{fmt.Sprintf("Victim Number%d", i)}})
	}
	stances := []intel.Stance{intel.StanceReported, intel.StanceClaimed, intel.StanceConfirmed, intel.StanceDenied, intel.StanceAttributed, intel.StanceRetracted}
	speakers := intel.SpeakerKinds()
	kinds := []intel.Kind{intel.KindRansomware, intel.KindDDoS, intel.KindDataBreach}
	for range saves {
		id := rnd.IntN(saves / 2)
		p := page{id: fmt.Sprintf("p%03d", id), title: "Report", text: "Report", source: "wire", published: fmt.Sprintf("2025-%02d-%02d", 1+rnd.IntN(12), 1+rnd.IntN(28))}
		for range rnd.IntN(3) {
			inc := rnd.IntN(8)
			s := story{
				incident: fmt.Sprintf("i%d", inc), victim: fmt.Sprintf("victim%d", inc%4), kind: kinds[rnd.IntN(3)], stance: stances[rnd.IntN(len(stances))],
				by: speakers[rnd.IntN(len(speakers))], speaker: fmt.Sprintf("Speaker %d", rnd.IntN(3)), sector: []string{"", "Manufacturing", "Education"}[rnd.IntN(3)],
				country: []string{"", "GB", "DE"}[rnd.IntN(3)], confidence: 0.5 + rnd.Float64()/2,
			}
			if rnd.IntN(3) > 0 {
				s.actor = fmt.Sprintf("actor%d", rnd.IntN(4))
			}
			if rnd.IntN(2) == 0 {
				s.occurred = fmt.Sprintf("2025-%02d-%02d", 1+rnd.IntN(12), 1+rnd.IntN(28))
			}
			p.stories = append(p.stories, s)
		}
		n.save(p)
		if each != nil {
			each(n)
		}
	}
	return n
}

// The answer as of t is the answer of an index that was fed only what was recorded until t.
func TestAsOfIsThePast(t *testing.T) {
	qs := []intel.Query{
		{Limit: 200},
		{Limit: 200, Sort: "oldest"},
		{Actor: "actor1", Facets: []string{"victim", "status", "kind"}},
		{Victim: "victim2"},
		{Actor: "actor0", Victim: "victim0"},
		{Sector: "Manufacturing"},
		{Country: "DE"},
		{Kind: intel.KindRansomware},
		{Status: intel.StanceDenied},
		{Status: intel.StanceConfirmed, MinConfidence: 0.8},
		{From: day("2025-03-01"), To: day("2025-06-30")},
		{Actor: "actor2", From: day("2025-06-01")},
	}
	for seed := range uint64(4) {
		type moment struct {
			at   time.Time
			want []any
		}
		var past []moment
		i := 0
		n := randomNewsroom(seed, 40, func(n *newsroom) {
			if i++; i%8 == 0 {
				past = append(past, moment{n.now, answers(t, indexed(t, n), qs)})
			}
		})
		now := indexed(t, n)
		for _, p := range past {
			asked := make([]intel.Query, len(qs))
			for i, q := range qs {
				q.AsOf = p.at
				asked[i] = q
			}
			// Names of victims are not dated, so the lists of victims and actors without a condition hold those met later.
			same(t, fmt.Sprintf("seed %d as of %s", seed, p.at), dated(p.want), dated(answers(t, now, asked)))
		}
	}
}

// dated keeps what as_of promises: reports and incidents.
func dated(all []any) []any {
	var out []any
	for _, a := range all {
		switch v := a.(type) {
		case intel.Page[intel.Hit]:
			v.NextCursor = ""
			out = append(out, v)
		case intel.Page[intel.IncidentDetail]:
			for i := range v.Items {
				for k := range v.Items[i].Claims {
					// That a claim was ended later is on record now.
					v.Items[i].Claims[k].RecordedTo = time.Time{}
				}
			}
			v.NextCursor = ""
			out = append(out, v)
		}
	}
	return out
}

func TestProfilesAsOf(t *testing.T) {
	n := corpus()
	before := n.now
	n.save(page{
		id: "late", title: "Play lists Harbour Motors", source: "wire", published: "2025-10-20", text: "Play listed it.",
		stories: []story{{incident: "i-late", actor: "play", victim: "harbour-motors", kind: intel.KindRansomware, stance: intel.StanceClaimed, by: intel.SpeakerActor, speaker: "Play"}},
	})
	ix := indexed(t, n)
	now, err := ix.Actor(t.Context(), "Play", intel.Query{})
	if err != nil {
		t.Fatal(err)
	}
	then, err := ix.Actor(t.Context(), "Play", intel.Query{AsOf: before})
	if err != nil {
		t.Fatal(err)
	}
	if now.Summary.Incidents != 2 || then.Summary.Incidents != 1 || then.Summary.LastReported.String() != "2024-11-05" {
		t.Errorf("now %+v, then %+v", now.Summary, then.Summary)
	}
	if _, err := ix.Report(t.Context(), "late", intel.Query{AsOf: before}); err == nil {
		t.Error("a report is known before it was recorded")
	}
}

// What an edit took out of a page stays with its report, and is in no answer from before the edit.
func TestAReportKeepsWhatItNoLongerSays(t *testing.T) {
	n := newNewsroom()
	n.victim(intel.Victim{ID: "brookbank", Name: "Brookbank", Names: []string{"Brookbank"}})
	told := story{incident: "i1", victim: "brookbank", kind: intel.KindRansomware}
	n.save(page{id: "p", title: "First", source: "wire", published: "2025-03-01", stories: []story{told}})
	first := n.now
	told.kind = intel.KindDDoS
	n.save(page{id: "p", title: "Second", source: "wire", published: "2025-03-01", stories: []story{told}})
	ix := indexed(t, n)
	now, err := ix.Report(t.Context(), "p", intel.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if len(now.Claims) != 1 || now.Claims[0].Kind != intel.KindDDoS || len(now.Ended) != 1 || now.Ended[0].Kind != intel.KindRansomware || !now.Ended[0].RecordedTo.Equal(n.now) {
		t.Errorf("held %+v, ended %+v", now.Claims, now.Ended)
	}
	then, err := ix.Report(t.Context(), "p", intel.Query{AsOf: first})
	if err != nil {
		t.Fatal(err)
	}
	if len(then.Claims) != 1 || then.Claims[0].Kind != intel.KindRansomware || len(then.Ended) != 0 {
		t.Errorf("then held %+v, ended %+v", then.Claims, then.Ended)
	}
}
