package index

import (
	"math/rand/v2"
	"testing"
)

// TestDomainsByHand holds isDomain to the pattern that says what a domain name is.
func TestDomainsByHand(t *testing.T) {
	cases := []string{"", ".", "a.b", "a.bc", "_dmarc.corp.example", "a_.example", "-a.example", "a-.example", "x.xn--p1ai", "x.xn--a", "a..example", "münchen.example", "пример.рф", "a.example.", "1.2.3.4", "a.e1"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		b := make([]byte, 1+r.IntN(12))
		for i := range b {
			b[i] = "abXn1_-.. @"[r.IntN(11)]
		}
		cases = append(cases, string(b))
	}
	for _, c := range cases {
		if got, want := isDomain(c), domainPattern.MatchString(c); got != want {
			t.Fatalf("isDomain(%q) = %v, the pattern says %v", c, got, want)
		}
	}
}
