package sqlite

import (
	"maps"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// batch is what a transaction that saves several entries has in hand, so that an incident many of them tell of is computed once,
// before the transaction ends, and not for each. All of it is written before the commit.
type batch struct {
	// saved are the reports saved so far; dirty the incidents they touched that are still to be computed.
	saved, dirty map[string]bool
	// pending are the new claims of dirty incidents by incident: they are written when it is computed, since only then their
	// origin and credibility are known.
	pending map[string][]intel.Claim
	// fresh are the ids of the pending claims.
	fresh map[string]bool
	// entry are the new claims of the entry being saved, by id. They join pending when it is in.
	entry map[string]intel.Claim
	// bridges are the incidents that the entry being saved showed to be one, each beginning with the one it joined.
	bridges [][]string
	// renamed are the organisations that the entry being saved gave their whole name.
	renamed []string
	readings
}

// readings are what was read of the store and still holds. The next batch goes on with them where nothing else was written
// between, so that an incident in the news is not read from its first claim on for every report.
type readings struct {
	// held are the written claims of incidents, outlines what they and the pending ones amount to. victims and actors are records
	// as they stand, prints what tells stories apart.
	// filed are the incidents by the organisation they are filed under.
	held     map[string][]intel.Claim
	filed    map[string][]intel.Incident
	where    map[string]string // the organisation that an incident of filed is filed under
	outlines map[string]*ledger.Outline
	victims  map[string]intel.Victim
	actors   map[string]bool
	prints   map[string]intel.Report
}

func newBatch() batch {
	b := batch{saved: map[string]bool{}, dirty: map[string]bool{}, pending: map[string][]intel.Claim{}, fresh: map[string]bool{}, entry: map[string]intel.Claim{}}
	b.forget()
	return b
}

// forget drops what was read: it may have been taken back or written over.
func (b *batch) forget() {
	b.readings = readings{}
	b.held, b.outlines = map[string][]intel.Claim{}, map[string]*ledger.Outline{}
	b.filed, b.where = map[string][]intel.Incident{}, map[string]string{}
	b.victims, b.actors, b.prints = map[string]intel.Victim{}, map[string]bool{}, map[string]intel.Report{}
}

// Bounds of the readings that one batch leaves to the next: 10 MB of claims.
const (
	keptClaims  = 12_000
	keptRecords = 5_000
)

// bounded empties readings that have grown too large to keep.
func (b *batch) bounded() readings {
	claims := 0
	for _, of := range b.held {
		claims += len(of)
	}
	if claims > keptClaims || max(len(b.victims), len(b.actors), len(b.prints), len(b.filed)) > keptRecords {
		b.forget()
	}
	return b.readings
}

// accept takes an entry in that was saved whole; reject drops what it left.
func (b *batch) accept(report string, touched map[string]bool) {
	b.saved[report] = true
	maps.Copy(b.dirty, touched)
	for _, id := range slices.Sorted(maps.Keys(b.entry)) {
		c := b.entry[id]
		b.pending[c.IncidentID] = append(b.pending[c.IncidentID], c)
		b.fresh[id] = true
		if o := b.outlines[c.IncidentID]; o != nil {
			o.Add(c)
		}
	}
	clear(b.entry)
}

func (b *batch) reject() {
	clear(b.entry)
	b.bridges, b.renamed = nil, nil
	b.forget()
}

// wrote notes that all claims of an incident are written, as they stand now.
func (b *batch) wrote(incident string, claims []intel.Claim) {
	for _, c := range b.pending[incident] {
		delete(b.fresh, c.ID)
	}
	delete(b.pending, incident)
	delete(b.outlines, incident)
	b.held[incident] = claims
}

// reread drops what was read of an incident whose claims were written over.
func (b *batch) reread(incident string) {
	delete(b.held, incident)
	delete(b.outlines, incident)
}

// resume goes on with what the last batch read, where nothing was written since.
func (t *tx) resume() {
	if t.keeps = true; t.s.kept.held != nil && t.s.keptAt == t.seq {
		t.readings = t.s.kept
	}
}

// flush computes what was touched and is to be computed.
func (t *tx) flush() error {
	touched := t.dirty
	t.dirty = map[string]bool{}
	return t.recompute(touched)
}

// settle computes what an entry touched at once where a person decided about it: what is laid over an incident decides what
// joins it. Everything else waits until the batch is in.
func (t *tx) settle(touched map[string]bool) error {
	for id := range touched {
		decided, err := t.isDecided(id)
		if err != nil {
			return err
		}
		if decided {
			return t.flush()
		}
	}
	return nil
}

// rename adds to what an entry touched the incidents of the organisations that it gave their whole name: they show it.
func (t *tx) rename(touched map[string]bool) error {
	renamed := t.renamed
	t.renamed = nil
	for _, victim := range renamed {
		filed, err := t.filedUnder(victim)
		if err != nil {
			return err
		}
		for _, in := range filed {
			touched[in.ID] = true
		}
	}
	return nil
}

// standing are the incidents filed under an organisation as they stand with the claims of this batch.
func (t *tx) standing(victim string) ([]intel.Incident, error) {
	filed, err := t.filedUnder(victim)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(filed)
	for i, in := range out {
		if !t.dirty[in.ID] {
			continue
		}
		if out[i], err = t.outline(in); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// filedUnder are the incidents filed under an organisation as they were last computed.
func (t *tx) filedUnder(victim string) ([]intel.Incident, error) {
	if filed, ok := t.filed[victim]; ok {
		return filed, nil
	}
	filed, err := bodies[intel.Incident](t.ctx, t, `SELECT body FROM incidents WHERE victim_id = ?`, victim)
	if err == nil {
		t.filed[victim] = filed
		for _, in := range filed {
			t.where[in.ID] = victim
		}
	}
	return filed, err
}

// refile notes that an incident is written, filed under an organisation.
func (b *batch) refile(in intel.Incident, victim string) {
	if old, ok := b.where[in.ID]; ok && old != victim {
		delete(b.filed, old)
		delete(b.where, in.ID)
	}
	filed, ok := b.filed[victim]
	if !ok {
		return
	}
	others := slices.DeleteFunc(slices.Clone(filed), func(o intel.Incident) bool { return o.ID == in.ID })
	b.filed[victim], b.where[in.ID] = append(others, in), victim
}

// outline is an incident with what the claims of this batch make of its kind and times.
func (t *tx) outline(in intel.Incident) (intel.Incident, error) {
	if o := t.outlines[in.ID]; o != nil {
		return t.laid(o, in)
	}
	written, err := t.written(in.ID)
	if err != nil {
		return in, err
	}
	claims := slices.Concat(written, t.pending[in.ID])
	if len(claims) == 0 { // all its claims were taken back: what they last said is still told of it
		if _, _, err := t.recomputeOne(in.ID); err != nil {
			return in, err
		}
		return body[intel.Incident](t.ctx, t, `SELECT body FROM incidents WHERE id = ?`, in.ID)
	}
	o := &ledger.Outline{}
	for _, c := range claims {
		o.Add(c)
	}
	t.outlines[in.ID] = o
	return t.laid(o, in)
}

func (t *tx) laid(o *ledger.Outline, in intel.Incident) (intel.Incident, error) {
	in = o.Lay(in)
	in.Actors = o.Actors()
	return in, t.standForActors(&in)
}

// written are the claims of an incident that are held and written.
func (t *tx) written(incident string) ([]intel.Claim, error) {
	if claims, ok := t.held[incident]; ok {
		return claims, nil
	}
	claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE incident_id = ? AND recorded_to = 0`, incident)
	if err == nil {
		t.held[incident] = claims
	}
	return claims, err
}

// victimRecord is the record of an organisation as it stands.
func (t *tx) victimRecord(id string) (intel.Victim, error) {
	if v, ok := t.victims[id]; ok {
		return v, nil
	}
	v, err := body[intel.Victim](t.ctx, t, `SELECT body FROM victims WHERE id = ?`, id)
	if err == nil {
		t.victims[id] = v
	}
	return v, err
}

// print is what tells the story of a report apart from others.
func (t *tx) print(id string) (intel.Report, error) {
	if r, ok := t.prints[id]; ok {
		return r, nil
	}
	var b, packed []byte
	if err := t.one(`SELECT body, fingerprint FROM reports WHERE id = ?`, id).Scan(&b, &packed); err != nil {
		return intel.Report{}, err
	}
	head, err := decode[struct {
		URL            string       `json:"url"`
		ContentHash    string       `json:"content_hash"`
		SyndicatedFrom string       `json:"syndicated_from"`
		Published      intel.Moment `json:"published"`
		Recorded       time.Time    `json:"recorded"`
	}](b)
	r := intel.Report{
		ID: id, URL: head.URL, ContentHash: head.ContentHash, SyndicatedFrom: head.SyndicatedFrom, Published: head.Published, Recorded: head.Recorded, Fingerprint: unpackPrint(packed),
	}
	if err == nil {
		t.prints[id] = r
	}
	return r, err
}
