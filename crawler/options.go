package crawler

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// product is the token that robots.txt knows us by.
const product = "rapsheet"

// Options are the settings of a Crawler.
type Options struct {
	// Version is the version of rapsheet, for the User-Agent; empty is "dev".
	Version string
	// Contact is a mail address or page where publishers reach the operator. Without it nothing off loopback is asked for.
	Contact string
	// Delay is the least time between two requests to one scheme, host and port; zero is two seconds.
	Delay time.Duration
	// Timeout bounds one request with its body; zero is 30 seconds.
	Timeout time.Duration
	// MaxBody bounds a page or feed after decompression; zero is intel.MaxDocument.
	MaxBody int64
	// Parallel is how many sources a round reads at a time, and how many answers are received or delivered at a time; zero is 16.
	Parallel int
	// Recheck is how long a page that was taken is left alone unless its listing says that it changed; zero asks (conditionally)
	// in every round.
	Recheck time.Duration
	// Clock tells the time; it must be set.
	Clock func() time.Time
	// Sleep waits; nil waits for real.
	Sleep func(ctx context.Context, d time.Duration) error
	// Journal is the memory of attempts; nil remembers nothing.
	Journal intel.Journal
	// Memory keeps lists, pages to try again and paused hosts over a restart; nil keeps them for the life of the Crawler.
	Memory intel.Memory
	// Capture hands over with each document what came over the wire, for evidence, except from sources that want none. Unmodified
	// is told when a server says that a page did not change; nil is not told. An error of it fails the page, which comes again.
	// Listed is handed the answer of a list of records when its rows were delivered, with the canonical addresses of those that are held;
	// not when a row of it was purged, for the list tells it again. An error of it has the list read anew next time.
	Capture    bool
	Unmodified func(doc intel.Document) error
	Listed     func(doc intel.Document, rows []string) error
	// AllowPrivate names the host:port pairs that may be asked although their address is private or their port unusual. Only
	// what the configuration names belongs here, such as the demo newsroom on loopback.
	AllowPrivate []string
	// RootCAs verifies TLS; nil is the system's.
	RootCAs *x509.CertPool
	// Files is where discovery of type file looks, the root of the file system for absolute paths; nil reads no files.
	Files fs.FS
	// Logger takes what happens; nil discards it.
	Logger *slog.Logger
	// Progress is told, after each page, how many of a round's known pages are done; nil is not told. It is called by several
	// goroutines, one at a time.
	Progress func(done, queued int)
}

// Crawler fetches pages. It may be used by several goroutines; politeness holds over all of them.
type Crawler struct {
	opts      Options
	transport *transport
	log       *slog.Logger

	mu sync.Mutex
	// lists is what discovery documents said when last read in full, so that a 304 to one does not hide its pages.
	lists map[string]list
	// pending holds, for each source, pages to try again though they may no longer be listed.
	pending map[string]map[string]candidate
	// recalled are the sources of which the memory was read, written the digests of the lists it holds.
	recalled map[string]bool
	written  map[string][32]byte
	// busy are the sources that live rounds read.
	busy map[string]*busy
}

// New checks the options and makes a Crawler. It returns ErrInvalid for options that cannot work.
func New(o Options) (*Crawler, error) {
	if o.Clock == nil {
		return nil, errors.New("crawler: new: no clock given")
	}
	if strings.ContainsFunc(o.Contact+o.Version, func(r rune) bool { return r < ' ' || r > '~' || r == '(' || r == ')' }) {
		return nil, fmt.Errorf("crawler: new: contact %q: write a mail address or a web address: %w", o.Contact, intel.ErrInvalid)
	}
	if o.Contact != "" && !strings.Contains(o.Contact, "@") && !strings.Contains(o.Contact, "://") {
		return nil, fmt.Errorf("crawler: new: contact %q is neither a mail address nor a web address: %w", o.Contact, intel.ErrInvalid)
	}
	if o.Delay < 0 || o.Timeout < 0 || o.MaxBody < 0 || o.Parallel < 0 || o.Recheck < 0 {
		return nil, fmt.Errorf("crawler: new: delay, timeout, sizes and counts cannot be negative: %w", intel.ErrInvalid)
	}
	for _, a := range o.AllowPrivate {
		if host, port, err := net.SplitHostPort(a); err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("crawler: new: allowed address %q: write host:port: %w", a, intel.ErrInvalid)
		}
	}
	o = withDefaults(o)
	c := &Crawler{opts: o, log: o.Logger, lists: map[string]list{}, pending: map[string]map[string]candidate{}, recalled: map[string]bool{}, written: map[string][32]byte{}, busy: map[string]*busy{}}
	c.transport = newTransport(o, c.UserAgent())
	return c, nil
}

func withDefaults(o Options) Options {
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Delay == 0 {
		o.Delay = 2 * time.Second
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = intel.MaxDocument
	}
	if o.Parallel == 0 {
		o.Parallel = 16
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Journal == nil {
		o.Journal = forgetful{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// UserAgent is what publishers see: rapsheet/VERSION (+contact).
func (c *Crawler) UserAgent() string {
	if c.opts.Contact == "" {
		return product + "/" + c.opts.Version
	}
	return product + "/" + c.opts.Version + " (+" + c.opts.Contact + ")"
}

// Close drops idle connections. The Crawler may be used again.
func (c *Crawler) Close() { c.transport.base.CloseIdleConnections() }

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// forgetful is the journal of a crawler that was given none.
type forgetful struct{}

func (forgetful) Note(context.Context, []intel.Fetch) error { return nil }

func (forgetful) Last(context.Context, string) (intel.Fetch, error) {
	return intel.Fetch{}, intel.ErrNotFound
}

func (forgetful) Health(context.Context) ([]intel.SourceHealth, error) { return nil, nil }
