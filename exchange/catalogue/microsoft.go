package catalogue

import (
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// parseMicrosoft reads the table of Microsoft's actor names: each row's other names are assertions of Microsoft's table, without
// who uses them.
func parseMicrosoft(b []byte) (r reading, err error) {
	_, list, err := elements(b, "")
	if err != nil {
		return r, err
	}
	for _, e := range list {
		var row struct {
			Name   string `json:"Threat actor name"`
			Origin string `json:"Origin/Threat"`
			Others string `json:"Other names"`
		}
		err := e.read(&row)
		if err == nil {
			err = checkName(row.Name)
		}
		if err != nil {
			r.leaveOut(e, err)
			continue
		}
		a := intel.Actor{
			Name: strings.TrimSpace(row.Name), Kind: intel.ActorGroup, Origin: "microsoft", ExternalIDs: map[string][]string{"microsoft": {strings.TrimSpace(row.Name)}},
			Names: []intel.Name{name(row.Name, "Microsoft", "microsoft")},
		}
		for part := range strings.SplitSeq(row.Origin, ",") {
			country, motivation, kind := microsoftOrigin(strings.TrimSpace(part))
			if country != "" {
				a.Country = country
			}
			if motivation != "" {
				a.Motivation = append(a.Motivation, motivation)
			}
			if kind != "" {
				a.Kind = kind
			}
		}
		for n := range strings.SplitSeq(row.Others, ",") {
			if n = strings.TrimSpace(n); n == "" || hasName(a.Names, n) {
				continue
			}
			if err := checkName(n); err != nil {
				r.leaveOut(e, fmt.Errorf("%s: %w", row.Name, err))
				continue
			}
			a.Names = append(a.Names, name(n, "", "microsoft"))
		}
		r.add(e, a)
	}
	return r, nil
}

// microsoftOrigin reads a word of the column "Origin/Threat": a country, what drives the actor, or that Microsoft has not yet
// settled who it is.
func microsoftOrigin(s string) (country, motivation string, kind intel.ActorKind) {
	switch s {
	case "China":
		return "CN", "", ""
	case "Iran":
		return "IR", "", ""
	case "Russia":
		return "RU", "", ""
	case "North Korea":
		return "KP", "", ""
	case "Korea":
		return "KR", "", ""
	case "Israel":
		return "IL", "", ""
	case "Lebanon":
		return "LB", "", ""
	case "Türkiye":
		return "TR", "", ""
	case "Vietnam":
		return "VN", "", ""
	case "United Arab Emirates":
		return "AE", "", ""
	case "Austria":
		return "AT", "", ""
	case "Singapore":
		return "SG", "", ""
	case "Ukraine":
		return "UA", "", ""
	case "Belarus":
		return "BY", "", ""
	case "United States":
		return "US", "", ""
	case "Pakistan":
		return "PK", "", ""
	case "India":
		return "IN", "", ""
	case "Financially motivated":
		return "", "financial gain", ""
	case "Influence operations":
		return "", "influence", ""
	case "Private sector offensive actor":
		return "", "surveillance for hire", ""
	case "Group in development":
		return "", "", intel.ActorCluster
	}
	return "", "", ""
}
