package crawler_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gocolly/colly/v2"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/crawler/crawlertest"
	"github.com/rapsheet/rapsheet/intel"
)

const benchPages = 200

// benchOutlet serves pages of the size of a news article.
func benchOutlet(b *testing.B) (*outlet, []intel.Discovery) {
	b.Helper()
	t := &testing.T{}
	o := newOutlet(t)
	b.Cleanup(o.Close)
	body := []byte("<html><body>" + strings.Repeat("<p>A sentence of a report about an incident.</p>", 1000) + "</body></html>")
	var ds []intel.Discovery
	for i := range benchPages {
		o.handle(fmt.Sprintf("/p%d", i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(body)
		})
		ds = append(ds, intel.Discovery{Type: "page", URL: fmt.Sprintf("%s/p%d", o.URL, i)})
	}
	return o, ds
}

// go test ./crawler -run - -bench Fetch
func BenchmarkFetchRapsheet(b *testing.B) {
	o, ds := benchOutlet(b)
	clk := newClock()
	b.ReportAllocs()
	for b.Loop() {
		c, err := crawler.New(crawler.Options{Clock: clk.Now, Journal: &crawlertest.Journal{}, AllowPrivate: []string{o.host()}, Capture: true})
		if err != nil {
			b.Fatal(err)
		}
		res, err := c.Round(b.Context(), []intel.Source{o.source("s", ds...)}, intel.Date{}, func(context.Context, intel.Document) error { return nil })
		if err != nil || res.Count("stored") != benchPages {
			b.Fatal(res.Err(), err)
		}
		c.Close()
	}
	b.ReportMetric(float64(b.N*benchPages)/b.Elapsed().Seconds(), "pages/s")
}

func BenchmarkFetchBareColly(b *testing.B) {
	_, ds := benchOutlet(b)
	b.ReportAllocs()
	for b.Loop() {
		base := &http.Transport{}
		c := colly.NewCollector()
		c.WithTransport(base)
		n := 0
		c.OnResponse(func(*colly.Response) { n++ })
		for _, d := range ds {
			if err := c.Visit(d.URL); err != nil {
				b.Fatal(err)
			}
		}
		if n != benchPages {
			b.Fatal(n)
		}
		base.CloseIdleConnections()
	}
	b.ReportMetric(float64(b.N*benchPages)/b.Elapsed().Seconds(), "pages/s")
}
