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

// TestWhoLists reads a gang that no catalogue knows from what it does in a report about listings.
func TestWhoLists(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"listed by, and again by", "Corran Water Board was listed by Node Harrow on 12 June and again by Ashen Ferret on 28 June. Corran Water Board confirmed a ransomware incident. Those who count listings count it twice.", "Corran Water Board < Node Harrow, Ashen Ferret"},
		{"a new name, lists", "A new name, Copper Lark, lists Tallowmere Colleges with fresh data. Tallowmere Colleges said its network was breached. Recycled listings of old ransom notes have become more frequent.", "Tallowmere Colleges < Copper Lark"},
		{"claims gigabytes", "Dunmere Door Systems confirmed that it was breached and personnel files were stolen. Ashen Ferret claims 310 gigabytes.", "Dunmere Door Systems < Ashen Ferret"},
		{"no gang", "Corran Water Board confirmed that it was breached and files were stolen. It was listed by Forbes among the best employers.", "Corran Water Board < "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(pairs(t, tt.text), "; "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
