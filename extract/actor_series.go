package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// Actors that need no catalogue: vendors' numbered clusters, and the secret services that are said to have struck.

// numbered reports whether a word in lower case is a vendor's number for a cluster that has no name yet: "unc4899", "uac-0149".
func numbered(w string) bool {
	i := len(w)
	for i > 0 && w[i-1] >= '0' && w[i-1] <= '9' {
		i--
	}
	n := len(w) - i
	switch w[:i] {
	case "unc":
		return n >= 3 && n <= 5
	case "ref", "uac-", "storm-", "dev-", "cl-sta-", "cl-cri-", "cl-unk-", "uat-", "uta", "uta-", "uta0":
		return n >= 3 && n <= 4
	case "ta":
		return n == 3 || n == 4
	case "tag-", "apt-c-":
		return n == 2 || n == 3
	}
	return false
}

// readSeries marks numbered clusters that no catalogue has.
func (d *document) readSeries(s int, sp sentence.Span) {
	for i := sp.First; i < sp.Last; i++ {
		t := &d.Tokens[i]
		if len(t.Low) < 5 || t.Shape&sentence.Mixed == 0 || t.Low[len(t.Low)-1] > '9' || !numbered(t.Low) {
			continue
		}
		if t.Shape&sentence.Upper == 0 && !strings.HasPrefix(t.Low, "storm-") {
			continue
		}
		if o := d.hitAt[i]; o < 0 || !d.hits[o].ok {
			d.addHit(hit{a: i, b: i + 1, sent: s, name: d.words(i, i+1), ok: true, told: true})
		}
	}
}

// service gives the end of the name of a secret service that begins at token i, or i.
func (d *document) service(i int) int {
	t := &d.Tokens[i]
	if !t.Named() {
		return i
	}
	if t.Shape&sentence.Upper != 0 {
		switch t.Low {
		case "nsa", "cia", "gchq", "bnd", "fsb", "gru", "svr", "mss", "pla", "irgc", "rgb", "gur", "hur", "sbu", "dgse", "aivd", "mivd", "raw", "asd", "kgb", "mois", "ndb":
			return i + 1
		}
		return i
	}
	for _, name := range services() {
		k := i
		for _, w := range name {
			if d.low(k) != w {
				k = -1
				break
			}
			k++
		}
		if k > 0 {
			if d.low(k) == "(" && d.low(k+2) == ")" && d.Tokens[k+1].Shape&sentence.Upper != 0 {
				k += 3
			}
			return k
		}
	}
	return i
}

// services are the names of secret services by word.
func services() [][]string {
	return [][]string{
		{"national", "security", "agency"},
		{"central", "intelligence", "agency"},
		{"ministry", "of", "state", "security"},
		{"federal", "security", "service"},
		{"main", "intelligence", "directorate"},
		{"foreign", "intelligence", "service"},
		{"reconnaissance", "general", "bureau"},
		{"people's", "liberation", "army"},
		{"islamic", "revolutionary", "guard", "corps"},
		{"revolutionary", "guard", "corps"},
		{"unit", "8200"},
		{"mossad"},
		{"bundesnachrichtendienst"},
	}
}

// readServices marks secret services where the sentence says that they struck: "the GRU hacked", "attributed to the FSB". Elsewhere they
// warn, charge and are struck themselves.
func (d *document) readServices(s int, sp sentence.Span) {
	for i := sp.First; i < sp.Last; {
		b := d.service(i)
		if b == i {
			i++
			continue
		}
		if o := d.hitAt[i]; (o < 0 || !d.hits[o].ok) && d.serviceStruck(i, b, sp) {
			name := d.words(i, b)
			if d.low(b-1) == ")" {
				name = d.words(b-2, b-1)
			}
			d.addHit(hit{a: i, b: b, sent: s, name: name, ok: true, alone: true, told: true})
		}
		i = b
	}
}

// serviceStruck reports whether the secret service a..b is spoken of as the attacker.
func (d *document) serviceStruck(a, b int, sp sentence.Span) bool {
	if d.strikes(b, sp) || d.doneBy(a, sp) || d.low(b) == "," && d.low(a-1) == "the" && d.strikes(b+1, sp) {
		return true
	}
	if d.low(b) == "spied" || d.low(b) == "spies" || d.low(b) == "spying" {
		return true
	}
	if d.is(b, lexicon.ActorHead) && (d.low(b) == "hackers" || d.low(b) == "operators" || d.low(b) == "hacker") || d.low(b) == "supported" || d.low(b) == "-" && (d.low(b+1) == "linked" || d.low(b+1) == "backed") {
		return true
	}
	k := a - 1
	for k > sp.First && (d.low(k) == "the" || d.is(k, lexicon.Demonym) || d.low(k) == "'s" || d.x.places.country(d.low(k)) != "" || isQuote(d.low(k))) {
		k--
	}
	switch d.low(k) {
	case "to":
		switch d.low(k - 1) {
		case "attributed", "linked", "tied", "traced":
			return true
		}
	case "blamed", "accused", "blames", "accuses":
		return true
	case "on":
		return d.low(k-1) == "blamed"
	case "with", "for":
		for n := k - 1; n >= max(sp.First, k-3); n-- {
			if w := d.low(n); w == "working" || w == "worked" || w == "affiliated" || w == "associated" || w == "connected" {
				return d.sawHackers(n, sp)
			}
		}
	}
	return d.low(b) == "is" && d.low(b+1) == "behind" || d.low(b) == "was" && d.low(b+1) == "behind" || d.low(b+2) == "behind" && auxiliary(d.low(b+1))
}

// sawHackers reports whether hackers are spoken of shortly before token i.
func (d *document) sawHackers(i int, sp sentence.Span) bool {
	for k := max(sp.First, i-6); k < i; k++ {
		switch d.low(k) {
		case "hackers", "hacker", "group", "attackers", "cluster", "actors", "actor":
			return true
		}
	}
	return false
}
