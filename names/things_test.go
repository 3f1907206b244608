package names_test

import (
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

func TestSoftwareAndCampaignsHaveNames(t *testing.T) {
	things := names.NewThings(intel.Catalogue{
		Actors: []intel.Actor{{ID: "amber-heron", Name: "Amber Heron"}},
		Software: []intel.Software{
			{ID: "S9901", Name: "Lantern", Names: []string{"LNTRN"}, Kind: "malware", Source: "attack", UsedBy: []string{"amber-heron"}},
			{ID: "ransomware-lantern-ransomware", Name: "Lantern Ransomware", Names: []string{"L4ntern"}, Kind: "ransomware-brand", Source: "misp-galaxy"},
			{ID: "S9902", Name: "Wick", Kind: "tool", Source: "attack"},
			{ID: "S9903", Name: "Candle", Names: []string{"Wick"}, Kind: "tool", Source: "attack"},
		},
		Campaigns: []intel.Campaign{{ID: "C9901", Name: "Operation Moth", Names: []string{"Moth Fall"}, Source: "attack", AttributedTo: []string{"amber-heron"}, FirstSeen: intel.Date{Year: 2025, Month: 3, Day: 4}}},
	})
	for _, tt := range []struct{ asked, ids, kind, why string }{
		{"lantern", "S9901", "software", "malware; used by Amber Heron"},
		{"LNTRN", "S9901", "software", ""},
		{"Lаntern ransomware", "S9901", "software", ""}, // with a Cyrillic а
		{"L4NTERN", "S9901", "software", ""},
		{"S9901", "S9901", "software", "its id"},
		{"operation-moth", "C9901", "campaign", "campaign, 2025-03-04 to ?; attributed to Amber Heron"},
		{"Moth Fall", "C9901", "campaign", ""},
		{"Wick", "S9902 S9903", "software", ""},
		{"Amber Heron", "", "", ""},
		{"", "", "", ""},
	} {
		var ids []string
		for _, c := range things.Resolve(tt.asked) {
			ids = append(ids, c.ID)
			if c.Type != tt.kind || !strings.Contains(c.Why, tt.why) {
				t.Errorf("%q: %+v, want a %s because of %q", tt.asked, c, tt.kind, tt.why)
			}
		}
		if got := strings.Join(ids, " "); got != tt.ids {
			t.Errorf("%q means %q, want %q", tt.asked, got, tt.ids)
		}
	}
}
