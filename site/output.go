package site

import (
	"strconv"
	"strings"

	"course/lessons"
	"course/program"
	"course/quantity"
	"course/runner"
	"course/site/terminal"
)

// howEnded compares how a run ended with what the lesson expects.
func howEnded(c *lessons.Cell, run *runner.Run) ending {
	words := run.Outcome.String()
	switch expected := c.Options.Expect[run.Mode]; {
	case !expected.Has(run.Outcome):
		return ending{words, "wrong", "not as expected"}
	case run.Outcome == program.Outcome{}:
		return ending{words, "well", ""}
	}
	return ending{words, "meant", "as the lesson means to show"}
}

// String says all of it: "panicked, as the lesson means to show".
func (e ending) String() string {
	if e.Why == "" {
		return e.Words
	}
	return e.Words + ", " + e.Why
}

// short leaves out that it was meant, where that would be said again and again.
func (e ending) short() string {
	if e.State == "meant" {
		return e.Words
	}
	return e.String()
}

// output returns the lines of a run, with positions as they are in the lesson now.
func (p *lessonPage) output(c *lessons.Cell, run *runner.Run) []outputLine {
	lines := make([]outputLine, 0, len(run.Output.Lines))
	mask, find := c.Options.Vary.Masker(), c.Options.Vary.Finder()
	gaps := false
	terminals := make(map[writer]*terminal.Reader) // one for each stream of a process
	for _, l := range run.Output.Lines {
		o := outputLine{worker: l.Worker, pid: l.Pid, stderr: l.Stderr}
		stream := writer{pid: l.Pid, stderr: l.Stderr}
		if terminals[stream] == nil {
			terminals[stream] = new(terminal.Reader)
		}
		if l.Gap {
			terminals[stream].Reset()
		}
		shown := terminals[stream].Line(l.Text)
		if o.looks, o.over = shown.Spans, shown.Over; p.rewrite(&o, shown.Text) { // else it is the program that prints something like a position
			o.places = p.places(o.text)
		}
		o.masked, o.varies = mask(o.text), find(o.text)
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
	findOutsidePython(lines)
	return lines
}

// rewrite gives a line its text, with positions as they are in the lesson now, and reports whether there are any.
func (p *lessonPage) rewrite(l *outputLine, text string) bool {
	if l.text = p.lesson.Rewrite(text); l.text == text {
		return false
	}
	if len(l.looks) == 0 {
		return true
	}
	at := 0
	var b strings.Builder
	spans := l.looks
	l.looks = nil
	for _, s := range spans { // a stretch that looks alike at a time: what is in it may become longer
		b.WriteString(p.lesson.Rewrite(text[at:s.From]))
		from := b.Len()
		b.WriteString(p.lesson.Rewrite(text[s.From:s.To]))
		l.looks = append(l.looks, terminal.Span{From: from, To: b.Len(), Style: s.Style})
		at = s.To
	}
	b.WriteString(p.lesson.Rewrite(text[at:]))
	l.text = b.String()
	return true
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
