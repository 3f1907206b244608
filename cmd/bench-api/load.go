package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// load is a closed loop of connections that each send the next request when the answer to the last is read. It speaks HTTP/1.1 by
// hand: a full client costs more than the servers measured.
type load struct {
	addr  string
	conns int
	// next gives the bytes of a request; it is called by many goroutines.
	next func(conn, n int) []byte
	// pace is the time between two requests of one connection; 0 is as fast as answers come.
	pace time.Duration
}

// result is what a load met.
type result struct {
	took   []time.Duration
	length time.Duration
	bytes  int64
	failed int
}

func (r result) rate() float64 { return float64(len(r.took)) / r.length.Seconds() }

// p99 is what a hundredth of the requests exceeded.
func (r result) p99() time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	return r.took[min(len(r.took)-1, len(r.took)*99/100)]
}

// run loads for a time.
func (l load) run(ctx context.Context, length time.Duration) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var wg sync.WaitGroup
	all, errs := make([]result, l.conns), make([]error, l.conns)
	began := time.Now()
	for i := range l.conns {
		wg.Go(func() { all[i], errs[i] = l.one(ctx, i, began.Add(length)) })
	}
	wg.Wait()
	var sum result
	for _, r := range all {
		sum.took = append(sum.took, r.took...)
		sum.bytes += r.bytes
		sum.failed += r.failed
	}
	sum.length = time.Since(began)
	slices.Sort(sum.took)
	return sum, errors.Join(errs...)
}

func (l load) one(ctx context.Context, conn int, until time.Time) (result, error) {
	var r result
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.addr)
	if err != nil {
		return r, err
	}
	defer c.Close() //nolint:errcheck // read to its end
	in := bufio.NewReaderSize(c, 64<<10)
	for n := 0; time.Now().Before(until); n++ {
		req := l.next(conn, n)
		sent := time.Now()
		if _, err := c.Write(req); err != nil {
			return r, err
		}
		status, size, err := readAnswer(in, nil)
		if err != nil {
			return r, fmt.Errorf("request %d of connection %d: %w", n, conn, err)
		}
		took := time.Since(sent)
		if status != 200 {
			r.failed++
		}
		r.took = append(r.took, took)
		r.bytes += size
		if l.pace > took {
			time.Sleep(l.pace - took)
		}
	}
	return r, nil
}

// readAnswer reads one answer and gives its body to w where there is one.
func readAnswer(in *bufio.Reader, w io.Writer) (status int, size int64, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(line) < 12 {
		return 0, 0, fmt.Errorf("not an answer: %q", line)
	}
	status, _ = strconv.Atoi(string(line[9:12])) //nolint:errcheck // 0 is no success
	size = -1
	chunked := false
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			size, err = strconv.ParseInt(string(value), 10, 64)
			if err != nil {
				return 0, 0, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	if w == nil {
		w = io.Discard
	}
	if chunked {
		size, err = copyChunks(w, in)
		return status, size, err
	}
	_, err = io.CopyN(w, in, max(size, 0))
	return status, size, err
}

// copyChunks reads a body in chunks up to its end.
func copyChunks(w io.Writer, in *bufio.Reader) (size int64, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return size, err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return size, err
		}
		if _, err = io.CopyN(w, in, n); err == nil {
			_, err = in.ReadSlice('\n')
		}
		if size += n; err != nil || n == 0 {
			return size, err
		}
	}
}

// get is a request without a body, post one with.
func get(path, key string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\nAccept: */*\r\n\r\n", path, key)
}

func post(path, key string, body []byte) []byte {
	head := fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", path, key, len(body))
	return append(head, body...)
}
