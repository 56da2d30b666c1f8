package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"course/problem"
	"course/runner"

	"golang.org/x/term"
)

// A board shows on a terminal what the runner is doing, in one line that it keeps rewriting. Elsewhere
// it shows nothing. It counts the runs in any case.
type board struct {
	mu     sync.Mutex
	out    io.Writer // nil: there is no terminal
	width  func() int
	built  int
	runs   int
	closed bool
}

// newBoard returns a board on w, if that is a terminal which can move its cursor.
func newBoard(w io.Writer) *board {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return &board{}
	}
	return &board{out: w, width: func() int {
		width, _, err := term.GetSize(int(file.Fd()))
		if err != nil || width < 20 { // some terminals do not know, and say 0
			return 80
		}
		return width
	}}
}

// on takes note of e.
func (b *board) on(e runner.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e.Kind {
	case runner.Fetching, runner.Compiling:
		b.show(fmt.Sprintf("%s %s", e.Kind, e.What))
	case runner.Building:
		b.built++
		b.show(fmt.Sprintf("building %s (%d)", e.ID, b.built))
	case runner.Started:
		b.runs++
		b.show(fmt.Sprintf("running %s, %s, %s", e.ID, e.Mode, count(b.runs, "run")))
	case runner.Printed, runner.Ended, runner.Done:
	}
}

func (b *board) show(text string) {
	if b.out == nil || b.closed {
		return
	}
	runes := []rune(problem.Printable(text))
	if room := b.width() - 1; len(runes) > room {
		runes = runes[:max(room, 0)]
	}
	fmt.Fprintf(b.out, "\r\x1b[K%s", string(runes)) // carriage return, erase to the end of the line (ECMA-48)
}

// close takes the line away. It may be called more than once.
func (b *board) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.out != nil && !b.closed {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
	b.closed = true
}
