package site

import (
	"math"
	"slices"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
	"course/site/chart"
	"course/site/markup"
)

// A figure is a chart of a cell's results.
type figure struct {
	kind  string // unique in the cell
	chart chart.Chart
	asked bool // the lesson asks for it
	fits  bool // it shows best what such a cell is about: open where the lesson asks for none
}

// figures writes what is drawn of a cell's results, at most one of it unfolded. shown is the run of each mode whose workers are drawn.
func (p *lessonPage) figures(w *markup.Writer, c *lessons.Cell, result *runner.Result, shown map[program.Mode]*runner.Run, level int) {
	all := p.drawn(c, result, shown)
	open := slices.IndexFunc(all, func(f figure) bool { return f.asked })
	if open < 0 {
		open = slices.IndexFunc(all, func(f figure) bool { return f.fits })
	}
	for i, f := range all {
		f.chart.Draw(w, chart.Frame{ID: lessons.CellPrefix + c.ID + "-" + f.kind, Level: level, Open: i == open})
	}
}

// drawn returns the charts of a cell: of what it asks for, and else of all that is known.
func (p *lessonPage) drawn(c *lessons.Cell, result *runner.Result, shown map[program.Mode]*runner.Run) (all []figure) {
	id := p.lesson.Name + "/" + c.ID
	whole := c.Show == (lessons.Show{})
	add := func(kind string, drawn chart.Chart, asked, fits bool) {
		if drawn != nil {
			all = append(all, figure{kind, drawn, asked, fits})
		}
	}
	timings := p.site.report.Timings[id]
	if whole || c.Show.Time {
		add("time", timesOf(c, result, timings), c.Show.Time, true)
	}
	if c.Show.Speedup {
		add("speedup", speedupOf(c, result, timings), true, true)
	}
	add("outcomes", p.outcomesOf(c, result), false, true)
	if whole || c.Show.Memory {
		add("memory", memoryOf(c, result, timings), c.Show.Memory, false)
	}
	if whole || c.Show.Timeline {
		add("timeline", timelineOf(c, shown), c.Show.Timeline, false)
	}
	return all
}

// timesOf returns how long a cell took in each mode, over its sweep where it has one; nil where nothing is known.
func timesOf(c *lessons.Cell, result *runner.Result, timings []evidence.Timing) chart.Chart {
	if result == nil || len(timings) == 0 {
		return nil
	}
	if c.Options.Sweep != nil {
		return wallsOf(c, timings)
	}
	var drawn chart.Times
	for _, t := range timings {
		row := chart.TimesRow{Mode: modeOf(t.Mode), Wall: rangeOf(t.Wall), CPU: rangeOf(t.CPU), Noise: t.Noise}
		for i := range result.Runs {
			if run := &result.Runs[i]; run.Point() == t.Point() && run.Purpose == runner.Counted && run.Outcome == t.Outcome {
				row.Runs = append(row.Runs, float64(run.Wall))
			}
		}
		drawn.Rows = append(drawn.Rows, row)
	}
	return drawn
}

// speedupOf returns how many times as fast a cell was as at the first value of its sweep, beside the ideal; nil where nothing is known.
func speedupOf(c *lessons.Cell, result *runner.Result, timings []evidence.Timing) chart.Chart {
	if result == nil || len(timings) == 0 || c.Options.Sweep == nil {
		return nil
	}
	lines := linesOf(c, timings, func(t evidence.Timing) chart.Point {
		p := chart.Point{Range: rangeOf(t.Wall), Known: true}
		i := slices.IndexFunc(timings, func(first evidence.Timing) bool {
			return first.Mode == t.Mode && first.Value == c.Options.Sweep.Values[0]
		})
		if i >= 0 {
			p.Speedup = measuredRange(t.Speedup(timings[i]))
		}
		return p
	})
	lines.What, lines.Cores = chart.Speedup, slots(c, result)
	return lines
}

// wallsOf returns the wall times of a cell over its sweep.
func wallsOf(c *lessons.Cell, timings []evidence.Timing) chart.Lines {
	return linesOf(c, timings, func(t evidence.Timing) chart.Point { return chart.Point{Range: rangeOf(t.Wall), Known: true} })
}

// slots returns how many goroutines of a cell's program could run at once; 0 where that is not known.
func slots(c *lessons.Cell, result *runner.Result) int {
	if c.Options.Procs > 0 {
		return min(c.Options.Procs, max(result.Machine.Cores, 1))
	}
	if quota := result.Machine.Quota; quota > 0 {
		return min(result.Machine.Cores, max(int(math.Ceil(quota)), 1))
	}
	return result.Machine.Cores
}

// linesOf returns a line for each mode over the sweep of a cell; a point of which nothing is known is not drawn.
func linesOf(c *lessons.Cell, timings []evidence.Timing, point func(evidence.Timing) chart.Point) chart.Lines {
	sweep := c.Options.Sweep
	lines := chart.Lines{Parameter: sweep.Name}
	for _, value := range sweep.Values {
		lines.Values = append(lines.Values, chart.Value{At: value, Text: sweep.Text(value)})
	}
	for _, mode := range c.Options.Modes {
		series, known := chart.Series{Mode: modeOf(mode), Points: make([]chart.Point, len(sweep.Values))}, false
		for _, t := range timings {
			if i := slices.Index(sweep.Values, t.Value); i >= 0 && t.Mode == mode {
				series.Points[i] = point(t)
				known = known || series.Points[i].Known
			}
		}
		if known {
			lines.Series = append(lines.Series, series)
		}
	}
	return lines
}

// memoryOf returns how much memory a cell took in each mode, over its sweep where it has one; nil where that is not to be shown: a lesson that does
// not ask for it shows what is known of all modes.
func memoryOf(c *lessons.Cell, result *runner.Result, timings []evidence.Timing) chart.Chart {
	if result == nil || !c.Options.Measure {
		return nil
	}
	if c.Options.Sweep != nil {
		lines := linesOf(c, timings, func(t evidence.Timing) chart.Point {
			m := t.Memory
			return chart.Point{Range: measuredRange(m), Known: m.Runs > 0 && (!m.AtLeast || c.Show.Memory)}
		})
		lines.What = chart.Footprint
		if len(lines.Series) == 0 || len(lines.Series) < len(c.Options.Modes) && !c.Show.Memory {
			return nil
		}
		return lines
	}
	var drawn chart.Memory
	for _, mode := range modesOf(c, result) {
		row, weighed := chart.MemoryRow{Mode: modeOf(mode)}, evidence.Weighed(*result, program.At(mode))
		if !c.Show.Memory && (weighed == nil || !weighed.Sure()) {
			return nil
		}
		if weighed != nil {
			row.Known, row.AtLeast = true, !weighed.Sure()
			row.Pages, row.Tables, row.Stacks = weighed.PSS, weighed.PageTables, weighed.Stacks
		}
		if i := slices.IndexFunc(timings, func(t evidence.Timing) bool { return t.Mode == mode }); i >= 0 && !row.AtLeast {
			m := timings[i].Memory
			row.Total = chart.Range{Median: m.Median, Low: m.Low, High: m.High, Covers: m.Covers && m.Unit == formula.Size}
		}
		drawn.Rows = append(drawn.Rows, row)
	}
	return drawn
}

// gistColumns is how many characters are shown of what a run printed.
const gistColumns = 100

// outcomesOf returns what came of the runs of a cell whose outcome varies; nil for others.
func (p *lessonPage) outcomesOf(c *lessons.Cell, result *runner.Result) chart.Chart {
	tallies := p.site.report.Tallies[p.lesson.Name+"/"+c.ID]
	if len(tallies) == 0 {
		return nil
	}
	drawn := chart.Outcomes{Rule: rule(result)}
	for _, t := range tallies {
		tally := chart.Tally{Mode: modeOf(t.Mode), At: sayValue(c, program.Point{Mode: t.Mode, Value: t.Value}), Runs: t.Runs, Others: t.Others}
		gists := t.Gists(gistColumns, func(text string) string { return problem.Printable(p.lesson.Rewrite(text)) })
		for i, way := range t.Ways {
			ended := howEnded(c, way.First)
			if ended.State == "well" { // which looks like any text
				ended.State = ""
			}
			tally.Ways = append(tally.Ways, chart.Way{Ended: ended.short(), State: ended.State, Printed: gists[i], Times: way.Times})
		}
		drawn.Modes = append(drawn.Modes, tally)
	}
	return drawn
}

// timelineOf returns what the workers of a cell did in the runs that are shown; nil where there were none.
func timelineOf(c *lessons.Cell, shown map[program.Mode]*runner.Run) chart.Chart {
	var drawn chart.Timeline
	for _, mode := range c.Options.Modes {
		run := shown[mode]
		if run == nil || len(run.Spans) == 0 {
			continue
		}
		lanes := chart.Lanes{Mode: modeOf(mode), Sent: mode == program.Process, End: run.End(), Cut: run.SpansCut, Workers: make([]chart.Worker, 0, len(run.Spans))}
		for _, s := range run.Spans {
			over, open := s.Over(lanes.End)
			worker := chart.Worker{
				Name: s.Worker, Pid: s.Pid, Asked: s.Asked, Began: s.Began, Ended: s.Ended, Joined: s.Joined, Over: over, Open: open, Died: s.Died,
				MoreWaits: s.MoreWaits,
			}
			for _, wait := range s.Waits {
				worker.Waits = append(worker.Waits, chart.Wait(wait))
			}
			lanes.Workers = append(lanes.Workers, worker)
		}
		drawn.Modes = append(drawn.Modes, lanes)
	}
	if len(drawn.Modes) == 0 {
		return nil
	}
	return drawn
}

func modeOf(m program.Mode) chart.Mode { return chart.Mode(lookOf(m)) }

func rangeOf(s evidence.Summary) chart.Range {
	return chart.Range{Median: float64(s.Median), Low: float64(s.Low), High: float64(s.High), Covers: s.Covers}
}

func measuredRange(m evidence.Measured) chart.Range {
	return chart.Range{Median: m.Median, Low: m.Low, High: m.High, Covers: m.Covers}
}
