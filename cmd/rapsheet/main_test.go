package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// rapsheet runs the program as its user would, in a folder of its own.
func rapsheet(t *testing.T, dir, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out, errOut bytes.Buffer
	environ := []string{"HOME=" + dir, "RAPSHEET_DATA=" + filepath.Join(dir, "data")}
	code = run(ctx, args, strings.NewReader(stdin), &out, &errOut, environ)
	return code, out.String(), errOut.String()
}

func ok(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	code, out, errOut := rapsheet(t, dir, stdin, args...)
	if code != exitOK {
		t.Fatalf("rapsheet %s: exit %d\n%s%s", strings.Join(args, " "), code, out, errOut)
	}
	return out
}

// seed is a raw page dump of the shape that readers paste: a mojibake line and a geo notice before an undated article. The
// company is invented, the groups are not.
const seed = `º£½ÇÊÓÆµ

Sorry!

This site cannot be shown where you are at the moment.

Our engineers are looking into it.

PRIVACY
Manufacturing

Tarnwick Motors cyber attack: shifts called off while orders wait

An umbrella group of hackers says it was behind the intrusion

The gates of the Tarnwick Motors works at Hexley, Sheffield.(Image: Jo Field/Hexley Post)

Hundreds of workers at Tarnwick Motors (TML) have been told not to come in after a cyber attack forced the British carmaker to stop its production lines.

The breach, which began on Sunday, halted work at plants in Hexley and Sheffield.

TML, which is owned by the Indian group Ashvale Industries, confirmed it had "switched off" systems to contain the cyber attack.

The company said there was "no evidence" that customer data had been stolen and has notified the Information Commissioner's Office (ICO) of the breach.

A collective known as 'scattered lapsus$ hunters', made up of the 'shiny hunters', 'lapsus$' and 'scattered spider' crews, has claimed responsibility for the attack.

Dana Orme, a director at Brightmoor Security, said that the case shows how unpredictable such crews have become.
`

func writeSeed(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "page.txt")
	if err := os.WriteFile(path, []byte(seed), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func incidentsOf(t *testing.T, dir, actor string) intel.Page[intel.IncidentDetail] {
	t.Helper()
	var page intel.Page[intel.IncidentDetail]
	k := json.NewDecoder(strings.NewReader(ok(t, dir, "", "search", "--json", actor)))
	var hits intel.Page[intel.Hit]
	if err := k.Decode(&hits); err != nil {
		t.Fatal(err)
	}
	for _, h := range hits.Items {
		for _, in := range h.Incidents {
			page.Items = append(page.Items, intel.IncidentDetail{Incident: in})
		}
	}
	return page
}

func TestRawPageToAnsweredQuestion(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "add", writeSeed(t, dir))
	page := incidentsOf(t, dir, "scattered lapsus$ hunters")
	if len(page.Items) != 1 {
		t.Fatalf("the page tells one incident, got %d: %+v", len(page.Items), page.Items)
	}
	in := page.Items[0]
	if in.Victim.Name != "Tarnwick Motors" {
		t.Errorf("victim %q, want Tarnwick Motors: parents, regulators, vendors and papers are none", in.Victim.Name)
	}
	want := intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed, Impact: intel.StanceDenied}
	if in.Facets != want {
		t.Errorf("facets %+v, want %+v", in.Facets, want)
	}
	if in.Occurred.Known() || !strings.Contains(in.Occurred.Words, "on Sunday") {
		t.Errorf("occurred %+v: without a publication date the day is unknown, its words kept", in.Occurred)
	}
	out := ok(t, dir, "", "actor", "scattered lapsus$ hunters")
	for _, s := range []string{"Tarnwick Motors", "confirmed by", "claimed by", "denied by", "Scattered Spider", "LAPSUS$", "ShinyHunters"} {
		if !strings.Contains(out, s) {
			t.Errorf("the actor's page lacks %q:\n%s", s, out)
		}
	}
	for _, s := range []string{"Brightmoor", "Ashvale", "Hexley Post"} {
		if v := ok(t, dir, "", "search", "--json", s); strings.Contains(v, `"victims":[{"id":"`+s) {
			t.Errorf("%s is not a victim", s)
		}
	}
	if out := ok(t, dir, "", "victim", "TML"); !strings.Contains(out, "Tarnwick Motors") {
		t.Errorf("the acronym does not find the company:\n%s", out)
	}
}

func TestGivenDateMakesTheDayKnown(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "add", writeSeed(t, dir), "--published", "2025-09-03")
	page := incidentsOf(t, dir, "scattered lapsus$ hunters")
	if len(page.Items) != 1 {
		t.Fatalf("got %d incidents", len(page.Items))
	}
	got := page.Items[0].Occurred
	if got.From.String() != "2025-08-31" || got.To.String() != "2025-08-31" || got.Precision != intel.PrecisionDay {
		t.Errorf("occurred %+v, want Sunday 2025-08-31", got)
	}
}

func TestBadInputIsNamedAndTheRestGoesOn(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.html")
	broken := filepath.Join(dir, "broken.pdf")
	for path, content := range map[string]string{empty: "", broken: "%PDF-1.7\nnot a pdf"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut := rapsheet(t, dir, "", "add", empty, broken, writeSeed(t, dir))
	if code != exitPartial {
		t.Errorf("exit %d, want %d", code, exitPartial)
	}
	if !strings.Contains(errOut, "empty.html") || !strings.Contains(errOut, "broken.pdf") {
		t.Errorf("the message names the documents that failed: %s", errOut)
	}
	if !strings.Contains(out, "Tarnwick Motors") {
		t.Errorf("the good page was stored: %s", out)
	}
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	tests := []struct {
		name string
		args []string
		want int
		says string
	}{
		{"no such command", []string{"frobnicate"}, exitUsage, "frobnicate"},
		{"wrong flag", []string{"search", "--frob", "x"}, exitUsage, "frob"},
		{"no arguments", []string{"actor"}, exitUsage, "actor"},
		{"bad date", []string{"brief", "--since", "yesterday"}, exitUsage, "YYYY-MM-DD"},
		{"unsigned decision", []string{"decide", "not-victim", "x"}, exitUsage, "--by"},
		{"postgres is not built", []string{"migrate", "--from", "a", "--to", "postgres://x"}, exitFailed, "nothing was copied"},
		{"crawling in nobody's name", []string{"crawl"}, exitUsage, "--contact"},
		{"serving in nobody's name", []string{"serve"}, exitUsage, "--contact"},
		{"an export that is none", []string{"export", "foo"}, exitUsage, "splunk"},
		{"listening abroad without keys", []string{"serve", "--roles", "api", "--addr", "0.0.0.0:0"}, exitUsage, "keys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, _, errOut := rapsheet(t, dir, "", tt.args...)
			if code != tt.want || !strings.Contains(errOut, tt.says) {
				t.Errorf("exit %d, want %d; stderr %q, want it to say %q", code, tt.want, errOut, tt.says)
			}
		})
	}
}

func TestConfigIsStrict(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rapsheet.toml")
	if err := os.WriteFile(path, []byte("addr = \"127.0.0.1:1\"\nworkrs = 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	code := run(t.Context(), []string{"config"}, strings.NewReader(""), &out, &errOut, []string{"RAPSHEET_CONFIG=" + path})
	if code != exitUsage || !strings.Contains(errOut.String(), "workrs") || !strings.Contains(errOut.String(), "2") {
		t.Errorf("exit %d, %q: a misspelt key is named with its line", code, errOut.String())
	}
}

func TestKeysAreShownOnceAndHashed(t *testing.T) {
	dir := t.TempDir()
	key := strings.TrimSpace(ok(t, dir, "", "keys", "add", "siem"))
	b, err := os.ReadFile(filepath.Join(dir, "data", "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), key) {
		t.Error("the key itself was stored")
	}
	clock := time.Now()
	now := func() time.Time { clock = clock.Add(lookEvery); return clock }
	ring := newKeyring(filepath.Join(dir, "data"), now, slog.New(slog.DiscardHandler))
	if grant, found := ring.verify(key); !found || grant.Name != "siem" || len(grant.Scopes) == 0 {
		t.Errorf("the key is not known: %+v", grant)
	}
	if err := ring.keep(); err != nil {
		t.Fatal(err)
	}
	if out := ok(t, dir, "", "keys", "list"); strings.Count(out, "never") != 1 {
		t.Errorf("a key that was used has no last use:\n%s", out)
	}
	other := strings.TrimSpace(ok(t, dir, "", "keys", "add", "other", "--scopes", "read"))
	if _, found := ring.verify(other); !found {
		t.Error("a key made while the server runs is not known")
	}
	ok(t, dir, "", "keys", "revoke", "siem")
	if out := ok(t, dir, "", "keys", "list"); strings.Contains(out, "siem") {
		t.Error("a revoked key is listed")
	}
	if _, found := ring.verify(key); found {
		t.Error("a revoked key goes on working until the server is restarted")
	}
	if _, found := ring.verify(other); !found {
		t.Error("another key was revoked with it")
	}
	if err := os.WriteFile(filepath.Join(dir, "data", keysName), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := ring.verify(other); found {
		t.Error("keys that cannot be read open the server")
	}
}
