package incidents

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"

	"github.com/rapsheet/rapsheet/intel"
)

// kevRecord are the fields of a vulnerability that are read.
type kevRecord struct {
	CVE         string `json:"cveID"`
	Vendor      string `json:"vendorProject"`
	Product     string `json:"product"`
	Name        string `json:"vulnerabilityName"`
	Added       string `json:"dateAdded"`
	Description string `json:"shortDescription"`
	Ransomware  string `json:"knownRansomwareCampaignUse"`
}

// readKEV reads the list of vulnerabilities. Each was exploited somewhere: an incident whose victims and actors nobody names.
func readKEV(b *builder, r io.Reader, take func(Row) error) error {
	isCVE := regexp.MustCompile(`^CVE-\d{4}-\d{4,19}$`)
	return eachJSON(r, "vulnerabilities", func(n int, raw json.RawMessage) error {
		row := Row{Number: n}
		var rec kevRecord
		err := json.Unmarshal(raw, &rec)
		if err == nil && !isCVE.MatchString(rec.CVE) {
			err = fmt.Errorf("cveID %q is no CVE: %w", cut(rec.CVE, 64), intel.ErrInvalid)
		}
		if err == nil {
			row.Entry, err = b.exploited(rec)
		}
		if err != nil {
			row.Problem, row.Raw = plain(err), raw
		}
		return take(row)
	}, func(n int, err error) error { return take(Row{Number: n, Problem: err}) })
}

func (b *builder) exploited(rec kevRecord) (*intel.Entry, error) {
	added, err := intel.ParseDate(rec.Added)
	if err != nil || added.IsZero() {
		return nil, fmt.Errorf("dateAdded %q is no day: %w", cut(rec.Added, 64), intel.ErrInvalid)
	}
	name := tidy(rec.Name)
	if name == "" {
		name = tidy(rec.Vendor + " " + rec.Product)
	}
	f := intel.Finding{Kind: intel.KindExploitation, Kinds: []intel.Kind{intel.KindExploitation}, Confidence: 0.95}
	f.Claims = []intel.Statement{b.says(intel.FacetEvent, intel.StanceConfirmed, "CISA lists "+rec.CVE+" ("+name+") as exploited, since "+rec.Added+".")}
	if rec.Ransomware == "Known" {
		f.Kinds = append(f.Kinds, intel.KindRansomware)
		f.Claims = append(f.Claims, b.says(intel.FacetImpact, intel.StanceReported, "CISA lists "+rec.CVE+" as used in ransomware campaigns."))
	}
	return b.entry(record{
		url: b.home + "?field_cve=" + rec.CVE, title: "CISA lists " + rec.CVE + " as exploited: " + name, published: intel.OnDay(added),
		summary: summary(rec.Description), finding: []intel.Finding{f}, cves: []string{rec.CVE},
	}), nil
}
