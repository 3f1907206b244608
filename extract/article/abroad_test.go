package article

import (
	"strings"
	"testing"
)

// TestVisibleDatesAndBylines: pages without any metadata, in eight languages.
func TestVisibleDatesAndBylines(t *testing.T) {
	for name, c := range map[string]struct{ lang, title, line, date, author string }{
		"en":           {"en", "Port closed after attack on its systems", "<p>By Jane Roe</p><p>Published on September 3, 2023</p>", "2023-09-03", "Jane Roe"},
		"en glued":     {"en", "Port closed after attack on its systems", "<div>Written by Jane Roe | 3 Sept 2023 | 4 min read</div>", "2023-09-03", "Jane Roe"},
		"de":           {"de", "Hafen schließt nach Angriff auf Systeme", "<p>Von Jana Reh</p><p>Veröffentlicht am 3. September 2023</p>", "2023-09-03", "Jana Reh"},
		"de numbers":   {"de", "Hafen schließt nach Angriff auf Systeme", "<p>03.09.2023, 14:20 Uhr | Autorin: Jana Reh</p>", "2023-09-03", "Jana Reh"},
		"de at":        {"de", "Hafen schließt nach Angriff auf Systeme", "<p>3. Jänner 2023</p><p>Text von Jana Reh</p>", "2023-01-03", "Jana Reh"},
		"fr":           {"fr", "Le port ferme après une attaque informatique", "<p>Par Jeanne Roy</p><p>Publié le 3 septembre 2023 à 14h20</p>", "2023-09-03", "Jeanne Roy"},
		"fr first":     {"fr", "Le port ferme après une attaque informatique", "<p>Publié le 1er août 2023</p><p>Auteur : Jeanne Roy</p>", "2023-08-01", "Jeanne Roy"},
		"es":           {"es", "El puerto cierra tras un ataque informático", "<p>Por Juana Ruiz</p><p>Publicado el 3 de septiembre de 2023</p>", "2023-09-03", "Juana Ruiz"},
		"es short":     {"es", "El puerto cierra tras un ataque informático", "<p>Escrito por Juana Ruiz</p><p>3 sept. 2023 - 14:20 CEST</p>", "2023-09-03", "Juana Ruiz"},
		"it":           {"it", "Il porto chiude dopo un attacco informatico", "<p>di Giovanna Rossi</p><p>Pubblicato il 3 settembre 2023</p>", "2023-09-03", "Giovanna Rossi"},
		"it author":    {"it", "Il porto chiude dopo un attacco informatico", "<p>Autore: Giovanna Rossi</p><p>mercoledì 3 settembre 2023</p>", "2023-09-03", "Giovanna Rossi"},
		"pt":           {"pt", "Porto fecha depois de um ataque informático", "<p>Por Joana Rosa</p><p>Publicado em 3 de setembro de 2023 às 14h20</p>", "2023-09-03", "Joana Rosa"},
		"pt numbers":   {"pt", "Porto fecha depois de um ataque informático", "<p>Autor: Joana Rosa</p><p>03/09/2023 14h20 - Atualizado em 05/09/2023</p>", "2023-09-03", "Joana Rosa"},
		"nl":           {"nl", "Haven dicht na aanval op systemen", "<p>Door Jan de Ree</p><p>Geplaatst op 3 september 2023</p>", "2023-09-03", "Jan de Ree"},
		"nl written":   {"nl", "Haven dicht na aanval op systemen", "<p>Geschreven door Jan de Ree</p><p>woensdag 3 september 2023, 14:20</p>", "2023-09-03", "Jan de Ree"},
		"pl":           {"pl", "Port zamknięty po ataku na systemy", "<p>Autor: Jan Rejewski</p><p>Opublikowano: 3 września 2023</p>", "2023-09-03", "Jan Rejewski"},
		"pl day first": {"pl", "Port zamknięty po ataku na systemy", "<p>Tekst: Jan Rejewski</p><p>środa, 3 września 2023 r., godz. 14:20</p>", "2023-09-03", "Jan Rejewski"},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[string]string{
				"en": "The port of Tarnwick closed on Monday after an attack on its systems, its operator said. Ships wait outside while engineers rebuild the servers.",
				"de": "Der Hafen von Tarnwick ist seit Montag nach einem Angriff auf seine Systeme geschlossen, sagt der Betreiber. Schiffe warten draußen.",
				"fr": "Le port de Tarnwick est fermé depuis lundi après une attaque contre ses systèmes, selon son exploitant. Les navires attendent au large.",
				"es": "El puerto de Tarnwick está cerrado desde el lunes tras un ataque a sus sistemas, según su operador. Los barcos esperan fuera.",
				"it": "Il porto di Tarnwick è chiuso da lunedì dopo un attacco ai suoi sistemi, dice il gestore. Le navi aspettano al largo da giorni.",
				"pt": "O porto de Tarnwick está fechado desde segunda-feira depois de um ataque aos seus sistemas, diz o operador. Os navios esperam ao largo.",
				"nl": "De haven van Tarnwick is sinds maandag gesloten na een aanval op de systemen, zegt de beheerder. Schepen wachten buiten de haven.",
				"pl": "Port w Tarnwick jest od poniedziałku zamknięty po ataku na jego systemy, mówi operator. Statki czekają na redzie od kilku dni.",
			}[c.lang]
			text := "<p>" + strings.Join([]string{body, body, body}, "</p><p>") + "</p>"
			a, err := Read(page2("<html lang=" + c.lang + "><head><title>" + c.title + "</title></head><body><header><nav><a href=/>Start</a></nav></header><main><article><h1>" + c.title + "</h1>" + c.line + text + "</article></main><footer>© 2022 Tarnwick Post</footer></body></html>"))
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Published.String(); got != c.date {
				t.Errorf("published %v, want %s", a.Published, c.date)
			}
			if len(a.Authors) != 1 || a.Authors[0] != c.author {
				t.Errorf("authors %q, want %q", a.Authors, c.author)
			}
		})
	}
}

// TestAYearIsNoDate: the year of a copyright line is not the day on which a page appeared.
func TestAYearIsNoDate(t *testing.T) {
	text := strings.Repeat("<p>The port of Tarnwick closed on Monday after an attack on its systems, its operator said. Ships wait outside.</p>", 3)
	for _, foot := range []string{"© 2022 Tarnwick Post", "Copyright 2019-2022 Tarnwick Post. All rights reserved.", "Tarnwick Post, since 1999"} {
		a, err := Read(page2("<html lang=en><head><title>Port closed after attack</title></head><body><h1>Port closed after attack</h1>" + text + "<footer>" + foot + "</footer></body></html>"))
		if err != nil || !a.Published.IsZero() {
			t.Errorf("%s: published %v from %q, %v", foot, a.Published, a.PublishedFrom, err)
		}
	}
}
