package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"sort"
	"strings"

	"github.com/labstack/echo/v4"
)

//go:embed docs.html
var docsHTML string

// docsRoute is one row of the docs page.
type docsRoute struct {
	Method, Path, Summary string
	Params                []docsParam
}

type docsParam struct {
	Name, In, Description string
	Required              bool
}

// docsProblem explains one problem type.
type docsProblem struct {
	Name, Text string
	Status     int
}

// docs serves a page made from the contract: no script, nothing from elsewhere.
func docs(c echo.Context) error {
	routes, err := docsRoutes(contract)
	if err != nil {
		return err
	}
	t, err := template.New("docs").Parse(docsHTML)
	if err != nil {
		return fmt.Errorf("api: docs: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, map[string]any{"Routes": routes, "Problems": docsProblems()}); err != nil {
		return fmt.Errorf("api: docs: %w", err)
	}
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}

func docsRoutes(spec []byte) ([]docsRoute, error) {
	var doc struct {
		Paths map[string]map[string]struct {
			Summary    string
			Parameters []docsParam
		}
	}
	if err := json.Unmarshal(spec, &doc); err != nil {
		return nil, fmt.Errorf("api: docs: %w", err)
	}
	var out []docsRoute
	for path, ops := range doc.Paths {
		for method, op := range ops {
			out = append(out, docsRoute{strings.ToUpper(method), path, op.Summary, op.Parameters})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Path < out[j].Path || out[i].Path == out[j].Path && out[i].Method < out[j].Method
	})
	return out, nil
}

func docsProblems() []docsProblem {
	return []docsProblem{
		{"invalid-request", "A parameter or the body breaks a rule; detail says how to mend it.", 400},
		{"key-needed", "Send an API key as Authorization: Bearer KEY or X-API-Key: KEY.", 401},
		{"scope-missing", "The key may not do this.", 403},
		{"not-found", "Nothing has this id or name. Coverage in list answers tells whether it was looked for.", 404},
		{"ambiguous-name", "The name means several things; candidates lists them. Ask again with an id.", 300},
		{"purged", "It was removed on request; only the fact is kept.", 410},
		{"conflict", "The change contradicts what is recorded.", 409},
		{"too-large", "The body is over the limit; send several requests.", 413},
		{"media-type", "Send Content-Type: application/json.", 415},
		{"unprocessable", "The body is JSON but breaks a rule; errors point at it.", 422},
		{"rate", "Too many requests, or too many wrong keys: Retry-After says how long to wait.", 429},
		{"busy", "It took too long, or the index is catching up; try again.", 503},
	}
}
