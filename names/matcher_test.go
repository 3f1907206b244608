package names_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

func entries(list ...string) []names.Entry {
	var out []names.Entry
	for i, n := range list {
		out = append(out, names.Entry{Name: n, Policy: names.Policy(n), ID: i})
	}
	return out
}

// found are the matched stretches of text.
func found(m *names.Matcher, text string) []string {
	var out []string
	for _, x := range m.Find(text) {
		out = append(out, text[x.Start:x.End])
	}
	return out
}

func TestMatcherFindsNames(t *testing.T) {
	m := names.NewMatcher(entries("ShinyHunters", "LAPSUS$", "Scattered Spider", "Scattered LAPSUS$ Hunters", "APT28", "APT2", "Play", "NoName057(16)", "Keymous+", "Cl0p", "Fancy Bear", "Royal"))
	tests := []struct {
		name, text string
		want       []string
	}{
		{"three in a list", "'shiny hunters', 'lapsus$' and 'scattered spider' took part", []string{"shiny hunters", "lapsus$", "scattered spider"}},
		{"longest wins", "Scattered LAPSUS$ Hunters said so", []string{"Scattered LAPSUS$ Hunters"}},
		{"a verb is nobody", "They play games, and Play is a verb", nil},
		{"with a cue", "the Play ransomware gang said so", []string{"Play"}},
		{"in small letters even with a cue", "gangs play with fire", nil},
		{"not inside words", "shinyhuntersly displays Royally APT283", nil},
		{"codes", "APT28, APT-28 and APT 28", []string{"APT28", "APT-28", "APT 28"}},
		{"over a line break", "Fancy\nBear and Scattered\r\nSpider", []string{"Fancy\nBear", "Scattered\r\nSpider"}},
		{"not over a sentence", "It was Fancy. Bear in mind", nil},
		{"with marks", "NoName057(16) and Keymous+ and Cl0p.", []string{"NoName057(16", "Keymous+", "Cl0p"}},
		{"possessive", "ShinyHunters' site and Fancy Bear's tools", []string{"ShinyHunters", "Fancy Bear"}},
		{"in markup left over", "<b>Fancy Bear</b>", []string{"Fancy Bear"}},
		{"part of a longer name", "Royal Mail was hit by a ransomware gang", nil},
		{"empty", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := found(m, tt.text)
			for i := range got {
				got[i] = strings.TrimSuffix(got[i], ")")
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("in %q: %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestMatcherKeepsPolicies(t *testing.T) {
	m := names.NewMatcher([]names.Entry{
		{Name: "Amber Heron", Policy: intel.MatchAlways, ID: 1},
		{Name: "Sandworm", Policy: intel.MatchCase, ID: 2},
		{Name: "Hive", Policy: intel.MatchCue, ID: 3},
		{Name: "Orion", Policy: intel.MatchNever, ID: 4},
		{Name: "AMBER HERON", Policy: intel.MatchAlways, ID: 5},
	})
	tests := []struct {
		text string
		ids  []int
	}{
		{"amber heron", []int{1, 5}},
		{"Sandworm", []int{2}},
		{"a sandworm", nil},
		{"the Hive group", []int{3}},
		{"a Hive", nil},
		{"the Orion group", nil},
	}
	for _, tt := range tests {
		var got []int
		for _, x := range m.Find(tt.text) {
			got = append(got, x.IDs...)
		}
		if !slices.Equal(got, tt.ids) {
			t.Errorf("in %q: %v, want %v", tt.text, got, tt.ids)
		}
	}
}

func TestPolicy(t *testing.T) {
	for name, want := range map[string]intel.MatchPolicy{
		"Play": intel.MatchCue, "Hive": intel.MatchCue, "SLSH": intel.MatchCue, "ShinyHunters": intel.MatchAlways, "APT28": intel.MatchAlways,
		"Scattered Spider": intel.MatchAlways, "UNC3944": intel.MatchAlways, "Cl0p": intel.MatchAlways, "X1": intel.MatchNever, "TA": intel.MatchNever, "": intel.MatchNever,
	} {
		if got := names.Policy(name); got != want {
			t.Errorf("Policy(%q) = %s, want %s", name, got, want)
		}
	}
}

func TestTokenize(t *testing.T) {
	text := "LAPSUS$ hit Keymous+ (APT28), “Émile’s”"
	var got []string
	for _, tok := range names.Tokenize(text) {
		got = append(got, tok.Norm)
	}
	if want := []string{"lapsus$", "hit", "keymous+", "apt", "28", "emile", "s"}; !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range []string{"LAPSUS$ hit APT28", "É\u0301\xff\u200b", "CVE-2025-12345 and CVE-20", "$+'", "\u00ad\u3164a", "Fancy\nBear"} {
		f.Add(s)
	}
	m := names.NewMatcher(entries("Fancy Bear", "Play", "APT28", "LAPSUS$", "Cl0p"))
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, tok := range names.Tokenize(text) {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(text) || tok.Text(text) != text[tok.Start:tok.End] {
				t.Fatalf("token %+v after %d in %q", tok, last, text)
			}
			last = tok.End
		}
		last = 0
		for _, x := range m.Find(text) {
			if x.Start < last || x.End <= x.Start || x.End > len(text) || len(x.IDs) == 0 {
				t.Fatalf("match %+v after %d in %q", x, last, text)
			}
			last = x.End
		}
	})
}

func BenchmarkMatcher(b *testing.B) {
	var list []names.Entry
	for i := range 5000 {
		n := fmt.Sprintf("Invented %c%c Heron %d", 'a'+i%26, 'a'+i/26%26, i)
		if i%3 == 0 {
			n = fmt.Sprintf("UNC%d", 1000+i)
		}
		list = append(list, names.Entry{Name: n, Policy: intel.MatchAlways, ID: i})
	}
	m := names.NewMatcher(list)
	text := strings.Repeat("The regional operator said on Tuesday that UNC1003 had taken customer records from two of its systems, and that Scattered Spider was not meant. ", 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		m.Find(text)
	}
}
