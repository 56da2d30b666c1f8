package site

import (
	"strings"

	"course/evidence"
	"course/lessons"
	"course/problem"
	"course/runner"
)

// A tally is what came of the runs in one mode, and how often.
type tally struct {
	Mode   look
	Rows   []tallyRow
	Others *tallyRow // of which nothing else is kept; nil where there are none
}

type tallyRow struct {
	Ended   ending
	Runs    int
	Share   string // of the runs in this mode
	Printed string // the first line
	More    string // how many lines there are beyond it
}

// tallies draws what came of the runs of a cell whose outcome varies.
func (p *lessonPage) tallies(c *lessons.Cell) (all []tally) {
	for _, t := range p.site.report.Tallies[p.lesson.Name+"/"+c.ID] {
		drawn := tally{Mode: lookOf(t.Mode)}
		for _, way := range t.Ways {
			row := tallyRow{Ended: howEnded(c, way.First), Runs: way.Times, Share: evidence.FormatShare(way.Times, t.Runs)}
			row.Printed, row.More = p.firstPrinted(way.First)
			if row.Ended.State == "well" { // which looks like any text
				row.Ended.State = ""
			}
			drawn.Rows = append(drawn.Rows, row)
		}
		if t.Others > 0 {
			drawn.Others = &tallyRow{Runs: t.Others, Share: evidence.FormatShare(t.Others, t.Runs)}
		}
		all = append(all, drawn)
	}
	return all
}

// firstPrinted returns the first line that a run printed, on standard output where there is one, and what there is beyond it in that stream.
func (p *lessonPage) firstPrinted(run *runner.Run) (first, more string) {
	for _, stderr := range []bool{false, true} {
		lines := 0
		for _, line := range run.Output.Lines {
			if line.Stderr != stderr {
				continue
			}
			if lines++; lines == 1 {
				first = problem.Printable(p.lesson.Rewrite(line.Text))
			}
		}
		if lines > 1 {
			more = count(lines-1, "more line")
		}
		if lines > 0 {
			return first, more
		}
	}
	return "", ""
}

// rule says how often a program was to run, and what ended that.
func rule(result *runner.Result) string {
	if result == nil || result.Rule == nil {
		return ""
	}
	says := []string{result.Rule.String()}
	switch result.Stopped {
	case runner.StoppedNarrow:
		says = append(says, "every interval was as narrow")
	case runner.StoppedBudget:
		says = append(says, "the time was spent")
	case runner.StoppedCourse:
		says = append(says, "the time for the whole course was spent, so it ran as seldom as can be")
	case runner.StoppedCount:
		if result.Rule.Least < result.Rule.Most {
			says = append(says, "it ran as often as it may")
		}
	}
	return strings.Join(says, ": ")
}
