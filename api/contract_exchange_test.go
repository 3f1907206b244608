package api

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// rawRoute is a route of the contract whose answer is not one of our own JSON shapes.
type rawRoute struct {
	path, summary string
	params        []string
	media         []string
}

func rawRoutes() []rawRoute {
	return []rawRoute{
		{"/v1/export/{format}", "What is known in another program's format: " + strings.Join(ExportFormats(), ", ") + ". " + seqHeader + " is the number to give as since next time.",
			[]string{"since"}, []string{"application/json", "application/stix+json;version=2.1", "application/x-ndjson", "text/csv"}},
	}
}

func rawParamDoc() map[string]string {
	return map[string]string{
		"format": "one of: " + strings.Join(ExportFormats(), ", "), "since": "only what changed after this number (" + seqHeader + " of the answer before), removals included",
	}
}

// addRawRoutes writes rawRoutes into the contract.
func addRawRoutes(doc *openapi3.T, problem *openapi3.SchemaRef) {
	for _, r := range rawRoutes() {
		op := openapi3.NewOperation()
		op.Summary, op.OperationID = r.summary, operationID(contractRoute{method: "GET", path: r.path})
		for _, m := range pathParam.FindAllStringSubmatch(r.path, -1) {
			op.AddParameter(openapi3.NewPathParameter(m[1]).WithDescription(rawParamDoc()[m[1]]).WithSchema(openapi3.NewStringSchema()))
		}
		for _, p := range r.params {
			op.AddParameter(openapi3.NewQueryParameter(p).WithDescription(rawParamDoc()[p]).WithSchema(openapi3.NewStringSchema()))
		}
		content := openapi3.Content{}
		for _, media := range r.media {
			schema := openapi3.NewSchema() // JSON of another standard
			if strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "ndjson") || strings.HasSuffix(media, "xml") {
				schema = openapi3.NewStringSchema()
			}
			content[media] = openapi3.NewMediaType().WithSchema(schema)
		}
		op.Responses = openapi3.NewResponsesWithCapacity(2)
		op.Responses.Set("200", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(r.summary).WithContent(content)})
		op.Responses.Set("default", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("Problem (RFC 9457).").WithContent(
			openapi3.Content{"application/problem+json": openapi3.NewMediaType().WithSchemaRef(problem)})})
		doc.AddOperation(r.path, "GET", op)
	}
}

// lineParams are the settings of an enrichment that stand in the query: of one value, and of a body of lines.
func lineParams() []string {
	return []string{"format", "as_of", "expand", "min_confidence", "max_candidates", "fields"}
}

// addLines says that enrich also speaks lines, and answers in other shapes.
func addLines(doc *openapi3.T, shaped *openapi3.SchemaRef) {
	for _, path := range []string{"/v1/enrich", "/v1/resolve", "/v1/enrich/{value}"} {
		item := doc.Paths.Find(path)
		op := item.Post
		if op == nil {
			op = item.Get
		} else {
			op.Description = "A body of lines (" + ndjson + ") holds one item a line, an object or a string; the settings then stand in the query. The answer's last line has end: true; without it the answer was cut off."
			op.RequestBody.Value.Content[ndjson] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
		}
		ok := op.Responses.Value("200").Value
		native := ok.Content["application/json"].Schema
		either := openapi3.NewSchema()
		either.AnyOf = openapi3.SchemaRefs{native, shaped}
		ok.Content["application/json"].Schema = either.NewRef()
		if item.Post != nil {
			ok.Content[ndjson] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
		}
	}
}
