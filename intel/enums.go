package intel

import "slices"

// Kind is what happened in an incident.
type Kind string

// The kinds of incident, as in the command-line and HTTP contracts.
const (
	KindRansomware      Kind = "ransomware"
	KindExtortion       Kind = "extortion"
	KindDataBreach      Kind = "data-breach"
	KindDDoS            Kind = "ddos"
	KindDefacement      Kind = "defacement"
	KindDestructive     Kind = "destructive"
	KindAccountTakeover Kind = "account-takeover"
	KindMalware         Kind = "malware"
	KindPhishing        Kind = "phishing"
	KindExploitation    Kind = "vulnerability-exploitation"
	KindEspionage       Kind = "espionage"
	KindTheft           Kind = "theft"
	KindFraud           Kind = "fraud"
	KindSupplyChain     Kind = "supply-chain"
	KindDisruption      Kind = "disruption"
	KindIntrusion       Kind = "intrusion"
	KindOther           Kind = "other"
)

// Kinds lists every Kind.
func Kinds() []Kind {
	return []Kind{
		KindRansomware, KindExtortion, KindDataBreach, KindDDoS, KindDefacement, KindDestructive, KindAccountTakeover, KindMalware,
		KindPhishing, KindExploitation, KindEspionage, KindTheft, KindFraud, KindSupplyChain, KindDisruption, KindIntrusion, KindOther,
	}
}

// Valid reports whether k is one of Kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Facet is the side of an incident that a claim speaks to.
type Facet string

// The facets.
const (
	// FacetEvent: it happened.
	FacetEvent Facet = "event"
	// FacetAttribution: who did it.
	FacetAttribution Facet = "attribution"
	// FacetImpact: what was taken or broken.
	FacetImpact Facet = "impact"
)

// Facets lists every Facet.
func Facets() []Facet { return []Facet{FacetEvent, FacetAttribution, FacetImpact} }

// Valid reports whether f is one of Facets.
func (f Facet) Valid() bool { return slices.Contains(Facets(), f) }

// Stance is how a speaker stands to what a claim says.
type Stance string

// The stances.
const (
	StanceReported   Stance = "reported"
	StanceClaimed    Stance = "claimed"
	StanceAttributed Stance = "attributed"
	StanceConfirmed  Stance = "confirmed"
	StanceDenied     Stance = "denied"
	StanceDisputed   Stance = "disputed"
	StanceRetracted  Stance = "retracted"
)

// Stances lists every Stance.
func Stances() []Stance {
	return []Stance{StanceReported, StanceClaimed, StanceAttributed, StanceConfirmed, StanceDenied, StanceDisputed, StanceRetracted}
}

// Valid reports whether s is one of Stances.
func (s Stance) Valid() bool { return slices.Contains(Stances(), s) }

// SpeakerKind is what kind of party made a claim; it is also the kind of an origin.
type SpeakerKind string

// The kinds of speaker.
const (
	SpeakerActor      SpeakerKind = "actor"
	SpeakerVictim     SpeakerKind = "victim"
	SpeakerGovernment SpeakerKind = "government"
	SpeakerCourt      SpeakerKind = "court"
	SpeakerVendor     SpeakerKind = "vendor"
	SpeakerMedia      SpeakerKind = "media"
)

// SpeakerKinds lists every SpeakerKind.
func SpeakerKinds() []SpeakerKind {
	return []SpeakerKind{SpeakerActor, SpeakerVictim, SpeakerGovernment, SpeakerCourt, SpeakerVendor, SpeakerMedia}
}

// Valid reports whether k is one of SpeakerKinds.
func (k SpeakerKind) Valid() bool { return slices.Contains(SpeakerKinds(), k) }

// Precision is how exactly a time is known.
type Precision string

// The precisions; PrecisionSecond is for instants only (published with a clock time).
const (
	PrecisionSecond  Precision = "second"
	PrecisionDay     Precision = "day"
	PrecisionWeek    Precision = "week"
	PrecisionMonth   Precision = "month"
	PrecisionQuarter Precision = "quarter"
	PrecisionYear    Precision = "year"
	PrecisionUnknown Precision = "unknown"
)

// Precisions lists the precisions an incident's time may have.
func Precisions() []Precision {
	return []Precision{PrecisionDay, PrecisionWeek, PrecisionMonth, PrecisionQuarter, PrecisionYear, PrecisionUnknown}
}

// Valid reports whether p is a precision of an incident's time.
func (p Precision) Valid() bool { return slices.Contains(Precisions(), p) }

// Role is the part an organisation plays in an incident.
type Role string

// The roles.
const (
	RoleTarget       Role = "target"
	RoleProvider     Role = "provider"
	RoleCustomer     Role = "customer"
	RoleImpersonated Role = "impersonated"
)

// Roles lists every Role.
func Roles() []Role { return []Role{RoleTarget, RoleProvider, RoleCustomer, RoleImpersonated} }

// Valid reports whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// ActorKind is what sort of thing carries an actor's name.
type ActorKind string

// The kinds of actor.
const (
	ActorGroup    ActorKind = "group"
	ActorBrand    ActorKind = "ransomware-brand"
	ActorUmbrella ActorKind = "umbrella"
	ActorPersona  ActorKind = "persona"
	ActorCluster  ActorKind = "cluster"
)

// ActorKinds lists every ActorKind.
func ActorKinds() []ActorKind {
	return []ActorKind{ActorGroup, ActorBrand, ActorUmbrella, ActorPersona, ActorCluster}
}

// Valid reports whether k is one of ActorKinds.
func (k ActorKind) Valid() bool { return slices.Contains(ActorKinds(), k) }

// RelationType is how one actor stands to another, or to software.
type RelationType string

// The relation types.
const (
	RelMemberOf     RelationType = "member-of"
	RelPartOf       RelationType = "part-of"
	RelOverlaps     RelationType = "overlaps"
	RelRebrandOf    RelationType = "rebrand-of"
	RelSuccessorOf  RelationType = "successor-of"
	RelCollaborates RelationType = "collaborates"
	RelImpersonates RelationType = "impersonates"
	RelOperates     RelationType = "operates"
)

// RelationTypes lists every RelationType.
func RelationTypes() []RelationType {
	return []RelationType{RelMemberOf, RelPartOf, RelOverlaps, RelRebrandOf, RelSuccessorOf, RelCollaborates, RelImpersonates, RelOperates}
}

// Valid reports whether t is one of RelationTypes.
func (t RelationType) Valid() bool { return slices.Contains(RelationTypes(), t) }

// Extent is how much of an actor a name covers.
type Extent string

// The extents.
const (
	ExtentExact    Extent = "exact"
	ExtentPartial  Extent = "partial"
	ExtentDisputed Extent = "disputed"
)

// Extents lists every Extent.
func Extents() []Extent { return []Extent{ExtentExact, ExtentPartial, ExtentDisputed} }

// Valid reports whether e is one of Extents.
func (e Extent) Valid() bool { return slices.Contains(Extents(), e) }

// MatchPolicy says how a name may be matched in running text.
type MatchPolicy string

// The match policies.
const (
	// MatchAlways: the name alone is enough.
	MatchAlways MatchPolicy = "always"
	// MatchCue: only with a cue word (ransomware, gang, group, hackers …) near by, and with its capitals.
	MatchCue MatchPolicy = "cue"
	// MatchCase: only in the spelling recorded (capitals matter).
	MatchCase MatchPolicy = "case"
	// MatchNever: never in text; only when somebody asks for exactly this name.
	MatchNever MatchPolicy = "never"
)

// MatchPolicies lists every MatchPolicy.
func MatchPolicies() []MatchPolicy {
	return []MatchPolicy{MatchAlways, MatchCue, MatchCase, MatchNever}
}

// Valid reports whether m is one of MatchPolicies.
func (m MatchPolicy) Valid() bool { return slices.Contains(MatchPolicies(), m) }

// ObservableType is the type of an indicator as found in text.
type ObservableType string

// The observable types.
const (
	ObservableIPv4   ObservableType = "ipv4"
	ObservableIPv6   ObservableType = "ipv6"
	ObservableDomain ObservableType = "domain"
	ObservableURL    ObservableType = "url"
	ObservableEmail  ObservableType = "email"
	ObservableMD5    ObservableType = "md5"
	ObservableSHA1   ObservableType = "sha1"
	ObservableSHA256 ObservableType = "sha256"
)

// ObservableTypes lists every ObservableType.
func ObservableTypes() []ObservableType {
	return []ObservableType{
		ObservableIPv4, ObservableIPv6, ObservableDomain, ObservableURL, ObservableEmail, ObservableMD5, ObservableSHA1, ObservableSHA256,
	}
}

// Valid reports whether t is one of ObservableTypes.
func (t ObservableType) Valid() bool { return slices.Contains(ObservableTypes(), t) }

// TLP is a Traffic Light Protocol 2.0 label (FIRST, 2022).
type TLP string

// The TLP labels, from most to least shareable.
const (
	TLPClear       TLP = "CLEAR"
	TLPGreen       TLP = "GREEN"
	TLPAmber       TLP = "AMBER"
	TLPAmberStrict TLP = "AMBER+STRICT"
	TLPRed         TLP = "RED"
)

// TLPs lists every TLP from most to least shareable.
func TLPs() []TLP { return []TLP{TLPClear, TLPGreen, TLPAmber, TLPAmberStrict, TLPRed} }

// Valid reports whether t is one of TLPs.
func (t TLP) Valid() bool { return slices.Contains(TLPs(), t) }

// Allows reports whether a record marked other may be shown where at most t is allowed. The empty label counts as CLEAR.
func (t TLP) Allows(other TLP) bool {
	if other == "" {
		return true
	}
	return slices.Index(TLPs(), other) <= slices.Index(TLPs(), t)
}

// DecisionKind is what a person decided.
type DecisionKind string

// The kinds of decision.
const (
	DecideMerge      DecisionKind = "merge"
	DecideSplit      DecisionKind = "split"
	DecideNotVictim  DecisionKind = "not-victim"
	DecideWrongActor DecisionKind = "wrong-actor"
	DecideCorrection DecisionKind = "correction"
	DecidePurge      DecisionKind = "purge"
	DecideUndo       DecisionKind = "undo"
)

// DecisionKinds lists every DecisionKind.
func DecisionKinds() []DecisionKind {
	return []DecisionKind{DecideMerge, DecideSplit, DecideNotVictim, DecideWrongActor, DecideCorrection, DecidePurge, DecideUndo}
}

// Valid reports whether k is one of DecisionKinds.
func (k DecisionKind) Valid() bool { return slices.Contains(DecisionKinds(), k) }
