package intel

import "context"

// Recognizer is another reader of reports: a larger model, or a service that runs one. The extractor needs none. What one answers is
// taken as evidence of who was struck and by whom; the sentences, the claims and all else are still read from the text by the rules.
type Recognizer interface {
	// Recognize reads one report. An error loses nothing: the report is then read without help.
	Recognize(ctx context.Context, r Reading) (Recognition, error)
	// Version tells two recognizers apart, so that a report read with another one is read again.
	Version() string
}

// Reading is what a Recognizer gets to read.
type Reading struct {
	Title     string `json:"title,omitempty"`
	Text      string `json:"text"`
	Language  string `json:"language,omitempty"`
	Published string `json:"published,omitempty"`
}

// Recognition is what a Recognizer makes of one report.
type Recognition struct {
	Incidents []Recognized `json:"incidents"`
	// Whole says that the whole text was read, so that an organisation it does not list is no victim. Otherwise it only adds.
	Whole bool `json:"whole"`
}

// Recognized is one incident: the names as the text writes them. A name that does not stand in the text is ignored.
type Recognized struct {
	Victims []string `json:"victims"`
	Actors  []string `json:"actors"`
	// Confidence is the probability that the victims are victims, 0 to 1.
	Confidence float64 `json:"confidence"`
}
