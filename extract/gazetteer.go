package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// entry is one meaning of a name.
type entry struct {
	id, name string
	software bool
	brand    bool
	primary  bool
	match    intel.MatchPolicy
	written  string
	// common says that the name is also an ordinary word.
	common bool
}

// gazetteer finds names in tokens, however they are cut: "Shiny Hunters", "shiny-hunters" and "ShinyHunters" are one.
type gazetteer struct {
	entries map[string][]entry
	// starts holds the first bytes of every key, so that most tokens are passed over without a look-up.
	starts map[[3]byte]bool
	long   int
}

func newGazetteer() *gazetteer {
	return &gazetteer{entries: map[string][]entry{}, starts: map[[3]byte]bool{}}
}

func (g *gazetteer) add(name string, e entry) {
	var buf [96]byte
	k := squash(buf[:0], strings.ToLower(name))
	if len(k) < 2 || len(k) > 64 {
		return
	}
	e.written = name
	for _, o := range g.entries[string(k)] {
		if o.id == e.id && o.software == e.software && o.id != "" {
			return
		}
	}
	g.entries[string(k)] = append(g.entries[string(k)], e)
	g.starts[start(k)] = true
	g.long = max(g.long, len(k))
}

func start(k []byte) [3]byte {
	var s [3]byte
	copy(s[:], k)
	return s
}

// squash appends the letters and digits of low without accents and marks; a dollar sign reads as s.
func squash(dst []byte, low string) []byte {
	for _, r := range low {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				dst = append(dst, byte(r))
			} else if r == '$' {
				dst = append(dst, 's')
			}
		case unicode.IsLetter(r):
			dst = utf8.AppendRune(dst, plain(r))
		}
	}
	return dst
}

// plain strips the accents met in names of groups.
func plain(r rune) rune {
	switch r {
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'á', 'à', 'ä', 'â', 'å':
		return 'a'
	case 'ö', 'ó', 'ô', 'ø':
		return 'o'
	case 'ü', 'ú', 'û':
		return 'u'
	case 'í', 'î', 'ï':
		return 'i'
	case 'ç':
		return 'c'
	case 'ñ':
		return 'n'
	}
	return r
}

// longest finds the longest name that begins at token i of t and ends before last: its entries and its end.
func (g *gazetteer) longest(t *sentence.Text, i, last int) ([]entry, int) {
	if len(g.entries) == 0 || t.Tokens[i].Kind == sentence.Punct {
		return nil, i
	}
	var store [128]byte
	buf := squash(store[:0], t.Tokens[i].Low)
	var found []entry
	end := i
	for j := i + 1; ; j++ {
		if len(buf) > g.long {
			break
		}
		if len(buf) >= 3 || j == last {
			if j-i < 4 && !g.starts[start(buf)] && len(buf) >= 3 {
				break
			}
			if e, ok := g.entries[string(buf)]; ok {
				found, end = e, j
				if j < last && t.Tokens[j].Low == ")" && j-i > 1 && t.Tokens[j-2].Low == "(" {
					end = j + 1
				}
			}
		} else if e, ok := g.entries[string(buf)]; ok {
			found, end = e, j
		}
		if j >= last || j-i > 7 || !g.bridge(t, i, j) {
			break
		}
		if t.Tokens[j].Kind != sentence.Punct {
			buf = squash(buf, t.Tokens[j].Low)
		}
	}
	return found, end
}

// bridge reports whether a name may go on with token j.
func (g *gazetteer) bridge(t *sentence.Text, _, j int) bool {
	k := t.Tokens[j]
	if k.Kind != sentence.Punct {
		return k.Gap <= sentence.GapLine
	}
	return k.Gap == sentence.GapNone && (k.Low == "(" || k.Low == "-" || k.Low == "\u2013" || k.Low == "$" || k.Low == "^" || k.Low == "\u2011")
}

// newActorGazetteer builds the names of actors and software.
func newActorGazetteer(c intel.Catalogue) *gazetteer {
	g := newGazetteer()
	for _, a := range c.Actors {
		if a.Withdrawn || a.MergedInto != "" {
			continue
		}
		for _, n := range a.Names {
			if n.Match == intel.MatchNever || n.Withdrawn {
				continue
			}
			g.add(n.Name, entry{id: a.ID, name: a.Name, match: n.Match, brand: a.Kind == intel.ActorBrand, primary: n.Name == a.Name})
		}
	}
	for _, s := range c.Software {
		for _, n := range append([]string{s.Name}, s.Names...) {
			// "X Ransomware" is X, and what X is called in the text.
			n, ransom := cutRansom(n)
			policy := names.Policy(n)
			common := policy != intel.MatchAlways || len(n) < 5
			g.add(n, entry{id: s.ID, name: s.Name, software: true, brand: ransom || s.Kind == "ransomware-brand", match: policy, primary: n == s.Name, common: common})
		}
	}
	return g
}

// cutRansom takes the word "ransomware" off a name.
func cutRansom(n string) (string, bool) {
	if i := len(n) - len(" ransomware"); i > 1 && strings.EqualFold(n[i:], " ransomware") {
		return n[:i], true
	}
	return n, false
}

// newTechniqueGazetteer builds the names of ATT&CK techniques; short names are ordinary words and are left out.
func newTechniqueGazetteer(techs []intel.Technique) *gazetteer {
	g := newGazetteer()
	for _, t := range techs {
		if strings.Count(t.Name, " ") >= 1 && len(t.Name) >= 12 {
			g.add(t.Name, entry{id: t.ID, name: t.Name})
		}
	}
	return g
}
