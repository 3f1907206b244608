package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
)

// Limits of POST /v1/reports: the body holds documents in base64.
const (
	maxAdded   = 200
	maxAddBody = 32 << 20
)

// AddItem is one report to add: a text, a document as it was found, or the address of a page that the server is to read.
type AddItem struct {
	// ID is the caller's own id; it comes back with the answer.
	ID  string `json:"id,omitempty"`
	URL string `json:"url,omitempty"`
	// Title, Published, Source, Language and TLP are what the caller knows; they win over what is read. Nothing else is guessed.
	Title     string `json:"title,omitempty"`
	Published string `json:"published,omitempty"`
	Source    string `json:"source,omitempty"`
	Language  string `json:"language,omitempty"`
	TLP       string `json:"tlp,omitempty"`
	// Text is the article; Content the bytes of a page or PDF instead, in base64, with their ContentType and file Name.
	Text        string `json:"text,omitempty"`
	Content     []byte `json:"content,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Name        string `json:"name,omitempty"`
}

// Added answers one item: the report as it is now held, or the problem with it.
type Added struct {
	ID string `json:"id,omitempty"`
	// Status is stored, unchanged or failed.
	Status    string       `json:"status"`
	ReportID  string       `json:"report_id,omitempty"`
	Version   int          `json:"version,omitempty"`
	Title     string       `json:"title,omitempty"`
	Published intel.Moment `json:"published"`
	Claims    int          `json:"claims"`
	// Problem says why the item failed; the other items were added all the same.
	Problem string `json:"problem,omitempty"`
}

// AddFunc reads, extracts and stores items, and answers each in order when it is committed. An error fails all of them.
type AddFunc func(ctx context.Context, items []AddItem) ([]Added, error)

type addRequest struct {
	Items []AddItem `json:"items"`
}

type addAnswer struct {
	Results []Added `json:"results"`
}

// add takes reports that the caller has: what `rapsheet add` and `import reports` send to the process that owns a data folder.
func (s *server) add(c echo.Context) error {
	var r addRequest
	if err := bodyOf(c, &r, maxAddBody); err != nil {
		return err
	}
	switch {
	case s.Demo:
		return bad(http.StatusConflict, "this is a demo: nothing of yours is kept here; run 'rapsheet serve' on a folder of its own")
	case s.Add == nil:
		return bad(http.StatusNotImplemented, "this process only answers; ask one that was started with 'rapsheet serve'")
	case len(r.Items) == 0:
		return bad(http.StatusUnprocessableEntity, "items: give 1 to 200 items", Pointer{"/items", "empty"})
	case len(r.Items) > maxAdded:
		return bad(http.StatusUnprocessableEntity, fmt.Sprintf("items: %d is more than %d: send several requests", len(r.Items), maxAdded), Pointer{"/items", "too many"})
	}
	results, err := s.Add(c.Request().Context(), r.Items)
	if err != nil {
		return err
	}
	s.wrote(c, "added", fmt.Sprintf("%d items", len(results)))
	return writeJSON(c, http.StatusOK, addAnswer{results})
}
