// SPDX-License-Identifier: Apache-2.0

// Command bench-api measures the API as its callers meet it: a built rapsheet serves a folder of synthetic reports on loopback, a
// bare net/http server with the same bytes is the floor, and this process loads both by turns, so that what the machine does
// meanwhile falls on both. It prints medians and ratios, and what the issue asks for beside them.
//
//	make bench-api
//	go run ./cmd/bench-api -bin bin/rapsheet -reports 17000 -for 3s -rounds 5 -soak 10m
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// settings are the flags.
type settings struct {
	bin     string
	reports int
	words   int
	length  time.Duration
	rounds  int
	soak    time.Duration
	// only names one stage to run after seeding and starting.
	only string
	// floor and naive make this process one of the servers that are measured beside rapsheet.
	floor, naive string
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("bench-api", flag.ContinueOnError)
	fs.SetOutput(stderr)
	var o settings
	fs.StringVar(&o.bin, "bin", "bin/rapsheet", "the built program")
	fs.IntVar(&o.reports, "reports", 17_000, "reports in the store; each gives six STIX objects or more")
	fs.IntVar(&o.words, "words", 0, "words that each of those reports has beside its claims; with a third claim, as the memory stage needs")
	fs.DurationVar(&o.length, "for", 3*time.Second, "how long one measurement lasts")
	fs.IntVar(&o.rounds, "rounds", 5, "measurements of each, by turns")
	fs.DurationVar(&o.soak, "soak", 0, "how long to hold 70 % of the load; 0 leaves it out")
	fs.StringVar(&o.only, "only", "", "run one stage: single, bulk, taxii, freshness, indexing, soak, or memory, which is only run so; all but that when empty")
	fs.StringVar(&o.floor, "floor", "", "serve the bytes of this file")
	fs.StringVar(&o.naive, "naive", "", "serve bulk requests from this folder with Bind and c.JSON")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case o.floor != "":
		err = serveFloor(ctx, o.floor, stdout)
	case o.naive != "":
		err = serveNaive(ctx, o.naive, stdout)
	default:
		err = bench(ctx, o, stdout)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "bench-api:", err)
		return 1
	}
	return 0
}

// runs reports whether a stage is asked for.
func (o settings) runs(step string) bool {
	switch {
	case step == "seed":
		return true
	case step == "start":
		return o.only != "memory"
	case o.only == "":
		return step != "memory"
	}
	return step == o.only
}

// bench seeds a folder, starts the servers and runs the stages.
func bench(ctx context.Context, o settings, out io.Writer) error {
	dir, err := os.MkdirTemp("", "bench-api-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	b := &stage{o: o, out: out, dir: dir}
	defer b.stop()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"seed", b.seed},
		{"start", b.start},
		{"single", b.single},
		{"bulk", b.bulk},
		{"taxii", b.taxii},
		{"freshness", b.fresh},
		{"indexing", b.indexing},
		{"soak", b.soak},
		{"memory", b.held},
	} {
		if !o.runs(step.name) {
			continue
		}
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}
