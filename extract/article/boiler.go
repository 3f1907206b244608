package article

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// The patterns below are what publishers print around articles, in the languages most sources write. They are matched against
// whole short blocks only, never inside long paragraphs.
var (
	// boilerStart begins lines that are no part of an article.
	boilerStart = regexp.MustCompile(`(?i)^\W{0,4}(read (more|also|next|this next|our)\b|also read\b|see also\b|related( articles?| stories| posts?| content| topics| reading)?\s*:?$|related( articles?| stories| posts?| content)?\s*:|more (from|on|about|stories|news)\b|recommended( for you| reading)?\s*:?$|you (may|might) also (like|be interested|want)|don.t miss\b|up next\b|sign up (for|to|here)|subscribe (to|now|here|for)|get (the|our) .{0,60}(newsletter|briefing|daily edition|inbox|app)\b|best viewed (at|in|with|on)\b|join (our|the|us on) .{0,40}(newsletter|telegram|channel|whatsapp|conversation|discussion|community)|follow (us|me|our|@)|like us on|find us on|share (this|your thoughts|on|via|article|story|:)|tweet this|click (here|to (share|tweet|email|print|copy))|print this|email this|advertisement\b|sponsored( content| by)?\b|photo(s|graph)?\s*(:|by\b|credit|courtesy|source)|image(s)?\s*(:|by\b|credit|courtesy|source)|picture(s)?\s*:|illustration\s*:|(photo|image) credit|credit\s*:|source\s*:\s*\w+$|getty images|shutterstock|copyright\b|©|\(c\) ?\d{4}|all rights reserved|leave a (comment|reply)|(post|add|write) a comment|be the first to comment|\d* ?comments?( \(?\d+\)?)?$|log ?in to (comment|post|reply)|you must be logged in|your email address will not be published|required fields are marked|terms of (use|service)|privacy (policy|notice)|cookie (policy|settings|preferences)|this (site|website) uses cookies|we use cookies|by (continuing|clicking|signing|subscribing|submitting)|(filed|posted|published) (under|in)\s*:?|tags?\s*:|tagged\b|categor(y|ies)\s*:|topics?\s*:|keywords?\s*:|our standards\s*:|view (all|our) (posts|latest|comments|the full)|view comments|show comments|all posts by|back to (top|home)|skip to (main )?content|jump to\b|(next|previous) (article|post|story|page)\b|newer posts?|older posts?|load more\b|show more\b|continue reading\b|download (the|our) app|this (article|post|story) (may contain|contains) (affiliate|references|links)|(already|not) (a )?(registered|subscribed|subscriber|a member)\b|register (now|here|for free)\b|be part of the conversation|do you want to be informed|have (a|any) (tip|news)|got a tip|enjoyed this|estimated reading time|reading time\b|\d+ min(ute)?s? read$|listen to (this )?(article|story)|save (this )?(article|story|for later)|follow topics)`)
	// boilerForeign is the same in German, French, Spanish, Italian, Dutch and Portuguese.
	boilerForeign = regexp.MustCompile(`(?i)^\W{0,4}(lesen sie (auch|mehr|dazu|hier)|lesen sie jetzt|lies auch|mehr (zum thema|dazu|lesen|infos?|aus|von)\b.{0,40}$|das könnte (sie|dich|euch) auch|auch interessant|weitere (artikel|beiträge|themen|nachrichten|infos)|weiterlesen|zum thema\s*:|kommentar(e)?( schreiben| verfassen| \(\d+\))?$|(diesen|den) (artikel|beitrag)( mit \w+)? (teilen|drucken|empfehlen|kommentieren)|artikel (teilen|drucken)|jetzt (teilen|anmelden|abonnieren)|newsletter\b|nach oben|zurück (zur|zum|nach)|zur startseite|foto(s)?\s*(:|©|von\b)|bild(er|quelle|nachweis|rechte)?\s*(:|©)|quelle\s*:|anzeige$|werbung$|schlag(worte|wörter)\s*:?|stichworte?\s*:|kategorien?\s*:|themen\s*:|beitrag teilen|eingeloggt|mit diesem button|copyright\s*:|folgen sie uns|folge uns|à lire (aussi|également)|lire (aussi|la suite|également)|voir aussi|sur le même (sujet|thème)|crédits? photos?|photo ?©|partager (cet|sur|l.article)|abonnez-vous|inscrivez-vous|publicité$|suivez[- ](nous|l.actualité)|dernières (news|actualités)|vous aimerez aussi|mots[- ]clés\s*:|lea también|lee también|leer también|te puede interesar|también te puede|ver también|más (noticias|información|sobre)\b.{0,40}$|suscríbete|suscribirse|compartir (en|esta|este)|síguenos|publicidad$|foto\s*:|etiquetas\s*:|temas\s*:|leggi (anche|tutto)|potrebbe interessarti|condividi|iscriviti|pubblicità$|lees (ook|meer|verder)|deel (dit|via|op)|schrijf je in|leia (também|mais)|veja também|compartilhe|inscreva-se|publicidade$)`)
	// boilerAnywhere is found in any place of a short line.
	boilerAnywhere = regexp.MustCompile(`(?i)(all rights reserved\.?$|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|(unsubscribe|subscribe|sign up).{0,40}(at any time|newsletter)|newsletter.{0,40}(sign up|subscribe|inbox)|notify me of (follow-up|new) (comments|posts)|(has|have) not been reviewed, approved|community guidelines|by signing up you agree|(to|in) your inbox|diskutieren sie mit|this post contains references to products|enable javascript|cookies? (auf|de|to|on) .{0,60}(website|site|webseite)|\(image:|\(photo:|\(picture:|\(foto:|getty images\)?$)`)
	// endHeads are headings after which nothing of the article follows.
	endHeads = regexp.MustCompile(`(?i)^\W{0,4}(\d* ?comments?( on .{0,80})?( \(?\d+\)?)?|leave a (comment|reply).*|join the (conversation|discussion).*|related( articles?| stories| posts?| content| news| reading| links| topics)?|recommended( for you| articles| reading)?|more (from|on|stories|news|in|like this)\b.{0,60}|you (may|might) also (like|be interested).{0,20}|(read|up) next|latest (news|stories|posts|articles)|most (read|popular|viewed)|trending( now| stories)?|popular (posts|stories|articles)|share this.{0,30}|about the authors?|(media|press|contact) (contacts?|enquiries|inquiries|office)|pressekontakt|contacts? presse|contacto de prensa|sign up.{0,60}|subscribe.{0,60}|report an incident|kommentare?( schreiben)?|weitere (artikel|beiträge|nachrichten|meldungen|themen).{0,40}|das könnte (sie|dich|euch) auch.{0,30}|auch interessant|ähnliche (artikel|beiträge)|verwandte (artikel|beiträge|themen)|mehr (zum thema|aus|von)\b.{0,40}|meistgelesen.{0,20}|sur le même (sujet|thème)|à lire (aussi|également)|dernières (news|actualités).{0,60}|commentaires?|vous aimerez aussi|te puede interesar|noticias relacionadas|comentarios?|lo más (leído|visto)|artículos relacionados)\s*:?$`)
	// tagLine is a line of literal markup.
	tagLine = regexp.MustCompile(`^\s*</?[a-zA-Z][^>]*/?>`)
	// crumbs is a trail of navigation.
	crumbs = regexp.MustCompile(`^(home|start(seite)?|accueil|inicio|news)\s*[/>»›|•→].{0,160}$`)
)

// maxBoiler is how many letters a line of boilerplate has at most.
const maxBoiler = 240

// isBoiler reports whether a block is one of the lines that publishers print around articles.
func isBoiler(b block) bool {
	if tagLine.MatchString(b.text) || isJunk(b.text) {
		return true
	}
	if b.letters == 0 {
		return b.kind != atom.Pre
	}
	if b.letters > maxBoiler || b.kind == atom.Tr || b.kind == atom.Pre {
		return false
	}
	if boilerStart.MatchString(b.text) || boilerForeign.MatchString(b.text) {
		return b.letters < 90 || b.linkRatio() > 0.3 || strings.Count(b.text, ". ") < 2
	}
	low := strings.ToLower(b.text)
	return boilerHint(low) && boilerAnywhere.MatchString(b.text) || b.letters < 120 && crumbs.MatchString(low)
}

// boilerHint says that s holds a word without which boilerAnywhere does not match: it spares most lines the search.
func boilerHint(s string) bool {
	for _, w := range []string{
		"reserved", "vorbehalten", "réservés", "reservados", "subscribe", "sign up", "newsletter", "notify me", "been reviewed", "community guidelines", "signing up", "inbox", "diskutieren",
		"references to products", "javascript", "cookie", "(image:", "(photo:", "(picture:", "(foto:", "getty images",
	} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// clean drops boilerplate lines and everything after the heading that ends the article; body replaces the blocks when given.
func clean(blocks, body []block) []block {
	if body != nil {
		blocks = body
	}
	total := lettersOf(blocks)
	seen := 0
	for i, b := range blocks {
		if seen*2 > total && b.letters < 90 && endHeads.MatchString(b.text) && (b.heading() || b.linkRatio() > 0 || isTail(blocks[i:], total)) {
			blocks = blocks[:i]
			break
		}
		seen += b.letters
	}
	out := make([]block, 0, len(blocks))
	for _, b := range blocks {
		if !isBoiler(b) {
			out = append(out, b)
		}
	}
	for len(out) > 0 && out[len(out)-1].heading() {
		out = out[:len(out)-1]
	}
	for len(out) > 1 && loose(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

// isTail says that what follows is the smaller part of the page.
func isTail(rest []block, total int) bool { return lettersOf(rest)*5 < total*2 }

// loose is a trailing line that is mostly a link.
func loose(b block) bool {
	return b.letters < 120 && b.linkRatio() > 0.8 && b.kind != atom.Tr && b.kind != atom.Pre
}

// dropDateline drops the lines above an article that only say who wrote it and when, and those below it that say when: they are
// read as authors and date.
func dropDateline(blocks []block) []block {
	out, begun := blocks[:0:0], false
	list := len(blocks) > 1 && divided(blocks[0].text) && divided(blocks[1].text) // dated lines one below another are the article
	for i, b := range blocks {
		short := len(blocks) > 2 && b.letters < 80 && b.kind != atom.Tr && b.kind != atom.Pre && !b.heading()
		if i < 5 && short && (datelines(b.text) || !list && divided(b.text)) || !begun && i < 12 && short && chrome.MatchString(b.text) {
			continue
		}
		begun = begun || bodyLike(b)
		out = append(out, b)
	}
	for n := len(out); n > 1 && (closing(out[n-1]) || addressOnly.MatchString(out[n-1].text)); n = len(out) {
		out = out[:n-1]
	}
	return out
}

// chrome is a line above an article that is a button or a count.
var chrome = regexp.MustCompile(`(?i)^\W*(\d{1,6}|listen|share|save|follow|following|print|e?-?mail|copy link|bookmark|download( pdf)?|pdf|like|likes|tweet|comments?|add comment|facebook|twitter|linkedin|whatsapp|telegram|x|teilen|drucken|merken|anhören|vorlesen|partager|imprimer|écouter|compartir|guardar|escuchar|imprimir|condividi|stampa|delen|menu|menü|search|suche)\W*$`)

// addressOnly is a line that holds nothing but the address of a page: a printed page ends with its own.
var addressOnly = regexp.MustCompile(`^https?://\S+$`)

// closing says that a line at the end of an article only says when it was published or changed.
func closing(b block) bool {
	return b.letters < 90 && b.kind != atom.Tr && b.kind != atom.Pre && (publishWord.MatchString(b.text) || changeWord.MatchString(b.text)) &&
		!visibleDate(b.text, true, false).IsZero() && !strings.Contains(strings.TrimRight(b.text, ". "), ". ") && len(strings.Fields(b.text)) <= 16 && !endsSentence(b.text)
}

// datelines says that every line of a block is a byline or a date.
func datelines(s string) bool {
	for l := range strings.SplitSeq(s, "\n") {
		if !dateline(l) {
			return false
		}
	}
	return true
}

// dividers stand between author, date and section where a page prints them in one line.
var dividers = regexp.MustCompile(`\s+[·•|]\s+`)

// divided says that a line holds a date beside names that dividers set apart.
func divided(s string) bool {
	parts := dividers.Split(s, -1)
	return len(parts) > 1 && !endsSentence(s) && slices.ContainsFunc(parts, dateline) &&
		!slices.ContainsFunc(parts, func(l string) bool { return len(strings.Fields(l)) > 5 })
}

// dateline says that a short line is a byline or a date and nothing else.
func dateline(s string) bool {
	if byLine.MatchString(s) && !endsSentence(s) && len(strings.Fields(s)) <= 14 {
		return true
	}
	if visibleDate(s, true, false).IsZero() {
		return false
	}
	for _, re := range []*regexp.Regexp{dayMonth, monthDay, ymd, dmy, slashed, clock, readTime, dateFill} {
		s = re.ReplaceAllString(s, " ")
	}
	return countLetters(s) < 4
}

var (
	clock    = regexp.MustCompile(`(?i)\b\d{1,2}[:.h]\d{2}(\s?(uhr|h|am|pm|a\.m\.|p\.m\.))?\b`)
	readTime = regexp.MustCompile(`(?i)\b\d{1,2}[- ]?(min(ute[ns]?)?\b\.?( (read|de lecture|lesezeit|czytania|de lectura|di lettura|leestijd))?)|\b(lesezeit|temps de lecture|tiempo de lectura|reading time)\b`)
	dateFill = regexp.MustCompile(`(?i)\b((mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|first|last|published|posted|updated|update|modified|revised|date|datum|stand|veröffentlicht|aktualisiert|zuletzt|geändert|publié|mise?|à jour|modifié|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt|on|am|at|um|à|le|el|il|a las|gmt|utc|cet|cest|est|edt|et|bst)\b|à jour|最終更新日?|更新日?|公開日?|発行日?|掲載日?`)
)

// dropTitle drops a leading block that only repeats the title, and what stands above it when that is mostly links: a page laid out by
// a table has its menu there.
func dropTitle(blocks []block, title string) []block {
	k := keyOf(title)
	blocks = blocks[menuAbove(blocks, k):]
	for i, b := range blocks {
		if i > 3 {
			break
		}
		if k != "" && (b.key == k || b.letters < 200 && keyOf(withoutDay(b.text)) == k) {
			return append(append([]block{}, blocks[:i]...), blocks[i+1:]...)
		}
		if first, rest, ok := strings.Cut(b.text, "\n"); ok && k != "" && keyOf(first) == k {
			blocks = append([]block{}, blocks...)
			blocks[i].text, blocks[i].key, blocks[i].letters = rest, keyOf(rest), countLetters(rest)
			return blocks
		}
	}
	return blocks
}

// longestMenu is how many blocks above the title are looked at.
const longestMenu = 40

// menuAbove counts the blocks that stand above the title and are mostly links.
func menuAbove(blocks []block, title string) int {
	linked, all := 0.0, 0
	for i, b := range blocks {
		if i > longestMenu || title == "" {
			return 0
		}
		if first, _, _ := strings.Cut(b.text, "\n"); keyOf(first) == title {
			if linked*2 < float64(all) {
				return 0
			}
			return i
		}
		linked += b.linkRatio() * float64(b.letters)
		all += b.letters
	}
	return 0
}
