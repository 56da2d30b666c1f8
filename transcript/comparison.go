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

// Comparison says how the runs of a program went in each mode, and of a sweep at each value in it: how they ended, and where it was measured how long they took, with the interval and
// the ratio to the first row, and what they used; below, by what rule it ran, what its warm-ups and an empty program took, what confined it, and
// where its times mean little. Of a program that was not measured there are no times: it ran beside others. It is empty where nothing ran.
func Comparison(p program.Program, r runner.Result, s Style) string {
	if p.Options.Vary.Outcome {
		return frequencies(p, r, s)
	}
	timings := evidence.Timings(r)
	if len(timings) == 0 {
		return ""
	}
	at, runs := column{header: "mode"}, column{header: "runs", right: true}
	if sweep := p.Options.Sweep; sweep != nil {
		at = column{header: s.fit(sweep.Name, maxName), right: true}
	}
	wall, interval, ratio := column{header: "wall time", right: true}, column{header: "95 % interval", right: true}, column{header: "ratio", right: true}
	cpu, memory := column{header: "CPU time", right: true}, column{header: "memory", right: true}
	ended := column{header: "ended"}
	for _, t := range timings {
		timed := r.Rule != nil && !p.Options.Race && t.Outcome.Kind != program.NotCompiled
		at.add(rowOf(p, t), true)
		runs.add(strconv.Itoa(t.Runs), r.Rule != nil)
		wall.add(t.Wall.String(), timed)
		interval.add(intervalOf(t.Wall), timed && t.Wall.Covers)
		ratio.add(ratioOf(t.Wall.Median, timings[0].Wall.Median), timed && timings[0].Wall.Median > 0 && !idle(r, t.Mode))
		cpu.add(t.CPU.String(), timed)
		memory.add(memoryOf(r, t.Point()), true)
		ended.add(ending(t.Outcome), true)
	}
	table := s.table("  ", at, runs, wall, interval, ratio, cpu, memory, ended)
	if p.Options.Sweep != nil {
		table = parted(table, timings)
	}
	return table + remarks(p, r, timings, s)
}

// rowOf names a row of the table: its mode, or of a sweep its value.
func rowOf(p program.Program, t evidence.Timing) string {
	if sweep := p.Options.Sweep; sweep != nil {
		return sweep.Text(t.Value)
	}
	return string(t.Mode)
}

// parted returns a table with a row for each timing in which each mode stands above its rows.
func parted(table string, timings []evidence.Timing) string {
	var b strings.Builder
	i := -1 // the header
	for line := range strings.Lines(table) {
		if i >= 0 && (i == 0 || timings[i].Mode != timings[i-1].Mode) {
			fmt.Fprintf(&b, "  %s\n", timings[i].Mode)
		}
		b.WriteString(line)
		i++
	}
	return b.String()
}

// where names the point of a program's runs: "thread", "thread with workers=4".
func where(p program.Program, mode program.Mode, value float64) string {
	if sweep := p.Options.Sweep; sweep != nil {
		return string(mode) + " with " + sweep.Named(value)
	}
	return string(mode)
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
	if slices.ContainsFunc(timings, func(t evidence.Timing) bool { return idle(r, t.Mode) }) {
		lines = append(lines, "process: no process was started")
	}
	switch {
	case r.Rule != nil:
		lines = append(lines, ofMeasuring(p, r, timings)...)
	case len(timings) > 1 && !p.Options.Race && timings[0].Outcome.Kind != program.NotCompiled:
		lines = append(lines, "not measured: each mode ran "+often(p, timings)+", beside whatever else was going on")
	}
	if line := again(r); line != "" {
		lines = append(lines, line)
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

// again says what the second run printed at each point of a program that is not measured, where there is one: what stands above is of the first. It says nothing where
// one printed otherwise than it may, which is a problem of the cell.
func again(r runner.Result) string {
	if r.Rule != nil {
		return ""
	}
	seen := make(map[program.Point]bool)
	twice, varies := false, false
	for i := range r.Runs {
		run := &r.Runs[i]
		if !seen[run.Point()] {
			seen[run.Point()] = true
			continue
		}
		if !run.Same {
			return ""
		}
		twice, varies = true, varies || len(run.Output.Lines) > 0
	}
	switch {
	case !twice:
		return ""
	case varies:
		return "shown are the first runs: the second printed the same, but for what may vary"
	}
	return "shown are the first runs: the second printed the same"
}

// often says how often a program that is not measured ran in each mode.
func often(p program.Program, timings []evidence.Timing) string {
	times := "once"
	if slices.ContainsFunc(timings, func(t evidence.Timing) bool { return t.Runs > 1 }) {
		times = "twice"
	}
	if p.Options.Sweep != nil {
		times += " at each value"
	}
	return times
}

// maxNoisy bounds the points of which it is said why they are noisy: of a sweep there may be many, for the same reason.
const maxNoisy = 4

// noisy says where times mean little.
func noisy(p program.Program, timings []evidence.Timing) (lines []string) {
	var more []string
	for _, t := range timings {
		switch {
		case t.Noise == "":
		case len(lines) < maxNoisy:
			lines = append(lines, fmt.Sprintf("noisy: %s: %s", where(p, t.Mode, t.Value), t.Noise))
		default:
			more = append(more, where(p, t.Mode, t.Value))
		}
	}
	if len(more) > 0 {
		lines = append(lines, "noisy as well: "+strings.Join(more, ", "))
	}
	return lines
}

// warmups says how long the first runs took in each mode, of a sweep the shortest and the longest of them.
func warmups(r runner.Result) string {
	var texts []string
	for _, mode := range modes(r.Runs) {
		var walls []time.Duration
		for _, run := range r.Runs {
			if run.Mode == mode && run.Purpose == runner.Warmup {
				walls = append(walls, run.Wall)
			}
		}
		switch len(walls) {
		case 0:
		case 1:
			texts = append(texts, fmt.Sprintf("%s %s", mode, quantity.Duration(walls[0], 0)))
		default:
			texts = append(texts, fmt.Sprintf("%s %s to %s", mode, quantity.Duration(slices.Min(walls), 0), quantity.Duration(slices.Max(walls), 0)))
		}
	}
	return strings.Join(texts, ", ")
}

// ofMeasuring are the remarks on a program that was measured: first what else is in its times, or makes them mean little, then what was
// counted beside them, by what rule, and what confined it.
func ofMeasuring(p program.Program, r runner.Result, timings []evidence.Timing) (lines []string) {
	lines = noisy(p, timings)
	if slices.ContainsFunc(timings, func(t evidence.Timing) bool { m := evidence.Weighed(r, t.Point()); return m != nil && !m.Sure() }) {
		lines = append(lines, fmt.Sprintf("memory: ≥ is at least, for there were fewer than %d looks at it before the run was over", runner.SureLooks))
	}
	if r.Overhead > 0 {
		lines = append(lines, "in each time: "+quantity.Duration(r.Overhead, 0)+" that an empty program takes by itself")
	}
	if warm := warmups(r); warm != "" {
		lines = append(lines, "warm-up, not counted: "+warm)
	}
	var used []string
	for _, t := range timings {
		if text := usage(r, t.Mode); text != "" {
			used = append(used, string(t.Mode)+" "+text)
		}
	}
	if len(used) > 0 && p.Options.Sweep == nil { // else it is another number at each value
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
	case r < 0.0995: // as at the end of a sweep
		return fmt.Sprintf("%.3fx", r)
	}
	return fmt.Sprintf("%.2fx", r)
}

// memoryOf writes the proportional set size at a point, or nothing where that was not looked at.
func memoryOf(r runner.Result, at program.Point) string {
	m := evidence.Weighed(r, at)
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
		some := run.SpansCut || run.Startup != nil
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
