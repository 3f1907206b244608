// SPDX-License-Identifier: Apache-2.0

// Package catalogue reads the public catalogues of actors: MISP galaxy clusters, ATT&CK as STIX bundles, and Microsoft's table of
// actor names. Only facts carry over (names, identifiers, origins, relations), no descriptions. A bad entry is left out with its
// place, the rest loads.
package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
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
	settle(&c)
	c.Version = origin + "-" + intel.UUIDv5("catalogue", string(b))[:8]
	return c, skipped, nil
}

// decode says where truncated or malformed JSON breaks.
func decode(b []byte, v any) error {
	err := json.Unmarshal(b, v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + strings.Count(string(b[:min(int(syntax.Offset), len(b))]), "\n")
		return fmt.Errorf("line %d: %w: %w", line, err, intel.ErrInvalid)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", err, intel.ErrInvalid)
	}
	return nil
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
// catalogue's own id, so that the order of entries does not matter.
func settle(c *intel.Catalogue) {
	count := map[string]int{}
	for _, a := range c.Actors {
		count[names.Slug(a.Name)]++
	}
	for i := range c.Actors {
		a := &c.Actors[i]
		a.ID = names.Slug(a.Name)
		if count[a.ID] > 1 {
			a.ID += "-" + shortID(*a)
		}
		for j := range a.Relations {
			a.Relations[j].From = a.ID
		}
	}
	byOwn := map[string]string{}
	for _, a := range c.Actors {
		for _, ids := range a.ExternalIDs {
			for _, id := range ids {
				byOwn[id] = a.ID
			}
		}
	}
	for i := range c.Actors {
		kept := c.Actors[i].Relations[:0]
		for _, r := range c.Actors[i].Relations {
			if to, ok := byOwn[r.To]; ok {
				r.To = to
				kept = append(kept, r)
			}
		}
		c.Actors[i].Relations = kept
	}
}

func shortID(a intel.Actor) string {
	for _, k := range []string{"misp-galaxy", "attack", "microsoft"} {
		if ids := a.ExternalIDs[k]; len(ids) > 0 {
			return strings.ToLower(strings.ReplaceAll(ids[0], "-", ""))[:min(8, len(strings.ReplaceAll(ids[0], "-", "")))]
		}
	}
	return intel.UUIDv5("actor", a.Name)[:8]
}
