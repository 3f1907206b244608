package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

const purgedAddress = "https://paper.example/1"

// purgedStore holds a report that is to be purged, which alone tells of an organisation, and one that stays.
func purgedStore(t *testing.T) (dir string, told intel.IncidentDetail) {
	t.Helper()
	dir = t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", claimed(1, "Rhysida", "Kestrel Ridge University", "2025-03-05")+claimed(2, "Akira", "Fernhill Foods", "2025-03-06")))
	k := asking(t, dir)
	told = before{t, k}.at("Kestrel Ridge University")[0]
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	return dir, told
}

// fetched gives an answer of the API as another program gets it.
func fetched(t *testing.T, k *asker, path string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, k.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(path, "/taxii2") {
		req.Header.Set("Accept", "application/taxii+json;version=2.1")
	}
	res, err := k.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// revokedIn are the objects of a STIX answer, in any envelope, that are revoked.
func revokedIn(t *testing.T, body string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(body)); dec.More(); {
		var answer any
		if err := dec.Decode(&answer); err != nil {
			t.Fatalf("%v: %.300s", err, body)
		}
		walk(answer, func(o map[string]any) {
			id, _ := o["id"].(string)
			if gone, _ := o["revoked"].(bool); gone {
				out[id] = true
			}
		})
	}
	return out
}

// TestEveryExportWithdrawsWhatWasPurged: each format that told of the report before the purge says after it that this is withdrawn, in
// the way its readers understand, and names nothing of it.
func TestEveryExportWithdrawsWhatWasPurged(t *testing.T) {
	dir, told := purgedStore(t)
	misp := filepath.Join(dir, "misp")
	identity := identityOf(t, ok(t, dir, "", "export", "stix"), "Kestrel Ridge University")
	export := func(format string) func(*testing.T, bool) string {
		return func(t *testing.T, after bool) string {
			args := []string{"export", format}
			if after {
				args = append(args, "--since", "0")
			}
			return ok(t, dir, "", args...)
		}
	}
	route := func(path string) func(*testing.T, bool) string {
		return func(t *testing.T, _ bool) string {
			k := asking(t, dir)
			defer k.close() //nolint:errcheck // a test's folder
			status, body := fetched(t, k, path)
			if status != http.StatusOK {
				t.Errorf("%s: status %d", path, status)
			}
			return body
		}
	}
	revokes := func(t *testing.T, body string) {
		if !revokedIn(t, body)[identity] {
			t.Errorf("%s is not revoked:\n%.1500s", identity, body)
		}
	}
	says := func(words ...string) func(*testing.T, string) {
		return func(t *testing.T, body string) {
			for _, w := range words {
				if !strings.Contains(body, w) {
					t.Errorf("%q is not said:\n%.1500s", w, body)
				}
			}
		}
	}
	actor, victim, entry := exchange.ActorRef("rhysida"), exchange.VictimRef(told.Victim.ID), "urn:uuid:"+intel.UUIDv5("feed", told.ID)
	formats := []struct {
		name  string
		get   func(*testing.T, bool) string
		given string // what tells of the report before the purge
		after func(*testing.T, string)
	}{
		{"stix", export("stix"), "Kestrel Ridge University", revokes},
		{"sentinel-stix", export("sentinel-stix"), "Kestrel Ridge University", revokes},
		{"TAXII", route("/taxii2/rapsheet/collections/all/objects/?limit=1000&match%5Btype%5D=identity"), "Kestrel Ridge University", revokes},
		{"splunk", export("splunk"), "rhysida,Rhysida", says("delete-actor,,,,,false,false,,,,,0,,0,0,0,false,"+actor, "upsert,rhysida,Rhysida,rhysida,Rhysida,false,false,exact,always,,,0,,0,0,0,false,"+actor)},
		{"sentinel", export("sentinel"), "rhysida,Rhysida", says("delete-actor,,,,,false,false,,,,,0,,0,0,0,false,"+actor, "upsert,rhysida,Rhysida,rhysida,Rhysida,false,false,exact,always,,,0,,0,0,0,false,"+actor)},
		{"elastic", export("elastic"), `"actor_id":"rhysida"`, says(`"` + actor + `"`)},
		{"splunk-victims", export("splunk-victims"), "Kestrel Ridge University", says("delete-victim", victim)},
		{"sentinel-victims", export("sentinel-victims"), "Kestrel Ridge University", says("delete-victim", victim)},
		{"elastic-victims", export("elastic-victims"), "Kestrel Ridge University", says(`"terms":{"victim_ref":`, `"`+victim+`"`)},
		{"misp", func(t *testing.T, _ bool) string { return mispFolder(t, dir, misp) }, "Kestrel Ridge University", says("(withdrawn)", "rapsheet:withdrawn")},
		{"atom", route("/feeds/incidents.atom"), entry, says(`deleted-entry`, `ref="`+entry+`"`)},
		{"json feed", route("/feeds/incidents.json"), entry, says(`"withdrawn"`, `"id": "`+entry+`"`)},
	}
	for _, f := range formats {
		if body := f.get(t, false); !strings.Contains(body, f.given) {
			t.Errorf("before the purge %s does not say %q: this case proves nothing:\n%.600s", f.name, f.given, body)
		}
	}
	ok(t, dir, "", "purge", purgedAddress, "--by", "ana", "--reason", "asked for by its publisher")
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			body := f.get(t, true)
			f.after(t, body)
			if strings.Contains(body, "Kestrel") || strings.Contains(body, purgedAddress) || strings.Contains(body, told.Reports[0]) {
				t.Errorf("what was purged is named:\n%.1500s", body)
			}
		})
	}
}

// identityOf is the STIX id of an organisation.
func identityOf(t *testing.T, bundle, name string) string {
	t.Helper()
	var doc struct {
		Objects []struct{ Type, ID, Name string }
	}
	if err := json.Unmarshal([]byte(bundle), &doc); err != nil {
		t.Fatal(err)
	}
	for _, o := range doc.Objects {
		if o.Type == "identity" && o.Name == name {
			return o.ID
		}
	}
	t.Fatalf("%s is not exported", name)
	return ""
}

// mispFolder writes the MISP feed and gives all of it.
func mispFolder(t *testing.T, dir, out string) string {
	t.Helper()
	ok(t, dir, "", "export", "misp", "--out", out)
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// TestPurgedIsGoneUnderAsOf: a purged report answers 410, now and as of when it was held, and no way that led to it says what it told.
func TestPurgedIsGoneUnderAsOf(t *testing.T) {
	dir, told := purgedStore(t)
	report := told.Reports[0]
	then := url.Values{"as_of": {time.Now().UTC().Format(time.RFC3339Nano)}}.Encode()
	ways := []string{
		"/v1/incidents", "/v1/incidents/" + told.ID, "/incidents/" + told.ID, "/v1/victims", "/v1/victims/" + told.Victim.ID, "/v1/victims/" + told.Victim.ID + "/timeline",
		"/v1/victims/" + told.Victim.ID + "/names", "/victims/" + told.Victim.ID, "/v1/search?q=actor:rhysida",
		"/search?q=actor:rhysida", "/v1/actors/rhysida/timeline", "/v1/actors/rhysida/victims", "/actors/rhysida", "/v1/enrich/Rhysida", "/v1/enrich/Rhysida?format=stix", "/v1/reports",
		"/v1/reports/" + report, "/reports/" + report,
	}
	asOf := func(path string) string {
		if strings.Contains(path, "?") {
			return path + "&" + then
		}
		return path + "?" + then
	}
	k := asking(t, dir)
	for _, way := range ways {
		if status, body := fetched(t, k, asOf(way)); status != http.StatusOK || !strings.Contains(body, "Kestrel") {
			t.Errorf("before the purge %s does not tell: status %d, %.300s", way, status, body)
		}
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "", "purge", purgedAddress, "--by", "ana", "--reason", "asked for by its publisher")
	k = asking(t, dir)
	for _, way := range ways {
		for _, path := range []string{way, asOf(way)} {
			status, body := fetched(t, k, path)
			if strings.Contains(body, "Kestrel") || strings.Contains(body, purgedAddress) {
				t.Errorf("%s tells what was purged: status %d, %.600s", path, status, body)
			}
			if gone := strings.Contains(way, "/reports/"); gone != (status == http.StatusGone) {
				t.Errorf("%s: status %d, %.300s", path, status, body)
			}
		}
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := rapsheet(t, dir, "", "evidence", purgedAddress); code != exitFailed || !strings.Contains(errOut, "removed on request") && !strings.Contains(errOut, "purged") {
		t.Errorf("evidence: exit %d, %s", code, errOut)
	}
}
