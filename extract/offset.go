package extract

import (
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
)

const runeStep = 256

// runeIndex turns byte offsets of a text into code points.
type runeIndex struct {
	text string
	// marks holds the number of code points before every runeStep bytes; nil for plain ASCII.
	marks []int32
	// starts holds the first beginning of a code point at or after every runeStep bytes.
	starts []int32
}

func newRuneIndex(text string) runeIndex {
	x := runeIndex{text: text}
	ascii := true
	for i := 0; i < len(text) && ascii; i++ {
		ascii = text[i] < utf8.RuneSelf
	}
	if ascii {
		return x
	}
	n := int32(0)
	x.marks = make([]int32, 0, len(text)/runeStep+1)
	next := 0
	for i := range text {
		for i >= next {
			// The mark counts code points that begin before next.
			x.marks = append(x.marks, n)
			x.starts = append(x.starts, int32(i))
			next += runeStep
		}
		n++
	}
	return x
}

// at gives the number of code points before byte offset b, which must be the start of one or the end of the text.
func (x runeIndex) at(b int) int {
	if x.marks == nil {
		return b
	}
	k := b / runeStep
	if k >= len(x.marks) {
		k = len(x.marks) - 1
	}
	i := int(x.starts[k])
	return int(x.marks[k]) + utf8.RuneCountInString(x.text[min(i, b):b])
}

// span turns bytes of Raw into a span of the report's text; a place in the title is the empty span.
func (d *document) span(a, b int) intel.Span {
	if a < d.base {
		return intel.Span{}
	}
	return intel.Span{Start: d.runes.at(a - d.base), End: d.runes.at(b - d.base)}
}
