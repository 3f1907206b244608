package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/intel"
)

func (a *app) exportCmd() *cobra.Command {
	var since int64
	var maxTLP, out, upload string
	formats := append(api.ExportFormats(), "misp")
	c := &cobra.Command{
		Use:       "export " + strings.Join(formats, "|"),
		Short:     "Write what is known in another program's format",
		Long:      "Write what is known in another program's format. The number of the last change written is printed on stderr;\n--since with it writes what changed after, removals included. doc/integrations has a recipe for each program.",
		Example:   "  rapsheet export splunk > actor_lookup.csv\n  rapsheet export stix --since 1234\n  rapsheet export misp --out /srv/www/misp",
		Args:      cobra.ExactArgs(1),
		ValidArgs: formats,
		RunE: func(c *cobra.Command, args []string) error {
			if !slices.Contains(formats, args[0]) {
				return usagef("export %s: choose from %s", args[0], strings.Join(formats, ", "))
			}
			if maxTLP != string(intel.TLPClear) {
				return usagef("--max-tlp %s: this version exports CLEAR only", maxTLP)
			}
			if args[0] == "misp" {
				if out == "" || c.Flags().Changed("since") {
					return usagef("export misp: give the feed's folder with --out; it is always whole, and MISP takes what changed")
				}
				return a.exportMisp(c.Context(), out)
			}
			if out != "" {
				return usagef("--out: only misp writes a folder; redirect the others")
			}
			q := url.Values{}
			if c.Flags().Changed("since") {
				q.Set("since", strconv.FormatInt(since, 10))
			}
			if c.Flags().Changed("upload") {
				if args[0] != "sentinel-stix" {
					return usagef("--upload: only sentinel-stix has an API to send to; load the others as doc/integrations says")
				}
				return a.upload(c.Context(), upload, q)
			}
			return a.export(c.Context(), args[0], q)
		},
	}
	c.Flags().Int64Var(&since, "since", 0, "only what changed after this number, what went included")
	c.Flags().StringVar(&out, "out", "", "the folder of a MISP feed")
	c.Flags().StringVar(&upload, "upload", "", "send sentinel-stix to this address of Microsoft Sentinel's upload API, with the access token in RAPSHEET_UPLOAD_TOKEN")
	c.Flags().StringVar(&maxTLP, "max-tlp", string(intel.TLPClear), "leave out what is marked higher")
	return c
}

func (a *app) export(ctx context.Context, format string, q url.Values) error {
	body, seq, err := a.exported(ctx, format, q)
	if err != nil {
		return err
	}
	a.sayAsOf(seq)
	_, err = a.stdout.Write(body)
	return err
}

func (a *app) sayAsOf(seq string) {
	if seq != "" {
		a.say("as of change %s; --since %s writes what changes after it", seq, seq)
	}
}

// exported gets an export and the number of the last change in it.
func (a *app) exported(ctx context.Context, format string, q url.Values) ([]byte, string, error) {
	k, err := a.asker(ctx)
	if err != nil {
		return nil, "", err
	}
	defer k.close() //nolint:errcheck // nothing was written
	body, head, err := k.fetch(ctx, "/v1/export/"+url.PathEscape(format), q)
	if err != nil {
		return nil, "", err
	}
	return body, head.Get("X-Rapsheet-Seq"), nil
}

// upload sends the objects for Sentinel to its upload API. The number to go on from is told only when all of them were sent.
func (a *app) upload(ctx context.Context, to string, q url.Values) error {
	if err := checkUpload(to, a.cfg.UploadToken); err != nil {
		return err
	}
	body, seq, err := a.exported(ctx, "sentinel-stix", q)
	if err != nil {
		return err
	}
	u := &uploader{
		client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		to:     to, token: a.cfg.UploadToken, wait: sleep, say: a.say,
	}
	err = u.send(ctx, body)
	if err == nil || errors.Is(err, errPartial) {
		a.sayAsOf(seq)
	}
	return err
}

// fetch gets path as it is, with its headers.
func (k *asker) fetch(ctx context.Context, path string, q url.Values) ([]byte, http.Header, error) {
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.base+path, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", path, err)
	}
	if k.key != "" {
		req.Header.Set("X-API-Key", k.key)
	}
	res, err := k.client.Do(req)
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", path, err)
	}
	defer res.Body.Close() //nolint:errcheck // nothing was written
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("ask %s: %w", path, err)
	}
	if res.StatusCode >= 300 {
		return nil, nil, problem(res.StatusCode, b)
	}
	return b, res.Header, nil
}
