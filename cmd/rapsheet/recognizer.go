package main

import (
	"context"
	"log/slog"

	"github.com/rapsheet/rapsheet/cmd/rapsheet/recognize"
	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// helper is an extractor with a second reader beside it, or without one.
type helper struct {
	*extract.Extractor
	second intel.Recognizer
	log    *slog.Logger
}

// helped puts the configured second reader beside an extractor; with none configured the extractor reads alone.
func (a *app) helped(x *extract.Extractor) (helper, error) {
	h := helper{Extractor: x, log: a.logger()}
	if a.cfg.Recognizer == "" {
		return h, nil
	}
	c, err := recognize.New(recognize.Options{URL: a.cfg.Recognizer, Model: a.cfg.RecognizerModel, Key: a.cfg.RecognizerKey})
	if err != nil {
		return h, usagef("%v; set recognizer and recognizer_model in rapsheet.toml, or RAPSHEET_RECOGNIZER and RAPSHEET_RECOGNIZER_MODEL", err)
	}
	h.second = c
	return h, nil
}

// extract reads one report. Where the second reader fails the report is read without it, and its extractor version says so.
func (h helper) extract(ctx context.Context, in extract.Input) intel.Extraction {
	if h.second == nil {
		return h.Extract(in)
	}
	r := intel.Reading{Title: in.Title, Text: in.Text, Language: in.Language}
	if !in.Published.IsZero() {
		r.Published = in.Published.String()
	}
	got, err := h.second.Recognize(ctx, r)
	if err != nil {
		h.log.WarnContext(ctx, "second reader failed; read without it", "report", in.ID, "error", err)
		return h.Extract(in)
	}
	in.Second = &got
	out := h.Extract(in)
	out.Extractor += "+" + h.second.Version()
	return out
}
