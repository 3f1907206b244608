package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

func (a *app) sourcesCmd() *cobra.Command {
	return &cobra.Command{
		Use: "sources", Short: "The sources and how each is doing", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var page intel.Page[intel.SourceHealth]
			return a.answer(c.Context(), "/v1/sources", nil, &page, func() error { return a.showSources(page) })
		},
	}
}

func (a *app) showSources(page intel.Page[intel.SourceHealth]) error {
	rows := make([][]string, 0, len(page.Items))
	for _, s := range page.Items {
		last := "never"
		if !s.LastSuccess.IsZero() {
			last = s.LastSuccess.UTC().Format(time.DateOnly)
		}
		rows = append(rows, []string{s.ID, s.Kind, s.Reliability, s.State, last, lag(s), habit(s), dash(s.SilentSince.String()), dash(s.Robots), strconv.Itoa(s.Reports)})
	}
	head := []string{"SOURCE", "KIND", "RELIABILITY", "STATE", "LAST READ", "LAG", "A DAY", "SILENT SINCE", "ROBOTS", "REPORTS"}
	if err := printTable(a.stdout, head, rows); err != nil {
		return err
	}
	a.line("%d sources%s", page.Total, coverageText(page.Coverage))
	for _, s := range page.Items {
		if s.LastError != "" {
			a.line("%s: %s", s.ID, terminalSafe(clip(s.LastError, maxReason)))
		}
	}
	return nil
}

// lag is how late its pages are read.
func lag(s intel.SourceHealth) string {
	if s.LagSeconds == 0 {
		return "-"
	}
	return (time.Duration(s.LagSeconds) * time.Second).Round(time.Minute).String()
}

// habit is how many pages a day it publishes, and how many it used to.
func habit(s intel.SourceHealth) string {
	if s.PerDay == 0 && s.Habit == 0 {
		return "-"
	}
	return strconv.FormatFloat(s.PerDay, 'f', -1, 64) + " (was " + strconv.FormatFloat(s.Habit, 'f', -1, 64) + ")"
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// reportID takes a report's id or its address.
func reportID(idOrURL string) string {
	if !strings.Contains(idOrURL, "://") {
		return idOrURL
	}
	if canonical, err := address.Canonical(idOrURL); err == nil {
		return intel.ReportID(canonical)
	}
	return idOrURL
}
