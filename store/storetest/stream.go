package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Stream is news of invented incidents as outlets tell it: late, with other names for one organisation, with times and kinds that
// disagree or are left out, several incidents in one roundup. Truth says for each page and victim which incident it tells of.
type Stream struct {
	Entries []intel.Entry
	Truth   map[Item]int
}

// Item is one thing to assemble: what a report tells of one organisation.
type Item struct{ ReportID, Victim string }

// event is one true incident.
type event struct {
	id     int
	firm   firm
	actor  string
	kind   intel.Kind
	day    int
	others []intel.Kind // what outlets also call it
}

// firm is an organisation with the names that reports give it.
type firm struct{ name, acronym string }

// telling is one report of an event that is still to be written.
type telling struct {
	event   event
	day     int // published; below zero the page has no date
	arrives int
}

// NewStream draws a stream about a number of organisations; a seed gives the same one each time.
func NewStream(seed uint64, firms int) Stream {
	draw := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a stream to test with, no secret
	var tellings []telling
	id := 0
	for n := range firms {
		for _, e := range events(draw, newFirm(n), &id) {
			for range 1 + draw.IntN(4)*draw.IntN(4) {
				tellings = append(tellings, tell(draw, e))
			}
		}
	}
	slices.SortStableFunc(tellings, func(a, b telling) int { return a.arrives - b.arrives })
	s := Stream{Truth: map[Item]int{}}
	for i := 0; i < len(tellings); {
		in := 1
		if draw.IntN(20) == 0 {
			in = 3 // a roundup
		}
		s.write(draw, len(s.Entries), tellings[i:min(i+in, len(tellings))])
		i += in
	}
	return s
}

func newFirm(n int) firm {
	first := []string{"Alder", "Birch", "Corin", "Dunmore", "Eskdale", "Fenwick", "Garland", "Harrow", "Inver", "Jarrow", "Kelso", "Lorne", "Mostyn"}
	second := []string{"wick", "holm", "ford", "stead", "mere", "dale", "gate"}
	third := []string{"Logistics", "Motors", "Health Trust", "University", "Foods", "Insurance", "Energy", "Retail Group"}
	a, b, c := n%len(first), n/len(first)%len(second), n%len(third)
	name := fmt.Sprintf("%s%s %s", first[a], second[b], third[c])
	if extra := n / (len(first) * len(second)); extra > 0 {
		name = fmt.Sprintf("%s of Port %c", name, 'A'+extra%26)
	}
	var short strings.Builder
	for w := range strings.FieldsSeq(name) {
		short.WriteByte(w[0])
	}
	return firm{name, short.String() + string(rune('A'+n%26))}
}

// events draws one to three incidents of an organisation: most lie months apart, some weeks, some are of two kinds at one time.
func events(draw *rand.Rand, f firm, id *int) []event {
	gangs := []string{"Akira", "Play", "Qilin", "Scattered Spider", "ShinyHunters", "DragonForce"}
	day := 30 + draw.IntN(400)
	var out []event
	for n := range 1 + draw.IntN(3) {
		e := event{firm: f, actor: gangs[draw.IntN(len(gangs))], kind: intel.KindRansomware, others: []intel.Kind{intel.KindDataBreach, intel.KindExtortion, intel.KindOther}}
		switch roll := draw.IntN(10); {
		case n > 0 && roll == 0: // at the same time, a flood of requests
			e.kind, e.others = intel.KindDDoS, []intel.Kind{intel.KindDisruption}
		case n > 0 && roll < 3:
			day += 25 + draw.IntN(35)
		case n > 0:
			day += 90 + draw.IntN(300)
		}
		e.day, e.id = day, *id
		*id++
		out = append(out, e)
	}
	return out
}

// tell draws when a report on an event is published and when it is found.
func tell(draw *rand.Rand, e event) telling {
	after := draw.IntN(10)
	switch roll := draw.IntN(20); {
	case roll == 0:
		after = 60 + draw.IntN(120) // a fine, a filing, a trial
	case roll < 5:
		after = 10 + draw.IntN(50)
	}
	t := telling{event: e, day: e.day + after}
	t.arrives = t.day
	if draw.IntN(10) == 0 {
		t.arrives += draw.IntN(120)
	}
	if draw.IntN(33) == 0 {
		t.day = -1
	}
	return t
}

// date is a day of the stream's calendar.
func date(day int) intel.Date { return intel.Date{Year: 2024, Month: 1, Day: 1}.AddDays(day) }

// write makes one report of some tellings.
func (s *Stream) write(draw *rand.Rand, n int, tellings []telling) {
	url := fmt.Sprintf("https://paper%d.example/%d", draw.IntN(12), n)
	e := Plain{URL: url, Actor: "x", Victim: "y"}.Entry()
	e.Report.Published = intel.Moment{}
	if day := tellings[0].day; day >= 0 {
		e.Report.Published = intel.OnDay(date(day))
	}
	e.Extraction.Incidents = nil
	told := map[string]bool{}
	for _, t := range tellings {
		if told[t.event.firm.name] {
			continue // a roundup has one item for an organisation
		}
		told[t.event.firm.name] = true
		f := finding(draw, t, e.Report.Publisher)
		e.Extraction.Incidents = append(e.Extraction.Incidents, f)
		s.Truth[Item{e.Report.ID, f.Victims[0].Name}] = t.event.id
	}
	s.Entries = append(s.Entries, e)
}

// finding is what a report says of an event, with what outlets get wrong.
func finding(draw *rand.Rand, t telling, outlet string) intel.Finding {
	e := t.event
	kind := e.kind
	switch roll := draw.IntN(100); {
	case roll < 30:
		kind = e.others[draw.IntN(len(e.others))]
	case roll < 32:
		kind = intel.KindPhishing // wrong
	}
	v := intel.VictimRef{Ref: intel.Ref{Name: e.firm.name}, Role: intel.RoleTarget}
	switch draw.IntN(8) {
	case 0:
		v.Name += " Ltd"
	case 1:
		v.Name = strings.ToUpper(v.Name)
	case 2:
		v.Aliases = []string{e.firm.acronym}
	case 3:
		v.Name, v.Aliases = e.firm.acronym, []string{e.firm.name}
	}
	f := intel.Finding{
		Kind: kind, Kinds: []intel.Kind{kind}, Confidence: 0.9, Victims: []intel.VictimRef{v}, Actors: []intel.ActorRef{{Ref: intel.Ref{Name: e.actor}}},
		Claims: []intel.Statement{
			{Facet: intel.FacetEvent, Stance: intel.StanceReported, SaidBy: intel.Speaker{Name: outlet, Kind: intel.SpeakerMedia}, Quote: v.Name + " was attacked."},
			{Facet: intel.FacetAttribution, Stance: intel.StanceClaimed, SaidBy: intel.Speaker{Name: e.actor, Kind: intel.SpeakerActor}, Quote: e.actor + " says it attacked " + v.Name + "."},
			{Facet: intel.FacetEvent, Stance: intel.StanceConfirmed, SaidBy: intel.Speaker{Name: v.Name, Kind: intel.SpeakerVictim}, Quote: v.Name + " confirmed the attack."},
		},
	}
	switch roll := draw.IntN(20); {
	case roll < 9: // known, give or take some days
		f.Occurred = intel.Interval{From: date(e.day + draw.IntN(7) - 3), Precision: intel.PrecisionDay}
	case roll == 9: // the day of disclosure
		f.Occurred = intel.Interval{From: date(max(t.day, e.day)), Precision: intel.PrecisionDay}
	case roll < 12:
		first := date(e.day)
		first.Day = 1
		f.Occurred = intel.Interval{From: first, To: first.AddDays(27), Precision: intel.PrecisionMonth}
	}
	return f
}
