package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/storetest"
)

// openAt opens a store that the test closes.
func openAt(tb testing.TB, path string, env storetest.Env) *Store {
	tb.Helper()
	s, err := Open(context.Background(), Options{Path: path, Clock: env.Clock, NewID: env.NewID, Demo: env.Demo})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, env storetest.Env) storetest.Store {
		return openAt(t, filepath.Join(t.TempDir(), "rapsheet.db"), env)
	})
}

func TestKindIsForLife(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rapsheet.db")
	env := storetest.NewEnv()
	openAt(t, path, env)
	_, err := Open(context.Background(), Options{Path: path, Clock: env.Clock, NewID: env.NewID, Demo: true})
	if !errors.Is(err, intel.ErrDemo) {
		t.Errorf("opening a real store as a demo gives %v, want ErrDemo", err)
	}
}

func TestBackupWhileInUse(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, filepath.Join(dir, "a.db"), storetest.NewEnv())
	e := storetest.Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}.Entry()
	if _, err := s.Save(context.Background(), []intel.Entry{e}); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(context.Background(), filepath.Join(dir, "b.db")); err != nil {
		t.Fatal(err)
	}
	b := openAt(t, filepath.Join(dir, "b.db"), storetest.NewEnv())
	if rec, err := b.Record(context.Background(), e.Report.ID); err != nil || rec.Text != e.Report.Text {
		t.Errorf("the copy gives %q, %v", rec.Text, err)
	}
	if err := b.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestCalledOff(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "rapsheet.db"), storetest.NewEnv())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Save(ctx, []intel.Entry{storetest.Article(0)}); !errors.Is(err, context.Canceled) {
		t.Errorf("a save that was called off gives %v", err)
	}
	if head, err := s.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("head %d, %v: something was saved", head, err)
	}
}

// TestTwoWriters saves through two stores on one file in turn: what one has in memory is never taken for what the other wrote.
func TestTwoWriters(t *testing.T) {
	path, env := filepath.Join(t.TempDir(), "rapsheet.db"), storetest.NewEnv()
	stores := []*Store{openAt(t, path, env), openAt(t, path, env)}
	says := []storetest.Plain{
		{By: intel.Speaker{Name: "Akira", Kind: intel.SpeakerActor}, Stance: intel.StanceClaimed},
		{By: intel.Speaker{Name: "Acme", Kind: intel.SpeakerVictim}, Stance: intel.StanceConfirmed},
		{By: intel.Speaker{Name: "NCSC", Kind: intel.SpeakerGovernment}, Stance: intel.StanceConfirmed},
		{By: intel.Speaker{Name: "Acme", Kind: intel.SpeakerVictim}, Stance: intel.StanceDenied, Published: "2026-02-25"},
	}
	for i, p := range says {
		p.URL, p.Actor, p.Victim = "https://paper.example/"+string(rune('a'+i)), "Akira", "Acme"
		if _, err := stores[i%2].Save(t.Context(), []intel.Entry{p.Entry()}); err != nil {
			t.Fatal(err)
		}
	}
	changes, err := stores[0].Changes(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if in := c.Incident; in != nil && (len(in.Reports) != 4 || in.Facets.Event != intel.StanceDisputed || in.VictimAnswer != "denied") {
			t.Errorf("incident = %+v", *in)
		}
	}
}
