package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// mentions is everything an extraction found beside claims.
type mentions struct {
	Actors      []intel.Mention    `json:"actors,omitempty"`
	Software    []intel.Mention    `json:"software,omitempty"`
	Observables []intel.Observable `json:"observables,omitempty"`
	CVEs        []intel.Mention    `json:"cves,omitempty"`
	Techniques  []intel.Mention    `json:"techniques,omitempty"`
}

// Save implements intel.Saver.
func (s *Store) Save(ctx context.Context, entries []intel.Entry) ([]intel.Saved, error) {
	saved := make([]intel.Saved, len(entries))
	var failed []error
	err := s.update(ctx, func(t *tx) error {
		failed = nil
		t.resume()
		for i, e := range entries {
			saved[i] = intel.Saved{}
			got, err := t.saveOne(e)
			switch {
			case err == nil:
				saved[i] = got
			case fatal(err):
				return fmt.Errorf("save %s: %w", e.Report.URL, err)
			default:
				failed = append(failed, fmt.Errorf("store: save %s: %w", e.Report.URL, err))
			}
		}
		return t.flush()
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return saved, errors.Join(failed...)
}

// errBroken marks a transaction that cannot go on.
var errBroken = errors.New("the batch was given back")

// fatal reports whether an error is the store's and not the entry's: then the whole batch is given back unsaved.
func fatal(err error) bool {
	if errors.Is(err, errBroken) {
		return true
	}
	for _, known := range []error{intel.ErrInvalid, intel.ErrDemo, intel.ErrPurged, intel.ErrConflict, intel.ErrNotFound} {
		if errors.Is(err, known) {
			return false
		}
	}
	return true
}

// saveOne saves one entry behind a savepoint, so that a bad one costs the others nothing.
func (t *tx) saveOne(e intel.Entry) (intel.Saved, error) {
	if err := t.admit(e.Report); err != nil {
		return intel.Saved{}, err
	}
	if t.saved[e.Report.ID] { // told of twice in one batch: the second is laid over what the first left
		if err := t.flush(); err != nil {
			return intel.Saved{}, fmt.Errorf("%w: %w", errBroken, err)
		}
	}
	if err := t.exec(`SAVEPOINT entry`); err != nil {
		return intel.Saved{}, err
	}
	t.tells = t.tells[:0]
	saved, touched, err := t.saveReport(e)
	if err == nil {
		if err := t.exec(`RELEASE entry`); err != nil {
			return intel.Saved{}, fmt.Errorf("%w: %w", errBroken, err)
		}
		err := t.rename(touched)
		t.accept(e.Report.ID, touched)
		if err := errors.Join(err, t.settle(touched), t.cross()); err != nil {
			return intel.Saved{}, fmt.Errorf("%w: %w", errBroken, err)
		}
		return saved, nil
	}
	t.reject()
	for _, what := range t.tells {
		delete(t.told, what)
	}
	if back := errors.Join(t.exec(`ROLLBACK TO entry`), t.exec(`RELEASE entry`)); back != nil {
		// The entry may be half in, or the database gave the whole transaction back by itself: the batch cannot be kept.
		return intel.Saved{}, fmt.Errorf("%w: %w", errBroken, err)
	}
	return intel.Saved{}, err
}

// admit refuses what must not enter.
func (t *tx) admit(r intel.Report) error {
	if r.ID == "" || r.ContentHash == "" {
		return fmt.Errorf("a report needs an id and a content hash: %w", intel.ErrInvalid)
	}
	if r.Demo != t.s.o.Demo {
		return intel.ErrDemo
	}
	var at int64
	err := t.one(`SELECT at FROM tombstones WHERE report_id = ?`, r.ID).Scan(&at)
	if err == nil {
		return fmt.Errorf("removed on request on %s: %w", fromNano(at).Format("2006-01-02"), intel.ErrPurged)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return nil
}

// saveReport writes a report and what was read from it. It answers the incidents touched, which are computed later.
func (t *tx) saveReport(e intel.Entry) (intel.Saved, map[string]bool, error) {
	r := e.Report
	r.Recorded = t.now
	old, oldExtractor, err := t.current(r.ID)
	held := err == nil
	if err != nil && !errors.Is(err, intel.ErrNotFound) {
		return intel.Saved{}, nil, err
	}
	sameText := held && old.ContentHash == r.ContentHash
	if sameText && oldExtractor == e.Extraction.Extractor && sameHead(old, r) {
		return intel.Saved{ReportID: r.ID, Unchanged: true, Version: old.Version}, nil, nil
	}
	r.Version = 1
	if held {
		r.Version = old.Version
		if sameText {
			r.Recorded = old.Recorded
		} else if err := t.archive(old); err != nil {
			return intel.Saved{}, nil, err
		} else {
			r.Version++
		}
	}
	if err := t.putReport(r, e.Extraction); err != nil {
		return intel.Saved{}, nil, err
	}
	touched, err := t.putClaims(r, e.Extraction, held)
	if err != nil {
		return intel.Saved{}, nil, err
	}
	if held || len(e.Extraction.Relations) > 0 {
		if err := t.putRelations(r, e.Extraction.Relations); err != nil {
			return intel.Saved{}, nil, err
		}
	}
	if !held {
		if err := t.exec(`UPDATE sources SET reports = reports + 1 WHERE id = ?`, r.SourceID); err != nil {
			return intel.Saved{}, nil, err
		}
	}
	seq, err := t.changed("report", r.ID)
	return intel.Saved{ReportID: r.ID, Seq: seq, Version: r.Version}, touched, err
}

// sameHead reports whether nothing that is stored beside the text changed.
func sameHead(a, b intel.Report) bool {
	return a.Title == b.Title && a.Published.String() == b.Published.String() && a.RightsReserved == b.RightsReserved && a.TLP == b.TLP &&
		a.SourceID == b.SourceID && a.Reliability == b.Reliability
}

// current gives the report held and the extractor that read it.
func (t *tx) current(id string) (intel.Report, string, error) {
	var extractor string
	var b []byte
	err := t.one(`SELECT extractor, body FROM reports WHERE id = ?`, id).Scan(&extractor, &b)
	if errors.Is(err, sql.ErrNoRows) {
		return intel.Report{}, "", intel.ErrNotFound
	}
	if err != nil {
		return intel.Report{}, "", err
	}
	r, err := decode[intel.Report](b)
	return r, extractor, err
}

// archive keeps what is known of a version that was edited away, without its text.
func (t *tx) archive(old intel.Report) error {
	b, err := encode(old)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO report_versions (report_id, version, body, recorded_to) VALUES (?, ?, ?, ?)`, old.ID, old.Version, b, t.now.UnixNano())
}

func (t *tx) putReport(r intel.Report, x intel.Extraction) error {
	text, print := r.Text, r.Fingerprint
	if r.RightsReserved {
		text = "" // where rights are reserved the text is not kept beyond extraction
	}
	b, err := encode(r)
	if err != nil {
		return err
	}
	m, err := encode(mentions{x.Actors, x.Software, x.Observables, x.CVEs, x.Techniques})
	if err != nil {
		return err
	}
	t.prints[r.ID] = r
	if len(print) == 0 { // read again, not fetched again: what tells its story apart stays
		delete(t.prints, r.ID)
	}
	return t.exec(`INSERT INTO reports (id, url, source_id, version, content_hash, extractor, body, mentions, fingerprint, text, first_saved)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET url = excluded.url, source_id = excluded.source_id, version = excluded.version, content_hash = excluded.content_hash,
		extractor = excluded.extractor, body = excluded.body, mentions = excluded.mentions, text = excluded.text,
		fingerprint = CASE WHEN length(excluded.fingerprint) = 0 AND content_hash = excluded.content_hash THEN fingerprint ELSE excluded.fingerprint END`,
		r.ID, r.URL, r.SourceID, r.Version, r.ContentHash, x.Extractor, b, m, packPrint(print), t.s.zip.EncodeAll([]byte(text), nil), t.now.UnixNano())
}

// putClaims lays the new claims over those held of the report: the same claim keeps when it was recorded and its incident, a
// claim no longer made ends now, a new one joins an incident. It answers the incidents touched.
func (t *tx) putClaims(r intel.Report, x intel.Extraction, known bool) (map[string]bool, error) {
	var held []intel.Claim
	if known {
		var err error
		if held, err = bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE report_id = ? AND recorded_to = 0`, r.ID); err != nil {
			return nil, err
		}
	}
	old := map[string]intel.Claim{}
	touched := map[string]bool{}
	for _, c := range held {
		old[c.ID] = c
		touched[c.IncidentID] = true
	}
	for _, group := range ledger.Claims(r, x) {
		for i := range group {
			group[i].RecordedFrom = t.now
		}
		if err := t.identify(group); err != nil {
			return nil, err
		}
		incident, err := t.incidentFor(group, old)
		if err != nil {
			return nil, err
		}
		touched[incident] = true
		for _, c := range group {
			c.IncidentID = incident
			if before, ok := old[c.ID]; ok {
				// A claim made again stays where it is: a person may have split it off.
				c.IncidentID = before.IncidentID
			}
			if err := t.putClaim(c, old); err != nil {
				return nil, err
			}
			delete(old, c.ID)
		}
	}
	for _, c := range old {
		if err := t.endClaim(c); err != nil {
			return nil, err
		}
	}
	return touched, nil
}

func (t *tx) putClaim(c intel.Claim, old map[string]intel.Claim) error {
	if !c.Facet.Valid() || !c.Stance.Valid() || !c.SaidBy.Kind.Valid() || c.Quote == "" {
		return fmt.Errorf("claim %s: facet %q, stance %q, speaker %q and a sentence are needed: %w", c.ID, c.Facet, c.Stance, c.SaidBy.Kind, intel.ErrInvalid)
	}
	if before, ok := old[c.ID]; ok {
		c.RecordedFrom, c.Origin, c.Credibility = before.RecordedFrom, before.Origin, before.Credibility
		if same(before, c) {
			return nil
		}
		if sameWord(before, c) || before.RecordedFrom.Equal(t.now) {
			return t.updateClaim(c)
		}
		// What was recorded stays as it was: the changed claim is a new row from now on.
		if err := t.endClaim(before); err != nil {
			return err
		}
		c.RecordedFrom = t.now
	}
	if _, again := t.entry[c.ID]; !again { // two findings may rest on one sentence
		t.entry[c.ID] = c
	}
	return nil
}

// insertClaim writes a claim that is new from now on.
func (t *tx) insertClaim(c intel.Claim) error {
	b, err := encode(c)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO claims (id, report_id, incident_id, body, recorded_from) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id, recorded_from) DO UPDATE SET incident_id = excluded.incident_id, body = excluded.body, recorded_to = 0`,
		c.ID, c.ReportID, c.IncidentID, b, c.RecordedFrom.UnixNano())
}

// sameWord reports whether two readings of a claim say the same, wherever the sentence now stands and whichever version of the
// extractor read it.
func sameWord(a, b intel.Claim) bool {
	b.Span, b.Extractor, b.Victim.Aliases, b.Victim.Domains = a.Span, a.Extractor, a.Victim.Aliases, a.Victim.Domains
	return same(a, b)
}

func same(a, b intel.Claim) bool {
	x, errA := encode(a)
	y, errB := encode(b)
	return errA == nil && errB == nil && x == y
}

func (t *tx) updateClaim(c intel.Claim) error {
	b, err := encode(c)
	if err != nil {
		return err
	}
	t.reread(c.IncidentID)
	return t.exec(`UPDATE claims SET incident_id = ?, body = ?, recorded_to = ? WHERE id = ? AND recorded_from = ?`, c.IncidentID, b, nano(c.RecordedTo), c.ID, c.RecordedFrom.UnixNano())
}

func (t *tx) endClaim(c intel.Claim) error {
	c.RecordedTo = t.now
	return t.updateClaim(c)
}

// incidentFor is the incident a group of claims belongs to: where the same claims or the same victim of this report were before,
// else a compatible one of the same victim, else a new one.
func (t *tx) incidentFor(group []intel.Claim, old map[string]intel.Claim) (string, error) {
	if best := overlapping(group, old); best != "" {
		return best, nil
	}
	filed := group[0].Victim.ID
	if filed != "" {
		var err error
		if filed, err = t.canonical(filed); err != nil {
			return "", err
		}
		candidates, err := t.standing(filed)
		if err != nil {
			return "", err
		}
		for i := range candidates {
			candidates[i].Victim.ID = group[0].Victim.ID // also where a person said that it was no victim
		}
		standing := slices.Clone(group) // what was merged is asked for by what it was merged into
		for i := range standing {
			if standing[i].Actor.ID, err = t.canonical(standing[i].Actor.ID); err != nil {
				return "", err
			}
		}
		if id := ledger.Join(standing, candidates); id != "" {
			t.bridges = append(t.bridges, slices.Concat([]string{id}, ledger.Bridged(standing, id, candidates)))
			return id, nil
		}
	}
	best := ""
	for _, o := range old {
		if o.Victim.ID == "" && filed != "" && (best == "" || o.IncidentID < best) {
			best = o.IncidentID // the report masked the name before and now gives it
		}
	}
	if best != "" {
		return best, nil
	}
	id := t.s.o.NewID()
	return id, t.putIncident(intel.Incident{ID: id, Victim: group[0].Victim, RecordedFrom: t.now, Kind: group[0].Kind, Occurred: group[0].Occurred, FirstReported: ledger.Told(group[0]), LastReported: ledger.Told(group[0])}, filed)
}

// overlapping is the incident that most of the same claims, or of those about the same victim, of this report were in before.
func overlapping(group []intel.Claim, old map[string]intel.Claim) string {
	overlap := map[string]int{}
	for _, c := range group {
		if o, ok := old[c.ID]; ok {
			overlap[o.IncidentID] += 2
		}
	}
	for _, o := range old {
		if o.Victim.ID != "" && o.Victim.ID == group[0].Victim.ID {
			overlap[o.IncidentID]++
		}
	}
	best := ""
	for id, n := range overlap {
		if best == "" || n > overlap[best] || n == overlap[best] && id < best {
			best = id
		}
	}
	return best
}

// putIncident stores an incident, filed under the organisation that new claims find it by.
func (t *tx) putIncident(in intel.Incident, victimID string) error {
	in.Demo = t.s.o.Demo
	t.refile(in, victimID)
	b, err := encode(in)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO incidents (id, victim_id, body, recorded_from) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET victim_id = excluded.victim_id, body = excluded.body`, in.ID, victimID, b, in.RecordedFrom.UnixNano())
}
