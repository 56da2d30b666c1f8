package site

import (
	"slices"
	"strconv"
	"strings"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/quantity"
	"course/runner"
)

// A pane shows what one run printed and how it ended, or what the runs of several modes have in common.
type pane struct {
	ID    string
	Title string
	Modes []paneMode
	Empty string // said in place of output
	Told  bool   // some lines say who printed them
	Lines []said
	More  []said // folded
	Count int    // of the lines in More
	Left  string // what was left out at the end
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
}

// said is what one writer printed in one stream without another in between.
type said struct {
	Gap    string // what was left out before it
	Worker string
	Pid    int // 0 where it is not shown
	Stderr bool
	Text   []stretch
}

// foldAfter is how many lines of output a pane shows; of longer output foldTo.
const (
	foldAfter = 40
	foldTo    = 30
)

// howEnded compares how a run ended with what the lesson expects.
func howEnded(c *lessons.Cell, run *runner.Run) ending {
	words := problem.Printable(run.Outcome.String())
	switch expected := c.Options.Expect[run.Mode]; {
	case !expected.Has(run.Outcome):
		return ending{words + ", not as expected", "wrong"}
	case run.Outcome == program.Outcome{}:
		return ending{words, "well"}
	}
	return ending{words + ", as expected", "meant"}
}

// shownRuns returns the run of each mode that is shown: the first that did not end as expected, else the
// first that counts.
func (p *lessonPage) shownRuns(c *lessons.Cell, result *runner.Result) map[program.Mode]*runner.Run {
	shown := make(map[program.Mode]*runner.Run)
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
		if have := shown[run.Mode]; have == nil || rank(run) > rank(have) {
			shown[run.Mode] = run
		}
	}
	return shown
}

// panes returns what a cell printed: threads beside processes, and apart from them the modes that are
// there for comparison. Where all printed the same there is one pane.
func (p *lessonPage) panes(c *lessons.Cell, result *runner.Result, shown map[program.Mode]*runner.Run) (primary, rest []pane) {
	modes := modesOf(c, result)
	if len(modes) == 0 || result != nil && len(result.Runs) == 0 && len(result.Problems) > 0 {
		return nil, nil // it was not to be run, or could not, and the notice says so
	}
	prefix := lessons.CellPrefix + c.ID + "-"
	if len(shown) == 0 {
		none := newPane(prefix+"output", c, program.Plain, nil, nil)
		if result != nil && result.NotHere != "" {
			none.Empty = problem.Printable("not measured here: " + result.NotHere)
		}
		return []pane{none}, nil
	}
	outputs := make(map[program.Mode][]outputLine)
	for m, run := range shown {
		outputs[m] = p.output(run)
	}
	same := func(modes []program.Mode) bool {
		for _, m := range modes {
			a, b := shown[modes[0]], shown[m]
			if a == nil || b == nil || a.Outcome != b.Outcome || a.Output.Cut != b.Output.Cut || !slices.EqualFunc(outputs[modes[0]], outputs[m], outputLine.equal) ||
				howEnded(c, a).State != howEnded(c, b).State {
				return false
			}
		}
		return len(modes) > 1
	}
	first, others := byInterest(modes)
	if same(modes) {
		return []pane{mergedPane(prefix+"same", "The same in every mode", c, modes, shown, outputs)}, nil
	}
	switch {
	case same(first):
		primary = []pane{mergedPane(prefix+"same", "The same in both", c, first, shown, outputs)}
	case len(first) == 2 && shown[first[0]] != nil && shown[first[1]] != nil:
		markDifferences(outputs[first[0]], outputs[first[1]])
		fallthrough
	default:
		for _, m := range first {
			primary = append(primary, newPane(prefix+string(m), c, m, shown[m], outputs[m]))
		}
	}
	for _, m := range others {
		rest = append(rest, newPane(prefix+string(m), c, m, shown[m], outputs[m]))
	}
	return primary, rest
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

// also names the panes that are folded away.
func also(panes []pane) string {
	var names []string
	for _, p := range panes {
		names = append(names, strings.ToLower(p.Title))
	}
	return strings.Join(names, ", ")
}

func newPane(id string, c *lessons.Cell, mode program.Mode, run *runner.Run, output []outputLine) pane {
	p := pane{ID: id, Title: lookOf(mode).Name}
	if mode == program.Plain {
		p.Title = "Output"
	}
	if run == nil {
		p.Modes, p.Empty = []paneMode{{Mode: lookOf(mode)}}, "not run yet"
		return p
	}
	p.Modes = []paneMode{{lookOf(mode), howEnded(c, run), processes(run)}}
	p.fill(output, distinctPids(output) > 1)
	p.end(run)
	return p
}

func mergedPane(id, title string, c *lessons.Cell, modes []program.Mode, shown map[program.Mode]*runner.Run, outputs map[program.Mode][]outputLine) pane {
	p := pane{ID: id, Title: title}
	for _, m := range modes {
		p.Modes = append(p.Modes, paneMode{lookOf(m), howEnded(c, shown[m]), processes(shown[m])})
	}
	p.fill(outputs[modes[0]], false)
	p.end(shown[modes[0]])
	return p
}

// fill groups lines by who printed them, and folds what is too long.
func (p *pane) fill(output []outputLine, pids bool) {
	shown := firstShown(output)
	p.Count = len(output) - shown
	var groups []said
	for i, l := range output {
		pid := 0
		if pids {
			pid = l.pid
		}
		p.Told = p.Told || l.worker != "" || l.stderr || pid != 0
		g := said{Gap: l.gap, Worker: l.worker, Pid: pid, Stderr: l.stderr}
		if n := len(groups); i == shown || n == 0 || l.gap != "" || !groups[n-1].by(g) {
			groups = append(groups, g)
		}
		groups[len(groups)-1].add(l)
		if i < shown {
			p.Lines = groups
		} else {
			p.More = groups[len(p.Lines):]
		}
	}
}

// firstShown returns how many lines are shown, of an output that is too long only the first. What is folded
// in a stack trace counts as one line.
func firstShown(output []outputLine) int {
	rows, first := 0, len(output)
	for i, l := range output {
		if l.outside != "" && i > 0 && output[i-1].outside != "" {
			continue
		}
		if rows++; rows == foldTo+1 {
			first = i
		}
	}
	if rows <= foldAfter {
		return len(output)
	}
	return first
}

// end says that nothing was printed, or what was left out after the last line. Where lines are left out
// before it, too, it is not known how much of it is which.
func (p *pane) end(run *runner.Run) {
	cut := run.Output.Cut
	gaps := slices.ContainsFunc(run.Output.Lines, func(l runner.Line) bool { return l.Gap })
	switch {
	case cut > 0 && !gaps:
		p.Left = "… " + thousands(cut) + " bytes more were left out"
	case cut > 0 && run.Outcome.Kind == program.Flooded:
		p.Left = "… more was left out, " + thousands(cut) + " bytes in all"
	case len(run.Output.Lines) == 0:
		p.Empty = "printed nothing"
	}
}

func (s said) by(t said) bool {
	return s.Worker == t.Worker && s.Pid == t.Pid && s.Stderr == t.Stderr
}

// add takes a line to the last stretch, or to a new one where folded lines begin or end.
func (s *said) add(l outputLine) {
	n := len(s.Text)
	if n == 0 || (l.outside != "") != (s.Text[n-1].Fold() != "") {
		s.Text = append(s.Text, stretch{})
	}
	s.Text[len(s.Text)-1].add(l)
}

// output returns the lines of a run, with positions as they are in the lesson now.
func (p *lessonPage) output(run *runner.Run) []outputLine {
	lines := make([]outputLine, 0, len(run.Output.Lines))
	gaps := false
	for _, l := range run.Output.Lines {
		o := outputLine{worker: l.Worker, pid: l.Pid, stderr: l.Stderr, text: p.lesson.Rewrite(l.Text)}
		if o.text != l.Text { // else it is the program that prints something like a position
			o.places = p.places(o.text)
		}
		if l.Gap {
			o.gap = "… some output left out …"
			if !gaps && run.Output.Cut > 0 && run.Outcome.Kind != program.Flooded {
				o.gap = "… " + thousands(run.Output.Cut) + " bytes left out …"
			}
			gaps = true
		}
		lines = append(lines, o)
	}
	findOutside(lines)
	return lines
}

// processes says how many processes a run was, as far as that is known: those that printed, those that
// workers ran in, and the first, which printed nothing where all that are known are workers'.
func processes(run *runner.Run) string {
	workers, all := make(map[int]bool), make(map[int]bool)
	for _, s := range run.Spans {
		if s.Pid == 0 {
			continue
		}
		all[s.Pid] = true
		if s.Mode == program.Process {
			workers[s.Pid] = true
		}
	}
	for _, l := range run.Output.Lines {
		if l.Pid != 0 {
			all[l.Pid] = true
		}
	}
	n := len(all)
	if n == len(workers) && n > 0 {
		n++
	}
	if n == 0 {
		return ""
	}
	return quantity.Count(n, "process")
}

func distinctPids(output []outputLine) int {
	pids := make(map[int]bool)
	for _, l := range output {
		pids[l.pid] = true
	}
	return len(pids)
}

// thousands writes n with a space between groups of three digits.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}
