package extract

import "testing"

func TestBeginnings(t *testing.T) {
	b := beginnings{}
	for _, p := range []string{"bank", "bank holding company", "st john's", "men's clothing"} {
		b.add(p)
	}
	for word, want := range map[string]int{"bank": 3, "st": 3, "men": 3, "men's": 3, "holding": 0} {
		if b[word] != want {
			t.Errorf("a phrase beginning with %q has at most %d tokens, want %d", word, b[word], want)
		}
	}
}
