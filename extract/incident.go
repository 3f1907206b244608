package extract

import (
	"slices"
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
)

// actor is one actor of the document with its hits.
type actor struct {
	key   string
	ref   intel.ActorRef
	hits  []int
	known bool
}

// incident is a finding while it is put together.
type incident struct {
	victims []int
	actors  []int
	p       float64
}

// actorsNamed groups the hits of the same actor.
func (d *document) actorsNamed() []actor {
	var out []actor
	index := map[string]int{}
	for i := range d.hits {
		h := &d.hits[i]
		if !h.ok || h.software || h.other {
			continue
		}
		var buf [96]byte
		key := h.id
		if key == "" {
			key = "?" + string(squash(buf[:0], strings.ToLower(h.name)))
		}
		k, ok := index[key]
		if !ok {
			k = len(out)
			index[key] = k
			out = append(out, actor{key: key, known: h.known, ref: intel.ActorRef{Ref: intel.Ref{ID: h.id, Name: h.name}}})
		}
		if d.ransomBrand(h) {
			out[k].ref.Via = "brand"
		}
		out[k].hits = append(out[k].hits, i)
	}
	return slices.DeleteFunc(out, func(a actor) bool { return !d.acts(&a) })
}

// acts reports whether a ransomware brand is spoken of as a group, or as what hit a likely victim, and not only as malware.
func (d *document) acts(a *actor) bool {
	for _, k := range a.hits {
		h := &d.hits[k]
		if !h.onlyBrand || h.sent < 0 {
			return true
		}
		sp := d.Sentences[h.sent]
		for i := h.b; i < min(sp.Last, h.b+3); i++ {
			if d.is(i, lexicon.ActorHead|lexicon.ClaimVerb) && d.low(i) != "ransomware" && !strings.HasPrefix(d.low(i), "demand") {
				return true
			}
		}
		for i := max(sp.First, h.a-3); i < h.a; i++ {
			if w := d.low(i); w == "gang" || w == "group" || w == "name" || foreignBand(w) || w == "by" && d.low(h.b) != "ransomware" {
				return true
			}
		}
		if d.actorClaims(h, sp.First, sp.Last) {
			return true
		}
		if d.likelyHere(h.sent) || h.sent > 0 && d.Sentences[h.sent-1].Paragraph == sp.Paragraph && d.likelyHere(h.sent-1) {
			return true
		}
	}
	return false
}

// likelyHere reports whether a sentence names a likely victim.
func (d *document) likelyHere(s int) bool {
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		if m := d.at[i]; m >= 0 && d.mentions[m].group >= 0 && d.groups[d.mentions[m].group].p >= 0.5 {
			return true
		}
	}
	return false
}

// victimGroups are the groups likely enough to be given, in the order of the text.
func (d *document) victimGroups() []int {
	var out []int
	for i := range d.groups {
		g := &d.groups[i]
		if g.p < d.x.least || g.person {
			continue
		}
		b := &d.mentions[g.best]
		if b.b-b.a == 1 && (d.class[b.a].Any(lexicon.Demonym) || b.name.Any(lexicon.Given)) {
			continue
		}
		out = append(out, i)
	}
	return out
}

// findings puts victims and actors together.
func (d *document) findings() []intel.Finding {
	actors := d.actorsNamed()
	victims := d.victimGroups()
	links := d.link(actors, victims)
	d.campaignLinks(actors, victims, links)
	d.secondLinks(actors, victims, links)
	incidents := d.joinLists(victims, links)
	used := map[int]bool{}
	out := make([]intel.Finding, 0, len(incidents)+1)
	for i := range incidents {
		in := &incidents[i]
		if in.p >= 0.5 {
			for _, a := range in.actors {
				used[a] = true
			}
		}
		out = append(out, d.finding(in, actors))
	}
	var rest []int
	for a := range actors {
		if !used[a] && d.attacks(&actors[a]) {
			rest = append(rest, a)
		}
	}
	for _, a := range rest {
		out = append(out, d.finding(&incident{actors: []int{a}, p: 0.6}, actors))
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Confidence > out[j].Confidence })
	return out
}

// attacks reports whether an actor that is tied to no victim is spoken of as an attacker at all.
func (d *document) attacks(a *actor) bool {
	if !a.known {
		for _, h := range a.hits {
			if d.hits[h].told || d.sentenceHas(d.hits[h].sent, triggers|lexicon.ClaimVerb) {
				return true
			}
		}
		return false
	}
	return true
}

func (d *document) sentenceHas(s int, c lexicon.Class) bool {
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		if d.class[i].Any(c) {
			return true
		}
	}
	return false
}

// joinLists makes one incident of the victims that one sentence lists.
func (d *document) joinLists(victims []int, links map[int][]int) []incident {
	in := make([]incident, 0, len(victims))
	place := map[int]int{}
	for _, v := range victims {
		g := &d.groups[v]
		joined := false
		for _, mi := range g.mentions {
			m := &d.mentions[mi]
			h := d.listHead(m.a, d.Sentences[m.sent].First)
			if h == m.a || d.at[h] < 0 {
				continue
			}
			o := d.mentions[d.at[h]].group
			k, ok := place[o]
			if ok && o != v && tier(d.groups[o].p) == tier(g.p) && sameActors(links[o], links[v]) {
				in[k].victims = append(in[k].victims, v)
				in[k].p = min(in[k].p, g.p)
				place[v] = k
				joined = true
				break
			}
		}
		if !joined {
			place[v] = len(in)
			in = append(in, incident{victims: []int{v}, actors: links[v], p: g.p})
		}
	}
	return in
}

func sameActors(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func tier(p float64) int {
	switch {
	case p >= 0.8:
		return 2
	case p >= 0.5:
		return 1
	default:
		return 0
	}
}

// finding writes an incident out.
func (d *document) finding(in *incident, actors []actor) intel.Finding {
	f := intel.Finding{Confidence: round(in.p), Actors: []intel.ActorRef{}, Victims: []intel.VictimRef{}}
	sents := map[int]float64{}
	for n, v := range in.victims {
		g := &d.groups[v]
		f.Victims = append(f.Victims, d.victimRef(g))
		if n == 0 {
			f.Country = d.countryOf(g)
			f.Sector = d.sectorOf(g)
		}
		d.weigh(g, sents)
	}
	brand := false
	for _, a := range in.actors {
		f.Actors = append(f.Actors, actors[a].ref)
		brand = brand || actors[a].ref.Via == "brand"
		if len(in.victims) == 0 {
			for _, h := range actors[a].hits {
				sents[d.hits[h].sent] = 1
			}
		}
	}
	f.Kind, f.Kinds = d.kindsOf(sents, brand)
	f.Occurred = d.occurred(in, sents)
	f.Claims = d.statements(in, actors, sents)
	f.Facets, f.Status = facetsOf(f.Claims, len(f.Actors) > 0)
	return f
}

func round(p float64) float64 { return float64(int(p*10000+0.5)) / 10000 }

// weigh adds the sentences that speak of a group, those that name it more than those beside it.
func (d *document) weigh(g *group, sents map[int]float64) {
	add := func(s int, w float64) {
		if s >= 0 && s < len(d.Sentences) && sents[s] < w {
			sents[s] = w
		}
	}
	for n, m := range g.mentions {
		if n >= 20 {
			break
		}
		s := d.mentions[m].sent
		w := 1.0
		if n > 3 {
			w = 0.5
		}
		if !d.sentenceHas(s, triggers) {
			w = 0.3
		}
		add(s, w)
		if s+1 < len(d.Sentences) && d.Sentences[s+1].Paragraph == d.Sentences[s].Paragraph && !d.otherVictim(s+1, g) {
			add(s+1, 0.3)
		}
	}
	d.weighEvents(g, add)
	for n, t := range g.corefs {
		if n < 12 {
			add(d.Tokens[t].Sentence, 0.5)
		}
	}
}

// otherVictim reports whether a sentence names another likely victim and not this one.
func (d *document) otherVictim(s int, g *group) bool {
	sp := d.Sentences[s]
	for i := sp.First; i < sp.Last; i++ {
		if k := d.at[i]; k >= 0 && d.mentions[k].group >= 0 && &d.groups[d.mentions[k].group] != g && d.groups[d.mentions[k].group].p >= 0.5 {
			return true
		}
	}
	return false
}

func (d *document) victimRef(g *group) intel.VictimRef {
	full, rest := d.name(g)
	b := d.mentions[g.best]
	v := intel.VictimRef{Ref: intel.Ref{Name: full}, Role: d.roleOf(g), Aliases: rest}
	if k := d.x.known[d.key(&b)]; k != nil {
		v.ID = k.ID
	}
	for _, m := range append([]int{g.best}, g.mentions...) {
		if sp := d.span(d.Tokens[d.mentions[m].a].Start, d.Tokens[d.mentions[m].b-1].End); sp.End > 0 {
			v.Span = sp
			break
		}
	}
	for _, n := range append([]string{full}, rest...) {
		if !strings.Contains(n, " ") && site(strings.ToLower(n)) {
			v.Domains = append(v.Domains, strings.ToLower(n))
		}
	}
	return v
}

// roleOf reads the part a victim plays: a provider through which others were reached, a customer of one, a name that was borrowed.
func (d *document) roleOf(g *group) intel.Role {
	for n, k := range g.mentions {
		if n >= 6 {
			break
		}
		m := d.mentions[k]
		sp := d.Sentences[m.sent]
		for i := max(sp.First, m.a-7); i < m.a; i++ {
			switch d.low(i) {
			case "third-party", "vendor", "provider's", "supplier", "contractor":
				if d.is(i+1, lexicon.CorpHead) || d.at[i+1] == int32(k) || d.low(i) != "third-party" {
					return intel.RoleProvider
				}
			case "impersonating", "impersonated", "impersonate", "spoofing", "posing", "mimicking", "masquerading":
				return intel.RoleImpersonated
			}
		}
		for i := m.b; i < min(sp.Last, m.b+24); i++ {
			switch {
			case d.low(i) == "third-party" || d.low(i) == "third" && d.low(i+1) == "party", d.low(i) == "vendor" && i > m.b+4:
				return intel.RoleCustomer
			case d.low(i) == "vendor" && d.low(i-1) == "a":
				return intel.RoleProvider
			}
		}
	}
	return intel.RoleTarget
}

// weighEvents adds the sentences after those about a group that go on about "the attack" and name nobody else.
func (d *document) weighEvents(g *group, add func(int, float64)) {
	for n, m := range g.mentions {
		if n >= 8 {
			return
		}
		s := d.mentions[m].sent
		for k := s + 1; k < min(s+4, len(d.Sentences)); k++ {
			if d.otherVictim(k, g) || d.inTitle(s) && d.base == 0 {
				break
			}
			if d.definiteEvent(k) {
				add(k, 0.6)
			}
		}
	}
}

// definiteEvent reports whether a sentence speaks of "the attack" or "this breach".
func (d *document) definiteEvent(s int) bool {
	for i := d.Sentences[s].First; i+1 < d.Sentences[s].Last; i++ {
		if w := d.low(i); (w == "the" || w == "this") && (d.is(i+1, lexicon.AttackNoun) || d.is(i+2, lexicon.AttackNoun) && d.Tokens[i+1].Shape == 0) {
			return true
		}
	}
	return false
}
