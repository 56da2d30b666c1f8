// Command course makes a tutorial of Markdown lessons whose Go cells it runs as threads and as processes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"course/problem"
	"course/runner"
	"course/runner/sandbox"
)

func main() {
	runner.Supervise()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends us at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// A host is what commands meet that tests make up.
type host struct {
	sandbox *sandbox.Report // nil: what this machine has
}

// run executes one command line and returns its exit code: 0 done, 1 something in the course is
// wrong, 2 used wrongly, 3 it could not be done, 130 interrupted (128 + SIGINT, as shells have it).
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return host{}.run(ctx, args, stdout, stderr)
}

func (h host) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &outlet{to: stdout}
	err := h.execute(ctx, args, out, stderr)
	if lost := out.lost(); lost != nil && (err == nil || errors.Is(err, errProblems)) {
		err = fmt.Errorf("print: %w", lost)
	}
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errProblems):
		return 1
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "course: %s\n\thint: %s --help\n", problem.Printable(usage.Error()), usage.command)
		return 2
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "course: interrupted")
		return 130
	}
	for line := range strings.Lines(err.Error()) { // errors.Join has several
		fmt.Fprintf(stderr, "course: %s\n", problem.Printable(strings.TrimSuffix(line, "\n")))
	}
	if mends := mend(err); mends != "" {
		fmt.Fprintf(stderr, "\thint: %s\n", problem.Printable(mends))
	}
	return 3
}

// mend returns what to do about an error, or "" where that is not known.
func mend(err error) string {
	var hinted interface{ Hint() string }
	info, missing := os.Stat(os.TempDir()) // where all that is built and run is for a while
	switch {
	case missing != nil || !info.IsDir():
		return fmt.Sprintf("%s is no directory: set TMPDIR to one that can be written", os.TempDir())
	case errors.As(err, &hinted):
		return hinted.Hint()
	case errors.Is(err, syscall.ENOSPC):
		return "make room, or set TMPDIR, where cells are built, and XDG_CACHE_HOME, where results are kept, to directories on another disk"
	case errors.Is(err, syscall.EROFS):
		return "it is read-only: work on a copy of the course, or have it written to another directory"
	}
	return ""
}

// errProblems is returned by a command that has reported problems of the course.
var errProblems = errors.New("the course has problems")

// A usageError is a command line that cannot be carried out.
type usageError struct {
	err     error
	command string // whose help tells more: "course build"
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }
