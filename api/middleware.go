package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// requestTimeout bounds the work of one request.
const requestTimeout = 30 * time.Second

// around is the same for every route: figures, recovery, an id, headers, key, known parameters, time limit. It is one function, not
// seven, because echo puts the middlewares of a route together anew for every request.
func (s *server) around() echo.MiddlewareFunc {
	page, answer := pageHeaders(), answerHeaders()
	limited := middleware.ContextTimeout(requestTimeout)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			started := s.Clock()
			c.Response().Header()["X-Request-Id"] = []string{requestID(c.Request())}
			if isAnswer(c.Path()) {
				maps.Copy(c.Response().Header(), answer)
			} else {
				maps.Copy(c.Response().Header(), page)
			}
			if err := s.guarded(c, next, limited); err != nil {
				c.Error(err)
			}
			s.metrics.count(c, s.Clock().Sub(started))
			return nil
		}
	}
}

// guarded lets a request in that may, and answers for a handler that panics.
func (s *server) guarded(c echo.Context, next echo.HandlerFunc, limited echo.MiddlewareFunc) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if r == http.ErrAbortHandler { //nolint:errorlint // the value itself, as net/http compares it
				panic(r)
			}
			s.Logger.ErrorContext(c.Request().Context(), "handler panicked", "path", c.Path(), "error", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("api: %s panicked: %v", c.Path(), r)
		}
	}()
	answered, err := s.authenticate(c)
	if answered || err != nil {
		return err
	}
	if err := s.onlyKnown(c); err != nil {
		return err
	}
	// What is looked up in memory needs no timer of its own.
	if c.Path() == enrichOnePath {
		return next(c)
	}
	return limited(next)(c)
}

// enrichOnePath is the route that is asked most.
const enrichOnePath = "/v1/enrich/:value"

// isAnswer reports whether a route answers programs, not people.
func isAnswer(path string) bool {
	return strings.HasPrefix(path, "/v1/") || strings.HasPrefix(path, "/taxii2/")
}

// answerHeaders are the security headers of what programs read: nothing in it runs or loads anything.
func answerHeaders() map[string][]string {
	return map[string][]string{
		"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
		"X-Content-Type-Options":       {"nosniff"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
	}
}

// pageHeaders are those of pages, which load nothing from elsewhere.
func pageHeaders() map[string][]string {
	return map[string][]string{
		"Content-Security-Policy":      {"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"no-referrer"},
		"X-Frame-Options":              {"DENY"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
	}
}

// maxRequestID is the longest id of a caller's own that is taken over.
const maxRequestID = 128

// requestID names a request, as its caller did where that is a plain word: it comes back in the answer and stands in the audit log.
func requestID(r *http.Request) string {
	if id := r.Header.Get(echo.HeaderXRequestID); plainWord(id) {
		return id
	}
	return strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36) //nolint:gosec // a name, no secret
}

func plainWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':') {
			return false
		}
	}
	return s != "" && len(s) <= maxRequestID
}

// authenticate asks for a key where one is needed, and reports whether it has answered. Health is open: it says nothing about anybody.
func (s *server) authenticate(c echo.Context) (answered bool, err error) {
	if openToAll(c.Path()) {
		return false, nil
	}
	key := keyOf(c.Request())
	if key == "" && s.RequireKey {
		key = cookieKey(c.Request())
	}
	if key == "" && !s.RequireKey {
		if err := s.limit(c, remoteOf(c)); err != nil {
			return false, err
		}
		return false, sameSite(c.Request())
	}
	grant, ok := s.grant(key)
	if !ok && wantsPage(c.Request()) {
		return true, c.Redirect(http.StatusSeeOther, signInPath+"?next="+url.QueryEscape(c.Request().URL.RequestURI()))
	}
	if !ok {
		return false, s.refuseKey(c, key != "")
	}
	need := scopeOf(c)
	if need != "read" && need != "enrich" {
		c.Set(keyNamed, grant.Name)
	}
	if err := s.limit(c, grant.Name); err != nil {
		return false, err
	}
	if !grant.May(need) {
		s.audit(c, grant.Name, "scope-refused", need)
		return false, bad(http.StatusForbidden, "this key lacks the scope "+need)
	}
	s.used(c, grant, need)
	return false, nil
}

// May reports whether a key has a scope.
func (k Key) May(scope string) bool {
	return slices.Contains(k.Scopes, scope) || slices.Contains(k.Scopes, "admin")
}

// sameSite refuses writes that another site's page makes a browser send to a keyless server on loopback, and requests that
// reached it under a name that is not its own (DNS rebinding).
func sameSite(r *http.Request) error {
	if !ownName(r.Host) {
		return bad(http.StatusMisdirectedRequest, "a server without keys answers under localhost, 127.0.0.1 and [::1] only")
	}
	if site := r.Header.Get("Sec-Fetch-Site"); r.Method != http.MethodGet && r.Method != http.MethodHead && site != "" && site != "same-origin" && site != "none" {
		return bad(http.StatusForbidden, "another site may not write here")
	}
	return nil
}

// ownName reports whether a Host is a name of this machine for itself; rapsheet.invalid is the command line asking in process.
func ownName(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip := net.ParseIP(strings.Trim(name, "[]"))
	return strings.EqualFold(name, "localhost") || name == "rapsheet.invalid" || ip != nil && ip.IsLoopback()
}

func keyOf(r *http.Request) string {
	if k := r.Header.Get("X-API-Key"); k != "" {
		return k
	}
	if k, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(k)
	}
	if _, password, ok := r.BasicAuth(); ok { // TAXII clients that know nothing else send the key as the password
		return password
	}
	return ""
}

// scopeOf is the scope a route needs.
func scopeOf(c echo.Context) string {
	switch p := c.Path(); {
	case p == "/v1/reports" && c.Request().Method == http.MethodPost:
		return "add"
	case strings.HasPrefix(p, "/v1/decisions"), strings.HasPrefix(p, "/v1/corrections"):
		return "decide"
	case strings.HasPrefix(p, "/v1/watchlists") && c.Request().Method != http.MethodGet:
		return "decide"
	case strings.HasPrefix(p, "/v1/enrich"), strings.HasPrefix(p, "/v1/resolve"):
		return "enrich"
	case p == "/metrics":
		return "admin"
	default:
		return "read"
	}
}

// reader is a handler that answers a value.
type reader func(echo.Context) (any, error)

// cached answers a value with the strong ETag of the index generation, and 304 to who holds it in any coding. compress adds the
// coding to the tag of what it packs, as RFC 9110 section 8.8.3 asks of a strong tag.
func (s *server) cached(h reader) echo.HandlerFunc {
	return func(c echo.Context) error {
		if s.unchanged(c) {
			return c.NoContent(http.StatusNotModified)
		}
		v, err := h(c)
		if err != nil {
			c.Response().Header().Del("ETag")
			return err
		}
		return writeJSON(c, http.StatusOK, v)
	}
}

// genTag is the tag of a generation, as a header.
type genTag struct {
	gen    uint64
	header []string
}

// unchanged sets the tag of the generation, and reports whether the caller holds what it stands for.
func (s *server) unchanged(c echo.Context) bool {
	gen, _ := s.Reader.Generation()
	tag := s.tagged.Load()
	if tag == nil || tag.gen != gen {
		tag = &genTag{gen, []string{`"g` + strconv.FormatUint(gen, 10) + "-" + s.tag + `"`}}
		s.tagged.Store(tag)
	}
	h := c.Response().Header()
	h["Etag"] = tag.header
	h["Cache-Control"] = s.private
	if c.Request().Header.Get("If-None-Match") == "" {
		return false
	}
	return holds(c, tag.header[0])
}

// holds reports whether a caller holds the answer of a tag in any coding, and sets the tag it holds.
func holds(c echo.Context, tag string) bool {
	bare := strings.TrimSuffix(tag, `"`)
	for _, held := range tagsOf(c.Request()) {
		if held == tag || held == bare+`-gzip"` || held == bare+`-zstd"` {
			c.Response().Header().Set("ETag", held)
			return true
		}
	}
	return false
}

// tagsOf are the tags a caller holds. If-None-Match compares weakly, so a proxy's W/ does not matter.
func tagsOf(r *http.Request) []string {
	var tags []string
	for t := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		tags = append(tags, strings.TrimPrefix(strings.TrimSpace(t), "W/"))
	}
	return tags
}

// writeJSON encodes before it writes, so that an error can still become a problem.
func writeJSON(c echo.Context, status int, v any) error {
	if b, ok := v.(json.RawMessage); ok {
		return blob(c, status, "application/json", b)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(true)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("api: encode %s: %w", c.Path(), err)
	}
	return blob(c, status, "application/json", b.Bytes())
}

// blob answers bytes with their length: without it a long answer goes out in chunks, which cost server and client more. What is
// packed on its way out loses the length again.
func blob(c echo.Context, status int, media string, b []byte) error {
	h := c.Response().Header()
	h["Content-Length"] = []string{strconv.Itoa(len(b))}
	h["Content-Type"] = []string{media}
	c.Response().WriteHeader(status)
	if _, err := c.Response().Write(b); err != nil {
		return fmt.Errorf("api: write %s: %w", c.Path(), err)
	}
	return nil
}

// compress answers in gzip or zstd to who accepts it.
func compress(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.KeepAcceptRanges(), gzhttp.SuffixETag("-gzip"))
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	packed := wrap(h)
	return headAsGet(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header["Accept-Encoding"] != nil {
			packed.ServeHTTP(w, r)
			return
		}
		w.Header()["Vary"] = []string{"Accept-Encoding"} // what would be packed for others is looked at by caches all the same
		h.ServeHTTP(w, r)
	})), nil
}

// headAsGet answers HEAD with the headers of GET (RFC 9110, section 9.3.2).
func headAsGet(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			get := r.Clone(r.Context())
			get.Method = http.MethodGet
			h.ServeHTTP(bodiless{w}, get)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// bodiless drops the body of an answer.
type bodiless struct{ http.ResponseWriter }

func (bodiless) Write(b []byte) (int, error) { return len(b), nil }
