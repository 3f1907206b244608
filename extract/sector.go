package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
)

// sectorTable maps words to sectors.
type sectorTable struct {
	words  map[string]string
	starts beginnings
}

func newSectors(sectors []Sector) *sectorTable {
	t := &sectorTable{words: map[string]string{}, starts: beginnings{}}
	for _, s := range sectors {
		for _, w := range s.Words {
			w = strings.ToLower(w)
			if _, ok := t.words[w]; !ok {
				t.words[w] = s.Name
			}
			t.starts.add(w)
		}
	}
	return t
}

// sectorOf reads the sector of a group from its name, then from words close to its mentions.
func (d *document) sectorOf(g *group) string {
	b := d.mentions[g.best]
	if v := d.x.known[d.key(&b)]; v != nil && v.Sector != "" {
		return v.Sector
	}
	score := map[string]float64{}
	for n, k := range g.mentions {
		if n >= 8 {
			break
		}
		m := d.mentions[k]
		sp := d.Sentences[m.sent]
		for i := max(sp.First, m.a-10); i < min(sp.Last, m.b+16); i++ {
			w := 1.0
			switch {
			case i >= m.a && i < m.b:
				w = 4
			case i >= m.a-4 && i < m.b+7:
				w = 2
			case d.at[i] >= 0:
				continue
			}
			d.sectorAt(i, sp.Last, w, score)
		}
	}
	for n, t := range g.corefs {
		if n < 8 && !generic(d.low(t)) {
			d.sectorAt(t, t+1, 2, score)
		}
	}
	if len(score) == 0 {
		d.nameWords(&b, score)
	}
	if len(score) == 0 && d.oneStory() {
		for s := range min(8, len(d.Sentences)) {
			for i, sp := d.Sentences[s].First, d.Sentences[s]; i < sp.Last; i++ {
				if d.at[i] < 0 {
					d.sectorAt(i, sp.Last, 1/float64(1+s), score)
				}
			}
		}
	}
	return best(score)
}

func generic(w string) bool {
	switch w {
	case "company", "firm", "organisation", "organization", "group", "giant", "provider", "agency", "service", "business":
		return true
	}
	return false
}

// nameSector gives for a word inside an organisation's name a word of the table that stands for the same section; in running text the
// word says too little.
func nameSector(low string) string {
	switch low {
	case "health", "medical", "care", "wellness", "dental", "healthcare", "clinic", "patient", "physician", "hearing", "ankle", "foot", "pain", "heart", "cancer", "eye", "family", "therapy":
		return "hospital"
	case "capital", "finance", "financial", "credit", "savings", "mutual", "fund", "funds", "assurance", "insurance", "coin", "pay", "trust", "bancorp", "underwriters":
		return "bank"
	case "communications", "mobile", "telecom", "media", "software", "digital", "data", "tv", "radio", "cable", "tech", "technologies", "systems", "networks", "post", "times", "herald", "azure":
		return "telecom operator"
	case "law", "legal", "llp", "associates", "consulting", "partners", "advisors", "cpa", "laboratories", "research", "analytics":
		return "law firm"
	case "assembly", "region", "department", "state", "board", "commission", "authority", "republic", "municipal", "council", "county", "city", "town", "ministerio", "agency", "office", "sistema":
		return "ministry"
	case "corporation", "products", "manufacturing", "foods", "brands", "chemical", "electric", "equipment", "medicals", "devices":
		return "manufacturer"
	case "transport", "air", "line", "lines", "logistics", "transit", "express", "rail", "transportation":
		return "logistics"
	case "books", "stores", "supplies", "auto", "market", "outfitters", "hardware":
		return "retailer"
	case "staffing", "management", "employment", "outsourcing":
		return "staffing agency"
	case "energy", "gas", "power":
		return "utility"
	case "church", "union", "association":
		return "church"
	}
	return ""
}

// nameWords scores words of the name that no table word covers, when the table has said nothing of the name.
func (d *document) nameWords(m *mention, score map[string]float64) {
	for i := m.a; i < m.b; i++ {
		if w := nameSector(d.low(i)); w != "" {
			if s, ok := d.x.sectors.words[w]; ok {
				score[s] += 1.5
			}
		}
	}
}

// sectorAt scores the longest sector word that begins at token i.
func (d *document) sectorAt(i, last int, w float64, score map[string]float64) {
	t := d.x.sectors
	for n := min(max(t.starts[d.low(i)], 1), last-i); n > 0; n-- {
		key := d.joined(i, i+n)
		s, ok := t.words[key]
		if !ok && strings.HasSuffix(key, "s") {
			s, ok = t.words[key[:len(key)-1]]
		}
		if ok {
			if d.is(i, lexicon.AttackNoun) {
				continue
			}
			score[s] += w + 0.1*float64(n)
			return
		}
	}
}
