package feed

import (
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// moment is the time of an item with the precision it was written in. parsed is what the feed library made of raw; it knows
// many forms but not their precision.
func moment(raw string, parsed *time.Time) intel.Moment {
	raw = strings.Join(strings.Fields(raw), " ")
	if raw == "" && parsed == nil {
		return intel.Moment{}
	}
	if zoneless.MatchString(raw) {
		return abroad(raw)
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, raw); err == nil {
			return precise(raw, t)
		}
	}
	if t, ok := american(raw); ok {
		return precise(raw, t)
	}
	if parsed == nil || parsed.IsZero() {
		if m, err := intel.ParseMoment(raw); err == nil {
			return m
		}
		return abroad(raw)
	}
	return precise(raw, *parsed)
}

// precise makes a day of what has no clock time, or midnight to the second, which is how systems write a date.
func precise(raw string, t time.Time) intel.Moment {
	if t.Year() < 1970 || t.Year() > 9999 {
		return intel.Moment{}
	}
	if !strings.Contains(raw, ":") || t.Hour()+t.Minute()+t.Second()+t.Nanosecond() == 0 {
		y, m, d := t.Date()
		return intel.OnDay(intel.Date{Year: y, Month: m, Day: d})
	}
	return intel.Instant(t)
}

// layouts carry their zone as a number, so that midnight is seen in the publisher's own zone.
var layouts = []string{
	time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04:05 -0700",
	time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "20060102T150405Z0700", "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05 -0700", time.DateOnly,
}

// american reads what newsrooms write by hand: "Sept. 3, 2026 4:05 PM". Without a zone only the day is known.
func american(raw string) (time.Time, bool) {
	s := strings.NewReplacer("Sept.", "Sep", "Sept ", "Sep ", ".", "", ",", "").Replace(raw)
	for _, layout := range []string{"Jan 2 2006 3:04 PM", "January 2 2006 3:04 PM", "Jan 2 2006", "January 2 2006", "2 January 2006", "Monday January 2 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Truncate(24 * time.Hour), true
		}
	}
	return time.Time{}, false
}

// Moment reads a time as feeds and lists write it; unknown when it cannot be read. A clock time without a zone gives the day.
func Moment(raw string) intel.Moment {
	if m := moment(raw, nil); !m.IsZero() {
		return m
	}
	if day, _, ok := strings.Cut(strings.Replace(strings.TrimSpace(raw), "T", " ", 1), " "); ok {
		return moment(day, nil)
	}
	return intel.Moment{}
}
