package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// sized gives a bench entry the length of an article and the three claims of most reports.
func (b *stage) sized(e intel.Entry, n int) intel.Entry {
	f := &e.Extraction.Incidents[0]
	quote := f.Victims[0].Name + " said that the names of customers had been copied."
	at := len([]rune(e.Report.Text)) + 1
	e.Report.Text += " " + quote
	f.Claims = append(f.Claims, intel.Statement{
		Facet: intel.FacetImpact, Stance: intel.StanceConfirmed, SaidBy: f.Claims[1].SaidBy, Quote: quote, Span: intel.Span{Start: at, End: at + len([]rune(quote))}, Confidence: 0.9,
	})
	rnd := rand.New(rand.NewPCG(uint64(n), 7)) //nolint:gosec // the same at each run
	var text strings.Builder
	text.WriteString(e.Report.Text)
	for range b.o.words {
		// As in a language, few words are common and most are rare.
		f := rnd.Float64()
		text.WriteString(" " + words(int(f*f*f*f*40_000)))
	}
	e.Report.Text = text.String()
	return e
}

// held starts the server alone on a folder of -reports reports of -words words with three claims each, asks it of everything it has,
// and says what memory it holds.
func (b *stage) held(ctx context.Context) error {
	began := time.Now()
	var err error
	if b.server, err = startChild(ctx, b.o.bin, "serve", "--roles", "api", "--addr", "127.0.0.1:0", "--data", b.data, "--rate", "1000000000"); err != nil {
		return err
	}
	b.say("start: serves after %s", time.Since(began).Round(time.Second))
	b.tell("while it starts")
	if err := b.caughtUp(ctx); err != nil {
		return err
	}
	b.tell("with all reports indexed, " + time.Since(began).Round(time.Second).String() + " after its start")
	for i := range 200 {
		for _, path := range []string{
			b.onePath(i), "/v1/search?q=" + words(i*40), "/v1/search?q=ransomware&facets=sector,kind,actor", "/v1/actors/" + b.actors[i%len(b.actors)].ID,
			"/v1/incidents?limit=50&actor=" + b.actors[i%len(b.actors)].ID, "/v1/suggest?q=fern", "/v1/victims?limit=100",
		} {
			if _, err := b.fetch(ctx, b.server.addr, get(path, b.key)); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		if _, err := b.fetch(ctx, b.server.addr, post("/v1/enrich", b.key, b.bulkBody(i))); err != nil {
			return err
		}
	}
	b.tell("after 1,600 questions")
	b.server.stop()
	began = time.Now()
	if b.server, err = startChild(ctx, b.o.bin, "serve", "--roles", "api", "--addr", "127.0.0.1:0", "--data", b.data); err != nil {
		return err
	}
	if err := b.caughtUp(ctx); err != nil {
		return err
	}
	b.tell("started again, " + time.Since(began).Round(time.Second).String() + " after its start")
	return nil
}

// caughtUp waits until the server says that it is ready.
func (b *stage) caughtUp(ctx context.Context) error {
	for ctx.Err() == nil {
		if _, err := b.fetch(ctx, b.server.addr, get("/readyz", b.key)); err == nil {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return ctx.Err()
}

// tell says what memory the server has: its own, which is what a machine must have for it, and what is resident of files, which the
// system takes back when it needs room.
func (b *stage) tell(when string) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(b.server.cmd.Process.Pid), "status"))
	if err != nil {
		b.say("memory: %v", err)
		return
	}
	mb := map[string]int{}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		n, _, _ := strings.Cut(strings.TrimSpace(value), " ")
		kb, _ := strconv.Atoi(n) //nolint:errcheck // 0 where it is no number
		mb[name] = kb / 1000
	}
	b.say("memory %s: resident %d MB, of it own %d MB and of files %d MB; at most %d MB so far", when, mb["VmRSS"], mb["RssAnon"], mb["RssFile"], mb["VmHWM"])
}
