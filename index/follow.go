package index

import (
	"context"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Follow applies changes as they come until ctx ends, and gives ctx's error, or the feed's or the disk's.
func (ix *Index) Follow(ctx context.Context) error {
	for {
		if _, err := ix.CatchUp(ctx); err != nil {
			return err
		}
		if err := ix.o.Feed.Wait(ctx, ix.Seq()); err != nil {
			return wrap("wait for changes", err)
		}
	}
}

// CatchUp applies every change there is and gives their number.
func (ix *Index) CatchUp(ctx context.Context) (int, error) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	n, err := ix.catchUp(ctx)
	if err != nil || ix.checked {
		return n, err
	}
	ix.checked = true
	docs, err := ix.text.adv.Reader()
	if err != nil {
		return n, wrap("count", err)
	}
	count, err := docs.DocCount()
	if cerr := docs.Close(); err == nil {
		err = cerr
	}
	ix.mu.RLock()
	want := ix.model.liveCount
	ix.mu.RUnlock()
	if err != nil || count == uint64(want) { //nolint:gosec // a count
		return n, wrap("count", err)
	}
	ix.log.WarnContext(ctx, "index rebuild", "reason", "texts do not match the store", "texts", count, "reports", want)
	more, err := ix.rebuild(ctx)
	return n + more, err
}

// Rebuild deletes everything and reads the feed from its start. Until it returns, answers are incomplete.
func (ix *Index) Rebuild(ctx context.Context) error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	_, err := ix.rebuild(ctx)
	return err
}

func (ix *Index) rebuild(ctx context.Context) (int, error) {
	ix.mu.Lock()
	ix.model = newModel()
	ix.publish()
	ix.summaries.clear()
	ix.results.clear()
	ix.mu.Unlock()
	if err := ix.resetText(); err != nil {
		return 0, err
	}
	return ix.catchUp(ctx)
}

func (ix *Index) catchUp(ctx context.Context) (int, error) {
	total := 0
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		after := ix.Seq()
		changes, err := ix.o.Feed.Changes(ctx, after, ix.o.BatchCount)
		if err != nil {
			return total, wrap("read changes", err)
		}
		if len(changes) == 0 {
			return total, nil
		}
		for len(changes) > 0 {
			n := ix.batchEnd(changes)
			if err := ix.applyBatch(ctx, changes[:n]); err != nil {
				return total, err
			}
			total += n
			changes = changes[n:]
		}
		if ix.Seq() <= after {
			return total, invalid("feed gave changes that do not go on after %d", after)
		}
	}
}

// batchEnd cuts changes where their text exceeds the bound.
func (ix *Index) batchEnd(changes []intel.Change) int {
	bytes := 0
	for i, c := range changes {
		if c.Record != nil {
			bytes += len(c.Record.Text)
		}
		if bytes > ix.o.BatchBytes && i > 0 {
			return i
		}
	}
	return len(changes)
}

// applyBatch writes texts first and columns after: a report is never in the columns and not yet findable by its words for
// longer than a batch takes, and a document the columns do not know yet is left out of answers.
func (ix *Index) applyBatch(ctx context.Context, changes []intel.Change) error {
	last := changes[len(changes)-1].Seq
	fresh := changes
	for len(fresh) > 0 && fresh[0].Seq <= ix.stored {
		fresh = fresh[1:]
	}
	if err := ix.text.put(fresh, last); err != nil {
		return err
	}
	if slices.ContainsFunc(fresh, func(c intel.Change) bool { return c.What == "purge" }) {
		if err := ix.text.wipe(ctx); err != nil {
			return err
		}
	}
	ix.applyColumns(changes)
	return nil
}

// applyColumns holds up every answer meanwhile, so all that it does must depend on what changed and not on what there is.
func (ix *Index) applyColumns(changes []intel.Change) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	m := ix.model
	for _, c := range changes {
		m.apply(c)
	}
	m.settle()
	m.settleCoverage()
	ix.summaries.drop(m, m.touched)
	clear(m.touched)
	ix.publish()
}

func stale(s intel.SourceHealth, now time.Time, after time.Duration) bool {
	return s.State == "stale" || s.State == "ok" && after > 0 && now.Sub(s.LastSuccess) > after
}
