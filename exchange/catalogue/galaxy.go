package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// galaxy is a MISP galaxy cluster file; meta values are strings or lists, as the file has them.
type galaxy struct {
	Type    string `json:"type"`
	Version int    `json:"version"`
	Values  []struct {
		Value   string         `json:"value"`
		UUID    string         `json:"uuid"`
		Meta    map[string]any `json:"meta"`
		Related []struct {
			Dest string `json:"dest-uuid"`
			Type string `json:"type"`
		} `json:"related"`
	} `json:"values"`
}

var attackGroup = regexp.MustCompile(`^G\d{4}$`)

func (g galaxy) check(kind string) error {
	if g.Type != kind {
		return fmt.Errorf("this is a galaxy of type %q, not %q: %w", g.Type, kind, intel.ErrInvalid)
	}
	return nil
}

// texts reads a meta value that may be a string or a list of strings.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func parseGalaxy(b []byte) (intel.Catalogue, []error, error) {
	var g galaxy
	var c intel.Catalogue
	if err := decode(b, &g); err != nil {
		return c, nil, err
	}
	if err := g.check("threat-actor"); err != nil {
		return c, nil, err
	}
	var skipped []error
	for i, v := range g.Values {
		if err := checkName(v.Value); err != nil {
			skipped = append(skipped, fmt.Errorf("values[%d]: %w", i, err))
			continue
		}
		a := intel.Actor{Name: strings.TrimSpace(v.Value), Kind: intel.ActorGroup, Origin: "misp-galaxy", ExternalIDs: map[string][]string{}}
		if v.UUID != "" {
			a.ExternalIDs["misp-galaxy"] = []string{v.UUID}
		}
		a.Names = append(a.Names, name(v.Value, usedBy(v.Meta, v.Value), "misp-galaxy"))
		for _, s := range texts(v.Meta["synonyms"]) {
			if attackGroup.MatchString(s) {
				a.ExternalIDs["attack"] = append(a.ExternalIDs["attack"], s)
			}
			if err := checkName(s); err != nil {
				skipped = append(skipped, fmt.Errorf("values[%d] (%s): %w", i, v.Value, err))
				continue
			}
			if n := name(s, usedBy(v.Meta, s), "misp-galaxy"); !hasName(a.Names, n.Name) {
				a.Names = append(a.Names, n)
			}
		}
		if country := texts(v.Meta["country"]); len(country) == 1 && len(country[0]) == 2 {
			a.Country = strings.ToUpper(country[0])
		}
		for _, m := range texts(v.Meta["motive"]) {
			a.Motivation = append(a.Motivation, strings.ToLower(m))
		}
		for _, r := range v.Related {
			if t := relation(r.Type); t != "" {
				a.Relations = append(a.Relations, intel.Relation{Type: t, To: r.Dest, Source: "misp-galaxy", Confidence: 0.7})
			}
		}
		c.Actors = append(c.Actors, a)
	}
	return c, skipped, nil
}

func hasName(all []intel.Name, s string) bool {
	return slices.ContainsFunc(all, func(n intel.Name) bool { return n.Name == s })
}

// usedBy is who uses a name, where the entry says so ("origin:NAME").
func usedBy(meta map[string]any, s string) string {
	if o := texts(meta["origin:"+s]); len(o) > 0 {
		return o[0]
	}
	return ""
}

// relation translates the relation types that say something; "similar" does not.
func relation(s string) intel.RelationType {
	switch s {
	case "part-of":
		return intel.RelPartOf
	case "overlaps":
		return intel.RelOverlaps
	case "linked-to", "associated-with":
		return intel.RelCollaborates
	}
	return ""
}

func parseRansomware(b []byte) (intel.Catalogue, []error, error) {
	var g galaxy
	var c intel.Catalogue
	if err := decode(b, &g); err != nil {
		return c, nil, err
	}
	if err := g.check("ransomware"); err != nil {
		return c, nil, err
	}
	var skipped []error
	seen := map[string]bool{}
	for i, v := range g.Values {
		if err := checkName(v.Value); err != nil {
			skipped = append(skipped, fmt.Errorf("values[%d]: %w", i, err))
			continue
		}
		s := intel.Software{ID: "ransomware-" + names.Slug(v.Value), Name: strings.TrimSpace(v.Value), Kind: "ransomware-brand", Source: "misp-galaxy"}
		if seen[s.ID] {
			continue
		}
		seen[s.ID] = true
		for _, n := range texts(v.Meta["synonyms"]) {
			if checkName(n) == nil && n != s.Name {
				s.Names = append(s.Names, n)
			}
		}
		c.Software = append(c.Software, s)
	}
	return c, skipped, nil
}
