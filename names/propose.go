package names

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/rapsheet/rapsheet/intel"
)

// Proposal is a pair of records that may be one, for a person to decide. Nothing applies it.
type Proposal struct {
	// Type is actor or victim.
	Type string `json:"type"`
	// A and B are the records: what a merge would take as its sides.
	A intel.Ref `json:"a"`
	B intel.Ref `json:"b"`
	// Evidence says in sentences what speaks for it.
	Evidence []string `json:"evidence"`
	// Score orders proposals, from 0 to 1. It is no probability.
	Score float64 `json:"score"`
}

// Propose lists records that may be one and that nobody merged, strongest first. It looks at names and domains alone.
func Propose(actors []intel.Actor, victims []intel.Victim) []Proposal {
	out := append(proposeActors(actors), proposeVictims(victims)...)
	slices.SortFunc(out, func(x, y Proposal) int {
		return cmp.Or(cmp.Compare(y.Score, x.Score), strings.Compare(x.Type, y.Type), strings.Compare(x.A.ID, y.A.ID), strings.Compare(x.B.ID, y.B.ID))
	})
	return out
}

// pair is two positions of a list, the smaller first.
type pair struct{ x, y int }

func pairOf(x, y int) pair { return pair{min(x, y), max(x, y)} }

// proposeActors finds pairs of which each gives the other's primary name, or that share two names or more.
func proposeActors(actors []intel.Actor) []Proposal {
	live := slices.DeleteFunc(slices.Clone(actors), func(a intel.Actor) bool { return a.Withdrawn || a.MergedInto != "" })
	shared := map[pair][]string{}
	for fold, owners := range byName(live) {
		for i, x := range owners {
			for _, y := range owners[i+1:] {
				if asserts(live[x], fold) && asserts(live[y], fold) {
					shared[pairOf(x, y)] = append(shared[pairOf(x, y)], fold)
				}
			}
		}
	}
	var out []Proposal
	for p, folds := range shared {
		a, b := live[p.x], live[p.y]
		mutual := slices.Contains(folds, Fold(a.Name)) && slices.Contains(folds, Fold(b.Name))
		if !mutual && len(folds) < 2 {
			continue
		}
		slices.Sort(folds)
		var why []string
		if mutual {
			why = append(why, fmt.Sprintf("each is also called by the other's primary name, %s and %s", a.Name, b.Name))
		}
		for _, f := range folds {
			why = append(why, fmt.Sprintf("“%s” is a name of both: %s; %s", spelled(a, f), sourcesOf(a, f), sourcesOf(b, f)))
		}
		score := min(0.9, 0.3+0.1*float64(len(folds)))
		if mutual {
			score = min(0.95, score+0.3)
		}
		out = append(out, Proposal{"actor", intel.Ref{ID: a.ID, Name: a.Name}, intel.Ref{ID: b.ID, Name: b.Name}, why, score})
	}
	return out
}

// asserts reports whether somebody still says that a folded name means the actor, whole.
func asserts(a intel.Actor, fold string) bool {
	return slices.ContainsFunc(a.Names, func(n intel.Name) bool {
		return !n.Withdrawn && n.Extent != intel.ExtentDisputed && n.Extent != intel.ExtentPartial && Fold(n.Name) == fold
	})
}

func spelled(a intel.Actor, fold string) string {
	for _, n := range a.Names {
		if Fold(n.Name) == fold {
			return n.Name
		}
	}
	return fold
}

func sourcesOf(a intel.Actor, fold string) string {
	var by []string
	for _, n := range a.Names {
		if s := cmp.Or(n.UsedBy, Speaker(n.Source)); Fold(n.Name) == fold && !n.Withdrawn && !slices.Contains(by, s) {
			by = append(by, s)
		}
	}
	return a.ID + " by " + strings.Join(by, ", ")
}

// mostAlike is how many organisations may begin with one name before that says nothing of any of them ("First", "Bank").
const mostAlike = 3

// proposeVictims finds pairs that share a domain, of which one is the other's initials or the beginning of its name, or of which
// one is masked as the other would be.
func proposeVictims(victims []intel.Victim) []Proposal {
	live := slices.DeleteFunc(slices.Clone(victims), func(v intel.Victim) bool { return v.MergedInto != "" })
	found := map[pair]*Proposal{}
	add := func(x, y int, score float64, why string) {
		k := pairOf(x, y)
		if x == y || related(live[x], live[y]) {
			return
		}
		p := found[k]
		if p == nil {
			a, b := live[k.x], live[k.y]
			p = &Proposal{Type: "victim", A: intel.Ref{ID: a.ID, Name: a.Name}, B: intel.Ref{ID: b.ID, Name: b.Name}}
			found[k] = p
		}
		if !slices.Contains(p.Evidence, why) {
			p.Evidence = append(p.Evidence, why)
			p.Score = min(0.95, max(p.Score, score)+0.1*float64(len(p.Evidence)-1))
		}
	}
	ix := alikeOf(live)
	for x, v := range live {
		for _, d := range v.Domains {
			for _, y := range ix.domain[strings.ToLower(d)] {
				add(x, y, 0.8, "both have the domain "+strings.ToLower(d))
			}
		}
		for _, n := range v.Names {
			propose(live, ix, x, n, add)
		}
	}
	out := make([]Proposal, 0, len(found))
	for _, p := range found {
		slices.Sort(p.Evidence)
		out = append(out, *p)
	}
	return out
}

// propose looks for what one name of an organisation may be short for.
func propose(live []intel.Victim, ix alike, x int, n string, add func(x, y int, score float64, why string)) {
	if Masked(n) {
		for y, v := range live {
			for _, other := range v.Names {
				if y != x && mayBegin(n, other) && !Masked(other) && MaskFits(n, other) {
					add(x, y, 0.4, fmt.Sprintf("“%s” may be “%s”, masked", n, other))
				}
			}
		}
		return
	}
	if strings.ToUpper(n) == n && !strings.ContainsFunc(n, unicode.IsSpace) {
		if owners := ix.initials[n]; len(owners) <= mostAlike {
			for _, y := range owners {
				add(x, y, 0.5, fmt.Sprintf("“%s” are the initials of “%s”", n, live[y].Name))
			}
		}
	}
	if owners := ix.begins[FoldOrg(n)]; len(owners) <= mostAlike && letters(FoldOrg(n)) > 3 {
		for _, y := range owners {
			add(x, y, 0.5, fmt.Sprintf("“%s” begins with “%s”", live[y].Name, n))
		}
	}
}

// mayBegin is false where both begin with a plain letter and these differ: most pairs need no closer look.
func mayBegin(mask, name string) bool {
	plain := func(s string) (byte, bool) {
		if s == "" {
			return 0, false
		}
		c := s[0] | 0x20
		return c, c >= 'a' && c <= 'z'
	}
	m, ok := plain(mask)
	n, also := plain(name)
	return !ok || !also || m == n
}

// related reports whether one of two organisations is said to belong to the other: they are two.
func related(a, b intel.Victim) bool {
	belongs := func(c, p intel.Victim) bool {
		return c.Parent != "" && slices.ContainsFunc(p.Names, func(n string) bool { return FoldOrg(n) == FoldOrg(c.Parent) })
	}
	return belongs(a, b) || belongs(b, a)
}

// alike finds organisations by domain, by the initials of a name, and by each beginning of one that ends with a word.
type alike struct{ domain, initials, begins map[string][]int }

func alikeOf(victims []intel.Victim) alike {
	ix := alike{map[string][]int{}, map[string][]int{}, map[string][]int{}}
	put := func(m map[string][]int, key string, x int) {
		if key != "" && !slices.Contains(m[key], x) {
			m[key] = append(m[key], x)
		}
	}
	// A key that more have than mostAlike says nothing, however many more: "the" begins thousands.
	putFew := func(m map[string][]int, key string, x int) {
		if len(m[key]) <= mostAlike {
			put(m, key, x)
		}
	}
	for x, v := range victims {
		for _, d := range v.Domains {
			put(ix.domain, strings.ToLower(d), x)
		}
		for _, n := range v.Names {
			if Masked(n) {
				continue
			}
			putFew(ix.initials, Acronym(n), x)
			fold := FoldOrg(n)
			for i, c := range fold {
				if c == ' ' {
					putFew(ix.begins, fold[:i], x)
				}
			}
		}
	}
	return ix
}
