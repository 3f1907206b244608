package exchange

import (
	"sort"
	"strconv"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// ElasticVictims is the name of the lookup index of organisations.
const ElasticVictims = "rapsheet-victims"

// VictimRow is one folded name or one domain of one organisation that reports name as a victim, never without its latest answer.
type VictimRow struct {
	// Key is a folded name, or a domain in lower case with its dots.
	Key      string `json:"key"`
	Name     string `json:"name"`
	VictimID string `json:"victim_id"`
	Victim   string `json:"victim"`
	// Ambiguous says that the key means more than one organisation.
	Ambiguous bool `json:"ambiguous"`
	// Answer is the latest word of the organisation: confirmed, denied or none found.
	Answer       string `json:"victim_answer"`
	Incidents    int    `json:"incidents"`
	LastReported string `json:"last_reported,omitempty"`
	ClaimOnly    int    `json:"claim_only"`
	Denied       int    `json:"denied"`
	Corroborated int    `json:"corroborated"`
	Sector       string `json:"sector,omitempty"`
	Country      string `json:"country,omitempty"`
	Demo         bool   `json:"demo,omitempty"`
	VictimRef    string `json:"victim_ref"`
}

// ID names a row: of its key and organisation.
func (r VictimRow) ID() string { return intel.UUIDv5("victim lookup", r.Key, r.VictimID) }

func (r VictimRow) key() string { return r.Key }
func (r VictimRow) ref() string { return r.VictimRef }

// VictimRef is the digest of an organisation's id by which its rows are removed.
func VictimRef(id string) string { return intel.UUIDv5("victim", id) }

// VictimRows makes the rows of the organisations that answer knows an answer of: the others are named by nothing that may leave.
func VictimRows(victims []intel.VictimProfile, answer func(id string) string) []VictimRow {
	owners := map[string]int{}
	var rows []VictimRow
	f := newFolder()
	for _, v := range victims {
		said := answer(v.ID)
		if v.MergedInto != "" || v.Summary.Incidents == 0 || said == "" {
			continue
		}
		seen := map[string]bool{}
		add := func(key, name string) {
			if key == "" || len(key) > maxKey || seen[key] {
				return
			}
			seen[key] = true
			owners[key]++
			rows = append(rows, VictimRow{
				Key: key, Name: name, VictimID: v.ID, Victim: v.Name, Answer: said, Incidents: v.Summary.Incidents, LastReported: dateOf(v.Summary.LastReported),
				ClaimOnly: v.Summary.ClaimOnly, Denied: v.Summary.Denied, Corroborated: v.Summary.Corroborated, Sector: v.Sector, Country: v.Country, Demo: v.Demo, VictimRef: VictimRef(v.ID),
			})
		}
		for _, n := range append([]string{v.Name}, v.Names...) {
			if names.Masked(n) {
				continue // it may be anybody's until it is revealed
			}
			for _, key := range append(f.keys(n), f.key(names.FoldOrg(n))) {
				add(key, n)
			}
		}
		for _, d := range v.Domains {
			add(strings.ToLower(strings.Trim(d, ". ")), d)
		}
	}
	for i := range rows {
		rows[i].Ambiguous = owners[rows[i].Key] > 1
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].Key < rows[j].Key || rows[i].Key == rows[j].Key && rows[i].VictimID < rows[j].VictimID
	})
	return rows
}

func victimHead() []string {
	return []string{"name", "victim_id", "victim", "ambiguous", "victim_answer", "incidents", "last_reported", "claim_only", "denied", "corroborated", "sector", "country", "demo", "victim_ref"}
}

func (r VictimRow) cells() []string {
	return []string{
		Cell(r.Key), Cell(r.Name), Cell(r.VictimID), Cell(r.Victim), strconv.FormatBool(r.Ambiguous), r.Answer, strconv.Itoa(r.Incidents), r.LastReported,
		strconv.Itoa(r.ClaimOnly), strconv.Itoa(r.Denied), strconv.Itoa(r.Corroborated), Cell(r.Sector), Cell(r.Country), strconv.FormatBool(r.Demo), r.VictimRef,
	}
}

// VictimsCSV writes rows as a CSV lookup whose key column is called key.
func VictimsCSV(rows []VictimRow, key string) ([]byte, error) {
	records := [][]string{append([]string{key}, victimHead()...)}
	for _, r := range rows {
		records = append(records, r.cells())
	}
	return writeCSV(records)
}

// VictimChangesCSV writes what changed for the organisations touched; the first column is the op: delete-victim, then upsert.
func VictimChangesCSV(rows []VictimRow, touched map[string]bool, key string) ([]byte, error) {
	refs, upserts := changed(rows, touched, false)
	records := [][]string{append([]string{"op", key}, victimHead()...)}
	for _, ref := range refs {
		records = append(records, append([]string{"delete-victim"}, VictimRow{VictimRef: ref}.cells()...))
	}
	for _, r := range upserts {
		records = append(records, append([]string{"upsert"}, r.cells()...))
	}
	return writeCSV(records)
}

// VictimsElastic writes rows as bulk lines; with touched, first a _delete_by_query body and then the rows of those touched.
func VictimsElastic(rows []VictimRow, touched map[string]bool) ([]byte, error) {
	var lines []any
	if touched != nil {
		var refs []string
		refs, rows = changed(rows, touched, false)
		lines = append(lines, map[string]any{"query": map[string]any{"terms": map[string]any{"victim_ref": append([]string{}, refs...)}}})
	}
	for _, r := range rows {
		lines = append(lines, bulkLine("index", r.ID()), r)
	}
	return jsonLines(lines...)
}

// ElasticVictimsTemplate is the body of PUT /rapsheet-victims.
func ElasticVictimsTemplate() ([]byte, error) {
	return lookupIndex("key name victim_id victim victim_answer sector country victim_ref", "ambiguous demo", "incidents claim_only denied corroborated")
}

// Answer is the latest word of an organisation on what may be exported of it: confirmed, denied, none found, or "" when nothing may.
func (g *Graph) Answer(victim string) string {
	answer, _ := g.answer(victim)
	return answer
}

// TouchedVictims are the digests (VictimRef) of the organisations whose rows may have changed after since.
func (g *Graph) TouchedVictims(since int64) map[string]bool {
	out := map[string]bool{}
	everybody := false
	for o, st := range g.gone {
		if st.Seq > since && o.kind == "victim" {
			out[VictimRef(o.id)] = true
		}
		everybody = everybody || st.Seq > since && o.kind == "report"
	}
	for id, n := range g.victims {
		if everybody || n.stamp.Seq > since {
			out[VictimRef(id)] = true
		}
	}
	for key, incidents := range g.named {
		id, isVictim := strings.CutPrefix(key, "victim:")
		if !isVictim {
			continue
		}
		for in := range incidents {
			held := g.incidents[in]
			if _, told := g.storyOf(held.v); held.stamp.Seq > since || told.Seq > since {
				out[VictimRef(id)] = true
			}
		}
	}
	return out
}
