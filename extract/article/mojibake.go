package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Two usual kinds of mojibake are undone: UTF-8 read as Latin-1 or Windows-1252, and GBK read as Latin-1. Text that may be real
// is left alone.

func hasHigh(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// repairUTF8 reverses UTF-8 that was read as Windows-1252. Only runs of high characters that together spell valid multi-byte
// characters are changed, so that a line half of which is sound keeps that half.
func repairUTF8(line string) (string, bool) {
	var out strings.Builder
	changed := false
	run := make([]byte, 0, 8)
	raw := make([]rune, 0, 8)
	flush := func() {
		if len(run) >= 2 && utf8.Valid(run) && plausible(string(run)) {
			out.Write(run)
			changed = true
		} else {
			out.WriteString(string(raw))
		}
		run, raw = run[:0], raw[:0]
	}
	for _, r := range line {
		b, ok := highByte(r)
		if !ok {
			flush()
			out.WriteRune(r)
			continue
		}
		run, raw = append(run, b), append(raw, r)
	}
	flush()
	if !changed {
		return line, false
	}
	// A closing quotation mark loses its last byte, which Windows-1252 does not have.
	return strings.ReplaceAll(out.String(), "â€", "”"), true
}

// highByte is the byte that Windows-1252 (or Latin-1, for its five holes) writes for r, when it is above ASCII.
func highByte(r rune) (byte, bool) {
	if r < utf8.RuneSelf {
		return 0, false
	}
	if r <= 0xff {
		return byte(r), true
	}
	b, ok := charmap.Windows1252.EncodeRune(r)
	return b, ok && b >= utf8.RuneSelf
}

// plausible rejects repairs that give characters nobody writes: real Latin text such as "là »" can spell valid UTF-8 by accident,
// but then of a rare script. Letters of other scripts count only in company.
func plausible(s string) bool {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		switch {
		case r >= 0xa0 && r <= 0x17f, r >= 0x1e00 && r <= 0x1eff, r >= 0x2000 && r <= 0x2bff:
		case r >= 0x1f000 && r <= 0x1faff, r == 0xfe0f, r == 0xfeff:
		case n >= 2 && (r >= 0x370 && r <= 0x6ff || r >= 0x900 && r <= 0xeff || r >= 0x3000 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7af || r >= 0xff00):
		default:
			return false
		}
	}
	return true
}

// repairGBK reverses GBK that was read as Latin-1. Real Latin text must survive, so every rule must hold: two pairs at least, only
// even runs of high characters, none of them beside an ASCII letter, and mostly lead bytes of the common characters.
func repairGBK(line string) (string, bool) {
	var raw []byte
	pairs, common, run := 0, 0, 0
	prev := rune(0)
	for _, r := range line {
		b, high := latin1(r)
		switch {
		case !high && r >= utf8.RuneSelf:
			return "", false
		case high && run == 0 && asciiLetter(prev), !high && run > 0 && asciiLetter(r), !high && run%2 == 1:
			return "", false
		case high:
			run++
			if run%2 == 1 {
				pairs++
				if b >= 0xb0 && b <= 0xd7 {
					common++
				}
			}
		default:
			run = 0
			b = byte(r) //nolint:gosec // below 256: checked above
		}
		raw = append(raw, b)
		prev = r
	}
	if run%2 == 1 || pairs < 2 || common*3 < pairs*2 {
		return "", false
	}
	out, err := simplifiedchinese.GBK.NewDecoder().Bytes(raw)
	if err != nil || strings.ContainsRune(string(out), utf8.RuneError) {
		return "", false
	}
	return string(out), true
}

func latin1(r rune) (byte, bool) {
	if r >= 0xa1 && r <= 0xff {
		return byte(r), true
	}
	return 0, false
}

func asciiLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// isJunk reports whether a line is mojibake and nothing else: it was mangled on its way and is not part of any article.
func isJunk(line string) bool {
	line = strings.TrimSpace(line)
	if line == "" {
		return false
	}
	if s, ok := repairGBK(line); ok && strings.IndexFunc(s, asciiLetter) < 0 {
		return true
	}
	odd, letters := 0, 0
	for _, r := range line {
		switch {
		case r == utf8.RuneError || unicode.Is(unicode.Co, r):
			odd++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			letters++
		}
	}
	return odd > 0 && odd*3 > letters
}
