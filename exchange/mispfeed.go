package exchange

import (
	"bytes"
	"cmp"
	"crypto/md5" //nolint:gosec // MISP's hashes.csv is made of MD5; nothing is sealed with it
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// mispManifest is one line of manifest.json.
type mispManifest struct {
	Info        string    `json:"info"`
	Date        string    `json:"date"`
	Timestamp   string    `json:"timestamp"`
	Analysis    string    `json:"analysis"`
	ThreatLevel string    `json:"threat_level_id"`
	Orgc        mispOrg   `json:"Orgc"`
	Tag         []mispTag `json:"Tag"`
}

// MispManifest is the manifest.json of a MISP feed: one event an incident.
func (g *Graph) MispManifest() ([]byte, error) {
	all := map[string]mispManifest{}
	for _, id := range sortedKeys(g.incidents) {
		if e := g.mispEvent(id); e != nil {
			all[e.UUID] = mispManifest{e.Info, e.Date, e.Timestamp, e.Analysis, e.ThreatLevel, e.Orgc, e.Tag}
		}
	}
	return indented(all)
}

// MispHashes is the hashes.csv of a MISP feed: the MD5 of every value, and the event it stands in.
func (g *Graph) MispHashes() []byte {
	var lines []string
	for id := range g.incidents {
		e := g.mispEvent(id)
		if e == nil {
			continue
		}
		attributes := slices.Clone(e.Attribute)
		for _, o := range e.Object {
			attributes = append(attributes, o.Attribute...)
		}
		for _, a := range attributes {
			sum := md5.Sum([]byte(a.Value)) //nolint:gosec // see the import
			lines = append(lines, hex.EncodeToString(sum[:])+","+e.UUID)
		}
	}
	slices.Sort(lines)
	var b bytes.Buffer
	for _, l := range slices.Compact(lines) {
		b.WriteString(l + "\n")
	}
	return b.Bytes()
}

// MispEvent is the event with a UUID, or ErrNotFound.
func (g *Graph) MispEvent(uuid string) ([]byte, error) {
	for id := range g.incidents {
		if mispEventID(id) != uuid {
			continue
		}
		if e := g.mispEvent(id); e != nil {
			return indented(map[string]any{"Event": e})
		}
	}
	return nil, fmt.Errorf("exchange: misp event %s: %w", uuid, intel.ErrNotFound)
}

func mispEventID(incident string) string { return intel.UUIDv5("misp", "event", incident) }

// mispEvent is the event of an incident: nil when it may not be exported, empty and tagged as withdrawn when it no longer stands, since a
// feed cannot take an event back.
func (g *Graph) mispEvent(id string) *mispEvent {
	n := g.incidents[id]
	if !g.incidentLive(id) {
		if !ended(n.v) {
			return nil
		}
		e := newMispEvent(id, "(withdrawn)", intel.DateOf(n.v.RecordedFrom), n.stamp.At)
		e.tag("rapsheet:withdrawn")
		return e
	}
	in := n.v
	reports, told := g.storyOf(in)
	day := in.Occurred.From
	if day.IsZero() {
		day = in.LastReported.Date()
	}
	e := newMispEvent(id, incidentName(in), day, n.stamp.later(told).At)
	for _, l := range labels(in) {
		e.tag("rapsheet:" + l)
	}
	kind, weak := linkType(in)
	for _, a := range in.Actors {
		comment := linkText(in, a.Name)
		e.Attribute = append(e.Attribute, e.attribute("threat-actor", "Attribution", a.Name, comment))
		if actor, ok := g.Actor(a.ID); ok && !weak && kind == "targets" {
			if name := galaxyName(actor); name != "" {
				e.tag(galaxyTag(name))
			}
		}
	}
	for _, r := range reports {
		if strings.HasPrefix(r.URL, "https://") || strings.HasPrefix(r.URL, "http://") {
			e.Attribute = append(e.Attribute, e.attribute("link", "External analysis", r.URL, cmp.Or(r.Publisher, "unknown publisher")+": "+r.Title))
		}
	}
	e.incident(in, g.victims[in.Victim.ID].v)
	e.evidence(in, reports, g)
	return e
}

// galaxyName is the name by which MISP's galaxy knows an actor; empty when it does not.
func galaxyName(a intel.Actor) string {
	first := ""
	for _, n := range a.Names {
		if n.Source == "misp-galaxy" && !n.Withdrawn {
			if n.Name == a.Name {
				return n.Name
			}
			first = cmp.Or(first, n.Name)
		}
	}
	return first
}

// evidence adds the sentences the incident rests on as an event report.
func (e *mispEvent) evidence(in intel.Incident, reports []reportNode, g *Graph) {
	var b strings.Builder
	b.WriteString(plainMarkdown(incidentText(in)) + "\n")
	lines := 0
	for _, r := range reports {
		for _, c := range r.claims {
			if g.canonical(c.IncidentID) != in.ID || !c.RecordedTo.IsZero() || c.Confidence < g.minConfidence && !in.Reviewed {
				continue
			}
			lines++
			fmt.Fprintf(&b, "\n- %s (%s), %s %s: “%s” (%s)", plainMarkdown(cmp.Or(c.SaidBy.Name, "unnamed")), c.SaidBy.Kind, c.Facet, c.Stance, plainMarkdown(c.quote), plainMarkdown(cmp.Or(r.Publisher, r.Title)))
		}
	}
	if lines == 0 {
		return
	}
	b.WriteString("\n")
	e.EventReport = append(e.EventReport, mispReport{intel.UUIDv5("misp", "report", e.UUID), "Evidence", b.String(), e.Timestamp, "5"})
}

// plainMarkdown makes text that a Markdown renderer shows as it is.
func plainMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			r = ' '
		case strings.ContainsRune("\\`*_{}[]()#+!|~<>@&", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
