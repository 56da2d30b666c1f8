package main

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"course"
	"course/evidence"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"

	"github.com/spf13/cobra"
)

func runCommand(h host) *cobra.Command {
	var modes []string
	var asJSON, trust bool
	cmd := &cobra.Command{
		Use:   "run [DIR] [LESSON[#CELL]]",
		Short: "Run cells at the prompt and compare their modes",
		Long: `Run executes the cells of the course, of one lesson, or one cell, also where nothing has changed, and
prints what they print as it comes: of a cell that is measured, the first run in each mode. A table
tells how each mode ended and how long it took. The results are kept, as build keeps them.

LESSON is a lesson's file or its name, or how its name begins where no other begins so. A single argument is DIR
where it is a directory, else LESSON.`,
		Example: `  course run                              every cell of this course
  course run whose-memory                 one lesson
  course run whose-memory#address         one cell
  course run --mode thread,process ./my-course start#hello`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			at, target := "", ""
			switch {
			case len(args) == 2:
				at, target = args[0], args[1]
			case len(args) == 1 && exists(args[0]) && !strings.HasSuffix(args[0], ".md"):
				at = args[0]
			case len(args) == 1:
				target = args[0]
			}
			wanted, err := parseModes(modes)
			if err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			dir, config, err := h.open(cmd, at, trust, nil)
			if err != nil {
				return err
			}
			s, err := config.Load(nil)
			if err != nil {
				return fmt.Errorf("load course: %w", err)
			}
			chosen, err := choose(s.Course, target)
			if err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			return runCells(cmd, dir, config, chosen.in(wanted), asJSON)
		},
	}
	cmd.Flags().StringSliceVar(&modes, "mode", nil, "run in these `modes` only: serial, goroutine, thread, process")
	trustFlag(cmd, &trust)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the results as JSON, and nothing as it comes")
	return cmd
}

// parseModes reads the flag --mode.
func parseModes(names []string) ([]program.Mode, error) {
	var modes []program.Mode
	for _, name := range names {
		mode := program.Mode(name)
		if !slices.Contains(program.Modes(), mode) {
			return nil, fmt.Errorf("--mode %q: there is no such mode; there are serial, goroutine, thread and process", name)
		}
		if !slices.Contains(modes, mode) {
			modes = append(modes, mode)
		}
	}
	return modes, nil
}

// A choice is a part of a course.
type choice struct {
	course   *lessons.Course
	programs []program.Program
	problems problem.List // of the course, as far as they concern that part
}

// choose returns what target names: the whole course where it is empty.
func choose(c *lessons.Course, target string) (choice, error) {
	if target == "" {
		return choice{c, c.Programs(), c.Problems}, nil
	}
	name, id, _ := strings.Cut(target, "#")
	lesson, err := findLesson(c, name)
	if err != nil {
		return choice{}, err
	}
	chosen := choice{course: c}
	cell, err := findCell(lesson, id)
	if err != nil {
		return choice{}, err
	}
	for _, p := range lesson.Programs() {
		if cell == nil || p.ID == lesson.Name+"/"+cell.ID {
			chosen.programs = append(chosen.programs, p)
		}
	}
	for _, p := range c.Problems {
		if p.File == lesson.File && (cell == nil || within(p.Line, cell)) {
			chosen.problems = append(chosen.problems, p)
		}
	}
	return chosen, nil
}

// findLesson returns the lesson with that file, name or beginning of a name.
func findLesson(c *lessons.Course, name string) (*lessons.Lesson, error) {
	var names []string
	var begin []*lessons.Lesson
	for _, l := range c.Lessons {
		if l.Name == name || l.File == path.Base(filepath.ToSlash(name)) {
			return l, nil
		}
		names = append(names, l.Name)
		if strings.HasPrefix(l.Name, name) {
			begin = append(begin, l)
		}
	}
	if len(begin) == 1 {
		return begin[0], nil
	}
	return nil, notFound("lesson", name, names)
}

// findCell returns the cell of l with that id, or nil where id is empty.
func findCell(l *lessons.Lesson, id string) (*lessons.Cell, error) {
	if id == "" {
		return nil, nil
	}
	var ids []string
	for _, cell := range l.Cells() {
		if cell.ID == id {
			return cell, nil
		}
		ids = append(ids, cell.ID)
	}
	return nil, notFound("cell", id, ids)
}

// within reports whether a line of the lesson is the cell's, from fence to fence.
func within(line int, cell *lessons.Cell) bool {
	last := cell.Position.Line + strings.Count(cell.Source, "\n") + 1
	return cell.Position.Line <= line && line <= last
}

// in returns the choice with the cells that use workers in these modes only, where there are any.
func (c choice) in(modes []program.Mode) choice {
	if modes == nil {
		return c
	}
	c.programs = slices.Clone(c.programs)
	for i, p := range c.programs {
		if len(p.Options.Modes) > 0 && !slices.Contains(p.Options.Modes, program.Plain) {
			c.programs[i].Options.Modes = modes
		}
	}
	return c
}

func notFound(what, name string, there []string) error {
	if near := problem.Nearest(name, there); near != "" {
		return fmt.Errorf("there is no %s %q: did you mean %q?", what, name, near)
	}
	if len(there) == 0 {
		return fmt.Errorf("there is no %s %q: there is none at all", what, name)
	}
	return fmt.Errorf("there is no %s %q: there are %s", what, name, strings.Join(there, ", "))
}

// runCells runs what was chosen and prints what came of it.
func runCells(cmd *cobra.Command, dir directory, config course.Config, chosen choice, asJSON bool) error {
	t := &transcript{w: cmd.OutOrStdout(), course: chosen.course, quiet: asJSON}
	unfetched, err := config.Run(cmd.Context(), chosen.course, chosen.programs, t.on)
	if err != nil {
		return err
	}
	warnUnkept(cmd, config.Runner)
	found := slices.Concat(chosen.problems, unfetched)
	for _, r := range t.results {
		for _, p := range r.Problems {
			found = append(found, chosen.course.Locate(r.ID, p))
		}
	}
	found.Sort()
	found = dir.problems(found)
	if asJSON {
		return printJSON(cmd, struct {
			Results  []runner.Result `json:"results"`
			Problems problem.List    `json:"problems"`
		}{t.results, found}, found)
	}
	if !slices.ContainsFunc(chosen.programs, func(p program.Program) bool { return len(p.Options.Modes) > 0 }) {
		fmt.Fprintln(cmd.OutOrStdout(), "nothing to run: no cell here has a main function")
	}
	return report(cmd, found, "")
}

// A transcript prints what the runner does, as it comes.
type transcript struct {
	w       io.Writer
	course  *lessons.Course
	quiet   bool
	results []runner.Result
}

// on takes note of e.
func (t *transcript) on(e runner.Event) {
	if e.Kind == runner.Done && e.Result != nil {
		t.results = append(t.results, *e.Result)
	}
	if t.quiet {
		return
	}
	switch e.Kind {
	case runner.Started:
		if e.Run == 0 {
			fmt.Fprintf(t.w, "%s, %s\n", problem.Printable(e.ID), e.Mode)
		}
	case runner.Printed:
		if e.Run == 0 && e.Line != nil {
			t.line(e.ID, *e.Line)
		}
	case runner.Done:
		if e.Result != nil && len(e.Result.Runs) > 0 {
			t.table(*e.Result)
		}
		if e.Result != nil && e.Result.NotHere != "" {
			fmt.Fprintf(t.w, "%s: not measured here: %s\n", problem.Printable(e.ID), problem.Printable(e.Result.NotHere))
		}
	case runner.Fetching, runner.Compiling:
		fmt.Fprintf(t.w, "%s %s\n", e.Kind, problem.Printable(e.What))
	case runner.Building, runner.Ended:
	}
}

// line prints a line of output, standard error with a mark of its own.
func (t *transcript) line(id string, line runner.Line) {
	lesson, _, _ := strings.Cut(id, "/")
	text := line.Text
	for _, l := range t.course.Lessons {
		if l.Name == lesson {
			text = l.Rewrite(text)
		}
	}
	if line.Worker != "" {
		text = line.Worker + ": " + text
	}
	mark := "|"
	if line.Stderr {
		mark = "!"
	}
	fmt.Fprintf(t.w, "  %s %s\n", mark, problem.Printable(text))
}

// table prints how the runs of each mode ended, and how long they took.
func (t *transcript) table(r runner.Result) {
	w := tabwriter.NewWriter(t.w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "\n  mode\truns\tit\twall time\t95 % interval\tCPU time")
	for _, m := range evidence.Timings(r) {
		wall, interval, cpu := m.Wall.String(), "-", m.CPU.String()
		if m.Wall.Covers {
			interval = m.Wall.Interval()
		}
		if m.Outcome.Kind == program.NotCompiled {
			wall, cpu = "-", "-"
		}
		fmt.Fprintf(w, "  %s\t%d\t%s\t%s\t%s\t%s\n", m.Mode, m.Runs, m.Outcome, wall, interval, cpu)
	}
	_ = w.Flush() // it is a transcript's error, if any, which nobody reads
	fmt.Fprintln(t.w)
}
