package dates

import (
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// foreignMonth reads a month in German, French, Spanish, Italian, Portuguese, Dutch or Polish.
func foreignMonth(w string) time.Month {
	switch strings.TrimSuffix(w, ".") {
	case "januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari", "stycznia":
		return time.January
	case "februar", "février", "febrero", "febbraio", "fevereiro", "februari", "lutego":
		return time.February
	case "märz", "mars", "marzo", "março", "maart", "marca":
		return time.March
	case "avril", "abril", "aprile", "kwietnia":
		return time.April
	case "mai", "mayo", "maggio", "maio", "mei", "maja":
		return time.May
	case "juni", "juin", "junio", "giugno", "junho", "czerwca":
		return time.June
	case "juli", "juillet", "julio", "luglio", "julho", "lipca":
		return time.July
	case "août", "agosto", "augustus", "sierpnia":
		return time.August
	case "septembre", "septiembre", "settembre", "setembro", "września":
		return time.September
	case "oktober", "octobre", "octubre", "ottobre", "outubro", "października":
		return time.October
	case "novembre", "noviembre", "novembro", "listopada":
		return time.November
	case "dezember", "décembre", "diciembre", "dicembre", "dezembro", "grudnia":
		return time.December
	}
	return 0
}

// foreignDay reads a day of the week; German compounds such as "freitagabend" count.
func foreignDay(w string) (time.Weekday, bool) {
	for _, s := range [...]string{"abend", "nacht", "morgen", "nachmittag", "mittag", "vormittag"} {
		if len(w) > len(s)+5 {
			w = strings.TrimSuffix(w, s)
		}
	}
	switch w {
	case "sonntag", "dimanche", "domingo", "domenica", "zondag", "niedzielę":
		return time.Sunday, true
	case "montag", "lundi", "lunes", "lunedì", "segunda-feira", "maandag", "poniedziałek":
		return time.Monday, true
	case "dienstag", "mardi", "martes", "martedì", "terça-feira", "dinsdag", "wtorek":
		return time.Tuesday, true
	case "mittwoch", "mercredi", "miércoles", "mercoledì", "quarta-feira", "woensdag", "środę":
		return time.Wednesday, true
	case "donnerstag", "jeudi", "jueves", "giovedì", "quinta-feira", "donderdag", "czwartek":
		return time.Thursday, true
	case "freitag", "vendredi", "viernes", "venerdì", "sexta-feira", "vrijdag", "piątek":
		return time.Friday, true
	case "samstag", "sonnabend", "samedi", "sábado", "sabato", "zaterdag", "sobotę":
		return time.Saturday, true
	}
	return 0, false
}

// foreignAt reads a date in another language: "30. Oktober 2023", "le 6 février", "3 de marzo de 2024", "im Mai 2024", "am Sonntag", "hier".
func (f *finder) foreignAt(i int) (intel.Interval, int) {
	switch f.low(i) {
	case "gestern", "ayer", "ieri", "ontem", "gisteren", "wczoraj":
		return f.back(1), 1
	}
	if d, ok := foreignDay(f.low(i)); ok {
		if iv, n := f.foreignDate(i + 1); n > 0 {
			return iv, n + 1
		}
		if f.ref.IsZero() {
			return unknown(), 1
		}
		return oneDay(f.ref.AddDays(-((int(f.ref.UTC().Weekday()) - int(d) + 7) % 7))), 1
	}
	return f.foreignDate(i)
}

// foreignDate reads a day and a month, or a month with a year or after a preposition.
func (f *finder) foreignDate(i int) (intel.Interval, int) {
	j, d := i, 0
	if f.low(j) == "den" || f.low(j) == "dem" || f.low(j) == "," || f.low(j) == "le" {
		j++
	}
	if d = dayNumber(f.low(j)); d > 0 || f.low(j) == "1er" {
		d = max(d, 1)
		j++
		if f.low(j) == "." || f.low(j) == "de" || f.low(j) == "º" {
			j++
		}
	}
	m := foreignMonth(f.low(j))
	if m == 0 {
		return intel.Interval{}, 0
	}
	j++
	y, n := 0, 0
	if f.low(j) == "de" {
		n = 1
	}
	if v, ok := year(f.low(j + n)); ok {
		y, n = v, n+1
	} else {
		n = 0
	}
	if d == 0 && y == 0 && !foreignIn(f.low(i-1)) {
		return intel.Interval{}, 0
	}
	if y == 0 {
		y = f.nearestYear(m, max(d, 1))
	}
	if y == 0 {
		return unknown(), j + n - i
	}
	if d == 0 {
		return f.clip(monthPart(y, m, "")), j + n - i
	}
	date, ok := valid(y, m, d)
	if !ok {
		return unknown(), j + n - i
	}
	if f.low(i-2) == "nacht" && (f.low(i-1) == "zum" || f.low(i-1) == "auf") {
		return days(date.AddDays(-1), date, intel.PrecisionDay), j + n - i
	}
	return oneDay(date), j + n - i
}

func foreignIn(w string) bool {
	switch w {
	case "im", "en", "em", "in", "a", "w", "seit", "depuis", "desde", "da", "sinds", "anfang", "ende", "mitte", "début", "fin", "mi":
		return true
	}
	return false
}

// foreignOpens reports whether a date of another language may begin with a word.
func foreignOpens(w string) bool {
	switch w {
	case "gestern", "ayer", "ieri", "ontem", "gisteren", "wczoraj", "1er", "entre", "zwischen":
		return true
	}
	if _, ok := foreignDay(w); ok {
		return true
	}
	return foreignMonth(w) > 0
}
