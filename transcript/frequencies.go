package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"course/evidence"
	"course/problem"
	"course/program"
	"course/quantity"
	"course/runner"
)

// frequencies says of a program whose outcome varies how often it went in which way, the most frequent first.
func frequencies(p program.Program, r runner.Result, s Style) string {
	var b strings.Builder
	for _, t := range evidence.Tallies(r) {
		often, share := column{right: true}, column{right: true}
		ended, printed := column{}, column{}
		row := func(times int, end, output string) {
			often.add(strconv.Itoa(times), true)
			share.add(quantity.Share(times, t.Runs), true)
			ended.add(end, true)
			printed.add(output, true)
		}
		printable := func(text string) string { return strings.ReplaceAll(problem.Printable(text), "\t", " ") }
		gists := t.Gists(s.width()/2, printable)
		for i, way := range t.Ways {
			row(way.Times, ending(way.First.Outcome), s.text(gists[i]))
		}
		if t.Others > 0 {
			row(t.Others, "in other ways", "")
		}
		fmt.Fprintf(&b, "  %s: %s, %s\n", where(p, t.Mode, t.Value), quantity.Count(t.Runs, "run"), quantity.Count(len(t.Ways), "outcome"))
		b.WriteString(s.table("    ", often, share, ended, printed))
	}
	return b.String()
}

// modes returns the modes of runs, in the order in which they come.
func modes(runs []runner.Run) []program.Mode {
	var seen []program.Mode
	for _, run := range runs {
		if !slices.Contains(seen, run.Mode) {
			seen = append(seen, run.Mode)
		}
	}
	return seen
}
