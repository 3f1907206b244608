package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// words makes a text of n words that differ from those of another seed.
func words(seed string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d ", seed, i*7919%1000)
	}
	return b.String()
}

func TestFourOutletsOneWireAndAVendor(t *testing.T) {
	wire := words("wire", 300)
	var reports []intel.Report
	var said []intel.Claim
	for i, own := range []string{"", "one", "two", "three"} {
		r := intel.Report{ID: fmt.Sprintf("r%d", i), URL: fmt.Sprintf("https://o%d.example/a", i), Fingerprint: ledger.Fingerprint(wire + words(own, 20))}
		reports = append(reports, r)
		said = append(said, intel.Claim{ID: r.ID, ReportID: r.ID, Facet: event, Stance: intel.StanceReported, SaidBy: intel.Speaker{Name: "Outlet " + own, Kind: intel.SpeakerMedia}})
	}
	reports = append(reports, intel.Report{ID: "v", URL: "https://vendor.example/a", Fingerprint: ledger.Fingerprint(words("vendor", 300))})
	said = append(said, intel.Claim{ID: "v", ReportID: "v", Facet: attribution, Stance: intel.StanceAttributed, SaidBy: intel.Speaker{Name: "Labs", Kind: intel.SpeakerVendor}})
	got := ledger.Origins(said, ledger.Stories(reports))
	if d := cmp.Diff(map[intel.SpeakerKind]int{intel.SpeakerMedia: 1, intel.SpeakerVendor: 1}, got); d != "" || !ledger.Corroborated(got) {
		t.Errorf("corroborated %v, origins:\n%s", ledger.Corroborated(got), d)
	}
	if in := ledger.Incident("i", said, ledger.Stories(reports)); len(in.Reports) != 5 || !in.Corroborated {
		t.Errorf("incident = %+v", in)
	}
}

func TestOrigins(t *testing.T) {
	for name, c := range map[string]struct {
		says []say
		want map[intel.SpeakerKind]int
		corr bool
	}{
		"one boast carried by three outlets": {
			[]say{{1, event, intel.StanceClaimed, intel.SpeakerActor, "Akira", "", ""}, {2, event, intel.StanceClaimed, intel.SpeakerActor, "Akira ransomware gang", "", ""}, {3, event, intel.StanceClaimed, intel.SpeakerActor, "akira", "", ""}},
			map[intel.SpeakerKind]int{intel.SpeakerActor: 1},
			false,
		},
		"a denial is no origin": {
			[]say{{1, event, intel.StanceClaimed, intel.SpeakerActor, "Akira", "", ""}, {2, event, intel.StanceDenied, intel.SpeakerVictim, "Acme", "", ""}},
			map[intel.SpeakerKind]int{intel.SpeakerActor: 1},
			false,
		},
		"two outlets of their own": {
			[]say{{1, event, intel.StanceReported, intel.SpeakerMedia, "A", "", ""}, {1, event, intel.StanceReported, intel.SpeakerMedia, "B", "", ""}},
			map[intel.SpeakerKind]int{intel.SpeakerMedia: 2},
			true,
		},
		"the victim": {
			[]say{{1, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", ""}, {2, impact, intel.StanceConfirmed, intel.SpeakerVictim, "Acme's spokesman", "", ""}},
			map[intel.SpeakerKind]int{intel.SpeakerVictim: 1},
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := ledger.Origins(claims(c.says...), nil)
			if d := cmp.Diff(c.want, got); d != "" || ledger.Corroborated(got) != c.corr {
				t.Errorf("corroborated %v, origins:\n%s", ledger.Corroborated(got), d)
			}
		})
	}
}

func TestStories(t *testing.T) {
	text := words("a", 200)
	got := ledger.Stories([]intel.Report{
		{ID: "copy-first", URL: "https://b.example/", SyndicatedFrom: "https://a.example/", Fingerprint: ledger.Fingerprint(words("b", 50))},
		{ID: "original", URL: "https://a.example/", Fingerprint: ledger.Fingerprint(text)},
		{ID: "same-hash", URL: "https://c.example/", ContentHash: "x"},
		{ID: "same-hash-too", URL: "https://d.example/", ContentHash: "x"},
		{ID: "other", URL: "https://e.example/", Fingerprint: ledger.Fingerprint(words("e", 200))},
	})
	want := map[string]string{"copy-first": "copy-first", "original": "copy-first", "same-hash": "same-hash", "same-hash-too": "same-hash", "other": "other"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestFourOutletsOneListing is the same wire paragraph where it tells of a leak-site listing in the gang's words.
func TestFourOutletsOneListing(t *testing.T) {
	wire := words("wire", 300)
	var reports []intel.Report
	var said []intel.Claim
	claim := func(report string, f intel.Facet, st intel.Stance, kind intel.SpeakerKind, name string) {
		said = append(said, intel.Claim{ID: report + string(f) + name, ReportID: report, Facet: f, Stance: st, SaidBy: intel.Speaker{Name: name, Kind: kind}, Actor: intel.ActorRef{Ref: intel.Ref{Name: "Akira"}}})
	}
	for i, own := range []string{"", "one", "two", "three"} {
		r := intel.Report{ID: fmt.Sprintf("r%d", i), URL: fmt.Sprintf("https://o%d.example/a", i), Fingerprint: ledger.Fingerprint(wire + words(own, 20))}
		reports = append(reports, r)
		claim(r.ID, attribution, intel.StanceClaimed, intel.SpeakerActor, []string{"Akira", "akira", "the Akira group", "Akira gang"}[i])
		if i != 2 { // one of them speaks of the listing only
			claim(r.ID, event, intel.StanceReported, intel.SpeakerMedia, "Outlet "+own)
		}
	}
	before := ledger.Incident("i", said, ledger.Stories(reports))
	if d := cmp.Diff(map[intel.SpeakerKind]int{intel.SpeakerActor: 1}, before.Origins); d != "" || before.Corroborated || !before.ClaimOnly {
		t.Errorf("without the vendor: corroborated %v, claim only %v, origins:\n%s", before.Corroborated, before.ClaimOnly, d)
	}
	reports = append(reports, intel.Report{ID: "v", URL: "https://vendor.example/a", Fingerprint: ledger.Fingerprint(words("vendor", 300))})
	claim("v", attribution, intel.StanceAttributed, intel.SpeakerVendor, "Labs")
	in := ledger.Incident("i", said, ledger.Stories(reports))
	if d := cmp.Diff(map[intel.SpeakerKind]int{intel.SpeakerActor: 1, intel.SpeakerVendor: 1}, in.Origins); d != "" || len(in.Reports) != 5 || !in.Corroborated || in.ClaimOnly {
		t.Errorf("%d reports, corroborated %v, claim only %v, origins:\n%s", len(in.Reports), in.Corroborated, in.ClaimOnly, d)
	}
}

// TestStoriesOfMany holds the shelf to what comparing each report with each gives.
func TestStoriesOfMany(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var reports []intel.Report
		for i := range 60 {
			r := intel.Report{ID: fmt.Sprintf("r%02d", i), URL: fmt.Sprintf("https://a.example/%d", i), Fingerprint: ledger.Fingerprint(words(strconv.Itoa(i), 120))}
			if i > 0 {
				other := reports[draw.IntN(i)]
				switch draw.IntN(6) {
				case 0:
					r.ContentHash = "x"
				case 1:
					r.SyndicatedFrom = other.URL
				case 2:
					r.SyndicatedFrom = fmt.Sprintf("https://a.example/%d", i+draw.IntN(5)) // met before its original
				case 3: // a copy, more or less cut: on both sides of the bound
					r.Fingerprint = slices.Clone(other.Fingerprint)
					for k := range 64 + draw.IntN(32) {
						r.Fingerprint[k] = draw.Uint32()
					}
				}
			}
			reports = append(reports, r)
		}
		want := map[string]string{}
		for i, r := range reports { // the last two reports decide alone whether they are one story
			want[r.ID] = r.ID
			for _, first := range reports[:i] {
				if want[first.ID] == first.ID && ledger.Stories([]intel.Report{first, r})[r.ID] == first.ID {
					want[r.ID] = first.ID
					break
				}
			}
		}
		if d := cmp.Diff(want, ledger.Stories(reports)); d != "" {
			t.Fatal(d)
		}
	}
}

// BenchmarkStories finds the stories among 2,500 reports on one incident, one in five a copy.
func BenchmarkStories(b *testing.B) {
	reports := make([]intel.Report, 2500)
	for i := range reports {
		reports[i] = intel.Report{ID: strconv.Itoa(i), URL: strconv.Itoa(i), ContentHash: strconv.Itoa(i), Fingerprint: ledger.Fingerprint(words(strconv.Itoa(i-i%5), 100))}
	}
	for b.Loop() {
		ledger.Stories(reports)
	}
}

func TestSimilarity(t *testing.T) {
	a := words("a", 400)
	for name, c := range map[string]struct {
		b        string
		min, max float64
	}{
		"the same":     {a, 1, 1},
		"other case":   {strings.ToUpper(a), 1, 1},
		"cut short":    {a[:len(a)*8/10], 0.6, 0.95},
		"another text": {words("b", 400), 0, 0.05},
		"too short":    {"three words only", 0, 0},
		"empty":        {"", 0, 0},
	} {
		if got := ledger.Similarity(ledger.Fingerprint(a), ledger.Fingerprint(c.b)); got < c.min || got > c.max {
			t.Errorf("%s: %.2f, want %.2f to %.2f", name, got, c.min, c.max)
		}
	}
}

func TestCredibility(t *testing.T) {
	actor := say{1, event, intel.StanceClaimed, intel.SpeakerActor, "Akira", "Akira", ""}
	yes := say{1, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", ""}
	no := say{1, event, intel.StanceDenied, intel.SpeakerVictim, "Acme", "", ""}
	paper := say{1, event, intel.StanceReported, intel.SpeakerMedia, "Paper", "", ""}
	gov := say{1, event, intel.StanceConfirmed, intel.SpeakerGovernment, "NCSC", "", ""}
	for name, c := range map[string]struct {
		says []say
		want int
	}{
		"an actor alone":                     {[]say{actor}, 6},
		"confirmed by two":                   {[]say{yes, gov}, 1},
		"a boast confirmed by two":           {[]say{actor, yes, gov}, 1},
		"confirmed by the victim alone":      {[]say{yes}, 2},
		"one outlet":                         {[]say{paper}, 3},
		"denied with nobody against it":      {[]say{no, actor}, 3},
		"reported by one, denied by another": {[]say{paper, no}, 4},
		"denied against a report":            {[]say{no, paper}, 4},
		"a boast that is denied":             {[]say{actor, no}, 5},
	} {
		said := claims(c.says...)
		if got := ledger.Credibility(said[0], said); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func BenchmarkFingerprint(b *testing.B) {
	text := words("a", 600)
	for b.Loop() {
		ledger.Fingerprint(text)
	}
}
