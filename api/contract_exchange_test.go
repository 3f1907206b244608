package api

import (
	"cmp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// rawRoute is a route of the contract whose answer is not one of our own JSON shapes.
type rawRoute struct {
	path, summary string
	params        []string
	media         []string
	// refused are methods that are answered with a refusal.
	refused []string
}

func rawRoutes() []rawRoute {
	return []rawRoute{
		{
			"/v1/export/{format}", "What is known in another program's format: " + strings.Join(ExportFormats(), ", ") + ". " + seqHeader + " is the number to give as since next time.",
			[]string{"since"},
			[]string{"application/json", "application/stix+json;version=2.1", "application/x-ndjson", "text/csv"},
			nil,
		},
		{"/feeds/{file}", "Incidents that a search finds as a feed: incidents.atom or incidents.json.", slices.DeleteFunc(listParams(), func(p string) bool { return p == "sort" || p == "limit" || p == "cursor" }), feeds(), nil},
		{"/feeds/actors/{file}", "An actor's incidents as a feed: ID.atom or ID.json.", nil, feeds(), nil},
		{"/feeds/victims/{file}", "An organisation's incidents as a feed: ID.atom or ID.json.", nil, feeds(), nil},
		{"/feeds/misp/{file}", "A MISP feed: manifest.json, hashes.csv and UUID.json.", nil, []string{"application/json", "text/csv"}, nil},
		{"/taxii2/", "TAXII 2.1: discovery.", nil, taxii(), nil},
		{"/taxii2/rapsheet/", "TAXII 2.1: the API root.", nil, taxii(), nil},
		{"/taxii2/rapsheet/status/{id}/", "TAXII 2.1: always 404, since nothing can be written.", nil, taxii(), nil},
		{"/taxii2/rapsheet/collections/", "TAXII 2.1: the collections, everything, one a sector and one a watchlist.", nil, taxii(), nil},
		{"/taxii2/rapsheet/collections/{id}/", "TAXII 2.1: a collection, by id or alias.", nil, taxii(), nil},
		{"/taxii2/rapsheet/collections/{id}/manifest/", "TAXII 2.1: what a collection holds.", taxiiParams("match[id]", "match[type]"), taxii(), nil},
		{"/taxii2/rapsheet/collections/{id}/objects/", "TAXII 2.1: the objects of a collection, in the order in which they were added.", taxiiParams("match[id]", "match[type]"), taxii(), []string{"POST"}},
		{"/taxii2/rapsheet/collections/{id}/objects/{object}/", "TAXII 2.1: one object.", taxiiParams(), taxii(), []string{"DELETE"}},
		{"/taxii2/rapsheet/collections/{id}/objects/{object}/versions/", "TAXII 2.1: the version held of an object.", taxiiParams(), taxii(), nil},
	}
}

func feeds() []string { return []string{"application/atom+xml", "application/feed+json"} }

func taxii() []string { return []string{taxiiMedia} }

func taxiiParams(more ...string) []string {
	return append([]string{"added_after", "limit", "next", "match[version]", "match[spec_version]"}, more...)
}

func rawParamDoc() map[string]string {
	return map[string]string{
		"format": "one of: " + strings.Join(ExportFormats(), ", "), "since": "only what changed after this number (" + seqHeader + " of the answer before), removals included",
		"id": "id or alias", "object": "STIX id", "file": "name of a file", "added_after": "only what was added later; exclusive", "limit": "objects a page, at most 1,000", "next": "next of the page before",
		"match[id]": "ids, comma-separated", "match[type]": "STIX types, comma-separated", "match[version]": "first, last, all or a time", "match[spec_version]": "2.1",
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
			op.AddParameter(openapi3.NewQueryParameter(p).WithDescription(cmp.Or(rawParamDoc()[p], paramDoc()[p])).WithSchema(openapi3.NewStringSchema()))
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
		for _, method := range r.refused {
			no := openapi3.NewOperation()
			no.Summary, no.OperationID, no.Parameters = "Always refused: this server is read only.", operationID(contractRoute{method: method, path: r.path}), op.Parameters[:len(pathParam.FindAllString(r.path, -1))]
			no.Responses = openapi3.NewResponsesWithCapacity(1)
			no.Responses.Set("403", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("Refused.").WithContent(openapi3.Content{taxiiMedia: openapi3.NewMediaType().WithSchema(openapi3.NewSchema())})})
			doc.AddOperation(r.path, method, no)
		}
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
