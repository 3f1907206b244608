package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// LookupRow is one folded name of one actor with that actor's history in numbers: the row of every SIEM lookup.
type LookupRow struct {
	// Key is the folded name that a SIEM looks up; Name the name as its user writes it.
	Key       string `json:"key"`
	Name      string `json:"name"`
	ActorID   string `json:"actor_id"`
	Actor     string `json:"actor"`
	Ambiguous bool   `json:"ambiguous"`
	UsedBy    string `json:"used_by"`
	AttackID  string `json:"attack_id"`
	Incidents int    `json:"incidents"`
	// LastReported is a date, empty when nothing was reported.
	LastReported string `json:"last_reported"`
	ClaimOnly    int    `json:"claim_only"`
	Denied       int    `json:"denied"`
	Corroborated int    `json:"corroborated"`
}

// LookupRows makes the rows of all actors, sorted by key and actor, so that nothing changes in the file when nothing changed.
func LookupRows(actors []intel.ActorProfile) []LookupRow {
	owners := map[string]map[string]bool{}
	var rows []LookupRow
	for _, a := range actors {
		seen := map[string]bool{}
		for _, n := range a.Names {
			key := names.Fold(n.Name)
			if key == "" || n.Withdrawn || seen[key] {
				continue
			}
			seen[key] = true
			if owners[key] == nil {
				owners[key] = map[string]bool{}
			}
			owners[key][a.ID] = true
			rows = append(rows, lookupRow(key, n, a))
		}
	}
	for i := range rows {
		rows[i].Ambiguous = len(owners[rows[i].Key]) > 1
	}
	sort.Slice(rows, func(i, j int) bool {
		return rows[i].Key < rows[j].Key || rows[i].Key == rows[j].Key && rows[i].ActorID < rows[j].ActorID
	})
	return rows
}

func lookupRow(key string, n intel.Name, a intel.ActorProfile) LookupRow {
	last := ""
	if !a.Summary.LastReported.IsZero() {
		last = a.Summary.LastReported.Date().String()
	}
	return LookupRow{
		Key: key, Name: n.Name, ActorID: a.ID, Actor: a.Name, UsedBy: n.UsedBy, AttackID: strings.Join(a.ExternalIDs["attack"], " "),
		Incidents: a.Summary.Incidents, LastReported: last, ClaimOnly: a.Summary.ClaimOnly,
		Denied: a.Summary.Denied, Corroborated: a.Summary.Corroborated,
	}
}

// SplunkLookup writes rows as a CSV lookup: define it with case_sensitive_match=false and look up actor_key.
func SplunkLookup(rows []LookupRow) ([]byte, error) {
	return lookupCSV(rows, "actor_key")
}

// SentinelWatchlist writes rows as a watchlist CSV whose SearchKey is the folded name.
func SentinelWatchlist(rows []LookupRow) ([]byte, error) {
	return lookupCSV(rows, "SearchKey")
}

func lookupCSV(rows []LookupRow, key string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{key, "name", "actor_id", "actor", "ambiguous", "used_by", "attack_id", "incidents", "last_reported", "claim_only", "denied", "corroborated"}
	err := w.Write(head)
	for _, r := range rows {
		if err != nil {
			break
		}
		err = w.Write([]string{
			Cell(r.Key), Cell(r.Name), r.ActorID, Cell(r.Actor), strconv.FormatBool(r.Ambiguous), Cell(r.UsedBy), r.AttackID,
			strconv.Itoa(r.Incidents), r.LastReported, strconv.Itoa(r.ClaimOnly), strconv.Itoa(r.Denied), strconv.Itoa(r.Corroborated),
		})
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("exchange: write lookup: %w", err)
	}
	return b.Bytes(), nil
}

// ElasticLookup writes rows as bulk NDJSON for a lookup index: one row a name and actor, since LOOKUP JOIN ignores keys of
// several values. The _id is stable, so that loading it again replaces.
func ElasticLookup(rows []LookupRow) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, r := range rows {
		id := intel.UUIDv5("lookup", r.Key, r.ActorID)
		if err := enc.Encode(map[string]any{"index": map[string]string{"_id": id}}); err != nil {
			return nil, fmt.Errorf("exchange: write lookup: %w", err)
		}
		if err := enc.Encode(r); err != nil {
			return nil, fmt.Errorf("exchange: write lookup: %w", err)
		}
	}
	return b.Bytes(), nil
}
