// SPDX-License-Identifier: Apache-2.0

// Package mend reads lists (feeds, sitemaps) whose bytes are not what they say, so that one wrong byte does not cost all of a list.
package mend

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var (
	// declared is the encoding that an XML declaration names.
	declared = regexp.MustCompile(`^(<\?xml[^>]{0,80}?)\s+encoding\s*=\s*["'][\w.:-]{1,40}["']`)
	// root is where the list itself begins.
	root = regexp.MustCompile(`<\?xml\s|<(?:\w{1,10}:)?(?:rss|feed|RDF|urlset|sitemapindex)[\s>]`)
)

// maxNoise bounds what a server may have said before the list begins.
const maxNoise = 8 << 10

// Bytes is a list whose bytes are not what they say: UTF-16, bytes of another encoding in what is called UTF-8, words of the
// server before the first tag. ok is false where nothing of that was found.
func Bytes(body []byte) (out []byte, ok bool) {
	out = body
	if bytes.HasPrefix(out, []byte{0xff, 0xfe}) || bytes.HasPrefix(out, []byte{0xfe, 0xff}) {
		plain, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(out)
		if err != nil {
			return body, false
		}
		out, ok = plain, true
	}
	head := out[:min(len(out), maxNoise)]
	if at := root.FindIndex(head); at != nil && at[0] > 0 && len(bytes.TrimSpace(bytes.TrimPrefix(head[:at[0]], []byte("\ufeff")))) > 0 &&
		!bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) {
		out, ok = out[at[0]:], true
	}
	if ok {
		// Decoded already, whatever it says.
		out = declared.ReplaceAll(out, []byte("$1"))
	}
	if !utf8.Valid(out) && !otherwiseDeclared(out) {
		out, ok = utf8Of(out), true
	}
	return out, ok
}

// otherwiseDeclared says that a list names an encoding that is not UTF-8, which its reader obeys.
func otherwiseDeclared(body []byte) bool {
	m := declared.Find(body[:min(len(body), 300)])
	return m != nil && !strings.Contains(strings.ToLower(string(m)), "utf-8")
}

// utf8Of reads the bytes that are no UTF-8 as Windows-1252, one by one, and leaves the others.
func utf8Of(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/16)
	for i := 0; i < len(body); {
		r, n := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(body[i])
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}
