package mend_test

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/crawler/mend"
)

func TestBytes(t *testing.T) {
	for name, c := range map[string]struct {
		in, out string
		ok      bool
	}{
		"as it should be":         {"<?xml version=\"1.0\"?><rss></rss>", "<?xml version=\"1.0\"?><rss></rss>", false},
		"latin-1, told so":        {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss>\xe9</rss>", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss>\xe9</rss>", false},
		"latin-1 called utf-8":    {"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss>\xe9 é \x93</rss>", "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss>é é “</rss>", true},
		"words before":            {"Notice: x\n<rss></rss>", "<rss></rss>", true},
		"a list in JSON":          {`{"title":"on <rss > in feeds"}`, `{"title":"on <rss > in feeds"}`, false},
		"mark of order and blank": {"\ufeff \n<feed></feed>", "\ufeff \n<feed></feed>", false},
		"utf-16":                  {"\xfe\xff\x00<\x00r\x00s\x00s\x00>", "<rss>", true},
	} {
		if out, ok := mend.Bytes([]byte(c.in)); string(out) != c.out || ok != c.ok {
			t.Errorf("%s: %q, %v", name, out, ok)
		}
	}
}

func FuzzBytes(f *testing.F) {
	f.Add([]byte("\xff\xfe<\x00"))
	f.Add([]byte("x<?xml encoding='utf-8'?><rss>\xe9"))
	f.Fuzz(func(t *testing.T, in []byte) {
		before := bytes.Clone(in)
		out, ok := mend.Bytes(in)
		if !bytes.Equal(in, before) {
			t.Error("the input was changed")
		}
		if !ok && !bytes.Equal(out, in) {
			t.Error("nothing was mended, yet it differs")
		}
		if len(out) > 3*len(in) {
			t.Error("it grew")
		}
		if again, _ := mend.Bytes(out); ok && utf8.Valid(out) != utf8.Valid(again) {
			t.Error("mending twice breaks it")
		}
	})
}
