package index

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// The bounds of a type-ahead answer.
const (
	defaultSuggestions = 10
	maxSuggestions     = 50
	maxPrefix          = 100
	// maxScan bounds how many names with the same beginning are weighed.
	maxScan = 20_000
)

// Suggest completes names of actors and victims, most reported first, and a few questions.
func (ix *Index) Suggest(ctx context.Context, text string, limit int) ([]intel.Suggestion, error) {
	switch {
	case limit == 0:
		limit = defaultSuggestions
	case limit < 0 || limit > maxSuggestions:
		return nil, invalid("limit %d: use 1 to %d", limit, maxSuggestions)
	}
	if utf8.RuneCountInString(text) > maxPrefix {
		return nil, invalid("text is longer than %d characters: type less", maxPrefix)
	}
	out := []intel.Suggestion{}
	key := names.Fold(text)
	if key == "" {
		return out, nil
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	m := ix.model
	for _, w := range ix.weigh(m.names.starting(key), key, limit) {
		s := m.suggestion(w)
		if w.victim {
			s.VictimAnswer = m.answer(w.id, view{tlp: intel.TLPClear})
		}
		out = append(out, s)
	}
	return append(out, m.questions(text, limit-len(out))...), ctx.Err()
}

// weighed is a name that begins as asked: class 0 is the whole name, 2 its beginning, 3 the beginning of a later word.
type weighed struct {
	prefix
	tag          tag
	class, count int
}

func (a weighed) compare(b weighed) int {
	return cmp.Or(cmp.Compare(a.class/2, b.class/2), cmp.Compare(b.count, a.count), cmp.Compare(a.class, b.class),
		strings.Compare(a.name, b.name), strings.Compare(a.id, b.id))
}

// weigh gives the best limit things among names, each once.
func (ix *Index) weigh(list iter.Seq[prefix], key string, limit int) []weighed {
	m := ix.model
	var best []weighed
	seen := 0
	for p := range list {
		if seen++; seen > maxScan {
			break
		}
		w := weighed{prefix: p, class: 2}
		d := dimActor
		if p.victim {
			d, w.id = dimVictim, m.canonVictim(p.id)
		} else {
			w.id = m.canonActor(p.id)
		}
		switch {
		case p.inner:
			w.class = 3
		case p.key == key:
			w.class = 0
		}
		w.tag = m.find(d, w.id)
		w.count = len(m.post.get(w.tag))
		if len(best) == limit && w.compare(best[limit-1]) >= 0 || !ix.shown(d, w.id, view{tlp: intel.TLPClear}) {
			continue
		}
		if i := slices.IndexFunc(best, func(o weighed) bool { return o.id == w.id && o.victim == w.victim }); i >= 0 {
			if w.compare(best[i]) >= 0 {
				continue
			}
			best = slices.Delete(best, i, i+1)
		}
		i, _ := slices.BinarySearchFunc(best, w, weighed.compare)
		best = slices.Insert(best, i, w)
		best = best[:min(len(best), limit)]
	}
	return best
}

func (m *model) suggestion(w weighed) intel.Suggestion {
	s := intel.Suggestion{Type: "actor", ID: w.id, Name: m.actorName(w.id), Count: w.count}
	if w.victim {
		s.Type, s.Name = "victim", m.victimName(w.id)
	}
	if w.name != s.Name {
		s.Why = "also known as " + w.name
	}
	return s
}

// questions completes kinds and CVEs.
func (m *model) questions(text string, room int) []intel.Suggestion {
	var out []intel.Suggestion
	low := strings.ToLower(strings.TrimSpace(text))
	if len(low) < 3 {
		return nil
	}
	for _, k := range intel.Kinds() {
		if strings.HasPrefix(string(k), low) {
			if n := len(m.post.get(m.find(dimKind, string(k)))); n > 0 {
				out = append(out, intel.Suggestion{Type: "query", Name: "kind:" + string(k), Count: n})
			}
		}
	}
	if strings.HasPrefix(low, "cve-") && len(low) > 6 {
		for t := range m.post.by {
			if t.dim() == dimCVE && strings.HasPrefix(strings.ToLower(m.value(t)), low) {
				out = append(out, intel.Suggestion{Type: "query", Name: "cve:" + m.value(t), Count: len(m.post.get(t))})
			}
		}
	}
	slices.SortFunc(out, func(a, b intel.Suggestion) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Name, b.Name))
	})
	return out[:max(0, min(len(out), room))]
}
