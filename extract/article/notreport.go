package article

import (
	"regexp"
	"strings"
)

// notice is a kind of page that stands where an article should be.
type notice struct {
	why string
	// hints are words one of which every match holds: they spare most blocks the search.
	hints   []string
	pattern *regexp.Regexp
}

// hinted says that a text in lower case holds one of the hints.
func (n notice) hinted(low string) bool {
	for _, h := range n.hints {
		if strings.Contains(low, h) {
			return true
		}
	}
	return false
}

func hints(list string) []string { return strings.Split(list, ",") }

// errorPage is the reason that an article may give by itself: "the original page has been removed" ends a retraction.
const errorPage = "the page is an error page"

// botCheck is what texts about such checks say too.
const botCheck = "the page needs JavaScript or is a bot check"

// notices are matched against single blocks; a block that matches is no part of an article.
var notices = []notice{
	{"the page is not available in this location", hints("available,access,permitted,verfügbar,disponible,cannot"), regexp.MustCompile(`(?i)(un|not |no longer |isn.t |aren.t )(currently |temporarily )?available (in|to|for) (your|this) (country|region|location|area|state)|(un|not |not currently )available (in|to|for) (most|many|some|all) .{0,40}(countr|region|europe)|unavailable (in|to|for) (your|visitors|users|readers).{0,40}(country|region|location|area|european|europe)|(unavailable|not available|cannot (give|grant|be accessed|provide)).{0,80}(european (economic area|union)|legal reasons|gdpr)|access (from|in) your (country|region|location)|not (accessible|permitted) from your (country|region|location)|in ihrer region (leider )?nicht verfügbar|in ihrem land (leider )?nicht verfügbar|pas disponible dans votre (pays|région)|no (está )?disponible en (su|tu) (país|región)`)},
	{"the page is a cookie wall", hints("cookie,privacy,partners,access information,consent"), regexp.MustCompile(`(?i)^(we|this (site|website)) (value|care about|respect|use).{0,40}(your privacy|cookies)|(accept|agree to|consent to|reject) (all )?(the use of )?cookies|cookies? (to|and) (continue|store|improve)|manage (your )?(cookie|privacy|consent) (settings|preferences|choices)|we and our \d* ?partners|store and/or access information on a device|wir (verwenden|nutzen|benötigen) .{0,60}cookies|nous utilisons (des|les) cookies|utilizamos cookies|your privacy choices`)},
	{"the page is behind a paywall", hints("subscri,members,registered,register,log in,login,sign in,reading,reached your,a member,premium,lesen mit,abonn,suscriptor"), regexp.MustCompile(`(?i)(this|the) (article|story|content|page) is (only )?(available |reserved )?(for|to|exclusively for) .{0,30}(subscribers|members|registered)|(subscribe|log ?in|sign in|register)( now| here)? (to|and) (continue|keep|read|access|unlock|view)|to (continue|keep) reading.{0,60}(subscri|log ?in|sign|register|account)|you have reached your (limit|free)|(become|already) a (subscriber|member)\b|premium (article|content)|subscriber[- ]only|(weiterlesen|lesen) mit .{0,40}(abo|plus)|nur für abonnenten|réservée? aux abonnés|(contenido|artículo) (exclusivo|solo) para suscriptores`)},
	{botCheck, hints("javascript,browser,connection,verify,robot,security,captcha,ddos,cookie,just a moment,ray id"), regexp.MustCompile(`(?i)(enable|turn on|activate|requires?|needs?) (your )?javascript|javascript (is|must be|has been|seems to be) (disabled|required|enabled|off)|checking (your browser|if the site connection is secure)|verify(ing)? (that )?you are (a )?(human|not a robot)|are you a robot|complete the (security check|captcha)|ddos protection by|please (enable|allow) cookies|just a moment\.{3}|performance (&|and) security by|ray id`)},
	{"the page is a parked domain", hints("domain"), regexp.MustCompile(`(?i)\b(this )?domain( name)? (is|may be) (parked|(available )?for sale)|\bbuy this domain\b|diese domain steht zum verkauf|ce (nom de )?domaine est (à vendre|en vente)`)},
	{errorPage, hints("404,403,410,500,502,503,504,found,exist,available,moved,forbidden,gateway,server error,denied,too many,gefunden,introuvable,trouvée,encontrada,maintenance,offline,working,re work,wrong,error,permission"), regexp.MustCompile(`(?i)^(error )?(404|403|410|500|502|503|504)\b.{0,60}$|(page|article|file|story|requested url).{0,40}(not found|could ?n.t be found|cannot be found|does ?n.t exist|no longer (exists|available)|has been (removed|moved))|^(not found|forbidden|bad gateway|service unavailable|internal server error|gateway time-?out|access denied|too many requests)\b.{0,60}$|seite (wurde )?nicht gefunden|page (introuvable|non trouvée)|página no encontrada|(website|site|service|page) is (temporarily |currently )?(unavailable|down for maintenance|offline|under maintenance)|we( are|.re) working (hard )?(to|on) (get|getting|bring|fix)|something went wrong|an error (has )?occurred|you don.t have permission to access`)},
}

// fillers are the short lines that stand around a notice.
var fillers = regexp.MustCompile(`(?i)^\W*(oops|sorry|whoops|uh[- ]oh|we.re sorry|privacy|privacy (policy|settings|notice)|cookies?|accept( all)?|reject( all)?|manage|settings|ok|close|menu|search|home|log ?in|sign in|subscribe|continue|terms|contact( us)?|try again|go back|back to home|reference (id|#).{0,60}|please try again( later)?)\W*$`)

// failTitle is the title of a page that failed.
var failTitle = regexp.MustCompile(`(?i)^\W*((error )?(404|403|410|451|500|502|503|504)\b|(page )?not found|access (to this page has been )?denied|forbidden|just a moment|attention required|are you a robot|security check|bad gateway|service unavailable|temporarily unavailable|page (introuvable|non trouvée)|seite nicht gefunden|unavailable (in|for)|robot check|verify you are human|subscribe to (read|continue)|(pagina|página) (non trovata|niet gevonden|não encontrada|no encontrada)|nie znaleziono strony|strona nie istnieje|страница не найдена|сторінку не знайдено|(accès refusé|acceso denegado|accesso negato|acesso negado|toegang geweigerd|zugriff verweigert)|client challenge|(log ?in|sign ?in|anmelden|anmeldung|connexion|iniciar sesión|accedi|inloggen|zaloguj się)\s*($|[|–—·:-]))`)

// maxNotice is how many letters a notice has at most: longer blocks are text.
const maxNotice = 500

// brief is how many letters a page may have at most to be suspected of being a notice.
const brief = 900

// noticeOf says which notice a block is, if any.
func noticeOf(b block) string {
	if b.letters > maxNotice {
		return ""
	}
	low := strings.ToLower(b.text)
	for _, list := range [...][]notice{notices, noticesAbroad} {
		for _, n := range list {
			if n.hinted(low) && n.pattern.MatchString(b.text) {
				return n.why
			}
		}
	}
	return ""
}

// dropNotices drops notices and the short lines around them from the beginning and the end of an article and says which notice
// was met first. In the middle of a text the same words may be the subject, so they stay.
func dropNotices(blocks []block, title string) ([]block, string) {
	first := ""
	titled := headlined(title)
	start, end := 0, len(blocks)
	for i, b := range blocks {
		if why := likelyNotice(b); why != "" && !(titled && tells(b, why)) {
			first, start = firstOf(first, why), i+1
			continue
		}
		if b.letters > 100 || i > 12 {
			break
		}
	}
	for start < end && start > 0 && fillers.MatchString(blocks[start].text) {
		start++
	}
	for end > start && (fillers.MatchString(blocks[end-1].text) || closesWith(blocks[end-1], titled)) {
		first = firstOf(first, noticeOf(blocks[end-1]))
		end--
	}
	return blocks[start:end], first
}

// likelyNotice is noticeOf for a block that is short enough.
func likelyNotice(b block) string {
	if !noticeLike(b) {
		return ""
	}
	return noticeOf(b)
}

// closesWith says that a block at the end of an article is a notice.
func closesWith(b block, titled bool) bool {
	why := likelyNotice(b)
	return why != "" && why != errorPage && !(titled && tells(b, why))
}

// headlined says that a title is a headline and not a notice: it has some words and none of a failure.
func headlined(title string) bool {
	return len(strings.Fields(title)) >= 4 && !failTitle.MatchString(title) && noticeOf(newBlock(title)) == ""
}

// tells says that a block under a headline tells more than a server's message would: besides the sentence that sounds like one it
// has another. Walls are not excused: they stand under headlines.
func tells(b block, why string) bool {
	if why != errorPage && why != botCheck {
		return false
	}
	for s := range strings.SplitSeq(strings.TrimRight(b.text, "."), ". ") {
		if countLetters(s) >= 20 && noticeOf(newBlock(s)) == "" && len(strings.Fields(s)) >= 4 {
			return true
		}
	}
	return false
}

// noticeLike says that a block could be a notice by its size: an article about an outage has longer paragraphs.
func noticeLike(b block) bool {
	return b.letters < 180 || strings.Contains(strings.ToLower(b.text), "cookies")
}

// notReport says why the page is no report; empty when it is one.
func (p *page) notReport(title, text, met string) string {
	letters := countLetters(text)
	if met == "" && letters < brief {
		titled := headlined(title)
		for i, b := range p.blocks {
			if met != "" || i > 80 {
				break
			}
			if why := noticeOf(b); why != "" && !(titled && tells(b, why)) {
				met = why
			}
		}
	}
	return verdict(title, met, letters, p.ld.walled)
}

// verdict decides from the title, the notice met and the letters left.
func verdict(title, met string, letters int, walled bool) string {
	switch {
	case letters < brief && failTitle.MatchString(title):
		return firstOf(met, errorPage)
	case met != "" && letters < 200:
		return met
	case walled && letters < minLetters*2:
		return "the page is behind a paywall"
	case letters < minLetters:
		return "the page holds no article text"
	}
	return ""
}
