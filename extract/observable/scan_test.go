package observable_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/extract/observable"
)

func TestScan(t *testing.T) {
	md5 := "9e107d9d372bb6826bd81d3542a419d6"
	sha1 := "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"
	sha256 := "d7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"ipv4", "from 203.0.113.7.", []string{"ipv4 203.0.113.7"}},
		{"ipv4 defanged", "from 203[.]0[.]113[.]7, then", []string{"ipv4 203.0.113.7"}},
		{"ipv4 port", "at 198.51.100.20:8443 it", []string{"ipv4 198.51.100.20"}},
		{"ipv4 octal refused", "at 203.0.113.077 it", nil},
		{"version", "in version 10.2.3.4 and v1.2.3.4", nil},
		{"ipv6", "from 2001:db8::1 to", []string{"ipv6 2001:db8::1"}},
		{"time is no ipv6", "at 12:30:45 it", nil},
		{"domain defanged", "calls evil-login[.]com daily", []string{"domain evil-login.com"}},
		{"domain spaced", "calls evil [.] com daily", []string{"domain evil.com"}},
		{"domain words", "calls evil[dot]com (dot)", []string{"domain evil.com"}},
		{"domain reserved", "calls c2[.]bad[.]example now", []string{"domain c2.bad.example"}},
		{"domain plain", "see abta.com for more", []string{"domain abta.com"}},
		{"file names", "opens invoice.zip, script.py, README.md, update.sh and rundll32.exe", nil},
		{"products", "built on node.js and asp.net today", nil},
		{"joined sentences", "the attack.The firm", nil},
		{"url", "at hxxps://evil[.]com/a/b?c=1.", []string{"url https://evil.com/a/b?c=1"}},
		{"url in brackets", "(see https://docs.test.org/x)", []string{"url https://docs.test.org/x"}},
		{"email", "mail support[@]evil[.]com now", []string{"email support@evil.com"}},
		{"hashes", md5 + " " + strings.ToUpper(sha1) + "," + sha256, []string{"md5 " + md5, "sha1 " + sha1, "sha256 " + sha256}},
		{"no hash", strings.Repeat("1", 32) + " " + strings.Repeat("a", 40), nil},
		{"cve", "flaws (CVE-2024-21887, cve-2023-46805)", []string{"cve CVE-2024-21887", "cve CVE-2023-46805"}},
		{"cve too short", "CVE-2024-12 and CVE-20-1234", nil},
		{"technique", "uses T1059.001 and [T1566]", []string{"technique T1059.001", "technique T1566"}},
		{"no technique", "the T10 bus and T80 tanks, T1000000", nil},
		{"abbreviations", "e.g. the U.S. at 5 p.m. said i.e. no", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range observable.Scan(tt.text) {
				got = append(got, string(f.Type)+" "+f.Value)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	text := "They call (hxxp://evil[.]com/x) and 203[.]0[.]113[.]9."
	var got []string
	for _, f := range observable.Scan(text) {
		if !f.Defanged {
			t.Errorf("%+v is not marked defanged", f)
		}
		got = append(got, text[f.Start:f.End])
	}
	if diff := cmp.Diff([]string{"hxxp://evil[.]com/x", "203[.]0[.]113[.]9"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzScan(f *testing.F) {
	f.Add("hxxp://a[.]b.c/ 1.2.3.4:5 [::1] x [.] y a@b.co CVE-2024-12345 T1059 \xff[.")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, x := range observable.Scan(text) {
			if x.Start < end || x.End > len(text) || x.Start >= x.End || x.Value == "" {
				t.Fatalf("%+v in %d bytes after %d", x, len(text), end)
			}
			end = x.Start
		}
	})
}

const prose = "The attackers sent mail to staff on Monday, the company said, and called 203[.]0[.]113[.]7 and evil[.]example from there. " +
	"A spokesperson for the hospital said that no data had been taken, as far as was known, and that doctors wrote on paper for three weeks. " +
	"The ministry thanked the staff for their patience and promised a report before the end of the year, which members of parliament had asked for. " +
	"Experts expect that rebuilding the network will take months, because every machine has to be set up again and checked before it may be used. " +
	"Until then patients are asked to call ahead, to bring a list of their medicines, and to allow for more time at the front desk than they are used to. "

// BenchmarkRegexp is the usual way, one expression a type, for comparison.
func BenchmarkRegexp(b *testing.B) {
	text := strings.Repeat(prose, 400)
	dot := `(?:\.|\[\.\]|\(\.\))`
	all := []*regexp.Regexp{
		regexp.MustCompile(`\b\d{1,3}` + dot + `\d{1,3}` + dot + `\d{1,3}` + dot + `\d{1,3}\b`),
		regexp.MustCompile(`\b(?:[a-z0-9-]+` + dot + `)+[a-z]{2,24}\b`),
		regexp.MustCompile(`\bh(?:tt|xx)ps?://\S+`),
		regexp.MustCompile(`\b[\w.+-]+@[\w-]+` + dot + `\w+\b`),
		regexp.MustCompile(`\b[a-fA-F0-9]{32}\b`), regexp.MustCompile(`\b[a-fA-F0-9]{40}\b`), regexp.MustCompile(`\b[a-fA-F0-9]{64}\b`),
		regexp.MustCompile(`\bCVE-\d{4}-\d{4,7}\b`),
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for _, re := range all {
			re.FindAllStringIndex(text, -1)
		}
	}
}
