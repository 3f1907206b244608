package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
)

// version is stamped by the linker (-X main.version=…).
var version = "0.1.0-dev"

// app is the program as a value: its streams, settings, clock and source of ids. Tests make their own.
type app struct {
	cfg            config
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	newID          func() string
	json, jsonl    bool
	// self is how its user calls the program, for the commands it proposes.
	self string
}

// run is the whole program: args without the program's name in, exit code out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, environ []string) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now, newID: uuid.NewString, self: selfName(os.Args[0])}
	cfg, err := loadConfig(environ)
	if err != nil {
		return exitCode(stderr, err)
	}
	a.cfg = cfg
	root := a.root()
	root.SetArgs(args)
	return exitCode(stderr, root.ExecuteContext(ctx))
}

// selfName is what to type to call this program again: a program built for one run by "go run" is called that way, one called by
// its path by that path.
func selfName(arg0 string) string {
	switch {
	case strings.Contains(arg0, "go-build"):
		return "go run ./cmd/rapsheet"
	case strings.Contains(arg0, " "):
		return "rapsheet"
	default:
		return arg0
	}
}

// root is the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "rapsheet",
		Short:         "Who did what to whom, according to whom, and since when",
		Long:          "rapsheet reads public reporting about threat actors and answers who did what to whom, according to whom, and since when.\nStart with: rapsheet demo",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%v; see 'rapsheet %s --help'", err, c.Name())
	})
	a.cfg.flags(root.PersistentFlags())
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print the API route's own object")
	root.PersistentFlags().BoolVar(&a.jsonl, "jsonl", false, "print one JSON item a line")
	root.AddCommand(
		a.demoCmd(), a.serveCmd(), a.crawlCmd(), a.addCmd(), a.readCmd(), a.extractCmd(),
		a.resolveCmd(), a.namesCmd(), a.searchCmd(), a.actorCmd(), a.victimCmd(), a.enrichCmd(), a.sourcesCmd(),
		a.briefCmd(), a.exportCmd(), a.importCmd(), a.decideCmd(), a.correctCmd(), a.purgeCmd(), a.evalCmd(),
		a.keysCmd(), a.configCmd(), a.doctorCmd(), a.reindexCmd(), a.reextractCmd(), a.backupCmd(), a.evidenceCmd(),
		a.watchCmd(), a.migrateCmd(), a.mcpCmd(), a.versionCmd(),
	)
	for _, c := range root.Commands() {
		wrapArgs(c)
	}
	return root
}

// wrapArgs makes a wrong number of arguments a usage error (exit code 2).
func wrapArgs(c *cobra.Command) {
	for _, sub := range c.Commands() {
		wrapArgs(sub)
	}
	check := c.Args
	if check == nil {
		return
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usagef("%s: %v", c.Name(), err)
		}
		return nil
	}
}

// logger writes to stderr: JSON in a server's pipe, text on a terminal.
func (a *app) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.cfg.LogLevel)); err != nil {
		level = slog.LevelWarn
	}
	opts := &slog.HandlerOptions{Level: level}
	if a.terminal() {
		return slog.New(slog.NewTextHandler(a.stderr, opts))
	}
	return slog.New(slog.NewJSONHandler(a.stderr, opts))
}

// terminal reports whether progress has somebody to look at it.
func (a *app) terminal() bool {
	f, ok := a.stderr.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

// say prints a line for people on stderr.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.stderr, format+"\n", args...) }
