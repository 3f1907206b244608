package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// Known is what a shape may ask about besides the answer itself; a nil func knows nothing.
type Known struct {
	// Actor gives the record of an actor.
	Actor func(id string) (intel.Actor, bool)
	// About gives the STIX objects of things and the incidents between them.
	About func(actors, victims, incidents []string) []Object
	// At is the time of the answer's generation.
	At time.Time
}

func (k Known) actor(id string) (intel.Actor, bool) {
	if k.Actor == nil {
		return intel.Actor{}, false
	}
	return k.Actor(id)
}

// Shaper writes one answer of enrich in another program's shape.
type Shaper func(r intel.EnrichResult, k Known) any

// Shapes are the shapes of POST /v1/enrich?format=, without native.
func Shapes() map[string]Shaper {
	return map[string]Shaper{
		"ecs": ecsShape, "splunk": splunkShape, "sentinel": sentinelShape, "stix": stixShape, "misp": mispShape,
		"ocsf": ocsfShape, "qradar": qradarShape, "cortex": cortexShape,
	}
}

// Experimental reports whether a shape was never tried on the program it is for.
func Experimental(shape string) bool {
	return slices.Contains([]string{"ocsf", "qradar", "cortex"}, shape)
}

// candidatesOf are an answer's candidates of a type.
func candidatesOf(r intel.EnrichResult, kind string) []intel.Candidate {
	out := []intel.Candidate{}
	for _, c := range r.Candidates {
		if c.Type == kind {
			out = append(out, c)
		}
	}
	return out
}

// sure is the one candidate that a value means; an ambiguous or withdrawn name means nobody, and a text or list is not what stands in it.
func sure(r intel.EnrichResult) (intel.Candidate, bool) {
	if r.Status != "found" || r.Type == "text" || len(r.Candidates) != 1 || r.Candidates[0].Withdrawn || r.Candidates[0].Match == names.MatchPartial {
		return intel.Candidate{}, false
	}
	return r.Candidates[0], true
}

// shapedCandidate is a candidate with the key that a SIEM's own lookups use.
type shapedCandidate struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Key        string   `json:"key"`
	Type       string   `json:"type"`
	Match      string   `json:"match"`
	Why        string   `json:"why"`
	UsedBy     []string `json:"used_by,omitempty"`
	Alone      []string `json:"alone,omitempty"`
	Confidence float64  `json:"confidence"`
	Withdrawn  bool     `json:"withdrawn"`
}

func shapeCandidates(cs []intel.Candidate) []shapedCandidate {
	f := newFolder()
	out := make([]shapedCandidate, 0, len(cs))
	for _, c := range cs {
		out = append(out, shapedCandidate{c.ID, c.Name, f.key(c.Name), c.Type, c.Match, c.Why, c.UsedBy, c.Alone, c.Confidence, c.Withdrawn})
	}
	return out
}

// shapedIncident is an incident in a line: never a victim without its answer.
type shapedIncident struct {
	ID           string   `json:"id"`
	Victim       string   `json:"victim,omitempty"`
	VictimID     string   `json:"victim_id,omitempty"`
	VictimAnswer string   `json:"victim_answer"`
	Actors       []string `json:"actors"`
	Kind         string   `json:"kind"`
	Status       string   `json:"status"`
	Attribution  string   `json:"attribution,omitempty"`
	ClaimOnly    bool     `json:"claim_only"`
	Denied       bool     `json:"denied"`
	Corroborated bool     `json:"corroborated"`
	Confidence   float64  `json:"confidence"`
	Occurred     string   `json:"occurred,omitempty"`
	LastReported string   `json:"last_reported,omitempty"`
	Words        string   `json:"words"`
	Demo         bool     `json:"demo,omitempty"`
}

func shapeIncidents(all []intel.Incident) []shapedIncident {
	out := make([]shapedIncident, 0, len(all))
	for _, in := range all {
		actors := make([]string, 0, len(in.Actors))
		for _, a := range in.Actors {
			actors = append(actors, a.Name)
		}
		out = append(out, shapedIncident{
			ID: in.ID, Victim: in.Victim.Name, VictimID: in.Victim.ID, VictimAnswer: cmp.Or(in.VictimAnswer, noAnswer), Actors: actors, Kind: string(in.Kind), Status: string(in.Status),
			Attribution: string(in.Facets.Attribution), ClaimOnly: claimOnlyLink(in), Denied: denied(in), Corroborated: in.Corroborated,
			Confidence: in.Confidence, Occurred: in.Occurred.From.String(), LastReported: dateOf(in.LastReported), Words: incidentText(in), Demo: in.Demo,
		})
	}
	return out
}

// denied reports whether the organisation denies an incident.
func denied(in intel.Incident) bool {
	return in.Status == intel.StanceDenied || in.VictimAnswer == string(intel.StanceDenied)
}

func dateOf(m intel.Moment) string {
	if m.IsZero() {
		return ""
	}
	return m.Date().String()
}

// shapedHistory is a summary in numbers that every shape carries.
type shapedHistory struct {
	Incidents      int    `json:"incidents"`
	FirstReported  string `json:"first_reported,omitempty"`
	LastReported   string `json:"last_reported,omitempty"`
	Reports        int    `json:"reports"`
	ClaimOnly      int    `json:"claim_only"`
	Denied         int    `json:"denied"`
	Corroborated   int    `json:"corroborated"`
	Origins        int    `json:"origins"`
	BelowThreshold int    `json:"below_threshold"`
}

func shapeHistory(s *intel.Summary) *shapedHistory {
	if s == nil {
		return nil
	}
	return &shapedHistory{
		s.Incidents, dateOf(s.FirstReported), dateOf(s.LastReported), s.Reports, s.ClaimOnly, s.Denied, s.Corroborated, s.Origins, s.BelowThreshold,
	}
}

// rapsheetBlock is our own namespace in ECS and OCSF: what those standards have no field for.
type rapsheetBlock struct {
	Key       string            `json:"key"`
	Status    string            `json:"status"`
	Ambiguous bool              `json:"ambiguous"`
	Withdrawn bool              `json:"withdrawn"`
	Actors    []shapedCandidate `json:"actors,omitempty"`
	Victims   []shapedCandidate `json:"victims,omitempty"`
	Software  []shapedCandidate `json:"software,omitempty"`
	Campaigns []shapedCandidate `json:"campaigns,omitempty"`
	Summary   *shapedHistory    `json:"summary,omitempty"`
	Incidents []shapedIncident  `json:"incidents,omitempty"`
	Problem   string            `json:"problem,omitempty"`
}

func blockOf(r intel.EnrichResult) rapsheetBlock {
	return rapsheetBlock{
		Key: newFolder().key(r.Value), Status: r.Status, Ambiguous: r.Status == "ambiguous", Withdrawn: allWithdrawn(r),
		Actors: shapeCandidates(candidatesOf(r, "actor")), Victims: shapeCandidates(candidatesOf(r, "victim")),
		Software: shapeCandidates(candidatesOf(r, "software")), Campaigns: shapeCandidates(candidatesOf(r, "campaign")),
		Summary: shapeHistory(r.Summary), Incidents: shapeIncidents(r.Incidents), Problem: r.Problem,
	}
}

// allWithdrawn reports whether nobody asserts the name any more.
func allWithdrawn(r intel.EnrichResult) bool {
	return len(r.Candidates) > 0 && !slices.ContainsFunc(r.Candidates, func(c intel.Candidate) bool { return !c.Withdrawn })
}

// tableRow is a candidate with the answer's numbers in one flat row, as Splunk and Sentinel tables want it.
type tableRow struct {
	Value         string `json:"value"`
	Type          string `json:"type"`
	Key           string `json:"key"`
	Status        string `json:"status"`
	Ambiguous     bool   `json:"ambiguous"`
	Withdrawn     bool   `json:"withdrawn"`
	CandidateType string `json:"candidate_type"`
	CandidateID   string `json:"candidate_id"`
	Candidate     string `json:"candidate"`
	Match         string `json:"match"`
	Why           string `json:"why"`
	UsedBy        string `json:"used_by"`
	// Alone are names that mean this candidate and no other.
	Alone      string `json:"alone,omitempty"`
	Confidence string `json:"confidence"`
	shapedHistory
	// LatestIncidents are sentences, newest first.
	LatestIncidents []string `json:"latest_incidents"`
	Problem         string   `json:"problem,omitempty"`
}

func tableRows(r intel.EnrichResult) []tableRow {
	base := tableRow{Value: r.Value, Type: r.Type, Key: newFolder().key(r.Value), Status: r.Status, Ambiguous: r.Status == "ambiguous", Problem: r.Problem, LatestIncidents: []string{}}
	if h := shapeHistory(r.Summary); h != nil {
		base.shapedHistory = *h
	}
	for _, in := range r.Incidents {
		base.LatestIncidents = append(base.LatestIncidents, strings.TrimSpace(incidentName(in)+". "+incidentText(in)))
	}
	if len(r.Candidates) == 0 {
		return []tableRow{base}
	}
	rows := make([]tableRow, 0, len(r.Candidates))
	for _, c := range r.Candidates {
		row := base
		row.Withdrawn, row.CandidateType, row.CandidateID, row.Candidate = c.Withdrawn, c.Type, c.ID, c.Name
		row.Match, row.Why, row.UsedBy, row.Alone, row.Confidence = c.Match, c.Why, strings.Join(c.UsedBy, ", "), strings.Join(c.Alone, ", "), fmt.Sprintf("%.2f", c.Confidence)
		rows = append(rows, row)
	}
	return rows
}

func splunkShape(r intel.EnrichResult, _ Known) any { return tableRows(r) }

func sentinelShape(r intel.EnrichResult, k Known) any {
	objects := stixObjects(r, k)
	uploads := make([]SentinelUpload, 0, 1)
	for batch := range slices.Chunk(sentinelObjects(objects), sentinelBatch) {
		uploads = append(uploads, SentinelUpload{"rapsheet", batch})
	}
	return map[string]any{"rows": tableRows(r), "uploads": uploads}
}
