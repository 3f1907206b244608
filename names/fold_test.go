package names_test

import (
	"strings"
	"testing"

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
		{"a code of look-alikes with a blank", "АРТ 28", "apt28"},
		{"a code of look-alikes with a hyphen", "АРТ-28", "apt28"},
		{"Greek look-alikes", "ΑPΤ28 Lαzαrus", "apt28 lazarus"},
		{"Armenian and Cherokee look-alikes", "Ꭺkira RհysiԀa", "akira rhysida"},
		{"small capitals", "ʟᴏᴄᴋʙɪᴛ", "lockbit"},
		{"letters of mathematics", "𝐋𝐨𝐜𝐤𝐁𝐢𝐭 𝟛", "lockbit 3"},
		{"letters in circles", "Ⓐⓚⓘⓡⓐ", "akira"},
		{"a word of its own language", "Киберпанк", "киберпанк"},
		{"a word of its own language beside a Latin one", "Киев-X", "киев x"},
		{"a number behind a word of its own language", "Группа 12", "группа12"},
		{"the same under itself", "группа12", "группа12"},
		{"zero-width", "Lock\u200bBit\ufeff", "lockbit"},
		{"soft hyphen", "Lock\u00adBit", "lockbit"},
		{"right-to-left override", "\u202eLockBit", "lockbit"},
		{"isolates and marks of direction", "\u2066Lock\u200eBit\u2069\u061c", "lockbit"},
		{"joiners, variation selectors and tags", "Lo\u200dck\u2060Bi\ufe0ft\U000e0041", "lockbit"},
		{"stacked accents and enclosing marks", "L\u0336o\u0336c\u20ddkBit", "lockbit"},
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
}

// TestNumbersAreWhole: a number that begins like another is another, however it is written.
func TestNumbersAreWhole(t *testing.T) {
	for _, one := range []string{"APT28", "APT-28", "APT 28", "apt_28", "АРТ28", "ＡＰＴ２８", "APT\u00a028"} {
		if names.FoldKey(one) != "apt28" {
			t.Errorf("FoldKey(%q) = %q", one, names.FoldKey(one))
		}
		for _, other := range []string{"APT2", "APT 2", "APT-2 8", "APT 2 8", "APT280", "APT", "28", "APT2B"} {
			if names.Fold(one) == names.Fold(other) {
				t.Errorf("%q is %q", one, other)
			}
		}
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
	for _, s := range []string{"APT-28", "LAPSUS$'s", "АРТ28", "’s's", "a\u0301\u200b", "\xff\xfe", "İstanbul", "ﬀ 12 ½", "И28", "киев 28", "ж'а28", "D*** Door", "АРТ 28", "ŉ", "हिन्दी"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := names.Fold(s)
		if names.Fold(once) != once {
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
