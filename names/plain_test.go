package names

import (
	"math/rand/v2"
	"testing"
)

// plainCases are names whose folding has an edge, and noise made of the characters that matter.
func plainCases() []string {
	cases := []string{
		"", " ", "'", "''s", "APT-28", "APT 28 29", "abcdefg 1", "abcdef 1", "LAPSUS$", "$s$", "S$ss$", "Rock'n'Roll's", "it's's", "O'Brien's 5", "a1 2 b 3",
		"NoName057(16)", "Keymous+", "The Com", "+ 7", "5 + 5", "x'1", "s's", "'s", "a 's 5", "TA 505", "already folded name", "the 313 Team", "THE 7",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		b := make([]byte, r.IntN(14))
		for i := range b {
			b[i] = "aSs'$+ -17b.Z_"[r.IntN(14)]
		}
		cases = append(cases, string(b))
	}
	return cases
}

func TestFoldPlainIsFold(t *testing.T) {
	for _, in := range plainCases() {
		want := foldAny(in)
		if got := foldPlain(in); got != want {
			t.Fatalf("foldPlain(%q) = %q, foldAny gives %q", in, got, want)
		}
		if got := keyPlain(want); got != keyAny(want) {
			t.Fatalf("keyPlain(%q) = %q, keyAny gives %q", want, got, keyAny(want))
		}
	}
}

func FuzzFoldPlain(f *testing.F) {
	for _, in := range plainCases()[:26] {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if !isPlain(in) || Masked(in) {
			return
		}
		if got, want := foldPlain(in), foldAny(in); got != want {
			t.Fatalf("foldPlain(%q) = %q, foldAny gives %q", in, got, want)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, in := range map[string]string{"plain": "Scattered LAPSUS$ Hunters", "folded": "scattered spider", "accents": "Société Générale"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(in)
			}
		})
	}
	b.Run("plain the long way", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			foldAny("Scattered LAPSUS$ Hunters")
		}
	})
}
