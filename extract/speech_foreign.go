package extract

import "strings"

// Verbs of speech of French, German, Spanish, Italian, Portuguese, Dutch and Polish. They stand before or behind their subject: "a
// indiqué l'opérateur", "teilte das Unternehmen mit".

// foreignAct gives the act that a verb of one of these languages stands for.
func foreignAct(w string) act {
	switch w {
	case "indiqué", "indique", "affirme", "affirmé", "déclaré", "déclare", "précisé", "précise", "assure", "assuré", "expliqué", "explique", "ajouté", "estime",
		"teilte", "erklärte", "erklärt", "sagte", "sagt", "meldete", "meldet", "schreibt", "schrieb", "betonte", "betont", "versicherte",
		"informó", "dijo", "señaló", "explicó", "indicó", "aseguró", "añadió", "informado", "asegurado", "señalado", "explicado", "indicado",
		"comunicato", "dichiarato", "spiegato", "precisato", "spiega", "precisa", "informato", "assicurato", "segnalato",
		"informou", "disse", "afirmou", "explicou", "comunicou", "acrescentou", "afirma",
		"meldde", "meldt", "zegt", "zei", "verklaarde", "verklaart", "laat", "liet",
		"poinformował", "poinformowała", "poinformowało", "przekazał", "przekazała", "oświadczył", "oświadczyła", "podał", "podała", "informuje", "podkreślił", "podkreśliła":
		return actSay
	case "démenti", "dément", "nie", "nié", "dementiert", "dementierte", "bestreitet", "bestritt", "desmintió", "desmiente", "niega", "negó", "descarta", "descartó",
		"smentito", "smentisce", "nega", "negato", "esclude", "escluso", "negou", "desmentiu", "descartou", "ontkent", "ontkende", "zaprzeczył", "zaprzeczyła", "zaprzecza", "zdementował", "zdementowała":
		return actDeny
	}
	if foreignAdmission(w) {
		return actSay
	}
	return actNone
}

// foreignAdmission reports whether a verb of these languages is one by which an organisation owns up to an incident.
func foreignAdmission(w string) bool {
	switch w {
	case "confirmé", "confirme", "annoncé", "annonce", "reconnu", "reconnaît", "admis", "révélé",
		"bestätigte", "bestätigt", "räumte", "gab", "informierte",
		"confirmó", "confirma", "confirmado", "anunció", "reconoció", "reconocido", "admitió", "comunicó",
		"confermato", "conferma", "annunciato", "ammesso", "ammette",
		"confirmou", "anunciou", "reconheceu", "admitiu",
		"bevestigde", "bevestigt", "erkende", "erkent",
		"potwierdził", "potwierdziła", "potwierdziło", "potwierdza", "ogłosił", "ogłosiła", "przyznał", "przyznała":
		return true
	}
	return false
}

// romance reports whether a verb of speech may stand before its subject.
func romance(w string) bool { return foreignAct(w) != actNone }

// ownNoun reports whether a noun, with the article that is written as one word with it, is by what a text in one of these languages
// calls the organisation that it is about.
func ownNoun(w string) bool {
	for _, article := range []string{"l'", "dell'", "all'", "dall'", "d'"} {
		w = strings.TrimPrefix(w, article)
	}
	switch w {
	case "opérateur", "entreprise", "société", "constructeur", "établissement", "enseigne", "distributeur", "éditeur", "fournisseur", "collectivité", "mairie", "hôpital", "direction",
		"unternehmen", "unternehmens", "konzern", "konzerns", "hersteller", "herstellers", "autobauer", "autobauers", "betreiber", "betreibers", "dienstleister", "dienstleisters", "klinik", "firma", "händler", "versorger", "stadtverwaltung",
		"empresa", "compañía", "operadora", "entidad", "multinacional", "ayuntamiento",
		"azienda", "società", "operatore", "comune", "ospedale",
		"companhia", "bedrijf", "concern", "gemeente", "ziekenhuis", "spółka", "spółki", "firmy", "urząd":
		return true
	}
	return false
}

// inverted reads the subject that stands right behind its verb, at the end of what is said: ", a indiqué l'opérateur mercredi", ", teilte
// der Konzern am Montag mit".
func (l *listener) inverted(i, s int) (party, int) {
	d, sp := l.d, l.d.Sentences[s]
	if !romance(d.low(i)) || i < sp.First+4 {
		return nobody(), i
	}
	k := i - 1
	for k > sp.First && (auxiliaryAbroad(d.low(k)) || d.low(k) == "egli") {
		k--
	}
	if w := d.low(k); w != "," && !isQuote(w) {
		return nobody(), i
	}
	n := i + 1
	for n < sp.Last && articleAbroad(d.low(n)) {
		n++
	}
	if n >= sp.Last {
		return nobody(), i
	}
	if k := d.at[n]; k >= 0 && l.orgAt(d.mentions[k].b-1) {
		return l.mentionParty(int(k)), d.mentions[k].b
	}
	if ownNoun(d.low(n)) {
		return l.pronounOrFocus(s), n + 1
	}
	return nobody(), i
}

func auxiliaryAbroad(w string) bool {
	switch w {
	case "a", "ont", "hat", "haben", "ha", "han", "hanno", "heeft", "hebben", "tem", "aussi", "auch":
		return true
	}
	return false
}

func articleAbroad(w string) bool {
	switch w {
	case "le", "la", "les", "der", "die", "das", "el", "los", "las", "il", "lo", "gli", "o", "os", "as", "het", "de":
		return true
	}
	return false
}
