package dates

import (
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// seasonAt reads "this spring", "last summer", "in the autumn of 2024", "winter 2023".
func (f *finder) seasonAt(i int) (intel.Interval, int) {
	j, off, said := i, 0, false
	if f.low(j) == "the" {
		j++
	}
	switch f.low(j) {
	case "this", "last", "past", "early", "late", "mid":
		said = true
		if f.low(j) == "last" {
			off = 1
		}
		j++
	}
	m := season(f.low(j))
	if m == 0 {
		return intel.Interval{}, 0
	}
	y, n := f.yearAfter(j + 1)
	switch {
	case n > 0:
	case !said:
		return intel.Interval{}, 0
	case f.ref.IsZero():
		return unknown(), j + 1 - i
	default:
		y = f.ref.Year
		if m > f.ref.Month || off == 1 && f.ref.Month < m+3 {
			y--
		}
	}
	from := intel.Date{Year: y, Month: m, Day: 1}
	to := intel.DateOf(time.Date(y, m+3, 0, 0, 0, 0, 0, time.UTC))
	return f.clip(days(from, to, intel.PrecisionQuarter)), j + 1 + n - i
}

// season gives the first month of a season of the northern year.
func season(w string) time.Month {
	switch w {
	case "spring":
		return time.March
	case "summer":
		return time.June
	case "autumn":
		return time.September
	case "winter":
		return time.December
	}
	return 0
}

// clip ends an interval that holds the reference with it: nothing that is reported lies in the future.
func (f *finder) clip(iv intel.Interval) intel.Interval {
	if !f.ref.IsZero() && !iv.To.IsZero() && !iv.From.IsZero() && f.ref.Before(iv.To) && !f.ref.Before(iv.From) {
		iv.To = f.ref
	}
	return iv
}

// holidayAt reads "Easter weekend", "Good Friday", "Christmas Eve", "Thanksgiving", with or without a year.
func (f *finder) holidayAt(i int) (intel.Interval, int) {
	j := i
	if f.low(j) == "the" {
		j++
	}
	var day func(y int) (from, to intel.Date)
	n := 1
	a, b := f.low(j), f.low(j+1)
	one := func(m time.Month, d int) func(int) (intel.Date, intel.Date) {
		return func(y int) (intel.Date, intel.Date) {
			x := intel.Date{Year: y, Month: m, Day: d}
			return x, x
		}
	}
	switch {
	case a == "good" && b == "friday":
		day, n = func(y int) (intel.Date, intel.Date) { x := easter(y).AddDays(-2); return x, x }, 2
	case a == "easter" && (b == "weekend" || b == "holiday" || b == "holidays"):
		day, n = func(y int) (intel.Date, intel.Date) { return easter(y).AddDays(-2), easter(y).AddDays(1) }, 2
	case a == "easter" && (b == "sunday" || b == "monday"):
		off := 0
		if b == "monday" {
			off = 1
		}
		day, n = func(y int) (intel.Date, intel.Date) { x := easter(y).AddDays(off); return x, x }, 2
	case a == "christmas" && b == "eve":
		day, n = one(time.December, 24), 2
	case a == "christmas" && b == "day":
		day, n = one(time.December, 25), 2
	case a == "boxing" && b == "day":
		day, n = one(time.December, 26), 2
	case a == "thanksgiving":
		day = func(y int) (intel.Date, intel.Date) { x := thanksgiving(y); return x, x }
		if b == "day" {
			n = 2
		}
	default:
		return intel.Interval{}, 0
	}
	y, m := f.yearAfter(j + n)
	if m == 0 {
		if f.ref.IsZero() {
			return unknown(), j + n - i
		}
		y = f.ref.Year
		if from, _ := day(y); f.ref.Before(from) {
			y--
		}
	}
	from, to := day(y)
	return days(from, to, intel.PrecisionDay), j + n + m - i
}

// easter is Easter Sunday of a year in the Gregorian calendar.
func easter(y int) intel.Date {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return intel.Date{Year: y, Month: time.Month(month), Day: (h + l - 7*m + 33*month + 19) % 32}
}

// thanksgiving is the fourth Thursday of November.
func thanksgiving(y int) intel.Date {
	first := time.Date(y, time.November, 1, 0, 0, 0, 0, time.UTC)
	return intel.Date{Year: y, Month: time.November, Day: 1 + (int(time.Thursday)-int(first.Weekday())+7)%7 + 21}
}

// weekOfAt reads "the week of 12 May".
func (f *finder) weekOfAt(i int) (intel.Interval, int) {
	j := i
	if f.low(j) == "the" {
		j++
	}
	if f.low(j) != "week" || f.low(j+1) != "of" && f.low(j+1) != "beginning" && f.low(j+1) != "ending" {
		return intel.Interval{}, 0
	}
	iv, n := f.dayAt(j + 2)
	if n == 0 {
		return iv, 0
	}
	end := j + 2 + n - i
	if iv.From.IsZero() {
		return unknown(), end
	}
	if f.low(j+1) == "ending" {
		return days(iv.To.AddDays(-6), iv.To, intel.PrecisionWeek), end
	}
	return f.clip(days(iv.From, iv.From.AddDays(6), intel.PrecisionWeek)), end
}

// laterAt reads "two days later", "a week earlier", "the following day", counted from the date that was found before.
func (f *finder) laterAt(i int) (intel.Interval, int) {
	n, unit, sign, size := 0, "", 0, 0
	switch {
	case number(f.low(i)) > 0 && (f.low(i+2) == "later" || f.low(i+2) == "earlier"):
		n, unit, size = number(f.low(i)), f.low(i+1), 3
		sign = 1
		if f.low(i+2) == "earlier" {
			sign = -1
		}
	case f.low(i) == "the" && (f.low(i+1) == "following" || f.low(i+1) == "next") && f.low(i+2) == "day":
		n, unit, sign, size = 1, "day", 1, 3
	case f.low(i) == "the" && f.low(i+1) == "previous" && f.low(i+2) == "day":
		n, unit, sign, size = 1, "day", -1, 3
	default:
		return intel.Interval{}, 0
	}
	step, p := 0, intel.PrecisionDay
	switch unit {
	case "day", "days":
		step = n
	case "week", "weeks":
		step, p = 7*n, intel.PrecisionWeek
	default:
		return intel.Interval{}, 0
	}
	if f.prev.From.IsZero() || f.prev.From != f.prev.To {
		return unknown(), size
	}
	d := f.prev.From.AddDays(sign * step)
	if p == intel.PrecisionWeek {
		return days(d.AddDays(-3), d.AddDays(3), p), size
	}
	return oneDay(d), size
}

// vagueAt reads "a few weeks ago", "several months ago", "a couple of days ago".
func (f *finder) vagueAt(i int) (intel.Interval, int) {
	j := i
	if f.low(j) == "a" {
		j++
	}
	low, high := 0, 0
	switch f.low(j) {
	case "few", "several", "some":
		low, high = 2, 5
		j++
	case "couple":
		low, high = 2, 2
		j++
		if f.low(j) == "of" {
			j++
		}
	default:
		return intel.Interval{}, 0
	}
	if f.low(j+1) != "ago" {
		return intel.Interval{}, 0
	}
	size := j + 2 - i
	step, p := 0, intel.PrecisionWeek
	switch f.low(j) {
	case "days":
		step = 1
	case "weeks":
		step, p = 7, intel.PrecisionMonth
	case "months":
		step, p = 30, intel.PrecisionYear
	default:
		return intel.Interval{}, 0
	}
	if f.ref.IsZero() {
		return unknown(), size
	}
	return days(f.ref.AddDays(-step*(high+1)), f.ref.AddDays(-step*(low-1)-1), p), size
}

// dayRange reads "8 and 18 August" after "between", "3 to 5 May 2024" after "from".
func (f *finder) dayRange(i int, sep string) (intel.Interval, int) {
	d := dayNumber(f.low(i))
	if d == 0 || f.low(i+1) != sep {
		return intel.Interval{}, 0
	}
	b, n := f.at(i + 2)
	if n > 0 && b.Precision == intel.PrecisionUnknown {
		return b, n + 3
	}
	if n == 0 || b.Precision != intel.PrecisionDay || b.From != b.To {
		return intel.Interval{}, 0
	}
	from, ok := valid(b.From.Year, b.From.Month, d)
	if !ok || b.From.Before(from) {
		return intel.Interval{}, 0
	}
	return days(from, b.To, intel.PrecisionDay), n + 3
}
