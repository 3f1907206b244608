package crawler_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// TestReservations: what a publisher reserves in tdmrep.json, its headers or both is marked as reserved, and nothing else.
func TestReservations(t *testing.T) {
	const file = `[{"location":"/free/*","tdm-reservation":0},{"location":"/exact$","tdm-reservation":"1"},7,{"location":"/broken","tdm-reservation":"x"},{"location":"/news/","tdm-reservation":1,"tdm-policy":"https://a.example/p"}]`
	header := func(name, value string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			_, _ = w.Write([]byte("<p>text</p>"))
		}
	}
	for _, tt := range []struct {
		name, path string
		page       http.HandlerFunc
		file       http.HandlerFunc
		want       bool
	}{
		{name: "reserved folder", path: "/news/a", file: text(file), want: true},
		{name: "free folder", path: "/free/a", file: text(file)},
		{name: "exact", path: "/exact", file: text(file), want: true},
		{name: "longer than exact", path: "/exactly", file: text(file)},
		{name: "not listed", path: "/a", file: text(file)},
		{name: "value that is none", path: "/broken", file: text(file)},
		{name: "everything", path: "/a", file: text(`[{"location":"/","tdm-reservation":1}]`), want: true},
		{name: "the header takes it back", path: "/news/a", page: header("TDM-Reservation", "0"), file: text(file)},
		{name: "the header alone", path: "/a", page: header("TDM-Reservation", "1"), want: true},
		{name: "no archive", path: "/a", page: header("X-Robots-Tag", "noarchive"), want: true},
		{name: "no index for us", path: "/a", page: header("X-Robots-Tag", "rapsheet: noindex"), want: true},
		{name: "no index for another", path: "/a", page: header("X-Robots-Tag", "otherbot: noindex")},
		{name: "no file", path: "/news/a"},
		{name: "no JSON", path: "/news/a", file: text("<html>")},
		{name: "broken server", path: "/news/a", file: status(http.StatusBadGateway)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOutlet(t)
			if tt.page == nil {
				tt.page = header("Content-Type", "text/html")
			}
			o.handle(tt.path, tt.page)
			o.handle("/other", header("Content-Type", "text/html"))
			if tt.file != nil {
				o.handle("/.well-known/tdmrep.json", tt.file)
			}
			b := newBench(t, nil, o)
			src := o.source("s", intel.Discovery{Type: "page", URL: o.URL + tt.path}, intel.Discovery{Type: "page", URL: o.URL + "/other"})
			b.round(t, src)
			if len(b.desk.docs) != 2 || b.desk.docs[0].RightsReserved != tt.want {
				t.Fatalf("%d documents, reserved %v, want %v", len(b.desk.docs), b.desk.docs[0].RightsReserved, tt.want)
			}
			b.round(t, src)
			if n := o.count("/.well-known/tdmrep.json"); n > 1 {
				t.Errorf("asked %d times", n)
			}
			_ = b.clock.Sleep(t.Context(), 25*time.Hour)
			doc, err := b.Get(t.Context(), o.URL+tt.path)
			if err != nil || doc.RightsReserved != tt.want {
				t.Errorf("by hand: reserved %v, want %v, %v", doc.RightsReserved, tt.want, err)
			}
		})
	}
}

// TestForbiddenReservationsAreNotAsked: robots.txt holds for tdmrep.json too.
func TestForbiddenReservationsAreNotAsked(t *testing.T) {
	o := newOutlet(t)
	o.handle("/robots.txt", text("User-agent: *\nDisallow: /.well-known/"))
	o.html("/a", "<p>a</p>")
	b := newBench(t, nil, o)
	b.round(t, o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/a"}))
	if f := b.outcome(o.URL + "/.well-known/tdmrep.json"); f.Outcome != "robots" || f.Robots != "" || f.Discovery {
		t.Errorf("%+v", f)
	}
	if o.count("/.well-known/tdmrep.json") != 0 || len(b.desk.docs) != 1 || b.desk.docs[0].RightsReserved {
		t.Errorf("asked %d times, %d documents", o.count("/.well-known/tdmrep.json"), len(b.desk.docs))
	}
}
