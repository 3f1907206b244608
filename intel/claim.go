package intel

import "time"

// Ref names a thing: its id where one is known, and the name as text gave it.
type Ref struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
}

// Speaker is who said something.
type Speaker struct {
	Name string      `json:"name"`
	Kind SpeakerKind `json:"kind"`
}

// Called is the name to show of a speaker; a report of no known publisher speaks as "the report".
func (s Speaker) Called() string {
	if s.Name == "" {
		return "the report"
	}
	return s.Name
}

// Span is a place in a report's text, in Unicode code points, End exclusive.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Statement is one assertion in one sentence as the extractor emits it.
type Statement struct {
	Facet  Facet   `json:"facet"`
	Stance Stance  `json:"stance"`
	SaidBy Speaker `json:"said_by"`
	// Quote is the sentence, verbatim; it equals the text between Start and End.
	Quote string `json:"quote"`
	Span
	Confidence float64 `json:"-"`
	// Actor and Victim narrow the statement to one of the finding's actors or victims by name; empty means all of them.
	Actor  string `json:"-"`
	Victim string `json:"-"`
}

// VictimRef is an organisation in an incident, with the part it plays.
type VictimRef struct {
	Ref
	Role Role `json:"role,omitempty"`
	// Aliases are other names of it met in the same report.
	Aliases []string `json:"aliases,omitempty"`
	Domains []string `json:"domains,omitempty"`
	Span    Span     `json:"-"`
}

// ActorRef is an actor in an incident.
type ActorRef struct {
	Ref
	// Via is "brand" where the text names a ransomware brand and its operator is meant.
	Via string `json:"via,omitempty"`
}

// FacetStatus is what is known of each side of an incident; a facet nobody spoke to is empty.
type FacetStatus struct {
	Event       Stance `json:"event,omitempty"`
	Attribution Stance `json:"attribution,omitempty"`
	Impact      Stance `json:"impact,omitempty"`
}

// Finding is one incident as one report tells it: what extract emits.
type Finding struct {
	Actors     []ActorRef  `json:"actors"`
	Victims    []VictimRef `json:"victims"`
	Kind       Kind        `json:"kind"`
	Kinds      []Kind      `json:"kinds"`
	Status     Stance      `json:"status"`
	Facets     FacetStatus `json:"facets"`
	Sector     string      `json:"sector"`
	Country    string      `json:"country"`
	Occurred   Interval    `json:"occurred"`
	Confidence float64     `json:"confidence"`
	Claims     []Statement `json:"claims"`
}

// Mention is a named thing in a text: an actor, software, CVE or technique.
type Mention struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	Span
}

// Observable is an indicator as found, refanged.
type Observable struct {
	Type  ObservableType `json:"type"`
	Value string         `json:"value"`
	// Role is attacker, victim, reference or unknown.
	Role string `json:"role,omitempty"`
	Span
}

// Extraction is everything read from one report.
type Extraction struct {
	Incidents   []Finding    `json:"incidents"`
	Actors      []Mention    `json:"actors"`
	Software    []Mention    `json:"software"`
	Observables []Observable `json:"observables"`
	CVEs        []Mention    `json:"cves"`
	Techniques  []Mention    `json:"techniques"`
	Relations   []Relation   `json:"relations,omitempty"`
	// Extractor is the version of the extractor that made it.
	Extractor string `json:"-"`
}

// Claim is one assertion in one sentence of one report, as the store keeps it for ever.
type Claim struct {
	// ID is UUIDv5 of report, sentence text, facet, subject and victim.
	ID         string  `json:"id"`
	ReportID   string  `json:"report_id"`
	IncidentID string  `json:"incident_id"`
	Facet      Facet   `json:"facet"`
	Stance     Stance  `json:"stance"`
	SaidBy     Speaker `json:"said_by"`
	// Actor is the subject, empty when nobody is named; Victim is empty when no organisation is.
	Actor    ActorRef  `json:"actor"`
	Victim   VictimRef `json:"victim"`
	Kind     Kind      `json:"kind"`
	Kinds    []Kind    `json:"kinds,omitempty"`
	Occurred Interval  `json:"occurred"`
	Sector   string    `json:"sector,omitempty"`
	Country  string    `json:"country,omitempty"`
	Quote    string    `json:"quote"`
	Span
	Confidence float64 `json:"confidence"`
	// Published is the report's date when it was saved.
	Published Moment `json:"published"`
	Extractor string `json:"extractor"`
	// RecordedFrom and RecordedTo bound when rapsheet held it; RecordedTo is zero while it still does.
	RecordedFrom time.Time `json:"recorded_from"`
	RecordedTo   time.Time `json:"recorded_to,omitzero"`
	// Origin names the speaker it goes back to (see ledger); Credibility is Admiralty 1–6.
	Origin      string `json:"origin,omitempty"`
	Credibility int    `json:"credibility,omitempty"`
	TLP         TLP    `json:"tlp,omitempty"`
}

// HeldAt reports whether the claim was on record at t; the zero time means now.
func (c Claim) HeldAt(t time.Time) bool {
	if t.IsZero() {
		return c.RecordedTo.IsZero()
	}
	return !c.RecordedFrom.After(t) && (c.RecordedTo.IsZero() || c.RecordedTo.After(t))
}

// Incident is claims about one event at one victim, assembled. Its status is computed from its claims and never overwrites them.
type Incident struct {
	// ID is minted once and stored; re-extraction keeps it.
	ID       string      `json:"id"`
	Victim   VictimRef   `json:"victim"`
	Actors   []ActorRef  `json:"actors"`
	Kind     Kind        `json:"kind"`
	Kinds    []Kind      `json:"kinds"`
	Sector   string      `json:"sector,omitempty"`
	Country  string      `json:"country,omitempty"`
	Occurred Interval    `json:"occurred"`
	Status   Stance      `json:"status"`
	Facets   FacetStatus `json:"facets"`
	// VictimAnswer is the victim's latest word: confirmed, denied, or none found.
	VictimAnswer string `json:"victim_answer"`
	// ClaimOnly says that nobody but the actor speaks for it.
	ClaimOnly    bool `json:"claim_only"`
	Corroborated bool `json:"corroborated"`
	// Origins counts independent origins by kind of speaker.
	Origins map[SpeakerKind]int `json:"origins"`
	// Reports are the ids of the reports that tell of it.
	Reports       []string  `json:"reports"`
	FirstReported Moment    `json:"first_reported"`
	LastReported  Moment    `json:"last_reported"`
	Confidence    float64   `json:"confidence"`
	Reviewed      bool      `json:"reviewed,omitempty"`
	MergedInto    string    `json:"merged_into,omitempty"`
	RecordedFrom  time.Time `json:"recorded_from"`
	Demo          bool      `json:"demo,omitempty"`
}

// Decision is what a person decided.
type Decision struct {
	ID   string       `json:"id"`
	Kind DecisionKind `json:"kind"`
	// Subject is the id decided about (incident, actor, victim, report, or the decision an undo takes back); Object the other side of a merge.
	Subject string `json:"subject"`
	Object  string `json:"object,omitempty"`
	// Field and Value carry a correction; Claims the claims a split moves.
	Field  string    `json:"field,omitempty"`
	Value  string    `json:"value,omitempty"`
	Claims []string  `json:"claims,omitempty"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	// UndoneAt is when it was taken back.
	UndoneAt time.Time `json:"undone_at,omitzero"`
	TLP      TLP       `json:"tlp"`
}
