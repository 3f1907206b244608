package observable

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/rapsheet/rapsheet/intel"
)

// The two things found beside observables.
const (
	// CVE marks a vulnerability id.
	CVE intel.ObservableType = "cve"
	// Technique marks an ATT&CK technique id.
	Technique intel.ObservableType = "technique"
)

// Found is one indicator: its bytes in the text and its value, refanged and in canonical form.
type Found struct {
	Type       intel.ObservableType
	Value      string
	Start, End int
	// Defanged says that the text made it unclickable, which marks it as hostile.
	Defanged bool
}

const (
	isBreak = 1 << iota
	isDot
	isColon
	isHex
	isDigit
	isAt
	isDash
	isOther
)

// classes gives the class of each byte.
var classes = classTable()

func classTable() (t [256]byte) {
	for i := range t {
		t[i] = isOther
	}
	for _, c := range []byte(" \t\r\n,;|\"'<>`") {
		t[c] = isBreak
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = isHex | isDigit
	}
	for c := 'a'; c <= 'f'; c++ {
		t[c], t[c-32] = isHex, isHex
	}
	t['.'], t[':'], t['@'], t['-'] = isDot, isColon, isAt, isDash
	t['['], t['{'], t['('], t['\\'] = isDot|isOther, isDot|isOther, isDot|isOther, isDot|isOther
	return t
}

// Scan finds the indicators of text in order.
func Scan(text string) []Found {
	var out []Found
	for i := 0; i < len(text); {
		if classes[text[i]] == isBreak {
			i++
			continue
		}
		start := i
		var seen, odd byte
		last := i
		for ; i < len(text) && classes[text[i]] != isBreak; i++ {
			c := classes[text[i]]
			seen |= c
			if c&isDot != 0 && i > start {
				last = i
				odd |= c
			}
		}
		if !interesting(text, start, i, last, seen, odd) {
			continue
		}
		end := i
		if e := spaced(text, i); e > i {
			end, i = e, e
		}
		if end-start <= 4096 {
			out = run(out, text, start, end)
		}
	}
	return out
}

// interesting passes over words that cannot be an indicator: most of a text.
func interesting(text string, start, end, lastDot int, seen, odd byte) bool {
	n := end - start
	switch {
	case n < 4:
		return false
	case odd != 0 && (lastDot < end-1 || strings.IndexByte(text[start:end-1], '.') >= 0 || odd&isOther != 0):
		return true
	case seen&isDot != 0 && n > 5 && strings.IndexByte(text[start:end], '.') >= 0 && lastDot < end-1:
		return true
	case seen&isColon != 0 && seen&isDigit != 0 || seen&isAt != 0:
		return true
	case n >= 32 && seen&isHex != 0:
		return true
	case seen&isDash != 0 && seen&isDigit != 0 && (text[start]|0x20 == 'c' || text[start] == '('):
		return true
	case seen&isDigit != 0 && (text[start] == 'T' || text[start] == '(' || text[start] == '[') && n >= 5:
		return true
	}
	return end < len(text) && text[end] == ' ' && spaced(text, end) > end
}

// spaced joins a defanged dot with spaces around it: "evil [.] example".
func spaced(text string, i int) int {
	end := i
	for range 8 {
		rest := text[end:]
		if len(rest) < 5 || rest[0] != ' ' || rest[1] != '[' && rest[1] != '(' || rest[2] != '.' && !strings.HasPrefix(rest[2:], "dot") {
			return end
		}
		j := strings.IndexAny(rest[:min(len(rest), 8)], "])")
		if j < 0 || j+2 >= len(rest) || rest[j+1] != ' ' {
			return end
		}
		k := j + 2
		for k < len(rest) && classes[rest[k]] != isBreak {
			k++
		}
		if k == j+2 {
			return end
		}
		end += k
	}
	return end
}

// run reads one run of characters without white space.
func run(out []Found, text string, start, end int) []Found {
	start, end = trim(text, start, end)
	if end-start < 4 {
		return out
	}
	if n := label(text[start:end]); n > 0 {
		start += n
	}
	raw := text[start:end]
	if f, ok := ident(raw); ok {
		rest := start + f.End + 1
		f.Start, f.End = start+f.Start, start+f.End
		if out = append(out, f); rest < end && text[rest-1] == '/' {
			return run(out, text, rest, end)
		}
		return out
	}
	value, defanged := refang(raw)
	f := Found{Start: start, End: end, Defanged: defanged}
	switch {
	case url(value, &f), email(value, defanged, &f), hash(value, &f):
		return append(out, f)
	case address(text, value, &f), domain(raw, value, defanged, &f):
		return append(out, f)
	}
	return out
}

// label gives the length of a label that stands before an indicator without a space: "SHA256:", "md5=".
func label(raw string) int {
	i := strings.IndexAny(raw[:min(len(raw), 9)], ":=")
	if i < 2 || i+5 > len(raw) || raw[i+1] == '/' {
		return 0
	}
	switch strings.ToLower(raw[:i]) {
	case "md5", "sha1", "sha-1", "sha256", "sha-256", "sha512", "hash", "ip", "ipv4", "ipv6", "domain", "url", "host", "c2", "email", "from", "src", "dst":
		return i + 1
	}
	return 0
}

// trim drops the marks around an indicator that belong to the sentence.
func trim(text string, start, end int) (int, int) {
	for start < end {
		c := text[start]
		if c == '(' || c == '[' || c == '{' || c == '*' || c == '-' || c == '.' || c == ':' || c == '=' {
			start++
			continue
		}
		break
	}
	for end > start {
		switch c := text[end-1]; c {
		case '.', ':', '!', '?', '*', '=', '-':
			end--
			continue
		case ')', ']', '}':
			if unopened(text[start:end], c) {
				end--
				continue
			}
		}
		// A closing quotation mark of three bytes.
		if end-start > 3 && (strings.HasSuffix(text[start:end], "\u201d") || strings.HasSuffix(text[start:end], "\u2019")) {
			end -= 3
			continue
		}
		break
	}
	for end-start > 3 && (strings.HasPrefix(text[start:end], "\u201c") || strings.HasPrefix(text[start:end], "\u2018")) {
		start += 3
	}
	return start, end
}

// unopened reports whether s closes more brackets of a kind than it opens.
func unopened(s string, closer byte) bool {
	opener := closer - 2
	if closer == ')' {
		opener = '('
	}
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case opener:
			n++
		case closer:
			n--
		}
	}
	return n < 0
}

var fanged = strings.NewReplacer("[.]", ".", "(.)", ".", "{.}", ".", "[dot]", ".", "(dot)", ".", "{dot}", ".", "[DOT]", ".", "\\.", ".", "[.", ".", ".]", ".",
	"[:]", ":", "[://]", "://", "[@]", "@", "[at]", "@", "(at)", "@", "[AT]", "@", "(@)", "@", "[/]", "/", " ", "")

// refang undoes the usual ways of making an indicator unclickable.
func refang(raw string) (string, bool) {
	v := raw
	if strings.ContainsAny(v, "[({\\ ") {
		v = fanged.Replace(v)
	}
	if i := strings.Index(v, "://"); i > 0 && i <= 6 {
		switch s := strings.ToLower(v[:i]); s {
		case "hxxp", "hxxps", "hxtp", "htxp", "meow", "h**p", "h**ps", "hxxxp", "fxp":
			scheme := "http"
			if strings.HasSuffix(s, "s") {
				scheme = "https"
			}
			if s == "fxp" {
				scheme = "ftp"
			}
			v = scheme + v[i:]
		}
	}
	return v, v != raw
}

// ident reads CVE and ATT&CK ids, which may stand in brackets.
func ident(raw string) (Found, bool) {
	if len(raw) >= 13 && strings.EqualFold(raw[:4], "cve-") && digits(raw[4:8]) && raw[8] == '-' {
		n := 9
		for n < len(raw) && n < 16 && raw[n] >= '0' && raw[n] <= '9' {
			n++
		}
		if n >= 13 && (n == len(raw) || !alnum(raw[n])) {
			return Found{Type: CVE, Value: strings.ToUpper(raw[:n]), End: n}, true
		}
	}
	if len(raw) >= 5 && raw[0] == 'T' && digits(raw[1:5]) && raw[1] == '1' {
		n := 5
		if len(raw) >= 9 && raw[5] == '.' && digits(raw[6:9]) {
			n = 9
		}
		if n == len(raw) || !alnum(raw[n]) && raw[n] != '.' {
			return Found{Type: Technique, Value: raw[:n], End: n}, true
		}
	}
	return Found{}, false
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// url reads an address with a scheme.
func url(v string, f *Found) bool {
	i := strings.Index(v, "://")
	if i < 2 || i > 6 {
		return false
	}
	switch strings.ToLower(v[:i]) {
	case "http", "https", "ftp", "tcp", "sftp":
	default:
		return false
	}
	rest := v[i+3:]
	host := rest
	if j := strings.IndexAny(rest, "/?#"); j >= 0 {
		host = rest[:j]
	}
	if j := strings.LastIndexByte(host, '@'); j >= 0 {
		host = host[j+1:]
	}
	bare := host
	if j := strings.LastIndexByte(bare, ':'); j > 0 && digits(bare[j+1:]) {
		bare = bare[:j]
	}
	if _, err := netip.ParseAddr(strings.Trim(bare, "[]")); err != nil && !hostname(bare) {
		return false
	}
	f.Type, f.Value = intel.ObservableURL, strings.ToLower(v[:i+3])+strings.Replace(rest, host, strings.ToLower(host), 1)
	return true
}

// hostname reports whether v is a name with at least one dot and a plausible last label.
func hostname(v string) bool {
	labels := strings.Split(v, ".")
	if len(labels) < 2 || len(v) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := 0; i < len(l); i++ {
			if !alnum(l[i]) && l[i] != '-' && l[i] != '_' && l[i] < 0x80 {
				return false
			}
		}
	}
	return !digits(labels[len(labels)-1])
}

// email reads a mail address.
func email(v string, defanged bool, f *Found) bool {
	v = strings.TrimPrefix(v, "mailto:")
	i := strings.IndexByte(v, '@')
	if i < 1 || strings.Count(v, "@") != 1 || !hostname(v[i+1:]) || !publicTLD(strings.ToLower(v[i+1:])) && !defanged {
		return false
	}
	for _, c := range []byte(v[:i]) {
		if !alnum(c) && strings.IndexByte("._%+-", c) < 0 {
			return false
		}
	}
	f.Type, f.Value = intel.ObservableEmail, strings.ToLower(v)
	return true
}

// hash reads a digest by its length.
func hash(v string, f *Found) bool {
	letters, nums := false, false
	for i := 0; i < len(v); i++ {
		c := classes[v[i]]
		if c&isHex == 0 {
			return false
		}
		letters = letters || c&isDigit == 0
		nums = nums || c&isDigit != 0
	}
	if !letters || !nums {
		return false
	}
	switch len(v) {
	case 32:
		f.Type = intel.ObservableMD5
	case 40:
		f.Type = intel.ObservableSHA1
	case 64:
		f.Type = intel.ObservableSHA256
	default:
		return false
	}
	f.Value = strings.ToLower(v)
	return true
}

// address reads IPv4 and IPv6, with a port or not; numbers of versions are refused.
func address(text, v string, f *Found) bool {
	host := v
	if strings.Count(v, ".") == 3 {
		if i := strings.IndexAny(v, ":/"); i > 0 {
			if !digits(v[i+1:]) && v[i] == ':' {
				return false
			}
			host = v[:i]
		}
	}
	a, err := netip.ParseAddr(host)
	if err != nil || a.Zone() != "" {
		return false
	}
	if a.Is4() {
		if !f.Defanged && versionBefore(text, f.Start) {
			return false
		}
		f.Type = intel.ObservableIPv4
		if host != v && !f.Defanged {
			f.End = f.Start + len(host)
		}
	} else {
		if strings.Count(v, ":") < 2 || len(v) < 6 && v != "::1" {
			return false
		}
		f.Type = intel.ObservableIPv6
	}
	f.Value = a.String()
	return true
}

// domain reads a bare name; without defanging its last label must be a public one and it must not be that of a file or product.
func domain(_, v string, defanged bool, f *Found) bool {
	host := v
	if i := strings.IndexAny(v, "/:?#"); i > 0 {
		host = v[:i]
		if !defanged {
			f.End = f.Start + i
		}
	}
	if !hostname(host) {
		return false
	}
	low := strings.ToLower(host)
	if !defanged && (!publicTLD(low) || fileName(low) || product(low) || broken(host)) {
		return false
	}
	if defanged && (!publicTLD(low) && !reserved(low)) {
		return false
	}
	if ascii, err := idna.Lookup.ToASCII(low); err == nil {
		low = ascii
	}
	f.Type, f.Value = intel.ObservableDomain, low
	return true
}

// publicTLD reports whether a name ends in a public suffix that ICANN or a private registry keeps.
func publicTLD(low string) bool {
	ps, icann := publicsuffix.PublicSuffix(low)
	return ps != low && (icann || strings.Contains(ps, "."))
}

// reserved allows the names set aside for examples, onion services and the like when they are defanged.
func reserved(low string) bool {
	for _, s := range []string{".example", ".test", ".invalid", ".onion", ".local", ".bit", ".lan"} {
		if strings.HasSuffix(low, s) {
			return true
		}
	}
	return false
}
