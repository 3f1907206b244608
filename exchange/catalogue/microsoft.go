package catalogue

import (
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// parseMicrosoft reads the table of Microsoft's actor names: each row's other names are assertions of Microsoft's.
func parseMicrosoft(b []byte) (intel.Catalogue, []error, error) {
	var rows []struct {
		Name   string `json:"Threat actor name"`
		Origin string `json:"Origin/Threat"`
		Others string `json:"Other names"`
	}
	var c intel.Catalogue
	if err := decode(b, &rows); err != nil {
		return c, nil, err
	}
	var skipped []error
	for i, r := range rows {
		if err := checkName(r.Name); err != nil {
			skipped = append(skipped, fmt.Errorf("row %d: %w", i+1, err))
			continue
		}
		a := intel.Actor{
			Name: strings.TrimSpace(r.Name), Kind: intel.ActorGroup, Origin: "microsoft", ExternalIDs: map[string][]string{"microsoft": {strings.TrimSpace(r.Name)}},
			Names: []intel.Name{name(r.Name, "Microsoft", "microsoft")},
		}
		for n := range strings.SplitSeq(r.Others, ",") {
			if n = strings.TrimSpace(n); n != "" && checkName(n) == nil && !hasName(a.Names, n) {
				a.Names = append(a.Names, name(n, "", "microsoft"))
			}
		}
		c.Actors = append(c.Actors, a)
	}
	return c, skipped, nil
}
