package pdf

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/rapsheet/rapsheet/intel"
)

// Text is what a document says.
type Text struct {
	// Title is set in the largest type on the first page, else what the metadata say.
	Title  string
	Author string
	// Created is when the file was made, which may be later than what it reports.
	Created intel.Moment
	// Body is the text as paragraphs with blank lines between them, without running heads and page numbers.
	Body string
	// FirstPage is the text of the first page.
	FirstPage string
	// Pages is how many pages were read; Cut says that there are more.
	Pages int
	Cut   bool
}

var (
	pageNumber = regexp.MustCompile(`(?i)^\W*((page|seite|p\.)\s*)?\d{1,4}(\s*(/|of|von|de)\s*\d{1,4})?\W*$`)
	digits     = regexp.MustCompile(`\d+`)
	hexEnd     = regexp.MustCompile(`(?:^|[\s|:])([0-9a-fA-F]{6,63})$`)
	hexStart   = regexp.MustCompile(`^([0-9a-fA-F]{2,58})(?:$|[\s|,;])`)
	linkEnd    = regexp.MustCompile(`(?i)(?:h(?:tt|xx)ps?(?::|\[:\])//|www\.|\[\.\])[^\s]*[/\-_.=&?%\]\w]$`)
	linkStart  = regexp.MustCompile(`^[A-Za-z0-9/\-_.=&?%~+\[\]]+(?:$|\s)`)
	fileTitle  = regexp.MustCompile(`(?i)^(microsoft (word|powerpoint)|untitled|document\d*|unbenannt|powerpoint|slide)|\.(docx?|pptx?|pdf|indd|odt|tex|dvi)$`)
	created    = regexp.MustCompile(`^D?:?(\d{4})(\d{2})(\d{2})`)
)

// text makes the document's text of its lines.
func (d rawDocument) text() Text {
	heads := running(d.pages)
	out := Text{Title: d.headline(), Author: tidy(d.author), Pages: len(d.pages), Cut: d.cut}
	if m := created.FindStringSubmatch(d.created); m != nil {
		if day, err := intel.ParseDate(m[1] + "-" + m[2] + "-" + m[3]); err == nil {
			out.Created = intel.OnDay(day)
		}
	}
	var all []string
	for i, p := range d.pages {
		var lines []string
		for j, l := range p {
			edge := j < 3 || j >= len(p)-3
			if edge && (heads[shape(l.text)] || pageNumber.MatchString(l.text)) {
				continue
			}
			lines = append(lines, l.text)
		}
		all = append(all, pageBreak)
		if i == 0 {
			out.FirstPage = strings.Join(lines, "\n")
		}
		all = append(all, lines...)
	}
	out.Body = strings.Join(reflow(all), "\n\n")
	return out
}

// headline is the text in the largest type in the upper part of the first page, over as many lines as follow in that size.
func (d rawDocument) headline() string {
	meta := tidy(d.title)
	if fileTitle.MatchString(meta) || len(strings.Fields(meta)) < 2 {
		meta = ""
	}
	if len(d.pages) == 0 {
		return meta
	}
	lines := d.pages[0][:min(len(d.pages[0]), 40)]
	best, most, common := -1, 0.0, map[int]int{}
	for i, l := range lines {
		common[int(l.size+0.5)] += len(l.text)
		if l.size > most*1.05 && letters(l.text) >= 8 {
			best, most = i, l.size
		}
	}
	body, weight := 0, 0
	for s, w := range common {
		if w > weight {
			body, weight = s, w
		}
	}
	if best < 0 || most < float64(body)*1.15 {
		if meta == "" && len(lines) > 0 && letters(lines[0].text) >= 8 {
			return lines[0].text
		}
		return meta
	}
	title := lines[best].text
	var titleSb99 strings.Builder
	for i := best + 1; i < len(lines) && i < best+4 && lines[i].size > most*0.95; i++ {
		titleSb99.WriteString(" " + lines[i].text)
	}
	title += titleSb99.String()
	return strings.TrimSpace(title)
}

// running finds the lines that stand at the edge of most pages.
func running(pages [][]rawLine) map[string]bool {
	count := map[string]int{}
	for _, p := range pages {
		seen := map[string]bool{}
		for i, l := range p {
			if i < 3 || i >= len(p)-3 {
				seen[shape(l.text)] = true
			}
		}
		for s := range seen {
			count[s]++
		}
	}
	out := map[string]bool{}
	for s, n := range count {
		if n >= 3 && n*2 > len(pages) || n >= 2 && n == len(pages) {
			out[s] = true
		}
	}
	return out
}

// shape is a line with its numbers made alike.
func shape(s string) string { return digits.ReplaceAllString(strings.ToLower(s), "#") }

// pageBreak stands between the lines of two pages.
const pageBreak = ""

// reflow joins lines into paragraphs. Indicators that were broken at the edge of a column are put together again.
func reflow(lines []string) []string {
	width := 0
	for _, l := range lines {
		width = max(width, min(len([]rune(l)), 140))
	}
	var out []string
	prev := "" // the last line as it stood
	for _, l := range lines {
		if l == pageBreak {
			prev = l
			continue
		}
		if len(out) == 0 {
			out, prev = append(out, l), l
			continue
		}
		last := out[len(out)-1]
		switch {
		case splitHash(last, l), splitLink(prev, last, l):
			out[len(out)-1] = last + l
		case hyphenated(last, l):
			out[len(out)-1] = strings.TrimRight(last, "-\u00ad\u2010\ufffe") + l
		case prev == pageBreak && unicode.IsLower([]rune(l)[0]) && !hexStart.MatchString(l) && !strings.HasSuffix(last, "."), continues(prev, l, width):
			out[len(out)-1] = last + " " + l
		default:
			out = append(out, l)
		}
		prev = l
	}
	return out
}

// splitHash says that a digest was broken between two lines: together they have the length of one.
func splitHash(a, b string) bool {
	x, y := hexEnd.FindStringSubmatch(a), hexStart.FindStringSubmatch(b)
	if x == nil || y == nil {
		return false
	}
	if whole(len(y[1])) || whole(len(x[1])) && len(y[1]) != len(b) {
		return false
	}
	if whole(len(x[1]) + len(y[1])) {
		return true
	}
	if whole(len(x[1])) {
		return false
	}
	// A digest over three lines: the first two join while they stay shorter than the longest.
	return len(x[1]) >= 16 && len(y[1]) >= 8 && len(y[1]) == len(b) && len(x[1])+len(y[1]) < 64
}

// whole says that a digest has n hexadecimal digits.
func whole(n int) bool { return n == 32 || n == 40 || n == 64 }

// splitLink says that an address was broken between two lines: it runs to the end of a line and goes on without a space.
func splitLink(prev, a, b string) bool {
	if !linkEnd.MatchString(a) || !linkStart.MatchString(b) {
		return false
	}
	end := a[len(a)-1]
	first := strings.Fields(b)[0]
	glued := strings.IndexByte("/-_=&?%.", end) >= 0 || strings.IndexByte("/-_=&?%.", b[0]) >= 0
	return glued && len([]rune(prev)) >= 30 && (strings.ContainsAny(first, "/.=&?%_-0123456789") || len(first) == len(b))
}

// hyphenated says that a word was divided at the end of a line.
func hyphenated(a, b string) bool {
	r, next := []rune(a), []rune(b)
	if len(r) < 3 || !unicode.IsLower(next[0]) {
		return false
	}
	switch r[len(r)-1] {
	case '-', '\u00ad', '\u2010', '\ufffe':
		return unicode.IsLower(r[len(r)-2])
	}
	return false
}

// continues says that line b goes on where a was full.
func continues(a, b string, width int) bool {
	r := []rune(strings.TrimSpace(b))
	if len(r) == 0 || strings.ContainsRune("•▪◦–*", r[0]) || hexStart.MatchString(b) {
		return false
	}
	n := len([]rune(a))
	end := strings.TrimRight(a, `'"”’)`)
	full := strings.HasSuffix(end, ".") || strings.HasSuffix(end, "!") || strings.HasSuffix(end, "?") || strings.HasSuffix(end, ":")
	switch {
	case unicode.IsLower(r[0]) && n > 25:
		return true
	case full:
		return n*10 >= width*9
	}
	return n*10 >= width*7
}

// tidy makes one line of text sound: composed, without controls, with single spaces.
func tidy(s string) string {
	s = norm.NFC.String(strings.ToValidUTF8(s, ""))
	s = strings.NewReplacer("ﬁ", "fi", "ﬂ", "fl", "ﬀ", "ff", "ﬃ", "ffi", "ﬄ", "ffl").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u0002' || r == '\ufffe':
			return '-' // pdfium's mark for a hyphen at the end of a line
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
