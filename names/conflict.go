package names

import (
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Conflict is one name that several actors own.
type Conflict struct {
	Name string
	// Why says who gives the name to whom, a sentence each.
	Why        []string
	Candidates []intel.Candidate
}

// Conflicts lists every name that is unsafe to resolve automatically, sorted: names that several actors own as they stand, or
// that differ by nothing but case, accents, marks and words such as "group".
func (r *Resolver) Conflicts() []Conflict {
	var out []Conflict
	span := r.spans()
	for fold, found := range r.byFold {
		spelling := r.spelling(found, fold)
		if spelling == "" {
			continue
		}
		if c := r.candidates(spelling, found, 1); len(c) > 1 {
			out = append(out, Conflict{spelling, r.why(found, span), c})
		}
	}
	slices.SortFunc(out, func(a, b Conflict) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b Conflict) bool { return a.Name == b.Name })
}

// spelling is how a folded name is best shown: the first spelling, in the order of letters, that folds to it; empty when it is
// only what is left of longer names.
func (r *Resolver) spelling(found []owned, fold string) string {
	best := ""
	for _, o := range found {
		if n := r.actors[o.holder].Names[o.name].Name; Fold(n) == fold && (best == "" || n < best) {
			best = n
		}
	}
	return best
}

// Speaker is how a source of assertions is called in a sentence.
func Speaker(source string) string {
	switch source {
	case "misp-galaxy":
		return "MISP galaxy"
	case "attack":
		return "MITRE ATT&CK"
	case "microsoft":
		return "Microsoft"
	case "curated":
		return "rapsheet's own record"
	}
	return source
}

// why says who gives a name to whom: a source that gives it to several actors by itself, sources that disagree, and groups and
// rows whose names the other catalogues give to several actors.
func (r *Resolver) why(found []owned, span map[int]string) []string {
	owners := map[string][]int{}
	for _, o := range found {
		n := r.actors[o.holder].Names[o.name]
		if !n.Withdrawn && !slices.Contains(owners[n.Source], o.actor) {
			owners[n.Source] = append(owners[n.Source], o.actor)
		}
	}
	var out, gives []string
	var spanning []int
	for _, s := range sortedKeys(owners) {
		names := r.called(owners[s])
		if len(owners[s]) > 1 {
			out = append(out, Speaker(s)+" itself gives it to "+strings.Join(names, ", "))
		}
		gives = append(gives, Speaker(s)+" to "+strings.Join(names, ", "))
		for _, i := range owners[s] {
			if span[i] != "" && !slices.Contains(spanning, i) {
				spanning = append(spanning, i)
			}
		}
	}
	if len(gives) > 1 {
		out = append(out, "given by "+strings.Join(gives, "; "))
	}
	for _, i := range spanning {
		out = append(out, span[i])
	}
	return out
}

func sortedKeys(m map[string][]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// called gives the primary names of actors, sorted.
func (r *Resolver) called(actors []int) []string {
	out := make([]string, len(actors))
	for k, i := range actors {
		out[k] = r.actors[i].Name
	}
	slices.Sort(out)
	return out
}

// spans says of each actor whose names by MITRE ATT&CK or Microsoft belong to several actors of MISP galaxy which these are.
func (r *Resolver) spans() map[int]string {
	out := map[int]string{}
	for i, a := range r.actors {
		for _, source := range []string{"attack", "microsoft"} {
			var over []int
			for _, n := range a.Names {
				if n.Source != source || n.Withdrawn {
					continue
				}
				for _, o := range r.byFold[Fold(n.Name)] {
					if m := r.actors[o.holder].Names[o.name]; m.Source == "misp-galaxy" && !m.Withdrawn && !slices.Contains(over, o.actor) {
						over = append(over, o.actor)
					}
				}
			}
			if len(over) > 1 {
				out[i] = Speaker(source) + "'s " + a.Name + " spans " + strings.Join(r.called(over), ", ") + " of MISP galaxy"
				break
			}
		}
	}
	return out
}

// maxAlone is how many names of its own a candidate is told apart by.
const maxAlone = 3

// tell adds to each of several candidates the names that mean it alone.
func (r *Resolver) tell(all []intel.Candidate) []intel.Candidate {
	if len(all) < 2 {
		return all
	}
	for k := range all {
		i := r.byID[all[k].ID]
		for _, n := range r.actors[i].Names {
			if len(all[k].Alone) == maxAlone {
				break
			}
			if !n.Withdrawn && n.Extent != intel.ExtentDisputed && !slices.Contains(all[k].Alone, n.Name) && r.onlyOwner(i, n.Name) {
				all[k].Alone = append(all[k].Alone, n.Name)
			}
		}
	}
	return all
}

// onlyOwner reports whether nobody but actor i owns a name, in any spelling.
func (r *Resolver) onlyOwner(i int, name string) bool {
	own := func(o owned) bool { return o.actor != i }
	found := r.byFold[Fold(name)]
	return len(found) > 0 && !slices.ContainsFunc(found, own)
}
