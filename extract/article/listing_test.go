package article

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/intel"
)

// TestFrontPagesOfTheNewsroom: the front page and every list of every outlet, in both editions, are no reports.
func TestFrontPagesOfTheNewsroom(t *testing.T) {
	room, err := newsroom.Open(newsroom.Files())
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range room.Outlets() {
		paths := []string{"/"}
		for _, d := range o.Discover {
			if d.Type == "archive" || d.Type == "listing" {
				paths = append(paths, d.Path)
			}
		}
		for edition := 1; edition <= 2; edition++ {
			for _, path := range paths {
				base := "https://" + o.ID + ".example"
				h := room.Handler(o.ID, func() int { return edition }, func(string) string { return base })
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil))
				if rec.Code != http.StatusOK {
					t.Fatalf("%s%s: status %d", base, path, rec.Code)
				}
				a, err := Read(intel.Document{URL: base + path, ContentType: rec.Header().Get("Content-Type"), Body: rec.Body.Bytes()})
				if !errors.Is(err, intel.ErrNotReport) {
					t.Errorf("%s%s, edition %d: read as a report (%v): %q\n%s", base, path, edition, err, a.Title, a.Text)
				}
			}
		}
	}
}

// story is some text of a page about one thing.
var story = strings.Repeat("<p>The port of Delbrook said on Monday that an attack had stopped its cranes, and that its crews went back to paper lists for two days.</p>", 6)

// cards are the beginnings of n other pages, each told by form with its number.
func cards(n int, form string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(form, "{n}", strconv.Itoa(i+1)))
	}
	return b.String()
}

func TestListings(t *testing.T) {
	const (
		card  = `<div class=card><h3><a href="/news/story-{n}">Gang {n} lists a bakery</a></h3><p>The bakery number {n} of Tarnwick has been listed by a gang, which says that it took the recipes and the wages of all.</p></div>`
		whole = `<a class=tile href="/news/story-{n}"><h4>Gang {n} lists a bakery</h4><p>The bakery number {n} of Tarnwick has been listed by a gang, which says that it took the recipes.</p></a>`
		line  = `<li><a href="/news/story-{n}">Gang number {n} lists the largest bakery of Tarnwick</a> <span>{n} May 2025</span></li>`
		away  = `<h3><a href="https://other{n}.example/story">Gang {n} lists a bakery</a></h3><p>The bakery number {n} of Tarnwick has been listed by a gang, which says that it took the recipes and the wages of all.</p>`
	)
	for name, c := range map[string]struct {
		path, head, body string
		list             bool
	}{
		"front page":                {"/", "", "<h1>Harbour News</h1>" + cards(6, card), true},
		"front page of one story":   {"/", "", "<h1>Harbour News</h1>" + cards(1, card), true},
		"front page of a language":  {"/de/", "", cards(4, whole), true},
		"section":                   {"/news", "", "<h1>News</h1>" + cards(5, card), true},
		"section of tiles":          {"/security/ransomware", "", "<main>" + cards(5, whole) + "</main>", true},
		"section of rows":           {"/news", "", "<h1>News</h1>" + cards(4, "<div class=row>"+card+"</div>"), true},
		"category of two":           {"/category/ransomware/", "", cards(2, card), true},
		"archive by its system":     {"/2025/05", "", cards(2, card), true},
		"lines":                     {"/archive", "", "<ul>" + cards(12, line) + "</ul>", true},
		"search results":            {"/find", `<script type="application/ld+json">{"@type":"SearchResultsPage"}</script>`, cards(2, card), true},
		"collection of articles":    {"/news", `<script type="application/ld+json">{"@type":"CollectionPage","mainEntity":{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"Gang 1 lists a bakery"}]}}</script>`, cards(4, card), true},
		"story":                     {"/news/port", "", "<h1>Cranes of Delbrook stand still</h1>" + story, false},
		"story with related ones":   {"/news/port", "", "<h1>Cranes of Delbrook stand still</h1>" + story + "<h2>More</h2>" + cards(4, card), false},
		"story at the root":         {"/", "", "<h1>Statement on the attack of 3 May</h1>" + story + `<p><a href="/faq">Questions and answers about the attack</a></p>`, false},
		"roundup":                   {"/news/week-19", "", "<h1>The week in attacks</h1>" + cards(6, away), false},
		"roundup of its own":        {"/news/week-19", `<meta property="og:type" content="article">`, "<h1>The week in attacks</h1>" + cards(6, card), false},
		"roundup with a date":       {"/news/week-19", `<script type="application/ld+json">{"@type":"NewsArticle","headline":"The week in attacks"}</script>`, "<h1>The week in attacks</h1>" + cards(6, card), false},
		"story with links in it":    {"/news/port", "", "<h1>Cranes of Delbrook stand still</h1>" + strings.ReplaceAll(story, "The port of Delbrook", `<a href="/tag/delbrook">The port of Delbrook</a>`), false},
		"timeline with its anchors": {"/news/live", "", "<h1>Live</h1>" + strings.ReplaceAll(cards(6, card), "/news/story-", "#story-"), false},
	} {
		t.Run(name, func(t *testing.T) {
			class := map[bool]string{true: ` class="archive date"`}[name == "archive by its system"]
			a, err := Read(intel.Document{
				URL: "https://harbour.example" + c.path, ContentType: "text/html",
				Body: []byte("<html lang=en><head><title>Harbour News</title>" + c.head + "</head><body" + class + "><nav><a href=/>Home</a><a href=/about>About</a></nav>" + c.body + "</body></html>"),
			})
			if got := errors.Is(err, intel.ErrNotReport); got != c.list {
				t.Errorf("no report: %v, want %v (%v)\n%s", got, c.list, err, a.Text)
			}
		})
	}
}

// TestOptOuts: what a page says about indexing, archiving and mining is heeded when it is said to all or to us.
func TestOptOuts(t *testing.T) {
	for meta, want := range map[string]bool{
		`<meta name=robots content="noindex, follow">`:       true,
		`<meta name=ROBOTS content="NOARCHIVE">`:             true,
		`<meta name=robots content="none">`:                  true,
		`<meta name=rapsheet content="noai">`:                true,
		`<meta name="tdm-reservation" content="1">`:          true,
		`<meta name="tdm-reservation" content="0">`:          false,
		`<meta name=robots content="index, max-snippet:-1">`: false,
		`<meta name=googlebot content="noindex">`:            false,
		``: false,
	} {
		a, err := Read(page2("<html><head><title>Cranes of Delbrook stand still</title>" + meta + "</head><body>" + story + "</body></html>"))
		if err != nil || a.RightsReserved != want {
			t.Errorf("%s: reserved %v, want %v, %v", meta, a.RightsReserved, want, err)
		}
	}
}
