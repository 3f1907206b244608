package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// movingReader answers what the generation is, so that an old answer is told from a new one.
type movingReader struct {
	*fake
	asked int
	// moves says that the index moves while it answers.
	moves bool
}

func (r *movingReader) Enrich(_ context.Context, items []intel.EnrichItem, _ intel.EnrichOptions) ([]intel.EnrichResult, error) {
	r.asked += len(items)
	if r.moves {
		r.gen++
	}
	out := make([]intel.EnrichResult, len(items))
	for i, it := range items {
		out[i] = intel.EnrichResult{ID: it.ID, Value: it.Value, Type: "actor", Status: "found", Candidates: []intel.Candidate{{ID: fmt.Sprintf("as of %d", r.gen), Name: it.Type}}}
	}
	return out, nil
}

func askedAbout(t *testing.T, h http.Handler, body string) []intel.EnrichResult {
	t.Helper()
	w := call(h, "POST", "/v1/enrich", body, "Content-Type", "application/json")
	var a enrichAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return a.Results
}

// TestKeptAnswersAreThoseOfTheIndex asks again, with another id, another type, and after the index moved.
func TestKeptAnswersAreThoseOfTheIndex(t *testing.T) {
	r := &movingReader{fake: &fake{gen: 1}}
	_, h := newServer(t, func(o *Options) { o.Reader = r })
	body := `{"items":[{"id":"<1>","value":"a"},"b",{"value":"a","type":"actor"},{"id":"4","value":"a"}]}`
	want := askedAbout(t, h, body)
	if got := askedAbout(t, h, body); !cmp.Equal(got, want) || r.asked != 4 {
		t.Errorf("the index was asked for %d of 4 items:\n%s", r.asked, cmp.Diff(want, got))
	}
	if want[0].ID != "<1>" || want[3].ID != "4" || want[1].ID != "" || want[2].Candidates[0].Name != "actor" || want[0].Candidates[0].Name != "" {
		t.Errorf("ids or types were mixed up: %+v", want)
	}
	r.gen = 2
	if got := askedAbout(t, h, body); got[0].Candidates[0].ID != "as of 2" {
		t.Errorf("generation 2 gives %+v", got[0])
	}
	one := call(h, "GET", "/v1/enrich/a", "")
	if !strings.Contains(one.Body.String(), "as of 2") || r.asked != 8 {
		t.Errorf("one value, %d asked: %s", r.asked, one.Body)
	}
	r.moves = true
	askedAbout(t, h, `{"items":["c"]}`)
	r.moves = false
	if got := askedAbout(t, h, `{"items":["c"]}`); got[0].Candidates[0].ID != "as of 3" || r.asked != 10 {
		t.Errorf("an answer given while the index moved was kept: %+v", got)
	}
}

// FuzzFastBody holds the fast reader of bodies to encoding/json.
func FuzzFastBody(f *testing.F) {
	for _, s := range []string{
		`{"items":["a","b"]}`, ` { "items" : [ {"id":"1","value":"x"} , "y" ] } `, `{"items":[]}`, `{"items":["a"],"format":"ecs"}`, `{"items":["a\n"]}`, `{"items":["a"]}{}`, `{"items":[{"value":1}]}`, `{"Items":["a"]}`, `{"items":["a",]}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, ok := fastBody(body)
		if !ok {
			return
		}
		var r wireRequest
		if err := decode(strings.NewReader(body), &r, maxBody); err != nil {
			t.Fatalf("%q: read fast, and the library says %v", body, err)
		}
		var want []intel.EnrichItem
		for _, raw := range r.Items {
			item, problem := readItem(raw)
			if problem != "" {
				t.Fatalf("%q: read fast, and an item is %s", body, problem)
			}
			want = append(want, item)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v, the library says %v", body, got, want)
		}
	})
}
