package extract_test

import (
	"testing"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

const twoNames = "Staff at Orlanda were told to stay at home on Monday. Veldmark Auto Works said its systems were down after a cyber attack. " +
	"The Gilded Newt took to its channel to crow."

// A second reader decides who was struck and by whom when it has read the whole text, and only adds when it has not. What it names
// that is not in the text is not made up.
func TestSecondReader(t *testing.T) {
	x := extractor(t)
	read := func(s *intel.Recognition) map[string]string {
		out := map[string]string{}
		for _, f := range above(x.Extract(extract.Input{ID: "r", Text: twoNames, Second: s}).Incidents, 0.5) {
			actors := ""
			for _, a := range f.Actors {
				actors += a.Name
			}
			for _, v := range f.Victims {
				out[v.Name] = actors
			}
		}
		return out
	}
	plain := read(nil)
	if _, ok := plain["Orlanda"]; ok || len(plain) != 1 {
		t.Fatalf("unaided it reads %v", plain)
	}
	said := func(whole bool, victims ...string) *intel.Recognition {
		return &intel.Recognition{Whole: whole, Incidents: []intel.Recognized{{Victims: victims, Actors: []string{"Gilded Newt"}, Confidence: 0.9}}}
	}
	if got := read(said(true, "Orlanda", "Somebody Else")); len(got) != 1 || got["Orlanda"] != "Gilded Newt" {
		t.Errorf("whole: %v", got)
	}
	if got := read(said(false, "Orlanda")); len(got) != 2 || got["Orlanda"] != "Gilded Newt" {
		t.Errorf("added: %v", got)
	}
	bad := &intel.Recognition{Incidents: []intel.Recognized{{Victims: []string{"", "\x00", "Orlanda"}, Confidence: 7}}}
	if got := read(bad); len(got) != 1 {
		t.Errorf("an impossible confidence: %v", got)
	}
}
