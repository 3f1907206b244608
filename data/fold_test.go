package data_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/rapsheet/rapsheet/names"
)

// bare is a name without regard to case, blanks and punctuation: what nobody would take for a difference.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// TestFoldingMakesNoTwoActorsOne: two primary names of the catalogue that differ by more than case, blanks and punctuation differ folded.
func TestFoldingMakesNoTwoActorsOne(t *testing.T) {
	_, c := resolver(t)
	for name, fold := range map[string]func(string) string{"Fold": names.Fold, "FoldKey": names.FoldKey, "StripSuffix": func(s string) string { return names.StripSuffix(names.Fold(s)) }} {
		owner := map[string]string{}
		for _, a := range c.Actors {
			k := fold(a.Name)
			if k == "" {
				t.Errorf("%s leaves nothing of %q", name, a.Name)
			}
			// "Saint Bear" and "SaintBear" are two records; a suffix that says what an actor is may be all that differs.
			if other, twice := owner[k]; twice && bare(other) != bare(a.Name) && name != "StripSuffix" {
				t.Errorf("%s makes %q and %q one: %q", name, other, a.Name, k)
			}
			owner[k] = a.Name
			if once := names.Fold(a.Name); names.Fold(once) != once {
				t.Errorf("Fold(%q) = %q folds on", a.Name, once)
			}
		}
	}
}

// TestEveryPrimaryNameFindsItsActor, first of all, however it is spelled.
func TestEveryPrimaryNameFindsItsActor(t *testing.T) {
	r, c := resolver(t)
	spell := map[string]func(string) string{
		"as it is": func(s string) string { return s }, "in capitals": strings.ToUpper, "in small letters": strings.ToLower,
		"with hyphens": func(s string) string { return strings.ReplaceAll(s, " ", "-") }, "with zero-width spaces": func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
		"full width": fullWidth, "under a mark of direction": func(s string) string { return "\u202e" + s + "\u202c" }, "as a group": func(s string) string { return "the " + s + " group" },
	}
	for _, a := range c.Actors {
		if a.Withdrawn {
			continue
		}
		for how, f := range spell {
			got := r.ResolveName(f(a.Name))
			if !slices.Contains(ids(got), a.ID) || got[0].Confidence < 0.85 {
				t.Errorf("%q %s, %q, means %v", a.Name, how, f(a.Name), ids(got))
			}
		}
	}
}

// fullWidth writes what ASCII has in full-width forms.
func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

// TestDisguisedNamesFindTheirActor writes one letter of each primary name as a look-alike of another alphabet.
func TestDisguisedNamesFindTheirActor(t *testing.T) {
	r, c := resolver(t)
	disguise := map[rune]rune{'a': 'а', 'e': 'е', 'o': 'о', 'p': 'р', 'c': 'с', 'x': 'х', 'i': 'і', 's': 'ѕ', 'A': 'А', 'B': 'В', 'E': 'Е', 'K': 'К', 'M': 'М', 'H': 'Н', 'O': 'О', 'P': 'Р', 'C': 'С', 'T': 'Т'}
	rnd := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same letters each time
	tried := 0
	for _, a := range c.Actors {
		letters := []rune(a.Name)
		at := rnd.IntN(len(letters))
		other, ok := disguise[letters[at]]
		latin := strings.ContainsFunc(string(letters[:at])+string(letters[at+1:]), func(r rune) bool { return r < 0x80 && unicode.IsLetter(r) })
		if !ok || !latin || a.Withdrawn {
			continue
		}
		letters[at] = other
		tried++
		if got := r.ResolveName(string(letters)); !slices.Contains(ids(got), a.ID) {
			t.Errorf("%q, written %q, means %v", a.Name, string(letters), ids(got))
		}
	}
	if tried < 300 {
		t.Errorf("%d names were disguised: this proves little", tried)
	}
}
