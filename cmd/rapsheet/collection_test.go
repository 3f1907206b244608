package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// collection is a file of a published collection, its records invented.
func collection(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const verisRecords = `[
 {"incident_id":"B1","security_incident":"Confirmed","confidence":"High","summary":"Files were encrypted.","victim":{"victim_id":"Brookbank Brewery","industry":"312120","country":["GB"],"employee_count":"101 to 1000"},
  "actor":{"external":{"name":["LockBit"]}},"action":{"malware":{"variety":["Ransomware"]}},"timeline":{"incident":{"year":2021,"month":5}},"plus":{"created":"2021-07-01T10:00:00Z"}},
 {"incident_id":"B2","security_incident":"Confirmed","victim":{"victim_id":"Mary Example"},"actor":{"external":{"name":"John Example"}},"action":{"hacking":{"variety":["Use of stolen creds"]}},"plus":{"created":"2015-07-01T10:00:00Z"}},
 {"incident_id":"B3","victim":7},
 {"incident_id":"B4","security_incident":"Confirmed","victim":{"victim_id":"Harbour Clinic"},"actor":{"partner":{}},"action":{"error":{}}}
]`

const eurepocRecords = `ID,name,description,start_date,end_date,added_to_DB,incident_type,receiver_name,receiver_country_alpha_2_code,receiver_category,initiator_name,initiator_category,attribution_type
7,Flood against a port,Visitors were kept out.,2019-03-02,,2022-08-15,Disruption,Port of Norhaven,NO,Critical infrastructure,Sandworm,Non-state-group,Media-based attribution
8,Short,row
`

const kevRecords = `{"catalogVersion":"1","vulnerabilities":[{"cveID":"CVE-2019-99001","vendorProject":"Examplesoft","product":"Gate","vulnerabilityName":"Gate Path Traversal","dateAdded":"2021-11-03","knownRansomwareCampaignUse":"Known"}]}`

// A store of a day that read nothing but published collections answers about past years.
func TestDayOneHasHistory(t *testing.T) {
	dir := t.TempDir()
	veris := collection(t, dir, "vcdb.json", verisRecords)
	code, out, errOut := rapsheet(t, dir, "", "import", "vcdb", veris)
	if code != exitPartial || !strings.Contains(out, "4 records read; 2 added, 0 updated, 0 unchanged") || !strings.Contains(out, "1 left out: no outsider did it") {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
	if !strings.Contains(errOut, "vcdb.json row 3:") {
		t.Errorf("a bad row is told of by file and row:\n%s", errOut)
	}
	kept, err := os.ReadFile(filepath.Join(dir, "data", "quarantine", "vcdb.jsonl"))
	if err != nil || !strings.Contains(string(kept), `"row":3`) || !strings.Contains(string(kept), "B3") {
		t.Errorf("the bad row is not kept: %v %s", err, kept)
	}
	if code, out, _ = rapsheet(t, dir, "", "import", "eurepoc", collection(t, dir, "e.csv", eurepocRecords)); code != exitPartial || !strings.Contains(out, "1 added") {
		t.Errorf("exit %d: %s", code, out)
	}
	ok(t, dir, "", "import", "kev", collection(t, dir, "kev.json", kevRecords))

	if out = ok(t, dir, "", "actor", "LockBit"); !strings.Contains(out, "Brookbank Brewery") {
		t.Errorf("the actor's history lacks its victim:\n%s", out)
	}
	if out = ok(t, dir, "", "victim", "Brookbank Brewery"); !strings.Contains(out, "LockBit") || !strings.Contains(out, "none found") {
		t.Errorf("the victim's history lacks its actor or its answer:\n%s", out)
	}
	if out = ok(t, dir, "", "actor", "Sandworm"); !strings.Contains(out, "Port of Norhaven") {
		t.Errorf("the actor's history lacks its victim:\n%s", out)
	}
	var r struct {
		Status    string           `json:"status"`
		Incidents []intel.Incident `json:"incidents"`
	}
	if err := json.Unmarshal([]byte(ok(t, dir, "Brookbank Brewery\n", "enrich")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Status != "found" || len(r.Incidents) != 1 || r.Incidents[0].Status != intel.StanceReported || r.Incidents[0].Corroborated || r.Incidents[0].Occurred.Precision != intel.PrecisionMonth {
		t.Errorf("one compiler's word, with its precision: %+v", r)
	}
	if out = ok(t, dir, "CVE-2019-99001\n", "enrich"); !strings.Contains(out, `"found"`) {
		t.Errorf("an exploited vulnerability is not known:\n%s", out)
	}
	for _, person := range []string{"Mary Example", "John Example"} {
		if out = ok(t, dir, person+"\n", "enrich"); !strings.Contains(out, `"not_found"`) {
			t.Errorf("%s is stored:\n%s", person, out)
		}
	}
}

func TestImportingACollectionAgain(t *testing.T) {
	dir := t.TempDir()
	only := strings.Split(verisRecords, ",\n {\"incident_id\":\"B2\"")[0] + "]"
	ok(t, dir, "", "import", "vcdb", collection(t, dir, "a.json", only))
	if out := ok(t, dir, "", "import", "vcdb", collection(t, dir, "a.json", only)); !strings.Contains(out, "0 added, 0 updated, 1 unchanged") {
		t.Errorf("the same file again: %s", out)
	}
	newer := strings.NewReplacer(`"LockBit"`, `"Cl0p"`, `"312120"`, `"221112"`).Replace(only)
	if out := ok(t, dir, "", "import", "vcdb", collection(t, dir, "b.json", newer)); !strings.Contains(out, "0 added, 1 updated, 0 unchanged") {
		t.Errorf("a newer file: %s", out)
	}
	if out := ok(t, dir, "", "victim", "Brookbank Brewery"); strings.Contains(out, "LockBit") || !strings.Contains(strings.ToLower(out), "cl0p") {
		t.Errorf("the newer file's actor stands alone:\n%s", out)
	}
	if out := ok(t, dir, "", "reextract"); !strings.Contains(out, "1 records of imported collections") {
		t.Errorf("claims from fields are not read from sentences: %s", out)
	}
	if out := ok(t, dir, "", "victim", "Brookbank Brewery"); !strings.Contains(strings.ToLower(out), "cl0p") {
		t.Errorf("re-extraction took the claims away:\n%s", out)
	}
	sources := ok(t, dir, "", "sources", "--json")
	if !strings.Contains(sources, `"vcdb"`) || !strings.Contains(sources, "last_success") {
		t.Errorf("the collection is no source that was read:\n%.300s", sources)
	}
}
