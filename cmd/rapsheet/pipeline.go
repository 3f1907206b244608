package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/extract/article"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// Bounds of one group commit: a batch is saved when it is full or when nothing more came for batchWait.
const (
	batchSize = 200
	batchWait = 10 * time.Millisecond
)

// keptConfidence is the least confidence of an incident that is stored, the default of `rapsheet extract`: what is less certain
// than not is noise to search, and re-extraction can always find it again.
const keptConfidence = 0.5

// pipeline is the way of a document: read, extract, save. Readers run in the goroutines that deliver; one goroutine saves,
// several documents a transaction. Whoever sends waits for its answer, so nobody closes the queue: run ends with its context.
type pipeline struct {
	pdf       article.PDFReader
	extractor helper
	saver     intel.Saver
	sources   map[string]intel.Source
	now       func() time.Time
	demo      bool
	// keep takes what was received of a document once it is stored; nil keeps nothing.
	keep  func(doc intel.Document, reportID string) error
	queue chan saveJob
	done  chan struct{}
}

type saveJob struct {
	entry  intel.Entry
	answer chan saveAnswer
}

type saveAnswer struct {
	saved intel.Saved
	err   error
}

func newPipeline(x helper, saver intel.Saver, sources []intel.Source, now func() time.Time, demo bool) *pipeline {
	p := &pipeline{
		extractor: x, saver: saver, sources: map[string]intel.Source{}, now: now, demo: demo,
		queue: make(chan saveJob, batchSize), done: make(chan struct{}),
	}
	for _, s := range sources {
		p.sources[s.ID] = s
	}
	return p
}

// run saves what is queued until ctx ends.
func (p *pipeline) run(ctx context.Context) {
	defer close(p.done)
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-p.queue:
			p.save(ctx, p.collect(first))
		}
	}
}

// collect takes what else is waiting, so that a busy crawl commits in groups and a quiet one at once.
func (p *pipeline) collect(first saveJob) []saveJob {
	jobs := []saveJob{first}
	timer := time.NewTimer(batchWait)
	defer timer.Stop()
	for len(jobs) < batchSize {
		select {
		case j := <-p.queue:
			jobs = append(jobs, j)
		case <-timer.C:
			return jobs
		}
	}
	return jobs
}

func (p *pipeline) save(ctx context.Context, jobs []saveJob) {
	entries := make([]intel.Entry, len(jobs))
	for i, j := range jobs {
		entries[i] = j.entry
	}
	saved, err := p.saver.Save(ctx, entries)
	if err != nil && len(jobs) > 1 {
		// One bad entry must not cost the others their answer: ask again one at a time.
		for _, j := range jobs {
			p.save(ctx, []saveJob{j})
		}
		return
	}
	for i, j := range jobs {
		ans := saveAnswer{err: err}
		if i < len(saved) {
			ans.saved = saved[i]
		}
		j.answer <- ans
	}
}

// deliver takes one document all the way to the store and answers when it is committed.
func (p *pipeline) deliver(ctx context.Context, doc intel.Document) error {
	saved, err := p.add(ctx, doc)
	if err != nil {
		return err
	}
	if saved.Unchanged {
		return intel.ErrUnchanged
	}
	return nil
}

// add is deliver with the store's answer.
func (p *pipeline) add(ctx context.Context, doc intel.Document) (intel.Saved, error) {
	entry, err := p.readEntry(ctx, doc)
	if err != nil {
		return intel.Saved{}, err
	}
	saved, err := p.put(ctx, entry)
	if err != nil || p.keep == nil {
		return saved, err
	}
	doc.RightsReserved = entry.Report.RightsReserved
	return saved, p.keep(doc, saved.ReportID)
}

// readEntry is the article of a document with what it claims.
func (p *pipeline) readEntry(ctx context.Context, doc intel.Document) (intel.Entry, error) {
	art, err := article.ReadAny(ctx, doc, p.pdf)
	if err != nil {
		return intel.Entry{}, err
	}
	return p.entry(ctx, doc, art), nil
}

// putAll queues entries in order and gives their answers in order once all are committed.
func (p *pipeline) putAll(ctx context.Context, entries []intel.Entry) []saveAnswer {
	jobs := make([]saveJob, len(entries))
	out := make([]saveAnswer, len(entries))
	for i, e := range entries {
		jobs[i], out[i].err = p.enqueue(ctx, e)
	}
	for i := range jobs {
		if out[i].err == nil {
			out[i] = p.wait(jobs[i])
		}
	}
	return out
}

// put queues one entry and waits for its commit.
func (p *pipeline) put(ctx context.Context, entry intel.Entry) (intel.Saved, error) {
	job, err := p.enqueue(ctx, entry)
	if err != nil {
		return intel.Saved{}, err
	}
	ans := p.wait(job)
	return ans.saved, ans.err
}

func (p *pipeline) enqueue(ctx context.Context, entry intel.Entry) (saveJob, error) {
	job := saveJob{entry: entry, answer: make(chan saveAnswer, 1)}
	select {
	case p.queue <- job:
		return job, nil
	case <-p.done:
		return job, context.Canceled
	case <-ctx.Done():
		return job, ctx.Err()
	}
}

func (p *pipeline) wait(job saveJob) saveAnswer {
	select {
	case ans := <-job.answer:
		return ans
	case <-p.done:
		return saveAnswer{err: context.Canceled}
	}
}

// entry extracts claims from an article and makes the report they belong to.
func (p *pipeline) entry(ctx context.Context, doc intel.Document, art intel.Article) intel.Entry {
	src := p.sources[doc.SourceID]
	rep := report(doc, art, src)
	rep.Recorded = p.now().UTC()
	rep.Demo = p.demo
	return intel.Entry{Report: rep, Extraction: p.extract(ctx, rep)}
}

// extract reads what a report says; the same for a page just fetched and for one read again.
func (p *pipeline) extract(ctx context.Context, rep intel.Report) intel.Extraction {
	x := p.extractor.extract(ctx, extract.Input{
		ID: rep.ID, Title: rep.Title, Text: rep.Text, Language: rep.Language, Published: rep.Published,
		Publisher: rep.Publisher, PublisherKind: rep.SpeakerKind,
	})
	x.Incidents = atLeast(x.Incidents, keptConfidence)
	return x
}

// report puts together what the crawler knows of a document and what was read from it.
func report(doc intel.Document, art intel.Article, src intel.Source) intel.Report {
	id := intel.ReportID(art.CanonicalURL)
	if art.CanonicalURL == "" || strings.HasPrefix(art.CanonicalURL, "file:") {
		sum := sha256.Sum256(doc.Body)
		id = intel.UUIDv5("file", hex.EncodeToString(sum[:]))
	}
	publisher := src.Name
	if publisher == "" {
		publisher = art.SiteName
	}
	reliability := src.Reliability
	if reliability == "" {
		reliability = "F" // Admiralty: reliability cannot be judged
	}
	tlp := doc.TLP
	if tlp == "" {
		tlp = intel.TLPClear
	}
	sum := sha256.Sum256([]byte(art.Text))
	return intel.Report{
		ID: id, URL: art.CanonicalURL, SourceID: doc.SourceID, Publisher: publisher, Title: art.Title, Authors: art.Authors,
		Published: art.Published, PublishedFrom: art.PublishedFrom, Modified: art.Modified, Retrieved: doc.Retrieved.UTC(),
		Language: art.Language, Text: art.Text, ContentHash: hex.EncodeToString(sum[:]), Fingerprint: ledger.Fingerprint(art.Text),
		SyndicatedFrom: art.SyndicatedFrom, Reliability: reliability, SpeakerKind: speakerKind(src.Kind), TLP: tlp,
		RightsReserved: art.RightsReserved || doc.RightsReserved, Demo: doc.Demo,
	}
}

// speakerKind is the kind of origin a publisher speaks as.
func speakerKind(sourceKind string) intel.SpeakerKind {
	switch sourceKind {
	case "vendor", "research":
		return intel.SpeakerVendor
	case "government", "regulator", "police", "cert":
		return intel.SpeakerGovernment
	case "court":
		return intel.SpeakerCourt
	default:
		return intel.SpeakerMedia
	}
}

// document names a document in an error.
func documentErr(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }
