package extract

import (
	"sort"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
)

// maxStatements bounds the statements of one incident; what comes later in a text repeats.
const maxStatements = 12

// voice is who speaks in a sentence.
type voice struct {
	kind intel.SpeakerKind
	name string
	// verb is the token of the verb of speaking, or -1.
	verb int
}

// statements writes what each sentence about an incident asserts: one for each facet that somebody speaks to.
func (d *document) statements(in *incident, actors []actor, sents map[int]float64) []intel.Statement {
	scope := d.scope(in, actors, sents)
	var out []intel.Statement
	seen := map[string]bool{}
	add := func(f intel.Facet, st intel.Stance, by intel.Speaker, s int, conf float64) {
		key := string(f) + string(st) + string(by.Kind)
		if seen[key] || len(out) >= maxStatements {
			return
		}
		sp := d.Sentences[s]
		place := d.span(sp.Start, sp.End)
		if place.End == 0 {
			return
		}
		seen[key] = true
		out = append(out, intel.Statement{Facet: f, Stance: st, SaidBy: by, Quote: d.Raw[sp.Start:sp.End], Span: place, Confidence: round(conf)})
	}
	for _, s := range scope {
		d.readSentence(in, actors, s, add)
	}
	d.reportedBy(in, actors, scope, seen, add)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	return out
}

// scope lists the sentences of an incident in order: those that speak of its victims and those that name its actors.
func (d *document) scope(in *incident, actors []actor, sents map[int]float64) []int {
	var out []int
	seen := map[int]bool{}
	add := func(s int) {
		if !seen[s] && !d.inTitle(s) {
			seen[s] = true
			out = append(out, s)
		}
	}
	for s, w := range sents {
		if w > 0.25 {
			add(s)
		}
	}
	near := map[int]bool{}
	for _, s := range out {
		near[d.Sentences[s].Paragraph] = true
	}
	for _, a := range in.actors {
		for _, h := range actors[a].hits {
			s := d.hits[h].sent
			if near[d.Sentences[s].Paragraph] || d.claims(&d.hits[h]) || len(in.victims) == 0 || d.likelyVictims() == 1 {
				add(s)
			}
		}
	}
	sort.Ints(out)
	return out
}

func (d *document) likelyVictims() int {
	n := 0
	for i := range d.groups {
		if d.groups[i].p >= 0.5 {
			n++
		}
	}
	return n
}

// readSentence finds the speaker of sentence s and what the speaker asserts of each facet.
func (d *document) readSentence(in *incident, actors []actor, s int, add func(intel.Facet, intel.Stance, intel.Speaker, int, float64)) {
	sp := d.Sentences[s]
	event, neg, data, noData := d.content(sp.First, sp.Last)
	if v, ok := d.victimVoice(in, s); ok {
		by := intel.Speaker{Name: v.name, Kind: intel.SpeakerVictim}
		switch {
		case neg && event && d.denies(sp.First, sp.Last):
			add(intel.FacetEvent, intel.StanceDenied, by, s, 0.8)
		case event || d.is(v.verb, lexicon.SufferVerb):
			add(intel.FacetEvent, intel.StanceConfirmed, by, s, 0.85)
		}
		switch {
		case noData:
			add(intel.FacetImpact, intel.StanceDenied, by, s, 0.85)
		case data && !neg:
			add(intel.FacetImpact, intel.StanceConfirmed, by, s, 0.7)
		}
	}
	for _, a := range in.actors {
		d.actorSentence(&actors[a], s, data, add)
	}
}

// victimVoice reports whether a victim of the incident speaks in sentence s.
func (d *document) victimVoice(in *incident, s int) (voice, bool) {
	sp := d.Sentences[s]
	for _, v := range in.victims {
		g := &d.groups[v]
		for _, k := range g.mentions {
			m := &d.mentions[k]
			if m.sent != s {
				continue
			}
			if verb, ok := d.speaks(m.b, sp.Last); ok {
				return voice{intel.SpeakerVictim, d.words(m.a, m.b), verb}, true
			}
			if m.a-2 >= sp.First && d.is(m.a-1, lexicon.SayVerb) && d.Tokens[m.a-1].Shape == 0 || d.low(m.a-1) == "to" && d.low(m.a-2) == "according" {
				return voice{intel.SpeakerVictim, d.words(m.a, m.b), m.a - 1}, true
			}
		}
		for _, t := range g.corefs {
			if d.Tokens[t].Sentence == s {
				if verb, ok := d.speaks(t+1, sp.Last); ok {
					return voice{intel.SpeakerVictim, d.spokenName(g, t), verb}, true
				}
			}
		}
		if verb, ok := d.pronounSpeaks(g, s); ok {
			return voice{intel.SpeakerVictim, d.spokenName(g, verb), verb}, true
		}
	}
	return voice{}, false
}

// spokenName is the name by which the text last called a group before token i.
func (d *document) spokenName(g *group, i int) string {
	name, _ := d.name(g)
	for _, k := range g.mentions {
		if m := &d.mentions[k]; m.a < i && !d.inTitle(m.sent) {
			name = d.words(m.a, m.b)
		}
	}
	return name
}

// pronounSpeaks reads "It said", "In a statement, it confirmed" right after a sentence about the group.
func (d *document) pronounSpeaks(g *group, s int) (int, bool) {
	if s == 0 || d.inTitle(s-1) || !d.named(g, s-1) || d.Sentences[s].Paragraph-d.Sentences[s-1].Paragraph > 1 {
		return -1, false
	}
	sp := d.Sentences[s]
	for i := sp.First; i < min(sp.Last, sp.First+8); i++ {
		if w := d.low(i); w == "it" || w == "they" || w == "spokesperson" || w == "spokesman" || w == "spokeswoman" || w == "statement" || w == "we" {
			return d.speaks(i+1, sp.Last)
		}
	}
	return -1, false
}

func (d *document) named(g *group, s int) bool {
	for _, k := range g.mentions {
		if d.mentions[k].sent == s {
			return true
		}
	}
	for _, t := range g.corefs {
		if d.Tokens[t].Sentence == s {
			return true
		}
	}
	return false
}

// speaks finds a verb by which the subject that ends at token i admits or says something.
func (d *document) speaks(i, last int) (int, bool) {
	j := d.overApposition(i, last)
	for n := 0; j < last && n < 6; j, n = j+1, n+1 {
		switch d.low(j) {
		case "has", "have", "had", "also", "later", "now", "spokesperson", "spokesman", "spokeswoman", "officials", "'s", "since", "publicly", "itself", "today",
			"ceo", "chief", "executive", "statement", "then", "did", "not", "initially", "reportedly", "recently", "officially":
			continue
		case "was", "were", "is", "are", "been", "be":
			if n == 0 || d.low(j) == "been" {
				continue
			}
			return -1, false
		case "targeted", "hit", "breached", "attacked", "hacked":
			return -1, false
		}
		if d.is(j, lexicon.Weekday|lexicon.Month) || d.Tokens[j].Low == "on" {
			continue
		}
		if d.is(j, lexicon.SayVerb|lexicon.DiscloseVerb) || d.low(j) == "denied" || d.low(j) == "denies" || d.low(j) == "emphasised" || d.low(j) == "emphasized" || d.low(j) == "stressed" {
			if d.low(j-1) == "was" || d.low(j-1) == "were" || d.low(j-1) == "been" {
				return -1, false
			}
			return j, true
		}
		return -1, false
	}
	return -1, false
}

// overApposition steps over ", which operates under X," and "(ABC)" after a subject.
func (d *document) overApposition(i, last int) int {
	for n := 0; n < 3 && i < last; n++ {
		switch d.low(i) {
		case "(":
			for i < last && d.low(i) != ")" {
				i++
			}
			i++
		case ",":
			k := i + 1
			for k < last && k < i+25 && d.low(k) != "," {
				k++
			}
			if k >= last || d.low(k) != "," {
				return i
			}
			i = k + 1
		default:
			return i
		}
	}
	return i
}

// actorSentence reads what a sentence says of an actor's part.
func (d *document) actorSentence(a *actor, s int, data bool, add func(intel.Facet, intel.Stance, intel.Speaker, int, float64)) {
	here := false
	var h *hit
	for _, k := range a.hits {
		if d.hits[k].sent == s {
			here, h = true, &d.hits[k]
			break
		}
	}
	if !here {
		return
	}
	by := intel.Speaker{Name: a.ref.Name, Kind: intel.SpeakerActor}
	sp := d.Sentences[s]
	if d.actorClaims(h, sp.First, sp.Last) {
		add(intel.FacetAttribution, intel.StanceClaimed, by, s, 0.85)
		if data {
			add(intel.FacetImpact, intel.StanceClaimed, by, s, 0.7)
		}
		return
	}
	if v, ok := d.thirdVoice(s, h); ok && d.attributes(sp.First, sp.Last) {
		add(intel.FacetAttribution, intel.StanceAttributed, intel.Speaker{Name: v.name, Kind: v.kind}, s, 0.75)
	}
}

// actorClaims reports whether the sentence says that the actor itself claims the attack or shows its loot.
func (d *document) actorClaims(h *hit, first, last int) bool {
	for i := first; i < last; i++ {
		switch d.low(i) {
		case "responsibility", "credit":
			return !d.is(i-1, lexicon.Negation) && d.low(i-1) != "no"
		case "claims", "claimed", "claiming", "boasted", "threatened", "threatens", "threatening", "brags", "bragged":
			if i >= h.b || d.low(i+1) == "by" {
				return true
			}
		case "lists", "listed", "adds", "added", "posts", "posted", "leaks", "leaked", "published", "publishes":
			if i >= h.b && i <= h.b+6 || d.low(i+1) == "by" {
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

// thirdVoice finds a vendor or an authority that speaks in sentence s.
func (d *document) thirdVoice(s int, _ *hit) (voice, bool) {
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
			return voice{kind, d.words(m.a, m.b), -1}, true
		}
	}
	for i := sp.First; i < sp.Last; i++ {
		switch d.low(i) {
		case "police", "government", "authorities", "ministry", "officials", "prosecutors":
			return voice{intel.SpeakerGovernment, d.low(i), -1}, true
		case "court", "judge", "indictment", "jury":
			return voice{intel.SpeakerCourt, d.low(i), -1}, true
		case "researchers", "analysts":
			return voice{intel.SpeakerVendor, d.low(i), -1}, true
		}
	}
	return voice{}, false
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

// reportedBy adds what only the report itself asserts: the publisher speaks.
func (d *document) reportedBy(in *incident, actors []actor, scope []int, seen map[string]bool, add func(intel.Facet, intel.Stance, intel.Speaker, int, float64)) {
	by := intel.Speaker{Name: d.in.Publisher, Kind: d.in.PublisherKind}
	if by.Kind == "" {
		by.Kind = intel.SpeakerMedia
	}
	for _, s := range scope {
		if d.retracts(s) {
			add(intel.FacetEvent, intel.StanceRetracted, by, s, 0.8)
			if len(in.actors) > 0 {
				add(intel.FacetAttribution, intel.StanceRetracted, by, s, 0.8)
			}
		}
	}
	event, attribution := false, len(in.actors) == 0
	for _, st := range intel.Stances() {
		for _, k := range intel.SpeakerKinds() {
			event = event || seen[string(intel.FacetEvent)+string(st)+string(k)]
			attribution = attribution || seen[string(intel.FacetAttribution)+string(st)+string(k)]
		}
	}
	stance := intel.StanceReported
	for _, s := range scope {
		if !event && d.sentenceHas(s, triggers) && d.namesAny(in, s) {
			add(intel.FacetEvent, stance, by, s, 0.6)
			event = true
		}
		if !attribution && d.actorIn(in, actors, s) {
			if by.Kind == intel.SpeakerVendor || by.Kind == intel.SpeakerGovernment {
				stance = intel.StanceAttributed
			}
			add(intel.FacetAttribution, stance, by, s, 0.6)
			attribution, stance = true, intel.StanceReported
		}
		sp := d.Sentences[s]
		if _, neg, data, _ := d.content(sp.First, sp.Last); data && !neg && d.namesAny(in, s) {
			add(intel.FacetImpact, intel.StanceReported, by, s, 0.55)
		}
	}
	if !event && len(scope) > 0 {
		add(intel.FacetEvent, intel.StanceReported, by, scope[0], 0.5)
	}
}

func (d *document) namesAny(in *incident, s int) bool {
	for _, v := range in.victims {
		if d.named(&d.groups[v], s) {
			return true
		}
	}
	return len(in.victims) == 0
}

func (d *document) actorIn(in *incident, actors []actor, s int) bool {
	for _, a := range in.actors {
		for _, h := range actors[a].hits {
			if d.hits[h].sent == s {
				return true
			}
		}
	}
	return false
}

// facetsOf sums statements up: for each facet the weightiest stance, a denial of the victim before a bare report.
func facetsOf(claims []intel.Statement, named bool) (intel.FacetStatus, intel.Stance) {
	var f intel.FacetStatus
	for i := range claims {
		c := &claims[i]
		switch c.Facet {
		case intel.FacetEvent:
			f.Event = heavier(f.Event, c.Stance)
		case intel.FacetAttribution:
			f.Attribution = heavier(f.Attribution, c.Stance)
		case intel.FacetImpact:
			f.Impact = heavier(f.Impact, c.Stance)
		}
	}
	status := f.Event
	if named && f.Attribution != "" {
		status = f.Attribution
	}
	if status == "" {
		status = intel.StanceReported
	}
	return f, status
}

// heavier gives the stance that decides between two.
func heavier(a, b intel.Stance) intel.Stance {
	rank := func(s intel.Stance) int {
		for i, x := range []intel.Stance{
			intel.StanceReported, intel.StanceClaimed, intel.StanceAttributed, intel.StanceDenied, intel.StanceConfirmed, intel.StanceDisputed, intel.StanceRetracted,
		} {
			if s == x {
				return i
			}
		}
		return -1
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}
