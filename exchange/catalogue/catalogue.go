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

// reading is a catalogue as far as it was read.
type reading struct {
	c intel.Catalogue
	// places are where the actors stand, in their order.
	places []element
	// skipped says what was left out or put under quarantine, each with its place.
	skipped []error
}

func (r *reading) add(e element, a intel.Actor) {
	r.c.Actors, r.places = append(r.c.Actors, a), append(r.places, e)
	for _, n := range a.Names {
		if n.Match == intel.MatchCue || n.Match == intel.MatchCase {
			r.skipped = append(r.skipped, e.at(&QuarantineError{Actor: a.Name, Name: n.Name, Match: n.Match}))
		}
	}
}

func (r *reading) leaveOut(e element, err error) { r.skipped = append(r.skipped, e.at(err)) }

// QuarantineError is the error of a name that is kept but never matched in text by itself, for it is a common word or very short.
type QuarantineError struct {
	Actor, Name string
	Match       intel.MatchPolicy
}

// Error says how the name is matched.
func (q *QuarantineError) Error() string {
	how := "only where words near it say that an actor is meant"
	if q.Match == intel.MatchCase {
		how = "only where it is spelled like this"
	}
	return fmt.Sprintf("%s: “%s” is a common or very short word: kept, and matched in text %s", q.Actor, q.Name, how)
}

// Parse reads one catalogue. origin is misp-galaxy, ransomware, attack or microsoft; file names it in errors. Entries that break a
// rule come back as errors beside what loaded, and so do names under quarantine, which did load (see QuarantineError); a file that is no
// such catalogue gives intel.ErrInvalid.
func Parse(origin, file string, b []byte) (intel.Catalogue, []error, error) {
	var r reading
	var err error
	switch origin {
	case "misp-galaxy":
		r, err = parseGalaxy(b)
	case "ransomware":
		r, err = parseRansomware(b)
	case "attack":
		r, err = parseAttack(b)
	case "microsoft":
		r, err = parseMicrosoft(b)
	default:
		err = fmt.Errorf("no such catalogue %q: choose misp-galaxy, ransomware, attack or microsoft: %w", origin, intel.ErrInvalid)
	}
	if err != nil {
		return intel.Catalogue{}, nil, fmt.Errorf("catalogue: read %s: %w", file, err)
	}
	r.settle()
	for i, e := range r.skipped {
		r.skipped[i] = fmt.Errorf("catalogue: %s: %w", file, e)
	}
	r.c.Version = origin + "-" + intel.UUIDv5("catalogue", reader, string(b))[:8]
	return r.c, r.skipped, nil
}

// reader moves when more is read from the same bytes than before, so that a folder takes the same file anew.
const reader = "2"

// maxName bounds a name, in bytes: a longer one is a mistake or an attack.
const maxName = 200

func checkName(s string) error {
	if s = strings.TrimSpace(s); s == "" || names.Slug(s) == "" {
		return fmt.Errorf("name %q has no letters or digits: %w", s, intel.ErrInvalid)
	}
	if len(s) > maxName {
		return fmt.Errorf("name of %d bytes: at most %d: %w", len(s), maxName, intel.ErrInvalid)
	}
	if names.Nobody(s) {
		return fmt.Errorf("name %q says what actors are, not which one: %w", s, intel.ErrInvalid)
	}
	return nil
}

// name is one assertion of a catalogue.
func name(s, usedBy, source string) intel.Name {
	return intel.Name{Name: strings.TrimSpace(s), UsedBy: usedBy, Source: source, Extent: intel.ExtentExact, Match: names.Policy(s)}
}

// settle gives every actor its id: the slug of its primary name. Two of one catalogue with the same slug are told apart by the
// catalogue's own id, so that the order of entries does not matter; one that nothing tells from an earlier one is left out. Relations
// to nobody are dropped, and so is one that would make an actor a part of itself.
func (r *reading) settle() {
	count := map[string]int{}
	for _, a := range r.c.Actors {
		count[names.Slug(a.Name)]++
	}
	byOwn, at := map[string]string{}, map[string]element{}
	kept, places := r.c.Actors[:0], r.places[:0]
	for i, a := range r.c.Actors {
		a.ID = names.Slug(a.Name)
		if count[a.ID] > 1 {
			a.ID += "-" + shortID(a)
		}
		if first, twice := at[a.ID]; twice {
			r.leaveOut(r.places[i], fmt.Errorf("%s: its name and id are those of %s[%d]: %w", a.Name, first.list, first.index, intel.ErrInvalid))
			continue
		}
		at[a.ID] = r.places[i]
		for _, id := range slices.Concat(a.ExternalIDs["misp-galaxy"], a.ExternalIDs["stix"]) {
			byOwn[id] = a.ID
		}
		kept, places = append(kept, a), append(places, r.places[i])
	}
	r.c.Actors, r.places = kept, places
	r.settleRelations(byOwn)
}

// settleRelations lets relations lead to ids.
func (r *reading) settleRelations(byOwn map[string]string) {
	parts := map[string][]string{}
	for i := range r.c.Actors {
		a := &r.c.Actors[i]
		var kept []intel.Relation
		for _, rel := range a.Relations {
			to, ok := byOwn[rel.To]
			if !ok || to == a.ID {
				continue
			}
			rel.From, rel.To = a.ID, to
			if rel.Type == intel.RelPartOf || rel.Type == intel.RelMemberOf {
				if reaches(parts, map[string]bool{}, to, a.ID) {
					r.leaveOut(r.places[i], fmt.Errorf("%s: the relation %s %s %s closes a circle: %w", a.Name, rel.From, rel.Type, rel.To, intel.ErrInvalid))
					continue
				}
				parts[a.ID] = append(parts[a.ID], to)
			}
			kept = append(kept, rel)
		}
		a.Relations = kept
	}
}

// reaches reports whether the relations lead from one actor to another, by none that was seen before.
func reaches(parts map[string][]string, seen map[string]bool, from, to string) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(parts[from], func(next string) bool { return reaches(parts, seen, next, to) })
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
