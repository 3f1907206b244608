package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
)

// Problem is the body of every error (RFC 9457).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail says how to mend the request.
	Detail string `json:"detail,omitempty"`
	// Errors point at what is wrong: a JSON pointer or a parameter, and why.
	Errors []Pointer `json:"errors,omitempty"`
	// Candidates are what an ambiguous name may mean (status 300).
	Candidates []intel.Candidate `json:"candidates,omitempty"`
	// Coverage says what was looked at where nothing was found (status 404): no history differs from not looked.
	Coverage *intel.Coverage `json:"coverage,omitempty"`
}

// Pointer is one finding of a Problem.
type Pointer struct {
	Pointer string `json:"pointer,omitempty"`
	Detail  string `json:"detail"`
}

// problemError is a Problem on its way out of a handler.
type problemError struct{ Problem }

func (p *problemError) Error() string { return p.Detail }

// bad is a request that must be mended.
func bad(status int, detail string, at ...Pointer) error {
	return &problemError{Problem{Type: problemType(status), Title: http.StatusText(status), Status: status, Detail: detail, Errors: at}}
}

func badParam(name, detail string) error {
	return bad(http.StatusBadRequest, name+": "+detail, Pointer{Pointer: "?" + name, Detail: detail})
}

// statusOf is the table from domain errors to HTTP status.
func statusOf(err error) int {
	switch {
	case errors.Is(err, intel.ErrAmbiguous):
		return http.StatusMultipleChoices
	case errors.Is(err, intel.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, intel.ErrPurged):
		return http.StatusGone
	case errors.Is(err, intel.ErrInvalid):
		return http.StatusBadRequest
	case errors.Is(err, intel.ErrConflict), errors.Is(err, intel.ErrDemo):
		return http.StatusConflict
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

func problemType(status int) string {
	names := map[int]string{
		http.StatusMultipleChoices: "ambiguous-name", http.StatusNotFound: "not-found", http.StatusGone: "purged",
		http.StatusBadRequest: "invalid-request", http.StatusUnauthorized: "key-needed", http.StatusForbidden: "scope-missing",
		http.StatusConflict: "conflict", http.StatusRequestEntityTooLarge: "too-large", http.StatusUnsupportedMediaType: "media-type",
		http.StatusUnprocessableEntity: "unprocessable", http.StatusServiceUnavailable: "busy", http.StatusMethodNotAllowed: "method",
		http.StatusTooManyRequests: "rate",
	}
	if n, ok := names[status]; ok {
		return "/docs#problem-" + n
	}
	return "about:blank"
}

// problemOf turns any error into what the caller may see: 4xx say how to mend the request, 5xx only what they are.
func problemOf(err error) Problem {
	if p, ok := errors.AsType[*problemError](err); ok {
		return p.Problem
	}
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		detail := http.StatusText(he.Code)
		if he.Code == http.StatusNotFound {
			detail = "there is no such route; /docs lists them"
		}
		return Problem{Type: problemType(he.Code), Title: http.StatusText(he.Code), Status: he.Code, Detail: detail}
	}
	status := statusOf(err)
	out := Problem{Type: problemType(status), Title: http.StatusText(status), Status: status}
	if status < http.StatusInternalServerError {
		out.Detail = err.Error()
	}
	if amb, ok := errors.AsType[*intel.AmbiguousError](err); ok {
		out.Detail = "the name " + amb.Name + " means several things; ask again with the id of a candidate"
		out.Candidates = amb.Candidates
	}
	return out
}

// fail is the one place that turns an error into a response; only errors that are ours are logged.
func (s *server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		s.Logger.ErrorContext(c.Request().Context(), "request failed", "method", c.Request().Method, "path", c.Path(), "error", err)
	}
	if errors.Is(err, intel.ErrNotFound) {
		cov := s.Reader.Coverage()
		p.Coverage = &cov
	}
	if p.Status == http.StatusUnauthorized {
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="rapsheet"`)
	}
	if isTaxii(c.Request()) {
		if werr := taxiiFail(c, p); werr != nil {
			s.Logger.DebugContext(c.Request().Context(), "response lost", "error", werr)
		}
		return
	}
	b, merr := json.Marshal(p)
	if merr != nil {
		b = []byte(`{"type":"about:blank","status":500}`)
	}
	c.Response().Header().Del("ETag")
	c.Response().Header().Set("Cache-Control", "no-store")
	if werr := blob(c, p.Status, "application/problem+json", b); werr != nil {
		s.Logger.DebugContext(c.Request().Context(), "response lost", "error", werr)
	}
}
