package index

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// benchReports is how many reports the benchmarks search: RAPSHEET_BENCH_REPORTS=100000 go test -run=- -bench=. ./index
func benchReports() int {
	if n, err := strconv.Atoi(os.Getenv("RAPSHEET_BENCH_REPORTS")); err == nil && n > 0 {
		return n
	}
	return 2000
}

// stream is a feed that makes reports as they are read, so that the benchmark holds no second copy of them.
type stream struct {
	reports, actors, victims int
	words                    []string
}

func newStream(reports int) *stream {
	s := &stream{reports: reports, actors: max(10, reports/100), victims: max(20, reports/2)}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var b strings.Builder
		for range 3 + rnd.IntN(7) {
			b.WriteByte("etaoinshrdlucmfw"[rnd.IntN(16)])
		}
		s.words = append(s.words, b.String())
	}
	return s
}

// changes are actors, victims, then a report and its incident by turns.
func (s *stream) Head(context.Context) (int64, error) {
	return int64(s.actors + s.victims + 2*s.reports), nil
}

func (s *stream) Wait(ctx context.Context, _ int64) error { <-ctx.Done(); return ctx.Err() }

func (s *stream) Changes(ctx context.Context, after int64, limit int) ([]intel.Change, error) {
	head, _ := s.Head(ctx)
	var out []intel.Change
	for seq := after + 1; seq <= head && len(out) < limit; seq++ {
		out = append(out, s.change(int(seq)))
	}
	return out, nil
}

func (s *stream) change(seq int) intel.Change {
	c := intel.Change{Seq: int64(seq), At: time.Unix(int64(seq), 0)}
	i := seq - 1
	switch {
	case i < s.actors:
		a := intel.Actor{ID: fmt.Sprintf("actor-%d", i), Name: fmt.Sprintf("Velvet Falcon%d", i), Origin: "curated"}
		a.Names = []intel.Name{{Name: a.Name, Source: "x"}, {Name: fmt.Sprintf("TAG%d", 1000+i), Source: "x"}, {Name: fmt.Sprintf("Grey Kite%d", i/2), Source: "x"}}
		c.What, c.ID, c.Actor = "actor", a.ID, &a
	case i < s.actors+s.victims:
		i -= s.actors
		v := intel.Victim{ID: fmt.Sprintf("victim-%d", i), Name: fmt.Sprintf("Company Number%d", i), Names: []string{fmt.Sprintf("Company Number%d", i)}, Domains: []string{fmt.Sprintf("company%d.example", i)}}
		c.What, c.ID, c.Victim = "victim", v.ID, &v
	default:
		i -= s.actors + s.victims
		rec, inc := s.record(i / 2)
		if i%2 == 0 {
			c.What, c.ID, c.Record = "report", rec.Report.ID, &rec
		} else {
			c.What, c.ID, c.Incident = "incident", inc.ID, &inc
		}
	}
	return c
}

func (s *stream) record(i int) (intel.Record, intel.Incident) {
	rnd := rand.New(rand.NewPCG(uint64(i), 3))
	day := intel.DateOf(time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)).AddDays(rnd.IntN(3650))
	r := intel.Report{
		ID: intel.UUIDv5("r", strconv.Itoa(i)), URL: fmt.Sprintf("https://news.example/%d", i), SourceID: fmt.Sprintf("source-%d", rnd.IntN(80)),
		Publisher: "News", Title: s.text(rnd, 8), Published: intel.OnDay(day), Recorded: time.Unix(int64(i), 0), Language: "en", TLP: intel.TLPClear,
	}
	// Few actors and words are common, most are rare.
	actor := intel.ActorRef{Ref: intel.Ref{ID: fmt.Sprintf("actor-%d", int(float64(s.actors)*rnd.Float64()*rnd.Float64()))}}
	actor.Name = actor.ID
	victim := intel.VictimRef{Ref: intel.Ref{ID: fmt.Sprintf("victim-%d", rnd.IntN(s.victims))}}
	victim.Name = victim.ID
	c := intel.Claim{
		ReportID: r.ID, IncidentID: fmt.Sprintf("incident-%d", i), Stance: intel.StanceClaimed, SaidBy: intel.Speaker{Name: actor.Name, Kind: intel.SpeakerActor},
		Actor: actor, Victim: victim, Kind: intel.Kinds()[rnd.IntN(15)], Sector: fmt.Sprintf("Sector %d", rnd.IntN(20)), Country: []string{"GB", "DE", "US", "FR"}[rnd.IntN(4)],
		Occurred: intel.Interval{From: day, To: day, Precision: intel.PrecisionDay}, Confidence: 0.9, Published: r.Published, RecordedFrom: r.Recorded,
	}
	rec := intel.Record{Report: r, Text: s.text(rnd, 600), Actors: []intel.Mention{{ID: actor.ID, Name: actor.Name}}}
	for k, f := range intel.Facets() {
		c.ID, c.Facet, c.Quote = fmt.Sprintf("%s-%d", r.ID, k), f, s.text(rnd, 20)
		rec.Claims = append(rec.Claims, c)
	}
	for range 8 {
		rec.Observables = append(rec.Observables, intel.Observable{Type: intel.ObservableDomain, Value: fmt.Sprintf("h%x.example", rnd.Uint64())})
	}
	rec.Observables[0].Value = fmt.Sprintf("host%d.example", i)
	inc := intel.Incident{
		ID: c.IncidentID, Victim: victim, Actors: []intel.ActorRef{actor}, Kind: c.Kind, Kinds: []intel.Kind{c.Kind}, Sector: c.Sector, Country: c.Country,
		Occurred: c.Occurred, Status: intel.StanceClaimed, Reports: []string{r.ID}, FirstReported: r.Published, LastReported: r.Published, Confidence: 0.9, ClaimOnly: true,
	}
	return rec, inc
}

func (s *stream) text(rnd *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		f := rnd.Float64()
		b.WriteString(s.words[int(f*f*f*float64(len(s.words)))])
		b.WriteByte(' ')
	}
	return b.String()
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// benchIndex builds the index once for all benchmarks of a run.
func benchIndex(b *testing.B) (*Index, *stream) {
	b.Helper()
	s := newStream(benchReports())
	before := heap()
	start := time.Now()
	ix, err := Open(b.Context(), Options{Feed: s, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ix.Close() })
	if _, err := ix.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	b.Logf("%d reports in %s, %.0f a second, heap %d MB", s.reports, took.Round(time.Millisecond), float64(s.reports)/took.Seconds(), (heap()-before)>>20)
	return ix, s
}

func BenchmarkQueries(b *testing.B) {
	ix, s := benchIndex(b)
	common, other, rare := s.words[345], s.words[400], s.words[len(s.words)/2]
	for _, c := range []struct {
		name string
		q    intel.Query
	}{
		{"observable", intel.Query{Observable: "host7.example"}},
		{"actor newest", intel.Query{Actor: "actor-3", Limit: 10}},
		{"actor newest 3 facets", intel.Query{Actor: "actor-3", Limit: 10, Facets: []string{"sector", "kind", "year"}}},
		{"actor and victim", intel.Query{Actor: "actor-3", Victim: "victim-3", Limit: 10}},
		{"last 30 days", intel.Query{From: day("2024-11-28"), Limit: 10}},
		{"latest ten", intel.Query{Limit: 10}},
		{"latest ten 3 facets", intel.Query{Limit: 10, Facets: []string{"sector", "kind", "year"}}},
		{"two words either", intel.Query{Text: common + " OR " + other, Limit: 10}},
		{"two words either newest", intel.Query{Text: common + " OR " + other, Sort: "newest", Limit: 10}},
		{"two words either 3 facets", intel.Query{Text: common + " OR " + other, Limit: 10, Facets: []string{"sector", "kind", "year"}}},
		{"two words both", intel.Query{Text: common + " " + other, Limit: 10}},
		{"two words both 3 facets", intel.Query{Text: common + " " + other, Limit: 10, Facets: []string{"sector", "kind", "year"}}},
		{"rare word", intel.Query{Text: rare, Limit: 10}},
		{"phrase", intel.Query{Text: `"` + common + " " + other + `"`, Limit: 10}},
		{"alias in text", intel.Query{Text: "TAG1003", Limit: 10}},
		{"as of", intel.Query{Actor: "actor-3", Limit: 10, AsOf: time.Unix(int64(s.reports/2), 0)}},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			total := 0
			for b.Loop() {
				p, err := ix.Search(b.Context(), c.q)
				if err != nil {
					b.Fatal(err)
				}
				total = p.Total
			}
			b.ReportMetric(float64(total), "hits")
		})
	}
	b.Run("enrich_actor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ix.Enrich(b.Context(), []intel.EnrichItem{{Value: "TAG1003"}}, intel.EnrichOptions{MinConfidence: 0.8}); err != nil {
				b.Fatal(err)
			}
		}
	})
	// What a changed store costs: the actor's history is counted anew.
	b.Run("enrich_actor_anew", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ix.summaries.clear()
			if _, err := ix.Enrich(b.Context(), []intel.EnrichItem{{Value: "TAG1003"}}, intel.EnrichOptions{MinConfidence: 0.8}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("enrich_1000", func(b *testing.B) {
		b.ReportAllocs()
		items := make([]intel.EnrichItem, 1000)
		for i := range items {
			items[i].Value = []string{fmt.Sprintf("Velvet Falcon%d", i%s.actors), fmt.Sprintf("Company Number%d", i%s.victims), fmt.Sprintf("host%d.example", i%s.reports), "Nobody"}[i%4]
		}
		for b.Loop() {
			if _, err := ix.Enrich(b.Context(), items, intel.EnrichOptions{MinConfidence: 0.8}); err != nil {
				b.Fatal(err)
			}
		}
	})
	// The mix of the issue: 60 % not found, 30 % found, 10 % ambiguous.
	b.Run("enrich_mixed_1000", func(b *testing.B) {
		b.ReportAllocs()
		items := make([]intel.EnrichItem, 1000)
		for i := range items {
			items[i].Value = []string{
				fmt.Sprintf("Velvet Falcon%d", i%s.actors), fmt.Sprintf("Company Number%d", i%s.victims), fmt.Sprintf("host%d.example", i%s.reports),
				fmt.Sprintf("Grey Kite%d", i%(s.actors/2)), fmt.Sprintf("Some Name %d", i), fmt.Sprintf("user%d@corp%d.example", i, i), fmt.Sprintf("10.2.%d.%d", i/250, i%250),
				fmt.Sprintf("Contoso Trading Group %d Ltd", i), fmt.Sprintf("https://portal.service%d.example/login?x=%d", i, i), fmt.Sprintf("srv-%d.internal.example", i),
			}[i%10]
		}
		for b.Loop() {
			if _, err := ix.Enrich(b.Context(), items, intel.EnrichOptions{MinConfidence: 0.8}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("incidents", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ix.Incidents(b.Context(), intel.Query{Actor: "actor-3", Limit: 10}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("actor_profile", func(b *testing.B) {
		for b.Loop() {
			if _, err := ix.Actor(b.Context(), "actor-3", intel.Query{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("actors_list", func(b *testing.B) {
		for b.Loop() {
			if _, err := ix.Actors(b.Context(), intel.Query{Limit: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("victims_list", func(b *testing.B) {
		for b.Loop() {
			if _, err := ix.Victims(b.Context(), intel.Query{Limit: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("suggest", func(b *testing.B) {
		for b.Loop() {
			if _, err := ix.Suggest(b.Context(), "company number1", 10); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// growing is a stream that goes on: reports that each bring an organisation nobody has named before.
type growing struct {
	*stream
	more []intel.Change
}

func (g *growing) Head(ctx context.Context) (int64, error) {
	head, err := g.stream.Head(ctx)
	return head + int64(len(g.more)), err
}

func (g *growing) Changes(ctx context.Context, after int64, limit int) ([]intel.Change, error) {
	head, _ := g.stream.Head(ctx)
	if after < head {
		return g.stream.Changes(ctx, after, limit)
	}
	return g.more[after-head:], nil
}

// grow adds n reports with their incidents and organisations.
func (g *growing) grow(n int) {
	head, _ := g.Head(context.Background())
	put := func(c intel.Change) {
		head++
		c.Seq, c.At = head, time.Unix(head, 0)
		g.more = append(g.more, c)
	}
	for range n {
		i := g.reports + len(g.more)/3
		rec, inc := g.record(i)
		name := fmt.Sprintf("Late Company Number%d", i)
		v := intel.Victim{ID: "late-" + strconv.Itoa(i), Name: name, Names: []string{name}}
		inc.Victim.Ref = intel.Ref{ID: v.ID, Name: name}
		for k := range rec.Claims {
			rec.Claims[k].Victim.Ref = inc.Victim.Ref
		}
		put(intel.Change{What: "victim", ID: v.ID, Victim: &v})
		put(intel.Change{What: "report", ID: rec.Report.ID, Record: &rec})
		put(intel.Change{What: "incident", ID: inc.ID, Incident: &inc})
	}
}

// BenchmarkFollow is twenty reports more: how long the columns are locked for them, and how long their words take beside that.
func BenchmarkFollow(b *testing.B) {
	g := &growing{stream: newStream(benchReports())}
	ix, err := Open(b.Context(), Options{Feed: g, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer ix.Close() //nolint:errcheck // a benchmark's folder
	if _, err := ix.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	var locked time.Duration
	n := 0
	for b.Loop() {
		b.StopTimer()
		g.grow(20)
		b.StartTimer()
		changes, _ := g.Changes(b.Context(), ix.Seq(), 60)
		if err := ix.text.put(changes, changes[len(changes)-1].Seq); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		ix.applyColumns(changes)
		locked += time.Since(began)
		n++
	}
	b.ReportMetric(float64(locked.Microseconds())/1000/float64(n), "locked-ms")
}

func BenchmarkAnalyze(b *testing.B) {
	s, a := newStream(10), newAnalyzer()
	text := []byte(s.text(rand.New(rand.NewPCG(1, 1)), 600))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(text)
	}
}
