package ledger

import (
	"hash/fnv"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Origins counts independent origins by kind of speaker. An origin is a speaker, not an outlet: every outlet that carries one
// speaker's word adds nothing to it. An outlet that says something in its own name is an origin of its own, unless its story is
// a copy; story names the story a report carries (see Stories). Who denies, disputes or takes back is no origin of what is told.
func Origins(claims []intel.Claim, story map[string]string) map[intel.SpeakerKind]int {
	seen := map[string]bool{}
	out := map[intel.SpeakerKind]int{}
	for _, c := range claims {
		key := Speaker(c)
		if c.SaidBy.Kind == intel.SpeakerMedia {
			key = "media:" + c.ReportID
			if s := story[c.ReportID]; s != "" {
				key = "media:" + s
			}
		}
		against := c.Stance == intel.StanceDenied || c.Stance == intel.StanceDisputed || c.Stance == intel.StanceRetracted
		if !against && !seen[key] {
			seen[key] = true
			out[c.SaidBy.Kind]++
		}
	}
	return out
}

// Stories says which reports carry one story: the same text, a near-duplicate of it, or a copy that names the original's
// address. The story is named by its first report. Reports must be in the order they were recorded.
func Stories(reports []intel.Report) map[string]string {
	out := map[string]string{}
	for i, r := range reports {
		out[r.ID] = r.ID
		for _, first := range reports[:i] {
			if out[first.ID] == first.ID && sameStory(first, r) {
				out[r.ID] = first.ID
				break
			}
		}
	}
	return out
}

// nearDuplicate is the least share of equal minhash values of two texts that are one story: cut and lightly edited copies reach
// 0.5 to 0.6, rewritten ones 0.02.
const nearDuplicate = 0.5

func sameStory(a, b intel.Report) bool {
	switch {
	case a.ContentHash != "" && a.ContentHash == b.ContentHash:
		return true
	case b.SyndicatedFrom != "" && (b.SyndicatedFrom == a.URL || b.SyndicatedFrom == a.SyndicatedFrom):
		return true
	case a.SyndicatedFrom != "" && a.SyndicatedFrom == b.URL:
		return true // the copy was met before its original
	}
	return Similarity(a.Fingerprint, b.Fingerprint) >= nearDuplicate
}

// Corroborated reports whether somebody who is not the actor speaks for the incident at first hand (victim, government, court
// or vendor), or two independent outlets do.
func Corroborated(origins map[intel.SpeakerKind]int) bool {
	return origins[intel.SpeakerVictim]+origins[intel.SpeakerGovernment]+origins[intel.SpeakerCourt]+origins[intel.SpeakerVendor] > 0 ||
		origins[intel.SpeakerMedia] > 1
}

// ClaimOnly reports whether the actor speaks for the incident and nobody else does at first hand: outlets that carry a boast do
// not confirm it.
func ClaimOnly(claims []intel.Claim) bool {
	boast := false
	for _, c := range claims {
		switch {
		case c.SaidBy.Kind == intel.SpeakerActor:
			boast = true
		case c.SaidBy.Kind != intel.SpeakerMedia && c.Stance != intel.StanceDenied && c.Stance != intel.StanceRetracted:
			return false
		}
	}
	return boast
}

// Credibility is the Admiralty credibility of a claim among the others on its facet (1 confirmed by independent origins … 5
// improbable, 6 cannot be judged). An actor alone is 6.
func Credibility(c intel.Claim, all []intel.Claim) int {
	support, against := map[string]bool{}, false
	for _, o := range all {
		if o.Facet != c.Facet || o.SaidBy.Kind == intel.SpeakerActor {
			continue
		}
		if o.Stance == intel.StanceDenied || o.Stance == intel.StanceRetracted {
			against = true
		} else {
			support[Speaker(o)] = true
		}
	}
	negative := c.Stance == intel.StanceDenied || c.Stance == intel.StanceRetracted
	switch {
	case negative && len(support) > 0, !negative && against && len(support) > 0:
		return 4
	case !negative && against:
		return 5
	case negative:
		return 3
	case len(support) == 0:
		return 6
	case len(support) > 1:
		return 1
	case c.Stance == intel.StanceConfirmed:
		return 2
	default:
		return 3
	}
}

// hashes is the number of minhash values of a fingerprint; shingle the number of words of one feature.
const (
	hashes  = 64
	shingle = 4
)

// Fingerprint is the minhash of a text's word shingles (Broder, 1997): the share of equal values of two fingerprints estimates
// how much of their texts is the same. Texts shorter than a shingle have none.
func Fingerprint(text string) []uint32 {
	words := strings.Fields(strings.ToLower(text))
	if len(words) < shingle {
		return nil
	}
	out := slices.Repeat([]uint32{^uint32(0)}, hashes)
	for i := range len(words) - shingle + 1 {
		h := fnv.New64a()
		for _, w := range words[i : i+shingle] {
			h.Write([]byte(w))
			h.Write([]byte{0})
		}
		v := h.Sum64()
		for k := range out {
			// One multiplication per value (Dietzfelbinger et al., 1997) instead of 64 hash functions.
			out[k] = min(out[k], uint32((v*(2*uint64(k)*0x9E3779B97F4A7C15+0xD1342543DE82EF95))>>32)) //nolint:gosec // the high half is meant
		}
	}
	return out
}

// Similarity is the share of equal values of two fingerprints, 0 when either is missing.
func Similarity(a, b []uint32) float64 {
	if len(a) == 0 || len(a) != len(b) {
		return 0
	}
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	return float64(same) / float64(len(a))
}
