package names_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/names"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"case", "Fancy BEAR", "fancy bear"},
		{"accents", "Équipe Ébène", "equipe ebene"},
		{"composed and decomposed", "Caf\u0065\u0301", "cafe"},
		{"full width", "ＡＰＴ２８", "apt28"},
		{"letters without decomposition", "Øresund Łódź Straße Ægir", "oresund lodz strasse aegir"},
		{"Cyrillic look-alikes in a Latin word", "Ѕcattered Spіder", "scattered spider"},
		{"a code of look-alikes", "АРТ28", "apt28"},
		{"a word of its own language", "Киберпанк", "киберпанк"},
		{"zero-width", "Lock\u200bBit\ufeff", "lockbit"},
		{"soft hyphen", "Lock\u00adBit", "lockbit"},
		{"right-to-left override", "\u202eLockBit", "lockbit"},
		{"possessive", "LockBit's", "lockbit"},
		{"possessive with a curly apostrophe", "Play’s servers", "play servers"},
		{"possessive of a plural", "the hackers' site", "the hackers site"},
		{"dollar sign", "LAPSUS$", "lapsus$"},
		{"a lone dollar sign stays", "lapsu$", "lapsu$"},
		{"plus", "Keymous+", "keymous+"},
		{"brackets", "NoName057(16)", "noname057 16"},
		{"digit for a letter stays", "Cl0p", "cl0p"},
		{"code with a hyphen", "APT-28", "apt28"},
		{"code with a blank", "APT 28", "apt28"},
		{"code with a no-break blank", "APT\u00a028", "apt28"},
		{"code with an en dash", "APT–28", "apt28"},
		{"long word and number stay apart", "Storm Brigade 12", "storm brigade 12"},
		{"blanks", "  a \t b\n", "a b"},
		{"nothing", "…—", ""},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := names.Fold(tt.in); got != tt.want {
				t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
	if names.Fold("APT28") == names.Fold("APT2") || names.FoldKey("APT-28") == names.FoldKey("APT 2") {
		t.Error("APT28 is not APT2")
	}
}

func TestFoldKeyFindsSpellings(t *testing.T) {
	for _, group := range [][]string{
		{"shiny hunters", "ShinyHunters", "Shiny-Hunters", "SHINY\u200bHUNTERS"},
		{"LAPSUS$", "Lapsus", "lapsu$"},
		{"NoName057(16)", "noname05716", "NoName 057 (16)"},
		{"Keymous+", "keymous"},
	} {
		for _, s := range group[1:] {
			if a, b := names.FoldKey(group[0]), names.FoldKey(s); a != b {
				t.Errorf("%q and %q have the keys %q and %q", group[0], s, a, b)
			}
		}
	}
	if names.Unleet(names.FoldKey("Cl0p")) != names.FoldKey("Clop") {
		t.Error("Cl0p and Clop do not meet")
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"Scattered LAPSUS$ Hunters": "scattered-lapsus-hunters", "NoName057(16)": "noname057-16", "$$$": "", "Ångström": "angstrom"} {
		if got := names.Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStripSuffix(t *testing.T) {
	for in, want := range map[string]string{"everest ransomware group": "everest", "the ransomware gang everest": "everest", "the group": "group", "group 72": "group 72", "ransomware": "ransomware"} {
		if got := names.StripSuffix(in); got != want {
			t.Errorf("StripSuffix(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldOrg(t *testing.T) {
	for in, want := range map[string]string{
		"Brightwater Foods, Inc.": "brightwater foods", "The Larkspur Company Ltd": "larkspur", "Müller & Söhne GmbH & Co. KG": "muller and sohne",
		"Oakmere S.A.": "oakmere s a", "Fernhill AG": "fernhill", "Limited": "limited", "Smith & Jones": "smith and jones", "": "",
	} {
		if got := names.FoldOrg(in); got != want {
			t.Errorf("FoldOrg(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAcronym(t *testing.T) {
	for in, want := range map[string]string{"Jaguar Land Rover": "JLR", "Ministry of Health": "MH", "Oakmere": "", "": "", "“Big” bank & trust": "BBT", "of the": ""} {
		if got := names.Acronym(in); got != want {
			t.Errorf("Acronym(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"APT-28", "LAPSUS$'s", "АРТ28", "’s's", "a\u0301\u200b", "\xff\xfe", "İstanbul", "ﬀ 12 ½"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := names.Fold(s)
		// What looks like a Latin letter depends on its case, so only what became all ASCII is final.
		if len(once) == utf8.RuneCountInString(once) && names.Fold(once) != once {
			t.Errorf("Fold(%q) = %q folds on to %q", s, once, names.Fold(once))
		}
		if strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
			t.Errorf("Fold(%q) = %q has stray blanks", s, once)
		}
		for _, r := range names.FoldKey(s) {
			if r == ' ' || r == '-' {
				t.Errorf("FoldKey(%q) holds %q", s, r)
			}
		}
		names.FoldOrg(s)
		names.Acronym(s)
		names.Slug(s)
		if p := names.Policy(s); !p.Valid() {
			t.Errorf("Policy(%q) = %q", s, p)
		}
	})
}
