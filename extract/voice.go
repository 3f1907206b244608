package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
)

// actorClaims reports whether the sentence says that the actor itself claims the attack or shows its loot.
func (d *document) actorClaims(h *hit, first, last int) bool {
	for i := first; i < last; i++ {
		if foreignClaim(d.low(i)) {
			return true
		}
		switch d.low(i) {
		case "responsibility", "credit":
			return !d.denied(i, first)
		case "claims", "claimed", "claiming", "boasted", "threatened", "threatens", "threatening", "brags", "bragged":
			if (i >= h.b || d.low(i+1) == "by") && !d.denied(i, first) {
				return true
			}
		case "list", "entry":
			if d.low(i+1) == "of" && h.a == i+2 || d.low(i-1) == "'s" && h.b == i-1 {
				return true
			}
		case "lists", "listed", "adds", "added", "posts", "posted", "leaks", "leaked", "published", "publishes":
			if i >= h.b && i <= h.b+6 || d.low(i+1) == "by" {
				return true
			}
		case "sale":
			if w := d.low(i - 1); (w == "for" || w == "on") && (i >= h.b || d.low(i+1) == "by") && !d.denied(i, first) {
				return true
			}
		case "leak", "dark":
			if d.low(i+1) == "site" || d.low(i+1) == "web" {
				return true
			}
		}
	}
	return false
}

// denied reports whether a negation stands shortly before token i.
func (d *document) denied(i, first int) bool {
	for k := i - 1; k >= max(first, i-5); k-- {
		if d.is(k, lexicon.Negation) {
			return true
		}
	}
	return false
}

// thirdVoice finds a vendor or an authority that speaks in sentence s.
func (d *document) thirdVoice(s int) (intel.Speaker, bool) {
	sp := d.Sentences[s]
	for i := sp.First; i < sp.Last; i++ {
		k := d.at[i]
		if k < 0 || d.mentions[k].a != i {
			continue
		}
		m := &d.mentions[k]
		kind := speakerKind(m.name)
		if kind == "" && (d.is(m.a-1, lexicon.Researcher) || d.is(m.a-2, lexicon.Researcher) || d.is(m.b, lexicon.Researcher)) {
			kind = intel.SpeakerVendor
		}
		if kind != "" && kind != intel.SpeakerMedia {
			return intel.Speaker{Kind: kind, Name: d.words(m.a, m.b)}, true
		}
	}
	for i := sp.First; i < sp.Last; i++ {
		switch d.low(i) {
		case "police", "government", "authorities", "ministry", "officials", "prosecutors":
			return intel.Speaker{Kind: intel.SpeakerGovernment, Name: d.low(i)}, true
		case "court", "judge", "indictment", "jury":
			return intel.Speaker{Kind: intel.SpeakerCourt, Name: d.low(i)}, true
		case "researchers", "analysts":
			return intel.Speaker{Kind: intel.SpeakerVendor, Name: d.low(i)}, true
		}
	}
	return intel.Speaker{}, false
}

// speakerKind is the kind of speaker that a known name is.
func speakerKind(c lexicon.Class) intel.SpeakerKind {
	switch {
	case c.Any(lexicon.Authority):
		return intel.SpeakerGovernment
	case c.Any(lexicon.Vendor):
		return intel.SpeakerVendor
	case c.Any(lexicon.Media):
		return intel.SpeakerMedia
	default:
		return ""
	}
}

// reported adds what only the report itself asserts: the publisher speaks.
func (t *teller) reported(scope []int) {
	d := t.d
	by := intel.Speaker{Name: d.in.Publisher, Kind: d.in.PublisherKind}
	if by.Kind == "" {
		by.Kind = intel.SpeakerMedia
	}
	for _, s := range scope {
		if d.retracts(s) {
			t.add(intel.FacetEvent, intel.StanceRetracted, by, s, 0.8)
			if len(t.in.actors) > 0 {
				t.add(intel.FacetAttribution, intel.StanceRetracted, by, s, 0.8)
			}
		}
	}
	stance := intel.StanceReported
	told := stance
	switch by.Kind {
	case intel.SpeakerVendor:
		stance, told = intel.StanceAttributed, intel.StanceAttributed
	case intel.SpeakerGovernment:
		told = intel.StanceConfirmed // what an authority publishes in its own words it stands for
	}
	event, attribution := t.spoken(intel.FacetEvent), len(t.in.actors) == 0 || t.spoken(intel.FacetAttribution)
	impact := t.impactTold()
	if !event {
		event = t.asserted(scope, told, by) || t.eventClaimed()
	}
	for _, s := range scope {
		if !event && d.sentenceHas(s, triggers) && d.namesAny(t.in, s) {
			t.add(intel.FacetEvent, stance, by, s, 0.6)
			event = true
		}
		if !attribution && t.actorNamed(s) {
			st := stance
			if by.Kind == intel.SpeakerGovernment {
				st = intel.StanceAttributed
			}
			t.add(intel.FacetAttribution, st, by, s, 0.6)
			attribution = true
		}
		if sp := d.Sentences[s]; (!impact || len(d.said[s]) == 0 && !t.quoted(s)) && (d.namesAny(t.in, s) || t.aloneIn(s) && d.bodyOf(s)) {
			c := d.sentenceContent(s)
			if halts := t.halts(sp.First, sp.Last); (halts || c.data && !impact) && !c.noData && !c.denied {
				t.add(intel.FacetImpact, told, by, s, 0.55)
				impact = true
			}
		}
	}
	if !event && len(scope) > 0 {
		t.add(intel.FacetEvent, stance, by, scope[0], 0.5)
	}
}

// credited adds what the actors of the incident claim in sentences that name no victim: "X added five names to its list", above the list.
func (t *teller) credited() {
	for _, a := range t.in.actors {
		who := &t.actors[a]
		if t.spokenOf(who.ref.Name) {
			continue
		}
		for _, k := range who.hits {
			h := &t.d.hits[k]
			if h.sent < 0 || h.other || t.d.inTitle(h.sent) {
				continue
			}
			if sp := t.d.Sentences[h.sent]; t.d.actorClaims(h, sp.First, sp.Last) {
				t.add(intel.FacetAttribution, intel.StanceClaimed, intel.Speaker{Name: who.ref.Name, Kind: intel.SpeakerActor}, h.sent, 0.65)
				break
			}
		}
	}
}

// spokenOf reports whether an actor of that name has claimed the incident, or somebody blames the only actor there is.
func (t *teller) spokenOf(name string) bool {
	for i := range t.out {
		if c := &t.out[i]; c.Facet == intel.FacetAttribution && (c.SaidBy.Kind == intel.SpeakerActor && c.SaidBy.Name == name || len(t.in.actors) == 1) {
			return true
		}
	}
	return false
}

// asserted adds the event as the report tells it in its own words: a sentence about a victim that is neither somebody's claim nor a guess.
func (t *teller) asserted(scope []int, stance intel.Stance, by intel.Speaker) bool {
	d := t.d
	for _, s := range scope {
		c := d.sentenceContent(s)
		if c.rumour || c.denied || c.noData || !c.event && !c.data || !d.namesAny(t.in, s) && !t.aloneIn(s) || len(d.hitsIn(s)) > 0 || t.quoted(s) {
			continue
		}
		t.add(intel.FacetEvent, stance, by, s, 0.55)
		return true
	}
	return false
}

// quoted reports whether a sentence is what somebody says, or says that somebody claims something.
func (t *teller) quoted(s int) bool {
	for i := range t.d.said[s] {
		if u := &t.d.said[s][i]; u.who.crowd || u.who.hit >= 0 || u.act == actClaim {
			return true
		}
	}
	for i := t.d.Sentences[s].First; i < t.d.Sentences[s].Last; i++ {
		switch t.d.low(i) {
		case "listed", "lists", "list", "listing", "entry", "claims", "claimed", "claim", "alleged", "allegedly", "threatened", "sample", "samples", "posted", "leak", "offered", "site", "channel":
			return true
		}
	}
	return false
}

// impactTold reports whether somebody says what was taken or broken, rather than what was not.
func (t *teller) impactTold() bool {
	for i := range t.out {
		if c := &t.out[i]; c.Facet == intel.FacetImpact && c.Stance != intel.StanceDenied && c.Stance != intel.StanceDisputed {
			return true
		}
	}
	return false
}

// bodyOf reports whether sentence s tells in the past or the present what is, not what could be.
func (d *document) bodyOf(s int) bool {
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		switch d.low(i) {
		case "may", "might", "could", "would", "should", "can", "if", "other", "others":
			return false
		}
	}
	return true
}

// actorNamed reports whether a sentence names an actor of the incident.
func (t *teller) actorNamed(s int) bool {
	for _, a := range t.in.actors {
		if _, ok := t.d.actorIn(&t.actors[a], s); ok {
			return true
		}
	}
	return false
}

// halts reports whether tokens a to b tell that work stood still.
func (t *teller) halts(a, b int) bool {
	for i := a; i < b; i++ {
		if w := t.d.low(i); (haltWord(w) || w == "stop" && t.d.low(i-2) == "to" || w == "up" && t.d.low(i-1) == "held" || w == "no" && t.d.low(i-1) == "built") && !t.d.denied(i, a) {
			return true
		}
	}
	return false
}

// spoken reports whether somebody spoke to a facet.
func (t *teller) spoken(f intel.Facet) bool {
	for i := range t.out {
		if t.out[i].Facet == f {
			return true
		}
	}
	return false
}

// eventClaimed makes the event one that its actor claims, when nobody else speaks of it.
func (t *teller) eventClaimed() bool {
	for i := range t.out {
		if c := t.out[i]; c.Facet == intel.FacetAttribution && c.Stance == intel.StanceClaimed {
			c.Facet = intel.FacetEvent
			t.seen[string(c.Facet)+string(c.Stance)+string(c.SaidBy.Kind)+c.SaidBy.Name] = len(t.out)
			t.out = append(t.out, c)
			return true
		}
	}
	return false
}

// namesAny reports whether sentence s names or means a victim of the incident; true when it has none.
func (d *document) namesAny(in *incident, s int) bool {
	if len(in.victims) == 0 {
		return true
	}
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		if k := d.at[i]; k >= 0 && has(in.victims, d.mentions[k].group) {
			return true
		}
		if g, ok := d.corefAt[i]; ok && has(in.victims, g) {
			return true
		}
	}
	return false
}

// actorIn gives the first hit of actor a in sentence s.
func (d *document) actorIn(a *actor, s int) (*hit, bool) {
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		k := d.hitAt[i]
		if k >= 0 && d.hits[k].sent == s && a.has(int(k)) {
			return &d.hits[k], true
		}
	}
	return nil, false
}
