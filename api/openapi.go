package api

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"
)

// contract is the OpenAPI document. contract_test.go writes it from the routes and types with -update, and validates every
// answer against it.
//
//go:embed openapi.json
var contract []byte

// openAPI serves the contract.
func openAPI(c echo.Context) error { return c.Blob(http.StatusOK, "application/json", contract) }
