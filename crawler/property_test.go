package crawler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapsheet/rapsheet/intel"
)

// story is an item of a generated feed: what it is called, when it says it was published, and how often it was edited.
type story struct {
	path     string
	date     string
	guid     string
	edits    int
	failures int
}

// dates are what feeds write: equal, missing, without zone, in zones that do not exist, years off, nonsense.
var dates = []string{
	"Wed, 03 Sep 2025 10:00:00 +0000", "Wed, 03 Sep 2025 10:00:00 +0000", "", "Wed, 03 Sep 2025 10:00:00 EDT", "Wed, 03 Sep 2025 25:61:00 +9900",
	"2025-09-03", "Sept. 3, 2025 4:05 PM", "Thu, 01 Jan 1970 00:00:00 GMT", "Wed, 03 Sep 2098 10:00:00 -1200", "yesterday", "03/09/25", "0000-00-00T00:00:00Z",
}

// newsroom is a publisher with stories to come, of which its feed lists some.
type newsroom struct {
	*outlet
	stories []*story
}

func (n *newsroom) serve(s *story) {
	n.handle(s.path, func(w http.ResponseWriter, _ *http.Request) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if s.failures > 0 {
			s.failures--
			http.Error(w, "busy", http.StatusBadGateway)
			return
		}
		_, _ = fmt.Fprintf(w, "<p>%s, edited %d times</p>", s.path, s.edits)
	})
}

// list publishes the feed: the stories given, in that order, some of them twice and with tracking added.
func (n *newsroom) list(t *rapid.T, listed []*story) {
	var b strings.Builder
	format := rapid.SampledFrom([]string{"rss", "atom"}).Draw(t, "format")
	item := func(s *story, address string) {
		if format == "atom" {
			fmt.Fprintf(&b, `<entry><title>%s</title><id>%s</id><link href="%s"/><updated>%s</updated></entry>`, s.path, s.guid, address, s.date)
			return
		}
		fmt.Fprintf(&b, `<item><title>%s</title><guid isPermaLink="false">%s</guid><link>%s</link><pubDate>%s</pubDate></item>`, s.path, s.guid, address, s.date)
	}
	for _, s := range listed {
		item(s, n.URL+s.path)
		if rapid.IntRange(0, 5).Draw(t, "twice") == 0 {
			item(s, n.URL+s.path+"?utm_source=rss&amp;utm_medium=feed#top")
		}
	}
	body := `<rss version="2.0"><channel><title>T</title>` + b.String() + "</channel></rss>"
	if format == "atom" {
		body = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>` + b.String() + "</feed>"
	}
	n.page("/feed", "application/xml", body)
}

// TestEveryItemOfAnyFeedIsStoredExactlyOnce holds the crawler to it that whatever a feed does (shrink, reorder, date its items
// alike or not at all, change their ids, edit them), whatever fails and whenever the process is started anew, each version of
// each story that a round could see is delivered once.
func TestEveryItemOfAnyFeedIsStoredExactlyOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := &newsroom{outlet: newOutlet(t)}
		defer n.Close()
		b := remembering(t, n.outlet)
		guids := 0
		for range rapid.IntRange(2, 6).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 4).Draw(rt, "new") {
				guids++
				s := &story{
					path: fmt.Sprintf("/p%d", len(n.stories)), date: rapid.SampledFrom(dates).Draw(rt, "date"), guid: fmt.Sprintf("g%d", guids),
					failures: rapid.IntRange(0, 2).Draw(rt, "failures"),
				}
				n.stories = append(n.stories, s)
				n.serve(s)
			}
			// The newest are listed once at least, the others as it comes; some change their ids, some their order.
			var listed []*story
			for i, s := range n.stories {
				if len(n.stories)-i <= 4 || rapid.Bool().Draw(rt, "still") {
					listed = append(listed, s)
				}
				if rapid.IntRange(0, 4).Draw(rt, "guid") == 0 {
					guids++
					s.guid = fmt.Sprintf("g%d", guids)
				}
			}
			n.list(rt, rapid.Permutation(listed).Draw(rt, "order"))
			b.quietRound(rt, n.source("s"))
			if rapid.Bool().Draw(rt, "restart") {
				b = b.restart(t, n.outlet)
			}
			_ = b.clock.Sleep(t.Context(), time.Hour)
		}
		for range 4 { // the feed is empty now: only what failed is left to try
			n.list(rt, nil)
			b.quietRound(rt, n.source("s"))
			_ = b.clock.Sleep(t.Context(), time.Hour)
		}
		// Edits: every story is listed again, some are different.
		want := len(n.stories)
		for _, s := range n.stories {
			if rapid.Bool().Draw(rt, "edited") {
				s.edits++
				want++
			}
		}
		n.list(rt, n.stories)
		b.quietRound(rt, n.source("s"))
		seen := map[string]int{}
		for _, d := range b.desk.docs {
			seen[strings.TrimPrefix(d.URL, n.URL)+" "+string(d.Body)]++
		}
		for what, times := range seen {
			if times != 1 {
				rt.Errorf("%s was stored %d times", what, times)
			}
		}
		if len(seen) != want {
			rt.Errorf("%d versions stored of %d there were", len(seen), want)
		}
	})
}

func (b *bench) quietRound(t *rapid.T, s intel.Source) {
	if _, err := b.Round(t.Context(), []intel.Source{s}, intel.Date{}, b.desk.deliver); err != nil {
		t.Fatal(err)
	}
}
