package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Exit codes of every command.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPartial = 3
)

// errUsage marks a command line that cannot be carried out as written.
var errUsage = errors.New("usage")

// usageError is an error of the command line: it is errUsage and what caused it, and says only what its message says.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

// Unwrap lets errors.Is find the mark and the cause.
func (e *usageError) Unwrap() []error { return []error{errUsage, e.err} }

// errPartial marks a run of which a part failed and the rest was done.
var errPartial = errors.New("partly failed")

// usagef is an error that ends with exit code 2.
func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// exitCode is the one place that turns an error into an exit code and a line on stderr.
func exitCode(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "rapsheet: stopped")
		return exitOK
	}
	fmt.Fprintln(stderr, "rapsheet:", err)
	switch {
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.Is(err, errUsage), errors.Is(err, intel.ErrDemo), strings.HasPrefix(err.Error(), "unknown command "):
		return exitUsage // cobra's own error for a command that is none has no type
	default:
		return exitFailed
	}
}
