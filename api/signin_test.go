package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func keyed(t *testing.T) http.Handler {
	t.Helper()
	_, h := newServer(t, func(o *Options) {
		o.RequireKey, o.Keys = true, func(k string) (Key, bool) {
			scopes, ok := map[string][]string{"good": {"read", "decide"}, "siem": {"enrich"}}[k]
			return Key{Name: k, Scopes: scopes}, ok
		}
	})
	return h
}

func signIn(h http.Handler, form url.Values, header ...string) *httptest.ResponseRecorder {
	return call(h, "POST", "/signin", form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
}

// A browser is led to the sign-in form, and with a key's cookie to the page it asked for; programs get their problem as before.
func TestBrowserSignsInWithAKey(t *testing.T) {
	h := keyed(t)
	w := call(h, "GET", "/actors/umbrella?expand=members", "", "Accept", "text/html")
	if w.Code != 303 || w.Header().Get("Location") != "/signin?next=%2Factors%2Fumbrella%3Fexpand%3Dmembers" {
		t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	if w := call(h, "GET", w.Header().Get("Location"), "", "Accept", "text/html"); w.Code != 200 || !strings.Contains(w.Body.String(), `value="/actors/umbrella?expand=members"`) || strings.Contains(w.Body.String(), "sources read") {
		t.Errorf("the form: %d %s", w.Code, w.Body)
	}
	w = signIn(h, url.Values{"key": {" good "}, "next": {"/actors/umbrella?expand=members"}})
	cookie := w.Header().Get("Set-Cookie")
	if w.Code != 303 || w.Header().Get("Location") != "/actors/umbrella?expand=members" {
		t.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %s: %s", want, cookie)
		}
	}
	mine, _, _ := strings.Cut(cookie, ";")
	if w := call(h, "GET", "/actors/umbrella", "", "Accept", "text/html", "Cookie", mine); w.Code != 200 || !strings.Contains(w.Body.String(), "Sign out") {
		t.Errorf("signed in: %d", w.Code)
	}
	if w := call(h, "POST", "/v1/decisions", `{"kind":"not-victim","subject":"i1","by":"a","reason":"b"}`, "Cookie", mine); w.Code != 401 {
		t.Errorf("%d: the cookie reads, it never writes", w.Code)
	}
	if w := call(h, "GET", "/v1/sources", "", "Accept", "text/html"); w.Code != 401 {
		t.Errorf("%d: a program is told what is wrong, not sent to a form", w.Code)
	}
	if w := call(h, "POST", "/signout", ""); !strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("signed out: %s", w.Header().Get("Set-Cookie"))
	}
}

func TestSignInRefuses(t *testing.T) {
	h := keyed(t)
	for _, key := range []string{"", "wrong", "siem"} {
		if w := signIn(h, url.Values{"key": {key}}); w.Code != 401 || w.Header().Get("Set-Cookie") != "" || !strings.Contains(w.Body.String(), "no valid key") {
			t.Errorf("key %q: %d", key, w.Code)
		}
	}
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "javascript:alert(1)", "", "/%0d%0aSet-Cookie:x"} {
		w := signIn(h, url.Values{"key": {"good"}, "next": {next}})
		if to := w.Header().Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
			t.Errorf("next %q leads to %q", next, to)
		}
	}
	if w := signIn(h, url.Values{"key": {"good"}}, "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("%d: another site may not sign somebody in", w.Code)
	}
}
