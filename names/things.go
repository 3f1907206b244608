package names

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Things answers which software or campaign a name means, folded and weighed as the names of actors are. It is immutable and safe for
// use by many goroutines.
type Things struct {
	names *Resolver
	// kind is software or campaign, told what a candidate's reason says of it besides, by id.
	kind, told map[string]string
}

// The types of candidates that are no actors.
const (
	TypeSoftware = "software"
	TypeCampaign = "campaign"
)

// NewThings indexes the software and campaigns of a catalogue. A brand that two catalogues hold under one primary name is one thing.
func NewThings(c intel.Catalogue) *Things {
	t := &Things{kind: map[string]string{}, told: map[string]string{}}
	called := map[string]string{}
	for _, a := range c.Actors {
		called[a.ID] = a.Name
	}
	actors := func(does string, ids []string) string {
		var out []string
		for _, id := range ids {
			if n := called[id]; n != "" && len(out) < mostTold {
				out = append(out, n)
			}
		}
		if len(out) == 0 {
			return ""
		}
		if more := len(ids) - len(out); more > 0 {
			out[len(out)-1] += " and others"
		}
		return "; " + does + " " + strings.Join(out, ", ")
	}
	var all []intel.Actor
	at := map[string]int{}
	for _, s := range c.Software {
		key := FoldKey(StripSuffix(Fold(s.Name)))
		i, held := at[key]
		if !held || all[i].Origin == s.Source {
			i = len(all)
			at[key] = i
			all = append(all, intel.Actor{ID: s.ID, Name: s.Name, Origin: s.Source})
			t.kind[s.ID], t.told[s.ID] = TypeSoftware, ": "+s.Kind
		}
		all[i].Names = append(all[i].Names, spellingsOf(append([]string{s.Name}, s.Names...), s.Source)...)
		t.told[all[i].ID] += actors("operated by", s.OperatedBy) + actors("used by", s.UsedBy)
	}
	for _, k := range c.Campaigns {
		all = append(all, intel.Actor{ID: k.ID, Name: k.Name, Origin: k.Source, Names: spellingsOf(append([]string{k.Name}, k.Names...), k.Source)})
		t.kind[k.ID], t.told[k.ID] = TypeCampaign, ": campaign"+during(k)+actors("attributed to", k.AttributedTo)
	}
	t.names = NewResolver(intel.Catalogue{Actors: all})
	return t
}

// mostTold is how many actors a reason names.
const mostTold = 3

// during says when a campaign was seen.
func during(k intel.Campaign) string {
	if k.FirstSeen.IsZero() && k.LastSeen.IsZero() {
		return ""
	}
	return ", " + cmp.Or(k.FirstSeen.String(), "?") + " to " + cmp.Or(k.LastSeen.String(), "?")
}

func spellingsOf(all []string, source string) []intel.Name {
	out := make([]intel.Name, 0, len(all))
	for _, n := range all {
		out = append(out, intel.Name{Name: n, Source: source, Extent: intel.ExtentExact, Match: intel.MatchNever})
	}
	return out
}

// Resolve gives every software and campaign that the name may mean, best first; a reason says what it is and whose.
func (t *Things) Resolve(name string) []intel.Candidate {
	out := slices.Clone(t.names.Resolve(name))
	for i := range out {
		out[i].Type = t.kind[out[i].ID]
		out[i].Why += t.told[out[i].ID]
	}
	return out
}
