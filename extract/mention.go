package extract

import (
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// mention is a run of tokens that may name an organisation.
type mention struct {
	a, b, sent int
	// name is the class of the whole name, group the group it belongs to.
	name  lexicon.Class
	group int
	// person says that the context makes it a natural person; short that it stands in brackets after the name it shortens.
	person bool
	short  int
	// other is the index, plus one, of the mention before it that it is another name of; zero for none.
	other int
	// loose says that it was found by the lower-case grammar.
	loose bool
	// series is the list that it stands in.
	series series
}

// findMentions collects the candidates.
func (d *document) findMentions() {
	d.at = make([]int32, len(d.Tokens))
	for i := range d.at {
		d.at[i] = -1
	}
	titled := d.titled
	for s := range d.Sentences {
		sp := d.Sentences[s]
		if titled[s] {
			continue
		}
		for i := d.afterDateline(s); i < sp.Last; {
			j := d.candidate(i, sp)
			if d.second != nil {
				j = max(j, d.secondAt(d.second.names, i, sp.Last))
			}
			if j <= i {
				i++
				continue
			}
			d.addMention(i, j, s)
			i = j
		}
	}
	d.mentionsInHeadlines()
	d.linkShort()
	d.linkOther()
}

// afterDateline gives the first token of sentence s behind a dateline: "LONDON (Some Wire) - ".
func (d *document) afterDateline(s int) int {
	sp := d.Sentences[s]
	if s > 3 {
		return sp.First
	}
	for i := sp.First + 1; i < min(sp.Last, sp.First+14); i++ {
		if w := d.low(i); (w == "-" || w == "\u2013" || w == "\u2014") && d.Tokens[i].Gap == sentence.GapSpace && i+1 < sp.Last && d.Tokens[i+1].Gap == sentence.GapSpace {
			if d.low(i-1) == ")" && d.Tokens[sp.First].Shape&sentence.Cap != 0 || d.Tokens[sp.First].Shape&sentence.Upper != 0 && i-sp.First < 5 && d.Tokens[i-1].Shape&sentence.Upper != 0 {
				return i + 1
			}
			return sp.First
		}
	}
	return sp.First
}

func (d *document) addMention(a, b, s int) {
	for a < b && d.Tokens[a].Kind == sentence.Punct {
		a++
	}
	for b > a && d.Tokens[b-1].Kind == sentence.Punct && d.Tokens[b-1].Low != ")" {
		b--
	}
	a, b = d.trim(a, b, s)
	if a >= b || b-a > 14 || b-a == 1 && (d.partOfMonth(a) || d.unit(a)) || d.nounsAbroad(a, b) {
		return
	}
	if h := d.hitAt[a]; h >= 0 && d.hits[h].ok && d.hits[h].b >= b {
		return
	}
	b = d.cutCountry(a, b)
	if d.shouted(a, b) {
		return
	}
	m := mention{a: a, b: b, sent: s, group: -1, short: -1, name: d.x.lex.Name(d.joined(a, b))}
	if a > 0 && d.low(a-1) == "the" {
		m.name |= d.x.lex.Name("the " + d.joined(a, b))
	}
	if b-a > 1 && !d.headed(b-1, b) && d.x.lex.Name(d.low(a)).Any(lexicon.Product) {
		m.name |= lexicon.Product // "Windows 7", "Android Auto"
	}
	m.loose = d.Tokens[a].Shape == 0 && d.Tokens[a].Shape&sentence.Dotted == 0
	m.person = d.isPerson(a, b)
	for i := a; i < b; i++ {
		d.at[i] = int32(len(d.mentions))
	}
	d.mentions = append(d.mentions, m)
}

// unit reports whether the word at i counts what the number before it says: "80 GB".
func (d *document) unit(i int) bool {
	if i == 0 || d.Tokens[i-1].Kind != sentence.Number {
		return false
	}
	switch d.low(i) {
	case "kb", "mb", "gb", "tb", "gbps", "tbps", "mbps", "gbit", "mbit", "usd", "eur", "gbp", "btc", "eth", "xmr", "am", "pm", "gmt", "utc", "est", "et", "bst", "cest", "mw", "kw":
		return true
	}
	return false
}

// partOfMonth reports whether the word at i is one such as "mid-August".
func (d *document) partOfMonth(i int) bool {
	_, month, ok := strings.Cut(d.low(i), "-")
	return ok && d.x.lex.Word(month).Any(lexicon.Month|lexicon.Weekday)
}

// cutCountry takes "of Canada" off a firm's name; a government's or a bank's keeps it.
func (d *document) cutCountry(a, b int) int {
	if b-a < 3 || d.low(b-2) != "of" || d.x.places.country(d.low(b-1)) == "" || d.headed(a, b-2) {
		return b
	}
	return b - 2
}

// joined is the name in lower case with single spaces.
func (d *document) joined(a, b int) string {
	if b-a == 1 {
		return d.Tokens[a].Low
	}
	var sb strings.Builder
	for i := a; i < b; i++ {
		if i > a && d.Tokens[i].Low != "'s" {
			sb.WriteByte(' ')
		}
		sb.WriteString(d.Tokens[i].Low)
	}
	return sb.String()
}

// trim drops words at the edges that are not part of a name.
func (d *document) trim(a, b, s int) (int, int) {
	first := d.Sentences[s].First
	for a < b {
		c := d.class[a]
		switch {
		case d.officeOnly(a):
			return b, b
		case c.Any(lexicon.Honorific | lexicon.Weekday), d.low(a) == "state" && a > 1 && d.low(a-1) == "of" && d.is(a-2, lexicon.PersonRole), c.Any(lexicon.Month) && (b-a == 1 || a > 0 && datePreposition(d.low(a-1))), d.low(a) == "the", d.low(a) == "'s":
			a++
		case b-a > 1 && (strings.HasSuffix(d.low(a), "-based") || kindOfFirm(d.low(a)) && !d.headed(a+1, b)):
			a++
		case c.Any(lexicon.Function|lexicon.Negation|lexicon.Starter) && (b-a == 1 || !c.Any(lexicon.Starter)) && !(b-a > 1 && d.Tokens[a].Shape&sentence.Upper != 0 && d.headed(a+1, b)) && (a == first || b-a == 1 || d.Tokens[a].Shape&sentence.Upper == 0 && !d.is(a, lexicon.OrgHead)):
			a++
		case b-a > 1 && (c.Any(lexicon.PersonRole) || d.low(a) == "hacker" || d.low(a) == "ex") && !d.is(a+1, lexicon.OrgHead) && d.low(a+1) != "of":
			a++
		case b-a > 1 && c.Any(lexicon.Demonym) && d.x.places.demonym(d.low(a)) != "" && d.Tokens[a+1].Shape&sentence.Cap != 0 && !d.headed(a+1, b):
			a++
		case b-a > 1 && d.openerAbroad(a, b, first):
			a++
		case a == first && b-a == 1 && d.sentenceWord(a):
			a++
		default:
			for b > a && (d.class[b-1].Any(lexicon.Weekday|lexicon.Honorific) || b-a > 1 && people(d.low(b-1)) || d.Tokens[b-1].Shape == 0 && d.class[b-1].Any(lexicon.Function)) {
				b--
			}
			return a, b
		}
	}
	return a, b
}

// headed reports whether one of the tokens is a head of organisations' names.
func (d *document) headed(a, b int) bool {
	for i := a; i < b; i++ {
		if d.class[i].Any(lexicon.OrgHead | lexicon.HeadFull) {
			return true
		}
	}
	return false
}

// kindOfFirm are abbreviations that stand before a name without being part of it.
func kindOfFirm(w string) bool {
	switch w {
	case "isp", "msp", "dj", "pm", "defi", "nft", "saas", "ngo", "ngos", "uk", "us", "u.s.", "u.s", "eu", "usa", "crypto", "hr", "it", "pbm", "cdn":
		return true
	}
	return false
}

// sentenceWord reports whether the capital of the sentence's first word says nothing: a common word, or one met in lower case.
func (d *document) sentenceWord(i int) bool {
	const common = lexicon.Function | lexicon.Starter | lexicon.AttackNoun | lexicon.DiscloseVerb | lexicon.SayVerb | lexicon.Negation | lexicon.CustNoun |
		lexicon.ActorHead | lexicon.MalwareHead | lexicon.ProductHead | lexicon.PersonRole | lexicon.Demonym | lexicon.StealVerb | lexicon.AttackVerb
	t := d.Tokens[i]
	if t.Shape&(sentence.Mixed|sentence.Upper|sentence.Dotted) != 0 {
		return false
	}
	if i+1 < len(d.Tokens) && d.class[i] == 0 && (auxiliary(d.low(i+1)) || d.is(i+1, verbs) && strings.HasSuffix(d.low(i+1), "s") && !d.is(i+1, lexicon.AttackNoun|lexicon.CustNoun)) {
		return false // "Loopring announces" has a subject, "Hacking attacks" has none
	}
	if d.class[i] == 0 && d.low(i+1) == "," && (d.low(i+2) == "a" || d.low(i+2) == "an" || d.low(i+2) == "the") {
		return false // an apposition tells what the name stands for
	}
	return d.class[i].Any(common) || strings.HasSuffix(t.Low, "ing") || strings.HasSuffix(t.Low, "ly") && len(t.Low) > 5
}

// nameToken reports whether token i can be part of a name.
func (d *document) nameToken(i int) bool {
	t := d.Tokens[i]
	if t.Kind != sentence.Word {
		return false
	}
	if t.Named() {
		return t.Low != "i" && !strings.Contains(t.Low, "@") && !compound(t.Low) && !amount(t.Low)
	}
	return t.Shape&sentence.Dotted != 0 && site(t.Low) && !strings.Contains(t.Low, "@")
}

// compound reports whether a word is a name made into an adjective or a contraction: "Ohio-based", "We've".
func compound(low string) bool {
	if i := strings.LastIndexByte(low, '-'); i > 0 {
		switch low[i+1:] {
		case "based", "appointed", "owned", "led", "linked", "backed", "affiliated", "like", "style", "themed", "related", "run", "funded", "speaking", "sponsored", "aligned", "issued", "wide", "era", "level", "made", "specific", "compatible":
			return true
		}
	}
	i := strings.IndexByte(low, '\'')
	return i > 0 && (low[i:] == "'ve" || low[i:] == "'ll" || low[i:] == "'re" || low[i:] == "'m" || low[i:] == "'d" || low[i:] == "'t")
}

// site reports whether a word is the address of a site that may stand for its owner.
func site(low string) bool {
	i := strings.LastIndexByte(low, '.')
	if i <= 0 {
		return false
	}
	switch low[i+1:] {
	case "com", "org", "net", "io", "gov", "edu", "uk", "de", "fr", "ru", "it", "au", "ca", "nl", "finance", "xyz", "app", "tv", "us", "info":
		return true
	}
	return false
}

// candidate gives the end of the candidate that begins at token i, or i.
func (d *document) candidate(i int, sp sentence.Span) int {
	if !d.nameToken(i) {
		if d.is(i, lexicon.OfHead) && d.Tokens[i].Kind == sentence.Word {
			return d.lowerHead(i, sp)
		}
		return i
	}
	if d.class[i].Any(lexicon.Weekday) || d.class[i].Any(lexicon.Function) && i == sp.First && d.Tokens[i].Shape&(sentence.Upper|sentence.Mixed) == 0 {
		return i
	}
	head := d.class[i].Any(lexicon.HeadFull)
	j := i + 1
	for j < sp.Last {
		k := d.extend(i, j, sp, head)
		if k == j {
			break
		}
		for t := j; t < k; t++ {
			head = head || d.class[t].Any(lexicon.HeadFull)
		}
		j = k
	}
	return j
}

// lowerHead reads "city of Springfield" and "university hospital of Brest".
func (d *document) lowerHead(i int, sp sentence.Span) int {
	j := i + 1
	for j < sp.Last && j < i+7 && d.Tokens[j].Low != "of" {
		if d.low(j) == "(" || d.low(j) == ")" || d.low(j-1) == "(" {
			j++
			continue
		}
		if !d.is(j, lexicon.LowHead|lexicon.OfHead|lexicon.OrgHead) {
			return i
		}
		j++
	}
	if j+1 >= sp.Last || d.low(j) != "of" {
		return i
	}
	k := j + 1
	if d.low(k) == "the" {
		k++
	}
	if k >= sp.Last || !d.nameToken(k) || d.class[k].Any(lexicon.Weekday|lexicon.Month) {
		return i
	}
	if e := d.candidate(k, sp); e > k {
		return e
	}
	return i
}

// extend gives the end of the run i..j grown by one step, or j.
func (d *document) extend(i, j int, sp sentence.Span, head bool) int {
	t := d.Tokens[j]
	if t.Gap > sentence.GapLine {
		return j
	}
	if d.class[j].Any(lexicon.Function) && t.Shape == sentence.Cap && strings.HasSuffix(d.low(j-1), ".") {
		return j // "in the U.S. But"
	}
	if d.nameToken(j) && (t.Gap != sentence.GapNone || d.Tokens[j-1].Low == "-") {
		if d.is(j, lexicon.PersonRole) && !d.is(j, lexicon.OrgHead) && j+1 < sp.Last && d.Tokens[j+1].Named() && !d.is(j+1, lexicon.OrgHead) {
			return j
		}
		if t.Shape&sentence.Dotted != 0 && site(t.Low) || d.class[j].Any(lexicon.Weekday) || chief(t.Low) {
			return j
		}
		return j + 1
	}
	if t.Kind == sentence.Number && len(t.Low) <= 4 && t.Gap == sentence.GapSpace && j+1 < sp.Last && d.numberInName(j) {
		return j + 1
	}
	next := func(k int) bool { return k < sp.Last && d.nameToken(k) && !d.class[k].Any(lexicon.Weekday) }
	switch t.Low {
	case "of":
		k := j + 1
		if d.low(k) == "the" {
			k++
		}
		if next(k) && !d.class[j-1].Any(lexicon.PersonRole) && !d.plainOpening(i, j, sp) && (head || d.is(j-1, lexicon.OrgHead|lexicon.OfHead) || d.Tokens[j-1].Shape&sentence.Cap != 0 && !d.class[k].Any(lexicon.Month)) {
			return k + 1
		}
	case "for":
		if next(j+1) && d.is(j-1, lexicon.HeadFull) {
			return j + 2
		}
	case "and":
		if next(j+1) && (d.joinsOneName(i, j, sp) || d.oneSubject(i, j, sp) || d.knownWhole(i, j+2)) {
			return j + 2
		}
		if next(j+1) && (head && j-i >= 2 && d.hasLow(i, j, "of", "for") && !d.is(j+1, lexicon.HeadFull) && !d.knownName(i, j) || field(d.low(j-1)) && field(d.low(j+1))) {
			return j + 2
		}
	case "&", "+", "de", "di", "du", "des", "del", "della", "dei", "do", "da", "dos", "y", "e", "et", "en", "och", "og", "van", "von", "der", "für", "und", "la", "le", "den", "d", "no":
		if next(j + 1) {
			return j + 2
		}
		if t.Low != "&" && next(j+2) && (d.low(j+1) == "la" || d.low(j+1) == "los" || d.low(j+1) == "las" || d.low(j+1) == "der") {
			return j + 3
		}
	case "'s":
		return d.possessive(i, j, sp)
	case ".":
		if t.Gap == sentence.GapNone && abbreviated(d.low(j-1)) && next(j+1) {
			return j + 2
		}
	case ",":
		if e := d.firmOfNames(i, j, sp); e > j {
			return e
		}
		if head && d.fieldGoesOn(i, j, sp) {
			return j + 2
		}
		if j+1 < sp.Last && d.is(j+1, lexicon.Legal) && d.Tokens[j+1].Shape != 0 && !d.is(j+1, lexicon.OfHead) && d.Tokens[j+1].Low != "group" {
			return j + 2
		}
	case "-", "\u2013":
		if t.Gap == sentence.GapNone && next(j+1) && d.Tokens[j+1].Gap == sentence.GapNone {
			return j + 2
		}
	case "parliament", "senate", "ministry", "navy", "army", "police":
		if t.Gap == sentence.GapSpace && j == i+1 && d.class[i].Any(lexicon.Demonym) {
			return j + 1
		}
	default:
		if t.Gap == sentence.GapSpace && d.class[j-1].Any(lexicon.Demonym) && j == i+1 {
			return d.publicBody(j, sp)
		}
		if d.is(j, lexicon.LowHead) && !d.oneOfMany(i, j) && !d.class[j-1].Any(lexicon.Demonym) && d.x.lex.Name(d.joined(i, j)) == 0 && t.Gap == sentence.GapSpace && d.low(j+1) != "of" {
			return j + 1
		}
	}
	return j
}

// abbreviated reports whether a word with a dot opens names of places: "St. Louis", "Ft. Worth".
func abbreviated(w string) bool {
	switch w {
	case "st", "ste", "ft", "mt", "no", "dr":
		return true
	}
	return false
}

// knownWhole reports whether tokens a to b are the name of an organisation known beforehand: "Marks and Spencer".
func (d *document) knownWhole(a, b int) bool {
	words := make([]string, 0, b-a)
	for i := a; i < b; i++ {
		words = append(words, d.Tokens[i].Low)
	}
	return d.x.known[orgKey(words, d.x.lex)] != nil
}

// joinsOneName reports whether the "and" at j stands inside the name that began at i: "Financial Business and Consumer Solutions",
// "X Training and Research Hospital". What stands before it is then no name by itself, and what follows ends in a head.
func (d *document) joinsOneName(i, j int, sp sentence.Span) bool {
	if d.bodyOfTwo(i, j, sp) {
		return true
	}
	if d.headed(i, j) && !field(d.low(j-1)) || d.knownName(i, j) || d.class[j-1].Any(lexicon.Demonym) || !fieldLike(d.low(j-1)) {
		return false
	}
	k := j + 1
	for k < sp.Last && k < j+5 && d.nameToken(k) {
		k++
	}
	return d.class[k-1].Any(lexicon.OrgHead|lexicon.Legal) && fieldLike(d.low(j+1)) && k-j > 1
}

// bodyOfTwo reports whether two places share one body at the "and" at j: "North Moor and Felby Foundation Trust".
func (d *document) bodyOfTwo(i, j int, sp sentence.Span) bool {
	if j-i > 2 || d.headed(i, j) || d.knownName(i, j) || i > sp.First && (d.low(i-1) == "," || d.low(i-1) == ";") {
		return false
	}
	k := j + 1
	for k < sp.Last && k < j+6 && d.nameToken(k) {
		k++
	}
	return k-j >= 4 && d.is(k-1, lexicon.HeadFull|lexicon.OrgHead) && d.is(k-2, lexicon.OrgHead) && d.class[k-3]&lexicon.OrgHead == 0
}

// fieldLike reports whether a word names a field of work rather than a firm.
func fieldLike(w string) bool {
	if field(w) {
		return true
	}
	for _, end := range []string{"al", "ing", "ic", "ics", "tion", "ment", "ogy", "ology", "ness", "ance", "ery", "ity", "ure", "ce", "er", "ry", "ness", "my", "ies"} {
		if len(w) > len(end)+3 && strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// numberInName reports whether the number at j belongs to the name before it: "Group 1001 restores", but not "Killnet 429 gas stations".
func (d *document) numberInName(j int) bool {
	n := d.Tokens[j+1]
	if d.is(j-1, lexicon.Month) || len(d.Tokens[j].Low) == 4 && (d.low(j)[:2] == "19" || d.low(j)[:2] == "20") {
		return false
	}
	return d.class[j+1].Any(lexicon.Function|verbs) && n.Shape == 0 || n.Named() && d.class[j-1] == 0
}

// field are words that "and" joins inside one name: "Career and Technical Center".
func field(w string) bool {
	switch w {
	case "career", "technical", "health", "human", "research", "science", "arts", "technology", "education", "water", "sewer", "family", "children",
		"business", "trade", "infrastructure", "transport", "youth", "culture", "engineering", "design", "law", "fire", "hospital", "sciences", "security",
		"wellness", "surgery", "finance", "industry", "light", "power", "gas", "electric", "oil", "parks", "recreation", "planning", "development", "social",
		"exchange", "securities", "communications", "fisheries", "forestry", "tourism", "housing", "agriculture", "labor", "labour", "safety", "vascular", "mental", "rehabilitation", "medical", "allergy", "asthma", "sports", "radio", "television", "chemical", "mining", "crafts", "dental", "vision", "eye":
		return true
	}
	return false
}

func (d *document) hasLow(i, j int, words ...string) bool {
	for k := i; k < j; k++ {
		if slices.Contains(words, d.Tokens[k].Low) {
			return true
		}
	}
	return false
}

func (d *document) knownName(i, j int) bool {
	return d.x.lex.Name(d.joined(i, j)).Any(lexicon.Vendor | lexicon.Authority | lexicon.Media)
}

// possessive decides whether 's stands inside a name: "Children's Hospital", but not "Italy's Ministry".
func (d *document) possessive(i, j int, sp sentence.Span) int {
	k := j + 1
	if k < sp.Last && (d.x.places.country(d.joined(i, j)) != "" || d.x.lex.Name(d.joined(i, j)).Any(lexicon.Place)) {
		if e := d.publicBody(k, sp); e > k {
			return e
		}
	}
	if k >= sp.Last || d.Tokens[k].Gap != sentence.GapSpace || !d.Tokens[k].Named() || !d.is(k, lexicon.OrgHead) && !d.is(k+1, lexicon.OrgHead) {
		return j
	}
	if d.is(k, lexicon.HeadFull) && d.low(k) != "hospital" && d.low(k) != "college" && d.low(k) != "university" && d.low(k) != "school" && d.low(k) != "county" && !(d.low(k) == "office" && d.is(j-1, lexicon.PersonRole)) {
		return j
	}
	if d.x.lex.Name(d.joined(i, j)) != 0 || d.x.places.country(d.joined(i, j)) != "" || d.Tokens[j-1].Shape&sentence.Upper != 0 {
		return j
	}
	return k + 1
}

// isPerson reports whether tokens a to b name a natural person, by title, given name or role.
func (d *document) isPerson(a, b int) bool {
	n := b - a
	if a > 0 && d.is(a-1, lexicon.Honorific) && d.Tokens[a].Gap <= sentence.GapSpace {
		return n < 2 || !d.is(b-1, lexicon.OrgHead)
	}
	if n > 4 || n >= 2 && d.low(a-1) == "the" && (b >= len(d.Tokens) || d.Tokens[b].Kind == sentence.Punct || d.Tokens[b].Shape == 0 && (auxiliary(d.low(b)) || d.is(b, lexicon.Function))) {
		return false // a person's name has no article
	}
	for i := a; i < b; i++ {
		if d.class[i].Any(lexicon.OrgHead|lexicon.Legal) || d.Tokens[i].Low == "of" || d.Tokens[i].Low == "&" {
			return false
		}
	}
	if n == 1 && a > 0 && d.Tokens[a-1].Shape == sentence.Cap && publicOffice(d.low(a-1)) && d.Tokens[a].Gap == sentence.GapSpace && d.class[a] == 0 {
		return true
	}
	if n >= 2 && d.x.lex.Name(d.Tokens[a].Low).Any(lexicon.Given) && d.x.lex.Name(d.joined(a, b)) == 0 {
		return true
	}
	if n >= 2 && n <= 3 && d.low(b) == "," && (d.is(b+1, lexicon.PersonRole) || d.is(b+2, lexicon.PersonRole) && d.is(b+1, lexicon.Function)) {
		return true
	}
	return n >= 2 && n <= 3 && a > 0 && d.is(a-1, lexicon.PersonRole) && d.Tokens[a].Gap == sentence.GapSpace && d.is(b, lexicon.SayVerb)
}
