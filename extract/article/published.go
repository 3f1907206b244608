package article

import (
	"regexp"
	"strings"
	"time"

	"github.com/markusmobius/go-dateparser"
	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html/atom"

	"github.com/rapsheet/rapsheet/intel"
)

// metaDates and metaChanged are the meta names of publication and change, most trusted first; metaVague do not say which date they mean.
var (
	metaDates = strings.Fields(`article:published_time og:article:published_time og:published_time article:published datepublished
		date.issued dc.date.issued dcterms.issued dcterms.created dc.date.created datecreated article:created publishdate publish-date publish_date
		publication_date pubdate parsely-pub-date sailthru.date cxenseparse:recs:publishtime rnews:datepublished article.published
		citation_publication_date citation_online_date bt:pubdate shareaholic:article_published_time og:pubdate vr:published_time`)
	metaVague   = []string{"dc.date", "dcterms.date", "date"}
	metaChanged = strings.Fields(`article:modified_time og:article:modified_time og:updated_time datemodified dcterms.modified dc.date.modified last-modified revised`)
)

// published says when the article was published and by which evidence. The order is fixed: what the giver said, JSON-LD, meta,
// marked-up time, feed, address, visible text. Nothing found is unknown, never now.
func (p *page) published(blocks []block) (intel.Moment, string) {
	if !p.doc.GivenPublished.IsZero() {
		return p.doc.GivenPublished, "given"
	}
	if m := p.parse(p.ld.published); p.ok(m) {
		if shown := p.shown(); !shown.IsZero() && nearDays(shown, m) {
			return shown, "meta"
		}
		return p.localDay(m, p.ld.published, blocks), "json-ld"
	}
	var weak intel.Moment
	for _, k := range metaDates {
		m := p.parse(p.first(k))
		if !p.ok(m) {
			continue
		}
		if m.Precision() == intel.PrecisionDay && m.Date().Month == time.January && m.Date().Day == 1 {
			weak = m
			continue
		}
		return p.localDay(m, p.first(k), blocks), "meta"
	}
	if m, raw := p.timeElement(); p.ok(m) {
		return p.localDay(m, raw, blocks), "time"
	}
	if p.ok(p.doc.FeedPublished) {
		return p.doc.FeedPublished, "feed"
	}
	if m := p.addressDate(); p.ok(m) {
		return m, "url"
	}
	if m := p.nearTitle(blocks); p.ok(m) {
		return m, "text"
	}
	if m := p.labelled(); p.ok(m) {
		return m, "text"
	}
	if m := p.parse(p.first(metaVague...)); p.ok(m) {
		return m, "meta"
	}
	// Where a page shows nothing but the date of its change, this version of it appeared then.
	if m := p.onlyChange(); p.ok(m) {
		return m, "text"
	}
	if p.ok(weak) {
		return weak, "meta"
	}
	if m := p.guessed(blocks); p.ok(m) {
		return m, "text"
	}
	return intel.Moment{}, ""
}

// shown is the date that the page shows its readers and that its head calls its date without more; zero when the two differ. Where
// they agree they tell when the page came out: the date that a publisher's system calls the publication may be its first draft's.
func (p *page) shown() intel.Moment {
	head := p.parse(p.first(metaVague...))
	if !p.ok(head) {
		return intel.Moment{}
	}
	if m, _ := p.timeElement(); p.ok(m) && m.Date() == head.Date() {
		return head
	}
	return intel.Moment{}
}

// nearDays says that b is another day than a, but not more than two weeks from it: a later date is one of an update.
func nearDays(a, b intel.Moment) bool {
	gap := a.Date().UTC().Sub(b.Date().UTC()).Abs()
	return gap > 0 && gap <= 14*24*time.Hour
}

// localDay keeps the publisher's calendar: where an instant falls on another day in UTC than in the zone it was written in, in the
// page's address or in its visible date, the publisher's day is what the article's "today" and "on Sunday" count from, and the
// hour is given up for it.
func (p *page) localDay(m intel.Moment, raw string, blocks []block) intel.Moment {
	if m.Precision() != intel.PrecisionSecond {
		return m
	}
	if d := isoDay.FindStringSubmatch(strings.TrimSpace(raw)); d != nil {
		if own := day(d[1], d[2], d[3]); !own.IsZero() && own.Date() != m.Date() {
			return own
		}
	}
	for _, seen := range []intel.Moment{p.addressDate(), p.nearTitle(blocks)} {
		if seen.IsZero() {
			continue
		}
		if gap := m.Date().UTC().Sub(seen.Date().UTC()).Abs(); gap == 24*time.Hour {
			return intel.OnDay(seen.Date())
		}
		break
	}
	return m
}

// modified says when the page says it was changed.
func (p *page) modified() intel.Moment {
	if m := p.parse(p.ld.modified); p.ok(m) {
		return m
	}
	for _, k := range metaChanged {
		if m := p.parse(p.first(k)); p.ok(m) {
			return m
		}
	}
	return p.shownChange()
}

// onlyChange is the date of change that the page shows, in an element marked as a date or around the heading.
func (p *page) onlyChange() intel.Moment {
	for _, s := range p.times {
		if p.beside(s) {
			continue
		}
		if m := visibleDate(textOf(s.node), p.monthFirst(), p.dayFirst()); p.ok(m) {
			return m
		}
	}
	return p.shownChange()
}

// shownChange is the date of change that the lines around the heading show.
func (p *page) shownChange() intel.Moment {
	head := -1
	for i, b := range p.blocks {
		if b.kind == atom.H1 {
			head = i
			break
		}
	}
	if head < 0 {
		return intel.Moment{}
	}
	for _, b := range p.blocks[head+1 : min(head+9, len(p.blocks))] {
		if b.letters > 90 || b.hidden || b.linkRatio() > 0.6 {
			continue
		}
		if at := changeWord.FindStringIndex(b.text); at != nil {
			if m := visibleDate(b.text[at[0]:], p.monthFirst(), p.dayFirst()); p.ok(m) {
				return m
			}
		}
	}
	return intel.Moment{}
}

func (p *page) ok(m intel.Moment) bool { return possible(m, p.doc.Retrieved) }

// parse reads a machine-readable time, or a written date.
func (p *page) parse(s string) intel.Moment {
	if s == "" {
		return intel.Moment{}
	}
	if m := parseTime(s); !m.IsZero() {
		return m
	}
	return visibleDate(s, p.monthFirst(), p.dayFirst())
}

// monthFirst says that the page writes the month before the day; dayFirst that it does not.
func (p *page) monthFirst() bool {
	l := strings.ToLower(p.declared())
	return l == "en-us" || l == "en_us" || l == "en" && !commonwealth(p.base.Hostname())
}

func (p *page) dayFirst() bool {
	l := strings.ToLower(p.declared())
	return l != "" && !strings.HasPrefix(l, "en") || strings.HasPrefix(l, "en-gb") || strings.HasPrefix(l, "en_gb") || strings.HasPrefix(l, "en-au") || commonwealth(p.base.Hostname())
}

func commonwealth(host string) bool {
	for _, s := range []string{".uk", ".au", ".nz", ".ie", ".in", ".za"} {
		if strings.HasSuffix(host, s) {
			return true
		}
	}
	return false
}

// timeElement reads the times that the markup carries: those marked as publication first, then the first outside of what stands
// beside the article.
func (p *page) timeElement() (intel.Moment, string) {
	var first intel.Moment
	from := ""
	for _, s := range p.times {
		if s.modified && !s.published || p.beside(s) {
			continue
		}
		raw := s.value
		m := parseTime(raw)
		if m.IsZero() {
			raw = unchanged(textOf(s.node))
			m = visibleDate(raw, p.monthFirst(), p.dayFirst())
		}
		if !p.ok(m) {
			continue
		}
		if s.published {
			return m, raw
		}
		if first.IsZero() {
			first, from = m, raw
		}
	}
	return first, from
}

// beside says that a time belongs to something else than the article: a comment, a related story, a link to another page.
func (p *page) beside(s stamp) bool {
	for n := s.node; n != nil && !p.main[n]; n = n.Parent {
		switch n.DataAtom {
		case atom.A, atom.Aside, atom.Nav:
			return !s.published
		case atom.Footer:
			continue
		}
		if side := sideOf(n); side != "" && !metaSides[side] {
			return true
		}
	}
	return false
}

func (p *page) addressDate() intel.Moment {
	if m := urlDay.FindStringSubmatch(p.base.Path); m != nil {
		return day(m[1], m[2], m[3])
	}
	if m := urlTight.FindStringSubmatch(p.base.Path); m != nil {
		return day(m[1], m[2], m[3])
	}
	return intel.Moment{}
}

// nearTitle reads a date from the short lines around the heading and above the article.
func (p *page) nearTitle(blocks []block) intel.Moment {
	first, head := -1, -1
	for i, b := range p.blocks {
		if b.kind == atom.H1 && head < 0 {
			head = i
		}
		if len(blocks) > 0 && b.node == blocks[0].node && first < 0 {
			first = i
		}
	}
	from, to := max(head-3, 0), head+8
	if head < 0 || first >= 0 && first < head {
		from, to = max(first-8, 0), first+3
	}
	if first > to {
		to = min(first, to+12)
	}
	for _, b := range p.blocks[from:max(from, min(to, len(p.blocks)))] {
		if b.letters > 90 || b.hidden || b.linkRatio() > 0.6 || b.kind == atom.Tr && b.linkRatio() > 0.2 {
			continue
		}
		if m := visibleDate(unchanged(b.text), p.monthFirst(), p.dayFirst()); p.ok(m) {
			return m
		}
	}
	return intel.Moment{}
}

// labelled reads a date that the page calls the date of publication, wherever it stands outside of what belongs to others, or that
// opens the page's title before a stroke.
func (p *page) labelled() intel.Moment {
	label := false
	for _, b := range p.blocks {
		if b.letters > 90 || b.hidden {
			label = false
			continue
		}
		here := publishWord.MatchString(b.text)
		if here || label {
			if m := visibleDate(unchanged(b.text), p.monthFirst(), p.dayFirst()); p.ok(m) && b.linkRatio() < 0.5 {
				if side := p.sideMark(b.node, nil); side == "" || metaSides[side] {
					return m
				}
			}
		}
		label = here && b.letters < 30
	}
	if head, _, ok := strings.Cut(p.docTitle, " | "); ok && countLetters(head) < 16 {
		return visibleDate(head, p.monthFirst(), p.dayFirst())
	}
	return intel.Moment{}
}

// guessed asks htmldate, and believes it only where the date stands in a short line or in markup: a date inside a paragraph is
// when something happened, not when the page was published.
func (p *page) guessed(blocks []block) (found intel.Moment) {
	if p.doc.Retrieved.IsZero() || p.elements > maxElements {
		return intel.Moment{}
	}
	defer func() {
		if r := recover(); r != nil {
			found = intel.Moment{}
		}
	}()
	res, err := htmldate.FromDocument(p.root, htmldate.Options{
		UseOriginalDate: true,
		URL:             p.base.String(),
		MinDate:         time.Date(earliest, 1, 1, 0, 0, 0, 0, time.UTC),
		MaxDate:         p.doc.Retrieved.Add(36 * time.Hour),
		DateParserConfig: &dateparser.Configuration{
			CurrentTime:         p.doc.Retrieved,
			PreferredDateSource: dateparser.Past,
		},
	})
	if err != nil || res.IsZero() || !p.standsAlone(res.SrcString, res.DateTime, blocks) {
		return intel.Moment{}
	}
	return intel.OnDay(intel.DateOf(res.DateTime))
}

// dayOne is a number one that stands alone.
var dayOne = regexp.MustCompile(`(?:^|\D)0?1(?:\D|$)`)

// standsAlone says that the words a date was read from are a short line with day and year in or above the article, not beside it:
// a date in a list of related stories is theirs. Words that no block shows come from the markup.
func (p *page) standsAlone(src string, at time.Time, blocks []block) bool {
	if !strings.Contains(src, at.Format("2006")) || len(src) < 8 {
		return false
	}
	if at.Month() == time.January && at.Day() == 1 && !dayOne.MatchString(src) {
		return false // a lone year, as of a copyright line, was filled up
	}
	last := len(p.blocks) - 1
	if len(blocks) > 0 {
		for i, b := range p.blocks {
			if b.node == blocks[len(blocks)-1].node {
				last = min(i+2, last)
				break
			}
		}
	}
	k, visible := keyOf(src), false
	for i, b := range p.blocks {
		if day := intel.DateOf(at); !strings.Contains(b.key, k) && visibleDate(b.text, true, false).Date() != day && visibleDate(b.text, false, true).Date() != day {
			continue
		}
		visible = true
		if i <= last && b.letters <= 90 && b.linkRatio() < 0.3 && !changeWord.MatchString(b.text) {
			side := p.sideMark(b.node, nil)
			return side == "" || metaSides[side]
		}
	}
	return !visible
}
