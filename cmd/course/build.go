package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"course"
	"course/evidence"
	"course/problem"
	"course/quantity"
	"course/runner"

	"github.com/spf13/cobra"
)

const buildLong = `Build builds every cell, runs it in each of its modes unless a result of the
same program is there already, and writes the site to the directory given by
--out. There it replaces and removes only what an earlier build wrote. Cells
that fail are reported at the end, their lessons are written all the same, and
the exit status is 1.

A cell that is measured runs until its medians are known or 2.5 s are spent,
or 10 s where its times vary a lot. With --within there is a time for all cells
together: once it is spent, each cell runs 6 times in each mode. What was
measured within another time, or without one, is measured again.

With --recorded it runs nothing, and takes results from those that course record
wrote beside the lessons, and from nowhere else: the site is the same on every
machine. Cells that have none are reported.

Claims are judged by what was measured. Where a verdict differs from the one
that is pinned in the lesson, both are told, which is no problem of the course:
machines differ. With --strict the exit status is 1 then. A claim that is
undecided, or not judged here, differs from nothing. Where noise is why, it is
said which cell to measure again, when the machine is quieter, and how.

With --why it says of each cell that it runs what has changed since its last
result.`

const buildExample = `  course build                          this course, to public/
  course build --out site ./my-course   another one, to site/
  course build --why                    and what made each cell run again
  course build --recorded               what is recorded, running nothing
  course build --strict                 and fail where a verdict differs
  course build --within 2m              measuring for two minutes or so`

func buildCommand(h host) *cobra.Command {
	var terms buildTerms
	cmd := &cobra.Command{
		Use:     "build [DIR]",
		Short:   "Run the cells that changed and write the site",
		Long:    buildLong,
		Example: buildExample,
		Args:    cobra.MaximumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return h.build(cmd, first(args), terms) },
	}
	cmd.Flags().StringVarP(&terms.out, "out", "o", "public", "`directory` to write the site to")
	withinFlag(cmd, &terms.within)
	trustFlag(cmd, &terms.trust)
	cmd.Flags().BoolVar(&terms.recorded, "recorded", false, "run nothing: take the results that are recorded beside the lessons")
	cmd.Flags().BoolVar(&terms.why, "why", false, "say of each cell that runs why it does")
	cmd.Flags().BoolVar(&terms.strict, "strict", false, "exit 1 where a verdict differs from the pinned one")
	cmd.Flags().BoolVar(&terms.asJSON, "json", false, "print the totals and problems as JSON")
	for _, other := range []string{"trust", "why", "within"} { // which are about running
		cmd.MarkFlagsMutuallyExclusive("recorded", other)
	}
	return cmd
}

// buildTerms are the flags of build.
type buildTerms struct {
	out                                  string
	asJSON, trust, why, recorded, strict bool
	within                               time.Duration
}

// build runs what is stale of the course in a directory, writes its site and tells what came of it.
func (h host) build(cmd *cobra.Command, at string, terms buildTerms) error {
	if terms.out == "" {
		return &usageError{errors.New("--out takes a directory"), cmd.CommandPath()}
	}
	if err := parseWithin(cmd, terms.within); err != nil {
		return &usageError{err, cmd.CommandPath()}
	}
	board := newBoard(cmd.ErrOrStderr())
	defer board.close()
	dir, config, err := h.openFor(cmd, at, terms.trust, terms.recorded, board.on)
	if err != nil {
		return err
	}
	config.RecordedOnly = terms.recorded
	config.Runner.Budget.Course = terms.within
	dir.announce(cmd)
	if same(dir.path, terms.out) {
		return &usageError{errors.New("--out is the directory of the course itself: choose another, or one within it"), cmd.CommandPath()}
	}
	var reasons []runner.Reason
	config.Why = func(all []runner.Reason) {
		for _, r := range all {
			if r.Kind != runner.Broken {
				board.total++
			}
		}
		if !terms.why {
			return
		}
		if reasons = all; !terms.asJSON {
			printReasons(cmd.OutOrStdout(), all)
		}
	}
	start := time.Now()
	brief, unchanged := config.Unchanged(terms.out)
	t := totals{Lessons: brief.Lessons, Cells: brief.Cells, Problems: dir.problems(nil), Claims: brief.Claims}
	if !unchanged || terms.why {
		s, err := config.Build(cmd.Context(), terms.out)
		board.close()
		if err != nil {
			return err
		}
		warnUnkept(cmd, config.Runner)
		t = sumUp(s, dir, board.runs)
		t.Why = reasons
		t.judged(s, dir)
		brief.Title = s.Course.Title
	}
	board.close()
	if terms.asJSON {
		err = printJSON(cmd, t, t.Problems)
	} else {
		printFindings(cmd.OutOrStdout(), t, again(dir, terms.within, terms.trust))
		written := "written to " + terms.out
		if t.Lessons == 0 {
			written = "nothing written"
		}
		err = report(cmd, t.Problems, fmt.Sprintf("%s: %s, %s", dir.titled(brief.Title), t.line(time.Since(start)), written))
	}
	if err == nil && terms.strict && len(t.Findings) > 0 {
		return errProblems
	}
	return err
}

// same reports whether a and b are one directory that exists.
func same(a, b string) bool {
	at, err := os.Stat(a)
	if err != nil {
		return false
	}
	bt, err := os.Stat(b)
	return err == nil && os.SameFile(at, bt)
}

// totals is what a command has to say in the end.
type totals struct {
	Lessons  int          `json:"lessons"`
	Cells    int          `json:"cells"`
	Runs     int          `json:"runs"`             // made now that count: see runner.Result.Counted
	Failed   []string     `json:"failed,omitempty"` // the files that have problems
	Problems problem.List `json:"problems"`

	Claims   evidence.Verdicts `json:"claims,omitempty"`   // of build: how many have each verdict
	Findings []course.Finding  `json:"findings,omitempty"` // of build: verdicts that differ from those pinned
	Noisy    []course.Noisy    `json:"noisy,omitempty"`    // of build: cells that leave claims undecided, as their times were noisy

	Why []runner.Reason `json:"why,omitempty"` // with --why, of each program that ran or could not be
}

// sumUp sums up what is in the course in dir, after that many runs.
func sumUp(s *course.Snapshot, dir directory, runs int) totals {
	found := dir.problems(s.Problems)
	t := totals{Lessons: len(s.Course.Lessons), Runs: runs, Problems: found}
	for _, l := range s.Course.Lessons {
		t.Cells += len(l.Cells())
	}
	last := ""
	for _, p := range found { // sorted by file
		if p.File != last {
			t.Failed = append(t.Failed, p.File)
		}
		last = p.File
	}
	return t
}

// judged adds what came of the claims of the course in dir.
func (t *totals) judged(s *course.Snapshot, dir directory) {
	t.Claims, t.Findings, t.Noisy = s.Verdicts(), s.Findings(), s.Noisy()
	for i := range t.Findings {
		t.Findings[i].File = dir.named(t.Findings[i].File)
	}
}

// again is the command that runs a cell anew on the terms of a build, so that the next such build takes what came of it: its last argument is to follow.
func again(dir directory, within time.Duration, trust bool) string {
	command := "course run "
	if trust {
		command += "--trust "
	}
	if within > 0 {
		command += "--within " + within.String() + " "
	}
	if dir.path != "" && dir.path != "." {
		command += dir.path + " "
	}
	return command
}

// printFindings says what came of the claims, and by what command noisy cells are measured again: nothing where there are no claims.
func printFindings(w io.Writer, t totals, again string) {
	for _, f := range t.Findings {
		fmt.Fprintln(w, problem.Printable(f.String()))
	}
	if claims := t.Claims.String(); claims != "" {
		fmt.Fprintln(w, "claims: "+claims)
	}
	for _, n := range t.Noisy {
		fmt.Fprintln(w, problem.Printable(fmt.Sprintf("undecided because of noise: %s; to measure again: %s%s", strings.Join(n.Claims, ", "), again, strings.Replace(n.Cell, "/", "#", 1))))
	}
}

// printReasons says why each cell runs.
func printReasons(w io.Writer, reasons []runner.Reason) {
	for _, r := range reasons {
		fmt.Fprintf(w, "%s: %s\n", problem.Printable(r.ID), problem.Printable(r.String()))
	}
	if len(reasons) == 0 {
		fmt.Fprintln(w, "nothing has changed: no cell runs")
	}
}

// warnUnkept says that the next command will have to run again what this one has run.
func warnUnkept(cmd *cobra.Command, r *runner.Runner) {
	if err := r.Unkept(); err != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "course: the results cannot be kept, and are lost now: %s\n\thint: make room there, or set XDG_CACHE_HOME to a directory that can be written\n", problem.Printable(err.Error()))
	}
}

// line is the summary line.
func (t totals) line(took time.Duration) string {
	s := fmt.Sprintf("%s, %s, %s in %.1f s, %s",
		quantity.Count(t.Lessons, "lesson"), quantity.Count(t.Cells, "cell"), quantity.Count(t.Runs, "run"), took.Seconds(), quantity.Count(len(t.Problems), "problem"))
	if len(t.Failed) > 0 {
		s += " in " + strings.Join(t.Failed, ", ")
	}
	return s
}

// first returns the first argument, or "" where there is none.
func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// report prints what was found, then, unless it is empty, the summary, and returns errProblems where
// there are problems. That it cannot be printed is for host.run to tell.
func report(cmd *cobra.Command, found problem.List, summary string) error {
	_ = found.Print(cmd.ErrOrStderr())
	if summary != "" {
		fmt.Fprintln(cmd.OutOrStdout(), problem.Printable(summary))
	}
	if len(found) > 0 {
		return errProblems
	}
	return nil
}

// printJSON prints value, and returns errProblems where there are problems.
func printJSON(cmd *cobra.Command, value any, found problem.List) error {
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	if len(found) > 0 {
		return errProblems
	}
	return nil
}
