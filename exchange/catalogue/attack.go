package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// stixObject is what is read of an ATT&CK object.
type stixObject struct {
	Type       string   `json:"type"`
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases"`
	SoftNames  []string `json:"x_mitre_aliases"`
	Revoked    bool     `json:"revoked"`
	Deprecated bool     `json:"x_mitre_deprecated"`
	Refs       []struct {
		Source string `json:"source_name"`
		ID     string `json:"external_id"`
	} `json:"external_references"`
	Relation  string `json:"relationship_type"`
	FirstSeen string `json:"first_seen"`
	LastSeen  string `json:"last_seen"`
	From      string `json:"source_ref"`
	To        string `json:"target_ref"`
	Created   string `json:"created"`
	Modified  string `json:"modified"`
}

// dayOf is the day of a STIX time; unknown where there is none.
func dayOf(stamp string) intel.Date {
	day, _, _ := strings.Cut(stamp, "T")
	d, err := intel.ParseDate(day)
	if err != nil {
		return intel.Date{}
	}
	return d
}

// dated says when a group's record asserts its names: it was last looked over when it was modified, with every name in it. Since it was
// made it has its primary name; since when it has the others it does not say.
func dated(a *intel.Actor, o stixObject) {
	for i := range a.Names {
		a.Names[i].LastAsserted = dayOf(o.Modified)
	}
	if first := dayOf(o.Created); a.Names[0].LastAsserted.IsZero() || !a.Names[0].LastAsserted.Before(first) {
		a.Names[0].FirstAsserted = first
	}
}

func (o stixObject) attackID() string {
	for _, r := range o.Refs {
		if r.Source == "mitre-attack" {
			return r.ID
		}
	}
	return ""
}

// parseAttack reads groups, campaigns, techniques and software. Revoked and deprecated objects are left out; the ATT&CK id of a
// revoked group stays known as a former id of the one that took its place.
func parseAttack(b []byte) (r reading, err error) {
	head, list, err := elements(b, "objects")
	if err != nil {
		return r, err
	}
	if string(head["type"]) != `"bundle"` {
		return r, fmt.Errorf("this is not a STIX bundle: %w", intel.ErrInvalid)
	}
	objects := make([]stixObject, 0, len(list))
	seen := map[string]int{}
	for _, e := range list {
		var o stixObject
		err := e.read(&o)
		if first, twice := seen[o.ID]; err == nil && twice {
			err = fmt.Errorf("%s: its id is that of objects[%d]: %w", o.Name, first, intel.ErrInvalid)
		}
		if err == nil && !o.Revoked && !o.Deprecated {
			err = addAttack(&r, e, o)
		}
		if err != nil {
			r.leaveOut(e, err)
			continue
		}
		seen[o.ID] = e.index
		objects = append(objects, o)
	}
	relate(&r.c, objects)
	return r, nil
}

// addAttack adds one group, campaign, technique or software.
func addAttack(r *reading, e element, o stixObject) error {
	c := &r.c
	switch o.Type {
	case "intrusion-set":
		if err := checkName(o.Name); err != nil {
			return err
		}
		if o.attackID() == "" {
			return fmt.Errorf("%s has no ATT&CK id: %w", o.Name, intel.ErrInvalid)
		}
		if i := slices.IndexFunc(c.Actors, func(a intel.Actor) bool { return a.ExternalIDs["attack"][0] == o.attackID() }); i >= 0 {
			return fmt.Errorf("%s: its ATT&CK id %s is that of %s[%d]: %w", o.Name, o.attackID(), e.list, r.places[i].index, intel.ErrInvalid)
		}
		a := intel.Actor{
			Name: strings.TrimSpace(o.Name), Kind: intel.ActorGroup, Origin: "attack", Names: []intel.Name{name(o.Name, "MITRE ATT&CK", "attack")},
			ExternalIDs: map[string][]string{"attack": {o.attackID()}, "stix": {o.ID}},
		}
		for _, s := range o.Aliases {
			if err := checkName(s); err != nil {
				r.leaveOut(e, fmt.Errorf("%s: %w", o.Name, err))
				continue
			}
			if !hasName(a.Names, strings.TrimSpace(s)) {
				a.Names = append(a.Names, name(s, "MITRE ATT&CK", "attack"))
			}
		}
		dated(&a, o)
		r.add(e, a)
	case "attack-pattern":
		if id := o.attackID(); id != "" {
			c.Techniques = append(c.Techniques, intel.Technique{ID: id, Name: o.Name})
		}
	case "campaign":
		return addCampaign(c, o)
	case "malware", "tool":
		if err := checkName(o.Name); err != nil {
			return err
		}
		s := intel.Software{ID: o.attackID(), Name: o.Name, Kind: o.Type, Source: "attack"}
		for _, n := range o.SoftNames {
			if n != o.Name && checkName(n) == nil {
				s.Names = append(s.Names, n)
			}
		}
		if s.ID == "" {
			return fmt.Errorf("%s has no ATT&CK id: %w", o.Name, intel.ErrInvalid)
		}
		c.Software = append(c.Software, s)
	}
	return nil
}

// addCampaign adds one campaign; who is behind it is added by relate.
func addCampaign(c *intel.Catalogue, o stixObject) error {
	if err := checkName(o.Name); err != nil {
		return err
	}
	if o.attackID() == "" {
		return fmt.Errorf("%s has no ATT&CK id: %w", o.Name, intel.ErrInvalid)
	}
	k := intel.Campaign{ID: o.attackID(), Name: o.Name, Source: "attack"}
	for _, n := range o.Aliases {
		if n != o.Name && checkName(n) == nil {
			k.Names = append(k.Names, n)
		}
	}
	for _, d := range []struct {
		to   *intel.Date
		from string
	}{{&k.FirstSeen, o.FirstSeen}, {&k.LastSeen, o.LastSeen}} {
		if len(d.from) < len("2006-01-02") {
			continue
		}
		day, err := intel.ParseDate(d.from[:len("2006-01-02")])
		if err != nil {
			return err
		}
		*d.to = day
	}
	c.Campaigns = append(c.Campaigns, k)
	return nil
}

// relate notes which groups use which software and stand behind which campaign, by the groups' STIX ids, which names.Join turns
// into actor ids, and which group took a revoked one's place.
func relate(c *intel.Catalogue, objects []stixObject) {
	byAttack, bySTIX := map[string]int{}, map[string]stixObject{}
	for i, s := range c.Software {
		byAttack[s.ID] = i
	}
	for i, k := range c.Campaigns {
		byAttack[k.ID] = i
	}
	groups := map[string]int{}
	for i, a := range c.Actors {
		groups[a.ExternalIDs["stix"][0]] = i
	}
	for _, o := range objects {
		if o.Type != "relationship" {
			bySTIX[o.ID] = o
		}
	}
	for _, o := range objects {
		from, to := bySTIX[o.From], bySTIX[o.To]
		switch {
		case o.Type != "relationship" || o.Revoked || o.Deprecated:
		case o.Relation == "uses" && strings.HasPrefix(o.From, "intrusion-set--") && (to.Type == "malware" || to.Type == "tool"):
			if i, ok := byAttack[to.attackID()]; ok && !slices.Contains(c.Software[i].UsedBy, o.From) {
				c.Software[i].UsedBy = append(c.Software[i].UsedBy, o.From)
			}
		case o.Relation == "attributed-to" && from.Type == "campaign":
			if i, ok := byAttack[from.attackID()]; ok && !slices.Contains(c.Campaigns[i].AttributedTo, o.To) {
				c.Campaigns[i].AttributedTo = append(c.Campaigns[i].AttributedTo, o.To)
			}
		case o.Relation == "revoked-by" && from.Type == "intrusion-set" && from.attackID() != "":
			if i, ok := groups[o.To]; ok {
				ids := c.Actors[i].ExternalIDs
				ids["attack-revoked"] = append(ids["attack-revoked"], from.attackID())
			}
		}
	}
}
