package dates

import (
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// Found is a phrase of time: its tokens, ends exclusive, and what it says.
type Found struct {
	First, Last int
	intel.Interval
}

// finder reads tokens against a reference.
type finder struct {
	t []sentence.Token
	// ref is the reference day; zero when unknown. year is its year, or zero.
	ref  intel.Date
	year int
	// prev is the phrase found last: "two days later" counts from it.
	prev intel.Interval
}

// Find gives the phrases of time among tokens, in order and without overlap. Days of the week and the like need published to be
// known to the day; a date without a year needs its year.
func Find(tokens []sentence.Token, published intel.Moment) []Found {
	f := finder{t: tokens}
	switch published.Precision() {
	case intel.PrecisionDay, intel.PrecisionSecond:
		f.ref = published.Date()
		f.year = f.ref.Year
	case intel.PrecisionMonth, intel.PrecisionYear:
		f.year = published.Date().Year
	}
	var out []Found
	for i := 0; i < len(tokens); {
		if !opens(tokens[i].Low) {
			i++
			continue
		}
		iv, n := f.rangeAt(i)
		if n == 0 {
			iv, n = f.at(i)
		}
		if n == 0 {
			i++
			continue
		}
		first := i
		if i > 0 && leads(tokens[i-1].Low) && (len(out) == 0 || out[len(out)-1].Last < i) {
			first--
			if since(tokens[i-1].Low) && f.open(iv, i, n) {
				iv.To = intel.Date{}
			}
		}
		if iv.From.IsZero() && iv.To.IsZero() {
			iv.Precision = intel.PrecisionUnknown
		}
		out = append(out, Found{first, i + n, iv})
		f.prev = iv
		i += n
	}
	return out
}

func leads(w string) bool {
	switch w {
	case "on", "in", "over", "during", "since", "around", "at", "from", "by", "am", "im", "seit", "en", "depuis", "le", "el", "desde", "vom", "zum", "op", "w":
		return true
	}
	return false
}

func since(w string) bool { return w == "since" || w == "seit" || w == "depuis" || w == "desde" }

// open reports whether "since" before a phrase leaves its end open: since a year, or a month that is named with its year. What began on
// a day, or lately, is told as the time when it began.
func (f *finder) open(iv intel.Interval, i, n int) bool {
	switch iv.Precision {
	case intel.PrecisionYear, intel.PrecisionQuarter:
		return true
	case intel.PrecisionMonth:
		return !f.yearless(i, i+n)
	}
	return false
}

func (f *finder) low(i int) string {
	if i < 0 || i >= len(f.t) {
		return ""
	}
	return f.t[i].Low
}

// rangeAt reads "between A and B" and "from A to B".
func (f *finder) rangeAt(i int) (intel.Interval, int) {
	sep := ""
	switch f.low(i) {
	case "between":
		sep = "and"
	case "from":
		sep = "to"
	case "entre":
		sep = "et"
	case "zwischen":
		sep = "und"
	default:
		return intel.Interval{}, 0
	}
	a, n := f.at(i + 1)
	if n == 0 {
		return f.dayRange(i+1, sep)
	}
	j := i + 1 + n
	if w := f.low(j); w != sep && !(sep == "to" && (w == "until" || w == "through" || w == "till")) {
		return a, 0
	}
	b, m := f.at(j + 1)
	if m == 0 {
		return a, 0
	}
	if y := b.To.Year; y > 0 && f.yearless(i+1, j) && !f.yearless(j+1, j+1+m) {
		a = f.shift(i+1, y)
	}
	iv := intel.Interval{From: a.From, To: b.To, Precision: coarser(a.Precision, b.Precision)}
	if iv.Known() && !iv.From.IsZero() && !iv.To.IsZero() && iv.To.Before(iv.From) {
		iv.From.Year--
	}
	return iv, j + 1 + m - i
}

// yearless reports whether no year stands among tokens a to b.
func (f *finder) yearless(a, b int) bool {
	for i := a; i < b; i++ {
		if _, ok := year(f.low(i)); ok {
			return false
		}
	}
	return true
}

// shift reads the phrase at i as one of year y.
func (f *finder) shift(i, y int) intel.Interval {
	g := *f
	g.year, g.ref = y, intel.Date{Year: y, Month: time.December, Day: 31}
	iv, _ := g.at(i)
	return iv
}

func coarser(a, b intel.Precision) intel.Precision {
	rank := func(p intel.Precision) int {
		for i, q := range intel.Precisions() {
			if p == q {
				return i
			}
		}
		return len(intel.Precisions())
	}
	if rank(a) > rank(b) {
		return a
	}
	return b
}

// at reads one phrase at token i and gives how many tokens it takes.
func (f *finder) at(i int) (intel.Interval, int) {
	for _, read := range [...]func(int) (intel.Interval, int){
		f.isoAt, f.dayAt, f.weekOfAt, f.holidayAt, f.seasonAt, f.monthAt, f.quarterAt, f.relativeAt, f.weekdayAt, f.agoAt, f.vagueAt, f.spanAt, f.laterAt, f.yearAt, f.foreignAt,
	} {
		if iv, n := read(i); n > 0 {
			return iv, n
		}
	}
	return intel.Interval{}, 0
}

func year(w string) (int, bool) {
	if len(w) != 4 || w[0] != '1' && w[0] != '2' {
		return 0, false
	}
	y, err := strconv.Atoi(w)
	return y, err == nil && y >= 1990 && y <= 2099
}

func monthOf(w string) time.Month {
	switch strings.TrimSuffix(w, ".") {
	case "january", "jan":
		return time.January
	case "february", "feb":
		return time.February
	case "march", "mar":
		return time.March
	case "april", "apr":
		return time.April
	case "may":
		return time.May
	case "june", "jun":
		return time.June
	case "july", "jul":
		return time.July
	case "august", "aug":
		return time.August
	case "september", "sep", "sept":
		return time.September
	case "october", "oct":
		return time.October
	case "november", "nov":
		return time.November
	case "december", "dec":
		return time.December
	}
	return 0
}

// month reads a month's name with a capital, so that the verbs "may" and "march" are not taken for one.
func (f *finder) month(i int) time.Month {
	if i < 0 || i >= len(f.t) || f.t[i].Shape&(sentence.Cap|sentence.Upper) == 0 {
		return 0
	}
	return monthOf(f.t[i].Low)
}

func weekdayOf(w string) (time.Weekday, bool) {
	switch w {
	case "sunday":
		return time.Sunday, true
	case "monday", "mon":
		return time.Monday, true
	case "tuesday", "tue":
		return time.Tuesday, true
	case "wednesday", "wed":
		return time.Wednesday, true
	case "thursday", "thu":
		return time.Thursday, true
	case "friday", "fri":
		return time.Friday, true
	case "saturday":
		return time.Saturday, true
	}
	return 0, false
}

// opens reports whether a phrase of time may begin with a word; most words of a text cannot.
func opens(w string) bool {
	if len(w) == 0 {
		return false
	}
	if w[0] >= '0' && w[0] <= '9' {
		return true
	}
	switch w {
	case "yesterday", "today", "tonight", "earlier", "later", "late", "early", "mid", "at", "the", "this", "last", "past", "previous", "start", "beginning", "end",
		"middle", "first", "second", "third", "fourth", "final", "between", "from", "weekend", "q1", "q2", "q3", "q4", "a", "an", "one", "two", "three", "four", "five",
		"six", "seven", "eight", "nine", "ten", "week", "several", "few", "within", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "good", "easter", "christmas", "boxing", "thanksgiving", "spring", "summer", "autumn", "winter":
		return true
	}
	if foreignOpens(w) {
		return true
	}
	if _, ok := weekdayOf(w); ok {
		return true
	}
	if i := strings.IndexByte(w, '-'); i == 3 || i == 4 || i == 5 {
		return w[:i] == "mid" || w[:i] == "late" || w[:i] == "early"
	}
	return monthOf(w) > 0
}

func dayNumber(w string) int {
	if len(w) == 0 || len(w) > 4 || w[0] < '0' || w[0] > '9' {
		return 0
	}
	for _, s := range [...]string{"st", "nd", "rd", "th"} {
		w = strings.TrimSuffix(w, s)
	}
	if len(w) > 2 {
		return 0
	}
	n, err := strconv.Atoi(w)
	if err != nil || n < 1 || n > 31 {
		return 0
	}
	return n
}

func days(from, to intel.Date, p intel.Precision) intel.Interval {
	return intel.Interval{From: from, To: to, Precision: p}
}

func oneDay(d intel.Date) intel.Interval { return days(d, d, intel.PrecisionDay) }

// valid gives the date when it exists.
func valid(y int, m time.Month, d int) (intel.Date, bool) {
	x := intel.Date{Year: y, Month: m, Day: d}
	return x, intel.DateOf(x.UTC()) == x
}

func (f *finder) isoAt(i int) (intel.Interval, int) {
	w := f.low(i)
	if len(w) != 10 || w[4] != '-' {
		return intel.Interval{}, 0
	}
	d, err := intel.ParseDate(w)
	if err != nil {
		return intel.Interval{}, 0
	}
	return oneDay(d), 1
}

// dayAt reads "1 September 2025", "September 1st, 2025", "Sunday 31 August".
func (f *finder) dayAt(i int) (intel.Interval, int) {
	j := i
	if f.low(j) == "last" {
		if _, ok := weekdayOf(f.low(j + 1)); !ok {
			return intel.Interval{}, 0
		}
		j++
	}
	if _, ok := weekdayOf(f.low(j)); ok {
		j++
		if f.low(j) == "," {
			j++
		}
	}
	if f.low(j) == "the" {
		j++
	}
	var m time.Month
	var d int
	switch {
	case f.month(j) > 0 && dayNumber(f.low(j+1)) > 0:
		m, d = f.month(j), dayNumber(f.low(j+1))
		j += 2
	case f.month(j) > 0 && f.low(j+1) == "." && dayNumber(f.low(j+2)) > 0:
		m, d = f.month(j), dayNumber(f.low(j+2))
		j += 3
	case dayNumber(f.low(j)) > 0 && f.month(j+1) > 0:
		d, m = dayNumber(f.low(j)), f.month(j+1)
		j += 2
	case dayNumber(f.low(j)) > 0 && f.low(j+1) == "of" && f.month(j+2) > 0:
		d, m = dayNumber(f.low(j)), f.month(j+2)
		j += 3
	default:
		return intel.Interval{}, 0
	}
	y, n := f.yearAfter(j)
	if n == 0 {
		y = f.nearestYear(m, d)
	}
	j += n
	if y == 0 {
		return intel.Interval{Precision: intel.PrecisionUnknown}, j - i
	}
	date, ok := valid(y, m, d)
	if !ok {
		return intel.Interval{Precision: intel.PrecisionUnknown}, j - i
	}
	return oneDay(date), j - i
}

// yearAfter reads an optional year: "2025", ", 2025", "last year", "this year".
func (f *finder) yearAfter(j int) (int, int) {
	n := 0
	if f.low(j) == "," || f.low(j) == "of" {
		n = 1
	}
	if y, ok := year(f.low(j + n)); ok {
		return y, n + 1
	}
	if f.year > 0 && f.low(j+n+1) == "year" {
		switch f.low(j + n) {
		case "last":
			return f.year - 1, n + 2
		case "this":
			return f.year, n + 2
		}
	}
	return 0, 0
}

// nearestYear is the year that puts a date last before the reference, a few days after it being allowed.
func (f *finder) nearestYear(m time.Month, d int) int {
	if f.ref.IsZero() {
		return 0
	}
	x := intel.Date{Year: f.ref.Year, Month: m, Day: d}
	if f.ref.AddDays(20).Before(x) {
		return f.ref.Year - 1
	}
	return f.ref.Year
}

// monthAt reads "August", "late August 2025", "mid-March", "early 2025", "the end of May".
func (f *finder) monthAt(i int) (intel.Interval, int) {
	part, j := f.partAt(i)
	m := f.month(j)
	if p, name, ok := strings.Cut(f.low(i), "-"); ok && (p == "mid" || p == "late" || p == "early") {
		part, j, m = p, i, monthOf(name)
		if y, ok := year(name); ok {
			return yearPart(y, p), 1
		}
	}
	if m == 0 {
		if y, ok := year(f.low(j)); ok && part != "" {
			return yearPart(y, part), j + 1 - i
		}
		return intel.Interval{}, 0
	}
	if m == time.May && part == "" && i > 0 && f.t[i].Gap == sentence.GapNone {
		return intel.Interval{}, 0
	}
	j++
	if f.low(j) == "." {
		j++
	}
	y, n := f.yearAfter(j)
	if n == 0 {
		y = f.nearestYear(m, 1)
		if n = 0; f.low(j-1) == "." {
			j--
		}
	}
	if y == 0 {
		return intel.Interval{Precision: intel.PrecisionUnknown}, j + n - i
	}
	return f.clip(monthPart(y, m, part)), j + n - i
}

// partAt reads "early", "mid-", "late", "the beginning of".
func (f *finder) partAt(i int) (string, int) {
	w := f.low(i)
	switch w {
	case "early", "late", "mid":
		if f.low(i+1) == "-" || f.low(i+1) == "in" {
			return w, i + 2
		}
		return w, i + 1
	case "the":
		if p, j := f.partAt(i + 1); p != "" && j > i+2 {
			return p, j
		}
	case "start", "beginning", "end", "middle":
		if f.low(i+1) == "of" {
			return map[string]string{"start": "start", "beginning": "start", "end": "end", "middle": "mid"}[w], i + 2
		}
	}
	return "", i
}

func monthPart(y int, m time.Month, part string) intel.Interval {
	last := intel.DateOf(time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC))
	from, to, p := intel.Date{Year: y, Month: m, Day: 1}, last, intel.PrecisionMonth
	switch part {
	case "early":
		to.Day = 10
	case "mid":
		from.Day, to.Day = 11, 20
	case "late":
		from.Day = 21
	case "start":
		to.Day = 7
	case "end":
		from.Day = last.Day - 6
	}
	if part != "" {
		p = intel.PrecisionWeek
	}
	return days(from, to, p)
}

func yearPart(y int, part string) intel.Interval {
	from, to := intel.Date{Year: y, Month: 1, Day: 1}, intel.Date{Year: y, Month: 12, Day: 31}
	switch part {
	case "early", "start":
		to = intel.Date{Year: y, Month: 4, Day: 30}
	case "mid":
		from.Month, to = 5, intel.Date{Year: y, Month: 8, Day: 31}
	case "late", "end":
		from.Month = 9
	}
	return days(from, to, intel.PrecisionYear)
}
