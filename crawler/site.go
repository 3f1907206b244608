package crawler

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/rapsheet/rapsheet/names/address"
)

// sameSite reports whether two addresses belong to one registered domain. Machines without one must be equal, port included.
func sameSite(a, b string) bool {
	x, y := site(a), site(b)
	return x != "" && x == y
}

func site(url string) string {
	host := address.Host(url)
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || !strings.Contains(host, ".") {
		return address.Authority(url)
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}
