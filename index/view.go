package index

import (
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// view is whose eyes look, and when: what is hidden from them is not there for any answer, nor for what is computed from it.
type view struct {
	asOf    time.Time
	tlp     intel.TLP
	minConf float64
}

func viewOf(q intel.Query) view {
	v := view{asOf: q.AsOf, tlp: q.MaxTLP, minConf: q.MinConfidence}
	if v.tlp == "" {
		v.tlp = intel.TLPClear
	}
	return v
}

// sees reports whether a report is on record and may be read.
func (v view) sees(r *report) bool {
	return r.live && v.tlp.Allows(r.tlp) && (v.asOf.IsZero() || !r.first.After(v.asOf))
}

// current reports whether the version held now was already held at the time of the view; what an earlier version mentioned is
// not known any more, only what it claimed.
func (v view) current(r *report) bool {
	return v.asOf.IsZero() || !r.recorded.After(v.asOf)
}

// face gives title and date of the report as it was then.
func (v view) face(r *report) (string, intel.Moment) {
	if v.current(r) {
		return r.title, r.published
	}
	for _, v0 := range slices.Backward(r.versions) {
		if old := v0; !old.recorded.After(v.asOf) {
			return old.title, old.published
		}
	}
	return r.title, r.published
}

// told is when the report was published as the view sees it, by which reports are in order; a report of the future was told when
// it was recorded (ledger.ToldAt).
func (v view) told(r *report) intel.Moment {
	recorded := r.recorded
	if !v.current(r) {
		recorded = r.first
		for _, old := range slices.Backward(r.versions) {
			if !old.recorded.After(v.asOf) {
				recorded = old.recorded
				break
			}
		}
	}
	_, published := v.face(r)
	return ledger.ToldAt(published, recorded)
}

func (v view) seesClaim(r *report, c *claim) bool {
	return c.held(v.asOf) && v.tlp.Allows(c.shape.TLP) && v.sees(r)
}

// incidentIn gives the incident as the view sees it; false when it is not there for it. Confidence is not looked at.
func (m *model) incidentIn(ord uint32, v view) (*intel.Incident, []tag, bool) {
	in := m.incidents[ord]
	if !in.live && v.asOf.IsZero() {
		return nil, nil, false
	}
	if v.asOf.IsZero() && v.tlp.Allows(in.strictest) {
		return &in.inc, in.tags, true
	}
	claims := m.claimsOf(ord, v)
	if len(claims) == 0 {
		return nil, nil, false
	}
	inc := derive(&in.inc, claims)
	if m.past != nil {
		inc.Reviewed = false
		m.past.lay(m, &inc)
	}
	return &inc, m.incidentTags(&inc, m.find), true
}

// claimsOf gives the claims of an incident that the view sees, oldest record first, ties by id.
func (m *model) claimsOf(ord uint32, v view) []intel.Claim {
	var out []intel.Claim
	for _, ro := range m.reportsOf(ord) {
		r := m.reports[ro]
		for i := range r.claims {
			if m.canonIncident(r.claims[i].inc) == ord && v.seesClaim(r, &r.claims[i]) {
				c := r.claims[i].full()
				c.IncidentID = m.incidents[ord].inc.ID
				out = append(out, c)
			}
		}
	}
	slices.SortFunc(out, compareClaims)
	return out
}

func compareClaims(a, b intel.Claim) int {
	if c := a.RecordedFrom.Compare(b.RecordedFrom); c != 0 {
		return c
	}
	if a.ID != b.ID {
		if a.ID < b.ID {
			return -1
		}
		return 1
	}
	return 0
}

// confident reports whether an incident may be shown at the asked confidence; a person's decision counts as 1.
func (v view) confident(i *intel.Incident) bool {
	return i.Reviewed || i.Confidence >= v.minConf
}

// tells gives the incidents a report tells of in a view.
func (m *model) tells(r *report, v view) []uint32 {
	if v.asOf.IsZero() && m.restricted == 0 {
		return r.incs
	}
	var out []uint32
	for i := range r.claims {
		if v.seesClaim(r, &r.claims[i]) {
			out = appendNew(out, m.canonIncident(r.claims[i].inc))
		}
	}
	return out
}
