package api

import (
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

// body decodes a JSON body strictly and within limits.
func body(c echo.Context, v any) error { return bodyOf(c, v, maxBody) }

// bodyOf is body for a route that takes more, or less.
func bodyOf(c echo.Context, v any, limit int64) error {
	in, err := jsonBody(c, limit)
	if err != nil {
		return err
	}
	return decode(in, v, limit)
}

// jsonBody is the body of a request that says it is JSON, bounded.
func jsonBody(c echo.Context, limit int64) (io.Reader, error) {
	ct, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if err != nil || ct != "application/json" {
		return nil, bad(http.StatusUnsupportedMediaType, "send Content-Type: application/json")
	}
	return http.MaxBytesReader(c.Response(), c.Request().Body, limit), nil
}

// decode reads one JSON value, whose fields are all known.
func decode(in io.Reader, v any, limit int64) error {
	dec := json.NewDecoder(in)
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, end := dec.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("more than one JSON value")
		}
	}
	if err != nil {
		return unread(err, limit)
	}
	return nil
}

// unread says why a body could not be read.
func unread(err error, limit int64) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return bad(http.StatusRequestEntityTooLarge, fmt.Sprintf("a body may have %d bytes: send several requests", limit))
	}
	return bad(http.StatusBadRequest, "the body is not the JSON expected: "+err.Error()+"; /docs shows it")
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

// joins lists the joins of the catalogues, all or an actor's.
func (s *server) joins(c echo.Context) (any, error) {
	ctx := c.Request().Context()
	id := ""
	if name := c.QueryParam("actor"); name != "" {
		p, err := s.Reader.Actor(ctx, name, intel.Query{})
		if err != nil {
			return nil, err
		}
		id = p.ID
	}
	all, err := s.Archive.Actors(ctx)
	if err != nil {
		return nil, err
	}
	out := []intel.Join{}
	for _, j := range all.Joins {
		if id == "" || j.Actor == id {
			out = append(out, j)
		}
	}
	return list(s, out), nil
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

// sameAs is another word for a merge, which people look for where actors and victims are meant.
const sameAs = "same-as"

// record stores a decision that is signed.
func (s *server) record(c echo.Context, d intel.Decision) error {
	if d.Kind == sameAs {
		d.Kind = intel.DecideMerge
	}
	switch {
	case !d.Kind.Valid():
		return bad(http.StatusUnprocessableEntity, "kind: choose from "+join(intel.DecisionKinds())+"; "+sameAs+" is a merge", Pointer{"/kind", "unknown"})
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
	s.wrote(c, "decision", string(made.Kind)+" "+made.ID+" by "+made.By)
	return writeJSON(c, http.StatusCreated, made)
}
