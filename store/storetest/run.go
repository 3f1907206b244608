package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapsheet/rapsheet/intel"
)

// Run runs the suite. Open gives an empty store that depends on env; it closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T, env Env) Store) {
	fresh := func(f func(*testing.T, Store)) func(*testing.T) {
		return func(t *testing.T) { f(t, open(t, NewEnv())) }
	}
	for _, c := range []struct {
		name string
		test func(*testing.T, Store)
	}{
		{"save and read back", savesAndReads},
		{"the same again is unchanged", unchanged},
		{"a new version ends old claims and keeps the same ones", newVersion},
		{"text is dropped once rights are reserved", rightsReserved},
		{"one bad entry costs the others nothing", oneBad},
		{"one report twice in a batch", twiceInBatch},
		{"a victim's country and sector", victimFacts},
		{"a page read again keeps its fingerprint", printStays},
		{"a masked name is given later", revealed},
		{"masked names are nobody else's", maskedApart},
		{"odd input is kept", oddInput},
		{"demo and real never mix", demoNeverMixes},
		{"purge", purges},
		{"purge keeps what other reports tell", purgeKeepsOthers},
		{"origins and credibility", origins},
		{"victims are found by alias and acronym, never by likeness", victims},
		{"an acronym of two organisations is neither's", sharedAcronym},
		{"relations", relations},
		{"what is not one incident stays apart", bridgedNever},
		{"merge incidents", mergeIncidents},
		{"merge victims", mergeVictims},
		{"merge actors", mergeActors},
		{"split", splits},
		{"not a victim", notVictim},
		{"wrong actor", wrongActor},
		{"correction", corrections},
		{"decisions that break a rule", badDecisions},
		{"catalogue", catalogue},
		{"journal", journal},
		{"health", health},
		{"wait", waits},
		{"reports while writing", reportsWhileWriting},
	} {
		t.Run(c.name, fresh(c.test))
	}
	t.Run("the measure of assembly", bcubed)
	t.Run("assembly", func(t *testing.T) { assembly(t, open) })
	t.Run("reports of one incident in any order", func(t *testing.T) { bridged(t, open) })
	t.Run("as of a moment", func(t *testing.T) { past(t, open) })
	t.Run("a clock that goes back", func(t *testing.T) { clockBack(t, open) })
	t.Run("feed pages", func(t *testing.T) { feedPages(t, open) })
	t.Run("a batch leaves what its entries leave one at a time", func(t *testing.T) { batches(t, open) })
}

// feedPages saves and decides at random and follows the feed with random page sizes between the steps: whoever follows ends with
// the state that whoever reads everything at the end has, and applying a page twice changes nothing.
func feedPages(t *testing.T, open func(t *testing.T, env Env) Store) {
	ctx := context.Background()
	rapid.Check(t, func(r *rapid.T) {
		s := open(t, NewEnv())
		follower, after := newState(), int64(0)
		seen := map[int64]bool{}
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			randomStep(r, s)
			for range rapid.IntRange(0, 3).Draw(r, "pages") {
				page, err := s.Changes(ctx, after, rapid.IntRange(1, 7).Draw(r, "limit"))
				if err != nil {
					r.Fatalf("changes: %v", err)
				}
				for range rapid.IntRange(1, 2).Draw(r, "times") {
					for _, c := range page {
						follower.apply(c)
					}
				}
				for _, c := range page {
					if c.Seq <= after || seen[c.Seq] {
						r.Fatalf("change %d given again or out of order after %d", c.Seq, after)
					}
					seen[c.Seq], after = true, c.Seq
				}
			}
		}
		for {
			page, err := s.Changes(ctx, after, 3)
			if err != nil {
				r.Fatalf("changes: %v", err)
			}
			if len(page) == 0 {
				break
			}
			for _, c := range page {
				follower.apply(c)
				after = c.Seq
			}
		}
		if head, err := s.Head(ctx); err != nil || head != after {
			r.Fatalf("head %d, %v; the feed ended at %d", head, err, after)
		}
		if d := cmp.Diff(follow(t, s, 1000), follower, cmp.AllowUnexported(intel.Moment{})); d != "" {
			r.Fatalf("a follower differs from a reader of everything:\n%s", d)
		}
	})
}

// randomStep changes the store in one of the ways it can be changed.
func randomStep(r *rapid.T, s Store) {
	ctx := context.Background()
	page := rapid.IntRange(0, 5).Draw(r, "page")
	url := fmt.Sprintf("https://paper.example/%d", page)
	switch rapid.IntRange(0, 5).Draw(r, "what") {
	case 0:
		_, err := s.Decide(ctx, intel.Decision{Kind: intel.DecidePurge, Subject: intel.ReportID(url), By: "ada", Reason: "asked"})
		if err != nil && !errors.Is(err, intel.ErrNotFound) {
			r.Fatalf("purge: %v", err)
		}
	case 1:
		_, err := s.Decide(ctx, intel.Decision{
			Kind: intel.DecideMerge, Subject: fmt.Sprintf("gang%d", rapid.IntRange(0, 3).Draw(r, "from")), Object: fmt.Sprintf("gang%d", rapid.IntRange(0, 3).Draw(r, "into")), By: "ada", Reason: "one",
		})
		if err != nil && !errors.Is(err, intel.ErrNotFound) && !errors.Is(err, intel.ErrInvalid) && !errors.Is(err, intel.ErrConflict) {
			r.Fatalf("merge: %v", err)
		}
	default:
		st := Plain{
			URL: url, Actor: fmt.Sprintf("gang %d", rapid.IntRange(0, 3).Draw(r, "gang")), Victim: fmt.Sprintf("Firm %c", 'A'+rune(rapid.IntRange(0, 3).Draw(r, "firm"))),
			Extractor: fmt.Sprintf("x%d", rapid.IntRange(1, 2).Draw(r, "extractor")),
		}
		if _, err := s.Save(ctx, []intel.Entry{st.Entry()}); err != nil && !errors.Is(err, intel.ErrPurged) {
			r.Fatalf("save: %v", err)
		}
	}
}
