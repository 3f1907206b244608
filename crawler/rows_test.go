package crawler_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func ledgerRow() *intel.Row {
	return &intel.Row{URL: "{list}?id={id}", Title: "{group} lists {victim}", Text: "{group} claims to have attacked {victim}[ in {country}].", Published: "{day}"}
}

func TestRecordsAreDeliveredOnceEach(t *testing.T) {
	o := newOutlet(t)
	body := "id,group,victim,country,day\n1,Ashen Ferret,Delbrook Ports,Norland,2025-05-03\n2,Ashen Ferret,Tarnwick Foods,,2025-05-04 10:00\n3,,Nobody,,\n"
	o.page("/list.csv", "text/csv", body)
	src := o.source("s", intel.Discovery{Type: "records", URL: o.URL + "/list.csv", Format: "csv", Row: ledgerRow()})
	b := newBench(t, nil, o)
	res := b.round(t, src)
	if err := res.Sources[0].Err; err == nil || !res.Sources[0].Partial || !strings.Contains(err.Error(), "1 of 3 rows stand for no report") {
		t.Errorf("partial %v: %v", res.Sources[0].Partial, err)
	}
	if len(b.desk.docs) != 2 {
		t.Fatalf("%d documents", len(b.desk.docs))
	}
	one, two := b.desk.docs[0], b.desk.docs[1]
	if one.URL != o.URL+"/list.csv?id=1" || one.GivenTitle != "Ashen Ferret lists Delbrook Ports" || string(one.Body) != "Ashen Ferret claims to have attacked Delbrook Ports in Norland." || one.FeedPublished.String() != "2025-05-03" {
		t.Errorf("%+v %q", one, one.Body)
	}
	if string(two.Body) != "Ashen Ferret claims to have attacked Tarnwick Foods." || two.FeedPublished.String() != "2025-05-04" {
		t.Errorf("%q %s", two.Body, two.FeedPublished)
	}
	// A row that changes comes again, alone, and so does one that could not be taken.
	o.page("/list.csv", "text/csv", strings.ReplaceAll(body, "3,,Nobody,,", "")+"4,Glass Heron,Hollin Mills,,\n")
	o.page("/list.csv", "text/csv", strings.Replace(strings.ReplaceAll(body, "3,,Nobody,,\n", "4,Glass Heron,Hollin Mills,,\n"), "Delbrook Ports", "Delbrook Docks", 1))
	b.desk.answer = func(d intel.Document) error {
		if strings.Contains(string(d.Body), "Hollin") {
			return errors.New("disk full")
		}
		return nil
	}
	b.round(t, src)
	b.desk.answer = nil
	for range 2 {
		res = b.round(t, src)
	}
	if len(b.desk.docs) != 4 || res.Sources[0].Err != nil || b.outcome(o.URL+"/list.csv").Status != http.StatusNotModified {
		t.Errorf("%d documents, %v, %+v", len(b.desk.docs), res.Sources[0].Err, b.outcome(o.URL+"/list.csv"))
	}
}

// TestRecordsDoNotSpeakForOthersPages: a row cannot take the address of another site's page, nor one that is never read.
func TestRecordsDoNotSpeakForOthersPages(t *testing.T) {
	o := newOutlet(t)
	o.page("/list.json", "application/json", `{"rows":[{"u":"https://other.example/story"},{"u":"http://abcdefghij234567.onion/x"},{"u":"javascript:1"},{"u":"{home}/own"}]}`)
	b := newBench(t, nil, o)
	res := b.round(t, o.source("s", intel.Discovery{Type: "records", URL: o.URL + "/list.json", Format: "json", Rows: "rows", Row: &intel.Row{URL: "{u}", Title: "T", Text: "A text."}}))
	if len(b.desk.docs) != 1 || b.desk.docs[0].URL != o.URL+"/own" || !strings.Contains(res.Sources[0].Err.Error(), "3 of 4") {
		t.Errorf("%d documents, %v", len(b.desk.docs), res.Sources[0].Err)
	}
}

func TestRecordsThatFail(t *testing.T) {
	o := newOutlet(t)
	o.handle("/down", status(http.StatusBadGateway))
	o.page("/html", "text/html", "<html>")
	files := fstest.MapFS{"lists/a.csv": {Data: []byte("id,group,victim,day\n1,Ashen Ferret,Delbrook Ports,2025-05-03\n")}}
	b := newBench(t, func(op *crawler.Options) { op.Files = files }, o)
	for path, outcome := range map[string]string{"/down": "http-error", "/html": "failed", "/none": "http-error"} {
		res := b.round(t, o.source("s", intel.Discovery{Type: "records", URL: o.URL + path, Format: "json", Row: ledgerRow()}))
		if f := b.outcome(o.URL + path); res.Sources[0].Err == nil || f.Outcome != outcome || !f.Discovery {
			t.Errorf("%s: %+v, %v", path, f, res.Sources[0].Err)
		}
	}
	local := intel.Row{URL: "{list}#{id}", Title: "{group} lists {victim}", Text: "{group} claims to have attacked {victim}."}
	for range 2 {
		res := b.round(t, intel.Source{ID: "f", Discover: []intel.Discovery{{Type: "records", URL: "file:/lists/a.csv", Format: "csv", Row: &local}, {Type: "records", URL: "file:/none.csv", Format: "csv", Row: &local}}})
		if len(b.desk.docs) != 1 || res.Sources[0].Err == nil || b.desk.docs[0].URL != "file:/lists/a.csv#1" {
			t.Errorf("%v, %v", b.desk.docs, res.Sources[0].Err)
		}
	}
}

// TestAListLeavesEvidenceForItsRows: the answer is handed over whole with the rows that rest on it, and not when one of them was purged.
func TestAListLeavesEvidenceForItsRows(t *testing.T) {
	o := newOutlet(t)
	body := "id,group,victim,country,day\n1,Ashen Ferret,Delbrook Ports,Norland,\n2,Ashen Ferret,Tarnwick Foods,,\n"
	o.page("/list.csv", "text/csv", body)
	src := o.source("s", intel.Discovery{Type: "records", URL: o.URL + "/list.csv", Format: "csv", Row: ledgerRow()})
	var lists []intel.Document
	var told [][]string
	var same int
	b := newBench(t, func(op *crawler.Options) {
		op.Capture = true
		op.Listed = func(d intel.Document, rows []string) error {
			lists, told = append(lists, d), append(told, rows)
			return nil
		}
		op.Unmodified = func(intel.Document) error { same++; return nil }
	}, o)
	b.round(t, src)
	b.round(t, src)
	if len(lists) != 1 || same != 1 || len(told[0]) != 2 || told[0][0] != o.URL+"/list.csv?id=1" || string(lists[0].Received.Body) != body || lists[0].URL != o.URL+"/list.csv" {
		t.Fatalf("%d lists, %d unchanged, rows %v", len(lists), same, told)
	}
	o.page("/list.csv", "text/csv", body+"3,Glass Heron,Hollin Mills,,\n")
	b.round(t, src)
	if len(lists) != 2 || len(told[1]) != 3 {
		t.Errorf("a list that grew names the old rows too: %v", told)
	}
	b.desk.answer = func(d intel.Document) error {
		if strings.Contains(string(d.Body), "Otter") {
			return intel.ErrPurged
		}
		return nil
	}
	o.page("/list.csv", "text/csv", body+"3,Glass Heron,Hollin Mills,,\n4,Quiet Otter,Vane Textiles,,\n")
	b.round(t, src)
	if len(lists) != 2 {
		t.Error("a list that tells a purged row again must not be kept")
	}
	src.NoEvidence = true
	b.desk.answer = nil
	o.page("/list.csv", "text/csv", body)
	b.round(t, src)
	if len(lists) != 2 {
		t.Error("a source that wants no evidence must leave none")
	}
}

// TestRowsAreToldApartByTheirFragments: addresses are known without fragments, and no row may be lost behind another for that.
func TestRowsAreToldApartByTheirFragments(t *testing.T) {
	o := newOutlet(t)
	o.page("/list.csv", "text/csv", "id,group\nA 1,Ashen Ferret\n2,Glass Heron\n2,Glass Heron\n2,Quiet Otter\n")
	b := newBench(t, nil, o)
	row := &intel.Row{URL: "{list}#{id}", Title: "{group}", Text: "{group} struck."}
	res := b.round(t, o.source("s", intel.Discovery{Type: "records", URL: o.URL + "/list.csv", Format: "csv", Row: row}))
	if len(b.desk.docs) != 2 || b.desk.docs[0].URL != o.URL+"/list.csv?row=A+1" || b.desk.docs[1].URL != o.URL+"/list.csv?row=2" {
		t.Errorf("%+v", b.desk.docs)
	}
	if err := res.Sources[0].Err; err == nil || !strings.Contains(err.Error(), "1 of 4 rows") {
		t.Errorf("a row with the address of another, saying something else, must be told: %v", err)
	}
}
