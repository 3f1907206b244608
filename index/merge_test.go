package index

import (
	"slices"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

func (n *newsroom) mergeIncident(id, into string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	i := *n.latest["incident/"+id].Incident
	i.MergedInto = into
	n.put(intel.Change{What: "incident", ID: id, Incident: &i})
}

// An incident that was merged answers with what it was merged into; taking the merge back gives both again.
func TestIncidentMergedAndBack(t *testing.T) {
	n := corpus()
	ix := indexed(t, n)
	claims := func(id string) (out []string, into string) {
		t.Helper()
		if _, err := ix.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		d, err := ix.Incident(t.Context(), id, intel.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Claims {
			out = append(out, c.ID)
		}
		return out, d.MergedInto
	}
	before, _ := claims("i-north-21")
	n.mergeIncident("i-north-21", "i-north-24")
	if got, into := claims("i-north-21"); len(got) != 2 || into != "i-north-24" {
		t.Errorf("merged: %v into %q", got, into)
	}
	fresh := indexed(t, n)
	if d, err := fresh.Incident(t.Context(), "i-north-24", intel.Query{}); err != nil || len(d.Claims) != 2 {
		t.Errorf("in a new index: %+v %v", d.Claims, err)
	}
	n.mergeIncident("i-north-21", "")
	if got, into := claims("i-north-21"); !slices.Equal(got, before) || into != "" {
		t.Errorf("taken back: %v into %q", got, into)
	}
}

func TestClosed(t *testing.T) {
	n := corpus()
	ix := indexed(t, n)
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search(t.Context(), intel.Query{Text: "chess"}); err == nil {
		t.Error("a closed index searched words")
	}
	if err := ix.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}
