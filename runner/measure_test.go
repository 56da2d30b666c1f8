package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"course/stats"

	"course/program"
	"course/runner/sandbox"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

// tried is a trial of a program that is not executed: run says what becomes of its nth run in a mode. The clock goes on by what runs take, and by nothing else.
func tried(o program.Options, b Budget, run func(mode program.Mode, n int) Run) *trial {
	t := newTrial(program.Program{ID: "lesson/tried", Options: o}, b)
	var now time.Duration
	t.clock = func() time.Duration { return now }
	t.execute = func(at program.Point, purpose Purpose, n int) (Run, observed, error) {
		r := run(at.Mode, n)
		r.Mode, r.Value = at.Mode, at.Value
		now += r.Wall
		return r, observed{}, nil
	}
	return t
}

// steady takes always the same time, swaying that or a tenth more in turn, and restless that or twice as long.
func steady(wall time.Duration) func(program.Mode, int) Run {
	return func(program.Mode, int) Run { return Run{Wall: wall} }
}

func swaying(wall time.Duration) func(program.Mode, int) Run {
	return func(_ program.Mode, n int) Run { return Run{Wall: wall + wall/10*time.Duration(n%2)} }
}

func restless(wall time.Duration) func(program.Mode, int) Run {
	return func(_ program.Mode, n int) Run { return Run{Wall: wall << (n % 2)} }
}

var twoModes = []program.Mode{program.Thread, program.Process}

// madeBy lists the runs of a trial: "thread", and with its purpose "thread warmup".
func madeBy(t *trial) (made []string) {
	for _, run := range t.runs {
		made = append(made, strings.TrimSpace(fmt.Sprint(run.Mode, " ", run.Purpose)))
	}
	return made
}

func TestModesAreInterleavedInTurn(t *testing.T) {
	trial := tried(program.Options{Modes: program.Modes()[1:], Measure: true}, Budget{}, steady(ms))
	trial.weighing = true
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	const g, th, p = "goroutine", "thread", "process"
	want := []string{
		g + " warmup", th + " warmup", p + " warmup", g + " memory", th + " memory", p + " memory",
		g, th, p, p, th, g, th, p, g, g, p, th, p, g, th, th, g, p,
	}
	if diff := cmp.Diff(want, madeBy(trial)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for n := 1; n <= 4; n++ {
		first, last := make(map[program.Point]int), make(map[program.Point]int)
		points := program.Options{Modes: program.Modes()[:n]}.Points()
		for round := range 2 * n {
			order := inTurn(points, round)
			first[order[0]]++
			last[order[n-1]]++
		}
		for _, at := range points {
			if first[at] != 2 || last[at] != 2 {
				t.Errorf("of %d modes, %s is first %d times and last %d times in %d rounds", n, at, first[at], last[at], 2*n)
			}
		}
	}
}

func TestADisturbedRunIsReplaced(t *testing.T) {
	const by = "others took 30 % of the processors"
	trial := tried(program.Options{Modes: twoModes, Measure: true, Repeat: 2}, Budget{}, func(mode program.Mode, n int) Run {
		run := Run{Wall: ms}
		if n == 0 || mode == program.Process && (n == 1 || n == 2) {
			run.Disturbed = by
		}
		return run
	})
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	want := []string{ // a warm-up counts nowhere, and so needs no other
		"thread warmup", "process warmup",
		"thread", "process replaced", "process replaced", "process",
		"process", "thread",
	}
	if diff := cmp.Diff(want, madeBy(trial)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if why := noise(program.Options{Modes: twoModes}.Points(), trial.runs); why != nil {
		t.Errorf("with its disturbed runs replaced it is noisy: %v", why)
	}
}

func TestReplacingIsBounded(t *testing.T) {
	const by = "others took 30 % of the processors"
	always := func(wall time.Duration) func(program.Mode, int) Run {
		return func(mode program.Mode, _ int) Run {
			run := Run{Wall: wall}
			if mode == program.Process {
				run.Disturbed = by
			}
			return run
		}
	}
	for name, test := range map[string]struct {
		wall              time.Duration
		hurried           bool
		repeat            int
		replaced, counted int
	}{
		"by number":                   {ms, false, 0, stats.LeastRuns, stats.LeastRuns},
		"by number, as often as said": {ms, false, 9, stats.LeastRuns, 9},
		"by the budget":               {time.Second, false, 0, 1, stats.LeastRuns}, // two of warming up and two of the first round take 4 s
		"by the usual budget":         {ms * 500, false, 9, 1, 9},                  // the number of runs has none: warming up and the first round take 2 s
		"by the budget of the course": {ms, true, 0, 0, stats.LeastRuns},
	} {
		trial := tried(program.Options{Modes: twoModes, Measure: true, Repeat: test.repeat}, Budget{Cell: 4500 * ms}, always(test.wall))
		trial.hurried = test.hurried
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		replaced := 0
		for _, run := range trial.runs {
			if run.Purpose == Replaced {
				replaced++
			}
		}
		kept := counted(trial.runs, program.At(program.Process))
		if replaced != test.replaced || len(kept) != test.counted {
			t.Errorf("bounded %s: %d replaced and %d counted, want %d and %d", name, replaced, len(kept), test.replaced, test.counted)
		}
		want := map[program.Point]string{program.At(program.Process): fmt.Sprintf("%[1]d of %[1]d runs were disturbed: %s", test.counted, by)}
		if diff := cmp.Diff(want, noise(program.Options{Modes: twoModes}.Points(), trial.runs)); diff != "" {
			t.Errorf("bounded %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAModeThatFailsIsNotRepeated(t *testing.T) {
	died := program.Outcome{Kind: program.Panicked}
	for name, test := range map[string]struct {
		dies    func(mode program.Mode, n int) bool
		want    []string
		stopped Stopped
	}{
		"one": {
			func(mode program.Mode, n int) bool { return mode == program.Thread && n == 1 },
			[]string{"thread warmup", "process warmup", "thread", "process", "process"},
			StoppedCount,
		},
		"all at once": {func(program.Mode, int) bool { return true }, []string{"thread warmup", "process warmup"}, ""},
	} {
		trial := tried(program.Options{Modes: twoModes, Measure: true, Repeat: 2}, Budget{}, func(mode program.Mode, n int) Run {
			run := Run{Wall: ms, Disturbed: map[bool]string{true: "x"}[n > 0 && test.dies(mode, n)]}
			if test.dies(mode, n) {
				run.Outcome = died
			}
			return run
		})
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, madeBy(trial)); diff != "" || trial.stopped != test.stopped {
			t.Errorf("%s, stopped by %q (-want +got):\n%s", name, trial.stopped, diff)
		}
		if list := problems(trial.program, trial.found); len(list) != 1 {
			t.Errorf("%s: problems %q", name, messages(list))
		}
	}
}

func TestAFaultOfTheSystemEndsTheTrial(t *testing.T) {
	fault := errors.New("the disk is full")
	for n := range 4 { // the warm-up, weighing, the first and second round
		trial := tried(program.Options{Modes: twoModes, Measure: true}, Budget{}, nil)
		trial.weighing = true
		calls := 0
		trial.execute = func(at program.Point, _ Purpose, run int) (Run, observed, error) {
			if calls++; run == n {
				return Run{}, observed{}, fault
			}
			return Run{Mode: at.Mode, Wall: ms}, observed{}, nil
		}
		if err := trial.perform(); !errors.Is(err, fault) || calls != 2*n+1 {
			t.Errorf("after %d calls: %v", calls, err)
		}
	}
}

// A handler that takes its time must not have a measured program wait. This one ends all as soon as it is told of a line: of a run that is
// over by then the end is told all the same.
func TestAMeasuredRunIsOverWhenItsOutputIsTold(t *testing.T) {
	p := cell("talks", `func main() { fmt.Println("a line"); time.Sleep(300 * time.Millisecond) }`)
	p.Options.Measure, p.Options.Repeat = true, 1
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told []string
	err := newRunner().Run(ctx, []program.Program{p}, func(e Event) {
		if e.Kind == Building {
			return
		}
		told = append(told, fmt.Sprint(e.Kind, " ", e.Run))
		if (e.Kind == Started || e.Kind == Ended) && (e.Spent == nil || e.Spent.Course < e.Spent.Program) {
			t.Errorf("%s: spent is %+v", e.Kind, e.Spent)
		}
		if e.Kind == Printed && e.Run == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	want := []string{"started 0", "printed 0", "ended 0", "started 1", "printed 1", "ended 1"}
	if len(told) > len(want) { // it may have begun another
		told = told[:len(want)]
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAMeasuredResultTellsItsRule(t *testing.T) {
	p := cell("timed", "func main() {}")
	p.Options.Measure, p.Options.Repeat = true, 6
	short := p
	short.ID, short.Options.Repeat = "lesson/short", 9
	plain := cell("plain", "func main() {}")
	results := run(t, &Runner{Store: Store{Dir: storeDir}, Budget: Budget{Course: 1}}, p, short, plain)
	for name, want := range map[string]Result{
		"timed": {Rule: &Rule{Least: 6, Most: 6}, Stopped: StoppedCount},
		"short": {Rule: &Rule{Least: 9, Most: 9}, Stopped: StoppedCourse}, // for by then the budget of the course is spent
		"plain": {},
	} {
		got := results[name]
		if diff := cmp.Diff(want.Rule, got.Rule); diff != "" || got.Stopped != want.Stopped {
			t.Errorf("%s: stopped by %q, want %q; rule (-want +got):\n%s", name, got.Stopped, want.Stopped, diff)
		}
		if n := len(counted(got.Runs, program.At(program.Plain))); got.Rule != nil && n != stats.LeastRuns || got.Rule == nil && n != 1 {
			t.Errorf("%s: %d counted runs", name, n)
		}
	}
}

func TestAQuickRunIsNoAnswerToAMeasuredOne(t *testing.T) {
	measured := cell("quick", "func main() {}")
	measured.Options.Measure, measured.Options.Repeat = true, 6
	varies := measured
	varies.Options.Measure, varies.Options.Vary.Outcome = false, true
	quick := measured
	quick.Options = measured.Options.Quick()
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	result := run(t, r, quick)["quick"]
	if len(result.Runs) != 1 || result.Rule != nil || result.Runs[0].Purpose != Counted {
		t.Errorf("it is measured: %+v", result)
	}
	if _, stale := r.Stored([]program.Program{measured, varies, quick}); len(stale) != 2 {
		t.Errorf("%d of measured, varying and quick have no result, want the first two", len(stale))
	}
	if diff := cmp.Diff(quick.Options, varies.Options.Quick()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRunsAreConfinedAlike: a result says what has confined all of its runs.
func TestRunsAreConfinedAlike(t *testing.T) {
	for name, o := range map[string]program.Options{"one each": {Modes: twoModes}, "measured": {Modes: twoModes, Measure: true}} {
		trial := tried(o, Budget{}, steady(ms))
		execute, runs := trial.execute, 0
		trial.execute = func(at program.Point, purpose Purpose, n int) (Run, observed, error) {
			run, seen, err := execute(at, purpose, n)
			seen.layers = []sandbox.Layer{sandbox.Namespaces, sandbox.Seccomp}[min(runs, 1):]
			runs++
			return run, seen, err
		}
		if err := trial.perform(); !errors.Is(err, errConfinement) || runs != 2 {
			t.Errorf("%s: error %v after %d runs", name, err, runs)
		}
	}
}
