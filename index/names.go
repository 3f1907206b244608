package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// side says whether actors, victims or both are asked for.
type side uint8

const (
	sideActor side = 1 << iota
	sideVictim
	sideBoth = sideActor | sideVictim
)

// candidates gives everything a name may mean, best first. Merged things stand for what they were merged into.
func (m *model) candidates(name string, s side) []intel.Candidate {
	if len(name) > maxQuery || strings.TrimSpace(name) == "" {
		return nil
	}
	var out []intel.Candidate
	if s&sideActor != 0 {
		out = m.actorCandidates(name)
	}
	if s&sideVictim != 0 {
		out = append(out, m.victimCandidates(name)...)
	}
	if s == sideBoth {
		slices.SortStableFunc(out, func(a, b intel.Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) })
	}
	return out
}

// actorCandidates gives the actors a name, or an id in some catalogue, may mean.
func (m *model) actorCandidates(name string) []intel.Candidate {
	// Names before ids: "carbanak" is an id and a name that two actors bear, and who types it means the name.
	found := m.names.resolver.ResolveName(name)
	if len(found) == 0 {
		if _, known := m.names.resolver.Actor(name); known {
			found = m.names.resolver.Resolve(name)
		}
	}
	found = append(found, m.externalCandidates(fold(strings.TrimSpace(name)), len(found) == 0)...)
	out := found[:0]
	for _, c := range found {
		if id := m.canonActor(c.ID); id != c.ID {
			c.ID, c.Name = id, m.actorName(id)
		}
		if !slices.ContainsFunc(out, func(o intel.Candidate) bool { return o.ID == c.ID }) {
			out = append(out, c)
		}
	}
	return out
}

// externalCandidates gives the actors with an id in another catalogue. One whose record was withdrawn is given when it is the last to
// be asked for and nobody else has the id.
func (m *model) externalCandidates(id string, last bool) []intel.Candidate {
	var found, gone []intel.Candidate
	for _, id := range m.names.external[id] {
		c := intel.Candidate{ID: id, Name: m.actorName(id), Type: "actor", Match: names.MatchAlias, Why: "its id in another catalogue", Confidence: 0.97}
		if a := m.actors[id]; a != nil && a.Withdrawn {
			c.Why, c.Confidence, c.Withdrawn = c.Why+", since withdrawn by its source", 0.3, true
			gone = append(gone, c)
			continue
		}
		found = append(found, c)
	}
	if last && len(found) == 0 {
		return gone
	}
	return found
}

// victimCandidates gives the organisations a name, acronym, domain or id may mean.
func (m *model) victimCandidates(name string) []intel.Candidate {
	if _, ok := m.victims[name]; ok && m.knows(dimVictim, name) {
		id := m.canonVictim(name)
		return []intel.Candidate{{ID: id, Name: m.victimName(id), Type: "victim", Match: names.MatchExact, Why: "its id", Confidence: 1}}
	}
	var out []intel.Candidate
	add := func(c intel.Candidate) {
		if m.knows(dimVictim, c.ID) && !slices.ContainsFunc(out, func(o intel.Candidate) bool { return o.ID == c.ID }) {
			out = append(out, c)
		}
	}
	folded := fold(strings.TrimSpace(name))
	key := victimKey(name)
	for _, id := range m.victimsCalled(key) {
		if slices.ContainsFunc(victimNames(m.called(id)), func(n string) bool { return victimKey(n) == key }) {
			add(m.victimCandidate(folded, id))
		}
	}
	for _, id := range m.names.domains[folded] {
		if !slices.ContainsFunc(m.called(id).Domains, func(d string) bool { return strings.EqualFold(d, folded) }) {
			continue
		}
		id = m.canonVictim(id)
		add(intel.Candidate{ID: id, Name: m.victimName(id), Type: "victim", Match: names.MatchAlias, Why: "“" + folded + "” is its domain", Confidence: 0.95})
	}
	slices.SortFunc(out, func(a, b intel.Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.ID, b.ID))
	})
	return out
}

func (m *model) victimCandidate(folded, id string) intel.Candidate {
	v := m.called(id)
	c := intel.Candidate{Type: "victim", Match: names.MatchFolded, Confidence: 0.85, Why: "written otherwise, or with another legal form"}
	for _, n := range victimNames(v) {
		switch {
		case fold(n) != folded || c.Match == names.MatchExact:
		case n == v.Name:
			c.Match, c.Confidence, c.Why = names.MatchExact, 1, "“"+n+"” is its primary name"
		default:
			c.Match, c.Confidence, c.Why = names.MatchAlias, 0.97, "“"+n+"” is a name of it"
		}
	}
	c.ID = m.canonVictim(id)
	c.Name = m.victimName(c.ID)
	if c.ID != id {
		c.Why += ", of a victim merged into it"
	}
	return c
}

func (m *model) actorName(id string) string {
	if a := m.actors[id]; a != nil {
		return a.Name
	}
	return id
}

func (m *model) victimName(id string) string {
	if v := m.called(id); v != nil {
		return v.Name
	}
	return id
}

// who gives the id that an id or unambiguous name means; what an ambiguous one may mean is told as a view sees it.
func (m *model) who(idOrName string, s side, v view) (string, error) {
	what, d := "actor", dimActor
	if s == sideVictim {
		what, d = "victim", dimVictim
	}
	if _, ok := m.actors[idOrName]; ok && s == sideActor {
		return m.canonActor(idOrName), nil
	}
	cs := m.candidates(idOrName, s)
	if len(cs) == 1 {
		return cs[0].ID, nil
	}
	if len(cs) > 1 {
		return "", fmt.Errorf("index: %s %q: %w", what, idOrName, &intel.AmbiguousError{Name: idOrName, Candidates: m.answerCandidates(cs, v)})
	}
	if m.past != nil {
		return "", fmt.Errorf("index: %s %q: %w", what, idOrName, intel.ErrNotFound)
	}
	// An id or name that reports use but no catalogue holds.
	for _, id := range []string{idOrName, fold(idOrName)} {
		if t := m.find(d, id); t != 0 && (len(m.post.get(t)) > 0 || len(m.ipost.get(t)) > 0) {
			return id, nil
		}
	}
	return "", fmt.Errorf("index: %s %q: %w", what, idOrName, intel.ErrNotFound)
}

// whoAll gives every id a name may mean: type-ahead and free text do not stop at ambiguity. A name in doubt counts less, and
// one that only resembles is left to the words.
func (m *model) whoAll(name string) []intel.Candidate {
	return slices.DeleteFunc(m.candidates(name, sideBoth), func(c intel.Candidate) bool { return c.Confidence < 0.5 })
}

// spaced joins words as they were typed.
func spaced(words []*node) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = w.text
	}
	return strings.Join(parts, " ")
}
