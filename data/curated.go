package data

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// curatedActor is one file of data/actors: what the catalogues lack or get wrong.
type curatedActor struct {
	ID         string          `yaml:"id"`
	Name       string          `yaml:"name"`
	Kind       intel.ActorKind `yaml:"kind"`
	Country    string          `yaml:"country"`
	Motivation []string        `yaml:"motivation"`
	Names      []struct {
		Name   string            `yaml:"name"`
		UsedBy string            `yaml:"used_by"`
		Extent intel.Extent      `yaml:"extent"`
		Match  intel.MatchPolicy `yaml:"match"`
		Since  string            `yaml:"since"`
	} `yaml:"names"`
	Relations []struct {
		Type   intel.RelationType `yaml:"type"`
		To     string             `yaml:"to"`
		Since  string             `yaml:"since"`
		Until  string             `yaml:"until"`
		Source string             `yaml:"source"`
	} `yaml:"relations"`
	References []struct {
		Title  string `yaml:"title"`
		URL    string `yaml:"url"`
		Opened string `yaml:"opened"`
	} `yaml:"references"`
	Review string `yaml:"review"`
	Note   string `yaml:"note"`
	// Withdrawn keeps a record that turned out wrong, with a note that says why.
	Withdrawn bool `yaml:"withdrawn"`
}

// ParseActor reads one curated record strictly. A record that breaks a rule gives intel.ErrInvalid with the file.
func ParseActor(file string, b []byte) (intel.Actor, error) {
	var r curatedActor
	if err := strict(file, b, &r); err != nil {
		return intel.Actor{}, err
	}
	a, err := r.actor()
	if err == nil && r.ID != id(file) {
		err = fmt.Errorf("id %q: must be the file's name: %w", r.ID, intel.ErrInvalid)
	}
	if err != nil {
		return a, fmt.Errorf("data: %s: %w", file, err)
	}
	return a, nil
}

func (r curatedActor) actor() (intel.Actor, error) {
	a := intel.Actor{
		ID: r.ID, Name: r.Name, Kind: r.Kind, Country: r.Country, Motivation: r.Motivation, Origin: "curated", Reviewed: r.Review == "reviewed",
		Withdrawn:   r.Withdrawn,
		ExternalIDs: map[string][]string{},
	}
	switch {
	case !r.Kind.Valid():
		return a, fmt.Errorf("kind %q: choose from %v: %w", r.Kind, intel.ActorKinds(), intel.ErrInvalid)
	case r.Review != "reviewed" && r.Review != "unreviewed":
		return a, fmt.Errorf("review %q: reviewed or unreviewed: %w", r.Review, intel.ErrInvalid)
	case names.Slug(r.Name) == "":
		return a, fmt.Errorf("name %q has no letters or digits: %w", r.Name, intel.ErrInvalid)
	case r.Withdrawn && r.Note == "":
		return a, fmt.Errorf("a withdrawn record needs a note that says why: %w", intel.ErrInvalid)
	case len(r.References) == 0:
		return a, fmt.Errorf("a record rests on at least one reference: %w", intel.ErrInvalid)
	}
	if err := r.names(&a); err != nil {
		return a, err
	}
	for _, rel := range r.Relations {
		since, err1 := intel.ParseDate(rel.Since)
		until, err2 := intel.ParseDate(rel.Until)
		if err := cmp.Or(err1, err2); err != nil {
			return a, err
		}
		if since.IsZero() && (rel.Type == intel.RelMemberOf || rel.Type == intel.RelPartOf) {
			return a, fmt.Errorf("relation %s to %s needs since: %w", rel.Type, rel.To, intel.ErrInvalid)
		}
		if !rel.Type.Valid() || rel.To == "" || rel.Source == "" {
			return a, fmt.Errorf("relation %s to %q: a type of %v, to and source are needed: %w", rel.Type, rel.To, intel.RelationTypes(), intel.ErrInvalid)
		}
		a.Relations = append(a.Relations, intel.Relation{From: r.ID, Type: rel.Type, To: rel.To, Since: since, Until: until, Source: rel.Source, Confidence: 0.9})
	}
	for _, ref := range r.References {
		var opened intel.Date
		if ref.Opened != "never" {
			var err error
			if opened, err = intel.ParseDate(ref.Opened); err != nil {
				return a, err
			}
		}
		a.References = append(a.References, intel.Reference{Title: ref.Title, URL: ref.URL, Opened: opened})
	}
	return a, nil
}

func (r curatedActor) names(a *intel.Actor) error {
	a.Names = []intel.Name{{Name: r.Name, Source: "curated", Extent: intel.ExtentExact, Match: names.Policy(r.Name)}}
	for _, n := range r.Names {
		since, err := intel.ParseDate(n.Since)
		if err != nil {
			return err
		}
		made := intel.Name{
			Name: n.Name, UsedBy: n.UsedBy, Source: "curated", Extent: cmp.Or(n.Extent, intel.ExtentExact), Match: cmp.Or(n.Match, names.Policy(n.Name)), FirstAsserted: since,
		}
		if !made.Extent.Valid() || !made.Match.Valid() {
			return fmt.Errorf("name %q: extent of %v, match of %v: %w", n.Name, intel.Extents(), intel.MatchPolicies(), intel.ErrInvalid)
		}
		if n.Name == r.Name {
			a.Names[0] = made
			continue
		}
		a.Names = append(a.Names, made)
	}
	return nil
}

// lay puts a curated record over the catalogue's: its primary name, kind and policies win, everything else is added.
func lay(c *intel.Catalogue, r intel.Actor) {
	i := slices.IndexFunc(c.Actors, func(a intel.Actor) bool { return a.ID == r.ID })
	if i < 0 {
		c.Actors = append(c.Actors, r)
		slices.SortFunc(c.Actors, func(a, b intel.Actor) int { return cmp.Compare(a.ID, b.ID) })
	} else {
		a := &c.Actors[i]
		a.Name, a.Kind, a.Origin, a.Reviewed = r.Name, r.Kind, r.Origin, r.Reviewed
		a.Country = cmp.Or(r.Country, a.Country)
		a.Motivation = append(a.Motivation, r.Motivation...)
		for j, old := range a.Names {
			if k := slices.IndexFunc(r.Names, func(n intel.Name) bool { return names.Fold(n.Name) == names.Fold(old.Name) }); k >= 0 {
				a.Names[j].Match, a.Names[j].Extent = r.Names[k].Match, r.Names[k].Extent
			}
		}
		a.Names = append(slices.Clone(r.Names), a.Names...)
		a.Relations = append(a.Relations, r.Relations...)
		a.References = append(a.References, r.References...)
	}
	if r.Kind == intel.ActorBrand {
		operate(c, r)
	}
}

// operate ties the software brand of the same name to the actor that operates it, from both sides.
func operate(c *intel.Catalogue, r intel.Actor) {
	key := names.FoldKey(names.StripSuffix(names.Fold(r.Name)))
	i := slices.IndexFunc(c.Software, func(s intel.Software) bool {
		return s.Kind == "ransomware-brand" && names.FoldKey(names.StripSuffix(names.Fold(s.Name))) == key
	})
	if i < 0 {
		i = len(c.Software)
		c.Software = append(c.Software, intel.Software{ID: "ransomware-" + r.ID, Name: r.Name, Kind: "ransomware-brand", Source: "curated"})
	}
	s := &c.Software[i]
	if !slices.Contains(s.OperatedBy, r.ID) {
		s.OperatedBy = append(s.OperatedBy, r.ID)
	}
	a := slices.IndexFunc(c.Actors, func(a intel.Actor) bool { return a.ID == r.ID })
	c.Actors[a].Relations = append(c.Actors[a].Relations, intel.Relation{From: r.ID, Type: intel.RelOperates, To: s.ID, Source: "curated", Confidence: 0.9})
}
