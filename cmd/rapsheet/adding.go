package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

// The states of an added report.
const (
	statusStored    = "stored"
	statusUnchanged = "unchanged"
	statusFailed    = "failed"
)

// destination is where reports are added: the data folder opened here, or the process that owns it.
type destination struct {
	add   api.AddFunc
	close func() error
}

// addTo finds who stores: --server, the folder, or the process that owns the folder.
func (a *app) addTo(ctx context.Context, demo bool) (destination, error) {
	if a.cfg.Server != "" {
		return a.addRemote(a.cfg.Server), nil
	}
	w, err := a.openWork(ctx, demo)
	if errors.Is(err, errOwned) {
		if owner := ownerOf(a.cfg.Data); owner != "" {
			return a.addRemote(owner), nil
		}
	}
	if err != nil {
		return destination{}, err
	}
	return destination{add: a.adder(w), close: w.close}, nil
}

// addRemote sends what is added over HTTP.
func (a *app) addRemote(base string) destination {
	k := a.remote(base)
	return destination{close: k.close, add: func(ctx context.Context, items []api.AddItem) ([]api.Added, error) {
		var answer struct {
			Results []api.Added `json:"results"`
		}
		err := k.post(ctx, "/v1/reports", map[string]any{"items": items}, &answer)
		return answer.Results, err
	}}
}

// adder reads, extracts and stores items in this process. A bad item costs the others nothing.
func (a *app) adder(w *work) api.AddFunc {
	return func(ctx context.Context, items []api.AddItem) ([]api.Added, error) {
		out := make([]api.Added, len(items))
		entries := make([]intel.Entry, 0, len(items))
		at := make([]int, 0, len(items))
		for i, it := range items {
			out[i] = api.Added{ID: it.ID, Status: statusFailed}
			entry, err := a.entryOf(ctx, w, it)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				out[i].Problem = err.Error()
				continue
			}
			entries, at = append(entries, entry), append(at, i)
		}
		for n, ans := range w.pipeline.putAll(ctx, entries) {
			w.answered(ctx, &out[at[n]], ans)
		}
		return out, ctx.Err()
	}
}

// answered fills in what the store said of one item.
func (w *work) answered(ctx context.Context, out *api.Added, ans saveAnswer) {
	err := ans.err
	var rec intel.Record
	if err == nil {
		rec, err = w.folder.store.Record(ctx, ans.saved.ReportID)
	}
	if err != nil {
		out.Problem = err.Error()
		return
	}
	out.Status, out.ReportID, out.Version = statusStored, ans.saved.ReportID, ans.saved.Version
	if ans.saved.Unchanged {
		out.Status = statusUnchanged
	}
	out.Title, out.Published, out.Claims = rec.Report.Title, rec.Report.Published, held(rec.Claims)
}

// entryOf reads one item: its text, its bytes, or the page at its address. What it lacks is not guessed.
func (a *app) entryOf(ctx context.Context, w *work, it api.AddItem) (intel.Entry, error) {
	published, err := intel.ParseMoment(it.Published)
	if err != nil {
		return intel.Entry{}, err
	}
	if it.TLP != "" && !intel.TLP(it.TLP).Valid() {
		return intel.Entry{}, fmt.Errorf("tlp %q: choose CLEAR, GREEN, AMBER, AMBER+STRICT or RED: %w", it.TLP, intel.ErrInvalid)
	}
	switch {
	case it.Text != "" && it.Content != nil:
		return intel.Entry{}, fmt.Errorf("give text or content, not both: %w", intel.ErrInvalid)
	case len(it.Content) == 0 && it.URL == "" && strings.TrimSpace(it.Text) == "":
		return intel.Entry{}, fmt.Errorf("there is nothing to read: give text, content or url: %w", intel.ErrInvalid)
	case it.Text != "":
		return w.pipeline.told(ctx, it, published)
	}
	doc, err := a.documentOf(ctx, it)
	if err != nil {
		return intel.Entry{}, err
	}
	doc.GivenPublished, doc.GivenTitle, doc.GivenLanguage = published, it.Title, it.Language
	doc.SourceID, doc.TLP, doc.Demo = it.Source, intel.TLP(it.TLP), w.pipeline.demo
	return w.pipeline.readEntry(ctx, doc)
}

// documentOf gives the bytes of an item, or gets those of its address.
func (a *app) documentOf(ctx context.Context, it api.AddItem) (intel.Document, error) {
	if len(it.Content) == 0 {
		return a.document(ctx, it.URL, "")
	}
	where := it.URL
	if where == "" {
		where = (&url.URL{Scheme: "file", Opaque: it.Name}).String()
	}
	return intel.Document{URL: where, FinalURL: where, ContentType: it.ContentType, Body: it.Content, Retrieved: a.now()}, nil
}

// told makes an entry of a text that somebody else has read already.
func (p *pipeline) told(ctx context.Context, it api.AddItem, published intel.Moment) (intel.Entry, error) {
	where, err := it.URL, error(nil)
	if where != "" {
		if where, err = address.Canonical(it.URL); err != nil {
			return intel.Entry{}, err
		}
	} else {
		sum := sha256.Sum256([]byte(it.ID + "\x00" + it.Text))
		where = "urn:sha256:" + hex.EncodeToString(sum[:])
	}
	doc := intel.Document{URL: where, FinalURL: where, SourceID: it.Source, Body: []byte(it.Text), Retrieved: p.now(), TLP: intel.TLP(it.TLP), Demo: p.demo}
	art := intel.Article{Title: it.Title, Published: published, Language: it.Language, Text: it.Text, CanonicalURL: where}
	if !published.IsZero() {
		art.PublishedFrom = "given"
	}
	return p.entry(ctx, doc, art), nil
}

// countOf is "1 claim" or "3 claims".
func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
