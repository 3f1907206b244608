package article

import (
	"regexp"
	"strings"
)

// siteName is the name of the site as the page gives it.
func (p *page) siteName() string {
	for _, s := range []string{
		p.first("og:site_name", "application-name", "al:android:app_name", "apple-mobile-web-app-title"), p.ld.publisher, p.first("dc.publisher", "publisher"),
	} {
		if s = strings.TrimSpace(s); s != "" && !strings.Contains(s, "://") && !strings.HasPrefix(s, "@") && len([]rune(s)) <= 60 {
			return s
		}
	}
	return ""
}

var (
	// strongBreak separates the name of a site from a title and hardly ever two halves of a title.
	strongBreak = regexp.MustCompile(`\s+(?:[|•«]|::)\s+|\s*\|\s*`)
	// hostLike is a name written as the address of a site.
	hostLike = regexp.MustCompile(`(?i)^(www\.)?[\p{L}\d-]{2,40}(\.[\p{L}\d-]{2,20}){0,2}\.[a-z]{2,7}$`)
	// ownership opens the line in which a site says whose it is.
	ownership = regexp.MustCompile(`(?i)^\W*(?:(?:copyright|©|\(c\))\W*)+(?:\d{4}(?:\s*[-–]\s*\d{4})?)?\W*(?:by\s+)?`)
)

// inferSite finds the name of the site at an end of the page's title: the rest of the title stands as a heading or a line of the
// page, or the name itself stands at the top of the page or in the line that says whose it is. A page that names its site itself
// needs no inference.
func (p *page) inferSite() string {
	at := titleBreak.FindAllStringIndex(p.docTitle, 8)
	if len(at) == 0 {
		return ""
	}
	seen := p.titleEvidence()
	last, first := at[len(at)-1], at[0]
	if head, tail := p.docTitle[:last[0]], p.docTitle[last[1]:]; p.siteEnd(head, tail, seen) {
		return tail
	}
	if head, tail := p.docTitle[:first[0]], p.docTitle[first[1]:]; p.siteEnd(tail, head, seen) {
		return head
	}
	return ""
}

// siteEnd says that name is the site and title the title of the page's head.
func (p *page) siteEnd(title, name string, seen titleEvidence) bool {
	k, t := keyOf(name), keyOf(title)
	if len(k) < 2 || len([]rune(name)) > 40 || len(strings.Fields(name)) > 6 || len(strings.Fields(title)) < 2 || seen.lines[k] && !seen.top[k] {
		return false
	}
	return hostLike.MatchString(name) || seen.top[k] && !seen.heads[k] || seen.owner[k] || seen.heads[t] || seen.lines[t]
}

// titleEvidence is what the page shows of its title and its site, as keys.
type titleEvidence struct {
	heads, lines, top, owner map[string]bool
}

func (p *page) titleEvidence() titleEvidence {
	e := titleEvidence{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, h := range p.heads {
		e.heads[keyOf(textOf(h))] = true
	}
	for _, v := range []string{p.first("og:title", "twitter:title", "dc.title", "dcterms.title"), p.ld.headline} {
		e.heads[keyOf(v)] = true
	}
	for i, b := range p.blocks {
		if b.letters > 200 {
			continue
		}
		if m := ownership.FindString(b.text); m != "" {
			e.owner[keyOf(strings.TrimSpace(strings.SplitN(b.text[len(m):], ".", 2)[0]))] = true
		}
		if i > 60 {
			continue
		}
		for l := range strings.SplitSeq(b.text, "\n") {
			if k := keyOf(l); i < 4 {
				e.top[k] = true
			} else if k != "" {
				e.lines[k] = true
			}
		}
	}
	delete(e.heads, "")
	return e
}

// stripStrong removes what stands behind the last separator that only names of sites stand behind. It is used for the title of
// the page's head alone, where nothing tells the name of the site.
func stripStrong(t string) string {
	at := strongBreak.FindAllStringIndex(t, 8)
	if len(at) == 0 {
		return t
	}
	m := at[len(at)-1]
	if head, tail := t[:m[0]], t[m[1]:]; len(strings.Fields(head)) >= 3 && len(strings.Fields(tail)) <= 5 && len([]rune(tail)) <= 40 {
		return head
	}
	return t
}
