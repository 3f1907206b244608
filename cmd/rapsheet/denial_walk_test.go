package main

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// tellsNothing are the routes that name no organisation as a victim: how the server is, what it offers, what people decided, by id.
func tellsNothing() []string {
	return []string{
		"/healthz", "/readyz", "/taxii2/", "/taxii2/rapsheet/", "/taxii2/rapsheet/collections/{id}/manifest/", "/taxii2/rapsheet/status/{id}/", "/v1/decisions",
		"/v1/names/conflicts", "/v1/names/joins", "/v1/proposals", "/v1/sources", "/v1/sources/{id}", "/v1/actors", "/v1/actors/{id}", "/v1/actors/{id}/names",
		"/v1/actors/{id}/observables", "/v1/actors/{id}/relations", "/v1/actors/{id}/techniques", "/v1/victims/{id}/actors", "/taxii2/rapsheet/collections/",
		"/taxii2/rapsheet/collections/{id}/", "/taxii2/rapsheet/collections/{id}/objects/{object}/versions/",
		// What somebody typed: there is none here. What an organisation is called is a list of words that say of nobody that it was attacked.
		"/v1/watchlists", "/v1/watchlists/{id}", "/v1/victims/{id}/names",
	}
}

// Every route of the contract that reads, and every page: each row that names the organisation has its answer in it. The routes are
// those of the contract, so that a new one is walked without being added here.
func TestADenialTravelsThroughTheWholeContract(t *testing.T) {
	dir := deniedStore(t)
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), LogLevel: "error"}}
	k, err := a.asker(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer k.close() //nolint:errcheck // a test's folder
	walked := 0
	for _, route := range readingRoutes(t, k) {
		named := false
		for _, path := range addresses(t, k, route) {
			body, head, err := k.fetch(t.Context(), path, nil)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			walked++
			named = rowsTell(t, path, head.Get("Content-Type"), body) || named
		}
		if named == slices.Contains(tellsNothing(), route) {
			t.Errorf("%s names the organisation: %v, which is not what this test says of it", route, named)
		}
	}
	if walked < 60 {
		t.Errorf("only %d addresses were walked", walked)
	}
}

// readingRoutes are the routes of the contract that answer GET, and the pages.
func readingRoutes(t *testing.T, k *asker) []string {
	t.Helper()
	var contract struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := k.get(t.Context(), "/openapi.json", nil, &contract); err != nil {
		t.Fatal(err)
	}
	routes := []string{"/", "/search", "/actors/{id}", "/victims/{id}", "/incidents/{id}", "/reports/{id}"}
	for path, methods := range contract.Paths {
		if methods["get"] != nil {
			routes = append(routes, path)
		}
	}
	slices.Sort(routes)
	return routes
}

// addresses are the addresses of a route that could name the organisation.
func addresses(t *testing.T, k *asker, route string) []string {
	t.Helper()
	var incidents intel.Page[intel.IncidentDetail]
	if err := k.get(t.Context(), "/v1/incidents", nil, &incidents); err != nil || len(incidents.Items) != 1 {
		t.Fatalf("%v: %d incidents", err, len(incidents.Items))
	}
	in := incidents.Items[0]
	fill := map[string][]string{"/v1/actors/": {"Qilin"}, "/actors/": {"Qilin"}, "/v1/incidents/": {in.ID}, "/incidents/": {in.ID}, "/v1/sources/": {"none"}}
	for _, prefix := range []string{"/v1/victims/", "/victims/"} {
		fill[prefix] = []string{in.Victim.ID, url.PathEscape(deniedVictim)}
	}
	fill["/v1/reports/"], fill["/reports/"] = in.Reports, in.Reports
	fill["/v1/export/"] = api.ExportFormats()
	return expand(t, k, route, fill, in)
}

func expand(t *testing.T, k *asker, route string, fill map[string][]string, in intel.IncidentDetail) []string {
	t.Helper()
	switch route {
	case "/v1/suggest":
		return []string{route + "?q=oat"}
	case "/v1/search", "/v1/reports":
		return []string{route + "?q=mills&facets=actor,victim,sector", route + "?victim=" + in.Victim.ID}
	case "/search":
		return []string{route + "?q=mills", route + "?q=" + url.QueryEscape(deniedVictim)}
	case "/feeds/{file}":
		return []string{"/feeds/incidents.atom", "/feeds/incidents.json"}
	case "/feeds/actors/{file}":
		return []string{"/feeds/actors/qilin.atom", "/feeds/actors/qilin.json"}
	case "/feeds/victims/{file}":
		return []string{"/feeds/victims/" + in.Victim.ID + ".atom", "/feeds/victims/" + in.Victim.ID + ".json"}
	case "/feeds/misp/{file}":
		return []string{"/feeds/misp/manifest.json"}
	case "/v1/enrich/{value}":
		var all []string
		for format := range exchange.Shapes() {
			all = append(all, "/v1/enrich/Qilin?format="+format, "/v1/enrich/"+url.PathEscape(deniedVictim)+"?format="+format)
		}
		return append(all, "/v1/enrich/"+url.PathEscape(deniedVictim))
	case "/v1/sources/{id}", "/taxii2/rapsheet/status/{id}/", "/v1/watchlists/{id}", "/v1/victims/{id}/names":
		return nil // none is there to ask for
	}
	if strings.HasPrefix(route, "/taxii2/rapsheet/collections/{id}/") {
		return collections(t, k, route)
	}
	for prefix, ids := range fill {
		if rest, is := strings.CutPrefix(route, prefix); is && strings.HasPrefix(rest, "{") {
			_, after, _ := strings.Cut(rest, "}")
			var all []string
			for _, id := range ids {
				all = append(all, prefix+id+after)
			}
			return all
		}
	}
	return []string{route}
}

// collections are the addresses of a route in every TAXII collection, and of every object of them.
func collections(t *testing.T, k *asker, route string) []string {
	t.Helper()
	var list struct {
		Collections []struct {
			ID string `json:"id"`
		} `json:"collections"`
	}
	if err := k.get(t.Context(), "/taxii2/rapsheet/collections/", nil, &list); err != nil || len(list.Collections) == 0 {
		t.Fatalf("%v: %d collections", err, len(list.Collections))
	}
	var all []string
	for _, c := range list.Collections {
		path := strings.Replace(route, "{id}", c.ID, 1)
		// Catalogues come first and are long: what reports brought is asked for by type.
		ours := "?" + url.Values{"match[type]": {"identity,incident,note,opinion,report,relationship"}, "added_after": {"2021-01-01T00:00:00Z"}}.Encode()
		if !strings.Contains(route, "{object}") {
			if strings.HasSuffix(route, "/objects/") {
				path += ours
			}
			all = append(all, path)
			continue
		}
		var page struct {
			Objects []struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			} `json:"objects"`
		}
		if err := k.get(t.Context(), "/taxii2/rapsheet/collections/"+c.ID+"/objects/"+ours, nil, &page); err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Objects {
			if o.Name == deniedVictim {
				all = append(all, strings.Replace(path, "{object}", o.ID, 1))
			}
		}
	}
	return all
}

// rowsTell fails for every row that names the organisation without its answer, and reports whether any names it.
func rowsTell(t *testing.T, where, media string, body []byte) bool {
	t.Helper()
	var answer any
	switch {
	case strings.HasPrefix(media, "text/html"):
		doc, err := html.Parse(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		return pageRows(t, where, doc, doc)
	case json.Unmarshal(body, &answer) == nil:
		return jsonRows(t, where, answer, answer)
	}
	return told(t, where, string(body))
}

// isQuote reports whether a STIX note gives a speaker's sentence.
func isQuote(note map[string]any) bool {
	labels, _ := note["labels"].([]any)
	return note["type"] == "note" && slices.ContainsFunc(labels, func(l any) bool { s, _ := l.(string); return strings.HasPrefix(s, "said-by:") })
}

// othersWords are the fields that hold what a publisher or a speaker wrote, or what was asked.
func othersWords() []string {
	return []string{"title", "quote", "highlights", "q", "value", "words", "external_references"}
}

// jsonRows looks at each row of an answer: an element of one of its lists, or the whole where it has none.
func jsonRows(t *testing.T, where string, v, row any) (named bool) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			// The objects of STIX stand apart: a note quotes a speaker and a report has its title, the incident that they name has the answer.
			if slices.Contains(othersWords(), key) || key == "content" && isQuote(v) || key == "name" && v["type"] == "report" {
				continue
			}
			rows, isList := x.([]any)
			if !isList || !slices.Contains([]string{"items", "results", "objects", "candidates", "actor", "victim", "sector"}, key) {
				named = jsonRows(t, where, x, row) || named
				continue
			}
			for _, one := range rows {
				named = jsonRows(t, where+" "+key, one, one) || named
			}
		}
	case []any:
		for _, x := range v {
			named = jsonRows(t, where, x, row) || named
		}
	case string:
		if strings.Contains(v, deniedVictim) {
			named = true
			b, err := json.Marshal(row)
			if err != nil {
				t.Fatal(err)
			}
			told(t, where, string(b))
		}
	}
	return named
}

// pageRows looks at each row of a page: an article, a list's item or a table's line, or the whole page where it is named elsewhere.
func pageRows(t *testing.T, where string, n, row *html.Node) (named bool) {
	t.Helper()
	if n.Type == html.ElementNode && slices.Contains([]string{"article", "li", "tr"}, n.Data) {
		row = n
	}
	if n.Type == html.TextNode && strings.TrimSpace(n.Data) == deniedVictim {
		named = true
		told(t, where, allText(row)+" in "+row.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		named = pageRows(t, where, c, row) || named
	}
	return named
}

func allText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(allText(c) + " ")
	}
	return b.String()
}
