package extract

import (
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/observable"
	"github.com/rapsheet/rapsheet/intel"
)

// indicators gives the observables of the text, each value once, and the CVE and ATT&CK ids.
func (d *document) indicators() (obs []intel.Observable, cves, techs []intel.Mention) {
	obs, cves, techs = []intel.Observable{}, []intel.Mention{}, []intel.Mention{}
	seen := map[string]bool{}
	sites := d.victimSites()
	for _, f := range observable.Scan(d.in.Text) {
		key := string(f.Type) + " " + f.Value
		if seen[key] {
			continue
		}
		seen[key] = true
		sp := intel.Span{Start: d.runes.at(f.Start), End: d.runes.at(f.End)}
		switch f.Type {
		case observable.CVE:
			cves = append(cves, intel.Mention{ID: f.Value, Name: f.Value, Span: sp})
		case observable.Technique:
			name := f.Value
			if t, ok := d.x.techs[f.Value]; ok {
				name = t.Name
			}
			techs = append(techs, intel.Mention{ID: f.Value, Name: name, Span: sp})
		default:
			obs = append(obs, intel.Observable{Type: f.Type, Value: f.Value, Role: role(f, sites), Span: sp})
		}
	}
	return obs, cves, d.techniqueNames(techs)
}

// role says whose an observable is: what was defanged is the attacker's, a plain link a reference.
func role(f observable.Found, sites map[string]bool) string {
	switch {
	case sites[f.Value]:
		return "victim"
	case f.Defanged:
		return "attacker"
	case f.Type == intel.ObservableURL:
		return "reference"
	case f.Type == intel.ObservableMD5 || f.Type == intel.ObservableSHA1 || f.Type == intel.ObservableSHA256:
		return "attacker"
	default:
		return "unknown"
	}
}

// victimSites are the addresses that name a likely victim.
func (d *document) victimSites() map[string]bool {
	out := map[string]bool{}
	for i := range d.groups {
		if d.groups[i].p < 0.5 {
			continue
		}
		for _, k := range d.groups[i].mentions {
			if m := d.mentions[k]; m.b-m.a == 1 && site(d.Tokens[m.a].Low) {
				out[d.Tokens[m.a].Low] = true
			}
		}
	}
	return out
}

// techniqueNames adds techniques that are named in words.
func (d *document) techniqueNames(techs []intel.Mention) []intel.Mention {
	seen := map[string]bool{}
	for _, t := range techs {
		seen[t.ID] = true
	}
	for s, sp := range d.Sentences {
		if d.inTitle(s) {
			continue
		}
		for i := sp.First; i < sp.Last; i++ {
			e, end := d.x.techNames.longest(d.Text, i, sp.Last)
			if len(e) == 0 || seen[e[0].id] {
				continue
			}
			seen[e[0].id] = true
			techs = append(techs, intel.Mention{ID: e[0].id, Name: e[0].name, Span: d.span(d.Tokens[i].Start, d.Tokens[end-1].End)})
		}
	}
	sort.SliceStable(techs, func(i, j int) bool { return techs[i].Start < techs[j].Start })
	return techs
}

// actorMentions gives each actor and each software once, at its first place in the text.
func (d *document) actorMentions() (actors, software []intel.Mention) {
	actors, software = []intel.Mention{}, []intel.Mention{}
	seen := map[string]bool{}
	order := make([]int, 0, len(d.hits))
	for i := range d.hits {
		if d.hits[i].ok {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return d.hits[order[i]].a < d.hits[order[j]].a })
	add := func(list *[]intel.Mention, what, id, name string, h *hit) {
		key := what + id
		if id == "" {
			key = what + "?" + strings.ToLower(name)
		}
		sp := d.span(d.Tokens[h.a].Start, d.Tokens[h.b-1].End)
		if seen[key] || sp.End == 0 {
			return
		}
		seen[key] = true
		*list = append(*list, intel.Mention{ID: id, Name: name, Span: sp})
	}
	for _, i := range order {
		h := &d.hits[i]
		if h.software {
			add(&software, "s", h.id, h.name, h)
			continue
		}
		add(&actors, "a", h.id, h.name, h)
		if d.ransomBrand(h) {
			add(&software, "s", "", h.name, h)
		}
	}
	return actors, software
}
