package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/index"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// child is a server in a process of its own.
type child struct {
	cmd  *exec.Cmd
	addr string
}

// startChild runs a program until it says on a line of its output where it serves.
func startChild(ctx context.Context, name string, args ...string) (*child, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the program measured
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	said := bufio.NewScanner(out)
	for said.Scan() {
		if _, rest, ok := strings.Cut(said.Text(), "http://"); ok {
			addr, _, _ := strings.Cut(rest, " ")
			go io.Copy(io.Discard, out) //nolint:errcheck // so that it never waits for a reader
			return &child{cmd, addr}, nil
		}
	}
	return nil, fmt.Errorf("%s ended before it served: %w", name, cmd.Wait())
}

func (c *child) stop() {
	if c == nil {
		return
	}
	_ = c.cmd.Process.Signal(os.Interrupt) //nolint:errcheck // it may have ended
	_ = c.cmd.Wait()                       //nolint:errcheck // interrupted
}

// memory is the resident memory of the child in megabytes, and how many threads it has.
func (c *child) memory() (mb int, threads int) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(line, ":")
		n, _, _ := strings.Cut(strings.TrimSpace(value), " ")
		switch name {
		case "VmRSS":
			mb, _ = strconv.Atoi(n) //nolint:errcheck // 0 is told
			mb /= 1000
		case "Threads":
			threads, _ = strconv.Atoi(n) //nolint:errcheck // 0 is told
		}
	}
	return mb, threads
}

// cpu is the processor time that the child has used.
func (c *child) cpu() time.Duration {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), "stat"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	var ticks int64
	if f := strings.Fields(rest); len(f) > 12 {
		for _, v := range f[11:13] { // utime and stime, in hundredths of a second
			n, _ := strconv.ParseInt(v, 10, 64) //nolint:errcheck // 0 is told
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// listenAndTell serves h on a free port and says where on stderr, as rapsheet does.
func listenAndTell(ctx context.Context, h http.Handler) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "serves http://%s \n", ln.Addr())
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = srv.Close() //nolint:errcheck // ending
	}()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// serveFloor answers every request with the same bytes: what net/http itself costs.
func serveFloor(ctx context.Context, path string, _ io.Writer) error {
	b, err := os.ReadFile(path) //nolint:gosec // the caller names it
	if err != nil {
		return err
	}
	return listenAndTell(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) //nolint:errcheck // a body cut off is answered all the same
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		_, _ = w.Write(b) //nolint:errcheck // the caller is gone
	}))
}

// serveNaive answers bulk requests the plain way over the same index: echo's Bind, then c.JSON.
func serveNaive(ctx context.Context, dir string, _ io.Writer) error {
	st, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, storeFile), Clock: time.Now, NewID: newID})
	if err != nil {
		return err
	}
	defer st.Close() //nolint:errcheck // read only
	ix, err := index.Open(ctx, index.Options{Dir: filepath.Join(dir, "naive-index"), Feed: st, Archive: st, Now: time.Now})
	if err != nil {
		return err
	}
	defer ix.Close() //nolint:errcheck // a temporary folder
	if _, err := ix.CatchUp(ctx); err != nil {
		return err
	}
	e := echo.New()
	e.POST("/v1/enrich", func(c echo.Context) error {
		var req struct{ Items []intel.EnrichItem }
		if err := c.Bind(&req); err != nil {
			return err
		}
		results, err := ix.Enrich(c.Request().Context(), req.Items, intel.EnrichOptions{MinConfidence: 0.8})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, map[string]any{"coverage": ix.Coverage(), "results": results})
	})
	return listenAndTell(ctx, e)
}
