package intel

import (
	"encoding/json"
	"fmt"
	"time"
)

// Date is a civil date, never a midnight. The zero Date is unknown and is null in JSON.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the civil date of t in UTC.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.UTC().Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD; the empty string is the unknown date. It returns ErrInvalid otherwise.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: write YYYY-MM-DD: %w", s, ErrInvalid)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// String is YYYY-MM-DD, or empty when unknown.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// UTC is the start of the day in UTC, for arithmetic only.
func (d Date) UTC() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// AddDays is d moved by n days.
func (d Date) AddDays(n int) Date { return DateOf(d.UTC().AddDate(0, 0, n)) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.UTC().Before(o.UTC()) }

// MarshalJSON writes "YYYY-MM-DD" or null.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads "YYYY-MM-DD", "" or null.
func (d *Date) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("date: %w", err)
	}
	if s == nil {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(*s)
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Interval is a span of days with its precision and the words it was read from. From and To are inclusive; either may be
// unknown. Unknown stays unknown: nothing is defaulted.
type Interval struct {
	From      Date      `json:"from"`
	To        Date      `json:"to"`
	Precision Precision `json:"precision"`
	Words     string    `json:"words,omitempty"`
}

// Known reports whether at least one end is known.
func (i Interval) Known() bool { return !i.From.IsZero() || !i.To.IsZero() }

// Moment is a point in time with its precision: a clock instant, a day, a month or a year. A date is never a midnight. The
// zero Moment is unknown.
type Moment struct {
	at        time.Time
	precision Precision
}

// Instant is a Moment with a clock time.
func Instant(t time.Time) Moment { return Moment{t.UTC(), PrecisionSecond} }

// OnDay is a Moment of which only the day is known.
func OnDay(d Date) Moment {
	if d.IsZero() {
		return Moment{}
	}
	return Moment{d.UTC(), PrecisionDay}
}

// ParseMoment reads RFC 3339, YYYY-MM-DD, YYYY-MM or YYYY; empty is unknown. It returns ErrInvalid otherwise.
func ParseMoment(s string) (Moment, error) {
	if s == "" {
		return Moment{}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return Instant(t), nil
	}
	for layout, p := range map[string]Precision{time.DateOnly: PrecisionDay, "2006-01": PrecisionMonth, "2006": PrecisionYear} {
		if t, err := time.Parse(layout, s); err == nil {
			return Moment{t, p}, nil
		}
	}
	return Moment{}, fmt.Errorf("time %q: write YYYY-MM-DD or RFC 3339: %w", s, ErrInvalid)
}

// IsZero reports whether m is unknown.
func (m Moment) IsZero() bool { return m.precision == "" }

// Precision is how exactly m is known.
func (m Moment) Precision() Precision {
	if m.IsZero() {
		return PrecisionUnknown
	}
	return m.precision
}

// Date is the day of m in UTC, the first day of its month or year when only that is known.
func (m Moment) Date() Date { return DateOf(m.at) }

// Time is m for sorting; for dates it is the start of the day in UTC and must not be shown.
func (m Moment) Time() time.Time { return m.at }

// String is RFC 3339 for instants, else as much of the date as is known; empty when unknown.
func (m Moment) String() string {
	switch m.precision {
	case PrecisionSecond:
		return m.at.Format(time.RFC3339)
	case PrecisionMonth:
		return m.at.Format("2006-01")
	case PrecisionYear:
		return m.at.Format("2006")
	case PrecisionDay:
		return m.at.Format(time.DateOnly)
	default:
		return ""
	}
}

// MarshalJSON writes the String of m, or null.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(m.String())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Moment) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("time: %w", err)
	}
	if s == nil {
		*m = Moment{}
		return nil
	}
	v, err := ParseMoment(*s)
	if err != nil {
		return err
	}
	*m = v
	return nil
}
