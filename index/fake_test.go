package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// newsroom is a system of record in memory: it saves reports the way the store does, with temporal claims, incidents computed
// by the ledger, and a feed that folds changes to one thing into its latest.
type newsroom struct {
	mu      sync.Mutex
	seq     int64
	now     time.Time
	latest  map[string]intel.Change
	records map[string]intel.Record
	actors  map[string]intel.Actor
	moved   chan struct{}
	// sorted is latest in order of Seq; nil when it must be made again.
	sorted []intel.Change
}

func newNewsroom() *newsroom {
	return &newsroom{
		now: time.Date(2025, 11, 1, 8, 0, 0, 0, time.UTC), latest: map[string]intel.Change{}, records: map[string]intel.Record{},
		actors: map[string]intel.Actor{}, moved: make(chan struct{}),
	}
}

// story is one incident as one report tells it.
type story struct {
	incident, actor, victim string
	kind                    intel.Kind
	sector, country         string
	occurred                string
	stance                  intel.Stance
	by                      intel.SpeakerKind
	speaker                 string
	confidence              float64
	tlp                     intel.TLP
}

// page is one version of one report.
type page struct {
	id, title, text, source, lang, published string
	stories                                  []story
	actors, cves, techniques, observables    []string
	tlp                                      intel.TLP
	rights                                   bool
}

func (n *newsroom) put(c intel.Change) {
	n.seq++
	c.Seq, c.At = n.seq, n.now
	n.latest[c.What+"/"+c.ID] = c
	n.sorted = nil
	close(n.moved)
	n.moved = make(chan struct{})
}

func (n *newsroom) actor(a intel.Actor) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !slices.ContainsFunc(a.Names, func(o intel.Name) bool { return o.Name == a.Name }) {
		a.Names = append([]intel.Name{{Name: a.Name, Source: "test", Extent: intel.ExtentExact}}, a.Names...)
	}
	n.actors[a.ID] = a
	n.put(intel.Change{What: "actor", ID: a.ID, Actor: &a})
}

func named(names ...string) []intel.Name {
	var out []intel.Name
	for _, s := range names {
		out = append(out, intel.Name{Name: s, UsedBy: "Vendor", Source: "test", Extent: intel.ExtentExact})
	}
	return out
}

func (n *newsroom) victim(v intel.Victim) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.put(intel.Change{What: "victim", ID: v.ID, Victim: &v})
}

func (n *newsroom) source(s intel.SourceHealth) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.put(intel.Change{What: "source", ID: s.ID, Source: &s})
}

func (n *newsroom) purge(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	incidents := n.told(n.records[id].Claims)
	delete(n.records, id)
	delete(n.latest, "report/"+id)
	n.put(intel.Change{What: "purge", ID: id})
	n.assemble(incidents)
}

// save stores a page an hour later than whatever came before.
func (n *newsroom) save(p page) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.now = n.now.Add(time.Hour)
	published, err := intel.ParseMoment(p.published)
	if err != nil {
		panic(err)
	}
	old, again := n.records[p.id]
	r := intel.Report{
		ID: p.id, URL: "https://news.example/" + p.id, SourceID: p.source, Publisher: p.source, Title: p.title, Published: published,
		Retrieved: n.now, Recorded: n.now, Language: cmp.Or(p.lang, "en"), Text: p.text, Version: 1, TLP: cmp.Or(p.tlp, intel.TLPClear),
		RightsReserved: p.rights,
	}
	rec := intel.Record{Report: r, Text: p.text}
	if p.rights {
		rec.Text = ""
	}
	if again {
		was := old.Report
		was.Text = ""
		rec.Versions = append(slices.Clone(old.Versions), was)
		rec.Report.Version = len(rec.Versions) + 1
		for _, c := range old.Claims {
			if c.RecordedTo.IsZero() {
				c.RecordedTo = n.now
			}
			rec.Claims = append(rec.Claims, c)
		}
	}
	touched := n.told(rec.Claims)
	for i, s := range p.stories {
		rec.Claims = append(rec.Claims, n.claim(rec.Report, s, i))
	}
	for _, a := range p.actors {
		rec.Actors = append(rec.Actors, intel.Mention{ID: a, Name: a})
	}
	for _, c := range p.cves {
		rec.CVEs = append(rec.CVEs, intel.Mention{ID: c, Name: c})
	}
	for _, t := range p.techniques {
		rec.Techniques = append(rec.Techniques, intel.Mention{ID: t, Name: t})
	}
	for _, o := range p.observables {
		rec.Observables = append(rec.Observables, intel.Observable{Value: o})
	}
	n.records[p.id] = rec
	n.put(intel.Change{What: "report", ID: p.id, Record: &rec})
	n.assemble(appendNew(touched, n.told(rec.Claims)...))
}

func (n *newsroom) claim(r intel.Report, s story, i int) intel.Claim {
	c := intel.Claim{
		ID: fmt.Sprintf("%s-c%d-v%d", r.ID, i, r.Version), ReportID: r.ID, IncidentID: s.incident, Facet: intel.FacetAttribution,
		Stance: cmp.Or(s.stance, intel.StanceReported), SaidBy: intel.Speaker{Name: cmp.Or(s.speaker, r.Publisher), Kind: cmp.Or(s.by, intel.SpeakerMedia)},
		Victim: intel.VictimRef{Ref: intel.Ref{ID: s.victim, Name: s.victim}}, Kind: s.kind, Kinds: []intel.Kind{s.kind}, Sector: s.sector,
		Country: s.country, Quote: fmt.Sprintf("%s was attacked, says %s.", s.victim, r.Publisher), Confidence: cmp.Or(s.confidence, 0.9),
		Published: r.Published, RecordedFrom: r.Recorded, TLP: cmp.Or(s.tlp, r.TLP),
	}
	if s.actor == "" {
		c.Facet = intel.FacetEvent
	} else {
		c.Actor = intel.ActorRef{Ref: intel.Ref{ID: s.actor, Name: s.actor}}
	}
	if s.occurred != "" {
		d, err := intel.ParseDate(s.occurred)
		if err != nil {
			panic(err)
		}
		c.Occurred = intel.Interval{From: d, To: d, Precision: intel.PrecisionDay}
	}
	return c
}

func (n *newsroom) told(claims []intel.Claim) []string {
	var out []string
	for _, c := range claims {
		out = appendNew(out, c.IncidentID)
	}
	return out
}

// assemble computes incidents again from the claims held.
func (n *newsroom) assemble(ids []string) {
	for _, id := range ids {
		var held []intel.Claim
		for _, rec := range n.records {
			for _, c := range rec.Claims {
				if c.IncidentID == id && c.RecordedTo.IsZero() {
					held = append(held, c)
				}
			}
		}
		if len(held) == 0 {
			gone := intel.Incident{ID: id}
			n.put(intel.Change{What: "incident", ID: id, Incident: &gone})
			continue
		}
		slices.SortFunc(held, compareClaims)
		inc := ledger.Incident(id, held, nil)
		n.put(intel.Change{What: "incident", ID: id, Incident: &inc})
	}
}

// Changes implements intel.Feed.
func (n *newsroom) Changes(_ context.Context, after int64, limit int) ([]intel.Change, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.sorted == nil {
		for _, c := range n.latest {
			n.sorted = append(n.sorted, c)
		}
		slices.SortFunc(n.sorted, func(a, b intel.Change) int { return cmp.Compare(a.Seq, b.Seq) })
	}
	i, _ := slices.BinarySearchFunc(n.sorted, after+1, func(c intel.Change, s int64) int { return cmp.Compare(c.Seq, s) })
	return slices.Clone(n.sorted[i:min(len(n.sorted), i+limit)]), nil
}

// Head implements intel.Feed.
func (n *newsroom) Head(context.Context) (int64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.seq, nil
}

// Wait implements intel.Feed.
func (n *newsroom) Wait(ctx context.Context, after int64) error {
	for {
		n.mu.Lock()
		seq, moved := n.seq, n.moved
		n.mu.Unlock()
		if seq > after {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-moved:
		}
	}
}

// Record implements intel.Archive.
func (n *newsroom) Record(_ context.Context, id string) (intel.Record, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	rec, ok := n.records[id]
	if !ok {
		return intel.Record{}, fmt.Errorf("newsroom: %s: %w", id, intel.ErrNotFound)
	}
	return rec, nil
}

// Reports implements intel.Archive.
func (n *newsroom) Reports(context.Context, func(intel.Report) error) error { return nil }

// Actors implements intel.Archive.
func (n *newsroom) Actors(context.Context) (intel.Catalogue, error) { return intel.Catalogue{}, nil }

// Decisions implements intel.Archive.
func (n *newsroom) Decisions(context.Context) ([]intel.Decision, error) { return nil, nil }

// indexed gives an index in memory that has caught up with n.
func indexed(t testing.TB, n *newsroom) *Index {
	t.Helper()
	ix, err := Open(t.Context(), Options{Feed: n, Archive: n})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return ix
}

func ids(p intel.Page[intel.Hit]) []string {
	out := []string{}
	for _, h := range p.Items {
		out = append(out, h.ReportID)
	}
	return out
}
