package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"course"
	"course/problem"
	"course/program"
	"course/runner"
	"course/transcript"

	"github.com/spf13/cobra"
)

const runLong = `Run executes the cells of the course, of one lesson, or one cell, also where
nothing has changed, and prints what they print as it comes: the first run in
each mode. Below, a table says how the runs ended in each mode; a timeline
shows when workers lived and waited. The results are kept, as build keeps
them.

Of a cell that is measured the table compares the modes: the median of wall
time with its 95 % interval, how many times as long as in the first mode that
is, CPU time, and memory (proportional set size). Such a cell runs until its
medians are known or 2.5 s are spent; --budget sets another time. All others
run once in each mode, beside others, and have no times; --repeat measures
them too, and sets the number of counted runs. With --within there is a time
for all cells together: once it is spent, each runs 6 times in each mode. With
--quick none is measured.

LESSON is a lesson's file or its name, or how its name begins where no other
begins so. A single argument is DIR where it is a directory, else LESSON.`

const runExample = `  course run                                every cell of this course
  course run whose-memory                   one lesson
  course run --quick 'whose-memory#address' one cell, once
  course run --within 1m                    all of it, in little time
  course run --mode thread,process --repeat 20 ./my-course 'start#hello'`

func runCommand(h host) *cobra.Command {
	var terms runTerms
	cmd := &cobra.Command{
		Use:     "run [DIR] [LESSON[#CELL]]",
		Short:   "Run cells at the prompt and compare their modes",
		Long:    runLong,
		Example: runExample,
		Args:    cobra.MaximumNArgs(2),
		RunE:    func(cmd *cobra.Command, args []string) error { return h.runCells(cmd, args, terms) },
	}
	cmd.Flags().StringSliceVar(&terms.modes, "mode", nil, "run in these `modes` only: serial, goroutine, thread, process")
	cmd.Flags().IntVar(&terms.repeat, "repeat", 0, "measure every cell, with this `number` of counted runs in each mode")
	cmd.Flags().DurationVar(&terms.budget, "budget", 0, "`time` for measuring each cell (default 2.5s)")
	withinFlag(cmd, &terms.within)
	cmd.Flags().BoolVar(&terms.quick, "quick", false, "run each cell once in each mode; measure nothing")
	trustFlag(cmd, &terms.trust)
	cmd.Flags().BoolVar(&terms.asJSON, "json", false, "print the results as JSON, nothing as it comes")
	return cmd
}

// runCells runs what arguments name of a course, and prints what came of it.
func (h host) runCells(cmd *cobra.Command, args []string, terms runTerms) error {
	at, target := "", ""
	switch {
	case len(args) == 2:
		at, target = args[0], args[1]
	case len(args) == 1 && exists(args[0]) && !strings.HasSuffix(args[0], ".md"):
		at = args[0]
	case len(args) == 1:
		target = args[0]
	}
	wanted, err := terms.parse(cmd)
	if err != nil {
		return &usageError{err, cmd.CommandPath()}
	}
	board := newBoard(cmd.ErrOrStderr())
	defer board.close()
	dir, config, err := h.open(cmd, at, terms.trust, board.on)
	if err != nil {
		return err
	}
	dir.announce(cmd)
	config.Runner.Budget = runner.Budget{Cell: terms.budget, Course: terms.within}
	s, err := config.Load(nil)
	if err != nil {
		return fmt.Errorf("load course: %w", err)
	}
	chosen, err := choose(s.Course, target)
	if err != nil {
		return &usageError{err, cmd.CommandPath()}
	}
	chosen = chosen.in(wanted).often(terms)
	board.total = len(chosen.programs)
	return runChosen(cmd, dir, config, chosen, board, terms.asJSON)
}

// runTerms are the flags of run: in which modes and how often cells run, and how that is told.
type runTerms struct {
	asJSON, trust bool

	modes  []string
	repeat int           // 0: as the lessons say
	budget time.Duration // of each cell; 0: as usual
	within time.Duration // the budget of all; 0: no bound
	quick  bool
}

// maxRepeat is as large as --repeat may be: it is what lessons may ask for, too.
const maxRepeat = 1000

// parse returns the modes, and what is wrong with the flags.
func (t runTerms) parse(cmd *cobra.Command) ([]program.Mode, error) {
	switch {
	case cmd.Flags().Changed("mode") && len(t.modes) == 0:
		return nil, errors.New("--mode takes a mode: serial, goroutine, thread or process")
	case cmd.Flags().Changed("repeat") && (t.repeat < 1 || t.repeat > maxRepeat):
		return nil, fmt.Errorf("--repeat %d: it takes a number from 1 to %d", t.repeat, maxRepeat)
	case cmd.Flags().Changed("budget") && t.budget <= 0:
		return nil, fmt.Errorf("--budget %v: it takes a time, such as 10s", t.budget)
	case t.quick && (t.repeat > 0 || t.budget > 0 || t.within > 0):
		return nil, errors.New("--quick runs each cell once: leave out --repeat, --budget and --within, or --quick")
	case t.repeat > 0 && (t.budget > 0 || t.within > 0):
		return nil, errors.New("--repeat gives the number of runs, however long they take: leave out --budget and --within, or --repeat")
	}
	if err := parseWithin(cmd, t.within); err != nil {
		return nil, err
	}
	return parseModes(t.modes)
}

// withinFlag gives a command that measures the flag --within.
func withinFlag(cmd *cobra.Command, within *time.Duration) {
	cmd.Flags().DurationVar(within, "within", 0, "`time` for measuring all cells together (default no bound)")
}

// parseWithin says what is wrong with that flag.
func parseWithin(cmd *cobra.Command, within time.Duration) error {
	if cmd.Flags().Changed("within") && within <= 0 {
		return fmt.Errorf("--within %v: it takes a time, such as 2m", within)
	}
	return nil
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

// runChosen runs what was chosen and prints what came of it.
func runChosen(cmd *cobra.Command, dir directory, config course.Config, chosen choice, board *board, asJSON bool) error {
	var results []runner.Result
	script := transcript.New(board.above(cmd.OutOrStdout()), styleFor(cmd.OutOrStdout()), chosen.programs, chosen.rewrite)
	unfetched, err := config.Run(cmd.Context(), chosen.course, chosen.programs, func(e runner.Event) {
		config.On(e)
		if e.Kind == runner.Done && e.Result != nil {
			results = append(results, *e.Result)
		}
		if !asJSON {
			script.On(e)
		}
	})
	script.Close()
	board.close()
	if err != nil {
		return err
	}
	warnUnkept(cmd, config.Runner)
	found := slices.Concat(chosen.problems, unfetched)
	for _, r := range results {
		for _, p := range r.Problems {
			found = append(found, chosen.course.Locate(r.ID, p))
		}
	}
	found.Sort()
	found = dir.problems(found)
	if asJSON {
		return printJSON(cmd, runReport{runner.Version, chosen.inOrder(results), found}, found)
	}
	if !slices.ContainsFunc(chosen.programs, func(p program.Program) bool { return len(p.Options.Modes) > 0 }) {
		fmt.Fprintln(cmd.OutOrStdout(), "nothing to run: no cell here has a main function")
	}
	return report(cmd, found, "")
}

//go:generate go test -run TestSchemaDescribesEveryField . -update

// A runReport is what run prints with --json. docs/result.schema.json describes it.
type runReport struct {
	Version  int             `json:"version"`  // of this form: that of the results
	Results  []runner.Result `json:"results"`  // of the cells that ran, in the order of the lessons
	Problems problem.List    `json:"problems"` // of the course, as far as it ran, at their places in the lessons
}
