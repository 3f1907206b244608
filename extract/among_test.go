package extract

import (
	"slices"
	"testing"
)

// TestExamplesOfThoseStruck reads names that no verb of their own calls victims: a sentence gives them as examples.
func TestExamplesOfThoseStruck(t *testing.T) {
	x, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	around := func(s string) string {
		return "Investigators have spent a week on the case. Nobody has said who is behind it. " + s +
			" The work goes on. More is expected next month. A spokesman declined to comment. The weather was fine."
	}
	for _, tc := range []struct {
		text string
		want []string
		none []string
	}{
		{"Victims included the advertising house Tarnbrook and a shipping company, Velmar Terminals, based at the port of Osterby.", []string{"Tarnbrook", "Velmar Terminals"}, nil},
		{"Two of the most significant targets were Telmarica, the Spanish telephone giant, and Kestrel Freight.", []string{"Telmarica", "Kestrel Freight"}, nil},
		{"It was the latest in a spree of attacks on prominent hotel chains including Marlowe Hotels, Brightwater Inns and Sablecourt.", []string{"Marlowe Hotels", "Brightwater Inns", "Sablecourt"}, nil},
		{"It is the third retailer to report an attack this month, after Harrowgate Stores and Pennyfair.", []string{"Harrowgate Stores", "Pennyfair"}, nil},
		{"The product protects banks such as Tarnbrook and Velmar Terminals against attacks.", nil, []string{"Tarnbrook", "Velmar Terminals"}},
		{"Experts warn that the flaw may be used against banks such as Tarnbrook and Velmar Terminals.", nil, []string{"Tarnbrook", "Velmar Terminals"}},
		{"The attackers used malware families including Tarnbot, Velmarstealer and Sablecourt.", nil, []string{"Tarnbot", "Velmarstealer", "Sablecourt"}},
	} {
		var got []string
		for _, in := range x.Extract(Input{Text: around(tc.text)}).Incidents {
			for _, v := range in.Victims {
				if in.Confidence >= 0.5 {
					got = append(got, v.Name)
				}
			}
		}
		for _, w := range tc.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: %q is not among %q", tc.text, w, got)
			}
		}
		for _, w := range tc.none {
			if slices.Contains(got, w) {
				t.Errorf("%q: %q is named", tc.text, w)
			}
		}
	}
}
