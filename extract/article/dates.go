package article

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// earliest is the first year a web page can be from.
const earliest = 1995

// layouts with a zone give an instant; those without give a day, because the hour is of an unknown place.
var (
	zoned = []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700",
		"2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05Z0700", "2006-01-02T15:04:05 Z07:00", time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700",
		"2006-01-02 15:04:05 UTC", "2006-01-02T15:04:05 UTC", "Mon, 2 Jan 2006 15:04:05 GMT", "Mon, 02 Jan 2006 15:04:05 UTC",
	}
	isoDay = regexp.MustCompile(`^(\d{4})-?(\d{2})-?(\d{2})(?:[T ]|$)`)
)

// parseTime reads a machine-readable time; only what it says is known.
func parseTime(s string) intel.Moment {
	s = strings.TrimSpace(s)
	if len(s) < 4 || len(s) > 60 {
		return intel.Moment{}
	}
	for _, l := range zoned {
		if t, err := time.Parse(l, s); err == nil {
			return intel.Instant(t)
		}
	}
	if m := isoDay.FindStringSubmatch(s); m != nil {
		return day(m[1], m[2], m[3])
	}
	return intel.Moment{}
}

// day is the date of three numbers, unknown when they name none.
func day(y, m, d string) intel.Moment {
	yy, err1 := strconv.Atoi(y)
	mm, err2 := strconv.Atoi(m)
	dd, err3 := strconv.Atoi(d)
	if err1 != nil || err2 != nil || err3 != nil || mm < 1 || mm > 12 || dd < 1 {
		return intel.Moment{}
	}
	t := time.Date(yy, time.Month(mm), dd, 0, 0, 0, 0, time.UTC)
	if t.Day() != dd || yy < 1000 {
		return intel.Moment{}
	}
	return intel.OnDay(intel.DateOf(t))
}

// possible rejects dates before the web and after the page was fetched.
func possible(m intel.Moment, retrieved time.Time) bool {
	if m.IsZero() || m.Date().Year < earliest || m.Date().Year > 2200 {
		return false
	}
	return retrieved.IsZero() || m.Time().Before(retrieved.Add(36*time.Hour))
}

// months maps the names of months in the languages of the sources to their numbers.
var months = monthTable(`1 january jan januar jänner janvier enero gennaio janeiro januari января январь ocak stycznia leden ledna ianuarie januára
2 february feb februar februari feber février fevrier febrero febbraio fevereiro fev févr февраля şubat lutego února februarie februára
3 march mar märz maerz mrz mars marzo março maart марта mart marca března martie
4 april apr avril avr abril aprile апреля nisan kwietnia dubna aprilie apríla
5 may mai mayo maggio maio mei мая mayıs maja května
6 june jun juni juin junio giugno junho июня haziran czerwca června iunie júna
7 july jul juli juillet juil julio luglio julho июля temmuz lipca července iulie júla
8 august aug août aout agosto augustus августа ağustos sierpnia srpna augusta
9 september sep sept septembre septiembre settembre setembro сентября eylül września září septembrie septembra
10 october oct oktober okt octobre octubre ottobre outubro октября ekim października října octombrie októbra
11 november nov novembre noviembre novembro ноября kasım listopada listopadu noiembrie novembra
12 december dec dezember dez décembre diciembre dicembre dezembro décembre декабря aralık grudnia prosince decembrie decembra`)

func monthTable(s string) map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(s, "\n") {
		f := strings.Fields(line)
		for _, n := range f[1:] {
			out[n] = f[0]
		}
	}
	return out
}

var (
	dayMonth = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s*[ -]\s*(?:de |of )?(\p{L}{3,11})\.?,?\s*[ -]\s*(?:de |del )?(\d{4})\b`)
	monthDay = regexp.MustCompile(`(?i)(?:^|[^\p{L}])(\p{L}{3,11})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b`)
	// dayRange is a span of days, which is what a text is about and not when it appeared.
	dayRange = regexp.MustCompile(`\b\d{1,2}\.?(\s?\p{L}{3,10})?\s?(?:-|–|—|to|bis|au|al)\s?\d{1,2}\.?\s\p{L}{3,10}\s\d{4}`)
	ymd      = regexp.MustCompile(`\b(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?:\b|日|일)`)
	dmy      = regexp.MustCompile(`\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b`)
	dmyy     = regexp.MustCompile(`(?:^|[\s|,(])(\d{1,2})\.(\d{1,2})\.(\d{2})(?:$|[\s|,)])`)
	slashed  = regexp.MustCompile(`\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b`)
	urlDay   = regexp.MustCompile(`(?:^|/)((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|$|[-_])`)
	urlTight = regexp.MustCompile(`(?:^|[/_-])(20\d{2})(0[1-9]|1[0-2])([0-3]\d)(?:[/_.-]|$)`)
)

// visibleDate reads the first full date that s writes out. monthFirst says how 1/2/2020 is meant; without it such a date is
// unknown unless one number is above twelve.
func visibleDate(s string, monthFirst, dayFirst bool) intel.Moment {
	if len(s) > 400 {
		s = s[:400]
	}
	s = dayRange.ReplaceAllString(s, " ")
	for _, m := range dayMonth.FindAllStringSubmatch(s, 4) {
		if n := months[strings.ToLower(m[2])]; n != "" {
			return day(m[3], n, m[1])
		}
	}
	for _, m := range monthDay.FindAllStringSubmatch(s, 4) {
		if n := months[strings.ToLower(m[1])]; n != "" {
			return day(m[3], n, m[2])
		}
	}
	if m := ymd.FindStringSubmatch(s); m != nil {
		return day(m[1], m[2], m[3])
	}
	if m := dmy.FindStringSubmatch(s); m != nil {
		return day(m[3], m[2], m[1])
	}
	if m := dmyy.FindStringSubmatch(s); m != nil && len(s) < 100 {
		return day("20"+m[3], m[2], m[1])
	}
	if m := slashed.FindStringSubmatch(s); m != nil {
		return numeric(m[1], m[2], m[3], monthFirst, dayFirst)
	}
	return intel.Moment{}
}

func numeric(a, b, y string, monthFirst, dayFirst bool) intel.Moment {
	x, _ := strconv.Atoi(a)
	z, _ := strconv.Atoi(b)
	switch {
	case x > 12 || x == z:
		return day(y, b, a)
	case z > 12:
		return day(y, a, b)
	case monthFirst:
		return day(y, a, b)
	case dayFirst:
		return day(y, b, a)
	}
	return intel.Moment{}
}
