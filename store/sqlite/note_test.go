package sqlite

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/storetest"
)

func TestLastIsWhatSettledThePage(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "rapsheet.db"), storetest.NewEnv())
	at := time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)
	for i, tt := range []struct {
		f    intel.Fetch
		want string
	}{
		{intel.Fetch{Outcome: "stored", ETag: `"1"`}, "stored"},
		{intel.Fetch{Outcome: "network-error"}, "stored"},
		{intel.Fetch{Outcome: "http-error", Status: 503}, "stored"},
		{intel.Fetch{Outcome: "blocked", Status: 429}, "stored"},
		// Without validators too: the page was seen to be the same, and need not be asked for again at once.
		{intel.Fetch{Outcome: "unchanged"}, "unchanged"},
		{intel.Fetch{Outcome: "http-error", Status: 410}, "http-error"},
		{intel.Fetch{Outcome: "robots"}, "http-error"},
		{intel.Fetch{Outcome: "blocked", Status: 451}, "blocked"},
		{intel.Fetch{Outcome: "duplicate"}, "duplicate"},
	} {
		tt.f.URL, tt.f.At = "https://paper.example/a", at.Add(time.Duration(i)*time.Hour)
		if err := s.Note(t.Context(), []intel.Fetch{tt.f}); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Last(t.Context(), tt.f.URL); err != nil || got.Outcome != tt.want {
			t.Errorf("after %s %d: %q, %v, want %q", tt.f.Outcome, tt.f.Status, got.Outcome, err, tt.want)
		}
	}
}

func TestMemosComeBackAndAPurgeReachesThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rapsheet.db")
	s := openAt(t, path, storetest.NewEnv())
	story := storetest.Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}.Entry()
	if _, err := s.Save(t.Context(), []intel.Entry{story}); err != nil {
		t.Fatal(err)
	}
	memos := []intel.Memo{
		{SourceID: "paper", Kind: "list", Key: "feed", Value: []byte("a")},
		{SourceID: "paper", Kind: "retry", Key: "https://paper.example/a", Value: []byte("b")},
		{SourceID: "paper", Kind: "retry", Key: "https://paper.example/b", Value: []byte("c")},
		{SourceID: "", Kind: "host", Key: "https://paper.example", Value: []byte("d")},
	}
	if err := s.Remember(t.Context(), memos); err != nil {
		t.Fatal(err)
	}
	again := openAt(t, path, storetest.NewEnv())
	got, err := again.Memos(t.Context(), "paper")
	if diff := cmp.Diff(memos[:3], got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := s.Decide(t.Context(), intel.Decision{Kind: intel.DecidePurge, Subject: story.Report.ID, By: "ada", Reason: "asked"}); err != nil {
		t.Fatal(err)
	}
	got, err = s.Memos(t.Context(), "paper")
	if diff := cmp.Diff(memos[2:3], got); err != nil || diff != "" {
		t.Error("after the purge:", err, diff)
	}
	memos[2].Value = nil
	if err := s.Remember(t.Context(), memos[2:3]); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Memos(t.Context(), "paper"); err != nil || len(got) != 0 {
		t.Errorf("%v, %v: the memo was to be forgotten", got, err)
	}
}

func TestHabitLagAndSilence(t *testing.T) {
	now := time.Date(2025, 9, 1, 12, 0, 0, 0, time.UTC)
	env := storetest.NewEnv()
	env.Clock = func() time.Time { return now }
	s := openAt(t, filepath.Join(t.TempDir(), "rapsheet.db"), env)
	if err := s.SaveSources(t.Context(), []intel.Source{{ID: "paper"}}); err != nil {
		t.Fatal(err)
	}
	health := func() intel.SourceHealth {
		t.Helper()
		all, err := s.Health(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all[0]
	}
	page := func(n int, published intel.Moment) {
		t.Helper()
		f := intel.Fetch{SourceID: "paper", URL: fmt.Sprintf("https://paper.example/%d", n), At: now, Outcome: "stored", Robots: "allowed", Published: published}
		// Read twice: the second is an edit and no new page.
		if err := s.Note(t.Context(), []intel.Fetch{f, f}); err != nil {
			t.Fatal(err)
		}
	}
	if h := health(); h.PerDay != 0 || h.Habit != 0 || !h.SilentSince.IsZero() {
		t.Errorf("nothing read yet: %+v", h)
	}
	for n := range 40 {
		page(2*n, intel.Instant(now.Add(-time.Duration(n)*24*time.Hour-time.Hour)))
		page(2*n+1, intel.OnDay(intel.DateOf(now.AddDate(0, 0, -n))))
	}
	if h := health(); h.PerDay != 2 || h.Habit != 2 || h.LagSeconds == 0 || !h.SilentSince.IsZero() {
		t.Errorf("two a day: per day %v, habit %v, lag %d, silent %v", h.PerDay, h.Habit, h.LagSeconds, h.SilentSince)
	}
	now = now.AddDate(0, 0, 5)
	if h := health(); h.SilentSince.String() != "2025-09-01" || h.PerDay >= h.Habit {
		t.Errorf("silent since %v, %v a day against %v", h.SilentSince, h.PerDay, h.Habit)
	}
	notes := []intel.Fetch{
		{SourceID: "paper", URL: "https://paper.example/feed", At: now, Outcome: "discovery", Discovery: true, Robots: "allowed"},
		{SourceID: "paper", URL: "https://paper.example/x", At: now, Outcome: "robots", Robots: "disallowed"},
		{SourceID: "paper", URL: "https://paper.example/feed", At: now, Outcome: "robots", Error: "no", Discovery: true, Robots: "disallowed"},
	}
	for i, want := range []string{"allowed", "partly", "disallowed"} {
		if err := s.Note(t.Context(), notes[i:i+1]); err != nil {
			t.Fatal(err)
		}
		if h := health(); h.Robots != want {
			t.Errorf("robots %q, want %q", h.Robots, want)
		}
	}
}
