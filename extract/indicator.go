package extract

import (
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
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
			obs = append(obs, intel.Observable{Type: f.Type, Value: f.Value, Role: d.role(f, sites), Span: sp})
		}
	}
	return obs, cves, d.techniqueNames(techs)
}

// role says whose an observable is: what was defanged, or stands among indicators, is the attacker's; what bears a victim's name is the
// victim's; a plain link is a reference.
func (d *document) role(f observable.Found, sites map[string]bool) string {
	switch {
	case d.ofVictim(f, sites):
		return "victim"
	case f.Defanged || f.Type == intel.ObservableMD5 || f.Type == intel.ObservableSHA1 || f.Type == intel.ObservableSHA256:
		return "attacker"
	case f.Type == intel.ObservableURL && !strings.HasPrefix(f.Value, "http://"):
		return "reference"
	case hostile(d.in.Text[max(0, f.Start-90):f.Start]):
		return "attacker"
	case f.Type == intel.ObservableURL:
		return "reference"
	default:
		return "unknown"
	}
}

// hostile reports whether the words before an observable say that attackers use it.
func hostile(before string) bool {
	before = strings.ToLower(before[strings.LastIndexByte(before, '\n')+1:])
	for _, w := range [...]string{
		"c2", "command and control", "command-and-control", "indicator", "ioc", "malicious", "beacon", "payload", "phishing", "exfiltrat", "attackers' ", "attacker's", "fetched from", "hosted on",
		"hosted at", "downloaded from", "drop site", "callback", "botnet", "resolves to",
	} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}

// ofVictim reports whether the host of an observable is a likely victim's: named as one, or made of its name.
func (d *document) ofVictim(f observable.Found, sites map[string]bool) bool {
	host := f.Value
	switch f.Type {
	case intel.ObservableURL:
		_, host, _ = strings.Cut(host, "://")
		host, _, _ = strings.Cut(host, "/")
	case intel.ObservableEmail:
		host = host[strings.LastIndexByte(host, '@')+1:]
	case intel.ObservableDomain:
	default:
		return false
	}
	host = strings.TrimPrefix(host, "www.")
	return sites[host] || sites[strings.SplitN(host, ".", 2)[0]]
}

// victimSites are the addresses that name a likely victim, and its name written as one word.
func (d *document) victimSites() map[string]bool {
	out := map[string]bool{}
	for i := range d.groups {
		if d.groups[i].p < 0.3 {
			continue
		}
		for _, k := range d.groups[i].mentions {
			m := d.mentions[k]
			if m.b-m.a == 1 && site(d.Tokens[m.a].Low) {
				out[d.Tokens[m.a].Low] = true
			}
			key := d.key(&m)
			if name := strings.ReplaceAll(key, " ", ""); len(name) >= 5 && len(name) < 40 && !strings.Contains(name, ".") {
				out[name] = true
				out[strings.ReplaceAll(key, " ", "-")] = true
			}
		}
	}
	return out
}

// techniqueNames adds techniques that are named in words.
func (d *document) techniqueNames(techs []intel.Mention) []intel.Mention {
	seen := map[string]bool{}
	mapped := len(techs) > 0 || d.speaksOfTechniques()
	for _, t := range techs {
		seen[t.ID] = true
	}
	for s, sp := range d.Sentences {
		if d.inTitle(s) {
			continue
		}
		for i := sp.First; i < sp.Last; i++ {
			e, end := d.x.techNames.longest(d.Text, i, sp.Last)
			if len(e) == 0 || seen[e[0].id] || !mapped && !d.asTitle(i, end) {
				continue
			}
			seen[e[0].id] = true
			techs = append(techs, intel.Mention{ID: e[0].id, Name: e[0].name, Span: d.span(d.Tokens[i].Start, d.Tokens[end-1].End)})
		}
	}
	sort.SliceStable(techs, func(i, j int) bool { return techs[i].Start < techs[j].Start })
	return techs
}

// speaksOfTechniques reports whether the text maps what happened to techniques at all.
func (d *document) speaksOfTechniques() bool {
	for i := range d.Tokens {
		switch d.Tokens[i].Low {
		case "att&ck", "mitre", "ttps", "ttp":
			return true
		}
	}
	return false
}

// asTitle reports whether tokens a to b are written as a name: otherwise "remote services" is just that.
func (d *document) asTitle(a, b int) bool {
	for i := a; i < b; i++ {
		if d.Tokens[i].Shape == 0 && !d.is(i, lexicon.Function) {
			return false
		}
	}
	return true
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
