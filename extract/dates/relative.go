package dates

import (
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

func unknown() intel.Interval { return intel.Interval{Precision: intel.PrecisionUnknown} }

// quarterAt reads "the second quarter of 2025", "Q2 2025", "summer 2024".
func (f *finder) quarterAt(i int) (intel.Interval, int) {
	j := i
	if f.low(j) == "the" {
		j++
	}
	q := 0
	switch w := f.low(j); {
	case len(w) == 2 && w[0] == 'q' && w[1] >= '1' && w[1] <= '4':
		q = int(w[1] - '0')
		j++
	case f.low(j+1) == "quarter" || f.low(j+1) == "half":
		q = ordinal(w)
		if f.low(j+1) == "half" && q > 0 {
			return f.half(i, j+2, q)
		}
		j += 2
	}
	if q == 0 {
		return intel.Interval{}, 0
	}
	y, n := f.yearAfter(j)
	if n == 0 {
		y = f.year
	}
	if y == 0 {
		return unknown(), j - i
	}
	m := time.Month(3*q - 2)
	return days(intel.Date{Year: y, Month: m, Day: 1}, intel.DateOf(time.Date(y, m+3, 0, 0, 0, 0, 0, time.UTC)), intel.PrecisionQuarter), j + n - i
}

func ordinal(w string) int {
	switch w {
	case "first":
		return 1
	case "second":
		return 2
	case "third":
		return 3
	case "fourth", "last", "final":
		return 4
	}
	return 0
}

// half reads the first or second half of a year.
func (f *finder) half(i, j, h int) (intel.Interval, int) {
	y, n := f.yearAfter(j)
	if n == 0 || h > 2 {
		return intel.Interval{}, 0
	}
	m := time.Month(6*h - 5)
	return days(intel.Date{Year: y, Month: m, Day: 1}, intel.DateOf(time.Date(y, m+6, 0, 0, 0, 0, 0, time.UTC)), intel.PrecisionYear), j + n - i
}

// weekdayAt reads a day of the week as the last one before or at the reference, and "weekend".
func (f *finder) weekdayAt(i int) (intel.Interval, int) {
	j := i
	last := false
	switch f.low(j) {
	case "last", "past":
		last = true
		j++
	case "this", "early", "late":
		j++
	}
	if w := f.low(j); w == "weekend" || j == i && w == "the" && f.low(j+1) == "weekend" {
		if j == i && w == "the" {
			j++
		}
		return f.weekend(), j + 1 - i
	}
	if j < len(f.t) && f.t[j].Shape&sentence.Cap == 0 {
		return intel.Interval{}, 0
	}
	d, ok := weekdayOf(f.low(j))
	if !ok {
		return intel.Interval{}, 0
	}
	j++
	switch f.low(j) {
	case "morning", "evening", "night", "afternoon":
		j++
	}
	if f.ref.IsZero() {
		return unknown(), j - i
	}
	back := (int(f.ref.UTC().Weekday()) - int(d) + 7) % 7
	if last && back == 0 {
		back = 7
	}
	return oneDay(f.ref.AddDays(-back)), j - i
}

func (f *finder) weekend() intel.Interval {
	if f.ref.IsZero() {
		return unknown()
	}
	back := (int(f.ref.UTC().Weekday()) - int(time.Saturday) + 7) % 7
	sat := f.ref.AddDays(-back)
	to := sat.AddDays(1)
	if f.ref.Before(to) {
		to = f.ref
	}
	return days(sat, to, intel.PrecisionDay)
}

// relativeAt reads "yesterday", "earlier this week", "last month", "this year", "at least 2021".
func (f *finder) relativeAt(i int) (intel.Interval, int) {
	j := i
	switch f.low(j) {
	case "yesterday":
		return f.back(1), 1
	case "today", "tonight":
		return f.back(0), 1
	case "earlier", "later", "late", "early":
		if w := f.low(j + 1); w == "this" || w == "last" {
			j++
		} else if f.low(j) == "earlier" && w == "today" {
			return f.back(0), 2
		}
	case "at":
		if f.low(j+1) == "least" {
			if iv, n := f.at(j + 2); n > 0 {
				return iv, n + 2
			}
		}
		return intel.Interval{}, 0
	}
	if iv, n := f.partOfUnit(i); n > 0 {
		return iv, n
	}
	w := f.low(j)
	if w == "the" && (f.low(j+1) == "past" || f.low(j+1) == "last" || f.low(j+1) == "previous") {
		j++
		w = f.low(j)
	}
	if w != "this" && w != "last" && w != "past" && w != "previous" {
		return intel.Interval{}, 0
	}
	iv, ok := f.unit(f.low(j+1), w != "this")
	if !ok {
		if m := f.month(j + 1); m > 0 && f.year > 0 {
			return monthPart(f.monthYear(m), m, ""), j + 2 - i
		}
		return intel.Interval{}, 0
	}
	return iv, j + 2 - i
}

// monthYear is the year of the last such month before or at the reference.
func (f *finder) monthYear(m time.Month) int {
	if !f.ref.IsZero() && m > f.ref.Month {
		return f.ref.Year - 1
	}
	return f.year
}

func (f *finder) back(n int) intel.Interval {
	if f.ref.IsZero() {
		return unknown()
	}
	return oneDay(f.ref.AddDays(-n))
}

// unit is this week, month, quarter or year, or the one before.
func (f *finder) unit(w string, before bool) (intel.Interval, bool) {
	off := 0
	if before {
		off = 1
	}
	switch w {
	case "week", "month", "year", "night":
	default:
		return intel.Interval{}, false
	}
	if w == "year" && f.year > 0 {
		y := f.year - off
		return f.clip(days(intel.Date{Year: y, Month: 1, Day: 1}, intel.Date{Year: y, Month: 12, Day: 31}, intel.PrecisionYear)), true
	}
	if f.ref.IsZero() {
		return unknown(), true
	}
	switch w {
	case "night":
		return f.back(off), true
	case "week":
		monday := f.ref.AddDays(-(int(f.ref.UTC().Weekday())+6)%7 - 7*off)
		to := monday.AddDays(6)
		if f.ref.Before(to) {
			to = f.ref
		}
		return days(monday, to, intel.PrecisionWeek), true
	default:
		t := time.Date(f.ref.Year, f.ref.Month-time.Month(off), 1, 0, 0, 0, 0, time.UTC)
		return f.clip(monthPart(t.Year(), t.Month(), "")), true
	}
}

// number reads a small number in words or digits.
func number(w string) int {
	switch w {
	case "a", "an", "one":
		return 1
	case "two":
		return 2
	case "three":
		return 3
	case "four":
		return 4
	case "five":
		return 5
	case "six":
		return 6
	case "seven":
		return 7
	case "eight":
		return 8
	case "nine":
		return 9
	case "ten":
		return 10
	}
	if len(w) == 0 || len(w) > 3 || w[0] < '0' || w[0] > '9' {
		return 0
	}
	n, err := strconv.Atoi(w)
	if err != nil || n >= 400 {
		return 0
	}
	return n
}

// agoAt reads "two weeks ago", "a month earlier" is left alone.
func (f *finder) agoAt(i int) (intel.Interval, int) {
	n := number(f.low(i))
	if n == 0 || f.low(i+2) != "ago" {
		return intel.Interval{}, 0
	}
	unit := strings.TrimSuffix(f.low(i+1), "s")
	if f.ref.IsZero() {
		switch unit {
		case "day", "week", "month", "year":
			return unknown(), 3
		}
		return intel.Interval{}, 0
	}
	switch unit {
	case "day":
		return f.back(n), 3
	case "week":
		d := f.ref.AddDays(-7 * n)
		return days(d.AddDays(-3), d.AddDays(3), intel.PrecisionWeek), 3
	case "month":
		t := time.Date(f.ref.Year, f.ref.Month-time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		return monthPart(t.Year(), t.Month(), ""), 3
	case "year":
		y := f.ref.Year - n
		return days(intel.Date{Year: y, Month: 1, Day: 1}, intel.Date{Year: y, Month: 12, Day: 31}, intel.PrecisionYear), 3
	}
	return intel.Interval{}, 0
}

// yearAt reads a bare year after a preposition.
func (f *finder) yearAt(i int) (intel.Interval, int) {
	y, ok := year(f.low(i))
	if !ok {
		return intel.Interval{}, 0
	}
	switch f.low(i - 1) {
	case "in", "since", "during", "of", "from", "to", "and", "until", "between", "least", "early", "late", "by":
		return days(intel.Date{Year: y, Month: 1, Day: 1}, intel.Date{Year: y, Month: 12, Day: 31}, intel.PrecisionYear), 1
	}
	if w := f.low(i - 1); w == "the" || w == "a" || w == "'s" {
		for k := i + 1; k < i+4; k++ {
			switch f.low(k) {
			case "breach", "hack", "attack", "incident", "theft", "leak", "intrusion", "outage", "cyberattack", "heist":
				return days(intel.Date{Year: y, Month: 1, Day: 1}, intel.Date{Year: y, Month: 12, Day: 31}, intel.PrecisionYear), 1
			}
		}
	}
	return intel.Interval{}, 0
}

// partOfUnit reads "the start of the month", "the end of last week", "the beginning of this year".
func (f *finder) partOfUnit(i int) (intel.Interval, int) {
	part, j := f.partAt(i)
	if part == "" {
		return intel.Interval{}, 0
	}
	before := false
	switch f.low(j) {
	case "last":
		before = true
	case "this", "the":
	default:
		return intel.Interval{}, 0
	}
	iv, ok := f.unit(f.low(j+1), before)
	if !ok || iv.From.IsZero() || f.low(j+1) == "night" {
		return iv, 0
	}
	switch from := iv.From; f.low(j + 1) {
	case "week":
		if part == "start" || part == "early" {
			iv.To = from.AddDays(1)
		} else {
			iv.From, iv.To = from.AddDays(3), from.AddDays(6)
		}
	case "month":
		iv = monthPart(from.Year, from.Month, part)
	default:
		iv = yearPart(from.Year, part)
	}
	if !f.ref.IsZero() && f.ref.Before(iv.From) {
		return unknown(), j + 2 - i
	}
	return f.clip(iv), j + 2 - i
}

// spanAt reads a span that ends with the report: "within two weeks", "in the past three days"; and the day on which something that
// lasts began: "its fifth day of outages".
func (f *finder) spanAt(i int) (intel.Interval, int) {
	if n := nth(f.low(i)); n > 1 && f.low(i+1) == "day" {
		switch f.low(i - 1) {
		case "its", "their", "a", "for":
		default:
			return intel.Interval{}, 0
		}
		return f.back(n - 1), 2
	}
	j := i
	switch {
	case f.low(j) == "within":
		j++
	case f.low(j) == "the" && (f.low(j+1) == "past" || f.low(j+1) == "last" || f.low(j+1) == "previous"):
		j += 2
	default:
		return intel.Interval{}, 0
	}
	n := number(f.low(j))
	step, p := 0, intel.PrecisionWeek
	switch strings.TrimSuffix(f.low(j+1), "s") {
	case "day":
		step = 1
	case "week":
		step = 7
	case "month":
		step, p = 30, intel.PrecisionMonth
	}
	if n == 0 || step == 0 || f.low(i) == "within" && follows(f.low(j+2)) {
		return intel.Interval{}, 0
	}
	if f.ref.IsZero() {
		return unknown(), j + 2 - i
	}
	return days(f.ref.AddDays(-n*step), f.ref, p), j + 2 - i
}

// follows reports whether a word after "within two weeks" counts the span from something else than the report.
func follows(w string) bool {
	switch w {
	case "of", "after", "before", "following", "from":
		return true
	}
	return false
}

// nth reads "second" to "tenth".
func nth(w string) int {
	for n, x := range [...]string{"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"} {
		if w == x {
			return n + 2
		}
	}
	return 0
}
