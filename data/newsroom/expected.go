package newsroom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// ExpectedPage is what a person who read the page would want rapsheet to know after it: one record of the "pages" of expected.json.
type ExpectedPage struct {
	// ID is "outlet/slug".
	ID        string `json:"id"`
	Edition   int    `json:"edition"`
	Outlet    string `json:"outlet"`
	Path      string `json:"path"`
	Title     string `json:"title"`
	Published string `json:"published"`
	Language  string `json:"language"`
	// Report is false for what is no report (a notice, a listing); WhyNot says why.
	Report       bool                 `json:"report"`
	WhyNot       string               `json:"why_not"`
	TextContains []string             `json:"text_contains"`
	TextExcludes []string             `json:"text_excludes"`
	Incidents    []ExpectedIncident   `json:"incidents"`
	NonVictims   []string             `json:"non_victims"`
	Relations    []ExpectedRelation   `json:"relations"`
	Software     []string             `json:"software"`
	Observables  []ExpectedObservable `json:"observables"`
	CVEs         []string             `json:"cves"`
	Techniques   []string             `json:"techniques"`
}

// ExpectedIncident is one event the page tells of.
type ExpectedIncident struct {
	Actors  []ExpectedParty `json:"actors"`
	Victims []ExpectedParty `json:"victims"`
	Kind    string          `json:"kind"`
	// KindsAccepted are other kinds that would not be wrong.
	KindsAccepted []string         `json:"kinds_accepted"`
	Sector        string           `json:"sector"`
	Country       string           `json:"country"`
	Occurred      ExpectedOccurred `json:"occurred"`
	// Main marks the page's subject, as against what it mentions as background.
	Main bool `json:"main"`
	// Event tells events of one organisation apart, where it has several; pages that give the same one tell of the same.
	Event  string          `json:"event,omitempty"`
	Status string          `json:"status"`
	Facets ExpectedFacets  `json:"facets"`
	Claims []ExpectedClaim `json:"claims"`
}

// ExpectedParty is an actor, or a victim with its role.
type ExpectedParty struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
	Role    string   `json:"role"`
}

// ExpectedOccurred is when it happened, and the page's words for it.
type ExpectedOccurred struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Precision string `json:"precision"`
	Words     string `json:"words"`
}

// ExpectedFacets is the status of each facet after this page alone.
type ExpectedFacets struct {
	Event       string `json:"event"`
	Attribution string `json:"attribution"`
	Impact      string `json:"impact"`
}

// ExpectedClaim is one assertion with its sentence.
type ExpectedClaim struct {
	Facet  string          `json:"facet"`
	Stance string          `json:"stance"`
	SaidBy ExpectedSpeaker `json:"said_by"`
	Quote  string          `json:"quote"`
}

// ExpectedSpeaker says who asserts a claim.
type ExpectedSpeaker struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// ExpectedRelation is a typed relation between two names.
type ExpectedRelation struct {
	From string `json:"from"`
	Type string `json:"type"`
	To   string `json:"to"`
}

// ExpectedObservable is an indicator as the page gives it, refanged.
type ExpectedObservable struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Expected reads expected.json strictly; ErrNoExpected when there is none.
func (n *Newsroom) Expected() ([]ExpectedPage, error) {
	data, err := fs.ReadFile(n.fsys, "expected.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoExpected
	}
	if err != nil {
		return nil, fmt.Errorf("newsroom: read expected.json: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var doc struct {
		Pages []ExpectedPage `json:"pages"`
	}
	if err := dec.Decode(&doc); err != nil {
		line := 1 + bytes.Count(data[:min(int(dec.InputOffset()), len(data))], []byte("\n"))
		return nil, fmt.Errorf("newsroom: expected.json:%d: %w", line, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("newsroom: expected.json: more than one document")
	}
	return doc.Pages, nil
}
