package api

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// contract is the OpenAPI document. contract_test.go writes it from the routes and types with -update, and validates every
// answer against it.
//
//go:embed openapi.json
var contract []byte

// openAPI serves the contract.
func openAPI(c echo.Context) error { return blob(c, http.StatusOK, "application/json", contract) }

// contractParams are the query parameters of every route of the contract, by method and echo path.
func contractParams(spec []byte) (map[string][]string, error) {
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(spec, &doc); err != nil {
		return nil, fmt.Errorf("api: read contract: %w", err)
	}
	known := map[string][]string{}
	for path, ops := range doc.Paths {
		for method, op := range ops {
			names := []string{}
			for _, p := range op.Parameters {
				if p.In == "query" {
					names = append(names, p.Name)
				}
			}
			known[strings.ToUpper(method)+" "+strings.NewReplacer("{", ":", "}", "").Replace(path)] = names
		}
	}
	return known, nil
}

// onlyKnown refuses parameters that the contract does not list for a route, so that a misspelt filter never widens an answer.
func (s *server) onlyKnown(c echo.Context) error {
	if c.Request().URL.RawQuery == "" {
		return nil
	}
	known, listed := s.known[c.Request().Method+" "+c.Path()]
	if !listed {
		return nil
	}
	given, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return bad(http.StatusBadRequest, "the query string cannot be read: "+err.Error())
	}
	for name, values := range given {
		if !slices.Contains(known, name) {
			return badParam(name, "this route has no such parameter; /docs lists them")
		}
		if len(values) > 1 {
			return badParam(name, "give it once")
		}
	}
	return nil
}
