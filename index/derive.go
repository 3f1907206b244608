package index

import (
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// derive computes an incident again from the claims a view sees, by the rules the store runs when it saves.
func derive(base *intel.Incident, claims []intel.Claim) intel.Incident {
	story := map[string]string{}
	for _, c := range claims {
		if s, ok := strings.CutPrefix(c.Origin, string(intel.SpeakerMedia)+":"); ok && c.SaidBy.Kind == intel.SpeakerMedia {
			story[c.ReportID] = s
		}
	}
	in := ledger.Incident(base.ID, claims, story)
	in.Demo, in.Reviewed = base.Demo, base.Reviewed
	return in
}
