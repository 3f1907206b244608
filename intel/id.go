package intel

import (
	"crypto/sha1" //nolint:gosec // RFC 9562 section 5.5 defines UUIDv5 over SHA-1; it is an identifier, not a seal
	"encoding/hex"
	"strings"
)

// namespace is the UUIDv5 namespace of rapsheet's own ids: UUIDv5 of the DNS name rapsheet.example.
const namespace = "\x8f\x3a\x6e\x02\x51\x7c\x5d\x4b\x9a\x10\x2e\x6c\x44\xd1\x70\xb3"

// UUIDv5 is the name-based id (RFC 9562, section 5.5) of the parts in rapsheet's namespace. Parts are joined with a byte that
// text does not hold, so that ("ab","c") and ("a","bc") differ.
func UUIDv5(parts ...string) string {
	b := sha1.Sum([]byte(namespace + strings.Join(parts, "\x1f"))) //nolint:gosec // see the import
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	at := 0
	for i, group := range [...][]byte{b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]} {
		if i > 0 {
			out[at] = '-'
			at++
		}
		at += hex.Encode(out[at:], group)
	}
	return string(out[:])
}

// ReportID is the id of the report at a canonical URL.
func ReportID(canonicalURL string) string { return UUIDv5("report", canonicalURL) }

// ClaimID is the id of a claim: of its report, sentence, facet, subject actor and victim.
func ClaimID(reportID, sentence string, f Facet, actor, victim string) string {
	return UUIDv5("claim", reportID, sentence, string(f), actor, victim)
}
