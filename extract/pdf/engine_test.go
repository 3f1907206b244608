package pdf

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/rapsheet/rapsheet/intel"
)

const digest = "4f2b9c1d7e8a6035b1c2d3e4f5a6978812233445566778899aabbccddeeff001"

// advisory makes a PDF of three pages with running heads, a large title and an indicator table whose digest wraps.
func advisory(t testing.TB) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCreationDate(time.Date(2025, 4, 2, 0, 0, 0, 0, time.UTC))
	f.SetModificationDate(time.Date(2025, 4, 2, 0, 0, 0, 0, time.UTC))
	f.SetTitle("Microsoft Word - draft7.docx", true)
	f.SetAuthor("Nordvik Response Team", true)
	f.AddUTF8FontFromBytes("go", "", goregular.TTF)
	f.SetHeaderFunc(func() { f.SetFont("go", "", 8); f.Text(20, 10, "Nordvik Advisory NV-25") })
	f.SetFooterFunc(func() {
		f.SetFont("go", "", 8)
		f.Text(95, 290, "Page "+string(rune('0'+f.PageNo()))+" of 3")
	})
	f.AddPage()
	f.SetFont("go", "", 22)
	f.MultiCell(0, 10, "Copper Heron targets harbour operators", "", "L", false)
	f.SetFont("go", "", 11)
	f.MultiCell(0, 6, "14 March 2025", "", "L", false)
	f.MultiCell(0, 6, strings.Repeat("The group entered through a forgotten remote access server and moved on to the file shares of the port. ", 4), "", "L", false)
	f.AddPage()
	f.SetFont("go", "", 11)
	f.MultiCell(0, 6, "Indicators of compromise", "", "L", false)
	f.Text(20, 60, digest[:40])
	f.Text(20, 66, digest[40:])
	f.AddPage()
	f.SetFont("go", "", 11)
	f.MultiCell(0, 6, "The operators of the harbour restored their systems from copies that were kept offline.", "", "L", false)
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// engine is one for the whole test, because its first start compiles.
func engine(t *testing.T) *Engine {
	t.Helper()
	e := New(Options{CacheDir: t.TempDir()})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func TestEngine(t *testing.T) {
	e := engine(t)
	body := advisory(t)
	t.Run("reads", func(t *testing.T) {
		got, err := e.Text(t.Context(), body)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title != "Copper Heron targets harbour operators" || got.Author != "Nordvik Response Team" || got.Pages != 3 || got.Created.String() != "2025-04-02" {
			t.Errorf("title %q author %q pages %d created %s", got.Title, got.Author, got.Pages, got.Created)
		}
		if !strings.Contains(got.Body, digest) {
			t.Errorf("the wrapped digest was not put together:\n%s", got.Body)
		}
		if strings.Contains(got.Body, "Nordvik Advisory") || strings.Contains(got.Body, "of 3") {
			t.Errorf("running heads are left:\n%s", got.Body)
		}
		if !strings.Contains(got.Body, "remote access server and moved on to the file shares of the port.") {
			t.Errorf("wrapped lines were not joined:\n%s", got.Body)
		}
	})
	t.Run("again after close", func(t *testing.T) {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Text(t.Context(), body); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("corrupt", func(t *testing.T) {
		half := body[:len(body)/3]
		for name, b := range map[string][]byte{"no PDF": []byte("hello"), "garbage": []byte("%PDF-1.7\nnothing of the kind"), "cut": half} {
			got, err := e.Text(t.Context(), b)
			if err != nil && !errors.Is(err, intel.ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil && got.Body == "" {
				t.Errorf("%s: no error and no text", name)
			}
		}
		if _, err := e.Text(t.Context(), body); err != nil {
			t.Errorf("after corrupt documents: %v", err)
		}
	})
	t.Run("too slow", func(t *testing.T) {
		e.opts.Timeout = time.Nanosecond
		_, err := e.Text(t.Context(), body)
		e.opts.Timeout = DefaultTimeout
		if err == nil {
			t.Error("no error")
		}
		if _, err := e.Text(t.Context(), body); err != nil {
			t.Errorf("after a timeout: %v", err)
		}
	})
	t.Run("page limit", func(t *testing.T) {
		e.opts.MaxPages = 1
		got, err := e.Text(t.Context(), body)
		e.opts.MaxPages = DefaultMaxPages
		if err != nil || got.Pages != 1 || !got.Cut {
			t.Errorf("pages %d cut %v err %v", got.Pages, got.Cut, err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := e.Text(ctx, body); err == nil {
			t.Error("no error")
		}
	})
}

func TestTooLarge(t *testing.T) {
	e := New(Options{MaxBytes: 10})
	if _, err := e.Text(t.Context(), advisory(t)); !errors.Is(err, intel.ErrInvalid) || !strings.Contains(err.Error(), "limit") {
		t.Errorf("err %v", err)
	}
}

func TestReflow(t *testing.T) {
	for name, c := range map[string]struct{ lines, want []string }{
		"digest":     {[]string{"d41d8cd98f00b204", "e9800998ecf8427e"}, []string{"d41d8cd98f00b204e9800998ecf8427e"}},
		"two whole":  {[]string{"d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf84270"}, []string{"d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf84270"}},
		"three rows": {[]string{digest[:24], digest[24:48], digest[48:]}, []string{digest}},
		"address":    {[]string{"hxxps://files.copper-heron[.]example/download/", "stage2.bin"}, []string{"hxxps://files.copper-heron[.]example/download/stage2.bin"}},
		"hyphen":     {[]string{"the attackers used a well known frame-", "work for it"}, []string{"the attackers used a well known framework for it"}},
		"bullets":    {[]string{"• first point of a list that is as long as a line", "• second point"}, []string{"• first point of a list that is as long as a line", "• second point"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := reflow(c.lines)
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
