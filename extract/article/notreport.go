package article

import (
	"regexp"
	"strings"
)

// notice is a kind of page that stands where an article should be.
type notice struct {
	why     string
	pattern *regexp.Regexp
}

// errorPage is the reason that an article may give by itself: "the original page has been removed" ends a retraction.
const errorPage = "the page is an error page"

// notices are matched against single blocks; a block that matches is no part of an article.
var notices = []notice{
	{"the page is not available in this location", regexp.MustCompile(`(?i)(un|not |no longer |isn.t |aren.t )(currently |temporarily )?available (in|to|for) (your|this) (country|region|location|area|state)|(un|not |not currently )available (in|to|for) (most|many|some|all) .{0,40}(countr|region|europe)|unavailable (in|to|for) (your|visitors|users|readers).{0,40}(country|region|location|area|european|europe)|(unavailable|not available|cannot (give|grant|be accessed|provide)).{0,80}(european (economic area|union)|legal reasons|gdpr)|access (from|in) your (country|region|location)|not (accessible|permitted) from your (country|region|location)|in ihrer region (leider )?nicht verfügbar|in ihrem land (leider )?nicht verfügbar|pas disponible dans votre (pays|région)|no (está )?disponible en (su|tu) (país|región)`)},
	{"the page is a cookie wall", regexp.MustCompile(`(?i)^(we|this (site|website)) (value|care about|respect|use).{0,40}(your privacy|cookies)|(accept|agree to|consent to|reject) (all )?(the use of )?cookies|cookies? (to|and) (continue|store|improve)|manage (your )?(cookie|privacy|consent) (settings|preferences|choices)|we and our \d* ?partners|store and/or access information on a device|wir (verwenden|nutzen|benötigen) .{0,60}cookies|nous utilisons (des|les) cookies|utilizamos cookies|your privacy choices`)},
	{"the page is behind a paywall", regexp.MustCompile(`(?i)(this|the) (article|story|content|page) is (only )?(available |reserved )?(for|to|exclusively for) .{0,30}(subscribers|members|registered)|(subscribe|log ?in|sign in|register)( now| here)? (to|and) (continue|keep|read|access|unlock|view)|to (continue|keep) reading.{0,60}(subscri|log ?in|sign|register|account)|you have reached your (limit|free)|(become|already) a (subscriber|member)\b|premium (article|content)|subscriber[- ]only|(weiterlesen|lesen) mit .{0,40}(abo|plus)|nur für abonnenten|réservée? aux abonnés|(contenido|artículo) (exclusivo|solo) para suscriptores`)},
	{"the page needs JavaScript or is a bot check", regexp.MustCompile(`(?i)(enable|turn on|activate|requires?|needs?) (your )?javascript|javascript (is|must be|has been|seems to be) (disabled|required|enabled|off)|checking (your browser|if the site connection is secure)|verify(ing)? (that )?you are (a )?(human|not a robot)|are you a robot|complete the (security check|captcha)|ddos protection by|please (enable|allow) cookies|just a moment\.{3}|performance (&|and) security by|ray id`)},
	{errorPage, regexp.MustCompile(`(?i)^(error )?(404|403|410|500|502|503|504)\b.{0,60}$|(page|article|file|story|requested url).{0,40}(not found|could ?n.t be found|cannot be found|does ?n.t exist|no longer (exists|available)|has been (removed|moved))|^(not found|forbidden|bad gateway|service unavailable|internal server error|gateway time-?out|access denied|too many requests)\b.{0,60}$|seite (wurde )?nicht gefunden|page (introuvable|non trouvée)|página no encontrada|(website|site|service|page) is (temporarily |currently )?(unavailable|down for maintenance|offline|under maintenance)|we (are|.re) working (hard )?(to|on) (get|getting|bring|fix)|something went wrong|an error (has )?occurred|you don.t have permission to access`)},
}

// fillers are the short lines that stand around a notice.
var fillers = regexp.MustCompile(`(?i)^\W*(oops|sorry|whoops|uh[- ]oh|we.re sorry|privacy|privacy (policy|settings|notice)|cookies?|accept( all)?|reject( all)?|manage|settings|ok|close|menu|search|home|log ?in|sign in|subscribe|continue|terms|contact( us)?|try again|go back|back to home|reference (id|#).{0,60}|please try again( later)?)\W*$`)

// failTitle is the title of a page that failed.
var failTitle = regexp.MustCompile(`(?i)^\W*((error )?(404|403|410|451|500|502|503|504)\b|(page )?not found|access (to this page has been )?denied|forbidden|just a moment|attention required|are you a robot|security check|bad gateway|service unavailable|temporarily unavailable|page (introuvable|non trouvée)|seite nicht gefunden|unavailable (in|for)|robot check|verify you are human|subscribe to (read|continue))`)

// maxNotice is how many letters a notice has at most: longer blocks are text.
const maxNotice = 500

// brief is how many letters a page may have at most to be suspected of being a notice.
const brief = 900

// noticeOf says which notice a block is, if any.
func noticeOf(b block) string {
	if b.letters > maxNotice {
		return ""
	}
	for _, n := range notices {
		if n.pattern.MatchString(b.text) {
			return n.why
		}
	}
	return ""
}

// dropNotices drops notices and the short lines around them from the beginning and the end of an article and says which notice
// was met first. In the middle of a text the same words may be the subject, so they stay.
func dropNotices(blocks []block) ([]block, string) {
	first := ""
	start, end := 0, len(blocks)
	for i, b := range blocks {
		if why := likelyNotice(b); why != "" {
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
	for end > start && (fillers.MatchString(blocks[end-1].text) || closesWith(blocks[end-1])) {
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
func closesWith(b block) bool {
	why := likelyNotice(b)
	return why != "" && why != errorPage
}

// noticeLike says that a block could be a notice by its size: an article about an outage has longer paragraphs.
func noticeLike(b block) bool {
	return b.letters < 180 || strings.Contains(strings.ToLower(b.text), "cookies")
}

// notReport says why the page is no report; empty when it is one.
func (p *page) notReport(title, text, met string) string {
	letters := countLetters(text)
	if met == "" && letters < brief {
		for i, b := range p.blocks {
			if met != "" || i > 80 {
				break
			}
			met = noticeOf(b)
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
