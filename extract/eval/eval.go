package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Names are all names of one thing, the fullest first. In JSON it is a list or one string.
type Names []string

// UnmarshalJSON reads a string or a list of strings.
func (n *Names) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return fmt.Errorf("eval: name: %w", err)
		}
		*n = Names{s}
		return nil
	}
	var l []string
	if err := json.Unmarshal(b, &l); err != nil {
		return fmt.Errorf("eval: names: %w", err)
	}
	*n = l
	return nil
}

// Incident is one labelled incident.
type Incident struct {
	Victims []Names      `json:"victims"`
	Actors  []Names      `json:"actors"`
	Role    string       `json:"role"`
	Kind    intel.Kind   `json:"kind"`
	Status  intel.Stance `json:"status"`
	Country string       `json:"country"`
}

// Gold is one labelled report.
type Gold struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	Text       string     `json:"text"`
	Date       string     `json:"date"`
	Language   string     `json:"language"`
	Incidents  []Incident `json:"incidents"`
	NonVictims []string   `json:"non_victims"`
	Ambiguous  []string   `json:"ambiguous"`
}

// Ratio is a count out of a count.
type Ratio struct {
	Hit int `json:"hit"`
	Of  int `json:"of"`
}

// Value is the ratio as a number; zero out of zero is zero.
func (r Ratio) Value() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Hit) / float64(r.Of)
}

// Count adds one to the whole, and to the hits when it is one.
func (r *Ratio) Count(hit bool) {
	r.Of++
	if hit {
		r.Hit++
	}
}

// F1 is the harmonic mean of two ratios.
func F1(precision, recall Ratio) float64 {
	p, r := precision.Value(), recall.Value()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// Bin is one row of the reliability table: of the victims given with a confidence from Low up to High, how many were right.
type Bin struct {
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Right Ratio   `json:"right"`
	// Mean is the mean confidence of the row.
	Mean float64 `json:"mean"`
}

// Report is the outcome of a measurement.
type Report struct {
	Documents       int   `json:"documents"`
	VictimRecall    Ratio `json:"victim_recall"`
	MainVictim      Ratio `json:"main_victim"`
	VictimPrecision Ratio `json:"victim_precision"`
	FalseVictim     Ratio `json:"false_victim"`
	NonVictim       Ratio `json:"non_victim"`
	ActorRecall     Ratio `json:"actor_recall"`
	FalseActor      Ratio `json:"false_actor"`
	PairRecall      Ratio `json:"pair_recall"`
	PairPrecision   Ratio `json:"pair_precision"`
	Kind            Ratio `json:"kind"`
	Status          Ratio `json:"status"`
	Country         Ratio `json:"country"`
	// Reliability covers every victim, those under the threshold too.
	Reliability []Bin `json:"reliability"`
	// Sure is the same for what leaves the house: findings of at least SureConfidence.
	Sure *Report `json:"sure,omitempty"`
}

// SureConfidence is the least confidence of what is exported, enriched, briefed or told as an alert.
const SureConfidence = 0.8

// Score compares predictions with labels, both in the same order. Only findings of at least threshold count, except in the
// reliability table. Reports and predictions of different length give ErrInvalid.
func Score(gold []Gold, predicted []intel.Extraction, threshold float64) (Report, error) {
	if len(gold) != len(predicted) {
		return Report{}, fmt.Errorf("eval: %d labelled reports but %d answers: %w", len(gold), len(predicted), intel.ErrInvalid)
	}
	r := Report{Documents: len(gold), Sure: &Report{Documents: len(gold)}}
	for i := range 10 {
		r.Reliability = append(r.Reliability, Bin{Low: float64(i) / 10, High: float64(i+1) / 10})
	}
	for i := range gold {
		r.reliability(&gold[i], predicted[i].Incidents)
		r.document(&gold[i], above(predicted[i].Incidents, threshold))
		r.Sure.document(&gold[i], above(predicted[i].Incidents, SureConfidence))
	}
	for i := range r.Reliability {
		if b := &r.Reliability[i]; b.Right.Of > 0 {
			b.Mean /= float64(b.Right.Of)
		}
	}
	return r, nil
}

func above(found []intel.Finding, threshold float64) []intel.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f intel.Finding) bool { return f.Confidence < threshold })
}

func victimNames(v *intel.VictimRef) Names { return append(Names{v.Name}, v.Aliases...) }

// sameAny reports whether two things share a name.
func sameAny(a, b Names, same func(string, string) bool) bool {
	for _, x := range a {
		if slices.ContainsFunc(b, func(y string) bool { return same(x, y) }) {
			return true
		}
	}
	return false
}

func (g *Gold) isVictim(n Names) bool {
	for i := range g.Incidents {
		for _, v := range g.Incidents[i].Victims {
			if sameAny(n, v, SameOrganisation) {
				return true
			}
		}
	}
	return false
}

func (g *Gold) isAmbiguous(n Names) bool { return sameAny(n, g.Ambiguous, SameOrganisation) }

func (r *Report) reliability(g *Gold, found []intel.Finding) {
	for i := range found {
		for k := range found[i].Victims {
			n := victimNames(&found[i].Victims[k])
			if g.isAmbiguous(n) {
				continue
			}
			p := found[i].Confidence
			b := &r.Reliability[min(9, max(0, int(p*10)))]
			b.Right.Count(g.isVictim(n))
			b.Mean += p
		}
	}
}

// document counts one report.
func (r *Report) document(g *Gold, found []intel.Finding) {
	var victims, actors []Names
	for i := range found {
		for k := range found[i].Victims {
			victims = append(victims, victimNames(&found[i].Victims[k]))
		}
		for _, a := range found[i].Actors {
			actors = append(actors, Names{a.Name})
		}
	}
	r.victims(g, victims)
	r.actors(g, actors)
	r.pairs(g, found)
	for i := range g.Incidents {
		r.attributes(&g.Incidents[i], found)
	}
}

func (r *Report) victims(g *Gold, victims []Names) {
	named := false
	for i := range g.Incidents {
		in := &g.Incidents[i]
		for _, v := range in.Victims {
			named = true
			hit := slices.ContainsFunc(victims, func(n Names) bool { return sameAny(n, v, SameOrganisation) })
			r.VictimRecall.Count(hit)
			if in.Role == "main" {
				r.MainVictim.Count(hit)
			}
		}
	}
	var seen Names
	wrong := false
	for _, n := range victims {
		if g.isAmbiguous(n) || sameAny(n, seen, SameOrganisation) {
			continue
		}
		seen = append(seen, n...)
		right := g.isVictim(n)
		r.VictimPrecision.Count(right)
		wrong = wrong || !right
	}
	if !named {
		r.FalseVictim.Count(wrong)
	}
	for _, n := range g.NonVictims {
		r.NonVictim.Count(!g.isVictim(Names{n}) && slices.ContainsFunc(victims, func(v Names) bool { return sameAny(v, Names{n}, SameOrganisation) }))
	}
}

func (r *Report) actors(g *Gold, actors []Names) {
	named := false
	for i := range g.Incidents {
		for _, a := range g.Incidents[i].Actors {
			named = true
			r.ActorRecall.Count(slices.ContainsFunc(actors, func(n Names) bool { return sameAny(n, a, SameActor) }))
		}
	}
	if !named {
		r.FalseActor.Count(len(actors) > 0)
	}
}

// pairs counts who did it to whom.
func (r *Report) pairs(g *Gold, found []intel.Finding) {
	matches := func(a intel.ActorRef, v Names, in *Incident) bool {
		return slices.ContainsFunc(in.Actors, func(x Names) bool { return sameAny(Names{a.Name}, x, SameActor) }) &&
			slices.ContainsFunc(in.Victims, func(x Names) bool { return sameAny(v, x, SameOrganisation) })
	}
	for i := range found {
		for _, a := range found[i].Actors {
			for k := range found[i].Victims {
				v := victimNames(&found[i].Victims[k])
				r.PairPrecision.Count(slices.ContainsFunc(g.Incidents, func(in Incident) bool { return matches(a, v, &in) }))
			}
		}
	}
	for i := range g.Incidents {
		for _, a := range g.Incidents[i].Actors {
			for _, v := range g.Incidents[i].Victims {
				one := Incident{Actors: []Names{a}, Victims: []Names{v}}
				r.PairRecall.Count(slices.ContainsFunc(found, func(f intel.Finding) bool {
					return slices.ContainsFunc(f.Actors, func(x intel.ActorRef) bool {
						return slices.ContainsFunc(f.Victims, func(y intel.VictimRef) bool { return matches(x, victimNames(&y), &one) })
					})
				}))
			}
		}
	}
}

// attributes compares kind, status and country with the first finding that holds a victim of the incident.
func (r *Report) attributes(in *Incident, found []intel.Finding) {
	for i := range found {
		f := &found[i]
		hit := slices.ContainsFunc(f.Victims, func(v intel.VictimRef) bool {
			return slices.ContainsFunc(in.Victims, func(x Names) bool { return sameAny(victimNames(&v), x, SameOrganisation) })
		})
		if !hit {
			continue
		}
		if in.Kind != "" {
			r.Kind.Count(f.Kind == in.Kind)
		}
		if in.Status != "" {
			r.Status.Count(f.Status == in.Status || f.Facets.Event == in.Status)
		}
		if len(in.Country) == 2 && f.Country != "" {
			r.Country.Count(f.Country == in.Country)
		}
		return
	}
}

// Write prints the report as a table.
func (r *Report) Write(w io.Writer) error {
	var sb strings.Builder
	fmt.Fprintf(&sb, "%-18s %d\n", "documents", r.Documents)
	r.rows(&sb)
	sb.WriteString("\nreliability of victims\nconfidence   given  mean   right\n")
	for _, b := range r.Reliability {
		if b.Right.Of > 0 {
			fmt.Fprintf(&sb, "%.1f to %.1f  %6d  %.3f  %.3f\n", b.Low, b.High, b.Right.Of, b.Mean, b.Right.Value())
		}
	}
	if r.Sure != nil {
		fmt.Fprintf(&sb, "\nof what leaves the house (confidence %.1f and above)\n", SureConfidence)
		r.Sure.rows(&sb)
	}
	if _, err := io.WriteString(w, sb.String()); err != nil {
		return fmt.Errorf("eval: write table: %w", err)
	}
	return nil
}

// rows writes the ratios that have something to count.
func (r *Report) rows(sb *strings.Builder) {
	row := func(name string, x Ratio) {
		if x.Of > 0 {
			fmt.Fprintf(sb, "%-18s %.4f  (%d/%d)\n", name, x.Value(), x.Hit, x.Of)
		}
	}
	row("victim recall", r.VictimRecall)
	row("main victim", r.MainVictim)
	row("victim precision", r.VictimPrecision)
	fmt.Fprintf(sb, "%-18s %.4f\n", "victim F1", F1(r.VictimPrecision, r.VictimRecall))
	row("false victim", r.FalseVictim)
	row("non-victim", r.NonVictim)
	row("actor recall", r.ActorRecall)
	row("false actor", r.FalseActor)
	fmt.Fprintf(sb, "%-18s %.4f\n", "pair F1", F1(r.PairPrecision, r.PairRecall))
	row("kind", r.Kind)
	row("status", r.Status)
	row("country right", r.Country)
}
