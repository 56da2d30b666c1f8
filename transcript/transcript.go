package transcript

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"course/problem"
	"course/program"
	"course/quantity"
	"course/runner"
)

// A Transcript prints what the runner does, as it comes: the first run of each cell at each point, then what came of it. Cells that run at
// the same time do not mix: what one prints stays together, and cells come in the order in which they were given, but for those of which
// nothing was heard when a later one is done. It is not safe for concurrent use; the runner tells of one event after the other.
type Transcript struct {
	w       io.Writer
	style   Style
	rewrite func(id, text string) string
	cells   []*cell // that are not printed to their end
	byID    map[string]*cell
}

// A cell is what is to be printed of a program.
type cell struct {
	program  program.Program
	sections []*section // in the order in which they began
	rest     string     // what follows them
	begun    bool       // something was heard of it
	done     bool
}

// A section is a run of a cell at a point. Of what it prints the head is shown, and in the end the tail.
type section struct {
	at      program.Point
	waiting strings.Builder // what is not printed yet
	lines   int             // that it printed
	tail    []string        // the last of them, beyond the head
	over    bool
}

// An output that has more lines than both is shown as far as these go.
const (
	headLines = 30
	tailLines = 10
)

// maxText is how much of a line is shown, in characters.
const maxText = 1000

// add takes a line.
func (s *section) add(line string) {
	if s.lines++; s.lines <= headLines {
		s.waiting.WriteString(line)
		return
	}
	if s.tail = append(s.tail, line); len(s.tail) > tailLines {
		s.tail = s.tail[1:]
	}
}

// end says that there is no more.
func (s *section) end(style Style) {
	if s.over {
		return
	}
	s.over = true
	if left := s.lines - headLines - len(s.tail); left > 0 {
		fmt.Fprintf(&s.waiting, "%s\n", style.text("  … "+quantity.Count(left, "line")+" left out …"))
	}
	for _, line := range s.tail {
		s.waiting.WriteString(line)
	}
	s.tail = nil
}

// New returns a transcript on w of programs. rewrite says which text stands for a line that the program of an ID printed, such as one of a stack
// trace. That nobody reads what is written to w is no fault.
func New(w io.Writer, s Style, programs []program.Program, rewrite func(id, text string) string) *Transcript {
	t := &Transcript{w: w, style: s, rewrite: rewrite, byID: make(map[string]*cell)}
	for _, p := range programs {
		c := &cell{program: p}
		t.cells = append(t.cells, c)
		t.byID[p.ID] = c
	}
	return t
}

// On takes note of e.
func (t *Transcript) On(e runner.Event) {
	switch e.Kind {
	case runner.Fetching, runner.Compiling, runner.Waiting:
		fmt.Fprintf(t.w, "%s %s\n", e.Kind, problem.Printable(e.What))
		return
	case runner.Started, runner.Printed, runner.Ended, runner.Done, runner.Building:
	}
	c := t.byID[e.ID]
	if c == nil {
		return
	}
	c.begun = true
	switch {
	case e.Kind == runner.Done && e.Result != nil:
		t.finish(c, *e.Result)
	case e.Run > 0: // it prints the same, or is counted in the end
	case e.Kind == runner.Started:
		s := &section{at: program.Point{Mode: e.Mode, Value: e.Value}}
		fmt.Fprintf(&s.waiting, "%s, %s\n", problem.Printable(e.ID), where(c.program, e.Mode, e.Value))
		c.sections = append(c.sections, s)
	case e.Kind == runner.Printed && e.Line != nil:
		if s := c.section(program.Point{Mode: e.Mode, Value: e.Value}); s != nil {
			s.add(t.line(e.ID, *e.Line))
		}
	case e.Kind == runner.Ended:
		if s := c.section(program.Point{Mode: e.Mode, Value: e.Value}); s != nil {
			s.end(t.style)
		}
	}
	t.flush()
}

// section returns the last one at a point, or nil.
func (c *cell) section(at program.Point) *section {
	for i := len(c.sections) - 1; i >= 0; i-- {
		if c.sections[i].at == at {
			return c.sections[i]
		}
	}
	return nil
}

// finish says what came of the cell.
func (t *Transcript) finish(c *cell, r runner.Result) {
	c.done = true
	for _, section := range c.sections {
		section.end(t.style)
	}
	if r.NotHere != "" {
		c.rest = fmt.Sprintf("%s: not measured here: %s\n\n", problem.Printable(r.ID), problem.Printable(r.NotHere))
		return
	}
	if len(r.Runs) > 0 && r.Runs[0].Outcome.Kind == program.NotCompiled { // alike in all modes
		t.refused(c, r.Runs[0])
		return
	}
	if c.rest = Comparison(c.program, r, t.style); c.rest == "" {
		return
	}
	if line := Timeline(c.program, r, t.style); line != "" {
		c.rest += "\n" + line
	}
	c.rest = "\n" + c.rest + "\n"
}

// refused says what the compiler said of a cell that is not meant to compile.
func (t *Transcript) refused(c *cell, run runner.Run) {
	s := &section{}
	fmt.Fprintf(&s.waiting, "%s, refused by the compiler\n", problem.Printable(c.program.ID))
	for _, line := range run.Output.Lines {
		s.add(t.line(c.program.ID, line))
	}
	s.end(t.style)
	c.sections, c.rest = append(c.sections, s), "\n"
}

// line is a line of output, standard error with a mark of its own.
func (t *Transcript) line(id string, line runner.Line) string {
	text := t.rewrite(id, line.Text)
	if line.Worker != "" {
		text = line.Worker + ": " + text
	}
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText]) + t.style.text("… "+quantity.Count(len(runes)-maxText, "character")+" left out")
	}
	mark := "|"
	if line.Stderr {
		mark = "!"
	}
	shown := fmt.Sprintf("  %s %s\n", mark, problem.Printable(text))
	if line.Gap {
		shown = t.style.text("  … some output left out …\n") + shown
	}
	return shown
}

// flush prints what is next.
func (t *Transcript) flush() {
	for {
		i := slices.IndexFunc(t.cells, func(c *cell) bool { return c.begun })
		if i < 0 || i > 0 && !t.cells[i].done { // there may be an earlier one yet
			return
		}
		if !t.print(t.cells[i]) {
			return
		}
		t.cells = slices.Delete(t.cells, i, i+1)
	}
}

// print prints what is there of a cell, and reports whether that is all.
func (t *Transcript) print(c *cell) bool {
	for ; len(c.sections) > 0; c.sections = c.sections[1:] {
		s := c.sections[0]
		fmt.Fprint(t.w, s.waiting.String())
		s.waiting.Reset()
		if !s.over {
			return false
		}
	}
	if c.done {
		fmt.Fprint(t.w, c.rest)
	}
	return c.done
}

// Close prints what is left of cells that are not over, such as those under way when a run was interrupted.
func (t *Transcript) Close() {
	for _, c := range t.cells {
		for _, s := range c.sections {
			s.end(t.style)
		}
		t.print(c)
	}
	t.cells = nil
}
