package intel

// Name is one assertion that somebody calls an actor by this string. Names are many-to-many: two actors may share one, and
// nothing is merged because of it.
type Name struct {
	// Name is the string as its user writes it.
	Name string `json:"name"`
	// UsedBy is the organisation that uses it (a vendor, the actor itself, "MISP galaxy"); empty when nobody recorded it.
	UsedBy string `json:"used_by,omitempty"`
	// Source is the catalogue or reference the assertion comes from, for example "misp-galaxy" or "attack".
	Source string `json:"source"`
	// Extent is how much of the actor the name covers.
	Extent Extent `json:"extent"`
	// Match says how the name may be matched in running text.
	Match MatchPolicy `json:"match"`
	// FirstAsserted and LastAsserted bound when the assertion is known to have been made.
	FirstAsserted Date `json:"first_asserted,omitzero"`
	LastAsserted  Date `json:"last_asserted,omitzero"`
	// Withdrawn says that the source no longer asserts it.
	Withdrawn bool `json:"withdrawn,omitempty"`
}

// Relation is a typed, dated, sourced link from one actor to another actor or software.
type Relation struct {
	From   string       `json:"from"`
	Type   RelationType `json:"type"`
	To     string       `json:"to"`
	Since  Date         `json:"since,omitzero"`
	Until  Date         `json:"until,omitzero"`
	Source string       `json:"source"`
	// Quote is the sentence it rests on when it was read in a report.
	Quote      string  `json:"quote,omitempty"`
	ReportID   string  `json:"report_id,omitempty"`
	Start      int     `json:"start,omitempty"`
	End        int     `json:"end,omitempty"`
	Confidence float64 `json:"confidence,omitempty"`
}

// Reference is a public document that a record rests on.
type Reference struct {
	Title string `json:"title,omitempty" yaml:"title"`
	URL   string `json:"url" yaml:"url"`
	// Opened is the day a person or program opened it; an unopened reference is unverified and never printed as a source.
	Opened Date `json:"opened,omitzero" yaml:"-"`
}

// Actor is a threat actor as catalogues and reports name it.
type Actor struct {
	// ID is a slug of the primary name; it does not depend on the order of imports and is never reused.
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Kind ActorKind `json:"kind"`
	// Names holds every name, the primary one included.
	Names []Name `json:"names"`
	// Country is the suspected origin, ISO 3166-1 alpha-2, as its catalogues assert it; empty when unknown.
	Country    string   `json:"country,omitempty"`
	Motivation []string `json:"motivation,omitempty"`
	// ExternalIDs are ids in other catalogues, such as {"attack": ["G1015"], "misp-galaxy": ["uuid"]}.
	ExternalIDs map[string][]string `json:"external_ids,omitempty"`
	Relations   []Relation          `json:"relations,omitempty"`
	References  []Reference         `json:"references,omitempty"`
	// Origin says where the record comes from: "curated", "misp-galaxy", "attack", "microsoft" or "reported" (met in reports only).
	Origin string `json:"origin"`
	// Reviewed says that a person of the project reviewed the record.
	Reviewed bool `json:"reviewed,omitempty"`
	// MergedInto is the id a person merged this actor into.
	MergedInto string `json:"merged_into,omitempty"`
	Withdrawn  bool   `json:"withdrawn,omitempty"`
	Demo       bool   `json:"demo,omitempty"`
}

// Software is malware, a tool or a ransomware brand, kept apart from the actors that use it.
type Software struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Names []string `json:"names,omitempty"`
	// Kind is malware, tool or ransomware-brand.
	Kind string `json:"kind"`
	// OperatedBy and UsedBy are actor ids.
	OperatedBy []string `json:"operated_by,omitempty"`
	UsedBy     []string `json:"used_by,omitempty"`
	Source     string   `json:"source"`
}

// Technique is an ATT&CK technique.
type Technique struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Campaign is a named series of intrusions, kept apart from the actors behind it.
type Campaign struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Names []string `json:"names,omitempty"`
	// FirstSeen and LastSeen bound it as its source dates it.
	FirstSeen Date `json:"first_seen,omitzero"`
	LastSeen  Date `json:"last_seen,omitzero"`
	// AttributedTo are actor ids.
	AttributedTo []string `json:"attributed_to,omitempty"`
	Source       string   `json:"source"`
}

// Join says that a record of a catalogue was found to be the same actor as another catalogue's, one to one, and why.
type Join struct {
	Actor string `json:"actor"`
	// Origin and Record name the record that was joined: its catalogue and its id or name there.
	Origin string `json:"origin"`
	Record string `json:"record"`
	Why    string `json:"why"`
	// At is the day on which it was first joined here.
	At Date `json:"at,omitzero"`
}

// Key names the joined record in a decision that splits it off: "attack:G0007".
func (j Join) Key() string { return j.Origin + ":" + j.Record }

// Catalogue is a set of facts about who is who, as embedded or imported.
type Catalogue struct {
	Actors     []Actor     `json:"actors"`
	Software   []Software  `json:"software,omitempty"`
	Techniques []Technique `json:"techniques,omitempty"`
	Campaigns  []Campaign  `json:"campaigns,omitempty"`
	// Joins are the joins that made the actors of several catalogues one.
	Joins []Join `json:"joins,omitempty"`
	// Version tells two catalogues apart: source and digest.
	Version string `json:"version"`
}

// Victim is an organisation that reports name as one.
type Victim struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Names are all names and acronyms met, the primary one included.
	Names   []string `json:"names"`
	Domains []string `json:"domains,omitempty"`
	// Sector is an ISIC rev. 4 section name; SectorOV the STIX industry-sector-ov value beside it.
	Sector   string `json:"sector,omitempty"`
	SectorOV string `json:"sector_ov,omitempty"`
	Country  string `json:"country,omitempty"`
	// Parent names the organisation it belongs to.
	Parent     string `json:"parent,omitempty"`
	MergedInto string `json:"merged_into,omitempty"`
	Demo       bool   `json:"demo,omitempty"`
}

// Candidate is one thing a name may mean.
type Candidate struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Type is actor, victim, software or campaign.
	Type string `json:"type"`
	// Match is exact, alias, folded or partial; mentioned where the name stands in a free text.
	Match string `json:"match"`
	// Why explains the match in words.
	Why string `json:"why"`
	// UsedBy lists who uses the matched name for this thing.
	UsedBy []string `json:"used_by,omitempty"`
	// Alone lists names that mean this thing and no other: what to ask for instead of the ambiguous name. Empty where one is meant.
	Alone      []string `json:"alone,omitempty"`
	Confidence float64  `json:"confidence"`
	// Withdrawn says that who asserted the name no longer does.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// FirstAsserted and LastAsserted are the first and the last day on which somebody is known to have said that the name means it.
	FirstAsserted Date `json:"first_asserted,omitzero"`
	LastAsserted  Date `json:"last_asserted,omitzero"`
	// VictimAnswer is the latest answer of an organisation, where a store answers.
	VictimAnswer string `json:"victim_answer,omitempty"`
}
