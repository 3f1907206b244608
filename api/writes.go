package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
)

// enrichRequest is the body of POST /v1/resolve and /v1/enrich.
type enrichRequest struct {
	Items []intel.EnrichItem `json:"items"`
	// Format is native; the SIEM shapes come with their exporters.
	Format        string   `json:"format,omitempty"`
	AsOf          string   `json:"as_of,omitempty"`
	Expand        string   `json:"expand,omitempty"`
	MinConfidence *float64 `json:"min_confidence,omitempty"`
	MaxCandidates int      `json:"max_candidates,omitempty"`
}

// enrichAnswer is their answer.
type enrichAnswer struct {
	GeneratedAt time.Time            `json:"generated_at"`
	Generation  uint64               `json:"generation"`
	Coverage    intel.Coverage       `json:"coverage"`
	Results     []intel.EnrichResult `json:"results"`
}

// body decodes a JSON body strictly and within limits.
func body(c echo.Context, v any) error {
	ct, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if err != nil || ct != "application/json" {
		return bad(http.StatusUnsupportedMediaType, "send Content-Type: application/json")
	}
	dec := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	dec.DisallowUnknownFields()
	err = dec.Decode(v)
	if err == nil {
		if _, end := dec.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("more than one JSON value")
		}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return bad(http.StatusRequestEntityTooLarge, fmt.Sprintf("a body may have %d bytes: send several requests", maxBody))
	}
	if err != nil {
		return bad(http.StatusBadRequest, "the body is not the JSON expected: "+err.Error()+"; /docs shows it")
	}
	return nil
}

func (s *server) options(c echo.Context, r enrichRequest) (intel.EnrichOptions, error) {
	o := intel.EnrichOptions{MinConfidence: leavesHouse, MaxCandidates: r.MaxCandidates, MaxTLP: intel.TLPClear}
	switch {
	case len(r.Items) == 0:
		return o, bad(http.StatusUnprocessableEntity, "items: give 1 to 1,000 items", Pointer{"/items", "empty"})
	case len(r.Items) > maxItems:
		return o, bad(http.StatusUnprocessableEntity, fmt.Sprintf("items: %d is more than %d: send several requests", len(r.Items), maxItems), Pointer{"/items", "too many"})
	case r.Format != "" && r.Format != "native":
		return o, bad(http.StatusUnprocessableEntity, "format: this version answers native only", Pointer{"/format", "native"})
	case r.Expand != "" && r.Expand != "members":
		return o, bad(http.StatusUnprocessableEntity, "expand: members, or leave it out", Pointer{"/expand", "members"})
	}
	o.ExpandMembers = r.Expand == "members"
	if r.AsOf != "" {
		t, err := time.Parse(time.RFC3339, r.AsOf)
		if err != nil {
			return o, bad(http.StatusUnprocessableEntity, "as_of: write an RFC 3339 time", Pointer{"/as_of", "RFC 3339"})
		}
		o.AsOf = t
	}
	if r.MinConfidence != nil {
		if *r.MinConfidence < 0 || *r.MinConfidence > 1 {
			return o, bad(http.StatusUnprocessableEntity, "min_confidence: from 0 to 1", Pointer{"/min_confidence", "0 to 1"})
		}
		o.MinConfidence = *r.MinConfidence
	}
	return o, c.Request().Context().Err()
}

func (s *server) answer(results []intel.EnrichResult) enrichAnswer {
	gen, at := s.Reader.Generation()
	return enrichAnswer{GeneratedAt: at, Generation: gen, Coverage: s.Reader.Coverage(), Results: results}
}

type enrichFunc func(context.Context, []intel.EnrichItem, intel.EnrichOptions) ([]intel.EnrichResult, error)

func (s *server) bulk(c echo.Context, call enrichFunc) error {
	var r enrichRequest
	if err := body(c, &r); err != nil {
		return err
	}
	o, err := s.options(c, r)
	if err != nil {
		return err
	}
	results, err := call(c.Request().Context(), r.Items, o)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, s.answer(results))
}

func (s *server) resolve(c echo.Context) error { return s.bulk(c, s.Reader.Resolve) }

func (s *server) enrich(c echo.Context) error { return s.bulk(c, s.Reader.Enrich) }

func (s *server) enrichOne(c echo.Context) (any, error) {
	q, err := query(c, leavesHouse)
	if err != nil {
		return nil, err
	}
	v, err := idParam(c, "value")
	if err != nil {
		return nil, err
	}
	items := []intel.EnrichItem{{Type: c.QueryParam("type"), Value: v}}
	o := intel.EnrichOptions{AsOf: q.AsOf, ExpandMembers: q.ExpandMembers, MinConfidence: q.MinConfidence, MaxTLP: intel.TLPClear}
	results, err := s.Reader.Enrich(c.Request().Context(), items, o)
	return s.answer(results), err
}

// conflict is a name that is unsafe to resolve automatically.
type conflict struct {
	Name string `json:"name"`
	// Why says who gives the name to whom.
	Why        []string          `json:"why,omitempty"`
	Candidates []intel.Candidate `json:"candidates"`
}

func (s *server) conflicts(c echo.Context) (any, error) {
	all, err := s.Reader.Conflicts(c.Request().Context())
	out := make([]conflict, len(all))
	for i, r := range all {
		out[i] = conflict{r.Value, r.Why, r.Candidates}
	}
	return list(s, out), err
}

func (s *server) decisions(c echo.Context) error {
	all, err := s.Archive.Decisions(c.Request().Context())
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, list(s, all))
}

func (s *server) decide(c echo.Context) error {
	var d intel.Decision
	if err := body(c, &d); err != nil {
		return err
	}
	return s.record(c, d)
}

func (s *server) undo(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	return s.record(c, intel.Decision{Kind: intel.DecideUndo, Subject: id, By: c.QueryParam("by"), Reason: c.QueryParam("reason")})
}

func (s *server) correct(c echo.Context) error {
	var d intel.Decision
	if err := body(c, &d); err != nil {
		return err
	}
	d.Kind = intel.DecideCorrection
	return s.record(c, d)
}

// record stores a decision that is signed.
func (s *server) record(c echo.Context, d intel.Decision) error {
	switch {
	case !d.Kind.Valid():
		return bad(http.StatusUnprocessableEntity, "kind: choose from "+join(intel.DecisionKinds()), Pointer{"/kind", "unknown"})
	case strings.TrimSpace(d.By) == "" || strings.TrimSpace(d.Reason) == "":
		return bad(http.StatusUnprocessableEntity, "by and reason: a decision is signed and says why", Pointer{"/by", "needed"}, Pointer{"/reason", "needed"})
	case d.Subject == "":
		return bad(http.StatusUnprocessableEntity, "subject: the id decided about", Pointer{"/subject", "needed"})
	}
	d.ID, d.At, d.UndoneAt = "", time.Time{}, time.Time{}
	made, err := s.Saver.Decide(c.Request().Context(), d)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusCreated, made)
}
