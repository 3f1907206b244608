package ledger

import (
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Origins counts independent origins by kind of speaker. An origin is a speaker, not an outlet: every outlet that carries one
// speaker's word adds nothing to it. An outlet is an origin of its own where it speaks in its own name and nobody else speaks in
// its story; copies of one story, and reports that cite one outlet, are one. story names the story a report carries (see
// Stories). Each speaker counts by its latest word: who denies, disputes or takes back is no origin of what is told.
func Origins(claims []intel.Claim, story map[string]string) map[intel.SpeakerKind]int {
	return origins(claims, latest(claims), story)
}

// origins is Origins with the last words at hand.
func origins(claims, words []intel.Claim, story map[string]string) map[intel.SpeakerKind]int {
	origin := trace(claims, story)
	seen := map[string]bool{}
	out := map[intel.SpeakerKind]int{}
	for _, c := range words {
		if key := origin(c); key != "" && supports(c) && !seen[key] {
			seen[key] = true
			out[c.SaidBy.Kind]++
		}
	}
	return out
}

// supports reports whether a claim speaks for what is told.
func supports(c intel.Claim) bool {
	return c.Stance != intel.StanceDenied && c.Stance != intel.StanceDisputed && c.Stance != intel.StanceRetracted
}

// trace gives a function that names the origin a claim goes back to. It is empty for an outlet's own words where somebody else
// speaks for the same thing in the same story: the outlet retells them.
func trace(claims []intel.Claim, story map[string]string) func(intel.Claim) string {
	threads, speaker := links{}, speakers{}
	told := map[string]bool{}
	for _, c := range claims {
		switch {
		case c.SaidBy.Kind != intel.SpeakerMedia:
			told[storyOf(c, story)] = told[storyOf(c, story)] || supports(c)
		default:
			if c.SaidBy.Name != "" {
				threads.join(storyOf(c, story), speaker.of(c))
			}
			if len(c.Quote) >= copied {
				threads.join(storyOf(c, story), sentencePrefix+strings.ToLower(c.Quote))
			}
		}
	}
	return func(c intel.Claim) string {
		switch {
		case c.SaidBy.Kind != intel.SpeakerMedia:
			return speaker.of(c)
		case told[storyOf(c, story)]:
			return ""
		}
		return threads.end(storyOf(c, story))
	}
}

// storyOf names the story of a claim's report: as story says, else as the claim's own origin says, else the report is one.
func storyOf(c intel.Claim, story map[string]string) string {
	if s := story[c.ReportID]; s != "" {
		return storyPrefix + s
	}
	if s, ok := strings.CutPrefix(c.Origin, string(intel.SpeakerMedia)+":"); ok {
		return storyPrefix + s
	}
	return storyPrefix + c.ReportID
}

// storyPrefix keeps the names of stories apart from those of speakers.
const storyPrefix = "story:"

// copied is how long a sentence must be, in bytes, so that two outlets with the same one, word for word, did not come upon it each
// by itself: a dozen words. What a wire story becomes when an outlet rewrites the rest of it.
const (
	copied         = 70
	sentencePrefix = "sentence:"
)

// links joins names that mean one origin; each name leads towards the first of its group in alphabetical order.
type links map[string]string

func (l links) end(name string) string {
	for l[name] != "" {
		name = l[name]
	}
	return name
}

func (l links) join(a, b string) {
	a, b = l.end(a), l.end(b)
	if a != b {
		l[max(a, b)] = min(a, b)
	}
}

// Corroborated reports whether somebody who is not the actor speaks for the incident at first hand (victim, government, court
// or vendor), or two independent outlets do.
func Corroborated(origins map[intel.SpeakerKind]int) bool {
	return origins[intel.SpeakerVictim]+origins[intel.SpeakerGovernment]+origins[intel.SpeakerCourt]+origins[intel.SpeakerVendor] > 0 ||
		origins[intel.SpeakerMedia] > 1
}

// ClaimOnly reports whether the actor speaks for the incident and nobody else does at first hand: outlets that carry a boast do
// not confirm it, and neither does a confirmation that was taken back.
func ClaimOnly(claims []intel.Claim) bool { return claimOnly(latest(claims)) }

// claimOnly is ClaimOnly of the last words.
func claimOnly(words []intel.Claim) bool {
	boast := false
	for _, c := range words {
		switch {
		case c.SaidBy.Kind == intel.SpeakerActor:
			boast = true
		case c.SaidBy.Kind != intel.SpeakerMedia && supports(c):
			return false
		}
	}
	return boast
}

// Credibility is the Admiralty credibility of a claim among the others on its facet (1 confirmed by independent origins … 5
// improbable, 6 cannot be judged). An actor alone is 6. Copies of one story, and outlets that retell a speaker, count once.
func Credibility(c intel.Claim, all []intel.Claim) int { return Grade(all, nil)(c) }

// Grade is Credibility for all claims of an incident at once: it gives a function that grades any of them. story is as in
// Origins; claims that have their Origin need none.
func Grade(all []intel.Claim, story map[string]string) func(intel.Claim) int {
	origin := trace(all, story)
	support, against := map[intel.Facet]map[string]bool{}, map[intel.Facet]bool{}
	for _, o := range all {
		switch key := origin(o); {
		case o.SaidBy.Kind == intel.SpeakerActor:
		case negative(o):
			against[o.Facet] = true
		case key != "":
			if support[o.Facet] == nil {
				support[o.Facet] = map[string]bool{}
			}
			support[o.Facet][key] = true
		}
	}
	return func(c intel.Claim) int { return grade(c, len(support[c.Facet]), against[c.Facet]) }
}

// negative reports whether a claim says that it is not so.
func negative(c intel.Claim) bool {
	return c.Stance == intel.StanceDenied || c.Stance == intel.StanceRetracted
}

func grade(c intel.Claim, support int, against bool) int {
	switch {
	case support > 0 && (negative(c) || against):
		return 4
	case negative(c):
		return 3
	case against:
		return 5
	case support == 0:
		return 6
	case support > 1:
		return 1
	case c.Stance == intel.StanceConfirmed:
		return 2
	default:
		return 3
	}
}

// hashes is the number of minhash values of a fingerprint; shingle the number of words of one feature.
const (
	hashes  = 128
	shingle = 4
)

// Fingerprint is the minhash of a text's word shingles (Broder, 1997): the share of equal values of two fingerprints estimates
// how much of their texts is the same. Texts shorter than a shingle have none.
func Fingerprint(text string) []uint32 {
	words := strings.Fields(strings.ToLower(text))
	if len(words) < shingle {
		return nil
	}
	sums := make([]uint64, len(words))
	for i, w := range words {
		sums[i] = wordSum(w)
	}
	out := slices.Repeat([]uint32{^uint32(0)}, hashes)
	for i := range len(sums) - shingle + 1 {
		v := uint64(fnvOffset)
		for _, s := range sums[i : i+shingle] {
			v = (v ^ s) * fnvPrime
			v ^= v >> 29
		}
		// One multiplication by an odd factor per value (Dietzfelbinger et al., 1997) instead of 128 hash functions.
		factor := uint64(firstFactor)
		for k := range out {
			out[k] = min(out[k], uint32(v*factor>>32)) //nolint:gosec // the high half is meant
			factor += nextFactor
		}
	}
	return out
}

// The constants of FNV-1a, 64 bits (Fowler, Noll and Vo), and of the sequence of odd factors.
const (
	fnvOffset   = 0xCBF29CE484222325
	fnvPrime    = 0x100000001B3
	firstFactor = 0xD1342543DE82EF95
	nextFactor  = 0x3C6EF372FE94F82A // twice the golden ratio's 64 bits, so that factors stay odd
)

func wordSum(w string) uint64 {
	v := uint64(fnvOffset)
	for i := range len(w) {
		v = (v ^ uint64(w[i])) * fnvPrime
	}
	return v
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
