package site

import (
	"slices"
	"strings"

	"course/lessons"
	"course/program"
	"course/runner"
)

// A pane shows what one run printed and how it ended, or what the runs of several modes have in common.
type pane struct {
	ID      string
	Title   string
	Of      string // the cell, and at which value of its sweep it ran
	Like    string // what those of another mode are called that printed the same, and ended so; empty where none did
	Modes   []paneMode
	Empty   string // said in place of output
	Printed printed
	Varies  string // what of it may vary, in words; empty where nothing does
	Another *another
}

// A paneMode is what a pane says of a run.
type paneMode struct {
	Mode      look
	Ended     ending
	Processes string // how many there were, "5 processes"
}

// An ending is how a run ended, in words.
type ending struct {
	Words string
	State string // the class: "well", "meant" for a death that the lesson wants to show, "wrong"
	Why   string // what that is to the lesson, in words; empty where it ended well
}

// Printed is what a run printed, grouped by who did.
type printed struct {
	Told  bool // some lines say who printed them
	Lines []said
	More  []said // folded
	Count int    // of the lines in More
	Last  []said // after these
	Left  string // what was left out at the end
}

// Another is a second run beside that of a pane, which ended or printed otherwise.
type another struct {
	Ended   ending
	Empty   string
	Printed printed
}

// said is what one writer printed in one stream without another in between.
type said struct {
	Gap    string // what was left out before it
	Worker string
	Pid    int // 0 where it is not shown
	Stderr bool
	Text   []stretch
}

// foldAfter is how many lines of output a pane shows; of longer output the first and the last, for what came of it stands at its end.
const (
	foldAfter = 40
	firstRows = 20
	lastRows  = 10
)

// shownRuns returns the run that is shown at each point: the first that did not end as expected, else the first that counts.
func shownRuns(c *lessons.Cell, result *runner.Result) map[program.Point]*runner.Run {
	shown := make(map[program.Point]*runner.Run)
	if result == nil {
		return shown
	}
	rank := func(run *runner.Run) int {
		switch {
		case !c.Options.Expect[run.Mode].Has(run.Outcome):
			return 2
		case run.Purpose == runner.Counted:
			return 1
		}
		return 0
	}
	for i := range result.Runs {
		run := &result.Runs[i]
		if have := shown[run.Point()]; have == nil || rank(run) > rank(have) {
			shown[run.Point()] = run
		}
	}
	return shown
}

// values returns those of a cell's sweep, in the order in which they are shown: first the greatest at which a run did not end as expected, else the
// greatest of all, for that is what a sweep leads up to; then the others, ascending. Without a sweep it is 0.
func values(c *lessons.Cell, shown map[program.Point]*runner.Run) []float64 {
	if c.Options.Sweep == nil || len(c.Options.Sweep.Values) == 0 {
		return []float64{0}
	}
	all := slices.Clone(c.Options.Sweep.Values)
	first := len(all) - 1
	for i, value := range all {
		for _, mode := range c.Options.Modes {
			if run := shown[program.Point{Mode: mode, Value: value}]; run != nil && !c.Options.Expect[mode].Has(run.Outcome) {
				first = i
			}
		}
	}
	value := all[first]
	return slices.Insert(slices.Delete(all, first, first+1), 0, value)
}

// at returns the run of each mode at a value of the sweep.
func at(shown map[program.Point]*runner.Run, value float64) map[program.Mode]*runner.Run {
	runs := make(map[program.Mode]*runner.Run)
	for point, run := range shown {
		if point.Value == value {
			runs[point.Mode] = run
		}
	}
	return runs
}

// panes returns what runs of a cell printed, one in each mode: threads beside processes, and apart from them the modes that are
// there for comparison. Where all printed the same there is one pane.
func (p *lessonPage) panes(c *lessons.Cell, result *runner.Result, shown map[program.Mode]*runner.Run, prefix string) (primary, rest []pane) {
	modes := modesOf(c, result)
	if len(modes) == 0 || result != nil && len(result.Runs) == 0 && len(result.Problems) > 0 {
		return nil, nil // it was not to be run, or could not, and the notice says so
	}
	if len(shown) == 0 {
		none := p.newPane(prefix+"output", c, program.Plain, nil, nil, nil)
		if result != nil && result.NotHere != "" {
			none.Empty = "not measured here: " + result.NotHere
		}
		return []pane{none}, nil
	}
	outputs := make(map[program.Mode][]outputLine)
	for m, run := range shown {
		outputs[m] = p.output(c, run)
	}
	same := func(modes []program.Mode) bool {
		for _, m := range modes {
			a, b := shown[modes[0]], shown[m]
			if a == nil || b == nil || !sameRun(c, a, b) || !sameOutput(outputs[modes[0]], outputs[m], c.Options.Vary) {
				return false
			}
		}
		return len(modes) > 1
	}
	first, others := byInterest(modes)
	if same(modes) {
		return []pane{p.mergedPane(prefix+"same", "The same in every mode", c, result, modes, shown, outputs)}, nil
	}
	switch {
	case same(first):
		primary = []pane{p.mergedPane(prefix+"same", "The same in both", c, result, first, shown, outputs)}
	case len(first) == 2 && shown[first[0]] != nil && shown[first[1]] != nil:
		markDifferences(outputs[first[0]], outputs[first[1]], c.Options.Vary)
		fallthrough
	default:
		for _, m := range first {
			primary = append(primary, p.newPane(prefix+string(m), c, m, result, shown[m], outputs[m]))
		}
	}
	for _, m := range others {
		n := p.newPane(prefix+string(m), c, m, result, shown[m], outputs[m])
		if i := slices.IndexFunc(first, func(of program.Mode) bool { return same([]program.Mode{of, m}) }); i >= 0 {
			n.Like = strings.ToLower(lookOf(first[i]).Name)
		}
		rest = append(rest, n)
	}
	return primary, rest
}

// sameRun reports whether two runs ended alike.
func sameRun(c *lessons.Cell, a, b *runner.Run) bool {
	return a.Outcome == b.Outcome && a.Output.Cut == b.Output.Cut && howEnded(c, a).State == howEnded(c, b).State
}

// byInterest parts modes in those that a page compares and the others.
func byInterest(modes []program.Mode) (first, others []program.Mode) {
	for _, m := range modes {
		if m == program.Serial || m == program.Goroutine {
			others = append(others, m)
		} else {
			first = append(first, m)
		}
	}
	if len(first) == 0 {
		return others, nil
	}
	return first, others
}

func (p *lessonPage) newPane(id string, c *lessons.Cell, mode program.Mode, result *runner.Result, run *runner.Run, output []outputLine) pane {
	n := pane{ID: id, Title: lookOf(mode).Name}
	if mode == program.Plain {
		n.Title = "Output"
	}
	if run == nil {
		n.Modes, n.Empty = []paneMode{{Mode: lookOf(mode)}}, "not run yet"
		return n
	}
	n.Modes = []paneMode{{lookOf(mode), howEnded(c, run), processes(run)}}
	n.Printed.fill(output, distinctPids(output) > 1)
	n.Empty = n.Printed.end(run)
	p.vary(&n, c, result, run, output)
	return n
}

func (p *lessonPage) mergedPane(id, title string, c *lessons.Cell, result *runner.Result, modes []program.Mode, shown map[program.Mode]*runner.Run, outputs map[program.Mode][]outputLine) pane {
	n := pane{ID: id, Title: title}
	for _, m := range modes {
		n.Modes = append(n.Modes, paneMode{lookOf(m), howEnded(c, shown[m]), processes(shown[m])})
	}
	run, output := shown[modes[0]], outputs[modes[0]]
	n.Printed.fill(output, false)
	n.Empty = n.Printed.end(run)
	p.vary(&n, c, result, run, output)
	return n
}

// vary says what of an output may vary, and finds another run that did.
func (p *lessonPage) vary(n *pane, c *lessons.Cell, result *runner.Result, run *runner.Run, output []outputLine) {
	v := c.Options.Vary
	masked := slices.ContainsFunc(output, func(l outputLine) bool { return len(l.varies) > 0 })
	switch order := v.Order && len(output) > 1; {
	case order && masked:
		n.Varies = "The order of the lines, and the parts with a dotted line, may differ from run to run."
	case order:
		n.Varies = "The order of the lines may differ from run to run."
	case masked:
		n.Varies = "The parts with a dotted line may differ from run to run."
	}
	if result == nil || !v.Order && !v.Outcome && len(v.Masks) == 0 {
		return
	}
	for i := range result.Runs {
		other := &result.Runs[i]
		if other == run || other.Purpose != runner.Counted || other.Point() != run.Point() || other.Same && len(other.Output.Lines) == 0 {
			continue
		}
		lines := p.output(c, other)
		if other.Outcome == run.Outcome && slices.EqualFunc(lines, output, func(a, b outputLine) bool { return a.text == b.text && a.worker == b.worker && a.stderr == b.stderr }) {
			continue
		}
		n.Another = &another{Ended: howEnded(c, other)}
		n.Another.Printed.fill(lines, distinctPids(lines) > 1)
		n.Another.Empty = n.Another.Printed.end(other)
		return
	}
}

// fill groups lines by who printed them, and folds what is too long.
func (p *printed) fill(output []outputLine, pids bool) {
	from, to := foldedRows(output)
	p.Count = to - from
	p.Lines = p.group(output[:from], pids)
	p.More = p.group(output[from:to], pids)
	p.Last = p.group(output[to:], pids)
}

// group makes one of the lines that a writer printed without another in between.
func (p *printed) group(output []outputLine, pids bool) (groups []said) {
	for _, l := range output {
		pid := 0
		if pids {
			pid = l.pid
		}
		p.Told = p.Told || l.worker != "" || l.stderr || pid != 0
		g := said{Gap: l.gap, Worker: l.worker, Pid: pid, Stderr: l.stderr}
		if n := len(groups); n == 0 || l.gap != "" || !groups[n-1].by(g) {
			groups = append(groups, g)
		}
		groups[len(groups)-1].add(l)
	}
	return groups
}

// foldedRows returns which lines are folded of an output that is too long, from from to to, without to; of others none. What is folded in a stack trace counts as
// one line.
func foldedRows(output []outputLine) (from, to int) {
	var rows []int // where each begins
	for i, l := range output {
		if l.outside == "" || i == 0 || output[i-1].outside == "" {
			rows = append(rows, i)
		}
	}
	if len(rows) <= foldAfter {
		return len(output), len(output)
	}
	return rows[firstRows], rows[len(rows)-lastRows]
}

// end returns what is said in place of an output that is empty, and says what was left out after the last line. Where lines are left out
// before it, too, it is not known how much of it is which.
func (p *printed) end(run *runner.Run) (empty string) {
	cut := run.Output.Cut
	gaps := slices.ContainsFunc(run.Output.Lines, func(l runner.Line) bool { return l.Gap })
	switch {
	case cut > 0 && !gaps:
		p.Left = "… " + thousands(cut) + " bytes more were left out"
	case cut > 0 && run.Outcome.Kind == program.Flooded:
		p.Left = "… more was left out, " + thousands(cut) + " bytes in all"
	case len(run.Output.Lines) == 0:
		return "printed nothing"
	}
	return ""
}

func (s said) by(t said) bool {
	return s.Worker == t.Worker && s.Pid == t.Pid && s.Stderr == t.Stderr
}

// add takes a line to the last stretch, or to a new one where folded lines begin or end.
func (s *said) add(l outputLine) {
	n := len(s.Text)
	if n == 0 || (l.outside != "") != (len(s.Text[n-1].outside) > 0) {
		s.Text = append(s.Text, stretch{})
	}
	s.Text[len(s.Text)-1].add(l)
}
