package site

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/quantity"
	"course/runner/machine"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

// A cellView is a cell as the page shows it: one object with its code, what came of it, and how that is known.
type cellView struct {
	ID       string // of the element
	Name     string
	Program  string
	Terms    string // on what terms it runs: "as threads and as processes, measured"
	Code     []segment
	Notice   *notice
	Level    int // of its headings
	Primary  []pane
	Also     []pane // on request
	AlsoName string
	Chart    *chart
	Timeline *timeline
	Memory   *memory
	Tallies  []tally
	Runs     []modeRuns
	Weighed  bool   // the memory of some runs is known
	Rule     string // how often it was to run, and what ended that
	Origin   *origin
}

// A segment is a stretch of code that is shown, or folded away.
type segment struct {
	Fold  string // what is folded, as its summary; empty where it is shown
	Code  template.HTML
	lines int
}

// cell draws a cell whose headings are of that level.
func (p *lessonPage) cell(c *lessons.Cell, level int) (template.HTML, error) {
	id := p.lesson.Name + "/" + c.ID
	result := p.site.results[id]
	v := cellView{
		ID:      lessons.CellPrefix + c.ID,
		Name:    c.ID,
		Program: id,
		Terms:   terms(c.Options),
		Code:    segments(highlightGo(c.Source), c.Fold, c.Mark, checkedOutput(c)),
		Level:   min(level, 6),
	}
	show := c.Show
	if show == (lessons.Show{}) { // all that there is
		show = lessons.Show{Output: true, Time: true, Timeline: true}
	}
	if result != nil {
		v.Notice = p.resultNotice(result)
		if len(result.Runs) > 0 {
			v.Origin = newOrigin(result)
		}
	}
	shown := p.shownRuns(c, result)
	if show.Output {
		v.Primary, v.Also = p.panes(c, result, shown)
		v.AlsoName = also(v.Also)
	}
	timings := p.site.report.Timings[id]
	if show.Time && len(timings) > 0 {
		v.Chart = newChart(timings)
		v.Runs = runRows(c, result)
	}
	v.Weighed = slices.ContainsFunc(v.Runs, func(m modeRuns) bool {
		return slices.ContainsFunc(m.Rows, func(r runRow) bool { return r.Memory != "" })
	})
	if v.Memory = newMemory(c, result); v.Memory != nil {
		v.Memory.Open = c.Show.Memory && v.Chart == nil
	}
	v.Tallies = p.tallies(c)
	if len(v.Runs)+len(v.Tallies) > 0 {
		v.Rule = rule(result)
	}
	if show.Timeline {
		v.Timeline = newTimeline(c.Options.Modes, shown)
		if v.Timeline != nil {
			v.Timeline.Open = c.Show.Timeline && v.Chart == nil && (v.Memory == nil || !v.Memory.Open)
		}
	}
	drawn, err := execute("cell", v)
	return template.HTML(drawn), err
}

// terms says how a cell is run.
func terms(o program.Options) string {
	var names []string
	for _, m := range o.Modes {
		switch m {
		case program.Plain:
		case program.Serial:
			names = append(names, "one after another")
		case program.Goroutine, program.Thread, program.Process:
			names = append(names, "as "+strings.ToLower(lookOf(m).Name))
		}
	}
	var all []string
	switch n := len(names); {
	case len(o.Modes) == 0:
		all = append(all, "compiled, not run")
	case n > 2:
		all = append(all, "runs in "+strconv.Itoa(n)+" modes")
	case n > 0:
		all = append(all, "runs "+strings.Join(names, " and "))
	}
	if o.Procs > 0 {
		all = append(all, "GOMAXPROCS="+strconv.Itoa(o.Procs))
	}
	return strings.Join(all, " · ")
}

// segments cuts code where it is folded: in the given ranges, and from line checked on, which begins the
// output that is checked, unless it is 0.
func segments(lines []string, fold, mark []lessons.Lines, checked int) []segment {
	within := func(ranges []lessons.Lines, line int) bool {
		return slices.ContainsFunc(ranges, func(r lessons.Lines) bool { return r.First <= line && line <= r.Last })
	}
	const shown, folded, output = 0, 1, 2
	var cut []segment
	last := shown
	for i, line := range lines {
		now := shown
		switch {
		case within(fold, i+1):
			now = folded
		case checked > 0 && i+1 >= checked:
			now = output
		}
		if now != last || i == 0 {
			cut = append(cut, segment{})
		}
		last = now
		s := &cut[len(cut)-1]
		s.lines++
		if line += "\n"; within(mark, i+1) {
			line = "<mark>" + line + "</mark>"
		}
		s.Code += template.HTML(line)
		switch now {
		case folded:
			s.Fold = quantity.Count(s.lines, "line") + " of code"
		case output:
			s.Fold = "The output that it must have"
		}
	}
	return cut
}

// checkedOutput returns the line that begins the comments which say what a cell prints, with the blank
// lines before them, or 0. They are folded, for they tell what is to be found out, and the output follows.
func checkedOutput(c *lessons.Cell) int {
	first := 0
	for _, o := range c.Options.Output {
		if o.Line > 0 && (first == 0 || o.Line < first) {
			first = o.Line
		}
	}
	lines := strings.Split(c.Source, "\n")
	if first == 0 || first > len(lines) {
		return 0
	}
	for first > 1 && strings.TrimSpace(lines[first-2]) == "" {
		first--
	}
	return first
}

// resultNotice says what went wrong with a cell, or is nil.
func (p *lessonPage) resultNotice(result *runner.Result) *notice {
	var problems problem.List
	for _, q := range result.Problems {
		problems = append(problems, p.site.course.Locate(result.ID, q))
	}
	return newNotice("This cell has problems", problems)
}

// listing draws a block of code that is not run.
func (p *lessonPage) listing(l *lessons.Listing) (template.HTML, error) {
	lines := plainLines(l.Source)
	if l.Language == "go" {
		lines = highlightGo(l.Source)
	}
	v := struct {
		Language string
		Code     []segment
	}{problem.Printable(l.Language), segments(lines, nil, nil, 0)}
	drawn, err := execute("listing", v)
	return template.HTML(drawn), err
}

// modeRuns are the runs in one mode, in the table of all.
type modeRuns struct {
	Mode look
	Rows []runRow
}

type runRow struct {
	Number             string
	Wall, User, System string
	Memory             string // of a run that was weighed
	Ended              ending
	Disturbed          string // by what
}

func runRows(c *lessons.Cell, result *runner.Result) (all []modeRuns) {
	if result == nil {
		return nil
	}
	for _, m := range modesOf(c, result) {
		of, number := modeRuns{Mode: lookOf(m)}, 0
		for _, run := range result.Runs {
			if run.Mode != m {
				continue
			}
			row := runRow{
				Number: problem.Printable(string(run.Purpose)), Ended: howEnded(c, &run),
				Wall: duration(run.Wall), User: duration(run.User), System: duration(run.System),
				Memory: sayMemory(run.Memory),
			}
			switch run.Purpose {
			case runner.Counted:
				number++
				row.Number = strconv.Itoa(number)
			case runner.Warmup:
				row.Number = "warm-up"
			case runner.Weighing, runner.Replaced:
			}
			row.Disturbed = problem.Printable(run.Disturbed)
			if row.Ended.State == "well" { // which looks like any text
				row.Ended.State = ""
			}
			of.Rows = append(of.Rows, row)
		}
		if len(of.Rows) > 0 {
			all = append(all, of)
		}
	}
	return all
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

// An origin says where and when a result was taken.
type origin struct {
	Parts    []string
	DateTime string // for machines
	Date     string
}

func newOrigin(result *runner.Result) *origin {
	m := result.Machine
	counted, modes := 0, make(map[program.Mode]bool)
	for _, run := range result.Runs {
		if run.Purpose == runner.Counted && run.Outcome.Kind != program.NotCompiled {
			counted += max(run.Times, 1)
			modes[run.Mode] = true
		}
	}
	for at, n := range result.Others {
		if modes[at.Mode] {
			counted += max(n, 0)
		}
	}
	o := &origin{}
	add := func(parts ...string) {
		if s := strings.TrimSpace(strings.Join(parts, "")); s != "" {
			o.Parts = append(o.Parts, problem.Printable(s))
		}
	}
	add(strings.Join(slices.DeleteFunc([]string{processors(m), m.CPU, m.Arch}, func(s string) bool { return s == "" }), ", "))
	if m.MemoryLimit > 0 {
		add("at most ", quantity.Bytes(m.MemoryLimit), " of memory")
	}
	add(systemName(m.OS), " ", m.Kernel)
	add(strings.Replace(m.Go, "go", "Go ", 1))
	switch perMode := counted / max(len(modes), 1); {
	case counted == 0:
	case len(modes) > 1 && perMode*len(modes) == counted:
		add(quantity.Count(perMode, "run"), " in each mode")
	default:
		add(quantity.Count(counted, "run"))
	}
	if result.Overhead > 0 {
		add("an empty program takes ", duration(result.Overhead))
	}
	if !result.Taken.IsZero() {
		taken := result.Taken.UTC()
		o.DateTime, o.Date = taken.Format(time.RFC3339), taken.Format("2 Jan 2006, 15:04 UTC")
	}
	return o
}

// processors says how many processors a machine has, and how far they are there for one program.
func processors(m machine.Machine) string {
	switch {
	case m.Cores <= 0:
		return ""
	case m.Quota > 0:
		return quantity.Count(m.Cores, "core") + ", of which it may use " + strconv.FormatFloat(m.Quota, 'g', 3, 64)
	case m.ThreadsPerCore > 1:
		return fmt.Sprintf("%s, %d to a core", quantity.Count(m.Cores, "processor"), m.ThreadsPerCore)
	}
	return quantity.Count(m.Cores, "core")
}

// systemName writes a GOOS as people do.
func systemName(goos string) string {
	switch goos {
	case "linux":
		return "Linux"
	case "darwin":
		return "macOS"
	case "windows":
		return "Windows"
	case "freebsd":
		return "FreeBSD"
	}
	return goos
}
