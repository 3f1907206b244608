package extract

import "github.com/rapsheet/rapsheet/extract/lexicon"

// hintLeast is what institutions and habits of speech must weigh together to name a country on their own.
const hintLeast = 1.4

// hintWord gives the country whose institutions or habits a word tells of, and how surely.
func hintWord(low string) (string, float64) {
	switch low {
	case "hipaa", "medicaid", "medicare", "w-2", "8-k", "hhs", "ssns", "ssn":
		return "US", 1.6
	case "sheriff", "superintendent", "fbi", "sec", "statewide", "governor", "911", "phi", "hitrust", "ceos", "pentagon":
		return "US", 0.7
	case "nhs", "constabulary", "hmrc", "ofcom", "whitehall", "gchq":
		return "GB", 1.6
	case "ico", "\u00a3", "whilst", "pounds", "ncsc":
		return "GB", 0.8
	case "rcmp", "ontario", "quebec", "manitoba", "saskatchewan", "alberta":
		return "CA", 1.6
	case "oaic", "medibank", "afp", "asic":
		return "AU", 0.8
	case "cnil", "anssi", "gendarmerie":
		return "FR", 1.6
	case "bsi", "lka", "bka", "landkreis", "stadtwerke", "klinikum", "bundesamt", "landeskriminalamt":
		return "DE", 1.6
	case "cert-ua", "sbu", "rada":
		return "UA", 1.6
	case "cert-in":
		return "IN", 1.6
	case "knesset", "idf":
		return "IL", 1.6
	case "bundestag":
		return "DE", 2
	}
	return "", 0
}

// nameWord gives the country whose language or institutions a word inside an organisation's own name tells of.
func nameWord(low string) (string, float64) {
	switch low {
	case "comune", "azienda", "ospedale", "ministero", "universit\u00e0", "regione", "asl", "carabinieri", "ospedaliera", "istituto":
		return "IT", 2
	case "ayuntamiento", "diputaci\u00f3n", "mossos":
		return "ES", 2
	case "prefeitura", "minist\u00e9rio", "estado":
		return "BR", 1.5
	case "mairie", "hospitalier", "universit\u00e9", "conseil", "d\u00e9partemental", "minist\u00e8re", "m\u00e9tropole":
		return "FR", 2
	case "stadt", "universit\u00e4t", "hochschule", "kreis", "gemeinde", "krankenhaus", "landesamt", "handelskammer", "bundes":
		return "DE", 2
	case "gemeente", "universiteit", "ziekenhuis", "hogeschool":
		return "NL", 2
	case "kommun", "regionen":
		return "SE", 2
	case "szpital", "urz\u0105d", "uniwersytet":
		return "PL", 2
	case "nhs", "constabulary":
		return "GB", 3
	case "unified", "charter", "isd", "borough", "township", "parish":
		return "US", 1
	case "llc", "inc", "inc.", "corp", "corp.", "healthcare", "tribal", "orthopaedics", "orthopedics", "pediatrics", "dental", "associates", "oncology", "veterans":
		return "US", 0.8
	case "health", "center", "clinic", "medical", "county", "hospice":
		return "US", 0.5
	case "centre":
		return "US", -0.6
	}
	return "", 0
}

// hints adds what institutions, habits of speech and the words of the name say of where a victim is.
func (d *document) hints(g *group, sents []int, score map[string]float64) {
	b := &d.mentions[g.best]
	for i := b.a; i < b.b; i++ {
		if c, w := nameWord(d.low(i)); c != "" {
			score[c] += w
		}
		if c, w := d.nameHint(i); c != "" {
			score[c] += w
		}
	}
	seen := map[string]bool{}
	for _, s := range sents {
		for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
			c, w := hintWord(d.low(i))
			if c == "" {
				c, w = d.phraseHint(i)
			}
			if c != "" && !seen[d.low(i)] {
				seen[d.low(i)] = true
				score[c] += w
			}
		}
	}
}

// nameHint reads two words of a name: "County Schools", "School District", "State University", "Credit Union".
func (d *document) nameHint(i int) (string, float64) {
	switch d.low(i) + " " + d.low(i+1) {
	case "school district", "public schools", "county schools", "state university", "community college", "unified school", "independent school", "school corporation", "memorial hospital", "county government",
		"community schools", "area schools", "regional medical", "health system", "physicians group", "city schools", "medical group", "community hospital", "general hospital", "family health", "surgical center":
		return "US", 1.2
	case "credit union", "medical center", "county sheriff", "fire department", "police department", "medical associates", "community health", "healthcare system", "behavioral health":
		return "US", 1.2
	case "county council", "borough council", "academy trust", "district council", "nhs trust", "foundation trust":
		return "GB", 2
	}
	return "", 0
}

// phraseHint reads phrases of two or more words around an incident.
func (d *document) phraseHint(i int) (string, float64) {
	switch d.low(i) {
	case "attorney":
		if d.low(i+1) == "general" {
			return "US", 1
		}
	case "social":
		if d.low(i+1) == "security" && d.low(i+2) != "institute" {
			return "US", 1.2
		}
	case "protected":
		if d.low(i+1) == "health" && d.low(i+2) == "information" {
			return "US", 1.5
		}
	case "notice":
		if d.low(i+1) == "of" && (d.low(i+2) == "data" || d.low(i+2) == "a" || d.low(i+2) == "breach") {
			return "US", 1.5
		}
	case "school":
		if d.low(i+1) == "district" || d.low(i+1) == "districts" || d.low(i+1) == "board" {
			return "US", 1
		}
	case "driver":
		if d.low(i+1) == "'s" && (d.low(i+2) == "license" || d.low(i+2) == "licenses") {
			return "US", 0.8
		}
	case "information":
		if d.low(i+1) == "commissioner" {
			return "GB", 1
		}
	case "national":
		if d.low(i+1) == "crime" && d.low(i+2) == "agency" {
			return "GB", 1.4
		}
	case "credit":
		if d.low(i+1) == "union" {
			return "US", 0.8
		}
	}
	return "", 0
}

// ofOthers reports whether the place at token i is told of somebody else than group g: of attackers ("Russian state hackers", "hacked by
// China"), or of the organisation named after it ("Indian conglomerate X").
func (d *document) ofOthers(i, last, g int) bool {
	if h := d.hitAt[i]; h >= 0 && d.hits[h].ok {
		return true
	}
	switch d.low(i - 1) {
	case "by", "suspected", "alleged", "pro", "anti":
		return true
	case "in":
		if d.is(i-2, lexicon.ActorHead) && !d.is(i-2, lexicon.CorpHead) {
			return true
		}
	case "from":
		for k := i - 2; k > max(0, i-6); k-- {
			if d.is(k, lexicon.ActorHead) && !d.is(k, lexicon.CorpHead) || d.low(k) == "likely" || d.low(k) == "believed" {
				return true
			}
		}
	}
	if k := d.at[i]; k >= 0 && d.mentions[k].group != g && d.mentions[k].b-d.mentions[k].a > 1 && !d.mentions[k].name.Any(lexicon.Place) {
		return true
	}
	switch d.low(i + 1) {
	case "accused", "accuses", "hacked", "hacks", "blamed", "downloaded", "spied", "stole", "behind", "denied", "denies":
		return true
	}
	for k := i + 1; k < min(last, i+6); k++ {
		w := d.low(k)
		switch {
		case w == "," || w == "." || w == "(" || w == ";" || w == "and" || preposition(w):
			return false
		case d.is(k, lexicon.ActorHead) && !d.is(k, lexicon.CorpHead) || w == "state-sponsored" || w == "military" || w == "intelligence" || w == "cyber" || w == "apt" || w == "spies" || w == "linked":
			return true
		case d.hitAt[k] >= 0 && d.hits[d.hitAt[k]].ok:
			return true
		case d.at[k] >= 0 && (d.at[k] == d.at[i] || d.mentions[d.at[k]].name.Any(lexicon.Place)):
		case d.at[k] >= 0:
			return d.mentions[d.at[k]].group != g
		case d.is(k, verbs) && !d.is(k, lexicon.CorpHead) && d.Tokens[k].Shape == 0:
			return false
		}
	}
	return false
}

// described adds the countries of "the British carmaker" and "Britain's largest maker of cars" in a text about one victim.
func (d *document) described(g int, score map[string]float64) {
	for i := range d.Tokens {
		if !d.is(i, lexicon.Demonym) && d.low(i+1) != "'s" {
			continue
		}
		last := d.Sentences[d.Tokens[i].Sentence].Last
		c := d.placeAt(i, last)
		if c == "" || d.ofOthers(i, last, g) {
			continue
		}
		for k := i + 1; k < min(last, i+6); k++ {
			if d.is(k, lexicon.CorpHead) && d.at[k] < 0 {
				score[c] += 2.5
				break
			}
			if preposition(d.low(k)) || d.low(k) == "," {
				break
			}
		}
	}
}
