package article

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/markusmobius/go-htmldate"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mainText is the article as blocks, and the tables and code that the search for it left out.
type mainText struct {
	blocks   []block
	appendix string
}

// mainText finds the article among the blocks of the page.
func (p *page) mainText() mainText {
	chosen := make([]bool, len(p.blocks))
	found := p.search()
	covered := p.mark(chosen, found)
	if total := lettersOf(found); total == 0 || covered*10 < total*6 {
		if fallback := p.plainChoice(); total == 0 {
			chosen = fallback
		} else {
			return mainText{blocks: clean(found, nil), appendix: p.appendix(chosen)}
		}
	}
	box := container(p.blocks, chosen)
	p.main = map[*html.Node]bool{}
	for n := box; n != nil; n = n.Parent {
		p.main[n] = true
	}
	p.trim(chosen, box)
	p.fill(chosen, box)
	p.addLead(chosen)
	p.addTables(chosen, box)
	var out []block
	for i, ok := range chosen {
		if ok {
			out = append(out, p.blocks[i])
		}
	}
	out = clean(out, p.walledBody(out))
	return mainText{blocks: out, appendix: p.appendix(chosen)}
}

// walledBody is the article body of the JSON-LD when the page shows much less of it and the publisher marks it free to read.
func (p *page) walledBody(have []block) []block {
	if p.ld.body == "" || p.ld.walled {
		return nil
	}
	var out []block
	for para := range strings.SplitSeq(strings.ReplaceAll(p.ld.body, "\r\n", "\n"), "\n") {
		if b := newBlock(inline(html.UnescapeString(para))); b.text != "" {
			b.kind = atom.P
			out = append(out, b)
		}
	}
	if lettersOf(out) < 2*lettersOf(have) || strings.Contains(p.ld.body, "</") {
		return nil
	}
	return out
}

// search asks trafilatura for the main text and cuts its answer into blocks. Its fallback costs as much again and is asked only
// where the first answer holds much less than the paragraphs of the page.
func (p *page) search() []block {
	if p.elements > maxElements {
		return nil
	}
	found := p.ask(p.slim(), false)
	if enoughFound(lettersOf(found), p.plainLetters()) {
		return found
	}
	return p.ask(p.slim(), true)
}

// enoughFound says that the search without its fallback found most of what looks like text.
func enoughFound(found, plain int) bool { return found >= 500 && found*10 >= plain*6 }

// plainLetters is how many letters the plain rules would choose, each text once.
func (p *page) plainLetters() int {
	n, seen := 0, map[string]bool{}
	for i, ok := range p.plainChoice() {
		if b := p.blocks[i]; ok && !seen[b.key] {
			seen[b.key] = true
			n += b.letters
		}
	}
	return n
}

// ask runs trafilatura.
func (p *page) ask(root *html.Node, fallback bool) (found []block) {
	// The libraries below read hostile trees; should one of them panic, the plain choice answers instead.
	defer func() {
		if r := recover(); r != nil {
			found = nil
		}
	}()
	res, err := trafilatura.ExtractDocument(root, trafilatura.Options{
		EnableFallback:   fallback,
		ExcludeComments:  true,
		OriginalURL:      p.base,
		HtmlDateOverride: &htmldate.Result{DateTime: time.Unix(0, 0)},
	})
	if err != nil || res == nil || res.ContentNode == nil {
		return nil
	}
	return cut(res.ContentNode)
}

func lettersOf(bs []block) int {
	n := 0
	for _, b := range bs {
		n += b.letters
	}
	return n
}

// shingle is how many words make one unit of comparison.
const shingle = 4

// mark chooses the blocks of the page that the found text holds and says how many of its letters they cover. Long blocks are
// compared by runs of words, short ones exactly and only between long ones.
func (p *page) mark(chosen []bool, found []block) int {
	runs := map[uint64]bool{}
	short := map[string]int{}
	for _, b := range found {
		for l := range strings.SplitSeq(b.text, "\n") {
			short[keyOf(l)]++
		}
		short[b.key]++
		eachRun(b.text, func(h uint64) { runs[h] = true })
	}
	first, last, covered := len(p.blocks), -1, 0
	used := map[string]bool{}
	for i, b := range p.blocks {
		if b.hidden && used[b.key] {
			continue
		}
		hit, all := 0, 0
		eachRun(b.text, func(h uint64) {
			all++
			hit += b2i(runs[h])
		})
		if all >= 3 && hit*10 >= all*7 && !used[b.key] || all > 0 && hit == all && short[b.key] > 0 && b.letters > 25 && !used[b.key] {
			chosen[i], used[b.key] = true, true
			first, last = min(first, i), i
			covered += b.letters
		}
	}
	for i := first; i < last; i++ {
		if b := p.blocks[i]; !chosen[i] && !b.hidden && short[b.key] > 0 && b.letters > 0 && !used[b.key] {
			chosen[i], covered = true, covered+b.letters
			used[b.key] = b.letters > 12
		}
	}
	if last < 0 {
		for i, b := range p.blocks {
			if short[b.key] > 0 && !used[b.key] {
				chosen[i], used[b.key] = true, true
				covered += b.letters
			}
		}
	}
	return covered
}

// eachRun calls yield with a hash of every run of words of s. Scripts without spaces are read by letters.
func eachRun(s string, yield func(uint64)) {
	words := strings.Fields(s)
	if len(words)*20 < len(s) {
		words = spread(words)
	}
	var last [shingle]uint64
	for i, w := range words {
		last[i%shingle] = wordHash(w)
		if i < shingle-1 {
			continue
		}
		h := uint64(fnvOffset)
		for k := range shingle {
			h = (h ^ last[(i+1+k)%shingle]) * fnvPrime
		}
		yield(h)
	}
}

// The constants of the 64-bit FNV-1a hash.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// wordHash is a hash of the letters and digits of a word, whatever their case.
func wordHash(w string) uint64 {
	h := uint64(fnvOffset)
	for _, r := range w {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r):
			continue
		default:
			r = unicode.ToLower(r)
		}
		h = (h ^ uint64(r)) * fnvPrime //nolint:gosec // runes are not negative
	}
	return h
}

// spread cuts words of scripts that do not write spaces into single characters.
func spread(words []string) []string {
	var out []string
	for _, w := range words {
		if len(w) < 60 {
			out = append(out, w)
			continue
		}
		for _, r := range w {
			out = append(out, string(r))
		}
	}
	return out
}

// plainChoice is the choice without trafilatura: paragraphs with enough text and few links, outside what is marked as
// something else.
func (p *page) plainChoice() []bool {
	chosen := make([]bool, len(p.blocks))
	for i, b := range p.blocks {
		enough := b.letters >= 40 || b.kind == atom.Tr || b.kind == atom.Pre || b.heading()
		chosen[i] = enough && b.linkRatio() < 0.5 && !b.hidden && !b.caption && p.sideMark(b.node, nil) == ""
	}
	return chosen
}

// container is the deepest element that holds at least four fifths of the chosen text.
func container(blocks []block, chosen []bool) *html.Node {
	weight := map[*html.Node]int{}
	total := 0
	for i, b := range blocks {
		if !chosen[i] {
			continue
		}
		total += b.letters
		for n := b.node; n != nil; n = n.Parent {
			weight[n] += b.letters
		}
	}
	var best *html.Node
	depth := -1
	for n, w := range weight {
		if w*5 < total*4 {
			continue
		}
		d := 0
		for a := n.Parent; a != nil; a = a.Parent {
			d++
		}
		if d > depth {
			best, depth = n, d
		}
	}
	return best
}

func inside(n, box *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}

// trim drops chosen blocks that the markup calls something else: captions, related stories, newsletters, comments.
func (p *page) trim(chosen []bool, box *html.Node) {
	total := 0
	by := map[string]int{}
	why := make([]string, len(p.blocks))
	for i, b := range p.blocks {
		if !chosen[i] {
			continue
		}
		total += b.letters
		switch {
		case b.caption:
			why[i] = "caption"
		case inside(b.node, box):
			why[i] = p.sideMark(b.node, box)
		default:
			why[i] = p.sideMark(b.node, nil)
		}
		by[why[i]] += b.letters
	}
	for i := range p.blocks {
		if chosen[i] && why[i] != "" && by[why[i]]*3 < total {
			chosen[i] = false
		}
	}
}

// fill chooses what the search dropped between and around the chosen blocks: paragraphs of the same container.
func (p *page) fill(chosen []bool, box *html.Node) {
	first, last := bounds(chosen)
	if first < 0 || box == nil {
		return
	}
	parents := map[*html.Node]bool{}
	used := map[string]bool{}
	for i := first; i <= last; i++ {
		if chosen[i] {
			parents[p.blocks[i].node.Parent] = true
			used[p.blocks[i].key] = true
		}
	}
	fits := func(i, least int) bool {
		b := p.blocks[i]
		return !chosen[i] && b.letters >= least && !b.hidden && !b.caption && !used[b.key] && b.linkRatio() < 0.5 &&
			!isBoiler(b) && inside(b.node, box) && p.sideMark(b.node, box) == ""
	}
	for i := first + 1; i < last; i++ {
		// The items of a list may be single names: the firms that somebody says it has robbed.
		least := 20
		if p.blocks[i].kind == atom.Li || p.blocks[i].kind == atom.Tr {
			least = 2
		}
		if fits(i, least) && (fillable(p.blocks[i].kind) || parents[p.blocks[i].node.Parent]) {
			chosen[i], used[p.blocks[i].key] = true, true
		}
	}
	for i := first - 1; i >= 0 && parents[p.blocks[i].node.Parent] && fits(i, 40) && p.blocks[i].kind == atom.P; i-- {
		chosen[i] = true
	}
	for i := last + 1; i < len(p.blocks) && parents[p.blocks[i].node.Parent] && fits(i, 30) && p.blocks[i].kind == atom.P; i++ {
		chosen[i] = true
	}
	for i := last - 1; i >= first; i-- {
		if b := p.blocks[i]; !chosen[i] && b.heading() && chosen[i+1] && !p.blocks[i+1].heading() && fits(i, 3) {
			chosen[i] = true
		}
	}
}

func fillable(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Blockquote, atom.Pre, atom.Li, atom.Dd, atom.Tr:
		return true
	}
	return false
}

func bounds(chosen []bool) (first, last int) {
	first, last = -1, -1
	for i, ok := range chosen {
		if ok {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last
}

// addLead chooses the standfirst: the block before the article that repeats the description of the page's head, or that its
// markup calls so, below the main heading.
func (p *page) addLead(chosen []bool) {
	first, _ := bounds(chosen)
	if first < 0 {
		return
	}
	desc := keyOf(p.first("description", "og:description", "twitter:description"))
	have := map[string]bool{}
	for i, ok := range chosen {
		if ok {
			have[p.blocks[i].key] = true
		}
	}
	head := -1
	for i := first - 1; i >= 0 && i > first-40; i-- {
		if p.blocks[i].kind == atom.H1 {
			head = i
			break
		}
	}
	for i := max(first-40, head+1, 0); i < first; i++ {
		b := p.blocks[i]
		if chosen[i] || b.hidden || b.caption || have[b.key] || b.letters < 25 || b.linkRatio() > 0.3 || isBoiler(b) {
			continue
		}
		same := len(desc) >= 25 && (strings.HasPrefix(b.key, desc[:min(len(desc), 60)]) || strings.HasPrefix(desc, b.key))
		if same || head >= 0 && leadMark(b.node) {
			chosen[i], have[b.key] = true, true
		}
	}
}

// addTables chooses rows of data and code inside the article's container that the search dropped: indicators of compromise are
// printed there.
func (p *page) addTables(chosen []bool, box *html.Node) {
	first, last := bounds(chosen)
	if first < 0 || box == nil {
		return
	}
	wide := box
	for n := box; n != nil; n = n.Parent {
		if n.DataAtom == atom.Article || n.DataAtom == atom.Main {
			wide = n
			break
		}
	}
	for i := first; i < len(p.blocks); i++ {
		b := p.blocks[i]
		if chosen[i] || b.hidden || b.letters == 0 || b.kind != atom.Tr && b.kind != atom.Pre {
			continue
		}
		if inside(b.node, wide) && b.linkRatio() < 0.7 && p.sideMark(b.node, wide) == "" {
			chosen[i] = true
			if i > 0 && i-1 > last && !chosen[i-1] && p.blocks[i-1].heading() && inside(p.blocks[i-1].node, wide) {
				chosen[i-1] = true
			}
		}
	}
}

// appendix is the text of tables and code blocks that stayed out of the article.
func (p *page) appendix(chosen []bool) string {
	var rest []block
	for i, b := range p.blocks {
		if !chosen[i] && !b.hidden && (b.kind == atom.Tr || b.kind == atom.Pre) && b.linkRatio() < 0.7 {
			rest = append(rest, b)
		}
	}
	return join(rest)
}
