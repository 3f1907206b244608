package index

import (
	"errors"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  ", ""},
		{"one two", "one two"},
		{"one AND two", "one two"},
		{"one OR two three", "one OR (two three)"},
		{"(one OR two) -three", "(one OR two) -three"},
		{"NOT one", "-one"},
		{"--one", "--one"},
		{"NoName057(16) attack", "NoName057(16) attack"},
		{`actor:"Fancy Bear" kind:ddos`, `actor:"Fancy Bear" kind:ddos`},
		{"language:de", "lang:de"},
		{"https://evil.example/a", "https://evil.example/a"},
		{"Update: production", "Update production"},
		{`"one two" three`, `"one two" three`},
		{`""`, ""},
		{"((one))", "one"},
		{"OR one OR", "one"},
	} {
		n, err := parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got := n.String(); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`a OR b`, `(a "b c") -d`, `actor:"x y"`, `NoName057(16)`, `-(a OR b)`, `NOT -a`, `a:b:c`, `"`, `(`, `)`, "\x00", "«a»", `lapsus$ -"x`} {
		f.Add(s)
	}
	a := newAnalyzer()
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parse(s)
		if err != nil {
			if !errors.Is(err, intel.ErrInvalid) {
				t.Fatalf("%q: %v is not ErrInvalid", s, err)
			}
			return
		}
		leaves, depth := 0, 0
		var walk func(*node, int)
		walk = func(n *node, d int) {
			if n == nil {
				return
			}
			depth = max(depth, d)
			if len(n.kids) == 0 {
				leaves++
				if n.text == "" {
					t.Fatalf("%q: empty leaf", s)
				}
				a.asked(n.text)
			}
			for _, k := range n.kids {
				walk(k, d+1)
			}
		}
		walk(n, 0)
		if leaves > maxClauses || depth > 4*maxDepth {
			t.Fatalf("%q: %d leaves, depth %d", s, leaves, depth)
		}
	})
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"LAPSUS$", "NoName057(16)", "APT 28 and APT-28", "CVE-2025-1234", "evil[.]example", "O’Brien’s", "日本語 テスト", "a\xffb", "T1566.001", "x-y_z.q@r"} {
		f.Add(s)
	}
	a := newAnalyzer()
	f.Fuzz(func(t *testing.T, s string) {
		pos := 0
		scan(s, a.stem, func(x term) {
			if x.start < 0 || x.end > len(s) || x.start >= x.end || x.text == "" || len(x.text) > maxTerm {
				t.Fatalf("%q: bad term %+v", s, x)
			}
			if x.pos < pos-1 || x.pos < 1 {
				t.Fatalf("%q: position %d after %d", s, x.pos, pos)
			}
			pos = max(pos, x.pos)
		})
		l := &looker{analyzer: a, phrases: map[string][][]string{}}
		l.add("lapsus$")
		l.add("evil example")
		excerpts, _ := l.excerpts(s, 3)
		for _, e := range excerpts {
			if len([]rune(e)) > maxExcerpt {
				t.Fatalf("%q: excerpt of %d characters", s, len([]rune(e)))
			}
			if strings.Contains(e, "http://") || strings.Contains(e, "https://") {
				t.Fatalf("%q: link in %q", s, e)
			}
		}
	})
}

func TestScan(t *testing.T) {
	a := newAnalyzer()
	for _, c := range []struct{ in, want string }{
		{"LAPSUS$ hackers", "lapsus$ lapsu hacker"},
		{"NoName057(16)", "noname057(16) noname057"},
		{"APT-28", "apt28 apt 28"},
		{"APT 28", "apt apt28 28"},
		{"APT28", "apt28"},
		{"UNC3944's crew", "unc3944 crew"},
		{"CVE-2025-61882", "cve-2025-61882 cve 2025 61882"},
		{"evil[.]example[.]com", "evil.example.com evil exampl com"},
		{"T1566.001", "t1566.001 t1566 001"},
		{"Société", "societ"},
		{"e-mail", "email e mail"},
		{"Keymous+ said", "keymous+ keymou said"},
		{"cl\u00adop", "clop"},
		{"攻撃", "攻 撃"},
		{"O'Brien's", "obrien o brien"},
	} {
		var got []string
		scan(c.in, a.stem, func(x term) { got = append(got, x.text) })
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: got %q, want %q", c.in, s, c.want)
		}
	}
}

func TestDefang(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"see https://evil.example/a.", "see hxxps://evil[.]example/a."},
		{"mail bad@evil.example now", "mail bad[at]evil[.]example now"},
		{"203.0.113.7 and v1.2.3 and T1566.001", "203[.]0[.]113[.]7 and v1[.]2[.]3 and T1566.001"},
		{"It ended. Then 3.5 million left.", "It ended. Then 3.5 million left."},
		{"plain", "plain"},
	} {
		if got := defang(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}
