package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/rapsheet/rapsheet/intel"
)

// minNote is how many letters a text needs that was given its title by who adds it: a note, a row of a list.
const minNote = 12

// readPlain reads a plain text: the dump of a page, or a text somebody saved.
func readPlain(doc intel.Document) (intel.Article, error) {
	return fromLines(doc, decode(doc.Body, doc.ContentType))
}

// fromLines makes an article of text in paragraphs.
func fromLines(doc intel.Document, text string) (intel.Article, error) {
	blocks := paragraphs(text)
	blocks = dropJunk(blocks)
	blocks, met := dropNotices(blocks, "")
	head, blocks := plainHead(blocks)
	top := blocks[:min(len(blocks), 4)]
	title, blocks := plainTitle(blocks, firstOf(inline(doc.GivenTitle), head.title))
	p := newPage(doc, &html.Node{Type: html.DocumentNode})
	authors := p.cleanNames(head.authors, false)
	blocks = dropDateline(clean(blocks, nil))
	a := intel.Article{
		Title:          firstOf(title, inline(doc.FeedTitle)),
		Authors:        append([]string{}, authors...),
		SiteName:       head.site,
		Text:           join(blocks),
		RightsReserved: doc.RightsReserved,
	}
	if why := verdict(a.Title, met, countLetters(a.Text), false); why != "" && (doc.GivenTitle == "" || met != "" || countLetters(a.Text) < minNote) {
		return intel.Article{}, notReport(doc, why)
	}
	switch {
	case !doc.GivenPublished.IsZero():
		a.Published, a.PublishedFrom = doc.GivenPublished, "given"
	case possible(head.published, doc.Retrieved):
		a.Published, a.PublishedFrom = head.published, "text"
	case possible(doc.FeedPublished, doc.Retrieved):
		a.Published, a.PublishedFrom = doc.FeedPublished, "feed"
	default:
		a.Published, a.PublishedFrom = headDate(a.Title, top, doc)
	}
	a.Language = language(doc, "", a.Title+"\n"+a.Text)
	a.CanonicalURL, _ = p.address()
	return a, nil
}

// headDate reads a full date from the short lines at the top of a text; running text tells of other days.
func headDate(title string, top []block, doc intel.Document) (intel.Moment, string) {
	lines := []block{newBlock(title)}
	for _, b := range top {
		if !bodyLike(b) {
			lines = append(lines, b)
		}
	}
	for _, b := range lines {
		if b.letters < 60 && !changeWord.MatchString(b.text) {
			if m := visibleDate(b.text, false, false); possible(m, doc.Retrieved) {
				return m, "text"
			}
		}
	}
	return intel.Moment{}, ""
}

// paragraphs cuts plain text at blank lines. Lines that were wrapped at a width are joined; others stand for themselves.
func paragraphs(text string) []block {
	var out []block
	add := func(s string) {
		if b := newBlock(inline(s)); b.text != "" {
			b.kind = atom.P
			b.node = &html.Node{Type: html.ElementNode, DataAtom: atom.P, Data: "p"}
			out = append(out, b)
		}
	}
	var group []string
	flush := func() {
		if wrapped(group) {
			add(strings.Join(group, " "))
		} else {
			for _, l := range group {
				add(l)
			}
		}
		group = group[:0]
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			flush()
			continue
		}
		group = append(group, line)
	}
	flush()
	return out
}

// wrapped says that the lines of a group are one paragraph broken at a width: all but the last are of similar length.
func wrapped(lines []string) bool {
	if len(lines) < 2 {
		return false
	}
	least, most := 1<<30, 0
	for _, l := range lines[:len(lines)-1] {
		n := len([]rune(strings.TrimSpace(l)))
		least, most = min(least, n), max(most, n)
	}
	return least >= 45 && most <= 100
}

// dropJunk drops mojibake lines and boilerplate from both ends.
func dropJunk(blocks []block) []block {
	for len(blocks) > 0 && (isJunk(blocks[0].text) || blocks[0].letters == 0 || isBoiler(blocks[0])) {
		blocks = blocks[1:]
	}
	for len(blocks) > 0 && (isJunk(blocks[len(blocks)-1].text) || blocks[len(blocks)-1].letters == 0) {
		blocks = blocks[:len(blocks)-1]
	}
	return blocks
}

// plainTitle takes the headline off the top of a plain text: the first line among those above the body that reads like one. Short
// lines above it (the section, the name of the site) go with it.
func plainTitle(blocks []block, given string) (string, []block) {
	if given != "" {
		return given, dropTitle(blocks, given)
	}
	for i, b := range blocks {
		if i > 8 || bodyLike(b) {
			break
		}
		if headline(b) {
			return strings.Join(strings.Fields(b.text), " "), blocks[i+1:]
		}
	}
	if len(blocks) > 1 && !bodyLike(blocks[0]) {
		return blocks[0].text, blocks[1:]
	}
	return "", blocks
}

// bodyLike says that a block is running text.
func bodyLike(b block) bool {
	return b.letters > 160 || b.letters > 80 && endsSentence(b.text)
}

// headline says that a line reads like one: some words, a capital or digit in front, no full stop behind.
func headline(b block) bool {
	n := len(strings.Fields(b.text))
	r := []rune(strings.TrimLeft(b.text, `'"“‘«„([ `))
	if len(r) == 0 {
		return false
	}
	start := unicode.IsUpper(r[0]) || unicode.IsDigit(r[0]) || unicode.Is(unicode.Lo, r[0])
	return start && (n >= 4 || unicode.Is(unicode.Lo, r[0]) && len(r) >= 8) && b.letters >= 14 && b.letters < 200 && !endsSentence(b.text)
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, `'"”’»)] `)
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, "。")
}
