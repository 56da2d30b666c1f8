package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/evidence"
	"course/problem"
	"course/program"
	"course/quantity"
	"course/runner"
	"course/stats"
)

// Comparison says how the runs of a program went in each mode: how they ended, and where it was measured how long they took, with the interval and
// the ratio to the first mode, and what they used; below, by what rule it ran, what its warm-ups and an empty program took, what confined it, and
// where its times mean little. Of a program that was not measured there are no times: it ran beside others. It is empty where nothing ran.
func Comparison(p program.Program, r runner.Result, s Style) string {
	if p.Options.Vary.Outcome {
		return frequencies(r, s)
	}
	timings := evidence.Timings(r)
	if len(timings) == 0 {
		return ""
	}
	mode, runs := column{header: "mode"}, column{header: "runs", right: true}
	wall, interval, ratio := column{header: "wall time", right: true}, column{header: "95 % interval", right: true}, column{header: "ratio", right: true}
	cpu, memory := column{header: "CPU time", right: true}, column{header: "memory", right: true}
	ended := column{header: "ended"}
	for _, t := range timings {
		timed := r.Rule != nil && !p.Options.Race && t.Outcome.Kind != program.NotCompiled
		mode.add(string(t.Mode), true)
		runs.add(strconv.Itoa(t.Runs), r.Rule != nil)
		wall.add(t.Wall.String(), timed)
		interval.add(intervalOf(t.Wall), timed && t.Wall.Covers)
		ratio.add(ratioOf(t.Wall.Median, timings[0].Wall.Median), timed && timings[0].Wall.Median > 0 && !idle(r, t.Mode))
		cpu.add(t.CPU.String(), timed)
		memory.add(memoryOf(r, t.Mode), true)
		ended.add(ending(t.Outcome), true)
	}
	return s.table("  ", mode, runs, wall, interval, ratio, cpu, memory, ended) + remarks(p, r, timings, s)
}

// add adds a cell, which is empty where the text is not known.
func (c *column) add(text string, known bool) {
	if !known {
		text = ""
	}
	c.cells = append(c.cells, text)
}

// remarks are the lines below the table.
func remarks(p program.Program, r runner.Result, timings []evidence.Timing, s Style) string {
	var lines []string
	for _, t := range timings {
		if idle(r, t.Mode) {
			lines = append(lines, "process: no process was started")
		}
	}
	switch {
	case r.Rule != nil:
		lines = append(lines, ofMeasuring(r, timings)...)
	case len(timings) > 1 && !p.Options.Race && timings[0].Outcome.Kind != program.NotCompiled:
		lines = append(lines, "not measured: each mode ran once, beside whatever else was going on")
	}
	if r.Fallback != "" {
		lines = append(lines, "built by go build: "+problem.Printable(r.Fallback))
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(s.wrap("  ", line))
	}
	return b.String()
}

// ofMeasuring are the remarks on a program that was measured: first what else is in its times, or makes them mean little, then what was
// counted beside them, by what rule, and what confined it.
func ofMeasuring(r runner.Result, timings []evidence.Timing) (lines []string) {
	for _, t := range timings {
		if t.Noise != "" {
			lines = append(lines, fmt.Sprintf("noisy: %s: %s", t.Mode, t.Noise))
		}
	}
	if slices.ContainsFunc(timings, func(t evidence.Timing) bool { m := evidence.Weighed(r, t.Mode); return m != nil && !m.Sure() }) {
		lines = append(lines, fmt.Sprintf("memory: ≥ is at least, for there were fewer than %d looks at it before the run was over", runner.SureLooks))
	}
	if r.Overhead > 0 {
		lines = append(lines, "in each time: "+quantity.Duration(r.Overhead, 0)+" that an empty program takes by itself")
	}
	var warm, used []string
	for _, run := range r.Runs {
		if run.Purpose == runner.Warmup {
			warm = append(warm, fmt.Sprintf("%s %s", run.Mode, quantity.Duration(run.Wall, 0)))
		}
	}
	if len(warm) > 0 {
		lines = append(lines, "warm-up, not counted: "+strings.Join(warm, ", "))
	}
	for _, t := range timings {
		if text := usage(r, t.Mode); text != "" {
			used = append(used, string(t.Mode)+" "+text)
		}
	}
	if len(used) > 0 {
		lines = append(lines, "in a run: "+strings.Join(used, "; "))
	}
	lines = append(lines, "rule: "+r.Rule.String()+stopped(r.Stopped))
	if len(r.Layers) > 0 {
		layers := make([]string, len(r.Layers))
		for i, layer := range r.Layers {
			layers[i] = problem.Printable(string(layer))
		}
		lines = append(lines, "sandbox: "+strings.Join(layers, ", "))
	}
	return lines
}

// usage says what the system counted in the runs of a mode, the median of each: "131 page faults, 12 context switches". It is empty
// where it counted nothing.
func usage(r runner.Result, mode program.Mode) string {
	var faults, switches []float64
	for _, run := range r.Runs {
		if run.Mode == mode && run.Purpose == runner.Counted {
			faults = append(faults, float64(run.Usage.MinorFaults+run.Usage.MajorFaults))
			switches = append(switches, float64(run.Usage.Voluntary+run.Usage.Involuntary))
		}
	}
	f, s := int(stats.Median(faults).Median), int(stats.Median(switches).Median)
	if f == 0 && s == 0 {
		return ""
	}
	return quantity.Count(f, "page fault") + ", " + quantity.Count(s, "context switch")
}

// stopped says what ended the runs, where the rule leaves that open.
func stopped(why runner.Stopped) string {
	switch why {
	case runner.StoppedNarrow:
		return "; the intervals are narrow enough"
	case runner.StoppedBudget:
		return "; the time was spent"
	case runner.StoppedCourse:
		return "; the time for the course was spent before, and these are the least"
	case runner.StoppedCount:
	}
	return ""
}

// intervalOf writes an interval with its unit once where both ends have the same.
func intervalOf(s evidence.Summary) string {
	low, high, ok := strings.Cut(s.Interval(), " to ")
	number, unit, _ := strings.Cut(low, " ")
	if ok && strings.HasSuffix(high, " "+unit) {
		low = number
	}
	return low + " to " + high
}

// ratioOf writes how many times as long d is as the first, with three significant digits.
func ratioOf(d, first time.Duration) string {
	r := float64(d) / float64(first)
	switch {
	case d == first:
		return "1x"
	case r >= 99.95:
		return fmt.Sprintf("%.0fx", r)
	case r >= 9.995:
		return fmt.Sprintf("%.1fx", r)
	}
	return fmt.Sprintf("%.2fx", r)
}

// memoryOf writes the proportional set size in a mode, or nothing where that was not looked at.
func memoryOf(r runner.Result, mode program.Mode) string {
	m := evidence.Weighed(r, mode)
	switch {
	case m == nil:
		return ""
	case !m.Sure():
		return "≥ " + quantity.Bytes(m.PSS)
	}
	return quantity.Bytes(m.PSS)
}

// idle reports whether no process began in process mode though workers of another mode did: all was refused, and its times are of something else.
func idle(r runner.Result, mode program.Mode) bool {
	if mode != program.Process {
		return false
	}
	var began, others bool
	for _, run := range r.Runs {
		some := run.SpansCut || slices.ContainsFunc(run.Spans, func(s runner.Span) bool { return s.Began >= 0 })
		if run.Mode == mode {
			began = began || some
		} else {
			others = others || some
		}
	}
	return others && !began
}

// ending names an outcome in a word or two, as lessons do.
func ending(o program.Outcome) string {
	switch {
	case o.Kind == program.OK:
		return "ok"
	case o.Exit != 0:
		return fmt.Sprintf("%s %d", o.Kind, o.Exit)
	}
	return string(o.Kind)
}
