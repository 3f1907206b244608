package article

import (
	"net/url"
	"strings"

	"github.com/rapsheet/rapsheet/names/address"
)

// address is the canonical address of the page, and the address it says it was copied from. A canonical link to another host does
// not move the page: it says whose story this is.
func (p *page) address() (canonical, syndicated string) {
	own := firstOf(p.doc.FinalURL, p.doc.URL)
	for _, link := range []string{p.canonical, p.first("og:url")} {
		u := p.absolute(link)
		if u == nil {
			continue
		}
		if strings.EqualFold(u.Host, p.base.Host) {
			if u.Path != "/" && u.Path != "" || p.base.Path == "/" || p.base.Path == "" {
				return cleanAddress(u.String()), syndicated
			}
			continue
		}
		if link == p.canonical && syndicated == "" && !sameSite(u.Host, p.base.Host) && u.Path != "/" && u.Path != "" {
			syndicated = cleanAddress(u.String())
		}
	}
	return cleanAddress(own), syndicated
}

// absolute resolves a link of the page; nil when it is no web address.
func (p *page) absolute(link string) *url.URL {
	if link = strings.TrimSpace(link); link == "" || len(link) > 2048 {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	if u = p.base.ResolveReference(u); u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	return u
}

// sameSite says that two hosts differ by a prefix such as www, m or amp only.
func sameSite(a, b string) bool {
	strip := func(h string) string {
		h = strings.ToLower(h)
		for _, s := range []string{"www.", "m.", "amp.", "mobile."} {
			h = strings.TrimPrefix(h, s)
		}
		return h
	}
	return strip(a) == strip(b)
}

// cleanAddress is the canonical form of an address; an address that has none stays as it is.
func cleanAddress(raw string) string {
	if raw == "" {
		return ""
	}
	c, err := address.Canonical(raw)
	if err != nil {
		return raw
	}
	return c
}
