package intel

import "time"

// Source is a publisher that rapsheet reads, as data/sources.yaml describes it.
type Source struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Kind is media, vendor, government, regulator, police, court, company or research.
	Kind string `json:"kind"`
	Home string `json:"home"`
	// Reliability is an Admiralty letter, A to F: a default that a deployment overrides.
	Reliability string `json:"reliability"`
	Language    string `json:"language"`
	Country     string `json:"country,omitempty"`
	Licence     string `json:"licence,omitempty"`
	// ServeText allows the full text to be served (open licences only).
	ServeText bool        `json:"serve_text,omitempty"`
	Discover  []Discovery `json:"discover"`
	// Delay is the least time between two requests to one host; zero means the default of two seconds.
	Delay time.Duration `json:"delay,omitempty"`
	// NoDelay is set by "delay: 0s", allowed on loopback only.
	NoDelay bool `json:"no_delay,omitempty"`
	// Checked is the day somebody opened its URLs; empty is never.
	Checked Date   `json:"checked,omitzero"`
	Note    string `json:"note,omitempty"`
	Demo    bool   `json:"demo,omitempty"`
	// NoEvidence keeps no copy of what its pages looked like.
	NoEvidence bool `json:"no_evidence,omitempty"`
}

// Discovery is one way a source tells of its pages.
type Discovery struct {
	// Type is feed, sitemap, archive, listing, page, file or records.
	Type string `json:"type"`
	URL  string `json:"url"`
	// Links is the CSS selector of item links (archive, listing).
	Links string `json:"links,omitempty"`
	// Next is the CSS selector of the next-page link (archive).
	Next string `json:"next,omitempty"`
	// MaxPages bounds an archive; zero means 50.
	MaxPages int `json:"max_pages,omitempty"`
	// Format is how records are written, json or csv; Rows the path to the rows of a JSON document; Row what a row stands for. They
	// are the reader's own business, and stand in no answer.
	Format string `json:"-"`
	Rows   string `json:"-"`
	Row    *Row   `json:"-"`
}

// Row says what a row of records stands for: a short report. In each text {column} is a column of the row, and what stands in
// [brackets] is left out when a column in it is empty. Text is read like any report, so what it says somebody claims stays a claim.
type Row struct {
	// URL is the address of the row, of the list's own site; {list} is the list's address.
	URL       string
	Title     string
	Text      string
	Published string
	Language  string
}

// Document is what the crawler hands over: bytes and where they came from. It knows nothing of actors.
type Document struct {
	// URL is the address asked for, FinalURL the one that answered after redirects.
	URL      string
	FinalURL string
	SourceID string
	// ContentType is the header as received; Body the bytes as received after transfer decoding, before charset decoding.
	ContentType string
	Body        []byte
	Retrieved   time.Time
	// FeedTitle, FeedPublished and FeedLanguage are what the feed or sitemap said.
	FeedTitle     string
	FeedPublished Moment
	FeedLanguage  string
	// Given* were said by the person who added the page and win over everything read.
	GivenTitle     string
	GivenPublished Moment
	GivenLanguage  string
	TLP            TLP
	// RightsReserved says that the answer's headers opted out of archiving or mining (noarchive, TDM).
	RightsReserved bool
	Demo           bool
	// Received is the answer as it came over the wire, for evidence; nil when the crawler keeps none.
	Received *Received
}

// Received is one answer of a server as it came over the wire.
type Received struct {
	// URL is the address of the hop that answered, Remote the network address it was had from.
	URL    string
	Remote string
	At     time.Time
	// Request and Head are request and status line with their header fields (in alphabetical order), Body the bytes after transfer
	// decoding, content encoding and all.
	Request []byte
	Head    []byte
	Body    []byte
}

// Article is the readable part of a document, as `rapsheet read` prints it.
type Article struct {
	Title   string   `json:"title"`
	Authors []string `json:"authors"`
	// Published is when it says it was published; PublishedFrom which evidence says so: given, json-ld, meta, time, feed, text, url.
	Published     Moment `json:"published"`
	PublishedFrom string `json:"published_from,omitempty"`
	Modified      Moment `json:"modified,omitzero"`
	Language      string `json:"language"`
	Text          string `json:"text"`
	CanonicalURL  string `json:"canonical_url"`
	SiteName      string `json:"site_name,omitempty"`
	// SyndicatedFrom is a canonical link to another host: a copy of somebody else's story.
	SyndicatedFrom string `json:"syndicated_from,omitempty"`
	// Appendix is text of tables and code blocks that the main text lacks: searched for observables only.
	Appendix       string `json:"-"`
	RightsReserved bool   `json:"rights_reserved,omitempty"`
}

// Report is one public document, one version of it.
type Report struct {
	// ID is UUIDv5 of the canonical URL, or of the bytes for a file.
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	SourceID  string   `json:"source_id"`
	Publisher string   `json:"publisher"`
	Title     string   `json:"title"`
	Authors   []string `json:"authors,omitempty"`
	Published Moment   `json:"published"`
	// PublishedFrom says which evidence the date rests on.
	PublishedFrom string    `json:"published_from,omitempty"`
	Modified      Moment    `json:"modified,omitzero"`
	Retrieved     time.Time `json:"retrieved"`
	Recorded      time.Time `json:"recorded"`
	Language      string    `json:"language"`
	// Text is kept for search and re-extraction; it is served only where the source allows.
	Text string `json:"-"`
	// ContentHash is SHA-256 of the normalised text, hex; Fingerprint the near-duplicate fingerprint (minhash).
	ContentHash string   `json:"content_hash"`
	Fingerprint []uint32 `json:"-"`
	// Version counts the versions of the page that were read, from 1.
	Version        int    `json:"version"`
	SyndicatedFrom string `json:"syndicated_from,omitempty"`
	// Reliability is the Admiralty letter of its source when it was saved; SpeakerKind the kind its publisher speaks as.
	Reliability    string      `json:"reliability"`
	SpeakerKind    SpeakerKind `json:"speaker_kind"`
	TLP            TLP         `json:"tlp"`
	RightsReserved bool        `json:"rights_reserved,omitempty"`
	Demo           bool        `json:"demo,omitempty"`
}

// MaxDocument is how many bytes a document has at most, decompressed, wherever it comes from: a page, a PDF, a file, an upload. A
// longer one is refused by whoever meets it first.
const MaxDocument = 20 << 20

// Fetch is one attempt of the crawler, as the journal keeps it.
type Fetch struct {
	SourceID string    `json:"source_id"`
	URL      string    `json:"url"`
	FinalURL string    `json:"final_url,omitempty"`
	At       time.Time `json:"at"`
	// Outcome is stored, unchanged, not-report, blocked, robots, http-error, network-error, too-large, duplicate, discovery, failed or purged.
	Outcome string        `json:"outcome"`
	Status  int           `json:"status,omitempty"`
	Took    time.Duration `json:"took,omitempty"`
	Bytes   int64         `json:"bytes,omitempty"`
	// ETag and LastModified are the validators for the next conditional request.
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Discovery marks feeds, sitemaps and archive pages.
	Discovery bool   `json:"discovery,omitempty"`
	Error     string `json:"error,omitempty"`
	// Robots is what robots.txt said of it: allowed, disallowed or unreachable; empty when it was not asked.
	Robots string `json:"robots,omitempty"`
	// Published is when the listing says that the page was published.
	Published Moment `json:"published,omitzero"`
}

// SourceHealth is how a source is doing.
type SourceHealth struct {
	Source
	// State is ok, failing, stale, never (not read yet) or unlisted (read once, and no longer among the sources).
	State       string    `json:"state"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	LastAttempt time.Time `json:"last_attempt,omitzero"`
	LastError   string    `json:"last_error,omitempty"`
	Reports     int       `json:"reports"`
	// Robots is what robots.txt decided last: allowed, partly (some pages are disallowed), disallowed or unreachable.
	Robots string `json:"robots,omitempty"`
	// PerDay is how many new pages a day the source published in the last 7 days, Habit in the 28 days before.
	PerDay float64 `json:"per_day"`
	Habit  float64 `json:"habit"`
	// LagSeconds is how long after publication its pages were read, on average over the last 28 days; 0 is unknown.
	LagSeconds int64 `json:"lag_seconds,omitempty"`
	// SilentSince is the day of its last new page when it has been silent for longer than its habit explains.
	SilentSince Date `json:"silent_since,omitzero"`
}

// Coverage says which sources could have told and how fresh they are, so that "no history" and "we did not look" differ.
type Coverage struct {
	Sources int `json:"sources"`
	Read    int `json:"read"`
	Failing int `json:"failing"`
	Stale   int `json:"stale"`
	// Late are the ids of sources that fail or are stale, at most MostLate: what they told lately is not known.
	Late []string `json:"late,omitempty"`
	// Since is the earliest publication held, LastRead the last successful read of any source.
	Since    Date      `json:"since"`
	LastRead time.Time `json:"last_read,omitzero"`
	Reports  int       `json:"reports"`
	Demo     bool      `json:"demo,omitempty"`
}

// MostLate is how many late sources a Coverage names.
const MostLate = 20
