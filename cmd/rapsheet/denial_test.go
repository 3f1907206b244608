package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// A gang's boast and the organisation's denial, which no word of rapsheet's own tells of but the answer it computes.
const deniedReports = `{"id":"1","title":"Qilin lists Oatfield Mills","text":"The Qilin ransomware gang has claimed responsibility for an attack on Oatfield Mills, a British company. Qilin listed Oatfield Mills on its leak site on 3 September 2025.","published":"2025-09-04","language":"en"}
{"id":"2","title":"Oatfield Mills speaks","text":"Oatfield Mills denies that it was attacked by the Qilin ransomware gang. \"We were not hacked and found no sign of an intrusion,\" Oatfield Mills said on Friday.","published":"2025-09-06","language":"en"}
`

const deniedVictim = "Oatfield Mills"

func deniedStore(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", deniedReports))
	return dir
}

// told fails where a text names the organisation and not that it denies; it reports whether the organisation is named.
func told(t *testing.T, where, text string) bool {
	t.Helper()
	named := strings.Contains(text, deniedVictim)
	if named && !strings.Contains(strings.ToLower(text), "denied") {
		t.Errorf("%s names %s without its denial:\n%.2000s", where, deniedVictim, text)
	}
	return named
}

// A denial travels: nothing that a person or a program reads names the organisation without its latest answer.
func TestADenialTravelsThroughEveryCommand(t *testing.T) {
	dir := deniedStore(t)
	misp := filepath.Join(dir, "misp")
	ok(t, dir, "", "export", "misp", "--out", misp)
	named := 0
	err := filepath.WalkDir(misp, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if told(t, "export misp: "+d.Name(), string(b)) {
			named++
		}
		return err
	})
	if err != nil || named == 0 {
		t.Errorf("%v: %d files of the MISP feed name it", err, named)
	}
	for _, c := range []struct {
		args  []string
		stdin string
	}{
		{[]string{"search", "mills"}, ""},
		{[]string{"search", "mills", "--json"}, ""},
		{[]string{"search", "mills", "--jsonl"}, ""},
		{[]string{"actor", "Qilin"}, ""},
		{[]string{"victim", deniedVictim}, ""},
		{[]string{"victim", deniedVictim, "--json"}, ""},
		{[]string{"victim", deniedVictim, "--as-of", "2099-01-01T00:00:00Z"}, ""},
		{[]string{"enrich"}, "Qilin\n"},
		{[]string{"enrich"}, deniedVictim + "\n"},
		{[]string{"victim", deniedVictim, "--all"}, ""},
		{[]string{"resolve", deniedVictim}, ""},
		{[]string{"resolve", deniedVictim, "--json"}, ""},
		{[]string{"brief", "--since", "2025-01-01"}, ""},
		{[]string{"brief", "--since", "2025-01-01", "--format", "html"}, ""},
		{[]string{"brief", "--since", "2025-01-01", "--format", "json"}, ""},
	} {
		if !told(t, strings.Join(c.args, " "), ok(t, dir, c.stdin, c.args...)) {
			t.Errorf("%v does not name it at all: this case proves nothing", c.args)
		}
	}
	for _, format := range api.ExportFormats() {
		told(t, "export "+format, ok(t, dir, "", "export", format))
	}
}

// stopsWith ends what writes to it as soon as it has read some words.
type stopsWith struct {
	strings.Builder
	words string
	stop  context.CancelFunc
}

func (w *stopsWith) Write(p []byte) (int, error) {
	n, err := w.Builder.Write(p)
	if strings.Contains(w.String(), w.words) {
		w.stop()
	}
	return n, err
}

// What a watch prints and what a language model's client is answered.
func TestADenialTravelsIntoAlertsAndTools(t *testing.T) {
	dir := deniedStore(t)
	list := writeFile(t, dir, "watched.txt", deniedVictim+"\n")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	alert := &stopsWith{words: "\n", stop: cancel}
	a := &app{stdout: alert, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), LogLevel: "error"}}
	if err := a.watch(ctx, list, time.Hour); !errors.Is(err, context.Canceled) || !told(t, "watch", alert.String()) {
		t.Errorf("watch: %v %q", err, alert.String())
	}
	s := mcpSession(t, dir)
	for tool, args := range map[string]map[string]any{
		"search": {"query": "mills"}, "victim": {"name": deniedVictim}, "resolve": {"names": []string{deniedVictim}}, "brief": {"since": "2025-01-01"}, "actor": {"name": "Qilin"},
	} {
		if text, failed := mcpCall(t, s, tool, args); failed || !told(t, "mcp "+tool, text) {
			t.Errorf("mcp %s: failed %v, or does not name it at all: this case proves nothing", tool, failed)
		}
	}
}

// Objects of the API: each that has the organisation as its victim has the answer beside it.
func TestADenialTravelsThroughEveryRoute(t *testing.T) {
	dir := deniedStore(t)
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), LogLevel: "error"}}
	k, err := a.asker(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer k.close() //nolint:errcheck // a test's folder
	var v intel.VictimProfile
	if err := k.get(t.Context(), "/v1/victims/"+url.PathEscape(deniedVictim), nil, &v); err != nil || v.VictimAnswer != string(intel.StanceDenied) {
		t.Fatalf("%v: %+v", err, v)
	}
	var page intel.Page[intel.IncidentDetail]
	if err := k.get(t.Context(), "/v1/incidents", nil, &page); err != nil || len(page.Items) == 0 {
		t.Fatalf("%v: %+v", err, page)
	}
	victim, incident := url.PathEscape(v.ID), url.PathEscape(page.Items[0].ID)
	paths := []string{
		"/v1/search?q=mills", "/v1/incidents", "/v1/incidents/" + incident, "/v1/victims", "/v1/victims/" + victim, "/v1/victims/" + victim + "/timeline",
		"/v1/actors/Qilin/timeline", "/v1/actors/Qilin/victims", "/feeds/incidents.atom", "/feeds/incidents.json", "/feeds/actors/qilin.atom",
		"/feeds/victims/" + victim + ".json", "/search?q=mills", "/actors/qilin", "/victims/" + victim, "/incidents/" + incident, "/v1/enrich/" + url.PathEscape(deniedVictim),
	}
	for format := range exchange.Shapes() {
		paths = append(paths, "/v1/enrich/Qilin?format="+format, "/v1/enrich/"+url.PathEscape(deniedVictim)+"?format="+format)
	}
	for _, path := range paths {
		body, _, err := k.fetch(t.Context(), path, nil)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if !told(t, path, string(body)) && !strings.Contains(path, "format=") {
			t.Errorf("%s does not name it at all: this case proves nothing:\n%.600s", path, body)
		}
		var answer any
		if json.Unmarshal(body, &answer) == nil {
			walk(answer, func(o map[string]any) {
				if ref, is := o["victim"].(map[string]any); is && ref["name"] == deniedVictim && o["victim_answer"] == nil && o["said_by"] == nil {
					t.Errorf("%s: an incident lacks the answer: %v", path, o)
				}
			})
		}
	}
}

// walk calls f with every object of a decoded answer.
func walk(v any, f func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		f(v)
		for _, x := range v {
			walk(x, f)
		}
	case []any:
		for _, x := range v {
			walk(x, f)
		}
	}
}

// A row of many names is cut; who denies is not cut off.
func TestACutRowKeepsTheDenial(t *testing.T) {
	h := intel.Hit{}
	for _, name := range []string{"Grantholme Bakeries", "Tallis & Byrne", "Port of Eskerry and the Neighbouring Harbours"} {
		h.Victims = append(h.Victims, intel.Ref{ID: name, Name: name})
		h.Incidents = append(h.Incidents, intel.Incident{Victim: intel.VictimRef{Ref: intel.Ref{ID: name, Name: name}}, VictimAnswer: "none found"})
	}
	h.Incidents[2].VictimAnswer = string(intel.StanceDenied)
	h.Incidents = append(h.Incidents, intel.Incident{Victim: h.Incidents[2].Victim, VictimAnswer: string(intel.StanceConfirmed)})
	if got := victimNames(h, 34); !strings.HasPrefix(got, "Port of Eskerry") || !strings.Contains(got, "(denied), 2 more") {
		t.Errorf("the row says %q", got)
	}
	h.Incidents[0].VictimAnswer = string(intel.StanceDenied)
	if got := victimNames(h, 34); got != "Grantholme Bakeries (denied), 2 more" {
		t.Errorf("two that deny, the row says %q", got)
	}
}

// "No history" differs from "not looked", wherever nothing is found.
func TestNothingFoundSaysWhatWasLookedAt(t *testing.T) {
	empty, dir := t.TempDir(), deniedStore(t)
	for _, c := range []struct {
		args  []string
		stdin string
		code  int
	}{
		{[]string{"actor", "Nobody Known"}, "", exitFailed},
		{[]string{"victim", "Nobody Known"}, "", exitFailed},
		{[]string{"search", "zebra"}, "", exitOK},
		{[]string{"resolve", "Nobody Known"}, "", exitOK},
		{[]string{"enrich"}, "Nobody Known\n", exitOK},
		{[]string{"actor", "Cl0p"}, "", exitOK},
	} {
		code, out, errOut := rapsheet(t, empty, c.stdin, c.args...)
		if code != c.code || !strings.Contains(out+errOut, "nothing was looked at") {
			t.Errorf("%v on an empty store: exit %d\n%s%s", c.args, code, out, errOut)
		}
		code, out, errOut = rapsheet(t, dir, c.stdin, c.args...)
		if code != c.code || strings.Contains(out+errOut, "nothing was looked at") || !strings.Contains(out+errOut, "sources read") {
			t.Errorf("%v: exit %d\n%s%s", c.args, code, out, errOut)
		}
	}
}

func TestMinConfidenceOnEveryReadOfTheCommandLine(t *testing.T) {
	dir := deniedStore(t)
	for _, args := range [][]string{{"search", "mills"}, {"actor", "Qilin"}, {"victim", deniedVictim}} {
		if out := ok(t, dir, "", append(args, "--min-confidence", "1", "--limit", "5")...); strings.Contains(out, "(denied)") || strings.Contains(out, "latest answer") {
			t.Errorf("%v shows what is less certain than asked for:\n%s", args, out)
		}
		if code, _, errOut := rapsheet(t, dir, "", append(args, "--min-confidence", "1.5")...); code != exitUsage || !strings.Contains(errOut, "min_confidence") {
			t.Errorf("%v: exit %d %s", args, code, errOut)
		}
	}
	if out := ok(t, dir, deniedVictim+"\n", "enrich", "--min-confidence", "1"); !strings.Contains(out, `"below_threshold":1`) {
		t.Errorf("enrich: %s", out)
	}
	var page intel.Page[intel.Hit]
	if err := json.Unmarshal([]byte(ok(t, dir, "", "search", "mills", "--json")), &page); err != nil {
		t.Fatal(err)
	}
	// What a person decided about counts as 1.
	ok(t, dir, "", "correct", page.Items[0].Incidents[0].ID, "country", "IE", "--by", "ada", "--reason", "it is Irish")
	if out := ok(t, dir, "", "victim", deniedVictim, "--min-confidence", "1"); !strings.Contains(out, "(a person decided)") || !strings.Contains(out, "country IE") {
		t.Errorf("what a person decided about is left out:\n%s", out)
	}
}
