package extract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/extract"
)

// actorsOf gives the names of the actors of the incidents given by default.
func actorsOf(x *extract.Extractor, text string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, f := range above(x.Extract(extract.Input{ID: "a", Text: text}).Incidents, 0.5) {
		for _, a := range f.Actors {
			if !seen[a.Name] {
				seen[a.Name] = true
				out = append(out, a.Name)
			}
		}
	}
	return out
}

func TestActorsByDeedAndName(t *testing.T) {
	x := extractor(t)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Anonymous took down the website of the Harbour Ministry.", []string{"Anonymous"}},
		{"Anonymous tips led to the arrest of two men.", []string{}},
		{"The Kelpmoor Cyber Army defaced twelve government websites.", []string{"Kelpmoor Cyber Army"}},
		{"The town's site was hacked by F0amSquad on Sunday.", []string{"F0amSquad"}},
		{"The GRU hacked the mail server of Fenwick Institute.", []string{"GRU"}},
		{"The NSA warned that flaws in routers are being exploited.", []string{}},
		{"The campaign, tracked as UNC98765, breached Fenwick Institute.", []string{"UNC98765"}},
		{"The flaw tracked as CVE-2025-12345 was used to breach servers.", []string{}},
		{"An unnamed group claims responsibility for the breach of Fenwick Institute.", []string{}},
		{"The chef who goes by 'Soup King' lost his savings in a phishing attack.", []string{}},
		{"A threat actor marked as Actor250101 breached Fenwick Institute.", []string{"Actor250101"}},
	} {
		if diff := cmp.Diff(c.want, actorsOf(x, c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestActorsAbroad(t *testing.T) {
	x := extractor(t)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Die Gruppe LockBit hat die Muster GmbH angegriffen.", []string{"LockBit"}},
		{"Le groupe LockBit a revendiqué l'attaque contre la société Dupont Énergie SAS.", []string{"LockBit"}},
		{"El grupo Play se atribuyó el ciberataque a la Universidad de Montes.", []string{"Play"}},
		{"Il gruppo LockBit ha rivendicato l'attacco alla Rossi Trasporti SpA.", []string{"LockBit"}},
		{"O grupo LockBit reivindicou o ataque à empresa Pinhal Verde Lda.", []string{"LockBit"}},
		{"De groep Play heeft de aanval op Waterland Transport BV opgeëist.", []string{"Play"}},
		{"Za atakiem stoi grupa LockBit.", []string{"LockBit"}},
		{"Die Gruppe Nordbeispiel meldete gute Zahlen.", []string{}},
		{"Le groupe Dupont publie ses résultats.", []string{}},
	} {
		if diff := cmp.Diff(c.want, actorsOf(x, c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
		for _, f := range above(x.Extract(extract.Input{ID: "v", Text: c.text}).Incidents, 0.5) {
			for _, v := range f.Victims {
				if v.Name == "Die Gruppe LockBit" || v.Name == "LockBit" || v.Name == "Play" {
					t.Errorf("%s: %s is given as a victim", c.text, v.Name)
				}
			}
		}
	}
}

func TestVictimsAbroad(t *testing.T) {
	x := extractor(t)
	for _, c := range []struct{ text, want string }{
		{"Opfer des Angriffs wurde die Muster Logistik GmbH.", "Muster Logistik GmbH"},
		{"Die Nordlicht Energie AG ist Opfer eines Cyberangriffs geworden.", "Nordlicht Energie AG"},
		{"La société Vents du Large SAS a été victime d'une cyberattaque.", "Vents du Large SAS"},
		{"L'entreprise Moulin Vert SARL a subi une cyberattaque.", "Moulin Vert SARL"},
		{"La empresa Puertos Claros S.A. sufrió un ciberataque.", "Puertos Claros S.A."},
		{"El Ayuntamiento de Valdemora ha sido víctima de un ciberataque.", "Ayuntamiento de Valdemora"},
		{"A empresa Rio Claro Lda foi alvo de um ciberataque.", "Rio Claro Lda"},
		{"Het bedrijf Waterland Transport BV is getroffen door ransomware.", "Waterland Transport BV"},
		{"Spółka Zielony Las S.A. padła ofiarą cyberataku.", "Zielony Las S.A."},
		{"Das Bundesamt für Netze warnt vor Angriffen auf die Industrie.", ""},
	} {
		got := ""
		for _, f := range above(x.Extract(extract.Input{ID: "v", Text: c.text}).Incidents, 0.5) {
			for _, v := range f.Victims {
				got = v.Name
			}
		}
		if got != c.want {
			t.Errorf("%s: victim %q, want %q", c.text, got, c.want)
		}
	}
}
