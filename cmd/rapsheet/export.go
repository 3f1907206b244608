package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

func (a *app) exportCmd() *cobra.Command {
	var since int64
	var maxTLP string
	c := &cobra.Command{
		Use:       "export stix|splunk|elastic|sentinel",
		Short:     "Write what is known in another program's format",
		Example:   "  rapsheet export splunk > actor_lookup.csv",
		Args:      cobra.ExactArgs(1),
		ValidArgs: []string{"stix", "splunk", "elastic", "sentinel"},
		RunE: func(c *cobra.Command, args []string) error {
			if since != 0 {
				return usagef("--since: this version writes whole exports; removals come with the exchange formats")
			}
			if maxTLP != string(intel.TLPClear) {
				return usagef("--max-tlp %s: this version exports CLEAR only", maxTLP)
			}
			return a.export(c.Context(), args[0])
		},
	}
	c.Flags().Int64Var(&since, "since", 0, "only what changed after this sequence number")
	c.Flags().StringVar(&maxTLP, "max-tlp", string(intel.TLPClear), "leave out what is marked higher")
	return c
}

func (a *app) export(ctx context.Context, format string) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	actors, err := allActors(ctx, k)
	if err != nil {
		return err
	}
	var out []byte
	switch format {
	case "splunk":
		out, err = exchange.SplunkLookup(exchange.LookupRows(actors))
	case "sentinel":
		out, err = exchange.SentinelWatchlist(exchange.LookupRows(actors))
	case "elastic":
		out, err = exchange.ElasticLookup(exchange.LookupRows(actors))
	case "stix":
		var incidents []intel.IncidentDetail
		incidents, _, err = allIncidents(ctx, k, url.Values{"limit": {"200"}, "sort": {"oldest"}, "min_confidence": {"0.8"}})
		if err == nil {
			out, err = exchange.StixBundle(reported(actors), clearOnly(incidents), a.now())
		}
	default:
		return usagef("export %s: this version writes stix, splunk, elastic and sentinel", format)
	}
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(out)
	return err
}

// allActors follows the cursor to the end of the catalogue.
func allActors(ctx context.Context, k *asker) ([]intel.ActorProfile, error) {
	var all []intel.ActorProfile
	q := url.Values{"limit": {"200"}, "min_confidence": {"0.8"}}
	for {
		var page intel.Page[intel.ActorProfile]
		if err := k.get(ctx, "/v1/actors", q, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.NextCursor == "" {
			return all, nil
		}
		q.Set("cursor", page.NextCursor)
	}
}

// reported keeps the actors that some report names.
func reported(all []intel.ActorProfile) []intel.ActorProfile {
	var out []intel.ActorProfile
	for _, p := range all {
		if p.Summary.Reports > 0 {
			out = append(out, p)
		}
	}
	return out
}

// clearOnly drops what rests on a claim that may not leave the house.
func clearOnly(all []intel.IncidentDetail) []intel.IncidentDetail {
	var out []intel.IncidentDetail
	for _, in := range all {
		clear := true
		for _, c := range in.Claims {
			clear = clear && intel.TLPClear.Allows(c.TLP)
		}
		if clear {
			out = append(out, in)
		}
	}
	return out
}
