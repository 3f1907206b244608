package extract_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// incident gives the likeliest incident whose victim's name holds a word.
func incident(t *testing.T, in extract.Input, victim string) intel.Finding {
	t.Helper()
	for _, f := range extractor(t).Extract(in).Incidents {
		for _, v := range f.Victims {
			if strings.Contains(v.Name, victim) {
				return f
			}
		}
	}
	t.Fatalf("no incident at %s", victim)
	return intel.Finding{}
}

// Each case tells of Corvane Logistics, which does not exist. Want and never are "facet stance speaker-kind" with the name of the speaker where it matters.
func TestClaims(t *testing.T) {
	const lead = "Corvane Logistics was hit by a cyberattack on Sunday that stopped its depots. "
	tests := []struct {
		name, text  string
		want, never []string
	}{
		{
			"victim confirms", lead + "Corvane Logistics confirmed the cyber incident in a statement.",
			[]string{"event confirmed victim Corvane Logistics"},
			[]string{"impact confirmed victim", "attribution"},
		},
		{"the company admits", lead + "The company admitted that customer records had been stolen.", []string{"event confirmed victim", "impact confirmed victim"}, []string{"attribution"}},
		{"a spokesperson", lead + "A spokesperson for Corvane Logistics said that the attackers had copied files of drivers.", []string{"event confirmed victim", "impact confirmed victim"}, nil},
		{"filing", lead + "In a filing with the regulator, Corvane Logistics disclosed the attack and said customer data was accessed.", []string{"event confirmed victim", "impact confirmed victim"}, nil},
		{"some data affected", lead + "Corvane Logistics said that some data was affected.", []string{"impact confirmed victim"}, []string{"impact denied"}},
		{"no evidence", lead + "Corvane Logistics said it had found no evidence that customer data was taken.", []string{"impact denied victim"}, []string{"impact confirmed", "event denied"}},
		{"not taken", lead + "The firm stressed that no customer data was accessed.", []string{"impact denied victim"}, []string{"impact confirmed"}},
		{"denies", "A gang listed Corvane Logistics on Monday. Corvane Logistics denied that it was hacked.", []string{"event denied victim"}, []string{"event confirmed victim"}},
		{
			"investigates a rumour", "A post said Corvane Logistics was breached. Corvane Logistics said it was investigating claims of a data breach.",
			[]string{"event reported victim"},
			[]string{"event confirmed"},
		},
		{"has not said", lead + "Corvane Logistics has not said whether data was stolen.", nil, []string{"impact confirmed", "impact denied"}},
		{"until it says", lead + "Nobody knows more until Corvane Logistics says what was stolen.", nil, []string{"impact confirmed victim"}},
		{"actor claims", lead + "The LockBit gang claimed responsibility for the attack on its leak site.", []string{"attribution claimed actor LockBit"}, []string{"attribution confirmed", "attribution attributed"}},
		{"an outlet tells of the claim", lead + "BBC News reported that LockBit claimed the attack on Corvane Logistics.", []string{"attribution claimed actor LockBit"}, []string{"attribution confirmed"}},
		{"nobody claimed it", lead + "No group has claimed responsibility for the attack.", nil, []string{"attribution claimed"}},
		{"claims and loot", lead + "LockBit claims that it stole 40 gigabytes of customer data from Corvane Logistics.", []string{"attribution claimed actor LockBit", "impact claimed actor LockBit"}, []string{"impact confirmed"}},
		{"only a claim", "LockBit claims to have breached Corvane Logistics.", []string{"event claimed actor", "attribution claimed actor"}, []string{"event confirmed", "event reported"}},
		{"authority blames", lead + "The FBI attributed the attack on Corvane Logistics to Scattered Spider.", []string{"attribution attributed government"}, []string{"attribution confirmed"}},
		{"vendor blames", lead + "Mandiant researchers linked the attack on Corvane Logistics to Scattered Spider.", []string{"attribution attributed vendor"}, []string{"attribution claimed"}},
		{"media link", lead + "British media have linked the attack on Corvane Logistics to Scattered Spider.", []string{"attribution reported media"}, []string{"attribution attributed"}},
		{"police confirm", lead + "Police confirmed the attack on Corvane Logistics.", []string{"event confirmed government"}, nil},
		{"bare report", "Corvane Logistics was hacked on Sunday and lorries stood still.", []string{"event reported media"}, []string{"event confirmed"}},
		{"second sentence of the speaker", lead + "Corvane Logistics confirmed the attack. It said that customer data was stolen.", []string{"event confirmed victim", "impact confirmed victim"}, nil},
		{"inverted", lead + "Customer data was stolen, said Corvane Logistics on Monday.", []string{"impact confirmed victim"}, nil},
		{"according to", "According to Corvane Logistics, intruders copied customer data.", []string{"event confirmed victim", "impact confirmed victim"}, nil},
		{
			"a verb joined by and", lead + "Corvane Logistics noticed intruders on 31 March and later admitted that customer data was copied from its servers.",
			[]string{"event confirmed victim", "impact confirmed victim"},
			[]string{"event claimed"},
		},
		{"no sign of theft", lead + "Corvane Logistics said it had found no evidence of theft so far.", []string{"impact denied victim"}, []string{"event denied"}},
		{"customers affected", lead + "Corvane Logistics said that most of its 40,000 customers are affected.", []string{"impact confirmed victim"}, nil},
		{"figure disputed", "LockBit claims that it stole 40 gigabytes of data from Corvane Logistics. Corvane Logistics calls the figure exaggerated.", []string{"impact disputed victim"}, []string{"impact confirmed"}},
		{"for sale", lead + "The files of Corvane Logistics were put up for sale by LockBit.", []string{"attribution claimed actor LockBit"}, []string{"attribution reported"}},
		{"a department speaks for itself", lead + "The carrier may borrow money to live through the shutdown, the business department said.", nil, []string{"event confirmed victim"}},
		{"retraction", "We have withdrawn our report that Corvane Logistics was hacked.", []string{"event retracted media"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := incident(t, extract.Input{Text: tt.text}, "Corvane")
			var got []string
			for _, c := range f.Claims {
				got = append(got, string(c.Facet)+" "+string(c.Stance)+" "+string(c.SaidBy.Kind)+" "+c.SaidBy.Name)
			}
			begins := func(p string) bool {
				return slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, p) })
			}
			for _, w := range tt.want {
				if !begins(w) {
					t.Errorf("no %q among %q", w, got)
				}
			}
			for _, w := range tt.never {
				if begins(w) {
					t.Errorf("%q among %q", w, got)
				}
			}
		})
	}
}

func TestKinds(t *testing.T) {
	tests := []struct {
		text string
		want intel.Kind
		also intel.Kind
	}{
		{"Corvane Logistics was hit by a ransomware attack that encrypted its servers.", intel.KindRansomware, ""},
		{"NoName057(16) took down the website of Corvane Logistics in retaliation.", intel.KindDDoS, ""},
		{"A DDoS attack on Corvane Logistics knocked its site offline.", intel.KindDDoS, ""},
		{"Hackers stole customer data from Corvane Logistics.", intel.KindDataBreach, ""},
		{"Corvane Logistics says an employee's email account was accessed by an unauthorized person.", intel.KindAccountTakeover, ""},
		{"The X account of Corvane Logistics was hijacked.", intel.KindAccountTakeover, ""},
		{"The website of Corvane Logistics was defaced by activists.", intel.KindDefacement, ""},
		{"Spies broke into Corvane Logistics in a cyberespionage campaign.", intel.KindEspionage, ""},
		{"Attackers exploited a zero-day vulnerability at Corvane Logistics.", intel.KindExploitation, ""},
		{"Scammers defrauded Corvane Logistics through business email compromise.", intel.KindFraud, ""},
		{"A cyberattack halted production at Corvane Logistics; the standstill goes on. Corvane Logistics said no customer data was taken.", intel.KindDisruption, ""},
		{"Corvane Logistics suffered a ransomware attack and customer data was stolen.", intel.KindRansomware, intel.KindDataBreach},
		{"A wiper destroyed machines at Corvane Logistics in the cyberattack.", intel.KindDestructive, ""},
	}
	for _, tt := range tests {
		f := incident(t, extract.Input{Text: tt.text}, "Corvane")
		if f.Kind != tt.want || tt.also != "" && !slices.Contains(f.Kinds, tt.also) {
			t.Errorf("%s: %s %v", tt.text, f.Kind, f.Kinds)
		}
	}
}

func TestCountry(t *testing.T) {
	tests := []struct{ name, text, victim, want string }{
		{"described", "The British carmaker Veldmark Autos was hit by a cyberattack.", "Veldmark", "GB"},
		{"place", "Veldmark Autos in Solihull was hit by a ransomware attack.", "Veldmark", "GB"},
		{"possessive", "Veldmark Autos was hacked. The breach stopped Britain's largest car manufacturer for a week.", "Veldmark", "GB"},
		{"parent's country is not its own", "Veldmark Autos, which belongs to Indian conglomerate Orlanda Holdings, was hit by a cyberattack at its plant in Solihull.", "Veldmark", "GB"},
		{"nor the attackers'", "French hackers breached Veldmark Autos in Solihull.", "Veldmark", "GB"},
		{"nor that of who struck", "Veldmark Autos was hacked by France, officials say.", "Veldmark", ""},
		{"domain", "Hackers defaced veldmark.co.uk on Monday.", "veldmark", "GB"},
		{"institutions", "Brindley County School District notified parents that Social Security numbers were stolen in a data breach.", "Brindley", "US"},
		{"nothing says", "Veldmark Autos was hit by a cyberattack.", "Veldmark", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if f := incident(t, extract.Input{Text: tt.text}, tt.victim); f.Country != tt.want {
				t.Errorf("country %q, want %q", f.Country, tt.want)
			}
		})
	}
}

func TestKnownOrganisation(t *testing.T) {
	o := options()
	o.Victims = []extract.Victim{{Names: []string{"Veldmark Autos", "VA"}, Country: "FR", Sector: "Manufacturing"}}
	x, err := extract.New(o)
	if err != nil {
		t.Fatal(err)
	}
	got := x.Extract(extract.Input{Text: "Veldmark Autos was hit by a ransomware attack."}).Incidents
	if len(got) == 0 || got[0].Country != "FR" || got[0].Sector != "Manufacturing" {
		t.Errorf("%+v", got)
	}
}

// Reports are of Wednesday 3 September 2025.
func TestOccurred(t *testing.T) {
	tests := []struct{ name, text, words, from, to string }{
		{"began", "The attack on Corvane Logistics began on Sunday, it said on Tuesday.", "began on Sunday", "2025-08-31", "2025-08-31"},
		{"not the day of saying", "Corvane Logistics confirmed on Tuesday that it was hacked.", "", "", ""},
		{"not the day of an arrest", "Police arrested a man on Monday over the hack of Corvane Logistics.", "", "", ""},
		{"since", "Corvane Logistics has been offline since Friday night after a cyberattack.", "offline since Friday night", "2025-08-29", "2025-08-29"},
		{"range", "Intruders had access to Corvane Logistics between 8 and 18 August, the company said.", "between 8 and 18 August", "2025-08-08", "2025-08-18"},
		{"late month", "Corvane Logistics was hacked in late August.", "hacked in late August", "2025-08-21", "2025-08-31"},
		{"another sentence", "Corvane Logistics confirmed a breach. The intrusion happened in July.", "happened in July", "2025-07-01", "2025-07-31"},
		{"its own, not one compared with", "Corvane Logistics confirmed a breach. Like last month's attack on a rival, it took the mail of clerks.", "", "", ""},
		{"of the attack", "The attack of 21 August on Corvane Logistics took its mail.", "21 August", "2025-08-21", "2025-08-21"},
		{"told then", "Corvane Logistics disclosed a cyberattack on 13 August.", "on 13 August", "", "2025-08-13"},
		{"no bound", "Hackers breached Corvane Logistics and took records of buyers from before March 2019.", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := incident(t, extract.Input{Text: tt.text, Published: day(2025, time.September, 3)}, "Corvane").Occurred
			if got.Words != tt.words || got.From.String() != tt.from || got.To.String() != tt.to {
				t.Errorf("%q %s..%s, want %q %s..%s", got.Words, got.From, got.To, tt.words, tt.from, tt.to)
			}
			if un := incident(t, extract.Input{Text: tt.text}, "Corvane").Occurred; un.Known() || un.Words != tt.words {
				t.Errorf("undated: %+v", un)
			}
		})
	}
}

func TestRoles(t *testing.T) {
	text := "Corvane Logistics (corvane.example) was hit by a ransomware attack. Its site corvanelogistics.com is down. " +
		"The malware calls evil-login[.]com. Malicious files were fetched from http://203.0.113.9/a. See https://advisory.example.org/7 for more."
	want := map[string]string{
		"corvanelogistics.com": "victim", "evil-login.com": "attacker", "http://203.0.113.9/a": "attacker", "https://advisory.example.org/7": "reference",
	}
	for _, o := range extractor(t).Extract(extract.Input{Text: text}).Observables {
		if w, ok := want[o.Value]; !ok || o.Role != w {
			t.Errorf("%s: role %q, want %q", o.Value, o.Role, w)
		}
		delete(want, o.Value)
	}
	for v := range want {
		t.Errorf("missed %s", v)
	}
}
