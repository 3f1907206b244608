package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/extract/article"
	"github.com/rapsheet/rapsheet/extract/eval"
	"github.com/rapsheet/rapsheet/intel"
)

// newsroomScore is what rapsheet made of the newsroom's pages beside what a person expected of them.
type newsroomScore struct {
	Read          eval.Ratio `json:"read"`
	Title         eval.Ratio `json:"title"`
	Date          eval.Ratio `json:"date"`
	Text          eval.Ratio `json:"text"`
	PairPrecision eval.Ratio `json:"pair_precision"`
	PairRecall    eval.Ratio `json:"pair_recall"`
	VictimRight   eval.Ratio `json:"victim_precision"`
	VictimFound   eval.Ratio `json:"victim_recall"`
	NonVictim     eval.Ratio `json:"non_victim"`
	Kind          eval.Ratio `json:"kind"`
	Status        eval.Ratio `json:"status"`
	Claim         eval.Ratio `json:"facet_and_stance"`
	SaidBy        eval.Ratio `json:"said_by"`
	Occurred      eval.Ratio `json:"occurred"`
	Sector        eval.Ratio `json:"sector"`
	Country       eval.Ratio `json:"country"`
	// Assembly is how well incidents were put together across pages.
	Assembly assemblyScore `json:"assembly"`
	// Notes say what was missed, one line each, when they are asked for.
	Notes []string `json:"-"`
}

// rows are the lines of the table.
func (s *newsroomScore) rows() []struct {
	name string
	r    eval.Ratio
} {
	return []struct {
		name string
		r    eval.Ratio
	}{
		{"kept or refused", s.Read},
		{"title", s.Title},
		{"date", s.Date},
		{"text", s.Text},
		{"pair precision", s.PairPrecision},
		{"pair recall", s.PairRecall},
		{"victim precision", s.VictimRight},
		{"victim recall", s.VictimFound},
		{"non-victim named", s.NonVictim},
		{"kind", s.Kind},
		{"status", s.Status},
		{"facet and stance", s.Claim},
		{"said by", s.SaidBy},
		{"occurred", s.Occurred},
		{"sector", s.Sector},
		{"country", s.Country},
	}
}

// evalNewsroom reads and extracts every page of expected.json and prints how much of it was right.
func (a *app) evalNewsroom(ctx context.Context, minConfidence float64, given, notes bool) error {
	s, err := a.scoreNewsroom(ctx, minConfidence, given)
	if err != nil {
		return err
	}
	if a.json || a.jsonl {
		return printJSON(a.stdout, s)
	}
	for _, r := range s.rows() {
		if _, err := fmt.Fprintf(a.stdout, "%-18s %.4f  (%d/%d)\n", r.name, r.r.Value(), r.r.Hit, r.r.Of); err != nil {
			return err
		}
	}
	if as := s.Assembly; as.Items > 0 {
		if _, err := fmt.Fprintf(a.stdout, "%-18s %.4f  (precision %.4f, recall %.4f; %d of %d items found, of %d events in %d incidents)\n", "assembly, B-cubed", as.F1, as.Precision, as.Recall, as.Items, as.Expected, as.Events, as.Incidents); err != nil {
			return err
		}
	}
	if notes {
		_, err = fmt.Fprintln(a.stdout, strings.Join(s.Notes, "\n"))
	}
	return err
}

func (a *app) scoreNewsroom(ctx context.Context, minConfidence float64, given bool) (*newsroomScore, error) {
	room, err := newsroom.Open(newsroom.Files())
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	expected, err := room.Expected()
	if err != nil {
		return nil, fmt.Errorf("eval: %w", err)
	}
	x, err := newExtractor()
	if err != nil {
		return nil, err
	}
	engine := a.pdfEngine("")
	defer engine.Close() //nolint:errcheck // memory only
	p := &pipeline{extractor: helper{Extractor: x, log: a.logger()}, now: a.now, sources: map[string]intel.Source{}}
	paper := &site{bases: map[string]string{}}
	for _, o := range room.Outlets() {
		paper.bases[o.ID] = "http://" + o.ID + ".example"
		p.sources[o.ID] = paper.source(o)
	}
	s := &newsroomScore{}
	var pages []toldPage
	for i := range expected {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e := &expected[i]
		if strings.HasPrefix(e.WhyNot, "robots.txt") {
			continue // it must not even be fetched
		}
		doc := newsroomPage(room, e)
		art, err := article.ReadAny(ctx, doc, engine)
		s.Read.Count((err == nil) == e.Report)
		if err != nil {
			if !errors.Is(err, intel.ErrNotReport) {
				s.note(e, "read: "+err.Error())
			}
			continue
		}
		s.article(e, &art)
		p.extractor.second = nil
		if given {
			p.extractor.second = labels{e}
		}
		entry := p.entry(ctx, doc, art)
		found := atLeast(entry.Extraction.Incidents, minConfidence)
		entry.Extraction.Incidents = found
		pages = append(pages, toldPage{e, entry})
		s.parties(e, found)
		s.incidents(e, found)
	}
	s.Assembly, err = a.assemble(ctx, pages)
	return s, err
}

// labels is a reader that knows who was struck by whom, so that what is read of an incident can be measured apart from finding it.
type labels struct{ page *newsroom.ExpectedPage }

// Version says where the answers come from.
func (labels) Version() string { return "labels" }

// Recognize answers what the labels of the page say.
func (l labels) Recognize(context.Context, intel.Reading) (intel.Recognition, error) {
	r := intel.Recognition{Whole: true}
	for _, in := range l.page.Incidents {
		one := intel.Recognized{Confidence: 1}
		for _, v := range in.Victims {
			one.Victims = append(one.Victims, expectedNames(v)...)
		}
		for _, v := range in.Actors {
			one.Actors = append(one.Actors, expectedNames(v)...)
		}
		r.Incidents = append(r.Incidents, one)
	}
	return r, nil
}

func (s *newsroomScore) note(e *newsroom.ExpectedPage, text string) {
	s.Notes = append(s.Notes, e.ID+": "+text)
}

// newsroomPage asks the outlet's handler for a page, without a network.
func newsroomPage(room *newsroom.Newsroom, e *newsroom.ExpectedPage) intel.Document {
	base := func(id string) string { return "http://" + id + ".example" }
	h := room.Handler(e.Outlet, func() int { return e.Edition }, base)
	w := &memoryResponse{header: http.Header{}}
	address := base(e.Outlet) + e.Path
	u, _ := url.Parse(address)
	h.ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}})
	return intel.Document{SourceID: e.Outlet, URL: address, ContentType: w.header.Get("Content-Type"), Body: w.body.Bytes()}
}

// memoryResponse keeps what a handler answers.
type memoryResponse struct {
	header http.Header
	body   bytes.Buffer
}

func (m *memoryResponse) Header() http.Header         { return m.header }
func (m *memoryResponse) Write(b []byte) (int, error) { return m.body.Write(b) }
func (m *memoryResponse) WriteHeader(int)             {}

// article compares title, date and text.
func (s *newsroomScore) article(e *newsroom.ExpectedPage, art *intel.Article) {
	words := func(t string) string { return strings.Join(strings.Fields(t), " ") }
	title := words(art.Title) == words(e.Title)
	s.Title.Count(title)
	if !title {
		s.note(e, fmt.Sprintf("title %q, want %q", art.Title, e.Title))
	}
	date := e.Published == "" && art.Published.IsZero() || e.Published != "" && strings.HasPrefix(e.Published, art.Published.Date().String()) && !art.Published.IsZero()
	s.Date.Count(date)
	if !date {
		s.note(e, fmt.Sprintf("published %s, want %s", art.Published, e.Published))
	}
	text, whole := words(art.Text), true
	for _, t := range e.TextContains {
		if !strings.Contains(text, words(t)) {
			whole = false
			s.note(e, fmt.Sprintf("text lacks %q", t))
		}
	}
	for _, t := range e.TextExcludes {
		if strings.Contains(text, words(t)) {
			whole = false
			s.note(e, fmt.Sprintf("text has %q", t))
		}
	}
	s.Text.Count(whole)
}

func expectedNames(p newsroom.ExpectedParty) eval.Names {
	return append(eval.Names{p.Name}, p.Aliases...)
}

// sameParty reports whether a name or one of its aliases is that of an expected party.
func sameParty(names eval.Names, p newsroom.ExpectedParty, same func(a, b string) bool) bool {
	for _, n := range names {
		for _, x := range expectedNames(p) {
			if same(n, x) {
				return true
			}
		}
	}
	return false
}

func victimOf(v *intel.VictimRef) eval.Names { return append(eval.Names{v.Name}, v.Aliases...) }

func holdsVictim(in *newsroom.ExpectedIncident, names eval.Names) bool {
	return slices.ContainsFunc(in.Victims, func(p newsroom.ExpectedParty) bool { return sameParty(names, p, eval.SameOrganisation) })
}

func holdsActor(in *newsroom.ExpectedIncident, name string) bool {
	return slices.ContainsFunc(in.Actors, func(p newsroom.ExpectedParty) bool { return sameParty(eval.Names{name}, p, eval.SameActor) })
}

// parties compares victims and pairs of actor and victim over the whole page.
func (s *newsroomScore) parties(e *newsroom.ExpectedPage, found []intel.Finding) {
	for i := range found {
		for k := range found[i].Victims {
			names := victimOf(&found[i].Victims[k])
			right := slices.ContainsFunc(e.Incidents, func(in newsroom.ExpectedIncident) bool { return holdsVictim(&in, names) })
			s.VictimRight.Count(right)
			if !right {
				s.note(e, fmt.Sprintf("victim %q is none", names[0]))
			}
			for _, a := range found[i].Actors {
				pair := slices.ContainsFunc(e.Incidents, func(in newsroom.ExpectedIncident) bool { return holdsVictim(&in, names) && holdsActor(&in, a.Name) })
				s.PairPrecision.Count(pair)
				if !pair {
					s.note(e, fmt.Sprintf("pair %q and %q is none", a.Name, names[0]))
				}
			}
		}
	}
	for _, n := range e.NonVictims {
		s.NonVictim.Count(slices.ContainsFunc(found, func(f intel.Finding) bool {
			return slices.ContainsFunc(f.Victims, func(v intel.VictimRef) bool { return eval.SameOrganisation(v.Name, n) })
		}))
	}
	for i := range e.Incidents {
		in := &e.Incidents[i]
		for _, v := range in.Victims {
			hit := slices.ContainsFunc(found, func(f intel.Finding) bool { return findsVictim(&f, v) })
			s.VictimFound.Count(hit)
			if !hit {
				s.note(e, fmt.Sprintf("victim %q was missed", v.Name))
			}
			for _, a := range in.Actors {
				hit := slices.ContainsFunc(found, func(f intel.Finding) bool {
					return findsVictim(&f, v) && slices.ContainsFunc(f.Actors, func(x intel.ActorRef) bool { return sameParty(eval.Names{x.Name}, a, eval.SameActor) })
				})
				s.PairRecall.Count(hit)
				if !hit {
					s.note(e, fmt.Sprintf("pair %q and %q was missed", a.Name, v.Name))
				}
			}
		}
	}
}

func findsVictim(f *intel.Finding, v newsroom.ExpectedParty) bool {
	return slices.ContainsFunc(f.Victims, func(x intel.VictimRef) bool { return sameParty(victimOf(&x), v, eval.SameOrganisation) })
}

// incidents compares what is said of each expected incident with the likeliest finding that has one of its victims.
func (s *newsroomScore) incidents(e *newsroom.ExpectedPage, found []intel.Finding) {
	for i := range e.Incidents {
		in := &e.Incidents[i]
		k := slices.IndexFunc(found, func(f intel.Finding) bool {
			return slices.ContainsFunc(in.Victims, func(v newsroom.ExpectedParty) bool { return findsVictim(&f, v) })
		})
		if k < 0 {
			continue
		}
		f := &found[k]
		who := e.ID + " " + in.Victims[0].Name
		check := func(r *eval.Ratio, ok bool, what, got, want string) {
			r.Count(ok)
			if !ok {
				s.Notes = append(s.Notes, fmt.Sprintf("%s: %s %s, want %s", who, what, got, want))
			}
		}
		check(&s.Kind, string(f.Kind) == in.Kind || slices.Contains(in.KindsAccepted, string(f.Kind)), "kind", string(f.Kind), in.Kind)
		check(&s.Status, string(f.Status) == in.Status, "status", string(f.Status), in.Status)
		if in.Sector != "" {
			check(&s.Sector, f.Sector == in.Sector, "sector", f.Sector, in.Sector)
		}
		if in.Country != "" {
			check(&s.Country, f.Country == in.Country, "country", f.Country, in.Country)
		}
		from, to := f.Occurred.From.String(), f.Occurred.To.String()
		check(&s.Occurred, from == in.Occurred.From && to == in.Occurred.To, "occurred", from+".."+to, in.Occurred.From+".."+in.Occurred.To)
		s.claims(f, in, check)
	}
}

// said sums up statements for a line of the misses.
func said(claims []intel.Statement) string {
	parts := make([]string, 0, len(claims))
	for i := range claims {
		parts = append(parts, fmt.Sprintf("%s %s by %s", claims[i].Facet, claims[i].Stance, claims[i].SaidBy.Kind))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// claims compares facet and stance, and of those that agree who said it.
func (s *newsroomScore) claims(f *intel.Finding, in *newsroom.ExpectedIncident, check func(*eval.Ratio, bool, string, string, string)) {
	for _, c := range in.Claims {
		same := func(g intel.Statement) bool { return string(g.Facet) == c.Facet && string(g.Stance) == c.Stance }
		hit := slices.ContainsFunc(f.Claims, same)
		check(&s.Claim, hit, "claims", said(f.Claims), c.Facet+" "+c.Stance+" by "+c.SaidBy.Name)
		if !hit {
			continue
		}
		by := slices.ContainsFunc(f.Claims, func(g intel.Statement) bool { return same(g) && string(g.SaidBy.Kind) == c.SaidBy.Kind })
		check(&s.SaidBy, by, c.Facet+" "+c.Stance+" said by", "another", c.SaidBy.Kind+" "+c.SaidBy.Name)
	}
}
