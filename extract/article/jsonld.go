package article

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
)

// linked is what the JSON-LD of a page says about the article.
type linked struct {
	headline, published, modified, language, publisher, body, url string
	authors                                                       []string
	// walled says that the article is marked as not free to read.
	walled bool
	// found says that an article node was met (not only a page node), own that it has the page's address; articles counts the
	// nodes of articles. collection says that the page calls itself a list of others.
	found, own, collection bool
	articles               int
}

// ldReader holds the nodes of all JSON-LD scripts of a page.
type ldReader struct {
	nodes []map[string]any
	byID  map[string]map[string]any
}

// maxLDNodes bounds the nodes that are looked at.
const maxLDNodes = 2000

// trailingComma finds the commonest mistake of hand-made JSON.
var trailingComma = regexp.MustCompile(`,\s*([}\]])`)

// readLinked reads the JSON-LD scripts of the page at address.
func readLinked(scripts []string, address string) linked {
	r := &ldReader{byID: map[string]map[string]any{}}
	for _, s := range scripts {
		if v, ok := looseJSON(s); ok {
			r.gather(v, 0)
		}
	}
	var best, site map[string]any
	score := 0
	out := linked{}
	for _, n := range r.nodes {
		s := r.rank(n, address)
		out.articles += b2i(s >= 20)
		out.collection = out.collection || isType(n, "CollectionPage") || isType(n, "SearchResultsPage")
		if s > score {
			best, score = n, s
		}
		if site == nil && (isType(n, "WebSite") || isType(n, "NewsMediaOrganization")) {
			site = n
		}
	}
	if best != nil {
		read := r.read(best)
		read.found, read.own, read.articles, read.collection = score >= 10, score >= 10 && hasAddress(best, address), out.articles, out.collection
		out = read
	}
	if out.publisher == "" && site != nil {
		out.publisher = str(site["name"])
	}
	return out
}

// looseJSON reads JSON as pages write it: with comments around it, raw line breaks in strings and trailing commas.
func looseJSON(s string) (any, bool) {
	s = strings.TrimSpace(s)
	for _, cut := range []string{"<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, cut))
	}
	for _, cut := range []string{"-->", "//]]>", "]]>", "/*]]>*/", ";"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, cut))
	}
	if len(s) > 1<<20 {
		return nil, false
	}
	var v any
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
	s = trailingComma.ReplaceAllString(s, "$1")
	if json.Unmarshal([]byte(s), &v) == nil {
		return v, true
	}
	if json.Unmarshal([]byte(html.UnescapeString(s)), &v) == nil {
		return v, true
	}
	return nil, false
}

// gather lists the nodes of v, parents before children.
func (r *ldReader) gather(v any, depth int) {
	if depth > 8 || len(r.nodes) > maxLDNodes {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			r.gather(e, depth+1)
		}
	case map[string]any:
		if id := str(v["@id"]); id != "" && (r.byID[id] == nil || len(v) > len(r.byID[id])) {
			r.byID[id] = v
		}
		if v["@type"] != nil {
			r.nodes = append(r.nodes, v)
		}
		for _, k := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart", "isPartOf"} {
			if c, ok := v[k]; ok {
				r.gather(c, depth+1)
			}
		}
	}
}

// rank says how likely a node is the article of the page; zero is no candidate.
func (r *ldReader) rank(n map[string]any, address string) int {
	s := 0
	for _, t := range types(n) {
		switch {
		case strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "BlogPosting") || t == "Report" || t == "SocialMediaPosting":
			s = 20
		case s == 0 && (t == "Recipe" || t == "CreativeWork" || t == "Review" || t == "DiscussionForumPosting" || t == "PodcastEpisode"):
			s = 10
		case s == 0 && (t == "WebPage" || t == "ItemPage" || t == "AboutPage"):
			s = 4
		}
	}
	if s == 0 {
		return 0
	}
	if str(n["datePublished"]) != "" {
		s += 2
	}
	if hasAddress(n, address) {
		s += 4
	}
	return s
}

// hasAddress says that a node is about the page at address.
func hasAddress(n map[string]any, address string) bool {
	for _, k := range []string{"url", "mainEntityOfPage", "@id"} {
		if a := idOf(n[k]); a != "" && address != "" && strings.TrimRight(strings.SplitN(a, "#", 2)[0], "/") == strings.TrimRight(address, "/") {
			return true
		}
	}
	return false
}

// read takes the fields of the article node.
func (r *ldReader) read(n map[string]any) linked {
	out := linked{
		headline:  inline(html.UnescapeString(firstOf(str(n["headline"]), str(n["name"])))),
		published: firstOf(str(n["datePublished"]), str(n["dateCreated"])),
		modified:  str(n["dateModified"]),
		language:  idOrName(n["inLanguage"]),
		body:      str(n["articleBody"]),
		url:       idOf(n["url"]),
		walled:    n["isAccessibleForFree"] == false || strings.EqualFold(str(n["isAccessibleForFree"]), "false"),
	}
	if p, ok := r.resolve(n["publisher"]).(map[string]any); ok {
		out.publisher = inline(html.UnescapeString(str(p["name"])))
	}
	for _, k := range []string{"author", "creator"} {
		if out.authors = r.people(n[k], 0); len(out.authors) > 0 {
			break
		}
	}
	return out
}

// people lists the names of an author value.
func (r *ldReader) people(v any, depth int) []string {
	if depth > 4 {
		return nil
	}
	switch v := r.resolve(v).(type) {
	case string:
		return []string{html.UnescapeString(v)}
	case []any:
		var out []string
		for _, e := range v {
			out = append(out, r.people(e, depth+1)...)
		}
		return out
	case map[string]any:
		if name, ok := v["name"]; ok {
			return r.people(name, depth+1)
		}
	}
	return nil
}

// resolve follows a reference to another node of the page.
func (r *ldReader) resolve(v any) any {
	m, ok := v.(map[string]any)
	if !ok || m["name"] != nil {
		return v
	}
	if t := r.byID[str(m["@id"])]; t != nil {
		return t
	}
	return v
}

func types(n map[string]any) []string {
	switch t := n["@type"].(type) {
	case string:
		return []string{shortType(t)}
	case []any:
		var out []string
		for _, e := range t {
			out = append(out, shortType(str(e)))
		}
		return out
	}
	return nil
}

func shortType(t string) string {
	if i := strings.LastIndexAny(t, "/:#"); i >= 0 {
		return t[i+1:]
	}
	return t
}

func isType(n map[string]any, want string) bool {
	return slices.Contains(types(n), want)
}

func str(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		if len(v) > 0 {
			return str(v[0])
		}
	}
	return ""
}

func idOf(v any) string {
	if m, ok := v.(map[string]any); ok {
		return firstOf(str(m["@id"]), str(m["url"]))
	}
	return str(v)
}

func idOrName(v any) string {
	if m, ok := v.(map[string]any); ok {
		return firstOf(str(m["alternateName"]), str(m["name"]))
	}
	return str(v)
}
