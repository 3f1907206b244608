package exchange

import (
	"slices"
	"strings"
)

// sentinelBatch is the most objects that Sentinel's upload API takes at once.
const sentinelBatch = 100

// SentinelUpload is the body of one call of Sentinel's upload API.
type SentinelUpload struct {
	SourceSystem string   `json:"sourcesystem"`
	StixObjects  []Object `json:"stixobjects"`
}

// SentinelUploads writes objects as NDJSON bodies of Sentinel's upload API, one a line: at most 100 objects each, of the types that it
// takes, things before the links between them so that no body refers to one that comes later.
func SentinelUploads(objects []Object) ([]byte, error) {
	var lines []any
	for batch := range slices.Chunk(sentinelObjects(objects), sentinelBatch) {
		lines = append(lines, SentinelUpload{"rapsheet", batch})
	}
	return jsonLines(lines...)
}

// sentinelObjects are the objects that Sentinel takes, things before links.
func sentinelObjects(objects []Object) []Object {
	var things, links []Object
	for _, o := range append(Fixed(), objects...) {
		switch o["type"] {
		case "threat-actor", "identity":
			things = append(things, o)
		case "relationship":
			if sentinelKnows(text(o["source_ref"])) && sentinelKnows(text(o["target_ref"])) {
				links = append(links, o)
			}
		}
	}
	return append(things, links...)
}

// sentinelKnows reports whether a reference leads to a type that Sentinel takes: links to incidents stay out.
func sentinelKnows(ref string) bool {
	return strings.HasPrefix(ref, "identity--") || strings.HasPrefix(ref, "threat-actor--")
}
