package site

import (
	"slices"
	"strconv"
	"strings"

	"course/evidence"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/markup"
)

// runsTable writes all runs of a measured cell, folded: a row for each point, which holds the wall times in the order in which they were taken. A row for each run would
// be most of a page; all of a run is what course run --json tells.
func runsTable(w *markup.Writer, c *lessons.Cell, result *runner.Result, timings []evidence.Timing) {
	weighed := slices.ContainsFunc(timings, func(t evidence.Timing) bool { return t.Memory.Runs > 0 })
	w.Raw(`<details class="part runs"><summary>All runs</summary>` + "\n")
	if says := rule(result); says != "" {
		w.Raw(`<p class="says">`)
		w.Text(says)
		w.Raw("</p>\n")
	}
	w.Raw(`<div class="wide" role="group" aria-label="All runs" tabindex="0"><table class="figures">
<thead><tr><th scope="col">Mode</th><th scope="col">User</th><th scope="col">System</th>`)
	if weighed {
		w.Raw(`<th scope="col">Memory</th>`)
	}
	w.Raw(`<th scope="col">They</th><th scope="col">Wall time of each, in order</th></tr></thead>` + "\n<tbody>\n")
	for _, at := range pointsOf(c, result) {
		if runs := runsAt(result, at); len(runs) > 0 {
			pointRow(w, c, at, runs, timings, weighed)
		}
	}
	w.Raw("</tbody></table></div>\n")
	if why := disturbances(result); why != "" {
		w.Raw(`<p class="says">* disturbed: `)
		w.Text(why)
		w.Raw("</p>\n")
	}
	w.Raw("</details>\n")
}

func runsAt(result *runner.Result, at program.Point) (runs []*runner.Run) {
	for i := range result.Runs {
		if run := &result.Runs[i]; run.Point() == at {
			runs = append(runs, run)
		}
	}
	return runs
}

// pointRow writes the runs at a point: what they used as medians with intervals, how they ended, and how long each took.
func pointRow(w *markup.Writer, c *lessons.Cell, at program.Point, runs []*runner.Run, timings []evidence.Timing, weighed bool) {
	look := lookOf(at.Mode)
	w.Raw("<tr")
	w.Attr("class", look.Class)
	w.Raw(`><th scope="row">`)
	look.label(w)
	if says := sayValue(c, at); says != "" {
		w.Raw(", ")
		w.Text(says)
	}
	w.Raw("</th>")
	user, system, memory := "", "", ""
	for _, t := range timings {
		if t.Point() == at {
			user, system = t.User.String()+" ("+t.User.Interval()+")", t.System.String()+" ("+t.System.Interval()+")"
			memory = sayMemory(t.Memory)
		}
	}
	cells := []string{user, system, memory}
	if !weighed {
		cells = cells[:2]
	}
	for _, text := range cells {
		w.Raw("<td>")
		w.Text(text)
		w.Raw("</td>")
	}
	usual := runs[0]
	if i := slices.IndexFunc(runs, func(run *runner.Run) bool { return run.Purpose == runner.Counted }); i >= 0 {
		usual = runs[i]
	}
	w.Raw("<td")
	ended := howEnded(c, usual)
	if ended.State != "well" { // which looks like any text
		w.Attr("class", ended.State)
	}
	w.Raw(">")
	w.Text(ended.short())
	w.Raw(`</td><td class="each">`)
	for i, run := range runs {
		if i > 0 {
			w.Raw(", ")
		}
		w.Text(sayRun(c, run, usual.Outcome))
	}
	w.Raw("</td></tr>\n")
}

// sayRun says how long a run took, what it was for if it does not count, and how it ended if not as usual: "warm-up 17.6 ms", "16.1 ms*".
func sayRun(c *lessons.Cell, run *runner.Run, usual program.Outcome) string {
	says := ""
	switch run.Purpose {
	case runner.Counted:
	case runner.Warmup:
		says = "warm-up "
	case runner.Weighing, runner.Replaced:
		says = string(run.Purpose) + " "
	}
	says += duration(run.Wall)
	if run.Disturbed != "" {
		says += "*"
	}
	if run.Outcome != usual {
		says += " (" + howEnded(c, run).short() + ")"
	}
	return says
}

// maxDisturbances is how many are told: each has figures of its own.
const maxDisturbances = 3

// disturbances says what disturbed runs; nothing where none was.
func disturbances(result *runner.Result) string {
	var all []string
	for i := range result.Runs {
		if why := result.Runs[i].Disturbed; why != "" && !slices.Contains(all, why) {
			all = append(all, why)
		}
	}
	if more := len(all) - maxDisturbances; more > 0 {
		all = append(all[:maxDisturbances], "and "+strconv.Itoa(more)+" more like that")
	}
	return strings.Join(all, "; ")
}

// pointsOf returns the points of a cell, and after them those at which it has been run all the same. A mode that nobody knows
// is not shown: a site draws whatever results it is given.
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

// modesOf returns the modes of the points of a cell.
func modesOf(c *lessons.Cell, result *runner.Result) []program.Mode {
	var modes []program.Mode
	for _, at := range pointsOf(c, result) {
		if !slices.Contains(modes, at.Mode) {
			modes = append(modes, at.Mode)
		}
	}
	return modes
}
