package runner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"course/problem"
	"course/program"
	"course/runner/build"
)

// verdict returns what is wrong with a program before it runs: nothing, where it does not compile and
// should not.
func verdict(b build.Build) problem.List {
	if b.Lacking != "" { // then it was not compiled
		return nil
	}
	list := slices.Clone(b.Vet)
	compiles := len(b.Problems) == 0
	switch expected := b.Program.Options.ExpectsNotCompiled(); {
	case expected && compiles:
		return problem.List{{
			Position: cellPosition(b.Program), Message: subject(b.Program, nil) + " compiles, expected to be refused by the compiler",
			Hint: "leave out expect=compile-error",
		}}
	case !expected:
		list = append(list, b.Problems...)
	}
	for _, name := range misplaced(b.Program.Options) {
		list = append(list, problem.Problem{
			Position: cellPosition(b.Program), Message: fmt.Sprintf("file %q is not below the working directory", name),
		})
	}
	return list
}

// refusals are the runs of a program that does not compile and should not: one for each mode.
func refusals(b build.Build) []Run {
	modes := b.Program.Options.Modes
	if len(modes) == 0 {
		modes = []program.Mode{program.Plain}
	}
	var out Output
	for line := range strings.Lines(b.Said) {
		out.Lines = append(out.Lines, Line{Stderr: true, Text: strings.TrimSuffix(line, "\n")})
	}
	var runs []Run
	for _, mode := range modes {
		runs = append(runs, Run{Mode: mode, Outcome: program.Outcome{Kind: program.NotCompiled}, Output: out})
	}
	return runs
}

// A finding is what is wrong with a run, but for whose run it is: then findings of several modes can be
// the same.
type finding struct {
	at     problem.Position
	does   string // what the cell does, as the end of a sentence: "the cell " + does
	advice string // how to mend it
	expect string // what expect= says where this is what the cell shows; empty where that cannot be said
}

// judge compares a run with what the program's options say of it. How a run ended explains all else:
// there is one finding, then.
func judge(p program.Program, run Run, seen observed) (found []finding) {
	if seen.lost != "" {
		does := seen.lost + " the supervisor that was to contain it"
		return []finding{{at: cellPosition(p), does: does, advice: "signal none but processes that it started"}}
	}
	if want := p.Options.Expect[run.Mode]; !want.Has(run.Outcome) {
		return []finding{misended(p, run.Outcome, want, seen)}
	}
	if seen.left > 0 {
		does := "left 1 process behind, which was ended"
		if seen.left > 1 {
			does = fmt.Sprintf("left %d processes behind, which were ended", seen.left)
		}
		found = append(found, finding{at: cellPosition(p), does: does, advice: "wait for what it starts"})
	}
	if seen.read {
		found = append(found, finding{
			at: cellPosition(p), does: "reads standard input, which is empty",
			advice: `give it some with stdin="…", or say stdin="" where it is meant to be empty`,
		})
	}
	if want, ok := p.Options.Output[run.Mode]; ok {
		if does, line := differs(want, run.Output, p.Options.Vary); does != "" {
			at := cellPosition(p)
			at.Line = statedAt(p, want, line)
			found = append(found, finding{at: at, does: does})
		}
	}
	return found
}

// misended is the finding that a run did not end as it should.
func misended(p program.Program, got program.Outcome, want program.Outcomes, seen observed) finding {
	f := finding{at: cellPosition(p), does: fmt.Sprintf("%v%s, expected to %s", got, often(got, seen.ended), infinitives(want))}
	l, expect := seen.limits, orExpected(want, got)
	if seen.ended != nil {
		expect = allOf(want, seen.ended)
	}
	switch got.Kind {
	case program.Exited, program.Signaled:
		f.expect = expect
		if seen.trace.raised {
			f.trace(seen.trace)
		}
	case program.Panicked, program.Deadlocked:
		f.expect = expect
		f.trace(seen.trace)
	case program.Raced:
		f.expect = expect
		if seen.trace.race.File != "" {
			f.at = seen.trace.race
		}
	case program.TimedOut:
		f.advice, f.expect = "raise timeout=…", expect
	case program.Flooded:
		f.advice, f.expect = fmt.Sprintf("a run may print %d MiB", maxOutput>>20), expect
	case program.OutOfMemory:
		f.advice, f.expect = fmt.Sprintf("a run may take %d MiB", l.Memory>>20), expect
	case program.Overcrowded:
		f.advice, f.expect = fmt.Sprintf("a run may have %d processes and threads", l.Processes), expect
	case program.DiskFull:
		f.advice, f.expect = fmt.Sprintf("a run may write %d MiB", l.Disk>>20), expect
		f.trace(seen.trace)
	case program.ManyFiles:
		f.expect = expect
		if seen.confined {
			f.advice = fmt.Sprintf("a process may have %d files open", l.Files)
		}
		f.trace(seen.trace)
	case program.LargeFile:
		f.expect = expect
		if seen.confined {
			f.advice = fmt.Sprintf("a file may have %d MiB", l.FileSize>>20)
		}
		f.trace(seen.trace)
	case program.OK, program.NotCompiled:
	}
	return f
}

// trace says where and by what words a program ended itself, where it did.
func (f *finding) trace(t trace) {
	if t.at.File != "" {
		f.at = t.at
	}
	if t.text != "" && (t.panicked || t.deadlocked || t.raised) {
		f.does += ": " + t.text
	}
}

// problems makes problems of what was found at each point: one of each thing, whichever points show it.
func problems(p program.Program, found map[program.Point][]finding) problem.List {
	var order []finding
	points := make(map[finding][]program.Point)
	for _, at := range p.Options.Points() {
		for _, f := range found[at] {
			if len(points[f]) == 0 {
				order = append(order, f)
			}
			points[f] = append(points[f], at)
		}
	}
	var list problem.List
	for _, f := range order {
		var modes []program.Mode
		for _, at := range points[f] {
			if !slices.Contains(modes, at.Mode) {
				modes = append(modes, at.Mode)
			}
		}
		list = append(list, problem.Problem{
			Position: f.at, Message: subject(p, modes) + values(p, points[f]) + " " + f.does, Hint: f.hint(p, modes),
		})
	}
	return list
}

// values says at which values of a sweep something was found, where it is not all of them: " with workers=2, 4".
func values(p program.Program, found []program.Point) string {
	sweep := p.Options.Sweep
	if sweep == nil {
		return ""
	}
	var texts []string
	for _, value := range sweep.Values {
		if slices.ContainsFunc(found, func(at program.Point) bool { return at.Value == value }) {
			texts = append(texts, sweep.Text(value))
		}
	}
	if len(texts) == len(sweep.Values) {
		return ""
	}
	return " with " + sweep.Name + "=" + strings.Join(texts, ", ")
}

// subject begins a message: its position may be in another cell. It says which modes it is about where
// there is more than one way to run.
func subject(p program.Program, modes []program.Mode) string {
	name := "cell " + p.Name()
	switch all := len(p.Options.Modes); {
	case len(modes) == 0 || slices.Contains(modes, program.Plain):
		return name
	case len(modes) == all && all > 1:
		return name + " (every mode)"
	}
	return name + " (" + join(modes, "") + ")"
}

// hint says what to do about a finding.
func (f finding) hint(p program.Program, modes []program.Mode) string {
	if f.expect == "" {
		return f.advice
	}
	expect := f.expect
	if len(modes) < len(p.Options.Modes) || len(modes) == 1 && modes[0] != program.Plain {
		expect = "{" + join(modes, "="+expect) + "}"
	}
	hint := "if this is what it shows, say expect=" + expect
	if f.advice != "" {
		hint = f.advice + " or, " + hint
	}
	if f.at.File != p.File() {
		hint += " at the fence of cell " + p.Name()
	}
	return hint
}

// join lists modes, each with something after it.
func join(modes []program.Mode, after string) string {
	var words []string
	for _, mode := range modes {
		words = append(words, string(mode)+after)
	}
	return strings.Join(words, ", ")
}

// orExpected is what expect= has to say for got to be expected, too, where it names several outcomes already; else
// got takes the place of what was expected.
func orExpected(want program.Outcomes, got program.Outcome) string {
	if len(want) < 2 {
		return got.Name()
	}
	var names []string
	for _, o := range append(slices.Clone(want), got) {
		names = append(names, o.Name())
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// often says in how many runs of a program whose outcome varies that was the outcome, as the end of a sentence.
func often(got program.Outcome, ended map[program.Outcome]int) string {
	all := 0
	for _, n := range ended {
		all += n
	}
	switch n := ended[got]; {
	case all < 2:
		return ""
	case n == all:
		return fmt.Sprintf(" in each of %d runs", all)
	default:
		return fmt.Sprintf(" in %d of %d runs", n, all)
	}
}

// allOf is what expect= has to say of a program whose outcome varies for all that it names and all that came to be expected. That it ends well is
// left out where nobody said so and no run did.
func allOf(want program.Outcomes, ended map[program.Outcome]int) string {
	var more program.Outcomes
	for o := range ended {
		if !slices.Contains(want, o) {
			more = append(more, o)
		}
	}
	slices.SortFunc(more, func(a, b program.Outcome) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), a.Exit-b.Exit)
	})
	var names []string
	for _, o := range append(slices.Clone(want), more...) {
		names = append(names, o.Name())
	}
	if len(names) == 1 {
		return names[0]
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// infinitives says how a run may end, as the end of a sentence: "it was expected to …".
func infinitives(all program.Outcomes) string {
	if len(all) == 0 {
		return infinitive(program.Outcome{})
	}
	var words []string
	for _, o := range all {
		words = append(words, infinitive(o))
	}
	return strings.Join(words, " or to ")
}

// infinitive says how a run should end, as the end of a sentence: "it was expected to …".
func infinitive(o program.Outcome) string {
	switch o.Kind {
	case program.OK:
		return "end well"
	case program.Exited:
		return fmt.Sprintf("exit with status %d", o.Exit)
	case program.Signaled:
		return fmt.Sprintf("be killed by signal %d", o.Exit)
	case program.Panicked:
		return "panic"
	case program.Deadlocked:
		return "deadlock"
	case program.TimedOut:
		return "run until its time is over"
	case program.Flooded:
		return "print too much"
	case program.OutOfMemory:
		return "take too much memory"
	case program.Overcrowded:
		return "start too many processes"
	case program.DiskFull:
		return "fill its directory"
	case program.ManyFiles:
		return "open too many files"
	case program.LargeFile:
		return "write too large a file"
	case program.Raced:
		return "have a data race"
	case program.NotCompiled:
		return "be refused by the compiler"
	}
	return string(o.Kind)
}

// cellPosition is the place of what concerns all of the cell of p.
func cellPosition(p program.Program) problem.Position { return problem.Position{File: p.File()} }
