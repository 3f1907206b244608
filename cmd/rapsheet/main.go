// SPDX-License-Identifier: Apache-2.0

// Command rapsheet collects public reporting about threat actors and answers who did what to whom, according to whom, and
// since when. One file a command; this directory only wires the rooms together.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())
	stop()
	os.Exit(code)
}
