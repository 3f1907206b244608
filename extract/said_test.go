package extract_test

import (
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// TestWhoSaidWhat reads short texts with one claim worth having: which facet, which stance, and whose word it is.
func TestWhoSaidWhat(t *testing.T) {
	x := extractor(t)
	failed := 0
	cases := saidCases()
	for _, c := range cases {
		got := x.Extract(extract.Input{Text: c.text, Language: c.lang})
		ok, said := false, []string{}
		for _, in := range got.Incidents {
			for _, s := range in.Claims {
				said = append(said, string(s.Facet)+" "+string(s.Stance)+" by "+s.SaidBy.Name+" ("+string(s.SaidBy.Kind)+")")
				ok = ok || s.Facet == c.facet && s.Stance == c.stance && s.SaidBy.Kind == c.kind && (c.by == "" || strings.Contains(s.SaidBy.Name, c.by))
			}
		}
		if !ok {
			failed++
			t.Logf("%s: want %s %s by %s (%s), got %q\n    %s", c.lang, c.facet, c.stance, c.by, c.kind, said, c.text)
		}
	}
	if most := 0; failed > most {
		t.Errorf("%d of %d are not told, more than %d", failed, len(cases), most)
	}
}

type saidCase struct {
	lang, text string
	facet      intel.Facet
	stance     intel.Stance
	by         string
	kind       intel.SpeakerKind
}

func saidCases() []saidCase {
	const event, impact, deed = intel.FacetEvent, intel.FacetImpact, intel.FacetAttribution
	const confirmed, denied, claimed, attributed, reported = intel.StanceConfirmed, intel.StanceDenied, intel.StanceClaimed, intel.StanceAttributed, intel.StanceReported
	const victim, actor, gov, vendor, media = intel.SpeakerVictim, intel.SpeakerActor, intel.SpeakerGovernment, intel.SpeakerVendor, intel.SpeakerMedia
	return []saidCase{
		{"fr", "Le distributeur Marlenne SA a été victime d'une cyberattaque dans la nuit de dimanche à lundi, a indiqué l'entreprise mardi.", event, confirmed, "Marlenne", victim},
		{"fr", "Marlenne SA a confirmé avoir subi une attaque par rançongiciel le 3 mars.", event, confirmed, "Marlenne", victim},
		{"fr", "L'hôpital de Saint-Aubrac a été la cible d'une cyberattaque. La direction assure qu'aucune donnée de patients n'a été volée.", impact, denied, "Saint-Aubrac", victim},
		{"fr", "Le groupe LockBit revendique l'attaque contre la société Marlenne SA.", deed, claimed, "LockBit", actor},
		{"de", "Die Nordhöhe Kliniken GmbH ist Opfer eines Hackerangriffs geworden, teilte das Unternehmen am Montag mit.", event, confirmed, "Nordhöhe", victim},
		{"de", "Der Maschinenbauer Grathwohl AG bestätigte am Dienstag einen Cyberangriff auf seine Systeme.", event, confirmed, "Grathwohl", victim},
		{"de", "Die Grathwohl AG wurde von Hackern angegriffen. Nach Angaben des Unternehmens wurden keine Kundendaten gestohlen.", impact, denied, "Grathwohl", victim},
		{"es", "La empresa Solviento SA confirmó el martes que sufrió un ataque de ransomware.", event, confirmed, "Solviento", victim},
		{"es", "Solviento SA sufrió un ciberataque el lunes. La compañía niega que se hayan robado datos de clientes.", impact, denied, "Solviento", victim},
		{"es", "El grupo LockBit se atribuyó el ataque contra Solviento SA.", deed, claimed, "LockBit", actor},
		{"it", "Valdarsa SpA ha confermato di aver subito un attacco ransomware nella notte di domenica.", event, confirmed, "Valdarsa", victim},
		{"it", "Valdarsa SpA ha subito un attacco hacker. L'azienda ha confermato che sono stati rubati dati dei clienti.", impact, confirmed, "Valdarsa", victim},
		{"pt", "A Solvento SA confirmou nesta terça-feira que sofreu um ataque de ransomware.", event, confirmed, "Solvento", victim},
		{"nl", "Het bedrijf Veldwijk BV bevestigde dinsdag dat het is getroffen door een cyberaanval.", event, confirmed, "Veldwijk", victim},
		{"pl", "Firma Borowiak SA potwierdziła, że padła ofiarą ataku ransomware.", event, confirmed, "Borowiak", victim},
		{"en", "Live Harbour told the regulator that on 20 May it identified unauthorised activity in a database with data of its customers.", event, confirmed, "Live Harbour", victim},
		{"en", "Corran Valley Water Board was listed by LockBit on 12 June. The Water Board confirmed a ransomware incident and said billing data was affected.", event, confirmed, "Water Board", victim},
		{"en", "Delbrook Ports was hit by a cyber attack on Monday. Delbrook Ports now believes that some customer data was stolen.", impact, confirmed, "Delbrook", victim},
		{"en", "Tarnwick Motors was attacked last week. The Osterby Monitoring Centre, a not-for-profit body, ranks the attack as a category three event.", event, reported, "", media},
		{"en", "Hackers broke into Tarnwick Motors. The company said the number of customers affected was far smaller than the attackers claim.", impact, confirmed, "Tarnwick", victim},
		{"en", "Delbrook Ports has denied that its network was breached after LockBit listed it.", event, denied, "Delbrook", victim},
		{"en", "The FBI said LockBit was responsible for the ransomware attack on Delbrook Ports.", deed, attributed, "FBI", gov},
		{"en", "Mandiant attributed the intrusion at Delbrook Ports to LockBit.", deed, attributed, "Mandiant", vendor},
		{"en", "LockBit says it stole 300 gigabytes of data from Delbrook Ports.", impact, claimed, "LockBit", actor},
		{"en", "The attack on Delbrook Ports encrypted its servers, a spokeswoman for the port operator said.", event, confirmed, "Delbrook", victim},
		{"en", "In a letter to customers, Delbrook Ports wrote that names and addresses had been copied.", impact, confirmed, "Delbrook", victim},
		{"en", "Delbrook Ports refused to pay the ransom, its chief executive said, adding that no customer data was taken.", impact, denied, "Delbrook", victim},
		{"en", "The attack on Delbrook Ports has been claimed by the LockBit gang.", deed, claimed, "LockBit", actor},
		{"en", "According to a filing, intruders accessed the network of Delbrook Ports and copied payroll files.", impact, confirmed, "Delbrook", victim},
	}
}
