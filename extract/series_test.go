package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSeries says which names share one place in their sentence.
func TestSeries(t *testing.T) {
	x, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"Norvik Foods, Telmont and the Quill Group were hit by hackers.", "Norvik Foods Telmont Quill Group"},
		{"Hackers went after Norvik Foods, Telmont, and Ridely Ltd this year.", "Norvik Foods Telmont Ridely Ltd"},
		{"Hackers hit Norvik Foods and Telmont confirmed it.", ""},
		{"Norvik Foods and Telmont confirmed it.", "Norvik Foods Telmont"},
		{"According to Quillmark, Norvik Foods and Telmont were hit.", "Norvik Foods Telmont"},
		{"Norvik Foods, which Telmont owns, was hit.", ""},
	} {
		d := x.read(Input{Text: c.text})
		var got []string
		for i := range d.mentions {
			if m := &d.mentions[i]; m.series.n > 1 {
				got = append(got, d.words(m.a, m.b))
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q:\n%s", c.text, diff)
		}
	}
}

// TestHeadedItems reads a roundup whose items open with the name alone, though not each says attack.
func TestHeadedItems(t *testing.T) {
	x, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := "Four stories from a year of trouble.\n\nNorvik Foods. Freight stood still after ransomware hit the machines that print labels.\n\n" +
		"Telmont. The soap maker went back to writing orders by hand in August.\n\nRidely Ltd. Hackers stole a copy of the guest database.\n\n" +
		"Quillmark Group. Its catalogue was encrypted in an attack in October."
	found := map[string]bool{}
	for _, f := range x.Extract(Input{Text: text}).Incidents {
		for _, v := range f.Victims {
			if f.Confidence >= 0.5 {
				found[v.Name] = true
			}
		}
	}
	want := map[string]bool{"Norvik Foods": true, "Telmont": true, "Ridely Ltd": true, "Quillmark Group": true}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

// TestListedInTable reads the names of a table under a sentence that says what they are, not the units beside them.
func TestListedInTable(t *testing.T) {
	x, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := "Ashen Ferret added three organisations to its list on Saturday night. We give the names as the group spells them.\n\n" +
		"Name as listed | Said to be | Data claimed\nGrantholm Bakeries | food | 80 GB\nVosberg Optics GmbH | instruments | 41 GB\nPort of Eskery | harbour | not stated\n\n" +
		"None of them has said anything."
	found := map[string]bool{}
	for _, f := range x.Extract(Input{Text: text}).Incidents {
		for _, v := range f.Victims {
			if f.Confidence >= 0.5 {
				found[v.Name] = true
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"Grantholm Bakeries": true, "Vosberg Optics GmbH": true, "Port of Eskery": true}, found); diff != "" {
		t.Error(diff)
	}
}
