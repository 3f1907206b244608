// SPDX-License-Identifier: Apache-2.0

// Command rapsheet collects public reporting about threat actors and answers who did what to whom, according to whom, and
// since when. One file a command; this directory only wires the rooms together.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

// spare is how many goroutines more than there are processors may run at once. Reading and indexing keep a processor for up to 10 ms
// at a time; with two to spare an answer that has come due is run at once, and the operating system shares the processors out.
const spare = 2

// garbage is how much of the memory in use may be garbage, in percent, before it is collected. The index keeps its columns in memory,
// and what lives there seldom changes: collecting twice as often costs a hundredth of a processor and a quarter less memory is held.
const garbage = 50

func main() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + spare)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())
	stop()
	os.Exit(code)
}
