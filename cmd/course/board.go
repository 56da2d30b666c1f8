package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"course/problem"
	"course/quantity"
	"course/runner"
)

// A board shows on a terminal what the runner is doing, in one line that it keeps rewriting. Elsewhere
// it shows nothing. It counts the runs in any case. The zero value shows nothing.
type board struct {
	mu     sync.Mutex
	out    io.Writer // nil: there is no terminal
	width  func() int
	total  int    // cells that are to be done; 0 where that is not known
	done   int    // of them
	runs   int    // that results of them count
	line   string // what is shown
	closed bool
}

// newBoard returns a board on w, if that is a terminal which can move its cursor.
func newBoard(w io.Writer) *board {
	if !isTerminal(w) || os.Getenv("TERM") == "dumb" {
		return &board{}
	}
	return &board{out: w, width: func() int { return terminalWidth(w) }}
}

// on takes note of e.
func (b *board) on(e runner.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e.Kind {
	case runner.Fetching, runner.Compiling, runner.Waiting:
		b.show(fmt.Sprintf("%s %s", e.Kind, e.What))
	case runner.Building:
		b.show(b.progress() + "building " + e.ID)
	case runner.Started:
		before, after := b.progress()+"running ", fmt.Sprintf(", %s, run %d", where(e), e.Run+1)+spent(e.Spent)
		b.show(before + b.fit(e.ID, before+after) + after)
	case runner.Done:
		b.done++
		if e.Result != nil {
			b.runs += e.Result.Counted()
		}
	case runner.Printed, runner.Ended:
	}
}

// where says at which point a run is made: "thread", "thread, workers=4".
func where(e runner.Event) string {
	if e.Param == "" {
		return string(e.Mode)
	}
	return string(e.Mode) + ", " + e.Param
}

// fit shortens the name of a cell in its middle, so that what stands around it fits into the line as well. The end, which is the cell's, stays.
func (b *board) fit(id, around string) string {
	if b.width == nil {
		return id
	}
	const least = 12 // below, it names nothing
	name := []rune(id)
	room := max(b.width()-1-utf8.RuneCountInString(around), least)
	if len(name) <= room {
		return id
	}
	tail := len(name) - utf8.RuneCountInString(id[:strings.LastIndexByte(id, '/')+1]) + 1 // with the slash
	tail = min(tail, room-len("..."))
	return string(name[:room-len("...")-tail]) + "..." + string(name[len(name)-tail:])
}

// progress says how many cells are done, "3 of 12 cells: ", where that is known.
func (b *board) progress() string {
	if b.total == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %s: ", b.done, quantity.Count(b.total, "cell"))
}

// spent says how much of the budgets is spent: ", 1.2 of 2.5 s, 10 of 60 s in all".
func spent(s *runner.Spent) string {
	if s == nil {
		return ""
	}
	text := ""
	if s.ProgramBudget > 0 {
		text = fmt.Sprintf(", %.1f of %.1f s", s.Program.Seconds(), s.ProgramBudget.Seconds())
	}
	if s.CourseBudget > 0 {
		text += fmt.Sprintf(", %.0f of %.0f s in all", s.Course.Seconds(), s.CourseBudget.Seconds())
	}
	return text
}

func (b *board) show(text string) {
	if b.out == nil || b.closed {
		return
	}
	runes := []rune(problem.Printable(text))
	if room := b.width() - 1; len(runes) > room {
		runes = runes[:max(room, 0)]
	}
	b.line = string(runes)
	fmt.Fprint(b.out, eraseLine, b.line)
}

// eraseLine is carriage return, erase to the end of the line (ECMA-48).
const eraseLine = "\r\x1b[K"

// above returns a writer of whole lines to w, which is the same terminal or none: they stand above the board's line.
func (b *board) above(w io.Writer) io.Writer {
	if b.out == nil {
		return w
	}
	return &aboveBoard{b, w}
}

type aboveBoard struct {
	board *board
	w     io.Writer
}

func (a *aboveBoard) Write(text []byte) (int, error) {
	b := a.board
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || b.line == "" {
		return a.w.Write(text)
	}
	fmt.Fprint(b.out, eraseLine)
	n, err := a.w.Write(text)
	fmt.Fprint(b.out, b.line)
	return n, err
}

// close takes the line away. It may be called more than once.
func (b *board) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.out != nil && !b.closed {
		fmt.Fprint(b.out, eraseLine)
	}
	b.closed = true
}
