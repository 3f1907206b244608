package extract_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/extract"
)

// pairs gives what a text tells as "victim < actor, actor", sorted.
func pairs(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	for _, f := range extractor(t).Extract(extract.Input{ID: "x", Title: "The month in brief", Text: text, Published: day(2025, 9, 30)}).Incidents {
		if f.Confidence < 0.5 {
			continue
		}
		var victims, actors []string
		for _, v := range f.Victims {
			victims = append(victims, v.Name)
		}
		for _, a := range f.Actors {
			actors = append(actors, a.Name)
		}
		out = append(out, strings.Join(victims, ", ")+" < "+strings.Join(actors, ", "))
	}
	slices.Sort(out)
	return out
}

// TestRunInHeads reads a roundup whose items are headed by the name alone: each is a story of its own, and its actor is its own.
func TestRunInHeads(t *testing.T) {
	text := `Four stories of a long September, from parcels to poems.

Tarnwick Parcels. Labels could not be printed from 2 September after LockBit ransomware reached the sorting machines.

Oatfield Mills. Strangers were in the network of the flour maker, which took orders by telephone for a week.

Veldmark Museum. NoName057(16) offered the house's files for sale; its catalogue is offline.

Halcrow Schools. The district noticed intruders on 12 September and later admitted that files on staff were copied.`
	want := []string{"Halcrow Schools < ", "Oatfield Mills < ", "Tarnwick Parcels < LockBit", "Veldmark Museum < NoName057(16)"}
	if diff := cmp.Diff(want, pairs(t, text)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
