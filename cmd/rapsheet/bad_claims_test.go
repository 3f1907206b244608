package main

import (
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/storetest"
)

// asking is an asker over a folder that tests filled, and the app behind it.
func asking(t *testing.T, dir string) *asker {
	t.Helper()
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: uuid.NewString, cfg: config{Data: filepath.Join(dir, "data"), LogLevel: "error"}}
	k, err := a.asker(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.close() })
	return k
}

// One sentence that says two things: both stand, the last word is worked out by rule, nothing is lost.
func TestContradictoryClaimsInOneSentenceAreShown(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl",
		`{"url":"https://paper.example/a","title":"Oatfield Mills","text":"Oatfield Mills confirmed that it was hit by a ransomware attack, but the company denied that any customer data was stolen by the Qilin gang, which claims that it took 40 gigabytes.","published":"2025-09-04","language":"en"}`+"\n"))
	out := ok(t, dir, "", "victim", "Oatfield Mills", "--all")
	for _, want := range []string{"latest answer: confirmed", "event        confirmed", "denied by Oatfield Mills", "by Qilin (actor)"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is lost:\n%s", want, out)
		}
	}
}

// A report that says it is of the future is kept with its date, and is not the last word for ever.
func TestAReportOfTheFutureIsNotTheLastWord(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "a.jsonl",
		`{"url":"https://paper.example/a","title":"Oatfield Mills","text":"Oatfield Mills denies that it was attacked by the Qilin ransomware gang.","published":"2062-01-01","language":"en"}`+"\n"))
	ok(t, dir, "", "import", "reports", collection(t, dir, "b.jsonl",
		`{"url":"https://paper.example/b","title":"Oatfield Mills admits","text":"Oatfield Mills confirmed that it was hit by a ransomware attack by the Qilin gang.","language":"en"}`+"\n"))
	out := ok(t, dir, "", "victim", "Oatfield Mills", "--all")
	if !strings.Contains(out, "1 incident in 2 reports") || !strings.Contains(out, "latest answer: confirmed") || !strings.Contains(out, "2062-01-01") {
		t.Errorf("the date stays with the report and the later word counts:\n%s", out)
	}
	if out := ok(t, dir, "", "actor", "Qilin"); strings.Contains(out, "last reported 2062") {
		t.Errorf("the latest news is of the future:\n%s", out)
	}
}

// A claim about nobody by name is an incident of its own, shown as such; it joins nothing.
func TestAClaimWithoutAVictimIsShown(t *testing.T) {
	dir := t.TempDir()
	w := worked(t, dir)
	for i := range 2 {
		e := storetest.Plain{URL: fmt.Sprintf("https://paper.example/%d", i), Actor: "Qilin", Quote: "Qilin says it attacked a mill."}.Entry()
		if _, err := w.folder.store.Save(t.Context(), []intel.Entry{e}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if out := ok(t, dir, "", "actor", "Qilin"); strings.Count(out, "(no organisation named)") != 2 || strings.Contains(out, "latest answer") {
		t.Errorf("two listings without a name are two incidents, and nobody answers:\n%s", out)
	}
}

// worked opens a folder to save into by hand; the caller closes it.
func worked(t *testing.T, dir string) *work {
	t.Helper()
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), LogLevel: "error"}}
	w, err := a.openWork(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Ten thousand claims on one incident: all are kept and counted, a table stays short and does not drop the denial among them.
func TestTenThousandClaimsOnOneIncident(t *testing.T) {
	if testing.Short() {
		t.Skip("saves 2,501 reports")
	}
	dir := t.TempDir()
	w := worked(t, dir)
	const reports = 2500
	claims := 0
	for from := 0; from < reports; from += 250 {
		var batch []intel.Entry
		for i := from; i < from+250; i++ {
			e := storetest.Article(i)
			e.Report.Published = intel.OnDay(intel.Date{Year: 2026, Month: 1, Day: 1 + i%28})
			e.Extraction.Incidents[0].Victims[0].Name = "Fernhollow Logistics"
			claims += len(e.Extraction.Incidents[0].Claims)
			batch = append(batch, e)
		}
		if _, err := w.folder.store.Save(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	denial := storetest.Plain{
		URL: "https://fernhollow.example/statement", Victim: "Fernhollow Logistics", Quote: "Fernhollow Logistics says that it was not attacked.", Stance: intel.StanceDenied,
		By: intel.Speaker{Name: "Fernhollow Logistics", Kind: intel.SpeakerVictim},
	}.Entry()
	denial.Report.Published = intel.OnDay(intel.Date{Year: 2026, Month: 1, Day: 29})
	denial.Extraction.Incidents[0].Kind, denial.Extraction.Incidents[0].Occurred = intel.KindOther, intel.Interval{}
	if _, err := w.folder.store.Save(t.Context(), []intel.Entry{denial}); err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	out := ok(t, dir, "", "victim", "Fernhollow Logistics")
	if !strings.Contains(out, fmt.Sprintf("1 incident in %d reports", reports+1)) || !strings.Contains(out, "latest answer: denied") || !strings.Contains(out, "was not attacked") || strings.Count(out, "\n") > 60 {
		t.Errorf("%.3000s", out)
	}
	k := asking(t, dir)
	var page intel.Page[intel.IncidentDetail]
	if err := k.get(t.Context(), "/v1/victims/"+url.PathEscape("Fernhollow Logistics")+"/timeline", nil, &page); err != nil || len(page.Items) != 1 {
		t.Fatalf("%v: %d incidents", err, len(page.Items))
	}
	if got := len(page.Items[0].Claims); claims < 10_000 || got != claims+1 {
		t.Errorf("%d claims are shown of %d", got, claims+1)
	}
}

// Two texts at one canonical address are two versions of one report; what the first said stays on record, with when it ended.
func TestOneAddressTwoTexts(t *testing.T) {
	dir := t.TempDir()
	line := func(address, text string) string {
		return fmt.Sprintf(`{"url":%q,"title":"Oatfield Mills","text":%q,"published":"2025-09-04","language":"en"}`+"\n", address, text)
	}
	out := ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl",
		line("https://paper.example/a?utm_source=feed", "The Qilin ransomware gang has claimed responsibility for an attack on Oatfield Mills, a British company.")+
			line("https://paper.example/a", "Oatfield Mills denies that it was attacked by the Qilin ransomware gang.")))
	if !strings.Contains(out, "2 reports stored") {
		t.Fatal(out)
	}
	k := asking(t, dir)
	var d struct {
		Version  int            `json:"version"`
		Claims   []intel.Claim  `json:"claims"`
		Ended    []intel.Claim  `json:"ended"`
		Versions []intel.Report `json:"versions"`
	}
	if err := k.get(t.Context(), "/v1/reports/"+intel.ReportID("https://paper.example/a"), nil, &d); err != nil {
		t.Fatal(err)
	}
	has := func(claims []intel.Claim, stance intel.Stance) bool {
		for _, c := range claims {
			if c.Stance == stance && c.Facet == intel.FacetEvent {
				return true
			}
		}
		return false
	}
	if d.Version != 2 || len(d.Versions) != 1 || !has(d.Claims, intel.StanceDenied) || has(d.Claims, intel.StanceClaimed) || !has(d.Ended, intel.StanceClaimed) || d.Ended[0].RecordedTo.IsZero() {
		t.Errorf("%+v", d)
	}
}
