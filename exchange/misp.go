package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// mispVictim is the template of MISP's victim object.
const (
	mispVictim        = "a8806e40-39ad-435f-be02-ac2a13d6fc7d"
	mispVictimVersion = "10"
)

// mispEvent is a MISP event as feeds and imports read it.
type mispEvent struct {
	UUID      string `json:"uuid"`
	Info      string `json:"info"`
	Date      string `json:"date"`
	Timestamp string `json:"timestamp"`
	// PublishTimestamp equals Timestamp: an event is published as it is.
	PublishTimestamp string          `json:"publish_timestamp"`
	Published        bool            `json:"published"`
	Analysis         string          `json:"analysis"`
	ThreatLevel      string          `json:"threat_level_id"`
	Distribution     string          `json:"distribution"`
	Extends          string          `json:"extends_uuid"`
	Orgc             mispOrg         `json:"Orgc"`
	Tag              []mispTag       `json:"Tag"`
	Attribute        []mispAttribute `json:"Attribute"`
	Object           []mispObject    `json:"Object"`
	EventReport      []mispReport    `json:"EventReport,omitempty"`
}

type mispOrg struct {
	Name string `json:"name"`
	UUID string `json:"uuid"`
}

type mispTag struct {
	Name   string `json:"name"`
	Colour string `json:"colour"`
}

type mispAttribute struct {
	UUID               string    `json:"uuid"`
	Type               string    `json:"type"`
	Category           string    `json:"category"`
	Value              string    `json:"value"`
	Comment            string    `json:"comment"`
	ToIDs              bool      `json:"to_ids"`
	DisableCorrelation bool      `json:"disable_correlation"`
	Timestamp          string    `json:"timestamp"`
	Distribution       string    `json:"distribution"`
	ObjectRelation     string    `json:"object_relation,omitempty"`
	Tag                []mispTag `json:"Tag,omitempty"`
}

type mispObject struct {
	UUID            string          `json:"uuid"`
	Name            string          `json:"name"`
	MetaCategory    string          `json:"meta-category"`
	Description     string          `json:"description"`
	TemplateUUID    string          `json:"template_uuid"`
	TemplateVersion string          `json:"template_version"`
	Timestamp       string          `json:"timestamp"`
	Distribution    string          `json:"distribution"`
	Attribute       []mispAttribute `json:"Attribute"`
}

type mispReport struct {
	UUID         string `json:"uuid"`
	Name         string `json:"name"`
	Content      string `json:"content"`
	Timestamp    string `json:"timestamp"`
	Distribution string `json:"distribution"`
}

func mispProducer() mispOrg { return mispOrg{"rapsheet", intel.UUIDv5("misp", "org", "rapsheet")} }

// newMispEvent begins an event; id names it for ever. Its day is that of the record, never of the export.
func newMispEvent(id, info string, day intel.Date, changed time.Time) *mispEvent {
	at := strconv.FormatInt(changed.Unix(), 10)
	if day.IsZero() {
		day = intel.DateOf(changed)
	}
	return &mispEvent{
		UUID: intel.UUIDv5("misp", "event", id), Info: info, Date: day.String(), Timestamp: at, PublishTimestamp: at, Published: true, Analysis: "2", ThreatLevel: "4", Distribution: "3",
		Orgc: mispProducer(), Tag: []mispTag{{"tlp:clear", "#ffffff"}}, Attribute: []mispAttribute{}, Object: []mispObject{},
	}
}

func (e *mispEvent) tag(names ...string) {
	for _, n := range names {
		e.Tag = append(e.Tag, mispTag{n, "#606060"})
	}
}

// attribute makes an attribute that nobody's detection uses and that joins no events by a name.
func (e *mispEvent) attribute(kind, category, value, comment string) mispAttribute {
	return mispAttribute{
		UUID: intel.UUIDv5("misp", "attribute", e.UUID, kind, value), Type: kind, Category: category, Value: value, Comment: comment,
		DisableCorrelation: kind != "link", Timestamp: e.Timestamp, Distribution: "5",
	}
}

// galaxyTag is the tag of a MISP galaxy cluster. MISP finds the cluster by the name; a quote would end it early.
func galaxyTag(name string) string {
	return `misp-galaxy:threat-actor="` + strings.ReplaceAll(name, `"`, "'") + `"`
}

// incident adds a victim object and tags that say where the incident stands.
func (e *mispEvent) incident(in intel.Incident, v intel.Victim) {
	if in.Victim.Name == "" {
		return
	}
	o := mispObject{
		UUID: intel.UUIDv5("misp", "object", e.UUID, in.ID), Name: "victim", MetaCategory: "misc", Description: incidentText(in), TemplateUUID: mispVictim, TemplateVersion: mispVictimVersion,
		Timestamp: e.Timestamp, Distribution: "5",
	}
	add := func(relation, kind, category, value string) {
		if value != "" {
			a := e.attribute(kind, category, value, "answer of the organisation: "+cmp.Or(in.VictimAnswer, noAnswer))
			a.UUID, a.ObjectRelation = intel.UUIDv5("misp", "attribute", o.UUID, relation, value), relation
			o.Attribute = append(o.Attribute, a)
		}
	}
	add("name", "target-org", "Targeting data", in.Victim.Name)
	add("description", "text", "Other", incidentText(in))
	add("sectors", "text", "Other", cmp.Or(in.Sector, v.Sector))
	add("regions", "target-location", "Targeting data", cmp.Or(in.Country, v.Country))
	add("classification", "text", "Other", "organization")
	e.Object = append(e.Object, o)
}

// mispShape is an event about one answer. A galaxy tag is given only where the value means one actor for sure.
func mispShape(r intel.EnrichResult, k Known) any {
	e := newMispEvent("enrich\x1f"+r.Type+"\x1f"+r.Value, "rapsheet: "+r.Value+" ("+r.Status+")", intel.DateOf(k.At), k.At)
	e.tag("rapsheet:status=\"" + r.Status + "\"")
	if r.Status == "ambiguous" {
		e.tag("rapsheet:ambiguous")
	}
	if c, ok := sure(r); ok && c.Type == "actor" {
		e.tag(galaxyTag(c.Name))
	}
	for _, c := range r.Candidates {
		comment := c.Why
		if c.Withdrawn {
			comment += " [withdrawn]"
		}
		if r.Status == "ambiguous" {
			comment += " [ambiguous]"
		}
		kind, category := "threat-actor", "Attribution"
		switch c.Type {
		case "victim":
			kind, category = "target-org", "Targeting data"
		case "campaign":
			kind = "campaign-name"
		case "software":
			kind, category = "malware-type", "Payload delivery"
		}
		e.Attribute = append(e.Attribute, e.attribute(kind, category, c.Name, comment))
	}
	for _, in := range r.Incidents {
		e.incident(in, intel.Victim{})
		for _, l := range labels(in) {
			if t := "rapsheet:" + l; slices.Contains([]string{"claim-only", "denied"}, l) && !slices.ContainsFunc(e.Tag, func(o mispTag) bool { return o.Name == t }) {
				e.tag(t)
			}
		}
	}
	return map[string]any{"Event": e}
}
