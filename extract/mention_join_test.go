package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNames reads names made of plain words or of several names, and names of one organisation.
func TestNames(t *testing.T) {
	x, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want [][]string
	}{
		{"Hallow, Brask, Teel & Onder, a consulting firm, was hacked.", [][]string{{"Hallow, Brask, Teel & Onder"}}},
		{"Moss & Partners, doing business as Unified Tooth Care, notifies people.", [][]string{{"Moss & Partners", "Unified Tooth Care"}}},
		{"Arden Corp d/b/a Blue Widgets files a notice.", [][]string{{"Arden Corp", "Blue Widgets"}}},
		{"Servers of the Velden Sun Media were encrypted.", [][]string{{"Velden Sun Media"}}},
		{"Customers of the operator Three were shown bills of strangers. Three said that the site of Three was mended.", [][]string{{"Three"}}},
		{"Three men were held after hackers hit the operator Tolva.", [][]string{{"Tolva"}}},
		{"Red and White Taxis, a booking service, has lost its data.", [][]string{{"Red and White Taxis"}}},
		{"The Institute of Labour, Employment and Vocational Training was hit.", [][]string{{"Institute of Labour, Employment and Vocational Training"}}},
		{"The Attorney General of Velden was told by Tolva.", [][]string{{"Tolva"}}},
	} {
		d := x.read(Input{Text: c.text})
		var got [][]string
		for i := range d.groups {
			full, rest := d.name(&d.groups[i])
			got = append(got, append([]string{full}, rest...))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}
