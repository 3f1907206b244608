package ledger_test

import (
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// The country of an incident is the one that is best supported, not the one told first.
func TestBestSupportedFact(t *testing.T) {
	in := func(report string, day int, kind intel.SpeakerKind, country string) intel.Claim {
		c := told(report, day, event, intel.StanceReported, kind, report)
		c.Country = country
		return c
	}
	media, own := intel.SpeakerMedia, intel.SpeakerVictim
	for name, c := range map[string]struct {
		said  []intel.Claim
		story map[string]string
		want  string
	}{
		"nobody says":                    {[]intel.Claim{in("a", 1, media, "")}, nil, ""},
		"one says, others do not":        {[]intel.Claim{in("a", 1, media, ""), in("b", 2, media, "GB")}, nil, "GB"},
		"two stories against one":        {[]intel.Claim{in("a", 1, media, "US"), in("b", 2, media, "GB"), in("c", 3, media, "GB")}, nil, "GB"},
		"copies of one story count once": {[]intel.Claim{in("a", 1, media, "US"), in("b", 1, media, "US"), in("c", 3, media, "GB"), in("d", 4, media, "GB")}, map[string]string{"a": "a", "b": "a"}, "GB"},
		"the victim's word among equals": {[]intel.Claim{in("a", 1, own, "GB"), in("b", 2, media, "US")}, nil, "GB"},
		"the last word among equals":     {[]intel.Claim{in("a", 1, media, "GB"), in("b", 2, media, "US")}, nil, "US"},
	} {
		if got := ledger.Incident("i", c.said, c.story).Country; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestVictimFacts(t *testing.T) {
	in := func(country string, origins int, day int) intel.Incident {
		return intel.Incident{Country: country, Sector: "sector of " + country, Origins: map[intel.SpeakerKind]int{intel.SpeakerMedia: origins}, LastReported: intel.OnDay(intel.Date{Year: 2026, Month: 1, Day: day}), Reports: []string{"r"}}
	}
	merged := in("FR", 9, 9)
	merged.MergedInto = "other"
	untold := in("DE", 9, 9)
	untold.Reports = nil
	for want, of := range map[string][]intel.Incident{
		"GB": {in("US", 1, 9), in("GB", 1, 1), in("GB", 1, 2), merged, untold},
		"US": {in("GB", 1, 1), in("US", 1, 2)},
	} {
		if sector, country := ledger.VictimFacts(of); country != want || sector != "sector of "+want {
			t.Errorf("%q in %q, want %q", sector, country, want)
		}
	}
}
