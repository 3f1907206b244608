package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

func savesAndReads(t *testing.T, s Store) {
	st := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme Inc"}
	saved := save(t, s, st)
	if saved[0].Seq == 0 || saved[0].Version != 1 || saved[0].Unchanged || saved[0].ReportID != intel.ReportID(st.URL) {
		t.Errorf("saved = %+v", saved[0])
	}
	rec, err := s.Record(context.Background(), saved[0].ReportID)
	if err != nil {
		t.Fatal(err)
	}
	e := st.Entry()
	if rec.Text != e.Report.Text || rec.Report.Title != e.Report.Title || len(rec.Claims) != 1 || !slices.Equal(rec.Report.Fingerprint, e.Report.Fingerprint) {
		t.Errorf("record = %+v", rec)
	}
	in := only(t, s)
	if c := rec.Claims[0]; c.IncidentID != in.ID || c.Victim.ID != in.Victim.ID || c.Actor.ID != "akira" || c.Quote != "Akira says it attacked Acme Inc." {
		t.Errorf("claim = %+v", c)
	}
	if in.Status != intel.StanceClaimed || !in.ClaimOnly || in.Corroborated {
		t.Errorf("incident = %+v", in)
	}
	if _, err := s.Record(context.Background(), "nobody"); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("an unknown report gives %v, want ErrNotFound", err)
	}
}

func unchanged(t *testing.T, s Store) {
	st := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme", Published: "2026-02-20T10:11:12.345Z"}
	save(t, s, st)
	before, _ := s.Head(context.Background())
	saved := save(t, s, st)
	after, _ := s.Head(context.Background())
	if !saved[0].Unchanged || saved[0].Seq != 0 || before != after {
		t.Errorf("saved = %+v, head %d then %d", saved[0], before, after)
	}
}

func newVersion(t *testing.T, s Store) {
	url := "https://paper.example/a"
	two := Plain{URL: url, Actor: "Akira", Victim: "Acme"}.Entry()
	f := &two.Extraction.Incidents[0]
	f.Claims = append(f.Claims, intel.Statement{Facet: intel.FacetImpact, Stance: intel.StanceClaimed, SaidBy: f.Claims[0].SaidBy, Quote: "It took 3 GB."})
	saveEntries(t, s, two)
	first := held(t, s, url)
	in := only(t, s)
	edited := Plain{URL: url, Actor: "Akira", Victim: "Acme", Text: "The page was edited.", Extractor: "x2"}.Entry()
	edited.Extraction.Incidents[0].Claims[0].Span = intel.Span{Start: 40, End: 72}
	saved := saveEntries(t, s, edited)
	if saved[0].Version != 2 || saved[0].Unchanged {
		t.Errorf("saved = %+v, want version 2", saved[0])
	}
	rec, err := s.Record(context.Background(), intel.ReportID(url))
	if err != nil {
		t.Fatal(err)
	}
	now := held(t, s, url)
	if len(rec.Versions) != 1 || rec.Versions[0].Version != 1 || len(rec.Claims) != 2 || len(now) != 1 {
		t.Fatalf("%d versions, %d claims, %d held", len(rec.Versions), len(rec.Claims), len(now))
	}
	i := slices.IndexFunc(first, func(c intel.Claim) bool { return c.ID == now[0].ID })
	if i < 0 || !first[i].RecordedFrom.Equal(now[0].RecordedFrom) || now[0].Start != 40 || now[0].Extractor != "x1" && now[0].Extractor != "x2" {
		t.Errorf("the same claim was %+v and is %+v", first, now[0])
	}
	if got := only(t, s); got.ID != in.ID {
		t.Errorf("incident %s became %s", in.ID, got.ID)
	}
}

func rightsReserved(t *testing.T, s Store) {
	e := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}.Entry()
	saveEntries(t, s, e)
	e.Report.RightsReserved = true
	saveEntries(t, s, e)
	rec, err := s.Record(context.Background(), e.Report.ID)
	if err != nil || rec.Text != "" || len(rec.Claims) != 1 {
		t.Errorf("text %q, %d claims, %v", rec.Text, len(rec.Claims), err)
	}
}

func oneBad(t *testing.T, s Store) {
	good := Plain{URL: "https://paper.example/good", Actor: "Akira", Victim: "Acme"}.Entry()
	bad := Plain{URL: "https://paper.example/bad", Actor: "Play", Victim: "Borealis"}.Entry()
	bad.Extraction.Incidents[0].Claims[0].Quote = ""
	late := Plain{URL: "https://paper.example/late", Actor: "Qilin", Victim: "Corvid"}.Entry()
	saved, err := s.Save(context.Background(), []intel.Entry{good, bad, late})
	if !errors.Is(err, intel.ErrInvalid) || !strings.Contains(err.Error(), bad.Report.URL) {
		t.Errorf("error %v, want ErrInvalid naming the page", err)
	}
	if len(saved) != 3 || saved[0].Seq == 0 || saved[1].Seq != 0 || saved[2].Seq == 0 {
		t.Errorf("saved = %+v", saved)
	}
	if _, err := s.Record(context.Background(), bad.Report.ID); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("the bad report gives %v", err)
	}
	st := follow(t, s, 10)
	if len(st.Records) != 2 || len(st.Incidents) != 2 || len(st.Victims) != 2 || len(st.Actors) != 2 {
		t.Errorf("%d reports, %d incidents, %d victims, %d actors: the bad entry left something", len(st.Records), len(st.Incidents), len(st.Victims), len(st.Actors))
	}
}

func demoNeverMixes(t *testing.T, s Store) {
	e := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}.Entry()
	e.Report.Demo = true
	if _, err := s.Save(context.Background(), []intel.Entry{e}); !errors.Is(err, intel.ErrDemo) {
		t.Errorf("a demo report in a real store gives %v, want ErrDemo", err)
	}
	if n := len(follow(t, s, 10).Records); n != 0 {
		t.Errorf("%d reports held", n)
	}
}

func purges(t *testing.T, s Store) {
	ctx := context.Background()
	st := Plain{URL: "https://paper.example/a", Actor: "Zorglub", Victim: "Acme"}
	save(t, s, st)
	if err := s.Note(ctx, []intel.Fetch{{SourceID: "paper", URL: st.URL, At: start(), Outcome: "stored"}}); err != nil {
		t.Fatal(err)
	}
	id := intel.ReportID(st.URL)
	d := decide(t, s, intel.Decision{Kind: intel.DecidePurge, Subject: id})
	if _, err := s.Record(ctx, id); !errors.Is(err, intel.ErrPurged) {
		t.Errorf("the purged report gives %v, want ErrPurged", err)
	}
	if _, err := s.Save(ctx, []intel.Entry{st.Entry()}); !errors.Is(err, intel.ErrPurged) {
		t.Errorf("saving it again gives %v, want ErrPurged", err)
	}
	if _, err := s.Last(ctx, st.URL); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("the journal still knows it: %v", err)
	}
	if _, err := s.Decide(ctx, intel.Decision{Kind: intel.DecideUndo, Subject: d.ID, By: "ada", Reason: "no"}); !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("undo of a purge gives %v, want ErrInvalid", err)
	}
	got := follow(t, s, 10)
	if !got.Purged[id] || len(got.live()) != 0 || len(got.Victims) != 0 || len(got.Actors) != 0 {
		t.Errorf("after the purge: %+v", got)
	}
	for _, in := range got.Incidents {
		if in.Victim.Name != "" || len(in.Actors) > 0 {
			t.Errorf("the incident still says %+v", in)
		}
	}
}

func purgeKeepsOthers(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme", Aliases: []string{"Secret Alias"}}
	b := Plain{URL: "https://paper.example/b", Actor: "Akira", Victim: "Acme", By: intel.Speaker{Name: "Acme", Kind: intel.SpeakerVictim}, Stance: intel.StanceConfirmed}
	save(t, s, a, b)
	decide(t, s, intel.Decision{Kind: intel.DecidePurge, Subject: intel.ReportID(a.URL)})
	in := only(t, s)
	if in.Status != intel.StanceConfirmed || len(in.Reports) != 1 || len(in.Victim.Aliases) != 0 {
		t.Errorf("incident = %+v", in)
	}
	if v := follow(t, s, 10).Victims[in.Victim.ID]; !slices.Equal(v.Names, []string{"Acme"}) {
		t.Errorf("names = %v", v.Names)
	}
}

func origins(t *testing.T, s Store) {
	wire := "The gang Akira says it attacked Acme and took the payroll of four thousand people, the agency reports from the town. " + strings.Repeat("The same words stand in every paper today. ", 9)
	var stories []Plain
	for _, u := range []string{"a", "b", "c", "d"} {
		stories = append(stories, Plain{URL: "https://" + u + ".example/acme", Actor: "Akira", Victim: "Acme", Text: wire + u, Stance: intel.StanceReported, By: intel.Speaker{Name: u + " news", Kind: intel.SpeakerMedia}})
	}
	stories = append(stories, Plain{
		URL: "https://vendor.example/acme", Actor: "Akira", Victim: "Acme", Facet: intel.FacetAttribution, Stance: intel.StanceAttributed,
		By: intel.Speaker{Name: "Vendor Labs", Kind: intel.SpeakerVendor},
	})
	save(t, s, stories...)
	in := only(t, s)
	if d := cmp.Diff(map[intel.SpeakerKind]int{intel.SpeakerMedia: 1, intel.SpeakerVendor: 1}, in.Origins); d != "" || len(in.Reports) != 5 || !in.Corroborated {
		t.Errorf("%d reports, corroborated %v, origins: %s", len(in.Reports), in.Corroborated, d)
	}
	names := map[string]bool{}
	for _, st := range stories {
		for _, c := range held(t, s, st.URL) {
			names[c.Origin] = true
			if c.Credibility == 0 {
				t.Errorf("claim of %s has no credibility", st.URL)
			}
		}
	}
	if len(names) != 2 || names[""] {
		t.Errorf("claims go back to %v, want two origins", names)
	}
}

func victims(t *testing.T, s Store) {
	save(t, s,
		Plain{URL: "https://paper.example/1", Actor: "Akira", Victim: "Jaguar Land Rover", Aliases: []string{"JLR"}},
		Plain{URL: "https://paper.example/2", Actor: "Akira", Victim: "JLR"},
		Plain{URL: "https://paper.example/3", Actor: "Akira", Victim: "Jaguar Land-Rover Ltd."},
		Plain{URL: "https://paper.example/4", Actor: "Akira", Victim: "Jaguar Land Rovers"},
		Plain{URL: "https://paper.example/5", Actor: "Akira", Victim: "JLR Holdings", Aliases: []string{"Jaguar Land Rover"}},
	)
	got := follow(t, s, 10)
	if len(got.Victims) != 2 {
		t.Errorf("%d victims, want 2: %+v", len(got.Victims), got.Victims)
	}
	if in := about(t, s, "Jaguar Land Rover"); len(in.Reports) != 4 {
		t.Errorf("reports = %v", in.Reports)
	}
	about(t, s, "Jaguar Land Rovers")
}

func sharedAcronym(t *testing.T, s Store) {
	save(t, s,
		Plain{URL: "https://paper.example/1", Actor: "Akira", Victim: "National Health Service", Aliases: []string{"NHS"}},
		Plain{URL: "https://paper.example/2", Actor: "Akira", Victim: "Northern Hotel Systems", Aliases: []string{"NHS"}},
		Plain{URL: "https://paper.example/3", Actor: "Akira", Victim: "NHS"},
		Plain{URL: "https://paper.example/4", Actor: "Akira", Victim: "NHS"},
	)
	if n := len(follow(t, s, 10).Victims); n != 3 {
		t.Errorf("%d victims, want 3", n)
	}
	if in := about(t, s, "NHS"); len(in.Reports) != 2 {
		t.Errorf("reports = %v", in.Reports)
	}
}

func relations(t *testing.T, s Store) {
	e := Plain{URL: "https://paper.example/a", Actor: "Hunters", Victim: "Acme"}.Entry()
	e.Extraction.Relations = []intel.Relation{{From: "hunters", Type: intel.RelRebrandOf, To: "hive", Quote: "Hunters is Hive under a new name."}}
	saveEntries(t, s, e)
	if got := follow(t, s, 10).Actors["hunters"].Relations; len(got) != 1 || got[0].To != "hive" || got[0].Source != "The Paper" {
		t.Errorf("relations = %+v", got)
	}
	e.Extraction.Extractor = "x2"
	saveEntries(t, s, e)
	if got := follow(t, s, 10).Actors["hunters"].Relations; len(got) != 1 {
		t.Errorf("after a second reading: %+v", got)
	}
	e.Extraction.Extractor, e.Extraction.Relations = "x3", nil
	saveEntries(t, s, e)
	if got := follow(t, s, 10).Actors["hunters"].Relations; len(got) != 0 {
		t.Errorf("no longer stated: %+v", got)
	}
}

// clockBack sets the clock back between saves and a decision: nothing ends before it began, and the feed's times never fall.
func clockBack(t *testing.T, open func(t *testing.T, env Env) Store) {
	env, now := stillEnv()
	s := open(t, env)
	page := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}
	save(t, s, page)
	*now = now.Add(-48 * time.Hour)
	page.Text, page.Quote = "Edited.", "Akira now says that it did not attack Acme."
	save(t, s, page, Plain{URL: "https://paper.example/b", Actor: "Play", Victim: "Acme"})
	*now = now.Add(-time.Hour)
	decide(t, s, intel.Decision{Kind: intel.DecideMerge, Subject: "play", Object: "akira"})
	*now = start().Add(time.Minute)
	save(t, s, Plain{URL: "https://paper.example/c", Actor: "Play", Victim: "Acme"})
	rec, err := s.Record(context.Background(), intel.ReportID(page.URL))
	if err != nil || len(rec.Claims) != 2 {
		t.Fatalf("%d claims, %v", len(rec.Claims), err)
	}
	for _, c := range rec.Claims {
		if !c.RecordedTo.IsZero() && c.RecordedTo.Before(c.RecordedFrom) || c.RecordedFrom.Before(start()) {
			t.Errorf("claim recorded from %v to %v", c.RecordedFrom, c.RecordedTo)
		}
	}
	page1, err := s.Changes(context.Background(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var last time.Time
	for _, c := range page1 {
		if c.At.Before(last) {
			t.Errorf("change %d is of %v, after one of %v", c.Seq, c.At, last)
		}
		last = c.At
	}
	if !last.Equal(start().Add(time.Minute)) {
		t.Errorf("the last change is of %v: the clock that caught up is not used", last)
	}
}

// twiceInBatch saves two readings of one report in one batch: the second is a new version of the first.
func twiceInBatch(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}
	b := a
	b.Text, b.Quote = "Another text at one address.", "Acme says that it was not attacked."
	b.Stance, b.By = intel.StanceDenied, intel.Speaker{Name: "Acme", Kind: intel.SpeakerVictim}
	saved := save(t, s, a, b)
	if saved[0].Version != 1 || saved[1].Version != 2 {
		t.Errorf("saved = %+v", saved)
	}
	rec, err := s.Record(context.Background(), intel.ReportID(a.URL))
	if err != nil || len(rec.Versions) != 1 || len(rec.Claims) != 2 || rec.Text != b.Text {
		t.Errorf("%d versions, %d claims, %v", len(rec.Versions), len(rec.Claims), err)
	}
	if in := only(t, s); in.Status != intel.StanceDenied || in.VictimAnswer != "denied" || len(in.Reports) != 1 {
		t.Errorf("incident = %+v", in)
	}
}

// printStays reads a page again without its fingerprint, as re-extraction does: copies of it are still known.
func printStays(t *testing.T, s Store) {
	wire := strings.Repeat("The same words stand in every paper of the land today, and nobody asked the firm. ", 9)
	by := func(n string) intel.Speaker { return intel.Speaker{Name: n, Kind: intel.SpeakerMedia} }
	a := Plain{URL: "https://a.example/1", Actor: "Akira", Victim: "Acme", Text: wire, Stance: intel.StanceReported, By: by("A")}
	again := a.Entry()
	saveEntries(t, s, again)
	again.Report.Fingerprint, again.Extraction.Extractor = nil, "x2"
	saveEntries(t, s, again)
	save(t, s, Plain{URL: "https://b.example/1", Actor: "Akira", Victim: "Acme", Text: wire + "So it says.", Stance: intel.StanceReported, By: by("B")})
	if in := only(t, s); in.Origins[intel.SpeakerMedia] != 1 || len(in.Reports) != 2 {
		t.Errorf("origins %v of %d reports, want one story", in.Origins, len(in.Reports))
	}
}

// revealed edits a page that masked its victim's name: the incident is the same and has a name now, and others join it.
func revealed(t *testing.T, s Store) {
	page := Plain{URL: "https://paper.example/a", Actor: "Akira"}
	save(t, s, page)
	before := only(t, s)
	page.Victim, page.Text, page.Quote = "Acme", "Akira now names its victim.", "The victim is Acme, Akira says."
	save(t, s, page)
	save(t, s, Plain{URL: "https://paper.example/b", Actor: "Akira", Victim: "Acme", Stance: intel.StanceConfirmed, By: intel.Speaker{Name: "Acme", Kind: intel.SpeakerVictim}})
	in := only(t, s)
	if in.ID != before.ID || in.Victim.Name != "Acme" || len(in.Reports) != 2 || in.Facets.Event != intel.StanceConfirmed {
		t.Errorf("incident %s became %+v", before.ID, in)
	}
}

// oddInput saves what is odd but no error: it is kept and shown as it is.
func oddInput(t *testing.T, s Store) {
	two := Plain{URL: "https://paper.example/both", Actor: "Akira", Victim: "Acme", Stance: intel.StanceConfirmed, By: intel.Speaker{Name: "Acme", Kind: intel.SpeakerVictim}}.Entry()
	f := &two.Extraction.Incidents[0]
	no := f.Claims[0] // one sentence that confirms and denies: both are kept, and the stronger word counts
	no.Stance, no.Facet = intel.StanceDenied, intel.FacetImpact
	f.Claims = append(f.Claims, no)
	future := Plain{URL: "https://paper.example/future", Actor: "Akira", Victim: "Borealis", Published: "2062-01-01"}
	nobody := Plain{URL: "https://paper.example/nobody", Actor: "Akira"}
	again := Plain{URL: "https://paper.example/nobody-else", Actor: "Akira"}
	saveEntries(t, s, two, future.Entry(), nobody.Entry(), again.Entry())
	if got := held(t, s, two.Report.URL); len(got) != 2 {
		t.Errorf("%d claims of the sentence that says both", len(got))
	}
	if in := about(t, s, "Acme"); in.Facets.Event != intel.StanceConfirmed || in.Facets.Impact != intel.StanceDenied {
		t.Errorf("facets = %+v", in.Facets)
	}
	// What is dated in the future was told when it was recorded; the page's own date stays with the report.
	if in := about(t, s, "Borealis"); in.LastReported.String() != "2026-03-01" {
		t.Errorf("a report of the future is last reported %v", in.LastReported)
	}
	if rec, err := s.Record(context.Background(), intel.ReportID(future.URL)); err != nil || rec.Report.Published.String() != "2062-01-01" || rec.Claims[0].Published.String() != "2062-01-01" {
		t.Errorf("the report of the future is dated %v, %v", rec.Report.Published, err)
	}
	nameless := 0
	for _, in := range follow(t, s, 100).live() {
		if in.Victim.Name == "" && in.Victim.ID == "" {
			nameless++
		}
	}
	if nameless != 2 {
		t.Errorf("%d incidents without a victim, want each report to be one of its own", nameless)
	}
}

// victimFacts tells of one organisation from several places: its country is the one that most origins give, until a person says.
func victimFacts(t *testing.T, s Store) {
	in := func(page, country, day string) intel.Entry {
		e := Plain{URL: "https://paper.example/" + page, Actor: "Akira", Victim: "Acme", Published: day, Stance: intel.StanceReported, By: intel.Speaker{Name: "Paper " + page, Kind: intel.SpeakerMedia}}.Entry()
		e.Extraction.Incidents[0].Country = country
		return e
	}
	country := func() string {
		for _, v := range follow(t, s, 100).Victims {
			return v.Country
		}
		return "nobody's"
	}
	for _, step := range []struct {
		page, country, day, want string
	}{
		{"a", "US", "2026-02-01", "US"},
		{"b", "GB", "2026-02-02", "GB"}, // told as often, and later
		{"c", "US", "2025-06-01", "GB"}, // another incident of the same, with one origin
		{"d", "GB", "2026-02-04", "GB"},
		{"e", "", "2026-02-05", "GB"},
	} {
		saveEntries(t, s, in(step.page, step.country, step.day))
		if got := country(); got != step.want {
			t.Errorf("after page %s the country is %q, want %q", step.page, got, step.want)
		}
	}
	for _, page := range []string{"b", "d"} {
		decide(t, s, intel.Decision{Kind: intel.DecidePurge, Subject: intel.ReportID("https://paper.example/" + page)})
	}
	if got := country(); got != "US" {
		t.Errorf("after the purge the country is %q, want US", got)
	}
	d := decide(t, s, intel.Decision{Kind: intel.DecideCorrection, Subject: held(t, s, "https://paper.example/a")[0].Victim.ID, Field: "country", Value: "NO"})
	if got := country(); got != "NO" {
		t.Errorf("corrected, the country is %q, want NO", got)
	}
	undo(t, s, d)
	if got := country(); got != "US" {
		t.Errorf("after the correction was taken back the country is %q, want US", got)
	}
}

// maskedApart saves two teased victims that are masked alike and one whose name could be either's: three organisations, until a
// person merges.
func maskedApart(t *testing.T, s Store) {
	save(t, s,
		Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "D*** Door"},
		Plain{URL: "https://paper.example/b", Actor: "Akira", Victim: "D*** Door"},
		Plain{URL: "https://paper.example/c", Actor: "Akira", Victim: "D Door"},
		Plain{URL: "https://paper.example/d", Actor: "Akira", Victim: "Dillard Door & Security"},
	)
	ids := map[string]bool{}
	for _, page := range []string{"a", "b", "c", "d"} {
		ids[held(t, s, "https://paper.example/"+page)[0].Victim.ID] = true
	}
	if len(ids) != 4 {
		t.Errorf("%d victims of four pages, want four", len(ids))
	}
}
