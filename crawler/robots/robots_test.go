package robots_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler/robots"
)

func TestAllowed(t *testing.T) {
	for _, tt := range []struct {
		name, txt, path string
		want            bool
	}{
		{"empty file", "", "/a", true},
		{"empty disallow", "User-agent: *\nDisallow:\n", "/a", true},
		{"all", "User-agent: *\nDisallow: /\n", "/a", false},
		{"root itself", "User-agent: *\nDisallow: /\n", "", false},
		{"robots.txt always", "User-agent: *\nDisallow: /\n", "/robots.txt", true},
		{"prefix", "User-agent: *\nDisallow: /private\n", "/private/x", false},
		{"prefix is not the word", "User-agent: *\nDisallow: /private/\n", "/private", true},
		{"paths keep their case", "User-agent: *\nDisallow: /Private\n", "/private", true},
		{"longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true},
		{"longest wins in any order", "User-agent: *\nAllow: /a/b\nDisallow: /a\n", "/a/c", false},
		// The four cases that a widely used library gets wrong.
		{"equal length: allow", "User-agent: *\nDisallow: /page\nAllow: /page\n", "/page", true},
		{"equal length, allow first", "User-agent: *\nAllow: /page\nDisallow: /page\n", "/page", true},
		{"other agent's token is no prefix", "User-agent: rap\nDisallow: /\n", "/a", true},
		{"longer token does not bind", "User-agent: rapsheetbot\nDisallow: /\n", "/a", true},
		{"escaped letter in the address", "User-agent: *\nDisallow: /private\n", "/%70rivate", false},
		{"escaped letter in the rule", "User-agent: *\nDisallow: /%70rivate\n", "/private", false},
		{"raw utf-8 in the rule", "User-agent: *\nDisallow: /søk\n", "/s%C3%B8k?q=x", false},
		{"lower-case escape in the rule", "User-agent: *\nDisallow: /s%c3%b8k\n", "/s%C3%B8k", false},
		{"raw utf-8 in the address", "User-agent: *\nDisallow: /s%C3%B8k\n", "/søk", false},
		{"escaped slash is not a slash", "User-agent: *\nDisallow: /a/b\n", "/a%2Fb", true},
		// Wildcards.
		{"star", "User-agent: *\nDisallow: /*/print\n", "/a/b/print", false},
		{"star at the end", "User-agent: *\nDisallow: /a*\n", "/abc", false},
		{"dollar", "User-agent: *\nDisallow: /*.pdf$\n", "/x/report.pdf", false},
		{"dollar does not match on", "User-agent: *\nDisallow: /*.pdf$\n", "/report.pdf?x=1", true},
		{"dollar without star", "User-agent: *\nDisallow: /a$\n", "/ab", true},
		{"dollar takes the last place", "User-agent: *\nDisallow: /*a$\n", "/aba", false},
		{"dollar in the middle is a letter", "User-agent: *\nDisallow: /a$b\n", "/a$b", false},
		{"query", "User-agent: *\nDisallow: /*?print=\n", "/a?print=1", false},
		{"many stars", "User-agent: *\nDisallow: /a****b*****c$\n", "/a-b-c", false},
		// Groups.
		{"own group replaces *", "User-agent: *\nDisallow: /\nUser-agent: rapsheet\nDisallow: /x\n", "/a", true},
		{"own empty group allows", "User-agent: *\nDisallow: /\n\nUser-agent: rapsheet\nDisallow:\n", "/a", true},
		{"case of the token", "USER-AGENT: RapSheet\nDISALLOW: /x\n", "/x", false},
		{"token with version", "User-agent: rapsheet/1.0\nDisallow: /x\n", "/x", false},
		{"shared group", "User-agent: other\nUser-agent: rapsheet\nDisallow: /x\n", "/x", false},
		{"merged groups", "User-agent: rapsheet\nDisallow: /x\nUser-agent: other\nDisallow: /\nUser-agent: rapsheet\nDisallow: /y\n", "/y", false},
		{"group ends at the next agent", "User-agent: rapsheet\nDisallow: /x\nUser-agent: other\nDisallow: /z\n", "/z", true},
		{"rules before any agent bind nobody", "Disallow: /\nUser-agent: *\nDisallow: /x\n", "/a", true},
		{"sitemap does not end the agents", "User-agent: other\nSitemap: https://a.example/s\nUser-agent: rapsheet\nDisallow: /x\n", "/x", false},
		// Sloppy files.
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /x\n", "/x", false},
		{"crlf and cr", "User-agent: *\r\nDisallow: /x\rDisallow: /y\n", "/y", false},
		{"comments", "User-agent: * # all\nDisallow: /x # not this\n", "/x", false},
		{"no slash in the rule", "User-agent: *\nDisallow: x\n", "/x", false},
		{"unknown keys", "User-agent: *\nNoindex: /y\nHost: z\nDisallow: /x\n", "/y", true},
		{"html instead of rules", "<html><body>User-agent\nDisallow /</body></html>", "/x", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := robots.Parse([]byte(tt.txt), "rapsheet").Allowed(tt.path); got != tt.want {
				t.Errorf("Allowed(%q) = %v, want %v, under\n%s", tt.path, got, tt.want, tt.txt)
			}
		})
	}
}

func TestDelayAndSitemaps(t *testing.T) {
	for _, tt := range []struct {
		txt  string
		want time.Duration
	}{
		{"User-agent: *\nCrawl-delay: 2.5", 2500 * time.Millisecond},
		{"User-agent: *\nCrawl-delay: 86400", time.Minute},
		{"User-agent: *\nCrawl-delay: -1", 0},
		{"User-agent: *\nCrawl-delay: NaN", 0},
		{"User-agent: *\nCrawl-delay: soon", 0},
		{"User-agent: *\nCrawl-delay: 9\nUser-agent: rapsheet\nDisallow:", 0},
	} {
		if got := robots.Parse([]byte(tt.txt), "rapsheet").Delay; got != tt.want {
			t.Errorf("Delay of %q = %v, want %v", tt.txt, got, tt.want)
		}
	}
	r := robots.Parse([]byte("Sitemap: https://a.example/1.xml\nUser-agent: x\nDisallow: /\nsitemap:https://a.example/2.xml"), "rapsheet")
	if diff := cmp.Diff([]string{"https://a.example/1.xml", "https://a.example/2.xml"}, r.Sitemaps); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyTheFirst500KiBAreRead(t *testing.T) {
	txt := "User-agent: *\nDisallow: /x\n" + strings.Repeat("# filler line\n", robots.MaxBytes/14) + "Disallow: /y\n"
	r := robots.Parse([]byte(txt), "rapsheet")
	if r.Allowed("/x") || !r.Allowed("/y") {
		t.Error("rules before the limit must hold, those after it must not")
	}
}

func TestDisallowAll(t *testing.T) {
	r := robots.DisallowAll()
	if r.Allowed("/") || r.Allowed("") || !r.Allowed("/robots.txt") {
		t.Error("DisallowAll must forbid everything but robots.txt itself")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /a*b$\nAllow: /%70\nCrawl-delay: 3", "/a%2fb?x")
	f.Add("\ufeffUSER-AGENT:rapsheet\rDisallow:søk#x", "/søk")
	f.Add("User-agent: *\nDisallow: /********$$", "/%")
	f.Fuzz(func(t *testing.T, txt, path string) {
		r := robots.Parse([]byte(txt), "rapsheet")
		if r.Allowed(path) != r.Allowed(path) || r.Delay < 0 || r.Delay > time.Minute {
			t.Fatalf("unstable answer or delay %v", r.Delay)
		}
		if n := robots.Normalise(path); robots.Normalise(n) != n {
			t.Fatalf("Normalise(%q) = %q is not stable: %q", path, n, robots.Normalise(n))
		}
		if !r.Allowed("/robots.txt") {
			t.Fatal("/robots.txt forbidden")
		}
	})
}

func BenchmarkAllowed(b *testing.B) {
	var txt strings.Builder
	txt.WriteString("User-agent: *\n")
	for range 200 {
		txt.WriteString("Disallow: /*/private*/print$\n")
	}
	r := robots.Parse([]byte(txt.String()), "rapsheet")
	b.ReportAllocs()
	for b.Loop() {
		r.Allowed("/2025/09/03/a-long-story-about-something-that-happened")
	}
}
