package site

import (
	"slices"

	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/markup"
)

// runsTable writes all runs of a measured cell, folded.
func runsTable(w *markup.Writer, c *lessons.Cell, result *runner.Result) {
	weighed := slices.ContainsFunc(result.Runs, func(run runner.Run) bool { return run.Memory != nil })
	w.Raw(`<details class="part runs"><summary>All runs, as a table</summary>` + "\n")
	if says := rule(result); says != "" {
		w.Raw(`<p class="says">`)
		w.Text(says)
		w.Raw("</p>\n")
	}
	w.Raw(`<div class="wide" role="group" aria-label="All runs" tabindex="0"><table class="figures">
<thead><tr><th scope="col">Run</th><th scope="col">Wall</th><th scope="col">User</th><th scope="col">System</th>`)
	columns := 5
	if weighed {
		columns++
		w.Raw(`<th scope="col">Memory</th>`)
	}
	w.Raw(`<th scope="col">It</th></tr></thead>` + "\n")
	for _, at := range pointsOf(c, result) {
		number, begun := 0, false
		for i := range result.Runs {
			run := &result.Runs[i]
			if run.Point() != at {
				continue
			}
			if !begun {
				begun = true
				rowGroup(w, at, c, columns)
			}
			if run.Purpose == runner.Counted {
				number++
			}
			runRow(w, c, run, number, weighed)
		}
		if begun {
			w.Raw("</tbody>\n")
		}
	}
	w.Raw("</table></div>\n</details>\n")
}

// rowGroup begins the rows of the runs at a point, with a heading that spans so many columns.
func rowGroup(w *markup.Writer, at program.Point, c *lessons.Cell, columns int) {
	look := lookOf(at.Mode)
	w.Raw("<tbody")
	w.Attr("class", look.Class)
	w.Raw(">\n<tr><th scope=\"rowgroup\"")
	w.AttrInt("colspan", columns)
	w.Raw(">")
	look.label(w)
	if says := sayValue(c, at); says != "" {
		w.Raw(", ")
		w.Text(says)
	}
	w.Raw("</th></tr>\n")
}

// runRow writes a run, of those that count the one with that number.
func runRow(w *markup.Writer, c *lessons.Cell, run *runner.Run, number int, weighed bool) {
	w.Raw("<tr><td>")
	switch run.Purpose {
	case runner.Counted:
		w.Int(number)
	case runner.Warmup:
		w.Raw("warm-up")
	case runner.Weighing, runner.Replaced:
		w.Text(string(run.Purpose))
	default: // recorded results may hold anything
		w.Text(string(run.Purpose))
	}
	w.Raw("</td><td>")
	w.Text(duration(run.Wall))
	w.Raw("</td><td>")
	w.Text(duration(run.User))
	w.Raw("</td><td>")
	w.Text(duration(run.System))
	w.Raw("</td>")
	if weighed {
		w.Raw("<td>")
		w.Text(sayMemory(run.Memory))
		w.Raw("</td>")
	}
	w.Raw("<td")
	ended := howEnded(c, run)
	if ended.State != "well" { // which looks like any text
		w.Attr("class", ended.State)
	}
	w.Raw(">")
	w.Text(ended.Words)
	if run.Disturbed != "" {
		w.Raw("; disturbed: ")
		w.Text(run.Disturbed)
	}
	w.Raw("</td></tr>\n")
}

// pointsOf returns the points of a cell, and after them those at which it has been run all the same. A mode that nobody knows
// is not shown: recorded results may hold anything.
func pointsOf(c *lessons.Cell, result *runner.Result) []program.Point {
	points := c.Options.Points()
	if result != nil {
		for _, run := range result.Runs {
			known := run.Mode == program.Plain || slices.Contains(program.Modes(), run.Mode)
			if at := run.Point(); known && !slices.Contains(points, at) {
				points = append(points, at)
			}
		}
	}
	return points
}

// sayValue says at which value of its sweep a cell ran, "workers = 4", or nothing where it has none.
func sayValue(c *lessons.Cell, at program.Point) string {
	if c.Options.Sweep == nil {
		return ""
	}
	return c.Options.Sweep.Name + " = " + c.Options.Sweep.Text(at.Value)
}

// modesOf returns the modes of a cell, and after them those in which it has been run all the same. A mode
// that nobody knows is not shown: recorded results may hold anything.
func modesOf(c *lessons.Cell, result *runner.Result) []program.Mode {
	modes := slices.Clone(c.Options.Modes)
	if result != nil {
		for _, run := range result.Runs {
			known := run.Mode == program.Plain || slices.Contains(program.Modes(), run.Mode)
			if known && !slices.Contains(modes, run.Mode) {
				modes = append(modes, run.Mode)
			}
		}
	}
	return modes
}
