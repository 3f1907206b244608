package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// wordSet is a set of words of class names and ids; two words in a row are also looked up joined.
type wordSet map[string]bool

func words(list string) wordSet {
	s := wordSet{}
	for w := range strings.FieldsSeq(list) {
		s[w] = true
	}
	return s
}

var (
	// sideWords name what stands beside an article.
	sideWords = words(`share shares sharing sharebar social socials related relatedarticles recommend recommended recommendation
		recommendations newsletter newsletters subscribe subscription signup promo promos promotion promoted advert adverts advertisement
		ad ads adsense sponsored sponsor cookie cookies consent gdpr breadcrumb breadcrumbs crumbs comment comments commentlist disqus
		sidebar footer nav navigation navbar menu menus pagination pager tags taglist tagcloud authorbio authorbox aboutauthor bio
		popup modal paywall outbrain taboola readmore readnext readalso moreon morefrom morestories trending popular mostread
		mostpopular skip skiplink toolbar rating ratings copyright credit credits caption captions figcaption wpcaption teaser teasers
		seealso alsoread relatedposts sharedaddy postmeta entrymeta entryfooter widget widgets geonotice geoblock sitenotice noticebar
		offscreen noprint printhidden kommentar kommentare verwandt bildunterschrift bildnachweis copyrights`)
	dateWords = words(`date datetime published publish pubdate posted timestamp postdate entrydate datepublished datecreated datemodified
		dateline time datum publishdate pubtime publishedat createdat updated modified`)
	leadWords = words(`standfirst lead lede dek deck subtitle subheadline subheading subhead intro introduction strapline vorspann chapo
		excerpt entradilla bajada anleser articlesummary`)
	byWords = words(`author authors byline writer author autoren auteur redakteur contributor contributors creator postedby writtenby
		authorname bylinename fn`)
	personWords = words(`authorname bylinename name fn`)
	// metaSides are sides that tell of the article itself: who wrote it and when.
	metaSides = words(`postmeta entrymeta entryfooter share shares sharing social socials sharedaddy sharebar bio authorbio authorbox aboutauthor
		credit credits`)
)

// marks are the words of an element's class names, id, role and the like, in lower case.
func marks(n *html.Node) []string {
	var out []string
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "role", "itemprop", "data-testid", "data-component", "rel":
			out = appendWords(out, a.Val)
		}
	}
	return out
}

// appendWords cuts a class attribute into words at spaces, hyphens, underscores and camel humps.
func appendWords(out []string, v string) []string {
	if len(v) > 400 {
		v = v[:400]
	}
	start, lower := 0, false
	add := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(v[start:end]))
		}
	}
	for i, r := range v {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			add(i)
			start, lower = i+len(string(r)), false
		case unicode.IsUpper(r) && lower:
			add(i)
			start, lower = i, false
		default:
			lower = unicode.IsLower(r)
		}
	}
	add(len(v))
	return out
}

// in gives the first of the words, or the first two in a row joined, that the set holds.
func (s wordSet) in(list []string) string {
	for i, w := range list {
		if s[w] {
			return w
		}
		if i > 0 && s[list[i-1]+w] {
			return list[i-1] + w
		}
	}
	return ""
}

// sideMark is the word by which the markup between n and box says that n is not part of the article; empty when none does.
func (p *page) sideMark(n, box *html.Node) string {
	for ; n != nil && n != box; n = n.Parent {
		if p.main[n] {
			return ""
		}
		w, known := p.sides[n]
		if !known {
			w = sideOf(n)
			p.sides[n] = w
		}
		if w != "" {
			return w
		}
	}
	return ""
}

func sideOf(n *html.Node) string {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Main, atom.Article:
		return ""
	case atom.Footer, atom.Nav:
		return "footer"
	case atom.Aside:
		return "aside"
	}
	return sideWords.in(marks(n))
}

func leadMark(n *html.Node) bool {
	for i := 0; n != nil && i < 3; i, n = i+1, n.Parent {
		if leadWords.in(marks(n)) != "" {
			return true
		}
	}
	return false
}

func bylineMark(n *html.Node, m []string) bool {
	if n.DataAtom == atom.Address {
		return true
	}
	if byWords.in(m) == "" {
		return false
	}
	for _, w := range m {
		switch w {
		case "comment", "comments", "avatar", "image", "img", "bio", "box":
			return false
		}
	}
	return true
}
