package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// stixThen asks for a victim as STIX objects, as of a moment, and gives the bundle as text.
func stixThen(t *testing.T, dir, format string, at time.Time) string {
	t.Helper()
	a := &app{cfg: config{Data: filepath.Join(dir, "data")}, stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: os.Stderr, now: time.Now, newID: uuid.NewString}
	a.cfg.LogLevel = slog.LevelError.String()
	k, err := a.asker(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer k.close() //nolint:errcheck // nothing was written
	ask := map[string]any{"items": []string{"Tarnwick Motors"}, "format": format}
	if !at.IsZero() {
		ask["as_of"] = at.UTC().Format(time.RFC3339Nano)
	}
	var out struct{ Results []json.RawMessage }
	if err := k.post(t.Context(), "/v1/enrich", ask, &out); err != nil || len(out.Results) != 1 {
		t.Fatalf("%v: %d results", err, len(out.Results))
	}
	return string(out.Results[0])
}

// TestStixOfThePast asks for what was on record between two reports, before both, and now.
func TestStixOfThePast(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "sources")
	before := time.Now()
	time.Sleep(5 * time.Millisecond)
	ok(t, dir, "", "add", writeSeed(t, dir), "--published", "2025-09-03")
	time.Sleep(5 * time.Millisecond)
	then := time.Now()
	time.Sleep(5 * time.Millisecond)
	later := filepath.Join(dir, "later.txt")
	text := strings.Replace(seed, "An umbrella group of hackers says it was behind the intrusion", "Tarnwick Motors, often called TML, is still counting what the intrusion cost", 1)
	if err := os.WriteFile(later, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "", "add", later, "--published", "2025-09-12")
	if now := stixThen(t, dir, "stix", time.Time{}); strings.Count(now, `"id":"report--`) != 2 {
		t.Fatalf("now: %d reports: %.1500s", strings.Count(now, `"id":"report--`), now)
	}
	for _, format := range []string{"stix", "sentinel"} {
		got := stixThen(t, dir, format, then)
		if !strings.Contains(got, `"status":"found"`) || !strings.Contains(got, `"relationship--`) || format == "stix" && strings.Count(got, `"id":"report--`) != 1 {
			t.Errorf("%s as of then, %d reports: %.1500s", format, strings.Count(got, `"id":"report--`), got)
		}
		if !strings.Contains(got, then.UTC().Format("2006-01-02T15:04")) {
			t.Errorf("%s: objects of the past are not stamped with it: %.600s", format, got)
		}
		if early := stixThen(t, dir, format, before); strings.Contains(early, `"report--`) {
			t.Errorf("%s before the report came: %.600s", format, early)
		}
	}
}
