package sentence_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/extract/sentence"
)

func split(text string) []string {
	t := sentence.Read(text)
	var out []string
	for _, s := range t.Sentences {
		out = append(out, text[s.Start:s.End])
	}
	return out
}

func TestSentences(t *testing.T) {
	tests := []struct {
		name string
		want []string
	}{
		{"plain", []string{"It fell.", "It rose again."}},
		{"abbreviations", []string{"Dr. Vane of Acme Inc. told the U.S. Senate.", "He left."}},
		{"initials", []string{"J. R. Holt spoke.", "T. Rowe did not."}},
		{"indicators", []string{"It calls evil[.]example and 203.0.113[.]7 often.", "See hxxp://a.example/b.php?c=1 too."}},
		{"quotes", []string{"\u201cWe know.\u201d", "They said no more."}},
		{"company form ends", []string{"It hit Acme Corp.", "The firm is closed."}},
		{"german date", []string{"Am 3. September fiel es aus.", "Es ist wieder da."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, split(strings.Join(tt.want, " "))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokensKeepNames(t *testing.T) {
	var got []string
	for _, k := range sentence.Read("lapsus$ and NoName057(16) hit AT&T, D&B\u2019s site abta.com in the U.S. again").Tokens {
		got = append(got, k.Low)
	}
	want := []string{"lapsus$", "and", "noname057", "(", "16", ")", "hit", "at&t", ",", "d&b", "'s", "site", "abta.com", "in", "the", "u.s.", "again"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTokensKeepMaskedNames(t *testing.T) {
	for text, want := range map[string][]string{
		"Akira listed D*** Door.":                          {"Akira", "listed", "D***", "Door", "."},
		"****lard Doors\u2019 and Dill****'s site":         {"****lard", "Doors", "\u2019", "and", "Dill****", "'s", "site"},
		"A\u2588\u2588\u2588 and Dillard **** were hit":    {"A\u2588\u2588\u2588", "and", "Dillard", "****", "were", "hit"},
		"**Akira** hit the **Acme Corp** of D*** twice":    {"*", "*", "Akira", "*", "*", "hit", "the", "*", "*", "Acme", "Corp", "*", "*", "of", "D***", "twice"},
		"He said:\n***\nIt was rated ****, and E*TRADE is": {"He", "said", ":", "*", "*", "*", "It", "was", "rated", "*", "*", "*", "*", ",", "and", "E", "*", "TRADE", "is"},
	} {
		r := sentence.Read(text)
		var got []string
		for _, k := range r.Tokens {
			got = append(got, text[k.Start:k.End])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("A***\u2588 ***b **c** d ****")
	f.Add("It fell. \u201cWhy?\u201d A.B. 1.2.3 x\ny\n\nz's \xff")
	f.Fuzz(func(t *testing.T, text string) {
		r := sentence.Read(text)
		end := 0
		for i, k := range r.Tokens {
			if k.Start < end || k.End <= k.Start || k.End > len(text) {
				t.Fatalf("token %d %+v after %d", i, k, end)
			}
			end = k.End
		}
		last := 0
		for _, s := range r.Sentences {
			if s.First != last || s.Last <= s.First {
				t.Fatalf("sentence %+v after token %d", s, last)
			}
			last = s.Last
		}
		if last != len(r.Tokens) {
			t.Fatalf("%d of %d tokens are in sentences", last, len(r.Tokens))
		}
	})
}
