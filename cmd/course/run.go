package main

import (
	"errors"
	"fmt"
	"io"
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

func runCommand() *cobra.Command {
	var modes []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "run [DIR] [LESSON[#CELL]]",
		Short: "Run cells at the prompt and compare their modes",
		Long: `Run executes the cells of the course, of one lesson, or one cell, also where nothing has changed, and
prints what they print as it comes: of a cell that is measured, the first run in each mode. A table
tells how each mode ended and how long it took. The results are kept, as build keeps them.

LESSON is a lesson's file or its name. A single argument is DIR where it is a directory, else LESSON.`,
		Example: `  course run                              every cell of this course
  course run whose-memory                 one lesson
  course run whose-memory#address         one cell
  course run --mode thread,process ./my-course start#hello`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, target := "", ""
			switch {
			case len(args) == 2:
				path, target = args[0], args[1]
			case len(args) == 1 && (exists(args[0]) && !strings.HasSuffix(args[0], ".md")):
				path = args[0]
			case len(args) == 1:
				target = args[0]
			}
			wanted, err := parseModes(modes)
			if err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			dir, config, err := open(path, nil)
			if err != nil {
				return err
			}
			return runCells(cmd, dir, config, target, wanted, asJSON)
		},
	}
	cmd.Flags().StringSliceVar(&modes, "mode", nil, "run in these `modes` only: serial, goroutine, thread, process")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the results as JSON, and nothing as it comes")
	return cmd
}

// parseModes reads the flag --mode.
func parseModes(names []string) ([]program.Mode, error) {
	var modes []program.Mode
	for _, name := range names {
		mode := program.Mode(name)
		if !slices.Contains(program.Modes(), mode) {
			return nil, fmt.Errorf("--mode %s: there is no such mode; there are serial, goroutine, thread and process", name)
		}
		modes = append(modes, mode)
	}
	return modes, nil
}

// runCells runs what target names, in the modes that are wanted, or in those of the cells.
func runCells(cmd *cobra.Command, dir directory, config course.Config, target string, modes []program.Mode, asJSON bool) error {
	s, err := config.Load(nil)
	if err != nil {
		return fmt.Errorf("load course: %w", err)
	}
	programs, err := choose(s.Course, target, modes)
	if err != nil {
		return err
	}
	t := &transcript{w: cmd.OutOrStdout(), course: s.Course, quiet: asJSON}
	if err := config.Runner.Run(cmd.Context(), programs, t.on); err != nil {
		return err
	}
	found := slices.Clone(s.Course.Problems)
	for _, r := range t.results {
		for _, p := range r.Problems {
			found = append(found, s.Course.Locate(r.ID, p))
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
	if !slices.ContainsFunc(programs, func(p program.Program) bool { return len(p.Options.Modes) > 0 }) {
		fmt.Fprintln(cmd.OutOrStdout(), "nothing to run: no cell here has a main function")
	}
	return report(cmd, found, "")
}

// choose returns the programs that target names: all of them where it is empty.
func choose(c *lessons.Course, target string, modes []program.Mode) ([]program.Program, error) {
	name, cell, _ := strings.Cut(target, "#")
	names := make([]string, 0, len(c.Lessons))
	for _, l := range c.Lessons {
		if l.File == name {
			name = l.Name
		}
		names = append(names, l.Name)
	}
	if name != "" && !slices.Contains(names, name) {
		return nil, notFound("lesson", name, names)
	}
	var chosen []program.Program
	var ids []string
	for _, p := range c.Programs() {
		lesson, id, _ := strings.Cut(p.ID, "/")
		if name != "" && lesson != name {
			continue
		}
		ids = append(ids, id)
		if cell != "" && id != cell {
			continue
		}
		if modes != nil && len(p.Options.Modes) > 0 && !slices.Contains(p.Options.Modes, program.Plain) {
			p.Options.Modes = modes
		}
		chosen = append(chosen, p)
	}
	if cell != "" && len(chosen) == 0 {
		return nil, notFound("cell", cell, ids)
	}
	return chosen, nil
}

func notFound(what, name string, there []string) error {
	if near := problem.Nearest(name, there); near != "" {
		return fmt.Errorf("there is no %s %q: did you mean %q?", what, name, near)
	}
	if len(there) == 0 {
		return errors.New("the course has no " + what + "s")
	}
	return fmt.Errorf("there is no %s %q: there are %s", what, name, strings.Join(there, ", "))
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
		interval := "-"
		if m.Wall.Covers {
			interval = m.Wall.Interval()
		}
		fmt.Fprintf(w, "  %s\t%d\t%s\t%s\t%s\t%s\n", m.Mode, m.Runs, m.Outcome, m.Wall, interval, m.CPU)
	}
	_ = w.Flush() // it is a transcript's error, if any, which nobody reads
	fmt.Fprintln(t.w)
}
