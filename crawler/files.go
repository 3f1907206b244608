package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// files reads a local file, or all in a folder, as documents with the address file:PATH. A file that did not change since it
// was taken is not read again.
func (w *worker) files(ctx context.Context, root string) error {
	if w.c.opts.Files == nil {
		return fmt.Errorf("crawler: %s: no folder of files was given to read from: %w", root, intel.ErrInvalid)
	}
	root, prefix := inFiles(root)
	return fs.WalkDir(w.c.opts.Files, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case stopped(ctx):
			return fs.SkipAll
		case err != nil:
			return fmt.Errorf("crawler: %s: %w", name, err)
		case strings.HasPrefix(d.Name(), ".") && name != root && d.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(d.Name(), "."), !d.Type().IsRegular():
			return nil
		}
		return w.file(ctx, name, prefix+name, d)
	})
}

// inFiles is the name of a local file in Options.Files, which starts at the root of the file system, and what stands before it in
// addresses.
func inFiles(url string) (name, prefix string) {
	name = path.Clean(strings.TrimPrefix(url, "file:"))
	if rooted, ok := strings.CutPrefix(name, "/"); ok {
		return path.Clean(rooted), "file:/"
	}
	return name, "file:"
}

func (w *worker) file(ctx context.Context, name, key string, d fs.DirEntry) error {
	if !w.round.claim(key) {
		return nil
	}
	w.result.Found++
	w.round.progress(0, 1)
	defer w.round.progress(1, 0)
	last, err := w.c.lastOf(ctx, key)
	if err != nil {
		return fmt.Errorf("crawler: journal: last of %s: %w", key, err)
	}
	info, err := d.Info()
	if err != nil {
		return fmt.Errorf("crawler: %s: %w", name, err)
	}
	at := w.c.opts.Clock()
	fetch := intel.Fetch{SourceID: w.source.ID, URL: key, At: at, Bytes: info.Size()}
	modified := info.ModTime().UTC().Format(http.TimeFormat)
	switch {
	case modified == last.LastModified:
		fetch.Outcome = OutcomeUnchanged
	case info.Size() > w.c.opts.MaxBody:
		fetch.Outcome = OutcomeTooLarge
		fetch.Error = fmt.Sprintf("the file has %d bytes, at most %d are read", info.Size(), w.c.opts.MaxBody)
	default:
		err := w.deliverFile(ctx, name, key)
		fetch.Outcome = outcomeOfDelivery(err)
		if err != nil && fetch.Outcome != OutcomeUnchanged {
			fetch.Error = err.Error()
		}
	}
	if keepsValidators(fetch.Outcome) {
		fetch.LastModified = modified
	}
	w.result.Outcomes[fetch.Outcome]++
	w.note(fetch)
	return w.flushSome(ctx)
}

func (w *worker) deliverFile(ctx context.Context, name, key string) (err error) {
	f, err := w.c.opts.Files.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	body, err := io.ReadAll(io.LimitReader(f, w.c.opts.MaxBody))
	if err != nil {
		return err
	}
	return w.round.deliver(ctx, intel.Document{
		URL: key, FinalURL: key, SourceID: w.source.ID, ContentType: contentType(name, body), Body: body,
		Retrieved: w.c.opts.Clock(), TLP: intel.TLPClear, Demo: w.source.Demo,
	})
}

// contentType goes by the file's name, then by its first bytes.
func contentType(name string, body []byte) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf":
		return "application/pdf"
	case ".html", ".htm", ".xhtml":
		return "text/html"
	case ".txt", ".md":
		return "text/plain"
	}
	return http.DetectContentType(body)
}
