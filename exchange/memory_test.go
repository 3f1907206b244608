package exchange_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// folded is a feed as the store gives it to a program that starts: the latest change of each thing, nothing of what was purged.
func folded(all []intel.Change) []intel.Change {
	var out []intel.Change
	for i, c := range all {
		later := slices.ContainsFunc(all[i+1:], func(o intel.Change) bool {
			return o.What == c.What && (o.ID == c.ID || o.ID == exchange.ActorRef(c.ID)) || c.What == "report" && o.What == "purge" && o.ID == c.ID
		})
		if !later {
			out = append(out, c)
		}
	}
	return out
}

// withdrawn lists what a graph revokes after a change, with its number.
func withdrawn(g *exchange.Graph, since int64) map[string]int64 {
	out := map[string]int64{}
	for _, v := range g.Versions() {
		if v.Revoked && v.Stamp.Seq > since {
			out[v.ID] = v.Stamp.Seq
		}
	}
	return out
}

func remembering(t *testing.T, memory []exchange.Remembered, changes []intel.Change) *exchange.Graph {
	t.Helper()
	g := exchange.NewGraph(0.8)
	g.Remember(memory)
	for _, c := range changes {
		g.Apply(c)
	}
	if err := g.Settle(); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestAProgramThatStartsAfterAPurgeWithdrawsAllOfIt: the notes and links too, of which the store holds nothing any more.
func TestAProgramThatStartsAfterAPurgeWithdrawsAllOfIt(t *testing.T) {
	f := sample()
	before := remembering(t, nil, f.all)
	memory, mark := before.News(), before.Seq()
	if again := before.News(); len(again) != 0 {
		t.Errorf("%d objects are new twice", len(again))
	}
	f.add(intel.Change{What: "victim", ID: "v-Larkspur Rail"})
	f.incident(intel.Incident{ID: "two", RecordedFrom: recorded(1), Status: intel.StanceRetracted})
	f.add(intel.Change{What: "purge", ID: "r-two"})
	f.add(intel.Change{What: "actor", ID: exchange.ActorRef("quiet-moth")})

	followed := remembering(t, nil, f.all[:mark])
	for _, c := range f.all[mark:] {
		followed.Apply(c)
	}
	if err := followed.Settle(); err != nil {
		t.Fatal(err)
	}
	want := withdrawn(followed, mark)
	started := remembering(t, memory, folded(f.all))
	got := withdrawn(started, mark)
	for id := range want {
		if got[id] == 0 {
			t.Errorf("%s was handed out and is not withdrawn", id)
		}
	}
	if len(want) < 9 {
		t.Errorf("the purge withdraws only %d objects", len(want))
	}
	// A second start tells the same, with the same numbers: nothing is withdrawn anew.
	memory = append(memory, started.News()...)
	if d := cmp.Diff(got, withdrawn(remembering(t, memory, folded(f.all)), mark)); d != "" {
		t.Errorf("the second start (-first +second):\n%s", d)
	}
}

// TestMemoryChangesNothingElse: what stands is written the same with and without it.
func TestMemoryChangesNothingElse(t *testing.T) {
	f := sample()
	g := remembering(t, nil, f.all)
	memory := g.News()
	again := remembering(t, memory, f.all)
	if d := cmp.Diff(string(bundleOf(t, g)), string(bundleOf(t, again))); d != "" {
		t.Errorf("(-without +with):\n%s", d)
	}
	if n := again.News(); len(n) != 0 {
		t.Errorf("%d objects are new that are known", len(n))
	}
	if len(withdrawn(again, -1)) != len(withdrawn(g, -1)) {
		t.Errorf("%d withdrawn with memory, %d without", len(withdrawn(again, -1)), len(withdrawn(g, -1)))
	}
}
