package transcript

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"course/program"
	"course/runner"
)

// frequencies says of a program whose outcome varies how often it went in which way, the most frequent first.
func frequencies(r runner.Result, s Style) string {
	var b strings.Builder
	for _, mode := range modes(r.Runs) {
		ways := slices.DeleteFunc(slices.Clone(r.Runs), func(run runner.Run) bool { return run.Mode != mode })
		slices.SortStableFunc(ways, func(a, b runner.Run) int { return cmp.Compare(b.Times, a.Times) })
		total := r.Others[mode]
		for _, way := range ways {
			total += way.Times
		}
		often, share := column{right: true}, column{right: true}
		ended, printed := column{}, column{}
		row := func(times int, end, output string) {
			often.add(strconv.Itoa(times), true)
			share.add(fmt.Sprintf("%.0f %%", 100*float64(times)/float64(total)), true)
			ended.add(end, true)
			printed.add(output, true)
		}
		for _, way := range ways {
			row(way.Times, ending(way.Outcome), s.fit(gist(way.Output, s), s.width()/2))
		}
		if n := r.Others[mode]; n > 0 {
			row(n, "in other ways", "")
		}
		fmt.Fprintf(&b, "  %s: %s, %s\n", mode, count(total, "run"), count(len(ways), "outcome"))
		b.WriteString(s.table("    ", often, share, ended, printed))
	}
	return b.String()
}

// gist is what a run printed, in one line.
func gist(out runner.Output, s Style) string {
	lines := make([]string, 0, len(out.Lines))
	for _, line := range out.Lines {
		lines = append(lines, line.Text)
	}
	return strings.Join(lines, s.text(" │ "))
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

// count writes "1 run", "2 runs".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
