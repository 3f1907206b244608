package intel

import "errors"

// Sentinel errors; every room wraps them with %w and compares with errors.Is only.
var (
	// ErrNotFound says that nothing has this id or name.
	ErrNotFound = errors.New("not found")
	// ErrInvalid says that the input breaks a rule; the wrapping message says which and how to mend it.
	ErrInvalid = errors.New("invalid")
	// ErrUnchanged says that a page or record is the same as the one already held.
	ErrUnchanged = errors.New("unchanged")
	// ErrBlocked says that rapsheet itself, or the publisher, forbids the request.
	ErrBlocked = errors.New("blocked")
	// ErrAmbiguous says that a name may mean several things; errors.As to *AmbiguousError gives the candidates.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrPurged says that the thing was purged on request: only a content-free tombstone is left.
	ErrPurged = errors.New("purged")
	// ErrNotReport says that a page was read but is not a report (geo-block, cookie wall, paywall, error page, empty).
	ErrNotReport = errors.New("not a report")
	// ErrDemo says that a demo record met a real store, or the other way round.
	ErrDemo = errors.New("demo and real records never mix")
	// ErrConflict says that the change contradicts what is already recorded.
	ErrConflict = errors.New("conflict")
)

// AmbiguousError carries the candidates a name may mean. It matches ErrAmbiguous.
type AmbiguousError struct {
	// Name is the name as it was asked.
	Name string
	// Candidates are all things it may mean, best first.
	Candidates []Candidate
}

// Error says that the name is ambiguous, without listing the candidates.
func (e *AmbiguousError) Error() string { return "name " + e.Name + " is ambiguous" }

// Unwrap lets errors.Is find ErrAmbiguous.
func (e *AmbiguousError) Unwrap() error { return ErrAmbiguous }
