package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

const (
	storeFile = "rapsheet.db"
	seedBatch = 200
)

func newID() string { return uuid.NewString() }

// seed makes a folder with the shipped catalogue, a key, and reports on organisations that are invented.
func (b *stage) seed(ctx context.Context) error {
	data := filepath.Join(b.dir, "data")
	b.data = data
	out, err := exec.CommandContext(ctx, b.o.bin, "keys", "add", "bench", "--scopes", "admin", "--data", data).Output() //nolint:gosec // the program measured
	if err != nil {
		return fmt.Errorf("%s keys add: %w", b.o.bin, err)
	}
	b.key = strings.TrimSpace(string(out))
	conflicts, err := exec.CommandContext(ctx, b.o.bin, "names", "conflicts", "--jsonl", "--data", data).Output() //nolint:gosec // the program measured
	if err != nil {
		return fmt.Errorf("%s names conflicts: %w", b.o.bin, err)
	}
	for line := range strings.Lines(string(conflicts)) {
		var c struct{ Name string }
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			return err
		}
		b.ambiguous = append(b.ambiguous, c.Name)
	}
	st, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(data, storeFile), Clock: time.Now, NewID: newID})
	if err != nil {
		return err
	}
	defer st.Close() //nolint:errcheck // committed
	cat, err := st.Actors(ctx)
	if err != nil {
		return err
	}
	for _, a := range cat.Actors {
		if !a.Withdrawn && a.MergedInto == "" && len(b.actors) < 300 {
			b.actors = append(b.actors, a)
		}
	}
	began := time.Now()
	for from := 0; from < b.o.reports; from += seedBatch {
		var batch []intel.Entry
		for n := from; n < min(from+seedBatch, b.o.reports); n++ {
			e := b.entry(n)
			if b.o.words > 0 {
				e = b.sized(e, n)
			}
			batch = append(batch, e)
		}
		if _, err := st.Save(ctx, batch); err != nil {
			return err
		}
	}
	b.say("seed: %d reports of %d actors in %s", b.o.reports, len(b.actors), time.Since(began).Round(time.Second))
	return nil
}

// victimName is an organisation that is invented; every third is told of three times.
func victimName(n int) string {
	first := []string{"Fernhollow", "Brackenridge", "Tarnwick", "Oakmere", "Larkspur", "Northgate", "Quillhaven", "Saltmarsh"}
	last := []string{"Logistics", "Foods", "Hospitals", "Motors", "Bank", "Textiles", "Energy", "University", "Airways"}
	return fmt.Sprintf("%s %s %d", first[n%8], last[n/8%9], n/72)
}

// entry is one report with one incident and two claims.
func (b *stage) entry(n int) intel.Entry {
	a, victim := b.actors[n%len(b.actors)], victimName(n/3*3)
	day := intel.DateOf(time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)).AddDays(n % 2900)
	url := fmt.Sprintf("https://paper.example/article/%d", n)
	quotes := []string{a.Name + " claimed an attack on " + victim + ".", victim + " confirmed that systems were stopped."}
	text := strings.Join(quotes, " ") + fmt.Sprintf(" Lorries stood at depot %d while clerks wrote orders down.", n)
	f := intel.Finding{
		Actors: []intel.ActorRef{{Ref: intel.Ref{ID: a.ID, Name: a.Name}}}, Victims: []intel.VictimRef{{Ref: intel.Ref{Name: victim}, Role: intel.RoleTarget}},
		Kind: intel.KindRansomware, Kinds: []intel.Kind{intel.KindRansomware}, Status: intel.StanceClaimed, Sector: "transportation", Country: []string{"GB", "DE", "US", "FR"}[n%4],
		Occurred: intel.Interval{From: day, To: day, Precision: intel.PrecisionDay}, Confidence: 0.9,
		Claims: []intel.Statement{
			{Facet: intel.FacetAttribution, Stance: intel.StanceClaimed, SaidBy: intel.Speaker{Name: a.Name, Kind: intel.SpeakerActor}, Quote: quotes[0], Span: intel.Span{End: len([]rune(quotes[0]))}, Confidence: 0.9},
			{Facet: intel.FacetEvent, Stance: intel.StanceConfirmed, SaidBy: intel.Speaker{Name: victim, Kind: intel.SpeakerVictim}, Quote: quotes[1], Span: intel.Span{Start: len([]rune(quotes[0])) + 1, End: len([]rune(quotes[0])) + 1 + len([]rune(quotes[1]))}, Confidence: 0.9},
		},
	}
	return intel.Entry{
		Report: intel.Report{
			ID: intel.UUIDv5("url", url), URL: url, SourceID: fmt.Sprintf("paper-%d", n%40), Publisher: "The Paper", Title: victim + " stopped by an attack",
			Published: intel.OnDay(day), Language: "en", Text: text, ContentHash: fmt.Sprintf("%064x", n), Reliability: "B", SpeakerKind: intel.SpeakerMedia, TLP: intel.TLPClear,
			Retrieved: time.Now(),
		},
		Extraction: intel.Extraction{
			Incidents: []intel.Finding{f}, Actors: []intel.Mention{{ID: a.ID, Name: a.Name}}, Extractor: "bench",
			Observables: []intel.Observable{{Type: intel.ObservableDomain, Value: fmt.Sprintf("c2-%d.example", n), Role: "attacker"}},
		},
	}
}

// start runs the three servers. The naive one reads a copy: two processes never share a folder.
func (b *stage) start(ctx context.Context) error {
	copied := filepath.Join(b.dir, "copy")
	if err := os.MkdirAll(copied, 0o700); err != nil {
		return err
	}
	backup := exec.CommandContext(ctx, b.o.bin, "backup", filepath.Join(copied, storeFile), "--data", b.data) //nolint:gosec // the program measured
	if out, err := backup.CombinedOutput(); err != nil {
		return fmt.Errorf("backup: %w: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	began := time.Now()
	if b.server, err = startChild(ctx, b.o.bin, "serve", "--roles", "api", "--addr", "127.0.0.1:0", "--data", b.data, "--rate", "1000000000"); err != nil {
		return err
	}
	b.say("start: serves after %s", time.Since(began).Round(100*time.Millisecond))
	if b.naive, err = startChild(ctx, self, "-naive", copied); err != nil {
		return err
	}
	body, err := b.fetch(ctx, b.server.addr, get(b.onePath(0), b.key))
	if err != nil {
		return err
	}
	path := filepath.Join(b.dir, "floor.json")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		return err
	}
	b.say("one answer has %d bytes", len(body))
	b.bare, err = startChild(ctx, self, "-floor", path)
	return err
}
