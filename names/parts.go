package names

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Parts are the catalogues as their publishers have them, one a field, before anything is joined. Who keeps the parts can import a
// newer file of one and join anew: the outcome depends on the parts alone, never on the order in which they came.
type Parts struct {
	MISP      intel.Catalogue `json:"misp"`
	Attack    intel.Catalogue `json:"attack"`
	Microsoft intel.Catalogue `json:"microsoft"`
}

// Origins are the names of the parts, as the assertions of each are marked.
func Origins() []string { return []string{"misp-galaxy", "attack", "microsoft"} }

// part is the part of an origin; nil when there is no such.
func (p *Parts) part(origin string) *intel.Catalogue {
	switch origin {
	case "misp-galaxy":
		return &p.MISP
	case "attack":
		return &p.Attack
	case "microsoft":
		return &p.Microsoft
	}
	return nil
}

// With gives the parts with a newer file of one origin. A file that has only some of what an origin holds (MISP galaxy keeps
// actors and ransomware in two files) replaces these and leaves the rest.
func (p Parts) With(origin string, c intel.Catalogue) (Parts, error) {
	to := p.part(origin)
	if to == nil {
		return p, fmt.Errorf("names: no such catalogue %q: %w", origin, intel.ErrInvalid)
	}
	if len(c.Actors) > 0 {
		to.Actors, to.Campaigns = c.Actors, c.Campaigns
	}
	if len(c.Software) > 0 {
		to.Software = c.Software
	}
	if len(c.Techniques) > 0 {
		to.Techniques = c.Techniques
	}
	to.Version = c.Version
	return p, nil
}

// Part gives a copy of one origin's part.
func (p Parts) Part(origin string) intel.Catalogue {
	if c := p.part(origin); c != nil {
		return *c
	}
	return intel.Catalogue{}
}

// Join joins the parts.
func (p Parts) Join(links []Link) intel.Catalogue { return Join(p.MISP, p.Attack, p.Microsoft, links) }

// NameChange is what a newer catalogue changed about one name.
type NameChange struct {
	Actor  string `json:"actor"`
	Name   string `json:"name"`
	Source string `json:"source"`
	// Change is added, withdrawn or back.
	Change string `json:"change"`
}

// Read says on which day the file of an origin was read that stood before, and the one that stands now; unknown days stay so.
type Read struct{ Before, Now intel.Date }

// Reassert lays what was held beside a newer catalogue: a name of an origin that its catalogue no longer gives to the actor stays,
// withdrawn; one that is new, and that its catalogue does not date, is dated by the day its file was read. Names that stand keep the
// earliest and the latest day that any file gave, so that the same files twice change nothing. It answers what changed, sorted; held actors that the catalogue lacks are the store's to withdraw.
func Reassert(fresh *intel.Catalogue, held []intel.Actor, read map[string]Read) []NameChange {
	before := map[string]intel.Actor{}
	for _, a := range held {
		before[a.ID] = a
	}
	var out []NameChange
	for i := range fresh.Actors {
		a := &fresh.Actors[i]
		old, known := before[a.ID]
		if len(held) == 0 {
			continue
		}
		out = append(out, standing(a, old, known, read)...)
		out = append(out, missing(a, old, read)...)
	}
	slices.SortFunc(out, func(a, b NameChange) int {
		return strings.Compare(a.Actor+"\x00"+a.Name+"\x00"+a.Source, b.Actor+"\x00"+b.Name+"\x00"+b.Source)
	})
	return out
}

func sameAssertion(a, b intel.Name) bool {
	return a.Name == b.Name && a.Source == b.Source && a.UsedBy == b.UsedBy
}

// standing dates the names that a newer catalogue has.
func standing(a *intel.Actor, old intel.Actor, known bool, read map[string]Read) []NameChange {
	var out []NameChange
	for k := range a.Names {
		n := &a.Names[k]
		i := slices.IndexFunc(old.Names, func(o intel.Name) bool { return sameAssertion(o, *n) })
		day, catalogued := read[n.Source]
		switch {
		case i >= 0:
			if held := old.Names[i]; catalogued || n.FirstAsserted.IsZero() {
				n.FirstAsserted, n.LastAsserted = earlier(n.FirstAsserted, held.FirstAsserted), later(n.LastAsserted, held.LastAsserted)
			}
			if (old.Names[i].Withdrawn || old.Withdrawn) && !n.Withdrawn {
				out = append(out, NameChange{a.ID, n.Name, n.Source, "back"})
			}
		case catalogued:
			if n.FirstAsserted.IsZero() && n.LastAsserted.IsZero() {
				n.FirstAsserted = day.Now
			}
			if known {
				out = append(out, NameChange{a.ID, n.Name, n.Source, "added"})
			}
		}
	}
	return out
}

// earlier is the earlier of two days, later the later one; a day that is known goes before one that is not.
func earlier(a, b intel.Date) intel.Date {
	if a.IsZero() || !b.IsZero() && compareDays(b, a) < 0 {
		return b
	}
	return a
}

func later(a, b intel.Date) intel.Date {
	if compareDays(a, b) < 0 {
		return b
	}
	return a
}

// compareDays orders days, unknown ones first, without making times of them: resolution compares thousands.
func compareDays(a, b intel.Date) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
}

// missing keeps the names that a newer catalogue no longer has, as withdrawn.
func missing(a *intel.Actor, old intel.Actor, read map[string]Read) []NameChange {
	var kept []intel.Name
	var out []NameChange
	for _, n := range old.Names {
		day, catalogued := read[n.Source]
		if !catalogued || slices.ContainsFunc(a.Names, func(f intel.Name) bool { return sameAssertion(f, n) }) {
			continue
		}
		if !n.Withdrawn {
			out = append(out, NameChange{a.ID, n.Name, n.Source, "withdrawn"})
			n.Withdrawn, n.LastAsserted = true, later(n.LastAsserted, day.Before)
		}
		kept = append(kept, n)
	}
	slices.SortFunc(kept, func(x, y intel.Name) int {
		return strings.Compare(x.Name+"\x00"+x.Source+"\x00"+x.UsedBy, y.Name+"\x00"+y.Source+"\x00"+y.UsedBy)
	})
	a.Names = append(a.Names, kept...)
	return out
}
