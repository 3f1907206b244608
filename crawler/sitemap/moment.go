package sitemap

import (
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Moment reads a W3C date or time with the precision it has; what it cannot read is unknown, never now.
func Moment(s string) intel.Moment {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Hour()+t.Minute()+t.Second()+t.Nanosecond() == 0 {
				// Midnight to the nanosecond is how systems write a date.
				y, m, d := t.Date()
				return intel.OnDay(intel.Date{Year: y, Month: m, Day: d})
			}
			return intel.Instant(t)
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		// Without a zone the hour is not known, the day is.
		if t, err := time.Parse(layout, s); err == nil {
			return intel.OnDay(intel.DateOf(t))
		}
	}
	m, err := intel.ParseMoment(s)
	if err != nil {
		return intel.Moment{}
	}
	return m
}
