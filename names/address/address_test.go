package address_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"fragment", "https://news.example/a#top", "https://news.example/a"},
		{"default port and case", "HTTPS://News.Example:443/A", "https://news.example/A"},
		{"other port", "http://127.0.0.1:8081/x", "http://127.0.0.1:8081/x"},
		{"credentials", "https://me:secret@news.example/a", "https://news.example/a"},
		{"tracking", "https://news.example/a?utm_source=x&id=7&fbclid=9&UTM_Medium=y", "https://news.example/a?id=7"},
		{"only tracking", "https://news.example/a?gclid=1", "https://news.example/a"},
		{"sorted", "https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"},
		{"list keeps order", "https://news.example/a?t=2&t=1&a=0", "https://news.example/a?a=0&t=2&t=1"},
		{"encoded slash stays", "https://news.example/a%2fb?q=%2f", "https://news.example/a%2fb?q=%2f"},
		{"unreserved decoded", "https://news.example/%7Euser/%61", "https://news.example/~user/a"},
		{"encoded dot stays", "https://news.example/a/b%2Ehtml", "https://news.example/a/b%2Ehtml"},
		{"no path", "https://news.example", "https://news.example/"},
		{"trailing dot", "https://news.example./a", "https://news.example/a"},
		{"international", "https://bücher.example/søk", "https://xn--bcher-kva.example/s%C3%B8k"},
		{"dot segments", "https://news.example/a/../b/./c", "https://news.example/b/c"},
		{"odd ip", "http://0x7f.1/x", "http://127.0.0.1/x"},
		{"backslash", `https:\\news.example\a`, "https://news.example/a"},
		{"white space", " https://news.example/a\n", "https://news.example/a"},
		{"ipv6", "http://[::1]:8080/a", "http://[::1]:8080/a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := address.Canonical(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("Canonical(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
			}
		})
	}
	for _, in := range []string{"", "/a", "news.example/a", "ftp://news.example/", "javascript:alert(1)", "https://", "data:text/html,x", "https://" + strings.Repeat("a", 9000)} {
		if got, err := address.Canonical(in); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("Canonical(%.40q) = %q, %v, want ErrInvalid", in, got, err)
		}
	}
}

func TestCleanKeepsTheOrderOfTheQuery(t *testing.T) {
	got, err := address.Clean("https://news.example/a?b=2&utm_x=1&a=1#f")
	if want := "https://news.example/a?b=2&a=1"; err != nil || got != want {
		t.Errorf("Clean = %q, %v, want %q", got, err, want)
	}
}

func TestResolve(t *testing.T) {
	const base = "https://news.example/2025/09/index.html?p=2"
	for in, want := range map[string]string{
		"story.html":              "https://news.example/2025/09/story.html",
		"/story?utm_medium=rss":   "https://news.example/story",
		"//other.example/x":       "https://other.example/x",
		"?p=3":                    "https://news.example/2025/09/index.html?p=3",
		"https://other.example/y": "https://other.example/y",
	} {
		if got, err := address.Resolve(base, in); err != nil || got != want {
			t.Errorf("Resolve(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"mailto:a@b.example", "javascript:void(0)", "tel:1"} {
		if got, err := address.Resolve(base, in); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("Resolve(%q) = %q, %v, want ErrInvalid", in, got, err)
		}
	}
}

func TestRefused(t *testing.T) {
	v3 := strings.Repeat("a", 55) + "d"
	for _, in := range []string{
		"http://example.onion/", "http://EXAMPLE.ONION./x", "https://example.onion:443/", "http://example.i2p/", "https://abc.onion.ly/",
		"https://x.tor2web.io/", "https://" + v3 + ".gate.example/", "https://breachforums.st/", "https://www.breachforums.example/Thread",
		"https://xss.is/threads/1", "https://forum.exploit.in/", "http://me@example.onion/", "http://example%2Eonion/", "http://example。onion/",
	} {
		if err := address.Refused(in); !errors.Is(err, intel.ErrBlocked) {
			t.Errorf("Refused(%q) = %v, want ErrBlocked", in, err)
		}
	}
	for _, in := range []string{
		"https://news.example/breachforums-seized", "https://theonion.com/", "https://breachforums.news.example/",
		"https://blog.torproject.org/onion", "http://127.0.0.1:9000/x",
	} {
		if err := address.Refused(in); err != nil {
			t.Errorf("Refused(%q) = %v, want nil", in, err)
		}
	}
	if err := address.Refused("gopher://x/"); !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("Refused(gopher) = %v, want ErrInvalid", err)
	}
}

func TestLoopbackAndAuthority(t *testing.T) {
	for in, want := range map[string]bool{
		"http://127.0.0.1:1/": true, "http://localhost/": true, "http://[::1]:2/": true, "http://127.9.9.9/": true, "http://2130706433/": true,
		"https://news.example/": false, "http://10.0.0.1/": false, "http://localhost.news.example/": false, "": false,
	} {
		if got := address.Loopback(in); got != want {
			t.Errorf("Loopback(%q) = %v", in, got)
		}
	}
	for in, want := range map[string]string{
		"https://News.example/a": "https://news.example:443", "http://news.example:80/": "http://news.example:80",
		"http://127.0.0.1:8081/": "http://127.0.0.1:8081", "mailto:x": "",
	} {
		if got := address.Authority(in); got != want {
			t.Errorf("Authority(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLongAddressesTakeNoTime(t *testing.T) {
	for _, c := range []string{"\xf6", "%", "/..", "?&", "a.", "@", "ü"} {
		began := time.Now()
		_, _ = address.Canonical("http://a.example/" + strings.Repeat(c, 8000/len(c)))
		_, _ = address.Canonical("http://" + strings.Repeat(c, 8000/len(c)))
		if took := time.Since(began); took > time.Second {
			t.Errorf("%q repeated: %s", c, took)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://news.example/a%2fb?b=2&a=1#x", "http://[::1]:80/%41", "https://bücher.example/søk", "http://0x7f.1", "https://a@b:c/%",
		"http://xn--/", "http://a/%zz?%", "https://x/?&&a&=", "HTTP://\t\n\x00", "http://1.2.3.4.5/", "https://a/?utm_=1&%75tm_x=2",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := address.Canonical(in)
		if err != nil {
			return
		}
		again, err := address.Canonical(got)
		if err != nil || again != got {
			t.Fatalf("Canonical(%q) = %q, then %q, %v", in, got, again, err)
		}
		if strings.ContainsAny(got, "#\n\r\t ") {
			t.Fatalf("Canonical(%q) = %q", in, got)
		}
		_ = address.Refused(got)
	})
}
