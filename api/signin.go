package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/api/web"
)

// People open pages in a browser, which sends no Authorization header by itself: they sign in with an API key once, and the
// browser keeps it in a cookie that no script and no other site can use. The cookie opens what is read; it never writes.
const (
	keyCookie     = "rapsheet_key"
	signInPath    = "/signin"
	signOutPath   = "/signout"
	signedInFor   = 12 * 60 * 60 // seconds
	maxSignInBody = 4 << 10
)

// signIn adds the routes that make and clear the cookie.
func (s *server) signIn(e *echo.Echo, pages *web.Pages) {
	e.GET(signInPath, func(c echo.Context) error {
		if !s.RequireKey {
			return c.Redirect(http.StatusSeeOther, "/")
		}
		return pages.SignIn(c, http.StatusOK, nextPage(c.QueryParam("next")), "")
	})
	e.POST(signInPath, func(c echo.Context) error {
		if site := c.Request().Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
			return bad(http.StatusForbidden, "another site may not sign you in here")
		}
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxSignInBody)
		key, next := strings.TrimSpace(c.FormValue("key")), nextPage(c.FormValue("next"))
		grant, ok := s.grant(key)
		if !ok {
			if p := problemOf(s.refuseKey(c, true)); p.Status == http.StatusTooManyRequests {
				return pages.SignIn(c, p.Status, next, "Too many wrong keys. Wait a minute.")
			}
		}
		if !ok || !grant.May("read") {
			return pages.SignIn(c, http.StatusUnauthorized, next, "This is no valid key with the scope read.")
		}
		c.SetCookie(cookieOf(c.Request(), key, signedInFor))
		return c.Redirect(http.StatusSeeOther, next)
	})
	e.POST(signOutPath, func(c echo.Context) error {
		c.SetCookie(cookieOf(c.Request(), "", -1))
		return c.Redirect(http.StatusSeeOther, signInPath)
	})
}

// cookieKey is the key a browser keeps, for requests that only read.
func cookieKey(r *http.Request) string {
	ck, err := r.Cookie(keyCookie)
	if err != nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	return ck.Value
}

func (s *server) grant(key string) (Key, bool) {
	if s.Keys == nil || key == "" {
		return Key{}, false
	}
	return s.Keys(key)
}

func cookieOf(r *http.Request, key string, age int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever the browser came over TLS; on loopback and in a plain LAN it would never come back
		Name: keyCookie, Value: key, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https"),
	}
}

// nextPage is where to go after signing in: a page of this server, never another one's.
func nextPage(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return u.RequestURI()
}

// openToAll reports whether a route answers without a key: it says nothing about anybody.
func openToAll(path string) bool {
	return slices.Contains([]string{"/healthz", "/readyz", signInPath, signOutPath, "/static/style.css"}, path)
}

// wantsPage reports whether a person's browser asked for a page.
func wantsPage(r *http.Request) bool {
	if r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return false
	}
	return !slices.ContainsFunc([]string{"/v1/", "/taxii2/", "/feeds/", "/metrics", "/openapi.json"}, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) })
}
