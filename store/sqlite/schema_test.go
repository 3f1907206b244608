package sqlite

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/storetest"
)

// script runs statements on a database file as another program would.
func script(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}

// TestOlderStore opens stores as earlier schema versions wrote them (testdata/schemaN.sql, dumps that stay as they are): what was
// saved and decided then still holds, and the store takes more.
func TestOlderStore(t *testing.T) {
	dumps, err := filepath.Glob("testdata/schema*.sql")
	if err != nil || len(dumps) == 0 {
		t.Fatalf("no dumps: %v", err)
	}
	for _, dump := range dumps {
		t.Run(filepath.Base(dump), func(t *testing.T) {
			b, err := os.ReadFile(dump)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "rapsheet.db")
			script(t, path, string(b))
			s := openAt(t, path, storetest.NewEnv())
			if err := s.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			edited, err := s.Record(t.Context(), intel.ReportID("https://paper.example/a"))
			if err != nil || edited.Text != "The page was edited." || len(edited.Versions) != 1 {
				t.Errorf("the edited report: %+v, %v", edited, err)
			}
			// The merge of two actors and the correction made then bear on what is saved now.
			more := storetest.Plain{URL: "https://paper.example/d", Actor: "Akiri", Victim: "Borealis", Stance: intel.StanceAttributed, By: intel.Speaker{Name: "Labs", Kind: intel.SpeakerVendor}}.Entry()
			if _, err := s.Save(t.Context(), []intel.Entry{more}); err != nil {
				t.Fatal(err)
			}
			changes, err := s.Changes(t.Context(), 0, 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				if c.Incident != nil && c.Incident.Victim.Name == "Borealis" && len(c.Incident.Reports) != 2 {
					t.Errorf("Borealis is told of by %v", c.Incident.Reports)
				}
				if c.Incident != nil && slices.ContainsFunc(c.Incident.Actors, func(a intel.ActorRef) bool { return a.ID == "akiri" }) {
					t.Errorf("incident %s names the actor that was merged away", c.ID)
				}
				if c.Victim != nil && c.Victim.Name == "Borealis" && c.Victim.Country != "NO" {
					t.Errorf("the correction is lost: %+v", c.Victim)
				}
			}
			if _, err := s.Save(t.Context(), []intel.Entry{storetest.Plain{URL: "https://paper.example/gone", Actor: "Qilin", Victim: "Corvid"}.Entry()}); err == nil || !strings.Contains(err.Error(), "removed on request") {
				t.Errorf("the purged report comes back: %v", err)
			}
		})
	}
}

// TestNewerStore refuses a store that a later version wrote, and leaves it as it was.
func TestNewerStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rapsheet.db")
	env := storetest.NewEnv()
	s, err := Open(t.Context(), Options{Path: path, Clock: env.Clock, NewID: env.NewID})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	script(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1); DELETE FROM meta;`)
	s, err = Open(t.Context(), Options{Path: path, Clock: env.Clock, NewID: env.NewID})
	if err == nil {
		t.Fatal(s.Close())
	}
	for _, word := range []string{path, "version 99", "versions up to", "run that version", "backup"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %v", word, err)
		}
	}
	script(t, path, `CREATE TABLE untouched AS SELECT 1 / (1 - count(*)) FROM meta`) // fails when something was written
}
