package catalogue

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// cluster is an entry of a MISP galaxy; meta values are strings or lists, as the file has them.
type cluster struct {
	Value   string         `json:"value"`
	UUID    string         `json:"uuid"`
	Meta    map[string]any `json:"meta"`
	Related []struct {
		Dest string `json:"dest-uuid"`
		Type string `json:"type"`
	} `json:"related"`
}

var attackGroup = regexp.MustCompile(`^G\d{4}$`)

// readGalaxy gives the sound entries of a galaxy of one type, and what is wrong with the others.
func readGalaxy(b []byte, kind string) (sound []cluster, places []element, skipped []error, err error) {
	head, list, err := elements(b, "values")
	if err != nil {
		return nil, nil, nil, err
	}
	var is string
	if json.Unmarshal(head["type"], &is) != nil || is != kind {
		return nil, nil, nil, fmt.Errorf("this is a galaxy of type %q, not %q: %w", is, kind, intel.ErrInvalid)
	}
	at := map[string]int{}
	for _, e := range list {
		var v cluster
		err := e.read(&v)
		if err == nil {
			err = checkName(v.Value)
		}
		if first, twice := at[v.UUID]; err == nil && v.UUID != "" && twice {
			err = fmt.Errorf("%s: its uuid is that of values[%d]: %w", v.Value, first, intel.ErrInvalid)
		}
		if err != nil {
			skipped = append(skipped, e.at(err))
			continue
		}
		at[v.UUID] = e.index
		sound, places = append(sound, v), append(places, e)
	}
	return sound, places, skipped, nil
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

func parseGalaxy(b []byte) (r reading, err error) {
	entries, places, skipped, err := readGalaxy(b, "threat-actor")
	if err != nil {
		return r, err
	}
	r.skipped = skipped
	for i, v := range entries {
		a := intel.Actor{Name: strings.TrimSpace(v.Value), Kind: intel.ActorGroup, Origin: "misp-galaxy", ExternalIDs: map[string][]string{}}
		if v.UUID != "" {
			a.ExternalIDs["misp-galaxy"] = []string{v.UUID}
		}
		users := namers(v.Meta)
		a.Names = append(a.Names, name(v.Value, users[v.Value], "misp-galaxy"))
		for _, s := range texts(v.Meta["synonyms"]) {
			if err := checkName(s); err != nil {
				r.leaveOut(places[i], fmt.Errorf("%s: %w", v.Value, err))
				continue
			}
			if attackGroup.MatchString(s) && !slices.Contains(a.ExternalIDs["attack"], s) {
				a.ExternalIDs["attack"] = append(a.ExternalIDs["attack"], s)
			}
			if n := name(s, users[s], "misp-galaxy"); !hasName(a.Names, n.Name) {
				a.Names = append(a.Names, n)
			}
		}
		if country := texts(v.Meta["country"]); len(country) == 1 && len(country[0]) == 2 {
			a.Country = strings.ToUpper(country[0])
		}
		for _, m := range texts(v.Meta["motive"]) {
			a.Motivation = append(a.Motivation, strings.ToLower(m))
		}
		for _, to := range v.Related {
			if t := relation(to.Type); t != "" {
				a.Relations = append(a.Relations, intel.Relation{Type: t, To: to.Dest, Source: "misp-galaxy", Confidence: 0.7})
			}
		}
		r.add(places[i], a)
	}
	return r, nil
}

func hasName(all []intel.Name, s string) bool {
	return slices.ContainsFunc(all, func(n intel.Name) bool { return n.Name == s })
}

// namers says who uses which name, where the entry does: "origin:NAME" holds the user's name, and "name-attribution" lists
// "NAME:uuid" with the uuid of MISP's producer galaxy.
func namers(meta map[string]any) map[string]string {
	out := map[string]string{}
	for _, s := range texts(meta["name-attribution"]) {
		if i := strings.LastIndexByte(s, ':'); i > 0 {
			out[s[:i]] = cmp.Or(out[s[:i]], producer(s[i+1:]))
		}
	}
	for k, v := range meta {
		if n, ok := strings.CutPrefix(k, "origin:"); ok {
			if o := texts(v); len(o) > 0 {
				out[n] = o[0]
			}
		}
	}
	return out
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

// parseRansomware reads the brands. Entries whose names are equal but for case and marks are one brand with both spellings.
func parseRansomware(b []byte) (r reading, err error) {
	entries, places, skipped, err := readGalaxy(b, "ransomware")
	if err != nil {
		return r, err
	}
	r.skipped = skipped
	c := &r.c
	at := map[string]int{}
	for i, v := range entries {
		id := "ransomware-" + names.Slug(v.Value)
		k, ok := at[id]
		if !ok {
			k = len(c.Software)
			at[id] = k
			c.Software = append(c.Software, intel.Software{ID: id, Name: strings.TrimSpace(v.Value), Kind: "ransomware-brand", Source: "misp-galaxy"})
		}
		s := &c.Software[k]
		for _, n := range append([]string{v.Value}, texts(v.Meta["synonyms"])...) {
			n = strings.TrimSpace(n)
			if err := checkName(n); err != nil {
				r.leaveOut(places[i], fmt.Errorf("%s: %w", v.Value, err))
				continue
			}
			if n != s.Name && !slices.Contains(s.Names, n) {
				s.Names = append(s.Names, n)
			}
		}
	}
	return r, nil
}
