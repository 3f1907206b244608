package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// Store is all that a system of record does.
type Store interface {
	intel.Saver
	intel.Journal
	intel.Feed
	intel.Archive
	intel.Past
}

// Env is what the suite gives an implementation to depend on: a clock that moves a second with each look and ids in order.
type Env struct {
	Clock func() time.Time
	NewID func() string
	Demo  bool
}

// start is the first moment the suite's clock shows.
func start() time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }

// NewEnv makes an Env of its own.
func NewEnv() Env {
	var mu sync.Mutex
	ticks, ids := 0, 0
	return Env{
		Clock: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			ticks++
			return start().Add(time.Duration(ticks) * time.Second)
		},
		NewID: func() string {
			mu.Lock()
			defer mu.Unlock()
			ids++
			return fmt.Sprintf("id-%06d", ids)
		},
	}
}

// Plain is a report with one claim, for tests that vary one thing of it: who did what to whom, as whom says.
type Plain struct {
	URL, Title, Text, Extractor string
	Actor, Victim               string
	Aliases                     []string
	Published                   string
	Facet                       intel.Facet
	Stance                      intel.Stance
	By                          intel.Speaker
	Quote                       string
	Kind                        intel.Kind
}

// Entry makes the entry of a story; what the story leaves out has a plain default.
func (s Plain) Entry() intel.Entry {
	def := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	def(&s.Title, s.Actor+" lists "+s.Victim)
	def(&s.Quote, s.Actor+" says it attacked "+s.Victim+".")
	def(&s.Text, s.Quote+" "+strings.Repeat("Further text of "+s.URL+". ", 20))
	def(&s.Extractor, "x1")
	def(&s.Published, "2026-02-20")
	if s.Facet == "" {
		s.Facet = intel.FacetEvent
	}
	if s.Stance == "" {
		s.Stance = intel.StanceClaimed
	}
	if s.By.Kind == "" {
		s.By = intel.Speaker{Name: s.Actor, Kind: intel.SpeakerActor}
	}
	if s.Kind == "" {
		s.Kind = intel.KindRansomware
	}
	published, err := intel.ParseMoment(s.Published)
	if err != nil {
		published = intel.Moment{}
	}
	sum := sha256.Sum256([]byte(s.Text))
	report := intel.Report{
		ID: intel.ReportID(s.URL), URL: s.URL, SourceID: "paper", Publisher: "The Paper", Title: s.Title, Published: published, Retrieved: start(),
		Language: "en", Text: s.Text, ContentHash: hex.EncodeToString(sum[:]), Fingerprint: ledger.Fingerprint(s.Text), Reliability: "B", SpeakerKind: intel.SpeakerMedia, TLP: intel.TLPClear,
	}
	f := intel.Finding{
		Kind: s.Kind, Kinds: []intel.Kind{s.Kind}, Confidence: 0.9,
		Claims: []intel.Statement{{Facet: s.Facet, Stance: s.Stance, SaidBy: s.By, Quote: s.Quote, Span: intel.Span{End: len([]rune(s.Quote))}}},
	}
	if s.Victim != "" {
		f.Victims = []intel.VictimRef{{Ref: intel.Ref{Name: s.Victim}, Role: intel.RoleTarget, Aliases: s.Aliases}}
	}
	if s.Actor != "" {
		f.Actors = []intel.ActorRef{{Ref: intel.Ref{Name: s.Actor}}}
	}
	return intel.Entry{Report: report, Extraction: intel.Extraction{Incidents: []intel.Finding{f}, Extractor: s.Extractor}}
}

// save saves stories and fails the test when one is refused.
func save(t *testing.T, s Store, stories ...Plain) []intel.Saved {
	t.Helper()
	entries := make([]intel.Entry, len(stories))
	for i, st := range stories {
		entries[i] = st.Entry()
	}
	return saveEntries(t, s, entries...)
}

func saveEntries(t *testing.T, s Store, entries ...intel.Entry) []intel.Saved {
	t.Helper()
	saved, err := s.Save(context.Background(), entries)
	if err != nil {
		t.Fatalf("save: %v", err)
	}
	return saved
}

// state is the latest of everything in a feed.
type state struct {
	Records   map[string]intel.Record
	Incidents map[string]intel.Incident
	Actors    map[string]intel.Actor
	Victims   map[string]intel.Victim
	Decisions map[string]intel.Decision
	Sources   map[string]intel.SourceHealth
	Purged    map[string]bool
}

func newState() *state {
	return &state{
		Records: map[string]intel.Record{}, Incidents: map[string]intel.Incident{}, Actors: map[string]intel.Actor{}, Victims: map[string]intel.Victim{},
		Decisions: map[string]intel.Decision{}, Sources: map[string]intel.SourceHealth{}, Purged: map[string]bool{},
	}
}

// put lays one value over what is held; a change without its value takes it away.
func put[T any](m map[string]T, id string, v *T) {
	if v == nil {
		delete(m, id)
		return
	}
	m[id] = *v
}

func (st *state) apply(c intel.Change) {
	switch c.What {
	case "report":
		put(st.Records, c.ID, c.Record)
	case "incident":
		put(st.Incidents, c.ID, c.Incident)
	case "actor":
		put(st.Actors, c.ID, c.Actor)
		for id := range st.Actors {
			if c.Actor == nil && intel.UUIDv5("actor", id) == c.ID {
				delete(st.Actors, id)
			}
		}
	case "victim":
		put(st.Victims, c.ID, c.Victim)
	case "decision":
		put(st.Decisions, c.ID, c.Decision)
	case "source":
		put(st.Sources, c.ID, c.Source)
	case "purge":
		delete(st.Records, c.ID)
		st.Purged[c.ID] = true
	}
}

// follow reads the whole feed with pages of limit.
func follow(t *testing.T, s Store, limit int) *state {
	t.Helper()
	st := newState()
	for after := int64(0); ; {
		page, err := s.Changes(context.Background(), after, limit)
		if err != nil {
			t.Fatalf("changes after %d: %v", after, err)
		}
		if len(page) == 0 {
			return st
		}
		for _, c := range page {
			st.apply(c)
			after = c.Seq
		}
	}
}

// live are the incidents that stand: not merged away and with reports.
func (st *state) live() []intel.Incident {
	var out []intel.Incident
	for _, in := range st.Incidents {
		if in.MergedInto == "" && len(in.Reports) > 0 {
			out = append(out, in)
		}
	}
	return out
}

// only gives the one live incident.
func only(t *testing.T, s Store) intel.Incident {
	t.Helper()
	in := follow(t, s, 100).live()
	if len(in) != 1 {
		t.Fatalf("got %d incidents, want 1: %+v", len(in), in)
	}
	return in[0]
}

// about gives the one live incident at a victim.
func about(t *testing.T, s Store, victim string) intel.Incident {
	t.Helper()
	var out []intel.Incident
	for _, in := range follow(t, s, 100).live() {
		if in.Victim.Name == victim {
			out = append(out, in)
		}
	}
	if len(out) != 1 {
		t.Fatalf("got %d incidents at %q, want 1", len(out), victim)
	}
	return out[0]
}

// decide makes a decision and fails the test when it is refused.
func decide(t *testing.T, s Store, d intel.Decision) intel.Decision {
	t.Helper()
	d.By, d.Reason = "ada", "checked by hand"
	got, err := s.Decide(context.Background(), d)
	if err != nil {
		t.Fatalf("decide %s %s: %v", d.Kind, d.Subject, err)
	}
	return got
}

// held are the claims of a report that stand.
func held(t *testing.T, s Store, url string) []intel.Claim {
	t.Helper()
	rec, err := s.Record(context.Background(), intel.ReportID(url))
	if err != nil {
		t.Fatalf("record of %s: %v", url, err)
	}
	var out []intel.Claim
	for _, c := range rec.Claims {
		if c.HeldAt(time.Time{}) {
			out = append(out, c)
		}
	}
	return out
}
