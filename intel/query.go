package intel

import (
	"context"
	"time"
)

// Query is a question to the index. Zero fields do not restrict.
type Query struct {
	// Text is the search text (query language of the index).
	Text string
	// Actor and Victim take an id or any unambiguous name.
	Actor, Victim string
	Sector        string
	Country       string
	Kind          Kind
	Status        Stance
	Source        string
	Language      string
	CVE           string
	Technique     string
	Observable    string
	// From and To are inclusive days in UTC on the time field TimeField: occurred (else published), published or recorded.
	From, To  Date
	TimeField string
	// AsOf answers what was recorded by then; zero is now.
	AsOf time.Time
	// ExpandMembers adds the reports of an umbrella's members, labelled, within the time of the relation.
	ExpandMembers bool
	MinConfidence float64
	// MaxTLP hides records above it; empty is CLEAR.
	MaxTLP TLP
	// Sort is relevance, newest or oldest; empty is relevance with text and newest without.
	Sort   string
	Limit  int
	Cursor string
	// Facets asks for counts by actor, victim, sector, country, kind, status, source, language or year.
	Facets []string
}

// Page is one page of a list.
type Page[T any] struct {
	Items      []T                `json:"items"`
	NextCursor string             `json:"next_cursor,omitempty"`
	Total      int                `json:"total"`
	Facets     map[string][]Count `json:"facets,omitempty"`
	Coverage   Coverage           `json:"coverage"`
}

// Count is one value of a facet.
type Count struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty"`
	Count int    `json:"count"`
	// VictimAnswer is the latest answer of an organisation that is counted.
	VictimAnswer string `json:"victim_answer,omitempty"`
}

// Why explains a match.
type Why struct {
	// Field is title, text, actor, victim, member, cve, observable or filter.
	Field string `json:"field"`
	// Matched is what matched, Of whose name it is.
	Matched string `json:"matched,omitempty"`
	Of      string `json:"of,omitempty"`
}

// Hit is one report found.
type Hit struct {
	ReportID  string `json:"report_id"`
	Title     string `json:"title"`
	URL       string `json:"url"`
	SourceID  string `json:"source_id"`
	Publisher string `json:"publisher"`
	Published Moment `json:"published"`
	Language  string `json:"language"`
	Actors    []Ref  `json:"actors"`
	Victims   []Ref  `json:"victims"`
	// Highlights are short defanged excerpts, at most 240 characters each, with the matches between « and ».
	Highlights []string   `json:"highlights,omitempty"`
	Why        []Why      `json:"why"`
	Incidents  []Incident `json:"incidents"`
	Score      float64    `json:"score,omitempty"`
	Demo       bool       `json:"demo,omitempty"`
}

// Summary is a history in numbers.
type Summary struct {
	Incidents      int     `json:"incidents"`
	LastReported   Moment  `json:"last_reported"`
	FirstReported  Moment  `json:"first_reported"`
	Reports        int     `json:"reports"`
	ClaimOnly      int     `json:"claim_only"`
	Denied         int     `json:"denied"`
	Corroborated   int     `json:"corroborated"`
	Origins        int     `json:"origins"`
	Sectors        []Count `json:"sectors"`
	Countries      []Count `json:"countries"`
	BelowThreshold int     `json:"below_threshold"`
}

// ActorProfile is an actor with its history in numbers. MergedInto is set when the asked id was merged.
type ActorProfile struct {
	Actor
	Summary Summary `json:"summary"`
	// Members are the actors united by this umbrella; Umbrellas those it belongs to.
	Members   []Relation `json:"members,omitempty"`
	Umbrellas []Relation `json:"umbrellas,omitempty"`
}

// VictimProfile is a victim with its history in numbers. Its sector and country are those that the store found best supported,
// unless a person corrected them.
type VictimProfile struct {
	Victim
	Summary Summary `json:"summary"`
	// VictimAnswer is what the organisation said last of an incident, the newest first: confirmed, denied, or none found.
	VictimAnswer string `json:"victim_answer"`
	// SectorsReported and CountriesReported count the reports that give each value, most first: more than one differ.
	SectorsReported   []Count `json:"sectors_reported"`
	CountriesReported []Count `json:"countries_reported"`
}

// IncidentDetail is an incident with its claims and the reports they rest on. Via says through which member of an umbrella it
// was found.
type IncidentDetail struct {
	Incident
	Via    string        `json:"via,omitempty"`
	Claims []ClaimDetail `json:"claims"`
}

// ClaimDetail is a claim with the report it rests on.
type ClaimDetail struct {
	Claim
	Title     string `json:"title"`
	URL       string `json:"url"`
	Publisher string `json:"publisher"`
}

// Suggestion is one type-ahead answer.
type Suggestion struct {
	// Type is actor, victim or query.
	Type  string `json:"type"`
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	Why   string `json:"why,omitempty"`
	Count int    `json:"count"`
	// VictimAnswer is the latest answer of an organisation.
	VictimAnswer string `json:"victim_answer,omitempty"`
}

// EnrichItem is one value to resolve or enrich.
type EnrichItem struct {
	ID string `json:"id,omitempty"`
	// Type is actor, victim, domain, url, ip, hash, email, cve, technique, software, campaign or text; empty means detect.
	Type  string `json:"type,omitempty"`
	Value string `json:"value"`
}

// EnrichResult answers one item.
type EnrichResult struct {
	ID    string `json:"id,omitempty"`
	Value string `json:"value"`
	Type  string `json:"type"`
	// Status is found, ambiguous, not_found or invalid.
	Status     string      `json:"status"`
	Candidates []Candidate `json:"candidates"`
	Summary    *Summary    `json:"summary,omitempty"`
	// Incidents are the latest incidents, newest first, at most ten.
	Incidents []Incident `json:"incidents,omitempty"`
	// Problem says why an item is invalid and how to mend it.
	Problem string `json:"problem,omitempty"`
	// Why says why a name is unsafe to resolve automatically: who gives it to whom.
	Why []string `json:"why,omitempty"`
	// Named answers for each thing that stands in a free text, in the order of the text, as if it had been asked for alone.
	Named []EnrichResult `json:"named,omitempty"`
}

// EnrichOptions are the options of a resolve or enrich call.
type EnrichOptions struct {
	AsOf          time.Time
	ExpandMembers bool
	// MinConfidence hides incidents below it (they are counted in below_threshold).
	MinConfidence float64
	MaxCandidates int
	MaxTLP        TLP
}

// Searcher finds reports and lists things. Every method gives ErrInvalid for a query or cursor that breaks a rule, and
// ErrNotFound or *AmbiguousError for an Actor or Victim that names nothing or several.
type Searcher interface {
	Search(ctx context.Context, q Query) (Page[Hit], error)
	Incidents(ctx context.Context, q Query) (Page[IncidentDetail], error)
	Actors(ctx context.Context, q Query) (Page[ActorProfile], error)
	Victims(ctx context.Context, q Query) (Page[VictimProfile], error)
	Suggest(ctx context.Context, text string, limit int) ([]Suggestion, error)
}

// Profiler answers about one thing by id or unambiguous name. ErrNotFound, ErrPurged, *AmbiguousError.
type Profiler interface {
	Actor(ctx context.Context, idOrName string, q Query) (ActorProfile, error)
	Victim(ctx context.Context, idOrName string, q Query) (VictimProfile, error)
	Incident(ctx context.Context, id string, q Query) (IncidentDetail, error)
	Report(ctx context.Context, id string, q Query) (Record, error)
	Sources(ctx context.Context) ([]SourceHealth, error)
}

// Enricher answers the SIEM from memory.
type Enricher interface {
	// Resolve says what each value may mean, in input order.
	Resolve(ctx context.Context, items []EnrichItem, o EnrichOptions) ([]EnrichResult, error)
	// Enrich resolves each value and adds its history, in input order.
	Enrich(ctx context.Context, items []EnrichItem, o EnrichOptions) ([]EnrichResult, error)
	// Conflicts lists every name that is unsafe to resolve automatically.
	Conflicts(ctx context.Context) ([]EnrichResult, error)
}

// Status says how fresh the index is.
type Status interface {
	// Generation moves when a report, claim, decision or a source's health state changes; At is when it last moved.
	Generation() (gen uint64, at time.Time)
	// Seq is the last change applied.
	Seq() int64
	Coverage() Coverage
}

// Reader is all that the index answers.
type Reader interface {
	Searcher
	Profiler
	Enricher
	Status
}
