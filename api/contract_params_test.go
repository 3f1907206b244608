package api

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/rapsheet/rapsheet/intel"
)

// paramSchema is what a query parameter may hold.
func paramSchema(name string) *openapi3.Schema {
	choice := func(values ...any) *openapi3.Schema { return openapi3.NewStringSchema().WithEnum(values...) }
	switch name {
	case "limit":
		return openapi3.NewInt32Schema().WithMin(1).WithMax(maxLimit).WithDefault(defaultLimit)
	case "min_confidence":
		return openapi3.NewFloat64Schema().WithMin(0).WithMax(1)
	case "kind":
		return choice(anys(intel.Kinds())...)
	case "status":
		return choice(anys(intel.Stances())...)
	case "sort":
		return choice("relevance", "newest", "oldest")
	case "time":
		return choice("occurred", "published", "recorded")
	case "expand":
		return choice("members")
	case "from", "to":
		return openapi3.NewStringSchema().WithFormat("date")
	case "as_of":
		return openapi3.NewDateTimeSchema()
	}
	return openapi3.NewStringSchema()
}

func anys[T ~string](all []T) []any {
	out := make([]any, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// secure says how a key is sent; a server on loopback may need none.
func secure(doc *openapi3.T) {
	doc.Components.SecuritySchemes = openapi3.SecuritySchemes{
		"bearer": {Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer")},
		"key":    {Value: openapi3.NewSecurityScheme().WithType("apiKey").WithIn("header").WithName("X-API-Key")},
	}
	doc.Security = openapi3.SecurityRequirements{openapi3.NewSecurityRequirement(), {"bearer": []string{}}, {"key": []string{}}}
}
