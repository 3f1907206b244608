package index

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Options say where the index lives and what it follows.
type Options struct {
	// Dir is the folder of the text index; empty keeps it in memory.
	Dir string
	// Feed is followed; it must not be nil.
	Feed intel.Feed
	// Archive gives the texts that highlights are cut from, and the details of Report. Without it there are no highlights and
	// Report answers from the columns.
	Archive intel.Archive
	// Past tells who was who at a moment. Without it as_of answers with the names, merges and decisions of today.
	Past intel.Past
	// Logger is told of rebuilds; nil discards.
	Logger *slog.Logger
	// StaleAfter is how long after its last success a source counts as stale; zero leaves that to the source's state.
	StaleAfter time.Duration
	// Now is the clock StaleAfter is measured by; nil leaves staleness to the source's state.
	Now func() time.Time
	// BatchCount and BatchBytes bound one batch; zero means 1,000 changes and 8 MB of text.
	BatchCount int
	BatchBytes int
}

// Index follows a feed and answers questions; it implements intel.Reader.
type Index struct {
	o    Options
	log  *slog.Logger
	text *textIndex
	// writing serialises Follow, CatchUp and Rebuild.
	writing sync.Mutex
	// mu guards model.
	mu    sync.RWMutex
	model *model
	// reached is how far the model is, for who asks without waiting for a batch that is being applied.
	reached atomic.Pointer[reached]
	// stored is the sequence number the texts had reached when the index was opened.
	stored int64
	// checked says that the number of texts was compared with the number of reports.
	checked   bool
	summaries summaryCache
	pasts     pasts
	results   resultCache
}

var _ intel.Reader = (*Index)(nil)

// reached is where a model stands.
type reached struct {
	gen uint64
	at  time.Time
	seq int64
}

// publish says how far the model is; the caller holds the lock, so that who reads the new generation reads what it stands for.
func (ix *Index) publish() { ix.reached.Store(&reached{ix.model.gen, ix.model.at, ix.model.seq}) }

// Open opens or makes the index. It reads nothing from the feed but its head: call CatchUp or Follow.
func Open(ctx context.Context, o Options) (*Index, error) {
	if o.Feed == nil {
		return nil, errors.New("index: open: no feed")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.BatchCount <= 0 {
		o.BatchCount = 1000
	}
	if o.BatchBytes <= 0 {
		o.BatchBytes = 8 << 20
	}
	t, why, err := openText(o.Dir)
	if err != nil {
		return nil, err
	}
	ix := &Index{o: o, log: o.Logger, text: t, model: newModel()}
	ix.publish()
	if why != nil {
		ix.log.WarnContext(ctx, "index rebuild", "reason", why.Error())
	}
	if ix.stored, err = t.seq(); err != nil {
		return nil, errors.Join(wrap("read sequence", err), t.idx.Close())
	}
	head, err := o.Feed.Head(ctx)
	if err != nil {
		return nil, errors.Join(wrap("feed head", err), t.idx.Close())
	}
	if ix.stored > head {
		ix.log.WarnContext(ctx, "index rebuild", "reason", "texts are ahead of the store", "stored", ix.stored, "head", head)
		if err := ix.resetText(); err != nil {
			return nil, err
		}
	}
	return ix, nil
}

// Close closes the text index, once Follow has returned. Searches for words fail afterwards.
func (ix *Index) Close() error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	return ix.text.close()
}

func (ix *Index) resetText() error {
	ix.stored = 0
	return ix.text.reset()
}

// Generation moves when a report, claim, decision or a source's health state changes; at is when it last did.
func (ix *Index) Generation() (gen uint64, at time.Time) {
	r := ix.reached.Load()
	return r.gen, r.at
}

// Seq is the last change applied.
func (ix *Index) Seq() int64 { return ix.reached.Load().seq }

// Coverage says which sources could have told, and how fresh they are.
func (ix *Index) Coverage() intel.Coverage {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.coverage()
}

// coverage is Coverage under the lock.
func (ix *Index) coverage() intel.Coverage {
	if ix.o.Now == nil || ix.o.StaleAfter <= 0 {
		return ix.model.coverage
	}
	c, now := ix.model.coverage, ix.o.Now()
	c.Stale, c.Late = 0, nil
	for _, s := range ix.model.sources {
		old := stale(s, now, ix.o.StaleAfter)
		if old {
			c.Stale++
		}
		if old || s.State == "failing" {
			c.Late = append(c.Late, s.ID)
		}
	}
	c.Late = fewLate(c.Late)
	return c
}

// Sources gives every source with how it is doing, sorted by id.
func (ix *Index) Sources(context.Context) ([]intel.SourceHealth, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	m := ix.model
	out := make([]intel.SourceHealth, 0, len(m.sources))
	for _, s := range m.sources {
		s.Reports = len(m.post.get(m.find(dimSource, s.ID)))
		if ix.o.Now != nil && s.State == "ok" && stale(s, ix.o.Now(), ix.o.StaleAfter) {
			s.State = "stale"
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b intel.SourceHealth) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// ordinals gives the ordinals of report ids, the greatest number for those that are not known.
func (ix *Index) ordinals(ids []string) []uint32 {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	out := make([]uint32, len(ids))
	for i, id := range ids {
		ord, ok := ix.model.reportOrd[id]
		if !ok {
			ord = math.MaxUint32
		}
		out[i] = ord
	}
	return out
}
