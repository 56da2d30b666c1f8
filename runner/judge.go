package runner

import (
	"fmt"
	"slices"
	"strings"

	"course/problem"
	"course/program"
)

// verdict returns what is wrong with a program before it runs: nothing, where it does not compile and
// should not.
func (b build) verdict() problem.List {
	list := slices.Clone(b.vet)
	compiles := len(b.problems) == 0
	switch expected := expectsNotCompiled(b.program.Options); {
	case expected && compiles:
		return problem.List{{
			Position: cellPosition(b.program), Message: "it compiles, expected to be refused by the compiler",
			Hint: "leave out expect=compile-error",
		}}
	case !expected:
		list = append(list, b.problems...)
	}
	for _, name := range misplaced(b.program.Options) {
		list = append(list, problem.Problem{
			Position: cellPosition(b.program), Message: fmt.Sprintf("file %q is not below the working directory", name),
		})
	}
	return list
}

// refusals are the runs of a program that does not compile and should not: one for each mode.
func (b build) refusals() []Run {
	modes := b.program.Options.Modes
	if len(modes) == 0 {
		modes = []program.Mode{program.Plain}
	}
	var out Output
	for line := range strings.Lines(b.said) {
		out.Lines = append(out.Lines, Line{Stderr: true, Text: strings.TrimSuffix(line, "\n")})
	}
	var runs []Run
	for _, mode := range modes {
		runs = append(runs, Run{Mode: mode, Outcome: program.Outcome{Kind: program.NotCompiled}, Output: out})
	}
	return runs
}

// expectsNotCompiled reports whether failing to compile is what a cell means to show. One binary
// serves all modes, so one mode that says so speaks for all.
func expectsNotCompiled(o program.Options) bool {
	for _, outcome := range o.Expect {
		if outcome.Kind == program.NotCompiled {
			return true
		}
	}
	return false
}

// judge compares a run, which left t, with what the program's options say of it. There is at most one
// problem: how a run ended explains what it did not print.
func judge(p program.Program, run Run, t trace) problem.List {
	if want := p.Options.Expect[run.Mode]; run.Outcome != want {
		found := problem.Problem{
			Position: cellPosition(p), Hint: hint(run),
			Message: fmt.Sprintf("%sit %v, expected to %s", prefix(run.Mode), run.Outcome, infinitive(want)),
		}
		if kind := run.Outcome.Kind; kind == program.Panicked || kind == program.Deadlocked {
			if t.at.File != "" {
				found.Position = t.at
			}
			if t.text != "" {
				found.Message += ": " + t.text
			}
		}
		return problem.List{found}
	}
	want, ok := p.Options.Output[run.Mode]
	if !ok {
		return nil
	}
	message := differs(want, run.Output)
	if message == "" {
		return nil
	}
	at := cellPosition(p)
	at.Line = want.Line
	return problem.List{{Position: at, Message: prefix(run.Mode) + message}}
}

// prefix says which mode a message is about, where there is more than one way to run.
func prefix(mode program.Mode) string {
	if mode == program.Plain {
		return ""
	}
	return string(mode) + ": "
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
	case program.NotCompiled:
		return "be refused by the compiler"
	}
	return string(o.Kind)
}

// hint says what to do about a run that did not end as it should.
func hint(run Run) string {
	var expect string
	switch run.Outcome.Kind {
	case program.Exited:
		expect = fmt.Sprintf("exit=%d", run.Outcome.Exit)
	case program.Panicked, program.Deadlocked, program.TimedOut:
		expect = string(run.Outcome.Kind)
	case program.Flooded:
		return fmt.Sprintf("a run may print %d MiB", maxOutput>>20)
	case program.OK, program.Signaled, program.NotCompiled:
		return ""
	}
	if run.Mode != program.Plain {
		expect = fmt.Sprintf("{%s=%s}", run.Mode, expect)
	}
	if run.Outcome.Kind == program.TimedOut {
		return "raise timeout=… or, if this is what it shows, say expect=" + expect
	}
	return "if this is what it shows, say expect=" + expect
}
