package article

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// lateMeta finds a charset declared after the first 1,024 bytes, where the standard prescan stops.
var lateMeta = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_:-]{2,30})`)

// decode turns the bytes of a document into valid UTF-8, deciding its charset once: byte order mark, header and meta first; text
// that is valid UTF-8 with several multi-byte characters is UTF-8 whatever is declared; a guess comes last.
func decode(body []byte, contentType string) string {
	enc, declared, certain := charset.DetermineEncoding(body, contentType)
	if !certain {
		if e, label := metaCharset(body); e != nil {
			enc, declared, certain = e, label, true
		}
	}
	multi, broken := countUTF8(body)
	switch {
	case strings.HasPrefix(declared, "utf-16"):
	case broken == 0 && multi > 3, multi > 20*broken && multi > 3:
		enc = encoding.Nop
	case certain && declared == "utf-8" && broken > multi:
		if e := guess(body); e != nil {
			enc = e
		}
	case !certain && broken > 0:
		if e := guess(body); e != nil {
			enc = e
		}
	case !certain:
		enc = encoding.Nop
	}
	return tidyRunes(decodeWith(enc, body))
}

func decodeWith(enc encoding.Encoding, body []byte) string {
	if enc == encoding.Nop {
		return string(bytes.TrimPrefix(body, []byte("\ufeff")))
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return string(body)
	}
	return string(bytes.TrimPrefix(out, []byte("\ufeff")))
}

// tidyRunes makes s valid UTF-8 without NUL bytes and with Unix line ends.
func tidyRunes(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}

func metaCharset(body []byte) (encoding.Encoding, string) {
	m := lateMeta.FindSubmatch(body[:min(len(body), 16<<10)])
	if m == nil {
		return nil, ""
	}
	return charset.Lookup(string(m[1]))
}

// countUTF8 counts the multi-byte characters and the broken bytes of b; a character cut at the very end is not broken.
func countUTF8(b []byte) (multi, broken int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			if len(b)-i >= utf8.UTFMax {
				broken++
			}
		} else {
			multi++
		}
		i += n
	}
	return multi, broken
}

// guess asks the statistical detector; below half confidence it has no opinion.
func guess(body []byte) encoding.Encoding {
	r, err := chardet.NewHtmlDetector().DetectBest(body[:min(len(body), 256<<10)])
	if err != nil || r.Confidence < 50 {
		return nil
	}
	label := r.Charset
	if strings.EqualFold(label, "GB-18030") {
		label = "gb18030"
	}
	e, _ := charset.Lookup(label)
	return e
}
