package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// counts are the small numbers features are made of.
func bucket(n int) string {
	switch {
	case n < 4:
		return string(rune('0' + max(n, 0)))
	case n < 7:
		return "4-6"
	case n < 12:
		return "7-11"
	default:
		return "12+"
	}
}

// shapeFeatures adds what the name itself looks like.
func (d *document) shapeFeatures(f *features, m *mention) {
	first, last := m.a, m.b-1
	f.add("len", bucket(m.b-m.a))
	for i := m.a; i < m.b; i++ {
		if d.class[i].Any(lexicon.OrgHead | lexicon.Legal) {
			f.add("head")
			f.add("headw", d.Tokens[i].Low)
		}
	}
	for i, side := range map[int]string{first: "firstw", last: "lastw"} {
		if d.class[i] != 0 {
			f.add(side, d.Tokens[i].Low)
		}
	}
	for i := m.a; i < m.b; i++ {
		if w := trade(d.Tokens[i].Low); w != "" {
			f.add("trade", w)
		}
	}
	s := d.Tokens[first].Shape
	if m.b-m.a == 1 {
		switch {
		case s&sentence.Dotted != 0:
			f.add("shape", "site")
		case s&sentence.Upper != 0:
			f.add("shape", "upper")
		case s&sentence.Mixed != 0:
			f.add("shape", "mixed")
		default:
			f.add("shape", "cap")
		}
		if d.sentenceWord(first) {
			f.add("commonword")
		}
	}
	if w := d.Tokens[last].Low; d.Tokens[last].Kind == sentence.Number {
		f.add("numbered")
	} else if m.b-m.a == 1 && s&sentence.Dotted == 0 && len(w) > 4 && strings.ContainsAny(w[1:], "0123456789") {
		f.add("handle") // "Cipher0007", "Harak1r1"
	}
	if m.loose {
		f.add("loose")
	}
	if m.person {
		f.add("person")
	}
	for _, c := range [...]struct {
		c lexicon.Class
		n string
	}{
		{lexicon.Vendor, "vendor"},
		{lexicon.Media, "media"},
		{lexicon.Authority, "authority"},
		{lexicon.Product, "product"},
		{lexicon.Social, "social"},
		{lexicon.Given, "given"},
		{lexicon.Place, "place"},
	} {
		if m.name.Any(c.c) {
			f.add("gaz", c.n)
			f.add("gaz"+d.sizeClass(), c.n)
		}
	}
	if m.b-m.a == 1 && d.class[first].Any(lexicon.Demonym) {
		f.add("gaz", "demonym")
	}
	if d.class[first].Any(lexicon.Demonym) && m.b-m.a > 1 {
		f.add("demonymfirst")
	}
	if d.hitAt[first] >= 0 {
		f.add("actorname")
	}
}

// trade names the trade that a word in a name tells of: those who guard and those who judge are more often heard than hit.
func trade(w string) string {
	switch w {
	case "security", "threat", "research", "response", "cert", "csirt", "intelligence", "forensics", "forensic", "cyber", "cybersecurity", "infosec", "antivirus", "labs", "lab", "storm", "defence", "analytics":
		return "guard"
	case "police", "fbi", "prosecutor", "prosecutors", "attorney", "court", "commission", "commissioner", "justice", "constabulary", "sheriff", "bureau", "revenue", "interpol", "europol", "watchdog", "ombudsman":
		return "law"
	case "times", "news", "post", "herald", "journal", "tribune", "gazette", "daily", "magazine", "radio", "tv", "press", "reuters", "courier", "chronicle", "guardian":
		return "news"
	}
	return ""
}

// sentenceFeatures adds where the mention stands in the text and what its sentence speaks of.
func (d *document) sentenceFeatures(f *features, m *mention, size string) {
	sp := d.Sentences[m.sent]
	where := m.sent
	if d.base > 0 && !d.inTitle(m.sent) {
		where--
	}
	if d.inTitle(m.sent) {
		f.add("title")
	} else {
		f.add("sent"+size, bucket(where))
	}
	var all lexicon.Class
	left, right := 99, 99
	for i := sp.First; i < sp.Last; i++ {
		c := d.class[i]
		if i >= m.a && i < m.b {
			continue
		}
		all |= c
		if c.Any(lexicon.AttackNoun|lexicon.AttackVerb|lexicon.StealVerb) && !c.Any(lexicon.Function) {
			if i < m.a {
				left = m.a - i
			} else if right == 99 {
				right = i - m.b
			}
		}
	}
	f.add("tl", bucket(left))
	f.add("tr", bucket(right))
	if left == 99 && right == 99 {
		f.add("notrigger" + size)
	}
	for _, c := range [...]struct {
		c lexicon.Class
		n string
	}{
		{lexicon.AttackNoun, "atk"},
		{lexicon.SufferVerb, "suf"},
		{lexicon.DiscloseVerb, "dis"},
		{lexicon.SayVerb, "say"},
		{lexicon.Negation, "neg"},
		{lexicon.Lure, "lure"},
		{lexicon.MalwareHead, "mal"},
		{lexicon.Researcher, "res"},
		{lexicon.Background, "bg"},
		{lexicon.PersonRole, "role"},
		{lexicon.ProductHead, "prod"},
		{lexicon.CustNoun, "cust"},
		{lexicon.ActorHead, "act"},
	} {
		if all.Any(c.c) {
			f.add("s", c.n)
		}
	}
	if m.a == sp.First || d.at[sp.First] >= 0 && d.mentions[d.at[sp.First]].a == m.a {
		f.add("subject", size)
	}
	f.add("nth", bucket(d.nthInSentence(m)))
}

func (d *document) nthInSentence(m *mention) int {
	n := 0
	for i := m.a - 1; i >= d.Sentences[m.sent].First; i-- {
		if d.at[i] >= 0 && (i == 0 || d.at[i-1] != d.at[i]) {
			n++
		}
	}
	return n
}

// genre is what the whole document speaks of.
type genre struct {
	size                                               string
	lead                                               lexicon.Class
	passive, notice, research, malware, lure, customer int
}

// readGenre counts the words that tell a report of an incident from advice, research and product news.
func (d *document) readGenre() genre {
	g := genre{size: d.sizeClass()}
	for s, sp := range d.Sentences {
		for i := sp.First; i < sp.Last; i++ {
			c := d.class[i]
			if s < 3 {
				g.lead |= c
			}
			switch {
			case c.Any(lexicon.Researcher):
				g.research++
			case c.Any(lexicon.MalwareHead):
				g.malware++
			case c.Any(lexicon.Lure):
				g.lure++
			case c.Any(lexicon.CustNoun):
				g.customer++
			}
			if c.Any(lexicon.AttackVerb) && (d.low(i-1) == "was" || d.low(i-1) == "were" || d.low(i-1) == "been") {
				g.passive++
			}
			if c.Any(lexicon.SufferVerb) && (d.is(i+1, lexicon.AttackNoun) || d.is(i+2, lexicon.AttackNoun) || d.is(i+3, lexicon.AttackNoun)) {
				g.notice++
			}
		}
	}
	return g
}

// groupFeatures adds what the group is in the whole document.
func (d *document) groupFeatures(f *features, g *group) {
	size := d.genre.size
	f.add("bias" + size)
	f.inShort("freqS", bucket(len(g.mentions)), size)
	f.inShort("corefS", bucket(min(len(g.corefs), 4)), size)
	more := 0
	for i := range d.groups {
		if len(d.groups[i].mentions) > len(g.mentions) {
			more++
		}
	}
	f.inShort("rankS", bucket(more), size)
	f.inShort("groupsS", bucket(len(d.groups)), size)
	if g.person {
		f.add("gperson")
	}
	if d.onlyOpens(g) {
		f.add("onlyopens")
	}
	b := d.mentions[g.best]
	if c := d.x.places.country(d.joined(b.a, b.b)); c != "" {
		f.add("gcountry")
	}
	n := len(d.Tokens) + 1
	for _, x := range [...]struct {
		name string
		n    int
	}{
		{"passive", d.genre.passive},
		{"notice", d.genre.notice},
		{"research", d.genre.research},
		{"malware", d.genre.malware},
		{"lure", d.genre.lure},
		{"customer", d.genre.customer},
	} {
		f.add("doc"+size, x.name, bucket(x.n*100*4/n))
	}
	for _, c := range [...]struct {
		c lexicon.Class
		n string
	}{
		{lexicon.Researcher, "res"},
		{lexicon.MalwareHead, "mal"},
		{lexicon.SufferVerb, "suf"},
		{lexicon.DiscloseVerb, "dis"},
		{lexicon.ProductHead, "prod"},
		{lexicon.Lure, "lure"},
		{lexicon.AttackNoun, "atk"},
	} {
		if d.genre.lead.Any(c.c) {
			f.add("lead"+size, c.n)
		}
	}
	for _, t := range g.corefs {
		d.leftCoref(f, t)
	}
}

// leftCoref adds the frame of a noun phrase that stands for the group.
func (d *document) leftCoref(f *features, t int) {
	sp := d.Sentences[d.Tokens[t].Sentence]
	d.verbFeatures(f, t+1, sp, "c", "")
	f.add("cp", d.word(t-2, sp.First, sp.Last))
}

// onlyOpens reports whether a one-word name is met at the beginning of sentences only, where any word has a capital.
func (d *document) onlyOpens(g *group) bool {
	for _, k := range g.mentions {
		m := &d.mentions[k]
		if m.b-m.a > 1 || d.Tokens[m.a].Shape != sentence.Cap {
			return false
		}
		if first := d.Sentences[m.sent].First; m.a != first && !(m.a == first+1 && d.Tokens[first].Kind == sentence.Punct) {
			return false
		}
	}
	return true
}
