package extract

import "strings"

// Words of French, German, Spanish, Italian, Portuguese, Dutch and Polish that say what was done and what was taken.

// bareWord takes off what French and Italian write as one with the next word: "qu'aucune", "l'attaque", "dell'azienda".
func bareWord(w string) string {
	if i := strings.IndexByte(w, '\''); i > 0 && i < 6 && i+2 < len(w) {
		switch w[:i] {
		case "l", "d", "n", "s", "c", "j", "qu", "un", "all", "dell", "dall", "nell", "sull":
			return w[i+1:]
		}
	}
	return w
}

// foreignNot reports whether a word denies in one of these languages. "Non" and "sin" are no words of English reporting.
func foreignNot(w string) bool {
	switch w {
	case "aucune", "aucun", "keine", "kein", "keinen", "keinerlei", "nicht", "ninguna", "ningún", "sin", "nessuna", "nessun", "nenhuma", "nenhum", "não", "sem", "geen", "niet", "żadnych", "brak":
		return true
	}
	return false
}

// foreignEvent reports whether a word tells of an attack.
func foreignEvent(w string) bool {
	switch w {
	case "cyberattaque", "cyberattaques", "attaque", "attaques", "rançongiciel", "piratage", "piraté", "piratée", "cyberangriff", "cyberangriffs", "angriff", "angriffs", "hackerangriff", "hackerangriffs", "cyberattacke",
		"sicherheitsvorfall", "angegriffen", "ciberataque", "ciberataques", "ataque", "ciberincidente", "hackeo", "hackeada", "attacco", "attacchi", "attaccata", "ataques", "cyberaanval", "aanval", "aangevallen",
		"cyberatak", "cyberataku", "atak", "ataku", "zaatakowana", "zaatakowany":
		return true
	}
	return false
}

// foreignData reports whether a word stands for data.
func foreignData(w string) bool {
	switch w {
	case "données", "donnée", "fichiers", "daten", "kundendaten", "patientendaten", "mitarbeiterdaten", "dateien", "datos", "información", "archivos", "dati", "informazioni", "dados", "informações",
		"gegevens", "klantgegevens", "bestanden", "dane", "danych":
		return true
	}
	return false
}

// foreignTaken reports whether a word says that something was taken, seen or made unreadable.
func foreignTaken(w string) bool {
	switch w {
	case "vol", "volé", "volés", "volée", "volées", "dérobé", "dérobés", "dérobées", "exfiltrées", "divulguées", "compromises", "consultées", "extraites", "concernés", "concernées",
		"gestohlen", "gestohlene", "kopiert", "entwendet", "abgeflossen", "abfluss", "abgegriffen", "verschlüsselt", "diebstahl", "betroffen",
		"robados", "robadas", "robado", "robo", "sustraídos", "sustraído", "filtrados", "exfiltrados", "comprometidos", "cifrados",
		"rubati", "rubato", "sottratti", "esfiltrati", "furto", "sottrazione", "roubados", "roubo", "furtados", "vazados", "vazamento",
		"gestolen", "buitgemaakt", "gelekt", "versleuteld", "diefstal", "skradzione", "skradzionych", "wykradziono", "wykradzione", "wyciekły", "wyciek", "wycieku":
		return true
	}
	return false
}

// foreignSign reports whether a word means evidence, or a sign of something.
func foreignSign(w string) bool {
	switch w {
	case "preuve", "preuves", "élément", "indice", "hinweise", "hinweis", "belege", "anzeichen", "erkenntnisse", "prueba", "pruebas", "indicio", "indicios", "evidencia", "evidencias", "constancia",
		"prove", "prova", "evidenza", "evidenze", "evidência", "evidências", "indícios", "aanwijzingen", "bewijs", "dowodów", "śladów":
		return true
	}
	return false
}

// foreignClaim reports whether a word says in one of these languages that somebody boasts of a deed.
func foreignClaim(w string) bool {
	switch w {
	case "revendiqué", "revendique", "revendiquée", "bekennt", "bekannte", "attribué", "reivindicó", "reivindicado", "reivindica", "atribuyó", "atribuye", "rivendicato", "rivendica", "reivindicou", "opgeëist",
		"przyznała", "przyznał":
		return true
	}
	return false
}

// foreignBand reports whether a word stands for a gang or its members; German gives it a capital.
func foreignBand(w string) bool {
	switch bareWord(w) {
	case "gruppe", "hackergruppe", "ransomware-gruppe", "ransomwaregruppe", "erpressergruppe", "bande", "hackerbande", "cyberbande", "erpresserbande", "kollektiv", "hackerkollektiv", "gruppierung",
		"groupe", "gang", "collectif", "cybergang", "pirates", "grupo", "banda", "colectivo", "gruppo", "collettivo", "coletivo", "groep", "hackersgroep", "hackergroep", "ransomwaregroep", "bende",
		"grupa", "grupę", "grupy", "gang-u", "gangu", "hakerzy", "cyberkriminellen", "cyberkriminelle", "hackern":
		return true
	}
	return false
}
