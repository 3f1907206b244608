package newsroom

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Stamp is a moment that remembers whether it has a time of day: a date is not midnight.
type Stamp struct {
	Time     time.Time
	DateOnly bool
}

// UnmarshalYAML reads RFC 3339 or YYYY-MM-DD.
func (s *Stamp) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: a date must be one value", node.Line)
	}
	if node.Value == "" || node.Value == "~" || node.Value == "null" {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, node.Value); err == nil {
		*s = Stamp{Time: t, DateOnly: true}
		return nil
	}
	t, err := time.Parse(time.RFC3339, node.Value)
	if err != nil {
		return fmt.Errorf("line %d: %q is neither RFC 3339 nor YYYY-MM-DD", node.Line, node.Value)
	}
	*s = Stamp{Time: t}
	return nil
}

// IsZero reports whether there is no date.
func (s Stamp) IsZero() bool { return s.Time.IsZero() }

// String returns the stamp as it was written: RFC 3339, a bare date, or nothing.
func (s Stamp) String() string {
	switch {
	case s.IsZero():
		return ""
	case s.DateOnly:
		return s.Time.Format(time.DateOnly)
	default:
		return s.Time.Format(time.RFC3339)
	}
}

// format prints the stamp with the outlet's layouts, its months and days in the page's language.
func (s Stamp) format(o *Outlet, lang string) string {
	if s.IsZero() {
		return ""
	}
	layout := o.TimeLayout
	if s.DateOnly {
		layout = o.DateLayout
	}
	text := s.Time.Format(layout)
	local := monthNames(lang)
	if local == nil {
		return text
	}
	month := s.Time.Month()
	return strings.Replace(text, month.String(), local[month-1], 1)
}

// monthNames returns the months of a language, nil for English.
func monthNames(lang string) []string {
	switch strings.ToLower(lang) {
	case "fr":
		return []string{
			"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
		}
	case "de":
		return []string{
			"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
		}
	}
	return nil
}
