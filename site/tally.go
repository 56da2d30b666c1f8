package site

import (
	"strings"

	"course/lessons"
	"course/problem"
	"course/quantity"
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
	Printed string // in one line, or what of it tells it from what the others printed
}

// gistColumns is how many characters are shown of what a run printed.
const gistColumns = 100

// tallies draws what came of the runs of a cell whose outcome varies.
func (p *lessonPage) tallies(c *lessons.Cell) (all []tally) {
	for _, t := range p.site.report.Tallies[p.lesson.Name+"/"+c.ID] {
		drawn := tally{Mode: lookOf(t.Mode)}
		gists := t.Gists(gistColumns, func(text string) string { return problem.Printable(p.lesson.Rewrite(text)) })
		for i, way := range t.Ways {
			row := tallyRow{Ended: howEnded(c, way.First), Runs: way.Times, Share: quantity.Share(way.Times, t.Runs), Printed: gists[i]}
			if row.Ended.State == "well" { // which looks like any text
				row.Ended.State = ""
			}
			drawn.Rows = append(drawn.Rows, row)
		}
		if t.Others > 0 {
			drawn.Others = &tallyRow{Runs: t.Others, Share: quantity.Share(t.Others, t.Runs)}
		}
		all = append(all, drawn)
	}
	return all
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
