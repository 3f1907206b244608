package address

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"

	"github.com/rapsheet/rapsheet/intel"
)

// maxLength bounds what is parsed; no publisher's article has a longer address.
const maxLength = 8192

// Address is a parsed web address, without fragment and credentials. The zero Address is none.
type Address struct {
	scheme, hostname, port, path, query string
}

// Parse reads an address as browsers do. It returns ErrInvalid for anything but http and https.
func Parse(raw string) (Address, error) { return parse(raw) }

// Canonical is the form under which a page is known: without fragment, credentials and tracking parameters, its query sorted,
// percent-encoded slashes left alone.
func (a Address) Canonical() string {
	a.query = cleanQuery(a.query, true)
	return a.String()
}

// Clean is the form in which a page is asked for: like Canonical, but the query keeps its order, since a few servers care.
func (a Address) Clean() string {
	a.query = cleanQuery(a.query, false)
	return a.String()
}

// Host is the lower-case host name without its port.
func (a Address) Host() string { return a.hostname }

// Authority is scheme, host and port, the port always written: what one politeness budget covers.
func (a Address) Authority() string {
	port := a.port
	if port == "" {
		port = "80"
		if a.scheme == "https" {
			port = "443"
		}
	}
	return a.scheme + "://" + a.hostname + ":" + port
}

// Loopback reports whether the address names this machine: localhost or a loopback address, as written.
func (a Address) Loopback() bool {
	if a.hostname == "localhost" || strings.HasSuffix(a.hostname, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(a.hostname, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

// String is the address with its query as given.
func (a Address) String() string {
	var b strings.Builder
	b.WriteString(a.scheme + "://" + a.hostname)
	if a.port != "" {
		b.WriteString(":" + a.port)
	}
	b.WriteString(a.path)
	if a.query != "" {
		b.WriteString("?" + a.query)
	}
	return b.String()
}

// Canonical is Address.Canonical of raw. It returns ErrInvalid for anything but http and https.
func Canonical(raw string) (string, error) {
	a, err := parse(raw)
	if err != nil {
		return "", err
	}
	return a.Canonical(), nil
}

// Clean is Address.Clean of raw. It returns ErrInvalid for anything but http and https.
func Clean(raw string) (string, error) {
	a, err := parse(raw)
	if err != nil {
		return "", err
	}
	return a.Clean(), nil
}

// Resolve is the clean form of a link found on the page base. It returns ErrInvalid when the link leads to anything but http
// and https.
func Resolve(base, link string) (string, error) {
	if len(link) > maxLength || len(base) > maxLength {
		return "", fmt.Errorf("address: link of %d bytes is too long: %w", len(link), intel.ErrInvalid)
	}
	u, err := whatwg.ParseRef(base, strings.TrimSpace(link))
	if err != nil {
		return "", fmt.Errorf("address: resolve %q: %w", shorten(link), intel.ErrInvalid)
	}
	return Clean(u.Href(true))
}

// Host is Address.Host of raw, empty when raw is no web address.
func Host(raw string) string {
	a, err := parse(raw)
	if err != nil {
		return ""
	}
	return a.Host()
}

// Authority is Address.Authority of raw, empty when raw is no web address.
func Authority(raw string) string {
	a, err := parse(raw)
	if err != nil {
		return ""
	}
	return a.Authority()
}

// Loopback is Address.Loopback of raw, false when raw is no web address.
func Loopback(raw string) bool {
	a, err := parse(raw)
	return err == nil && a.Loopback()
}

func parse(raw string) (Address, error) {
	if len(raw) > maxLength {
		return Address{}, fmt.Errorf("address: %d bytes are too long: %w", len(raw), intel.ErrInvalid)
	}
	u, err := whatwg.Parse(strings.TrimSpace(raw))
	if err != nil {
		return Address{}, fmt.Errorf("address: parse %q: write http://… or https://…: %w", shorten(raw), intel.ErrInvalid)
	}
	if s := u.Scheme(); s != "http" && s != "https" {
		return Address{}, fmt.Errorf("address: %q: only http and https are read: %w", shorten(raw), intel.ErrInvalid)
	}
	p := Address{u.Scheme(), strings.ToLower(u.Hostname()), u.Port(), unescapeUnreserved(u.Pathname()), u.Query()}
	// A trailing dot names the same host; two forms of it would be two reports. Without it the host may turn out to be an
	// IP address, so it is parsed anew.
	if host := strings.TrimRight(p.hostname, "."); host != p.hostname {
		p.hostname = host
		if host != "" {
			return parse(p.String())
		}
	}
	if p.hostname == "" {
		return Address{}, fmt.Errorf("address: %q has no host: %w", shorten(raw), intel.ErrInvalid)
	}
	return p, nil
}

// cleanQuery drops tracking parameters; it works on the raw text, so that what is percent-encoded stays so.
func cleanQuery(query string, sorted bool) string {
	if query == "" {
		return ""
	}
	kept := slices.DeleteFunc(strings.Split(unescapeUnreserved(query), "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return pair == "" || tracking(strings.ToLower(name))
	})
	if sorted {
		// By name only and stable: repeated parameters are often a list whose order matters.
		slices.SortStableFunc(kept, func(a, b string) int {
			x, _, _ := strings.Cut(a, "=")
			y, _, _ := strings.Cut(b, "=")
			return cmp.Compare(x, y)
		})
	}
	return strings.Join(kept, "&")
}

// unescapeUnreserved decodes what never needed encoding (RFC 3986, section 2.3): %7E and ~ are the same, %2F and / are not.
func unescapeUnreserved(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c := unhex(s[i+1])<<4 | unhex(s[i+2]); c < 0x80 && ishex(s[i+1]) && ishex(s[i+2]) && unreserved(c) {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// unreserved leaves the dot out: decoding %2e could make a path segment that browsers fold away.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '~'
}

func ishex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	default:
		return c - '0'
	}
}

// shorten keeps error messages readable when the address is hostile.
func shorten(s string) string {
	if len(s) > 120 {
		return s[:120] + "…"
	}
	return s
}
