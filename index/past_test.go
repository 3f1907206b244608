package index

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// house is a store whose clock a test turns, and which does at random whatever leaves a record.
type house struct {
	t   *testing.T
	s   *sqlite.Store
	now time.Time
	rnd *rand.Rand
	ids int
}

func newHouse(t *testing.T, seed uint64) *house {
	h := &house{t: t, now: time.Date(2025, 1, 1, 8, 0, 0, 0, time.UTC), rnd: rand.New(rand.NewPCG(seed, 2))}
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Path: filepath.Join(t.TempDir(), "s.db"), Clock: func() time.Time { return h.now },
		NewID: func() string { h.ids++; return fmt.Sprintf("id-%06d", h.ids) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	h.s = s
	return h
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// report saves a page, new or edited: who did what to whom, by its own extractor.
func (h *house) report() {
	r := h.rnd
	id := fmt.Sprintf("https://paper%d.example/%d", r.IntN(3), r.IntN(8))
	said := fmt.Sprintf("Sentence %d of the page.", r.IntN(50))
	f := intel.Finding{Kind: pick(r, intel.KindRansomware, intel.KindDDoS), Confidence: 0.9, Sector: pick(r, "", "Education"), Country: pick(r, "", "DE")}
	f.Kinds = []intel.Kind{f.Kind}
	f.Victims = []intel.VictimRef{pick(r,
		intel.VictimRef{Ref: intel.Ref{Name: "Brookbank Ltd"}}, intel.VictimRef{Ref: intel.Ref{Name: "Tarn Energy"}}, intel.VictimRef{Ref: intel.Ref{Name: "HML"}},
		intel.VictimRef{Ref: intel.Ref{Name: "Harbour Motors"}}, intel.VictimRef{Ref: intel.Ref{Name: "Harbour Motors"}, Aliases: []string{"HML", "Harbour Vehicles"}},
		intel.VictimRef{Ref: intel.Ref{Name: "Tarn Energy"}, Domains: []string{"tarn.example"}},
	)}
	st := intel.Statement{Facet: intel.FacetEvent, Stance: pick(r, intel.StanceReported, intel.StanceConfirmed, intel.StanceDenied), Quote: said, SaidBy: intel.Speaker{Name: "Paper", Kind: intel.SpeakerMedia}}
	if r.IntN(3) > 0 {
		n := r.IntN(3)
		f.Actors = []intel.ActorRef{{Ref: intel.Ref{ID: fmt.Sprintf("gang%d", n), Name: fmt.Sprintf("Gang Number%d", n)}}}
		st.Facet, st.Stance, st.SaidBy = intel.FacetAttribution, intel.StanceClaimed, intel.Speaker{Name: f.Actors[0].Name, Kind: intel.SpeakerActor}
	}
	f.Claims = []intel.Statement{st}
	rep := intel.Report{
		ID: intel.ReportID(id), URL: id, SourceID: "paper", Publisher: "Paper", Title: "Title", Language: "en", Text: said, ContentHash: said,
		Published: intel.OnDay(intel.DateOf(h.now)), SpeakerKind: intel.SpeakerMedia, Reliability: "B", TLP: intel.TLPClear,
	}
	h.must(h.s.Save(h.t.Context(), []intel.Entry{{Report: rep, Extraction: intel.Extraction{Extractor: "x/1", Incidents: []intel.Finding{f}}}}))
}

func (h *house) must(_ any, err error) {
	h.t.Helper()
	if err != nil && !errors.Is(err, intel.ErrInvalid) && !errors.Is(err, intel.ErrNotFound) && !errors.Is(err, intel.ErrConflict) {
		h.t.Fatal(err)
	}
}

// catalogue saves the actors with names and relations that come and go.
func (h *house) catalogue() {
	var c intel.Catalogue
	for n := range 3 {
		a := intel.Actor{ID: fmt.Sprintf("gang%d", n), Name: fmt.Sprintf("Gang Number%d", n), Kind: intel.ActorGroup, Origin: "atlas"}
		for i, other := range []string{a.Name, fmt.Sprintf("Redsquid%d", n), fmt.Sprintf("Bluewhale%d", n)} {
			if i == 0 || h.rnd.IntN(2) == 0 {
				a.Names = append(a.Names, intel.Name{Name: other, Source: "atlas", Extent: intel.ExtentExact, Match: intel.MatchAlways})
			}
		}
		if n == 1 && h.rnd.IntN(2) == 0 {
			a.Relations = []intel.Relation{{From: a.ID, Type: intel.RelMemberOf, To: "gang2", Source: "atlas", Since: intel.Date{Year: 2024, Month: 1, Day: 1}}}
		}
		c.Actors = append(c.Actors, a)
	}
	h.must(h.s.SaveCatalogue(h.t.Context(), "atlas", c))
}

// decide decides something about what an index of now shows.
func (h *house) decide(ix *Index) {
	r, ctx := h.rnd, h.t.Context()
	page, err := ix.Incidents(ctx, intel.Query{Limit: 200})
	if err != nil {
		h.t.Fatal(err)
	}
	victims, err := ix.Victims(ctx, intel.Query{Limit: 200})
	if err != nil {
		h.t.Fatal(err)
	}
	if len(page.Items) == 0 {
		return
	}
	in, other := pick(r, page.Items...), pick(r, page.Items...)
	d := intel.Decision{By: "ada", Reason: "seen", Subject: in.ID}
	switch r.IntN(10) {
	case 0:
		d.Kind, d.Object = intel.DecideMerge, other.ID
	case 1:
		d.Kind, d.Claims = intel.DecideSplit, []string{in.Claims[0].ID}
	case 2:
		d.Kind = intel.DecideNotVictim
	case 3:
		d.Kind, d.Object = intel.DecideWrongActor, fmt.Sprintf("gang%d", r.IntN(3))
	case 4:
		d.Kind, d.Field, d.Value = intel.DecideCorrection, "sector", "Manufacturing"
	case 5:
		d.Kind, d.Subject, d.Object = intel.DecideMerge, fmt.Sprintf("gang%d", r.IntN(3)), fmt.Sprintf("gang%d", r.IntN(3))
	case 9:
		d.Kind, d.Subject, d.Field, d.Value = intel.DecideCorrection, pick(r, victims.Items...).ID, "name", pick(r, "Brookbank Breweries", "Harbour Motors")
	case 6:
		d.Kind, d.Subject, d.Object = intel.DecideMerge, pick(r, victims.Items...).ID, pick(r, victims.Items...).ID
	default:
		made, err := h.s.Decisions(ctx)
		if err != nil || len(made) == 0 {
			return
		}
		d.Kind, d.Subject = intel.DecideUndo, pick(r, made...).ID
	}
	h.must(h.s.Decide(ctx, d))
}

// asked are the answers of every read at a moment; the zero time is now.
func asked(t *testing.T, ix *Index, at time.Time) map[string]any {
	ctx, out := t.Context(), map[string]any{}
	q := intel.Query{AsOf: at, Limit: 200, MaxTLP: intel.TLPRed}
	put := func(name string, v any, err error) {
		if err != nil {
			v = "error: " + errorKind(err)
		}
		out[name] = v
	}
	for _, name := range []string{"gang0", "gang1", "gang2", "Redsquid0", "Bluewhale1", "Redsquid2"} {
		p, err := ix.Actor(ctx, name, q)
		put("actor "+name, p, err)
		by := q
		by.Actor = name
		hits, err := ix.Search(ctx, by)
		put("search actor "+name, plainHits(hits), err)
		by.Actor, by.Text, by.Sort = "", name, "newest"
		hits, err = ix.Search(ctx, by)
		put("search text "+name, plainHits(hits), err)
		by = q
		by.Actor, by.ExpandMembers = name, true
		ins, err := ix.Incidents(ctx, by)
		put("incidents of "+name, plainIncidents(ins), err)
	}
	for _, name := range []string{"Brookbank Ltd", "Harbour Motors", "Tarn Energy", "HML", "Harbour Vehicles", "tarn.example", "Brookbank Breweries"} {
		p, err := ix.Victim(ctx, name, q)
		put("victim "+name, plainVictims(p)[0], err)
		by := q
		by.Victim = name
		hits, err := ix.Search(ctx, by)
		put("search victim "+name, plainHits(hits), err)
		rs, err := ix.Enrich(ctx, []intel.EnrichItem{{Value: name}, {Value: "Redsquid1"}, {Value: "gang1", Type: "actor"}}, intel.EnrichOptions{AsOf: at, MaxTLP: intel.TLPRed})
		for i := range rs {
			rs[i].Incidents = plain(rs[i].Incidents)
		}
		put("enrich "+name, rs, err)
	}
	actors, err := ix.Actors(ctx, q)
	put("actors", actors.Items, err)
	victims, err := ix.Victims(ctx, q)
	put("victims", plainVictims(victims.Items...), err)
	ins, err := ix.Incidents(ctx, q)
	put("incidents", plainIncidents(ins), err)
	for _, in := range ins.Items {
		d, err := ix.Incident(ctx, in.ID, q)
		put("incident "+in.ID, plainIncidents(intel.Page[intel.IncidentDetail]{Items: []intel.IncidentDetail{d}}), err)
	}
	return out
}

func errorKind(err error) string {
	for _, known := range []error{intel.ErrNotFound, intel.ErrInvalid} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if _, ok := errors.AsType[*intel.AmbiguousError](err); ok {
		return "ambiguous"
	}
	return err.Error()
}

// plain leaves out what is noted beside what was told: that a claim ended since, and what it is weighed against now.
func plain(in []intel.Incident) []intel.Incident {
	out := append([]intel.Incident{}, in...)
	for i := range out {
		out[i].RecordedFrom = time.Time{}
	}
	return out
}

// plainVictims leaves out the sector and country that an organisation's record keeps although no incident of it is left.
func plainVictims(all ...intel.VictimProfile) []intel.VictimProfile {
	for i := range all {
		if all[i].Summary.Incidents == 0 {
			all[i].Sector, all[i].Country = "", ""
		}
	}
	return all
}

func plainHits(p intel.Page[intel.Hit]) []intel.Hit {
	for i := range p.Items {
		p.Items[i].Incidents, p.Items[i].Highlights, p.Items[i].Why, p.Items[i].Score = plain(p.Items[i].Incidents), nil, nil, 0
	}
	return p.Items
}

func plainIncidents(p intel.Page[intel.IncidentDetail]) []intel.IncidentDetail {
	for i := range p.Items {
		d := &p.Items[i]
		d.RecordedFrom = time.Time{}
		for k := range d.Claims {
			c := &d.Claims[k]
			c.RecordedTo, c.Origin, c.Credibility, c.Extractor, c.Span = time.Time{}, "", 0, "", intel.Span{}
		}
	}
	return p.Items
}

func (h *house) index() *Index {
	ix, err := Open(h.t.Context(), Options{Feed: h.s, Archive: h.s, Past: h.s})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = ix.Close() })
	if _, err := ix.CatchUp(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return ix
}

// As of t, every read answers as a store and index that stopped at t: names, relations, merges and decisions included.
func TestAsOfIsAStoreThatStopped(t *testing.T) {
	seeds := uint64(16)
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		h := newHouse(t, seed)
		type moment struct {
			at   time.Time
			want map[string]any
			did  string
		}
		var moments []moment
		for range 14 {
			h.now = h.now.Add(time.Hour)
			did := "report"
			switch n := h.rnd.IntN(10); {
			case n < 4:
				h.report()
			case n < 6:
				did = "catalogue"
				h.catalogue()
			default:
				did = "decide"
				h.decide(h.index())
			}
			moments = append(moments, moment{h.now.Add(time.Minute), asked(t, h.index(), time.Time{}), did})
		}
		ix := h.index()
		for i, m := range moments {
			got := asked(t, ix, m.at)
			for _, name := range sortedNames(m.want, got) {
				if d := cmp.Diff(m.want[name], got[name], cmp.AllowUnexported(intel.Moment{})); d != "" {
					t.Errorf("seed %d, after step %d (%s), %s: a store that stopped (-) and as_of (+):\n%s", seed, i, m.did, name, d)
					return
				}
			}
		}
	}
}

func sortedNames(a, b map[string]any) []string {
	var out []string
	for _, m := range []map[string]any{a, b} {
		for name := range m {
			out = appendNew(out, name)
		}
	}
	return out
}

// A store that cannot be asked is an error, never an answer with the names of today.
func TestAPastThatCannotBeReadIsAnError(t *testing.T) {
	h := newHouse(t, 1)
	h.report()
	ix := h.index()
	ix.o.Past = noPast{}
	if _, err := ix.Actor(t.Context(), "gang0", intel.Query{AsOf: h.now}); !errors.Is(err, errNoPast) {
		t.Errorf("got %v", err)
	}
	if _, err := ix.Search(t.Context(), intel.Query{AsOf: h.now}); !errors.Is(err, errNoPast) {
		t.Errorf("got %v", err)
	}
}

var errNoPast = errors.New("the disk is gone")

type noPast struct{}

func (noPast) ActorsAt(context.Context, time.Time) ([]intel.Actor, error) { return nil, errNoPast }

func (noPast) DecisionsAt(context.Context, time.Time) ([]intel.Decision, error) {
	return nil, errNoPast
}
