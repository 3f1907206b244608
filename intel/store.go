package intel

import (
	"context"
	"time"
)

// Entry is one report with everything read from it, to be saved in one transaction.
type Entry struct {
	Report     Report
	Extraction Extraction
}

// Saved is the answer to one Entry.
type Saved struct {
	ReportID string
	// Seq is the number of the change; zero when nothing changed.
	Seq int64
	// Unchanged says that the store already held this version read by this extractor.
	Unchanged bool
	// Version is the version of the report now held.
	Version int
}

// Record is all that the store holds of one report: what the feed of changes carries. Claims and mentions of every version are
// there, ended ones with their RecordedTo.
type Record struct {
	Report Report
	// Text is the latest text, for indexing; empty where rights are reserved.
	Text        string
	Claims      []Claim
	Actors      []Mention
	Software    []Mention
	Observables []Observable
	CVEs        []Mention
	Techniques  []Mention
	Relations   []Relation
	// Versions are the earlier versions, oldest first, without text.
	Versions []Report
	// Ended are claims that an earlier version made, or an earlier reading of it, and that are not made any more. Readers set it
	// beside the Claims that hold.
	Ended []Claim
}

// Change is one step of the store's sequence. Exactly one of the pointers is set, by What; a purge carries only the report's ID.
type Change struct {
	Seq int64
	At  time.Time
	// What is report, incident, actor, victim, decision, source, journal or purge. A victim or an actor that a purge removed comes
	// without its pointer, the actor under UUIDv5("actor", id): its own id is made of its name, which is purged.
	What     string
	ID       string
	Record   *Record
	Incident *Incident
	Actor    *Actor
	Victim   *Victim
	Decision *Decision
	Source   *SourceHealth
}

// Saver takes what was read.
type Saver interface {
	// Save stores entries in one transaction per entry batch and answers in order. A purged report gives ErrPurged, a demo
	// report in a real store ErrDemo, a claim that breaks a rule ErrInvalid; the rest of the batch is saved all the same and
	// the errors are joined.
	Save(ctx context.Context, entries []Entry) ([]Saved, error)
	// SaveCatalogue stores actors and their names as assertions of origin; what origin no longer asserts is kept as withdrawn.
	SaveCatalogue(ctx context.Context, origin string, c Catalogue) (CatalogueDiff, error)
	// SaveSources stores the sources that are read; sources no longer listed are kept but not counted as read.
	SaveSources(ctx context.Context, sources []Source) error
	// Decide stores what a person decided. ErrNotFound when the subject is unknown, ErrInvalid when the decision breaks a rule.
	Decide(ctx context.Context, d Decision) (Decision, error)
}

// CatalogueDiff is what an import changed.
type CatalogueDiff struct {
	Added     []string `json:"added"`
	Changed   []string `json:"changed"`
	Withdrawn []string `json:"withdrawn"`
	Unchanged int      `json:"unchanged"`
}

// Journal is the crawler's memory.
type Journal interface {
	// Note appends attempts.
	Note(ctx context.Context, fetches []Fetch) error
	// Last gives the last attempt at a URL that settled something: the page was taken (with or without validators), is no report,
	// a duplicate or purged, or the publisher's answer was final (401, 402, 404, 410, 451, too large). Passing failures are skipped, so
	// that they hide no validators. ErrNotFound when there is none.
	Last(ctx context.Context, url string) (Fetch, error)
	// Health gives every source with how it is doing, sorted by id.
	Health(ctx context.Context) ([]SourceHealth, error)
}

// Memo is one thing that the crawler must know again after a restart. Only the crawler knows what the value means.
type Memo struct {
	SourceID string
	// Kind is list, retry, host or backfill; the key of a retry is the page's canonical address, so that a purge finds it.
	Kind string
	Key  string
	// Value is empty to forget the memo.
	Value []byte
}

// Memory keeps memos beside the journal. A purge forgets every list, which may name what was purged, and the page's retry.
type Memory interface {
	// Remember writes memos in one transaction, replacing those of the same source, kind and key.
	Remember(ctx context.Context, memos []Memo) error
	// Memos gives all memos of a source, sorted by kind and key; hosts have the source "".
	Memos(ctx context.Context, sourceID string) ([]Memo, error)
}

// Feed is the sequence of changes that indexes follow.
type Feed interface {
	// Changes gives at most limit changes with Seq greater than after, in order. Changes to one thing may be folded into its
	// latest; the state they carry is complete, so applying a change twice is harmless.
	Changes(ctx context.Context, after int64, limit int) ([]Change, error)
	// Head is the last sequence number.
	Head(ctx context.Context) (int64, error)
	// Wait returns when Head is greater than after, or with ctx's error.
	Wait(ctx context.Context, after int64) error
}

// Archive reads single things from the system of record.
type Archive interface {
	// Record gives a report with its claims. ErrNotFound, or ErrPurged for a tombstone.
	Record(ctx context.Context, reportID string) (Record, error)
	// Reports calls f with every report held and its text, oldest save first, for re-extraction.
	Reports(ctx context.Context, f func(Report) error) error
	// Actors gives the whole catalogue, reported actors included, sorted by id.
	Actors(ctx context.Context) (Catalogue, error)
	// Decisions gives every decision, oldest first.
	Decisions(ctx context.Context) ([]Decision, error)
}

// Past says what was on record at a moment. Together with Claim.HeldAt it answers as a store that stopped then would, but for what
// was purged since.
type Past interface {
	// ActorsAt gives the actors met by then with the names, relations, merges and corrections held then, sorted by id.
	ActorsAt(ctx context.Context, at time.Time) ([]Actor, error)
	// DecisionsAt gives the decisions made by then, oldest first; one that was taken back later is in force.
	DecisionsAt(ctx context.Context, at time.Time) ([]Decision, error)
}
