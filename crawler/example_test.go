package crawler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func ExampleCrawler_Round() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte("<h1>Something happened</h1>"))
	}))
	defer server.Close()
	c, err := crawler.New(crawler.Options{Clock: time.Now, AllowPrivate: []string{strings.TrimPrefix(server.URL, "http://")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	source := intel.Source{ID: "example", NoDelay: true, Discover: []intel.Discovery{{Type: "page", URL: server.URL + "/story"}}}
	result, err := c.Round(context.Background(), []intel.Source{source}, intel.Date{}, func(_ context.Context, doc intel.Document) error {
		fmt.Printf("%s\n", doc.Body)
		return nil
	})
	fmt.Println(result.Count(crawler.OutcomeStored), "stored", err)
	// Output:
	// <h1>Something happened</h1>
	// 1 stored <nil>
}
