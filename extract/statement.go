package extract

import (
	"slices"
	"sort"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
)

// maxStatements bounds the statements of one incident; what comes later in a text repeats.
const maxStatements = 12

// teller writes the statements of one incident.
type teller struct {
	d      *document
	in     *incident
	actors []actor
	sents  map[int]float64
	// alone says that the text has no other likely victim, so that what is said is said of this incident.
	alone bool
	// own are the paragraphs that name victims of the incident and no other likely one.
	own  map[int]bool
	seen map[string]int
	out  []intel.Statement
}

// statements writes what each sentence about an incident asserts: one for each facet that somebody speaks to.
func (d *document) statements(in *incident, actors []actor, sents map[int]float64) []intel.Statement {
	t := &teller{d: d, in: in, actors: actors, sents: sents, alone: d.alone(in), seen: map[string]int{}}
	said := d.speech()
	scope := t.scope()
	for _, s := range scope {
		for i := range said[s] {
			t.heard(&said[s][i])
		}
		for _, a := range in.actors {
			t.actorSentence(&actors[a], s)
		}
	}
	t.settle()
	t.credited()
	t.reported(scope)
	sort.SliceStable(t.out, func(i, j int) bool { return t.out[i].Start < t.out[j].Start })
	return t.out
}

// alone reports whether no other victim than those of the incident is likely.
func (d *document) alone(in *incident) bool {
	for i := range d.groups {
		if d.groups[i].p >= 0.5 && !has(in.victims, i) {
			return false
		}
	}
	return true
}

// aloneIn reports whether what sentence s says is said of this incident, whoever else the text tells of.
func (t *teller) aloneIn(s int) bool {
	return t.alone || t.d.tellsOnlyOf(t.in, t.d.Sentences[s].Paragraph)
}

func has(list []int, x int) bool { return slices.Contains(list, x) }

// add keeps a statement unless the same kind of speaker has said the same as plainly.
func (t *teller) add(f intel.Facet, st intel.Stance, by intel.Speaker, s int, conf float64) {
	key := string(f) + string(st) + string(by.Kind)
	if by.Kind == intel.SpeakerActor {
		key += by.Name
	}
	old, ok := t.seen[key]
	if ok && t.out[old].Confidence >= conf-0.05 || !ok && len(t.out) >= maxStatements {
		return
	}
	sp := t.d.Sentences[s]
	place := t.d.span(sp.Start, sp.End)
	if place.End == 0 {
		return
	}
	if ok {
		t.out[old].Quote, t.out[old].Span, t.out[old].Confidence, t.out[old].SaidBy = t.d.Raw[sp.Start:sp.End], place, round(conf), by
		return
	}
	t.seen[key] = len(t.out)
	t.out = append(t.out, intel.Statement{Facet: f, Stance: st, SaidBy: by, Quote: t.d.Raw[sp.Start:sp.End], Span: place, Confidence: round(conf)})
}

// scope lists the sentences of an incident in order: those that speak of its victims, those that name its actors, and those in which
// its victims, or others about nothing else, speak.
func (t *teller) scope() []int {
	d := t.d
	in := make([]bool, len(d.Sentences))
	near := map[int]bool{}
	for s, w := range t.sents {
		if w > 0.25 {
			in[s] = true
			near[d.Sentences[s].Paragraph] = true
		}
	}
	for s := range d.Sentences {
		in[s] = in[s] || d.tellsOnlyOf(t.in, d.Sentences[s].Paragraph)
	}
	for _, a := range t.in.actors {
		for _, h := range t.actors[a].hits {
			s := d.hits[h].sent
			in[s] = in[s] || near[d.Sentences[s].Paragraph] || d.claims(&d.hits[h]) || len(t.in.victims) == 0 || t.alone
		}
	}
	for s := range d.said {
		for i := range d.said[s] {
			who := &d.said[s][i].who
			in[s] = in[s] || t.alone && t.in.p >= 0.4 || who.group >= 0 && has(t.in.victims, who.group)
		}
	}
	var out []int
	for s := range in {
		if in[s] && !d.inTitle(s) {
			out = append(out, s)
		}
	}
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

// speaker says as whom a party speaks of this incident; the kind is empty when it has no part in it.
func (t *teller) speaker(u *utterance) intel.Speaker {
	d, w := t.d, &u.who
	switch {
	case w.group >= 0 && has(t.in.victims, w.group):
		return intel.Speaker{Name: d.spokenName(&d.groups[w.group], u), Kind: intel.SpeakerVictim}
	case w.hit >= 0:
		for _, a := range t.in.actors {
			if t.actors[a].has(w.hit) {
				return intel.Speaker{Name: t.actors[a].ref.Name, Kind: intel.SpeakerActor}
			}
		}
		return intel.Speaker{}
	case w.crowd && len(t.in.actors) == 1:
		return intel.Speaker{Name: t.actors[t.in.actors[0]].ref.Name, Kind: intel.SpeakerActor}
	case w.crowd && len(t.in.actors) == 0 && t.alone && u.act == actClaim:
		return intel.Speaker{Name: w.name, Kind: intel.SpeakerActor}
	case w.kind != "":
		return intel.Speaker{Name: w.name, Kind: w.kind}
	case w.group >= 0 && d.groups[w.group].p < 0.5 && u.act == actBlame:
		return intel.Speaker{Name: w.name, Kind: intel.SpeakerVendor}
	}
	return intel.Speaker{}
}

func (a *actor) has(hit int) bool { return has(a.hits, hit) }

// heard turns an act of speech into statements.
func (t *teller) heard(u *utterance) {
	by := t.speaker(u)
	if by.Kind == "" || t.elsewhere(u) {
		return
	}
	c := t.d.content(u.a, u.b)
	switch by.Kind {
	case intel.SpeakerVictim:
		if u.tacit {
			t.goesOn(u, by, c)
			return
		}
		t.victimSays(u, by, c)
	case intel.SpeakerActor:
		t.actorSays(u, by, c)
	default:
		t.thirdSays(u, by, c)
	}
	t.blames(u, by)
}

// elsewhere reports whether what is said is about another likely victim and not about those of the incident.
func (t *teller) elsewhere(u *utterance) bool {
	other := false
	own := u.who.group >= 0 && has(t.in.victims, u.who.group)
	for i := u.a; i < u.b; i++ {
		k := t.d.at[i]
		if k < 0 || t.d.mentions[k].group < 0 {
			continue
		}
		g := t.d.mentions[k].group
		if has(t.in.victims, g) {
			return false
		}
		if own && !struckWord(t.d.low(t.d.mentions[k].a-1)) {
			continue // it names others while it speaks of itself
		}
		other = other || t.d.groups[g].p >= 0.5
	}
	return other && !t.aloneIn(u.sent)
}

// goesOn reads what a report adds right after a victim's words, which is mostly still what the victim told: its impact only.
func (t *teller) goesOn(u *utterance, by intel.Speaker, c content) {
	switch {
	case c.noData:
		t.add(intel.FacetImpact, intel.StanceDenied, by, u.sent, 0.6)
	case c.data && !c.rumour:
		t.add(intel.FacetImpact, intel.StanceConfirmed, by, u.sent, 0.6)
	}
}

// struckWord reports whether a word before a name makes it that of who was struck: "the attack on X".
func struckWord(w string) bool { return w == "on" || w == "at" || w == "against" || w == "into" }

// victimSays reads what a victim confirms or denies.
func (t *teller) victimSays(u *utterance, by intel.Speaker, c content) {
	s := u.sent
	if u.verb >= 0 && finding(t.d.low(u.verb)) && !c.noData && !c.denied {
		return // what it found out it has not yet admitted
	}
	switch {
	case u.act == actDeny && (c.event || c.data || c.rumour || c.denied):
		if c.data && !c.event {
			t.add(intel.FacetImpact, intel.StanceDenied, by, s, 0.8)
			return
		}
		t.add(intel.FacetEvent, intel.StanceDenied, by, s, 0.8)
		return
	case u.act == actDispute:
		t.add(intel.FacetEvent, intel.StanceDisputed, by, s, 0.7)
		return
	case c.denied && !c.data:
		t.add(intel.FacetEvent, intel.StanceDenied, by, s, 0.8)
	case c.rumour && (c.event || c.data || u.act == actProbe):
		t.add(intel.FacetEvent, intel.StanceReported, by, s, 0.6)
		return
	case c.event || c.data || t.d.is(u.verb, lexicon.SufferVerb):
		conf := 0.75
		if u.verb >= 0 && admission(t.d.low(u.verb)) {
			conf = 0.85
		}
		t.add(intel.FacetEvent, intel.StanceConfirmed, by, s, conf)
	}
	switch {
	case t.belittles(u):
		t.add(intel.FacetImpact, intel.StanceDisputed, by, s, 0.7)
	case c.noData:
		t.add(intel.FacetImpact, intel.StanceDenied, by, s, 0.85)
	case c.data:
		t.add(intel.FacetImpact, intel.StanceConfirmed, by, s, 0.75)
	case c.harm && !c.denied:
		t.add(intel.FacetImpact, intel.StanceConfirmed, by, s, 0.55)
	}
}

// belittles reports whether a speaker calls what others tell of the loot too much, or not its own.
func (t *teller) belittles(u *utterance) bool {
	for i := u.a; i < u.b; i++ {
		switch t.d.low(i) {
		case "exaggerated", "overstated", "inflated", "misleading":
			return !t.d.is(i-1, lexicon.Negation)
		}
	}
	return false
}

// actorSays reads what an actor claims or disowns.
func (t *teller) actorSays(u *utterance, by intel.Speaker, c content) {
	if u.act == actDeny || c.denied && !c.data {
		t.add(intel.FacetAttribution, intel.StanceDenied, by, u.sent, 0.7)
		return
	}
	if u.act != actClaim && !c.event && !c.data && !t.takesCredit(u.a, u.b) && !t.names(u) {
		return
	}
	conf := 0.85
	if u.who.crowd {
		conf = 0.7 // a sentence that names the actor is better evidence
	}
	t.add(intel.FacetAttribution, intel.StanceClaimed, by, u.sent, conf)
	if c.data {
		t.add(intel.FacetImpact, intel.StanceClaimed, by, u.sent, 0.75)
	}
}

// names reports whether what is said names a victim of the incident.
func (t *teller) names(u *utterance) bool {
	for i := u.a; i < u.b; i++ {
		if k := t.d.at[i]; k >= 0 && has(t.in.victims, t.d.mentions[k].group) {
			return true
		}
	}
	return false
}

// takesCredit reports whether tokens a to b say that somebody did it.
func (t *teller) takesCredit(a, b int) bool {
	for i := a; i < b; i++ {
		switch t.d.low(i) {
		case "responsible", "responsibility", "credit", "behind":
			return !t.d.is(i-1, lexicon.Negation)
		}
	}
	return false
}

// thirdSays reads what an authority, a vendor, a court or another outlet says.
func (t *teller) thirdSays(u *utterance, by intel.Speaker, c content) {
	if !t.aloneIn(u.sent) && t.sents[u.sent] <= 0.25 {
		return
	}
	stance := map[intel.SpeakerKind]intel.Stance{
		intel.SpeakerGovernment: intel.StanceConfirmed, intel.SpeakerVendor: intel.StanceAttributed, intel.SpeakerCourt: intel.StanceAttributed,
	}[by.Kind]
	if stance == "" || c.rumour || by.Kind == intel.SpeakerVendor && len(t.in.actors) == 0 && t.d.in.PublisherKind != intel.SpeakerVendor {
		stance = intel.StanceReported
	}
	if by.Kind == intel.SpeakerGovernment && stance == intel.StanceConfirmed && !t.aloneIn(u.sent) && u.verb >= 0 && !admission(t.d.low(u.verb)) {
		stance = intel.StanceReported // among several incidents only a plain confirmation confirms one
	}
	switch {
	case u.act == actProbe:
		return
	case c.noData || c.denied:
		t.add(intel.FacetImpact, intel.StanceDenied, by, u.sent, 0.6)
		return
	case u.act == actDispute || u.act == actDeny:
		return
	}
	if by.Kind == intel.SpeakerGovernment && len(t.in.victims) == 0 && stance == intel.StanceConfirmed {
		stance = intel.StanceAttributed
	}
	remark := by.Kind == intel.SpeakerVendor && u.verb >= 0 && comment(t.d.low(u.verb))
	if c.event && !remark && t.about(u) && u.act != actBlame {
		t.add(intel.FacetEvent, stance, by, u.sent, 0.7)
	}
	if c.data && t.about(u) {
		t.add(intel.FacetImpact, stance, by, u.sent, 0.65)
	}
}

// comment reports whether a verb is one by which outsiders remark on what others have told.
func comment(w string) bool {
	switch w {
	case "observed", "observes", "commented", "noted", "notes", "added", "adds", "suggested", "suggests", "warned", "warns", "explained", "explains":
		return true
	}
	return finding(w)
}

// about reports whether an act of speech is about the victims of the incident: they are named, meant, or "the attack" is spoken of.
func (t *teller) about(u *utterance) bool {
	if len(t.in.victims) == 0 || t.d.definiteEvent(u.sent) && t.aloneIn(u.sent) {
		return true
	}
	return t.d.namesAny(t.in, u.sent)
}

// blames reads whom a speaker holds responsible.
func (t *teller) blames(u *utterance, by intel.Speaker) {
	if by.Kind == intel.SpeakerActor {
		return
	}
	sp := t.d.Sentences[u.sent]
	for _, a := range t.in.actors {
		k, ok := t.d.actorIn(&t.actors[a], u.sent)
		if !ok || k.a < u.a || k.a >= u.b || t.d.actorClaims(k, sp.First, sp.Last) {
			continue
		}
		if u.act != actBlame && !t.d.attributes(u.a, u.b) && !t.doer(k, u) {
			continue
		}
		stance := intel.StanceAttributed
		if by.Kind == intel.SpeakerMedia {
			stance = intel.StanceReported
		}
		t.add(intel.FacetAttribution, stance, by, u.sent, 0.75)
		return
	}
}

// doer reports whether an actor is what is told to have attacked: a verb or noun of attack follows it closely.
func (t *teller) doer(h *hit, u *utterance) bool {
	if !t.names(u) && len(t.in.victims) > 0 {
		return false
	}
	for i := h.b; i < min(h.b+7, u.b); i++ {
		if t.d.is(i, lexicon.AttackVerb|lexicon.AttackNoun|lexicon.StealVerb) && !t.d.is(i, lexicon.Function) || t.d.low(i) == "breaking" || t.d.low(i) == "exploiting" {
			return true
		}
	}
	return false
}

// settle removes what contradicts itself: a victim that confirms the incident and finds one system untouched denies impact, not the
// event; one that says no data was taken has not confirmed impact by halting work.
func (t *teller) settle() {
	key := func(f intel.Facet, st intel.Stance) string {
		return string(f) + string(st) + string(intel.SpeakerVictim)
	}
	yes, confirmed := t.seen[key(intel.FacetEvent, intel.StanceConfirmed)]
	denied, hasDenied := t.seen[key(intel.FacetEvent, intel.StanceDenied)]
	_, noImpact := t.seen[key(intel.FacetImpact, intel.StanceDenied)]
	impact, hasImpact := t.seen[key(intel.FacetImpact, intel.StanceConfirmed)]
	drop := map[int]bool{}
	if confirmed && hasDenied {
		switch {
		case t.out[yes].Confidence < 0.8:
			drop[yes] = true
		case noImpact:
			drop[denied] = true
		default:
			t.out[denied].Facet, noImpact = intel.FacetImpact, true
		}
	}
	if noImpact && hasImpact && t.out[impact].Confidence < 0.6 {
		drop[impact] = true
	}
	kept := t.out[:0]
	for i := range t.out {
		if !drop[i] {
			kept = append(kept, t.out[i])
		}
	}
	t.out = kept
	t.implied()
}

// implied adds that the event happened where a victim says what was taken and nobody has spoken of the event itself.
func (t *teller) implied() {
	if t.spoken(intel.FacetEvent) {
		return
	}
	for i := range t.out {
		if c := t.out[i]; c.Facet == intel.FacetImpact && c.Stance == intel.StanceConfirmed && c.SaidBy.Kind == intel.SpeakerVictim {
			c.Facet = intel.FacetEvent
			t.seen[string(c.Facet)+string(c.Stance)+string(c.SaidBy.Kind)] = len(t.out)
			t.out = append(t.out, c)
			return
		}
	}
}

// spokenName is the name by which the text calls a group where it speaks, or called it last before.
func (d *document) spokenName(g *group, u *utterance) string {
	next := sort.Search(len(g.mentions), func(i int) bool { return d.mentions[g.mentions[i]].sent >= u.sent })
	if next < len(g.mentions) && d.mentions[g.mentions[next]].sent == u.sent {
		m := &d.mentions[g.mentions[next]]
		return d.words(m.a, m.b)
	}
	for k := next - 1; k >= 0; k-- {
		if m := &d.mentions[g.mentions[k]]; !d.inTitle(m.sent) {
			return d.words(m.a, m.b)
		}
	}
	b := d.mentions[g.best]
	return d.words(b.a, b.b)
}

// actorSentence reads what a sentence says of an actor's part.
func (t *teller) actorSentence(a *actor, s int) {
	d := t.d
	h, ok := d.actorIn(a, s)
	if !ok {
		return
	}
	by := intel.Speaker{Name: a.ref.Name, Kind: intel.SpeakerActor}
	sp := d.Sentences[s]
	if d.actorClaims(h, sp.First, sp.Last) {
		t.add(intel.FacetAttribution, intel.StanceClaimed, by, s, 0.85)
		if d.sentenceContent(s).data {
			t.add(intel.FacetImpact, intel.StanceClaimed, by, s, 0.7)
		}
		return
	}
	if v, ok := d.thirdVoice(s); ok && d.attributes(sp.First, sp.Last) {
		t.add(intel.FacetAttribution, intel.StanceAttributed, v, s, 0.7)
	}
}
