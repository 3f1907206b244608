package index

import (
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// answer is what an organisation answered to the newest incident that it answered to, as a view sees it. How certain the incident is
// does not matter: wherever the organisation is named, its denial is too.
func (m *model) answer(id string, v view) string {
	t := m.find(dimVictim, id)
	if t == 0 {
		return ledger.NoAnswer
	}
	v.minConf = 0
	f := &filter{view: v, incident: []condition{{{tag: t}}}}
	for _, ord := range m.incidentsFor(f) {
		if inc, ok := m.matchIncident(f, ord); ok && answered(inc.VictimAnswer) {
			return inc.VictimAnswer
		}
	}
	return ledger.NoAnswer
}

func answered(answer string) bool {
	return answer == string(intel.StanceDenied) || answer == string(intel.StanceConfirmed)
}

// answerCounts writes the answer beside each organisation of a facet.
func (m *model) answerCounts(facets map[string][]intel.Count, v view) map[string][]intel.Count {
	for i, c := range facets["victim"] {
		facets["victim"][i].VictimAnswer = m.answer(c.Value, v)
	}
	return facets
}

// answerCandidates writes the answer beside each organisation that a name may mean.
func (m *model) answerCandidates(all []intel.Candidate, v view) []intel.Candidate {
	for i, c := range all {
		if c.Type == "victim" {
			all[i].VictimAnswer = m.answer(c.ID, v)
		}
	}
	return all
}
