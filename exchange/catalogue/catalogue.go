// SPDX-License-Identifier: Apache-2.0

// Package catalogue reads the public catalogues of actors: MISP galaxy clusters, ATT&CK as STIX bundles, and Microsoft's table of
// actor names. Only facts carry over (names, identifiers, origins, relations), no descriptions. A bad entry is left out with its
// place, the rest loads.
package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// Parse reads one catalogue. origin is misp-galaxy, ransomware, attack or microsoft; file names it in errors. Entries that break a
// rule come back as errors beside what loaded; a file that is no such catalogue gives intel.ErrInvalid.
func Parse(origin, file string, b []byte) (intel.Catalogue, []error, error) {
	var c intel.Catalogue
	var skipped []error
	var err error
	switch origin {
	case "misp-galaxy":
		c, skipped, err = parseGalaxy(b)
	case "ransomware":
		c, skipped, err = parseRansomware(b)
	case "attack":
		c, skipped, err = parseAttack(b)
	case "microsoft":
		c, skipped, err = parseMicrosoft(b)
	default:
		err = fmt.Errorf("no such catalogue %q: choose misp-galaxy, ransomware, attack or microsoft: %w", origin, intel.ErrInvalid)
	}
	if err != nil {
		return c, nil, fmt.Errorf("catalogue: read %s: %w", file, err)
	}
	for i, e := range skipped {
		skipped[i] = fmt.Errorf("catalogue: %s: %w", file, e)
	}
	for _, e := range settle(&c) {
		skipped = append(skipped, fmt.Errorf("catalogue: %s: %w", file, e))
	}
	c.Version = origin + "-" + intel.UUIDv5("catalogue", string(b))[:8]
	return c, skipped, nil
}

// maxName bounds a name, in bytes: a longer one is a mistake or an attack.
const maxName = 200

func checkName(s string) error {
	if s = strings.TrimSpace(s); s == "" || names.Slug(s) == "" {
		return fmt.Errorf("name %q has no letters or digits: %w", s, intel.ErrInvalid)
	}
	if len(s) > maxName {
		return fmt.Errorf("name of %d bytes: at most %d: %w", len(s), maxName, intel.ErrInvalid)
	}
	return nil
}

// name is one assertion of a catalogue.
func name(s, usedBy, source string) intel.Name {
	return intel.Name{Name: strings.TrimSpace(s), UsedBy: usedBy, Source: source, Extent: intel.ExtentExact, Match: names.Policy(s)}
}

// settle gives every actor its id: the slug of its primary name. Two of one catalogue with the same slug are told apart by the
// catalogue's own id, so that the order of entries does not matter. Relations to nobody are dropped, and so is one that would
// make an actor a part of itself: it comes back as an error.
func settle(c *intel.Catalogue) []error {
	count := map[string]int{}
	for _, a := range c.Actors {
		count[names.Slug(a.Name)]++
	}
	byOwn := map[string]string{}
	for i := range c.Actors {
		a := &c.Actors[i]
		a.ID = names.Slug(a.Name)
		if count[a.ID] > 1 {
			a.ID += "-" + shortID(*a)
		}
		for _, id := range slices.Concat(a.ExternalIDs["misp-galaxy"], a.ExternalIDs["stix"]) {
			byOwn[id] = a.ID
		}
	}
	var refused []error
	parts := map[string][]string{}
	for i := range c.Actors {
		a := &c.Actors[i]
		var kept []intel.Relation
		for _, r := range a.Relations {
			to, ok := byOwn[r.To]
			if !ok || to == a.ID {
				continue
			}
			r.From, r.To = a.ID, to
			if r.Type == intel.RelPartOf || r.Type == intel.RelMemberOf {
				if reaches(parts, to, a.ID) {
					refused = append(refused, fmt.Errorf("relation %s %s %s closes a circle: %w", r.From, r.Type, r.To, intel.ErrInvalid))
					continue
				}
				parts[a.ID] = append(parts[a.ID], to)
			}
			kept = append(kept, r)
		}
		a.Relations = kept
	}
	return refused
}

// reaches reports whether the relations lead from one actor to another. They hold no circle.
func reaches(parts map[string][]string, from, to string) bool {
	return from == to || slices.ContainsFunc(parts[from], func(next string) bool { return reaches(parts, next, to) })
}

// shortID is the start of a record's own id in its catalogue.
func shortID(a intel.Actor) string {
	for _, k := range []string{"misp-galaxy", "attack"} {
		if ids := a.ExternalIDs[k]; len(ids) > 0 {
			id := names.FoldKey(ids[0])
			return id[:min(8, len(id))]
		}
	}
	return intel.UUIDv5("actor", a.Name)[:8]
}
