package address

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Refused is Address.Refused of raw; what is no web address gives ErrInvalid.
func Refused(raw string) error {
	a, err := parse(raw)
	if err != nil {
		return err
	}
	return a.Refused()
}

// Refused says why an address is never asked for: a hidden service, a gateway to one, or a host that deals in stolen data. Such
// an address gives ErrBlocked, every other nil.
func (a Address) Refused() error {
	labels := strings.Split(a.hostname, ".")
	switch last := labels[len(labels)-1]; {
	case slices.Contains(hiddenSuffixes, last):
		return fmt.Errorf("address: %s: hidden services (.%s) are never asked for: %w", a.hostname, last, intel.ErrBlocked)
	case gateway(labels):
		return fmt.Errorf("address: %s is a gateway to hidden services, which are never asked for: %w", a.hostname, intel.ErrBlocked)
	case leakHost(a.hostname, labels):
		return fmt.Errorf("address: %s deals in stolen data and is never asked for: %w", a.hostname, intel.ErrBlocked)
	}
	return nil
}

// hiddenSuffixes are the top-level names of hidden networks.
var hiddenSuffixes = []string{"onion", "i2p", "loki", "exit"}

// gateway recognises clearnet proxies of hidden services: a label "onion", a tor2web host, or a label that is itself the
// 56-character name of a hidden service.
func gateway(labels []string) bool {
	for _, l := range labels[:len(labels)-1] {
		if l == "onion" || l == "tor2web" || l == "darknet" || onionName(l) {
			return true
		}
	}
	return false
}

// onionName reports whether a label has the form of a version 3 onion name: 56 characters of base32 that end in d.
func onionName(label string) bool {
	if len(label) != 56 || label[55] != 'd' {
		return false
	}
	for _, c := range label {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// leakHost knows forums and shops of stolen data. They change their top-level name often, so those are known by their label,
// and only as the registered name, so that an article about them at a publisher is still read.
func leakHost(host string, labels []string) bool {
	if len(labels) >= 2 && slices.Contains(leakLabels, labels[len(labels)-2]) {
		return true
	}
	return slices.ContainsFunc(leakHosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
}

var (
	leakLabels = []string{
		"breached", "breachforums", "darkforums", "doxbin", "exploitforum", "leakbase", "leakforum", "leakzone", "raidforums", "xss-forum",
	}
	leakHosts = []string{
		"cracked.io", "cracked.sh", "cracked.to", "exploit.in", "nulled.to", "onionsearchengine.com", "ramp4u.io", "sinister.ly",
		"weleakinfo.com", "weleakinfo.to", "xss.is", "xss.pro",
	}
)
