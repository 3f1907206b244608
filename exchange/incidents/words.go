package incidents

import (
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// sentences state a finding in the compiler's name: that it happened, who did it, and that data were taken.
func (b *builder) sentences(f intel.Finding, disclosed bool) []intel.Statement {
	where := "an organisation it does not name"
	if len(f.Victims) > 0 {
		where = f.Victims[0].Name
	}
	if f.Country != "" {
		where += " (" + f.Country + ")"
	}
	when := "at a time it does not know"
	if f.Occurred.Words != "" {
		when = f.Occurred.Words
	}
	said := []intel.Statement{b.says(intel.FacetEvent, intel.StanceReported, "The "+b.title+" lists an incident at "+where+", kind "+kindWords(f.Kinds)+", dated "+when+".")}
	for _, a := range f.Actors {
		s := b.says(intel.FacetAttribution, intel.StanceReported, "The "+b.title+" gives "+a.Name+" as the actor behind the incident at "+where+", dated "+when+".")
		s.Actor = a.Name
		said = append(said, s)
	}
	if disclosed {
		said = append(said, b.says(intel.FacetImpact, intel.StanceReported, "The "+b.title+" records that data of "+where+" were disclosed in the incident dated "+when+"."))
	}
	return said
}

// headline names a record in lists. It says what is listed, never that it is so.
func headline(f intel.Finding) string {
	who := "an organisation it does not name"
	if len(f.Victims) > 0 {
		who = f.Victims[0].Name
	}
	out := string(f.Kind) + " listed at " + who
	if f.Occurred.Words != "" {
		out += ", " + f.Occurred.Words
	}
	return out
}

func kindWords(kinds []intel.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

// oneCountry is the country of a field that gives exactly one.
func oneCountry(codes []string) string {
	out := ""
	for _, c := range codes {
		c = strings.ToUpper(strings.TrimSpace(c))
		if len(c) != 2 || c == out {
			continue
		}
		if out != "" {
			return ""
		}
		out = c
	}
	return out
}

// naicsSector is the ISIC section of a NAICS code, by its first two digits.
func naicsSector(codes []string) string {
	if len(codes) == 0 || len(codes[0]) < 2 {
		return ""
	}
	return map[string]string{
		"11": "Agriculture, forestry and fishing", "21": "Mining and quarrying", "22": "Electricity, gas, steam and air conditioning supply",
		"23": "Construction", "31": "Manufacturing", "32": "Manufacturing", "33": "Manufacturing", "42": "Wholesale and retail trade",
		"44": "Wholesale and retail trade", "45": "Wholesale and retail trade", "48": "Transportation and storage", "49": "Transportation and storage",
		"51": "Information and communication", "52": "Financial and insurance activities", "53": "Real estate activities",
		"54": "Professional, scientific and technical activities", "55": "Professional, scientific and technical activities",
		"56": "Administrative and support service activities", "61": "Education", "62": "Human health and social work activities",
		"71": "Arts, entertainment and recreation", "72": "Accommodation and food service activities", "81": "Other service activities",
		"92": "Public administration and defence",
	}[codes[0][:2]]
}

// eurepocSector is the ISIC section of a receiver's category and subcategory.
func eurepocSector(category, sub string) string {
	switch lower := strings.ToLower(sub); {
	case strings.Contains(lower, "energy"):
		return "Electricity, gas, steam and air conditioning supply"
	case strings.Contains(lower, "health"):
		return "Human health and social work activities"
	case strings.Contains(lower, "finance"):
		return "Financial and insurance activities"
	case strings.Contains(lower, "telecom"), strings.Contains(lower, "digital provider"):
		return "Information and communication"
	case strings.Contains(lower, "transport"):
		return "Transportation and storage"
	case strings.Contains(lower, "water"), strings.Contains(lower, "waste"):
		return "Water supply; sewerage, waste management and remediation activities"
	case strings.Contains(lower, "manufactur"), strings.Contains(lower, "chemical"), strings.Contains(lower, "food"):
		return "Manufacturing"
	}
	switch lower := strings.ToLower(category); {
	case strings.HasPrefix(lower, "state institutions"), strings.HasPrefix(lower, "military"):
		return "Public administration and defence"
	case strings.HasPrefix(lower, "education"):
		return "Education"
	case strings.HasPrefix(lower, "media"):
		return "Information and communication"
	case strings.HasPrefix(lower, "science"):
		return "Professional, scientific and technical activities"
	case strings.HasPrefix(lower, "international"):
		return "Activities of extraterritorial organizations and bodies"
	}
	return ""
}
