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
	Relation string `json:"relationship_type"`
	From     string `json:"source_ref"`
	To       string `json:"target_ref"`
}

func (o stixObject) attackID() string {
	for _, r := range o.Refs {
		if r.Source == "mitre-attack" {
			return r.ID
		}
	}
	return ""
}

func parseAttack(b []byte) (intel.Catalogue, []error, error) {
	var bundle struct {
		Type    string       `json:"type"`
		Objects []stixObject `json:"objects"`
	}
	var c intel.Catalogue
	if err := decode(b, &bundle); err != nil {
		return c, nil, err
	}
	if bundle.Type != "bundle" {
		return c, nil, fmt.Errorf("this is not a STIX bundle: %w", intel.ErrInvalid)
	}
	var skipped []error
	for i, o := range bundle.Objects {
		if o.Revoked || o.Deprecated {
			continue
		}
		if err := addAttack(&c, o); err != nil {
			skipped = append(skipped, fmt.Errorf("objects[%d]: %w", i, err))
		}
	}
	attackUses(&c, bundle.Objects)
	return c, skipped, nil
}

// addAttack adds one group, technique or software.
func addAttack(c *intel.Catalogue, o stixObject) error {
	switch o.Type {
	case "intrusion-set":
		if err := checkName(o.Name); err != nil {
			return err
		}
		a := intel.Actor{
			Name: strings.TrimSpace(o.Name), Kind: intel.ActorGroup, Origin: "attack", Names: []intel.Name{name(o.Name, "MITRE ATT&CK", "attack")},
			ExternalIDs: map[string][]string{"attack": {o.attackID()}, "stix": {o.ID}},
		}
		for _, s := range o.Aliases {
			if checkName(s) == nil && !hasName(a.Names, strings.TrimSpace(s)) {
				a.Names = append(a.Names, name(s, "MITRE ATT&CK", "attack"))
			}
		}
		c.Actors = append(c.Actors, a)
	case "attack-pattern":
		if id := o.attackID(); id != "" {
			c.Techniques = append(c.Techniques, intel.Technique{ID: id, Name: o.Name})
		}
	case "malware", "tool":
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

// attackUses notes which groups use which software, by the groups' STIX ids; names.Join turns them into actor ids.
func attackUses(c *intel.Catalogue, objects []stixObject) {
	byID := map[string]int{}
	for i, s := range c.Software {
		byID[s.ID] = i
	}
	software := map[string]int{}
	for _, o := range objects {
		if i, ok := byID[o.attackID()]; ok && (o.Type == "malware" || o.Type == "tool") {
			software[o.ID] = i
		}
	}
	for _, o := range objects {
		i, ok := software[o.To]
		if o.Type != "relationship" || o.Relation != "uses" || !ok || !strings.HasPrefix(o.From, "intrusion-set--") {
			continue
		}
		if !slices.Contains(c.Software[i].UsedBy, o.From) {
			c.Software[i].UsedBy = append(c.Software[i].UsedBy, o.From)
		}
	}
}
