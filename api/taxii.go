package api

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
)

const (
	taxiiMedia = "application/taxii+json;version=2.1"
	stixMedia  = "application/stix+json;version=2.1"
	taxiiRoot  = "/taxii2/rapsheet/"
	// taxiiLimit is the most objects of a page, and how many it has unless asked.
	taxiiLimit = 1000
	// taxiiTime is a time to the microsecond, as TAXII writes it.
	taxiiTime = "2006-01-02T15:04:05.000000Z"
)

// taxiiRoutes are those of TAXII 2.1 (OASIS Standard, 10 June 2021), read only. Every address ends with a slash.
func (s *server) taxiiRoutes(e *echo.Echo) {
	get := func(path string, h echo.HandlerFunc) { e.GET(path, taxiiAccept(h)) }
	get("/taxii2/", s.taxiiDiscovery)
	get(taxiiRoot, s.taxiiRootInfo)
	get(taxiiRoot+"status/:id/", s.taxiiStatus)
	get(taxiiRoot+"collections/", s.taxiiCollections)
	get(taxiiRoot+"collections/:id/", s.taxiiCollection)
	get(taxiiRoot+"collections/:id/manifest/", s.taxiiManifest)
	get(taxiiRoot+"collections/:id/objects/", s.taxiiObjects)
	get(taxiiRoot+"collections/:id/objects/:object/", s.taxiiObject)
	get(taxiiRoot+"collections/:id/objects/:object/versions/", s.taxiiVersions)
	e.POST(taxiiRoot+"collections/:id/objects/", taxiiReadOnly)
	e.DELETE(taxiiRoot+"collections/:id/objects/:object/", taxiiReadOnly)
}

// isTaxii reports whether a request is one of TAXII's, whose errors have a shape of their own.
func isTaxii(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/taxii2/") }

// taxiiError is the error message of the standard (section 3.6.1).
type taxiiError struct {
	Title       string            `json:"title"`
	Description string            `json:"description,omitempty"`
	ErrorCode   string            `json:"error_code,omitempty"`
	HTTPStatus  string            `json:"http_status"`
	Details     map[string]string `json:"details,omitempty"`
}

// taxiiFail writes a problem as TAXII's error message.
func taxiiFail(c echo.Context, p Problem) error {
	e := taxiiError{Title: p.Title, Description: p.Detail, ErrorCode: strings.TrimPrefix(p.Type, "/docs#problem-"), HTTPStatus: strconv.Itoa(p.Status)}
	for _, at := range p.Errors {
		if e.Details == nil {
			e.Details = map[string]string{}
		}
		e.Details[at.Pointer] = at.Detail
	}
	if p.Status == http.StatusUnauthorized {
		c.Response().Header().Add("WWW-Authenticate", `Basic realm="rapsheet", charset="UTF-8"`)
	}
	b, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("api: encode taxii error: %w", err)
	}
	return blob(c, p.Status, taxiiMedia, b)
}

func writeTaxii(c echo.Context, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("api: encode %s: %w", c.Path(), err)
	}
	return blob(c, http.StatusOK, taxiiMedia, b)
}

// taxiiAccept refuses who does not take TAXII 2.1 (section 1.6.8.1).
func taxiiAccept(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !acceptsTaxii(c.Request().Header.Values("Accept")) {
			return bad(http.StatusNotAcceptable, "send Accept: "+taxiiMedia)
		}
		return next(c)
	}
}

func acceptsTaxii(headers []string) bool {
	given := false
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		given = true
		media, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		version := params["version"]
		if media == "*/*" || media == "application/*" || media == "application/taxii+json" && (version == "" || version == "2.1") {
			return true
		}
	}
	return !given
}

func taxiiReadOnly(echo.Context) error {
	return bad(http.StatusForbidden, "the collections of this server can be read, not written")
}

func (s *server) taxiiDiscovery(c echo.Context) error {
	return writeTaxii(c, map[string]any{
		"title": "rapsheet", "description": "Who did what to whom, according to whom, and since when.", "default": taxiiRoot, "api_roots": []string{taxiiRoot},
	})
}

func (s *server) taxiiRootInfo(c echo.Context) error {
	return writeTaxii(c, map[string]any{
		"title": "rapsheet", "description": "Actors, the organisations named as their victims, and who says so.", "versions": []string{taxiiMedia}, "max_content_length": maxBody,
	})
}

func (s *server) taxiiStatus(echo.Context) error {
	return bad(http.StatusNotFound, "nothing can be written here, so nothing has a status")
}

// taxiiCollectionInfo is the collection resource (section 5.2.1).
type taxiiCollectionInfo struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Alias       string   `json:"alias"`
	CanRead     bool     `json:"can_read"`
	CanWrite    bool     `json:"can_write"`
	MediaTypes  []string `json:"media_types"`
}

func collectionInfo(c *exchange.Collection) taxiiCollectionInfo {
	info := taxiiCollectionInfo{ID: c.ID, Alias: c.Alias, Title: "Everything", Description: "Every object.", CanRead: true, MediaTypes: []string{stixMedia}}
	if c.Title != "" {
		info.Title, info.Description = c.Title, "Objects about incidents that name somebody on the watchlist "+c.Title+"."
	}
	if c.Sector != "" {
		info.Title, info.Description = c.Sector, "Objects about incidents in the sector "+c.Sector+"."
	}
	return info
}

func (s *server) taxiiCollections(c echo.Context) error {
	var out []taxiiCollectionInfo
	err := s.exports.with(c.Request().Context(), func(g *exchange.Graph) error {
		for _, col := range g.Collections() {
			out = append(out, collectionInfo(col))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return writeTaxii(c, map[string]any{"collections": out})
}

// inCollection calls f with the collection asked for.
func (s *server) inCollection(c echo.Context, f func(*exchange.Graph, *exchange.Collection) error) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	return s.exports.with(c.Request().Context(), func(g *exchange.Graph) error {
		col := g.Collection(id)
		if col == nil {
			return bad(http.StatusNotFound, "there is no collection "+id+"; "+taxiiRoot+"collections/ lists them")
		}
		return f(g, col)
	})
}

func (s *server) taxiiCollection(c echo.Context) error {
	var info taxiiCollectionInfo
	err := s.inCollection(c, func(_ *exchange.Graph, col *exchange.Collection) error {
		info = collectionInfo(col)
		return nil
	})
	if err != nil {
		return err
	}
	return writeTaxii(c, info)
}

// taxiiPage answers a query over a collection: entries, whether there are more, and their objects when they are wanted.
func (s *server) taxiiPage(c echo.Context, q *taxiiQuery, objects bool) (page []exchange.Entry, written []exchange.Object, more bool, err error) {
	err = s.inCollection(c, func(g *exchange.Graph, col *exchange.Collection) error {
		if q.collection != "" && q.collection != col.ID {
			return badParam("next", "it belongs to another collection")
		}
		if q.object != "" {
			if _, ok := col.Entry(q.object); !ok {
				return bad(http.StatusNotFound, "the collection has no object "+q.object)
			}
		}
		page, more = col.After(q.after, q.limit, q.meets)
		q.collection = col.ID
		if objects {
			written = g.Write(page)
		}
		return nil
	})
	if err == nil && len(page) > 0 {
		h := c.Response().Header()
		h.Set("X-TAXII-Date-Added-First", page[0].Added.UTC().Format(taxiiTime))
		h.Set("X-TAXII-Date-Added-Last", page[len(page)-1].Added.UTC().Format(taxiiTime))
	}
	return page, written, more, err
}

// writeEnvelope writes the answer with objects (section 3.7); a page without any is empty.
func writeEnvelope(c echo.Context, more bool, next string, objects []exchange.Object) error {
	buf, _ := answerBuffers.Get().(*[]byte) //nolint:errcheck // the pool holds nothing else
	defer answerBuffers.Put(buf)
	b := (*buf)[:0]
	b = append(b, '{')
	var err error
	if more {
		if b, err = exchange.AppendText(append(b, `"more":true,"next":`...), next); err != nil {
			return fmt.Errorf("api: encode %s: %w", c.Path(), err)
		}
	}
	for i, o := range objects {
		switch {
		case i > 0:
			b = append(b, ',')
		case more:
			b = append(b, `,"objects":[`...)
		default:
			b = append(b, `"objects":[`...)
		}
		if b, err = exchange.AppendObject(b, o); err != nil {
			return fmt.Errorf("api: encode %s: %w", c.Path(), err)
		}
	}
	if len(objects) > 0 {
		b = append(b, ']')
	}
	b = append(b, '}')
	*buf = b
	return blob(c, http.StatusOK, taxiiMedia, b)
}

func (s *server) taxiiObjects(c echo.Context) error { return s.taxiiEnvelope(c, "") }

func (s *server) taxiiObject(c echo.Context) error {
	id, err := idParam(c, "object")
	if err != nil {
		return err
	}
	return s.taxiiEnvelope(c, id)
}

func (s *server) taxiiEnvelope(c echo.Context, object string) error {
	q, err := readTaxiiQuery(c, object)
	if err != nil {
		return err
	}
	page, written, more, err := s.taxiiPage(c, &q, true)
	if err != nil {
		return err
	}
	next := ""
	if more {
		next = q.next(page[len(page)-1].Added)
	}
	return writeEnvelope(c, more, next, written)
}

// manifestRecord is one line of a manifest (section 5.3.1).
type manifestRecord struct {
	ID        string `json:"id"`
	DateAdded string `json:"date_added"`
	Version   string `json:"version"`
	MediaType string `json:"media_type"`
}

// taxiiManifest lists what there is. The standard's manifest has no place for next: who pages goes on with added_after, the
// X-TAXII-Date-Added-Last of the page before, which no other object shares.
func (s *server) taxiiManifest(c echo.Context) error {
	q, err := readTaxiiQuery(c, "")
	if err != nil {
		return err
	}
	page, _, more, err := s.taxiiPage(c, &q, false)
	if err != nil {
		return err
	}
	out := struct {
		More    bool             `json:"more,omitempty"`
		Objects []manifestRecord `json:"objects,omitempty"`
	}{More: more}
	for _, e := range page {
		out.Objects = append(out.Objects, manifestRecord{e.ID(), e.Added.UTC().Format(taxiiTime), e.Version(), stixMedia})
	}
	return writeTaxii(c, out)
}

// taxiiVersions lists the versions of an object: this server keeps the latest, because what was withdrawn must not be handed out as an
// older version of itself.
func (s *server) taxiiVersions(c echo.Context) error {
	id, err := idParam(c, "object")
	if err != nil {
		return err
	}
	q, err := readTaxiiQuery(c, id)
	if err != nil {
		return err
	}
	page, _, more, err := s.taxiiPage(c, &q, false)
	if err != nil {
		return err
	}
	out := struct {
		More     bool     `json:"more,omitempty"`
		Versions []string `json:"versions,omitempty"`
	}{More: more}
	for _, e := range page {
		out.Versions = append(out.Versions, e.Version())
	}
	return writeTaxii(c, out)
}

// sameVersion reports whether a version asked for, in whatever precision, is one.
func sameVersion(asked, version string) bool {
	a, err1 := time.Parse(time.RFC3339Nano, asked)
	b, err2 := time.Parse(time.RFC3339Nano, version)
	return err1 == nil && err2 == nil && a.Equal(b)
}

// meets reports whether an entry matches.
func (q taxiiQuery) meets(e exchange.Entry) bool {
	if q.object != "" && e.ID() != q.object {
		return false
	}
	if len(q.Types) > 0 && !slices.Contains(q.Types, e.Type()) || len(q.IDs) > 0 && !slices.Contains(q.IDs, e.ID()) {
		return false
	}
	if len(q.Specs) > 0 && !slices.Contains(q.Specs, "2.1") {
		return false
	}
	return len(q.Versions) == 0 || slices.ContainsFunc(q.Versions, func(v string) bool {
		return v == "first" || v == "last" || v == "all" || sameVersion(v, e.Version())
	})
}
