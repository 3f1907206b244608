package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3gen"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// contractVersion moves with every change of the contract; TestContract fails when the document changed and this did not.
const contractVersion = "1.17.1"

// route is one line of the contract.
type contractRoute struct {
	method, path, summary string
	params                []string
	body, answer          any
	status                string
}

type (
	readyAnswer struct {
		Status string `json:"status"`
		Seq    int64  `json:"seq"`
		Head   int64  `json:"head"`
	}
	healthAnswer struct {
		Status  string `json:"status"`
		Version string `json:"version"`
	}
)

func listParams() []string {
	return []string{"q", "actor", "victim", "sector", "country", "kind", "status", "source", "lang", "cve", "technique", "observable", "from", "to", "time", "as_of", "expand", "min_confidence", "sort", "limit", "cursor"}
}

func contractRoutes() []contractRoute {
	one := []string{"as_of", "min_confidence", "expand"}
	get := func(path, summary string, answer any, params ...string) contractRoute {
		return contractRoute{"GET", path, summary, params, nil, answer, "200"}
	}
	return []contractRoute{
		get("/v1/search", "Find reports, with highlights and why each matched.", intel.Page[intel.Hit]{}, append(listParams(), "facets")...),
		get("/v1/reports", "List reports; search without words.", intel.Page[intel.Hit]{}, append(listParams(), "facets")...),
		get("/v1/reports/{id}", "A report with everything read from it. Its text only where the source's licence allows.", reportDetail{}, one...),
		get("/v1/suggest", "Type-ahead over actors, victims and queries.", intel.Page[intel.Suggestion]{}, "q", "limit"),
		get("/v1/actors", "List actors.", intel.Page[intel.ActorProfile]{}, listParams()...),
		get("/v1/actors/{id}", "An actor with its history in numbers; {id} takes any unambiguous name.", actorAnswer{}, listParams()...),
		get("/v1/actors/{id}/timeline", "Its incidents with their claims.", intel.Page[intel.IncidentDetail]{}, listParams()...),
		get("/v1/actors/{id}/victims", "Organisations named as its victims.", intel.Page[intel.VictimProfile]{}, listParams()...),
		get("/v1/actors/{id}/relations", "Its relations, typed, dated and sourced.", intel.Page[intel.Relation]{}, one...),
		get("/v1/actors/{id}/names", "Its names and who uses them.", intel.Page[intel.Name]{}, one...),
		get("/v1/actors/{id}/techniques", "ATT&CK techniques its latest reports mention.", intel.Page[mentioned]{}, one...),
		get("/v1/actors/{id}/observables", "Observables its latest reports mention.", intel.Page[mentioned]{}, one...),
		get("/v1/victims", "List organisations named as victims.", intel.Page[intel.VictimProfile]{}, listParams()...),
		get("/v1/victims/{id}", "An organisation with its history in numbers; {id} takes any unambiguous name or domain.", victimAnswer{}, listParams()...),
		get("/v1/victims/{id}/timeline", "Incidents at it with their claims.", intel.Page[intel.IncidentDetail]{}, listParams()...),
		get("/v1/victims/{id}/actors", "Actors named with it.", intel.Page[intel.ActorProfile]{}, listParams()...),
		get("/v1/victims/{id}/names", "Its names.", intel.Page[string]{}, one...),
		get("/v1/incidents", "List incidents with their claims.", intel.Page[intel.IncidentDetail]{}, listParams()...),
		get("/v1/incidents/{id}", "An incident with its claims and the reports they rest on.", incidentAnswer{}, one...),
		get("/v1/sources", "The sources and how each is doing.", intel.Page[intel.SourceHealth]{}),
		get("/v1/sources/{id}", "One source.", intel.SourceHealth{}),
		get("/v1/names/conflicts", "Every name that is unsafe to resolve automatically.", intel.Page[conflict]{}),
		get("/v1/proposals", "Actors and victims that may be one, with the evidence, strongest first; nothing applies them.", intel.Page[names.Proposal]{}, "type"),
		get("/v1/names/joins", "The records of other catalogues that were joined to actors, and why; a split decision takes one back.", intel.Page[intel.Join]{}, "actor"),
		get("/v1/enrich/{value}", "What is known of one value.", enrichAnswer{}, append(lineParams(), "type")...),
		{"POST", "/v1/resolve", "What each of 1 to 1,000 values may mean, in input order.", lineParams(), enrichRequest{}, enrichAnswer{}, "200"},
		{"POST", "/v1/enrich", "What is known of each of 1 to 1,000 values, in input order.", lineParams(), enrichRequest{}, enrichAnswer{}, "200"},
		{"POST", "/v1/reports", "Add 1 to 200 reports: texts, documents, or addresses that the server reads (scope add).", nil, addRequest{}, addAnswer{}, "200"},
		get("/v1/decisions", "Every decision, oldest first.", intel.Page[intel.Decision]{}),
		{"POST", "/v1/decisions", "Record what a person decided.", nil, intel.Decision{}, intel.Decision{}, "201"},
		{"DELETE", "/v1/decisions/{id}", "Take a decision back.", []string{"by", "reason"}, nil, intel.Decision{}, "201"},
		{"POST", "/v1/corrections", "Correct a field of an incident, actor or victim.", nil, intel.Decision{}, intel.Decision{}, "201"},
		get("/v1/watchlists", "Lists of organisations and actors that somebody follows; each is a TAXII collection.", intel.Page[Watchlist]{}),
		get("/v1/watchlists/{id}", "A watchlist.", Watchlist{}),
		{"PUT", "/v1/watchlists/{id}", "Make or replace a watchlist (scope decide); names that it had keep their time.", nil, watchlistBody{}, Watchlist{}, "200"},
		{"DELETE", "/v1/watchlists/{id}", "Remove a watchlist (scope decide).", []string{"by", "reason"}, nil, Watchlist{}, "200"},
		get("/healthz", "Alive.", healthAnswer{}),
		get("/readyz", "Caught up with the store.", readyAnswer{}),
	}
}

func paramDoc() map[string]string {
	return map[string]string{
		"q": "search text; see doc/query.md", "actor": "id or unambiguous name", "victim": "id or unambiguous name", "sector": "ISIC rev. 4 section name",
		"country": "ISO 3166-1 alpha-2", "kind": "one of: " + join(intel.Kinds()), "status": "one of: " + join(intel.Stances()), "source": "source id", "lang": "language code",
		"cve": "CVE id", "technique": "ATT&CK id", "observable": "an indicator, defanged or not", "from": "inclusive day, YYYY-MM-DD, UTC", "to": "inclusive day, YYYY-MM-DD, UTC",
		"time": "what from and to mean: occurred (else published), published or recorded", "as_of": "what was recorded by then, RFC 3339", "expand": "members: also what members of an umbrella did, labelled",
		"min_confidence": "0 to 1", "sort": "relevance, newest or oldest", "limit": "1 to 200", "cursor": "next_cursor of the page before",
		"facets": "comma-separated: " + strings.Join(facetNames(), ", "), "type": "actor, victim, domain, url, ip, hash, email, cve, technique, software, campaign or text; empty means detect",
		"format": "shape of the answer: " + strings.Join(formatNames(), ", "), "fields": "comma-separated: " + strings.Join(fieldNames(), ", "), "max_candidates": "1 to 100",
		"by": "who decides", "reason": "why", "id": "an id, or a name", "value": "a value, defanged or not",
	}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

func buildContract(t *testing.T) *openapi3.T {
	t.Helper()
	doc := &openapi3.T{
		OpenAPI: "3.0.3",
		Info:    &openapi3.Info{Title: "rapsheet", Version: contractVersion, Description: "Who did what to whom, according to whom, and since when."},
		Paths:   openapi3.NewPaths(), Components: &openapi3.Components{Schemas: openapi3.Schemas{}},
	}
	gen := openapi3gen.NewGenerator(openapi3gen.UseAllExportedFields(), openapi3gen.CreateComponentSchemas(openapi3gen.ExportComponentSchemasOptions{ExportComponentSchemas: true, ExportTopLevelSchema: true}),
		openapi3gen.CreateTypeNameGenerator(typeName), openapi3gen.SchemaCustomizer(customSchema))
	for name, example := range map[string]string{"Date": "2025-08-31", "Moment": "2025-09-03T10:00:00Z"} {
		s := openapi3.NewStringSchema().WithNullable()
		s.Description, s.Example = "YYYY-MM-DD; a Moment may also be RFC 3339, YYYY-MM or YYYY; null is unknown", example
		doc.Components.Schemas[name] = s.NewRef()
	}
	secure(doc)
	problem := schemaOf(t, gen, doc, Problem{})
	for _, r := range contractRoutes() {
		op := openapi3.NewOperation()
		op.Summary, op.OperationID = r.summary, operationID(r)
		for _, m := range pathParam.FindAllStringSubmatch(r.path, -1) {
			op.AddParameter(openapi3.NewPathParameter(m[1]).WithDescription(paramDoc()[m[1]]).WithSchema(openapi3.NewStringSchema()))
		}
		for _, p := range r.params {
			op.AddParameter(openapi3.NewQueryParameter(p).WithDescription(paramDoc()[p]).WithSchema(paramSchema(p)))
		}
		if r.body != nil {
			op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithJSONSchemaRef(schemaOf(t, gen, doc, r.body))}
		}
		op.Responses = openapi3.NewResponsesWithCapacity(2)
		op.Responses.Set(r.status, &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription(r.summary).WithJSONSchemaRef(schemaOf(t, gen, doc, r.answer))})
		op.Responses.Set("default", &openapi3.ResponseRef{Value: openapi3.NewResponse().WithDescription("Problem (RFC 9457).").WithContent(
			openapi3.Content{"application/problem+json": openapi3.NewMediaType().WithSchemaRef(problem)})})
		addRefusals(t, op, r, problem)
		addExamples(t, op, r)
		doc.AddOperation(r.path, r.method, op)
	}
	addRawRoutes(doc, problem)
	addLines(doc, schemaOf(t, gen, doc, shapedAnswer{}))
	return doc
}

func operationID(r contractRoute) string {
	return strings.ToLower(r.method) + pathParam.ReplaceAllString(strings.NewReplacer("/", "_", "{", "by_{").Replace(r.path), "$1")
}

func typeName(t reflect.Type) string {
	n := t.Name()
	if i := strings.IndexByte(n, '['); i >= 0 {
		inner := n[i+1 : len(n)-1]
		n = n[:i] + "Of" + strings.ToUpper(inner[strings.LastIndexByte(inner, '.')+1:][:1]) + inner[strings.LastIndexByte(inner, '.')+1:][1:]
	}
	return n
}

func schemaOf(t *testing.T, gen *openapi3gen.Generator, doc *openapi3.T, v any) *openapi3.SchemaRef {
	t.Helper()
	ref, err := gen.NewSchemaRefForValue(v, doc.Components.Schemas)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// customSchema teaches the generator the types that marshal themselves, and the enumerations.
func customSchema(_ string, t reflect.Type, _ reflect.StructTag, s *openapi3.Schema) error {
	text := func(format string, nullable bool) {
		*s = openapi3.Schema{Type: &openapi3.Types{"string"}, Format: format, Nullable: nullable}
	}
	enum := func(values any) {
		v := reflect.ValueOf(values)
		s.Enum = []any{""}
		for i := range v.Len() {
			s.Enum = append(s.Enum, v.Index(i).String())
		}
	}
	switch t {
	case reflect.TypeFor[intel.Date](), reflect.TypeFor[intel.Moment]():
		text("", true)
	case reflect.TypeFor[time.Time]():
		text("date-time", false)
	case reflect.TypeFor[time.Duration]():
		*s = openapi3.Schema{Type: &openapi3.Types{"integer"}, Format: "int64"}
	case reflect.TypeFor[intel.Kind]():
		enum(intel.Kinds())
	case reflect.TypeFor[intel.Stance]():
		enum(intel.Stances())
	case reflect.TypeFor[intel.Facet]():
		enum(intel.Facets())
	case reflect.TypeFor[intel.SpeakerKind]():
		enum(intel.SpeakerKinds())
	case reflect.TypeFor[intel.Role]():
		enum(intel.Roles())
	}
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Pointer {
		s.Nullable = true
	}
	return nil
}

func TestContract(t *testing.T) {
	doc := buildContract(t)
	b, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, '\n')
	if *update {
		if err := os.WriteFile("openapi.json", b, 0o600); err != nil {
			t.Fatal(err)
		}
		contract = b
	}
	if !bytes.Equal(b, contract) {
		var old openapi3.T
		if err := json.Unmarshal(contract, &old); err == nil && old.Info != nil && old.Info.Version == contractVersion {
			t.Fatal("the contract changed: move contractVersion, then go test ./api -update")
		}
		t.Fatal("openapi.json is not what the routes and types say: go test ./api -update")
	}
	loaded, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		t.Fatal(err)
	}
	if err := loaded.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}
