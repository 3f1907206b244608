package newsroom

import (
	"hash/fnv"
	"html"
	"html/template"
	"strings"
)

// The shapes a page can have beside the plain one.
const (
	shapeMojibake  = "mojibake"
	shapeGeoblock  = "geoblock"
	shapeGeonotice = "geonotice"
	shapeUndated   = "undated"
	shapePDF       = "pdf"
	shapePaywall   = "paywall"
	shapeText      = "text"
)

func shapes() []string {
	return []string{shapeMojibake, shapeGeoblock, shapeGeonotice, shapeUndated, shapePDF, shapePaywall, shapeText}
}

// mojibakeLines are GBK bytes read as Latin-1, as found at the head of real pages.
func mojibakeLines() []string {
	return []string{"º£½ÇÊÓÆµ", "º£½ÇÉçÇø ÔÚÏßÊÓÆµ", "¾ÅÒ»¹Û¿´ Ãâ·ÑÏÂÔØ"}
}

// geoNotices are the lines sites print to readers of the wrong country; the first line is a heading.
func geoNotices(lang string) [][]string {
	switch lang {
	case "fr":
		return [][]string{{
			"Oups.", "Notre site n’est momentanément pas accessible depuis votre pays.",
			"Nous faisons le nécessaire pour le remettre en ligne.", "VIE PRIVÉE",
		}}
	case "de":
		return [][]string{{
			"Hoppla.", "Unsere Website ist in Ihrer Region vorübergehend nicht verfügbar.",
			"Wir arbeiten daran, sie wieder bereitzustellen.", "DATENSCHUTZ",
		}}
	}
	return [][]string{
		{
			"Oops.", "Our website is temporarily unavailable in your location.",
			"We are working hard to get it back online.", "PRIVACY",
		},
		{
			"Oops!", "This website is currently not available in your region.",
			"Our team is working to bring it back as soon as possible.", "PRIVACY",
		},
		{
			"Sorry.", "Our site is temporarily unavailable from where you are.",
			"We are doing our best to have it back online soon.", "PRIVACY POLICY",
		},
	}
}

// pick chooses one of n by the page's id, always the same.
func pick(id string, n int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))        // a hash never fails
	return int(h.Sum32() % uint32(n)) //nolint:gosec // n is a small positive count
}

// preamble is what a page prints before its article.
func preamble(p *Page) template.HTML {
	var b strings.Builder
	if p.Has(shapeMojibake) {
		lines := mojibakeLines()
		b.WriteString("<p>" + html.EscapeString(lines[pick(p.ID, len(lines))]) + "</p>\n")
	}
	if p.Has(shapeGeonotice) || p.Has(shapeGeoblock) {
		notices := geoNotices(p.Language)
		b.WriteString("<div class=\"notice\">\n")
		for i, line := range notices[pick(p.ID, len(notices))] {
			tag := "p"
			if i == 0 {
				tag = "h2"
			}
			b.WriteString("<" + tag + ">" + html.EscapeString(line) + "</" + tag + ">\n")
		}
		b.WriteString("</div>\n")
	}
	return template.HTML(b.String()) //nolint:gosec // built of escaped constants
}
