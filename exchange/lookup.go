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
)

// LookupRow is one folded name of one actor with that actor's history in numbers: the row of every SIEM lookup.
type LookupRow struct {
	// Key is the folded name that a SIEM looks up; Name the name as its user writes it.
	Key     string `json:"key"`
	Name    string `json:"name"`
	ActorID string `json:"actor_id"`
	Actor   string `json:"actor"`
	// Ambiguous says that the key means more than one actor: nobody may be told that it means this one.
	Ambiguous bool `json:"ambiguous"`
	// Withdrawn says that who asserted the name, or the actor, no longer does.
	Withdrawn bool `json:"withdrawn"`
	// Extent is how much of the actor the name covers; Match how much context the name needs (cue: a word such as "ransomware"
	// near by; never: only when the field holds nothing but an actor's name).
	Extent    string `json:"extent"`
	Match     string `json:"match"`
	UsedBy    string `json:"used_by"`
	AttackID  string `json:"attack_id"`
	Incidents int    `json:"incidents"`
	// LastReported is a date, empty when nothing was reported.
	LastReported string `json:"last_reported,omitempty"`
	ClaimOnly    int    `json:"claim_only"`
	Denied       int    `json:"denied"`
	Corroborated int    `json:"corroborated"`
	Demo         bool   `json:"demo,omitempty"`
	// ActorRef is the digest of the actor's id: a purged actor is known by nothing else.
	ActorRef string `json:"actor_ref"`
}

// ID names a row: of its key and actor, so that loading it again replaces it.
func (r LookupRow) ID() string { return intel.UUIDv5("lookup", r.Key, r.ActorID) }

// ActorRef is the digest of an actor's id under which its removal is told, since the id itself may be made of a purged name.
func ActorRef(actorID string) string { return intel.UUIDv5("actor", actorID) }

// LookupRows makes the rows of all actors, sorted by key and actor, so that nothing changes in the file when nothing changed.
// Actors merged into another have no rows: that other has their names.
func LookupRows(actors []intel.ActorProfile) []LookupRow {
	owners := map[string]map[string]bool{}
	var rows []LookupRow
	f := newFolder()
	for _, a := range actors {
		if a.MergedInto != "" {
			continue
		}
		at := map[string]int{}
		for _, n := range a.Names {
			for _, key := range f.keys(n.Name) {
				row := lookupRow(key, n, a)
				i, seen := at[key]
				switch {
				case !seen:
					at[key] = len(rows)
					rows = append(rows, row)
				case rows[i].Withdrawn && !row.Withdrawn:
					rows[i] = row
				}
			}
		}
		for key, i := range at {
			if owners[key] == nil {
				owners[key] = map[string]bool{}
			}
			if !rows[i].Withdrawn {
				owners[key][a.ID] = true
			}
		}
	}
	for i, r := range rows {
		others := len(owners[r.Key])
		if owners[r.Key][r.ActorID] {
			others--
		}
		rows[i].Ambiguous = others > 0
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
		Withdrawn: n.Withdrawn || a.Withdrawn, Extent: string(n.Extent), Match: string(n.Match),
		Incidents: a.Summary.Incidents, LastReported: last, ClaimOnly: a.Summary.ClaimOnly,
		Denied: a.Summary.Denied, Corroborated: a.Summary.Corroborated, Demo: a.Demo, ActorRef: ActorRef(a.ID),
	}
}

// LookupChange is a row that changed or went since the caller last asked.
type LookupChange struct {
	// Op is upsert, delete (this row), or delete-actor (every row with this ActorRef).
	Op string `json:"op"`
	LookupRow
}

// LookupChanges are the rows of the actors whose refs were touched, after an order to delete whatever rows those actors had: a row
// that is not written again is gone.
func LookupChanges(rows []LookupRow, touched map[string]bool) []LookupChange {
	refs, upserts := changed(rows, touched, true)
	out := make([]LookupChange, 0, len(refs)+len(upserts))
	for _, ref := range refs {
		out = append(out, LookupChange{Op: "delete-actor", LookupRow: LookupRow{ActorRef: ref}})
	}
	for _, r := range upserts {
		out = append(out, LookupChange{Op: "upsert", LookupRow: r})
	}
	return out
}

func (r LookupRow) key() string { return r.Key }
func (r LookupRow) ref() string { return r.ActorRef }

// changed gives the refs whose rows must be deleted, sorted, and the rows to write instead. Who shares a key with a touched thing is
// told too, since ambiguous may have moved. When a thing is gone nobody knows its keys any more: whole tells every row then; without it
// another's ambiguous may stay true for longer than it is, never false.
func changed[R interface {
	key() string
	ref() string
}](rows []R, touched map[string]bool, whole bool) (refs []string, upserts []R) {
	told, keys, known := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		known[r.ref()] = true
		if touched[r.ref()] {
			keys[r.key()] = true
		}
	}
	everything := false
	for ref, yes := range touched {
		if yes {
			told[ref] = true
			everything = everything || whole && !known[ref]
		}
	}
	for _, r := range rows {
		if everything || keys[r.key()] {
			told[r.ref()] = true
		}
	}
	for _, r := range rows {
		if told[r.ref()] {
			upserts = append(upserts, r)
		}
	}
	return sortedKeys(told), upserts
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// SplunkLookup writes rows as a CSV lookup: define it with case_sensitive_match=false and look up actor_key.
func SplunkLookup(rows []LookupRow) ([]byte, error) {
	return lookupCSV(rows, "actor_key")
}

// SentinelWatchlist writes rows as a watchlist CSV whose SearchKey is the folded name.
func SentinelWatchlist(rows []LookupRow) ([]byte, error) {
	return lookupCSV(rows, "SearchKey")
}

// lookupHead are the columns after the key.
func lookupHead() []string {
	return []string{
		"name", "actor_id", "actor", "ambiguous", "withdrawn", "extent", "match", "used_by", "attack_id", "incidents", "last_reported",
		"claim_only", "denied", "corroborated", "demo", "actor_ref",
	}
}

func (r LookupRow) cells() []string {
	return []string{
		Cell(r.Key), Cell(r.Name), Cell(r.ActorID), Cell(r.Actor), strconv.FormatBool(r.Ambiguous), strconv.FormatBool(r.Withdrawn), r.Extent, r.Match,
		Cell(r.UsedBy), Cell(r.AttackID), strconv.Itoa(r.Incidents), r.LastReported, strconv.Itoa(r.ClaimOnly), strconv.Itoa(r.Denied),
		strconv.Itoa(r.Corroborated), strconv.FormatBool(r.Demo), r.ActorRef,
	}
}

func lookupCSV(rows []LookupRow, key string) ([]byte, error) {
	records := make([][]string, 0, len(rows)+1)
	records = append(records, append([]string{key}, lookupHead()...))
	for _, r := range rows {
		records = append(records, r.cells())
	}
	return writeCSV(records)
}

// LookupChangesCSV writes changes for a CSV lookup whose key column is called key; the first column is the op.
func LookupChangesCSV(changes []LookupChange, key string) ([]byte, error) {
	records := make([][]string, 0, len(changes)+1)
	records = append(records, append([]string{"op", key}, lookupHead()...))
	for _, c := range changes {
		records = append(records, append([]string{c.Op}, c.cells()...))
	}
	return writeCSV(records)
}

func writeCSV(records [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(records); err != nil {
		return nil, fmt.Errorf("exchange: write lookup: %w", err)
	}
	return b.Bytes(), nil
}

// jsonLines writes values as NDJSON.
func jsonLines(values ...any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, v := range values {
		if err := enc.Encode(v); err != nil {
			return nil, fmt.Errorf("exchange: write lines: %w", err)
		}
	}
	return b.Bytes(), nil
}
