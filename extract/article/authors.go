package article

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	authorLabel = regexp.MustCompile(`(?i)^\W*(by|von|author(in)?|author|written by|auteur|par|text)\W*$`)
	byGlued     = regexp.MustCompile(`^By(\p{Lu}[\p{Ll}.])`)
	atEnd       = regexp.MustCompile(`(?i)[\s,]+((mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,2}( \p{L}{3,9})?|am|on|at|le|el|vom|the|ago|new|phd|md|ph\.d\.?)$`)
	byInside    = regexp.MustCompile(`(?:^|\d{4},?|\s)(?:[Pp]osted |[Ww]ritten |[Pp]ublished |[Ss]tory )?by\s+(\p{Lu}[\p{L}'’.-]*(?:\s+(?:\p{Lu}[\p{L}'’.-]*|de|la|van|von|der|den|del|di|da|bin|al)){1,4})\s*(?:$|,|\||\d|[-–—•·(])`)
	byPrefix    = regexp.MustCompile(`(?i)^\W*((written|posted|published|reported|edited|reviewed|story|words|text|submitted|created|by[ -]?line|article)\s+by|by|von|par|por|di|door|av|author(en|in|es)?|auteur|author|authors?|redaktion|text|foto|verfasst von|ein beitrag von|written|posted)\b\s*:?\s+`)
	byLine      = regexp.MustCompile(`^\s*(?:By|BY|Von|VON|von|Par|PAR|par|Por|POR|por|Di|DI|di|Door|DOOR|door|Text von|Ein Beitrag von|Written by|Posted by|Published by|Story by|Escrito por|Redactado por|Publicado por|Écrit par|Rédigé par|Publié par|Scritto da|A cura di|Pubblicato da|Geschreven door|Geplaatst door|Geschrieben von|Verfasst von|Napisał|Napisała|Autorstwa|(?:Auth?or(?:in|e|a|es|en|zy|ka)?|Auteure?s?|Te(?:kst|xte?|sto|xto)|Redac(?:ción|ção|teur)|Redakcja|Redazione) ?:)\s+(\p{L}.{2,80})$`)
	// bySign finds the label of an author in the middle of a line of metadata.
	bySign      = regexp.MustCompile(`(?:^|[|·•,–—-])\s*(?:Auth?or(?:in|e|a)?|Auteure?|Text|Tekst|Texte|Testo|Texto) ?:\s+(\p{Lu}[\p{L}'’.-]*(?:\s+(?:\p{Lu}[\p{L}'’.-]*|de|la|van|von|der|den|del|di|da|bin|al)){1,4})\s*(?:$|,|\||\d|[-–—•·(])`)
	nameSplit   = regexp.MustCompile(`\s*(?:[;,|/•·\n]|\s&\s|\s(?:and|und|et|y|e|en|with|mit)\s)\s*`)
	nameTail    = regexp.MustCompile(`(?i)\s*(\(|\[|\bon \w+ \d|\bon (mon|tues|wednes|thurs|fri|satur|sun)day|\bat \d|\d{1,2}[./:]|\d{4}|published|updated|posted|\bfor the\b|[–—|]|\s-\s|@|https?:|\bposted on\b|\bsays\b|\bfollow\b|\bin territorio\b|\b(illustration|foto|photo|bild)(s|graf\w*|graph\w*)? |·).*$`)
	role        = regexp.MustCompile(`(?i)\b(staff|writer|reporter|editor|correspondent|contributor|journalist|columnist|analyst|researcher|engineer|director|manager|producer|photographer|intern|fellow|professor|redakteur(in)?|expert[e]?|mitarbeiter|volontär(in)?|senior|chief|associate|assistant|freelance|guest|agency|agencies)\b`)
	notName     = regexp.MustCompile(`(?i)^(admin(istrator)?|root|user|guest|author|editor|webmaster|no author|unknown|anonymous|n/?a|none|null|undefined|view (all|more).*|more (from|by).*|all posts.*|follow.*|share.*|comments?.*|subscribe.*|print|email|facebook|twitter|linkedin|photo.*|image.*|advertisement|sponsored|read more|updated?|published|home|news|about|contact|by|von|shares|archives?|website|profile|bio|posts|articles|stories|rss|newsletter|reporters?|contributors?|m\.?d|ph\.?d|msc|mba|rdn?|cissp|esq|jr|sr|dr|january|february|march|april|may|june|july|august|september|october|november|december|(mon|tues|wednes|thurs|fri|satur|sun)day|\d+ .*)$`)
	email       = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.-]+|\[email\s+protected\]`)
	handleStart = regexp.MustCompile(`^(https?:|www\.|@|/)`)
)

// authors lists who wrote the article: persons or desks, without links, roles and the name of the site unless nothing else is said.
func (p *page) authors(blocks []block) []string {
	sources := [][]string{p.ld.authors, p.metaAuthors(), p.visibleAuthors(), p.byLines(blocks)}
	for _, desksToo := range []bool{false, true} {
		for _, source := range sources {
			names := p.cleanNames(source, false)
			if len(names) > 0 && (desksToo || !allHouses(names)) {
				return p.fuller(names, blocks)
			}
		}
	}
	for _, source := range [][]string{p.ld.authors, p.metaAuthors(), p.visibleAuthors(), p.meta["twitter:creator"]} {
		if names := p.cleanNames(source, true); len(names) > 0 {
			return names
		}
	}
	return []string{}
}

// house is a name of an organisation: said to be the author, it gives way to a person that the page names.
var house = regexp.MustCompile(`(?i)(\be\.? ?v\.?|\bgmbh|\b(inc|llc|ltd|plc|co|corp|ag|se)\.?)$|\b(stiftung|verlag|redaktion|redacción|rédaction|zeitung|newsroom|news desk|editorial team|press office|pressestelle|communications|media team)\b`)

func allHouses(names []string) bool {
	for _, n := range names {
		if !house.MatchString(n) {
			return false
		}
	}
	return true
}

// fuller replaces a lone first name by the full name that the page shows.
func (p *page) fuller(names []string, blocks []block) []string {
	if len(names) != 1 || strings.Contains(names[0], " ") {
		return names
	}
	for _, n := range p.cleanNames(append(p.visibleAuthors(), p.byLines(blocks)...), false) {
		if strings.HasPrefix(n, names[0]+" ") {
			return []string{n}
		}
	}
	return names
}

func (p *page) metaAuthors() []string {
	for _, k := range []string{
		"author", "authors", "article:author", "og:article:author", "og:author", "parsely-author", "dc.creator", "dcterms.creator",
		"dc:creator", "sailthru.author", "byl", "citation_author", "article:author_name", "twitter:creator:name", "cxenseparse:author", "rbauthors", "vr:author",
	} {
		var out []string
		for _, v := range p.meta[k] {
			if v = inline(v); v != "" && !handleStart.MatchString(v) {
				out = append(out, v)
			}
		}
		if len(p.cleanNames(out, false)) > 0 {
			return out
		}
	}
	if v := p.first("author"); !handleStart.MatchString(v) {
		return []string{v}
	}
	return nil
}

// visibleAuthors reads the elements marked as author: those that name a person first, then whole bylines.
func (p *page) visibleAuthors() []string {
	var people, lines []string
	for _, n := range p.bylines {
		if side := p.sideMark(n, nil); side != "" && side != "footer" && !metaSides[side] || n.DataAtom == atom.Input {
			continue
		}
		t := textOf(n)
		if n.DataAtom == atom.Meta {
			t = attr(n, "content")
		}
		if len([]rune(t)) > 120 || t == "" {
			continue
		}
		named := n.DataAtom == atom.A || hasWord(attr(n, "itemprop"), "name") || personWords.in(marks(n)) != ""
		if named && !strings.Contains(t, ":") && len(strings.Fields(t)) <= 5 && len(p.cleanNames([]string{t}, true)) > 0 {
			people = append(people, t)
			continue
		}
		if len(p.cleanNames([]string{t}, true)) > 0 {
			lines = append(lines, t)
		}
	}
	if len(people) > 0 {
		return unique(people, 4)
	}
	return lines[:min(len(lines), 1)]
}

// byLines finds lines such as "By Jane Roe" above the article or at its end.
func (p *page) byLines(chosen []block) []string {
	if len(chosen) == 0 {
		return nil
	}
	first, last := chosen[0].node, chosen[len(chosen)-1].node
	state := 0
	from, to := 0, len(p.blocks)
	for i, b := range p.blocks {
		if state == 0 && b.node == first {
			from, state = max(0, i-12), 1
		}
		if b.node == last {
			to = min(len(p.blocks), i+3)
		}
	}
	label := false
	for _, b := range p.blocks[from:max(from, to)] {
		if b.letters > 80 || b.heading() {
			continue
		}
		if label {
			if len(strings.Fields(b.text)) <= 4 && len(p.cleanNames([]string{b.text}, false)) > 0 && unicode.IsUpper([]rune(b.text)[0]) {
				return []string{b.text}
			}
		}
		label = authorLabel.MatchString(b.text)
		for l := range strings.SplitSeq(b.text, "\n") {
			m := byLine.FindStringSubmatch(l)
			if m == nil {
				m = byInside.FindStringSubmatch(l)
			}
			if m == nil {
				m = bySign.FindStringSubmatch(l)
			}
			if m != nil && len(p.cleanNames([]string{m[1]}, false)) > 0 && unicode.IsUpper([]rune(m[1])[0]) {
				return []string{m[1]}
			}
		}
	}
	return nil
}

// cleanNames cuts author strings into names. The name of the site counts only when siteToo is set.
func (p *page) cleanNames(raw []string, siteToo bool) []string {
	var out, desks []string
	for _, s := range raw {
		s = strings.TrimSpace(html.UnescapeString(s))
		if handleStart.MatchString(s) {
			continue
		}
		s = email.ReplaceAllString(s, "")
		s = byGlued.ReplaceAllString(s, "$1")
		for byPrefix.MatchString(s) && len(s) < 300 {
			s = byPrefix.ReplaceAllString(s, "")
		}
		if desk(s) {
			out = append(out, s)
			continue
		}
		for _, part := range nameSplit.Split(s, 24) {
			n := p.cleanName(part)
			switch {
			case n == "" || !siteToo && p.isSite(n):
			case role.MatchString(n):
				desks = append(desks, n)
			default:
				out = append(out, n)
			}
		}
	}
	if len(out) == 0 {
		out = desks
	}
	return unique(out, 20)
}

// desk says that a line names a newsroom's desk, such as "Staff and wire reports", which is one author.
func desk(s string) bool {
	l := strings.ToLower(s)
	return len(s) < 60 && (strings.HasSuffix(l, " reports") || strings.HasSuffix(l, " desk") || strings.HasSuffix(l, " newsroom") || strings.HasSuffix(l, " staff report"))
}

func (p *page) cleanName(s string) string {
	s = strings.TrimSpace(s)
	if handleStart.MatchString(s) || strings.Contains(s, "://") || strings.Contains(s, "www.") {
		return ""
	}
	s = byPrefix.ReplaceAllString(s, "")
	s = nameTail.ReplaceAllString(s, "")
	for atEnd.MatchString(s) {
		s = atEnd.ReplaceAllString(s, "")
	}
	s = strings.Trim(strings.Join(strings.Fields(s), " "), " .,:;|-–—*\"“”<>{}\\#")
	if strings.HasSuffix(s, " Jr") || strings.HasSuffix(s, " Sr") {
		s += "."
	}
	fields := strings.Fields(s)
	switch {
	case len(fields) == 0 || len(fields) > 6 || len([]rune(s)) > 60 || len([]rune(s)) < 2:
		return ""
	case notName.MatchString(s) || countLetters(s) < 2:
		return ""
	case role.MatchString(s):
		return withoutRole(s)
	}
	return s
}

// withoutRole drops "Staff Writer" and keeps "Jane Roe"; a line that is only a role is kept when it names a desk.
func withoutRole(s string) string {
	var kept []string
	for f := range strings.FieldsSeq(s) {
		if role.MatchString(f) {
			break
		}
		kept = append(kept, f)
	}
	if len(kept) >= 2 {
		return strings.Join(kept, " ")
	}
	if len(strings.Fields(s)) >= 2 && len(kept) > 0 || strings.Contains(strings.ToLower(s), "staff") {
		return s
	}
	return ""
}

// dropNames drops a line above an article that holds nothing but the names of its authors.
func dropNames(blocks []block, authors []string) []block {
	for i := range blocks[:min(len(blocks), 4)] {
		left := blocks[i].key
		if blocks[i].letters > 120 || blocks[i].heading() || blocks[i].kind == atom.Tr || blocks[i].kind == atom.Li {
			continue
		}
		for _, a := range authors {
			left = strings.Replace(left, keyOf(a), "", 1)
		}
		left = strings.TrimSuffix(left, "follow")
		if left != blocks[i].key && len(left) <= 3*len(authors) {
			return append(append([]block{}, blocks[:i]...), blocks[i+1:]...)
		}
	}
	return blocks
}

func unique(list []string, most int) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		k := keyOf(s)
		if k == "" || seen[k] || len(out) >= most {
			continue
		}
		seen[k] = true
		out = append(out, s)
	}
	return out
}
