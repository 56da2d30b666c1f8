package runner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/stats"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

// tried is a trial of a program that is not executed: run says what becomes of its nth run in a mode. The clock goes on by what runs take, and by nothing else.
func tried(o program.Options, b Budget, run func(mode program.Mode, n int) Run) *trial {
	t := newTrial(program.Program{ID: "lesson/tried", Options: o}, b)
	var now time.Duration
	t.clock = func() time.Duration { return now }
	t.execute = func(mode program.Mode, purpose Purpose, n int) (Run, observed, error) {
		r := run(mode, n)
		r.Mode = mode
		now += r.Wall
		return r, observed{}, nil
	}
	return t
}

// steady takes always the same time, and restless that or twice as long in turn.
func steady(wall time.Duration) func(program.Mode, int) Run {
	return func(program.Mode, int) Run { return Run{Wall: wall} }
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

func TestTheRuleEndsTheRuns(t *testing.T) {
	measured := program.Options{Modes: twoModes, Measure: true}
	thrice, often := measured, measured
	thrice.Repeat, often.Repeat = 3, 20
	varies := program.Options{Modes: twoModes, Vary: program.Vary{Outcome: true}}
	variesOften := varies
	variesOften.Repeat = 1000
	oneIsRestless := func(mode program.Mode, n int) Run {
		if mode == program.Thread {
			return steady(10*ms)(mode, n)
		}
		return restless(10*ms)(mode, n)
	}
	for name, test := range map[string]struct {
		options program.Options
		budget  Budget
		hurried bool
		run     func(program.Mode, int) Run
		want    Stopped
		counted int // in each mode
	}{
		"narrow at once":                  {measured, Budget{}, false, steady(100 * ms), StoppedNarrow, 6},
		"narrow is every mode":            {measured, Budget{}, false, oneIsRestless, StoppedCount, 50},
		"six in any case":                 {measured, Budget{}, false, restless(time.Second), StoppedBudget, 6},
		"narrow, though it cost too much": {measured, Budget{}, false, steady(time.Second), StoppedNarrow, 6},
		"the most":                        {measured, Budget{}, false, restless(ms), StoppedCount, 50},
		// One round takes 200 ms, the next 400 ms; the warm-up, the first, is of the budget.
		"the budget":                  {measured, Budget{}, false, restless(100 * ms), StoppedBudget, 8},
		"a larger budget":             {measured, Budget{Cell: 5 * time.Second}, false, restless(100 * ms), StoppedBudget, 16},
		"as the lesson says":          {thrice, Budget{Cell: 1}, false, restless(time.Second), StoppedCount, 3},
		"hurried":                     {measured, Budget{}, true, restless(ms), StoppedCourse, 6},
		"hurried, as the lesson says": {thrice, Budget{}, true, restless(ms), StoppedCount, 3},
		"hurried, for all it says":    {often, Budget{}, true, restless(ms), StoppedCourse, 6},
		"outcomes":                    {varies, Budget{}, false, steady(ms), StoppedCount, 20},
		"outcomes within the budget":  {varies, Budget{}, false, steady(100 * ms), StoppedBudget, 13},
		"slow outcomes":               {varies, Budget{}, false, steady(time.Second), StoppedBudget, 6},
		"many outcomes":               {variesOften, Budget{}, false, steady(time.Second), StoppedCount, 1000},
		"not repeated":                {program.Options{Modes: twoModes}, Budget{}, false, steady(ms), "", 1},
	} {
		trial := tried(test.options, test.budget, test.run)
		trial.hurried = test.hurried
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		for _, mode := range twoModes {
			n := 0
			for _, run := range counted(trial.runs, mode) {
				n += max(run.Times, 1)
			}
			if n != test.counted || trial.stopped != test.want {
				t.Errorf("%s: %d counted runs as %s, stopped by %q; want %d, %q", name, n, mode, trial.stopped, test.counted, test.want)
			}
		}
	}
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
		first, last := make(map[program.Mode]int), make(map[program.Mode]int)
		modes := program.Modes()[:n]
		for round := range 2 * n {
			order := inTurn(modes, round)
			first[order[0]]++
			last[order[n-1]]++
		}
		for _, mode := range modes {
			if first[mode] != 2 || last[mode] != 2 {
				t.Errorf("of %d modes, %s is first %d times and last %d times in %d rounds", n, mode, first[mode], last[mode], 2*n)
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
	if why := noise(twoModes, trial.runs); why != nil {
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
		"by number":                   {ms, false, 0, leastRuns, leastRuns},
		"by number, as often as said": {ms, false, 9, leastRuns, 9},
		"by the budget":               {time.Second, false, 0, 1, leastRuns}, // two of warming up and two of the first round take 4 s
		"by the usual budget":         {ms * 500, false, 9, 1, 9},            // the number of runs has none: warming up and the first round take 2 s
		"by the budget of the course": {ms, true, 0, 0, leastRuns},
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
		kept := counted(trial.runs, program.Process)
		if replaced != test.replaced || len(kept) != test.counted {
			t.Errorf("bounded %s: %d replaced and %d counted, want %d and %d", name, replaced, len(kept), test.replaced, test.counted)
		}
		want := map[program.Mode]string{program.Process: fmt.Sprintf("%[1]d of %[1]d runs were disturbed: %s", test.counted, by)}
		if diff := cmp.Diff(want, noise(twoModes, trial.runs)); diff != "" {
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
		trial.execute = func(mode program.Mode, _ Purpose, run int) (Run, observed, error) {
			if calls++; run == n {
				return Run{}, observed{}, fault
			}
			return Run{Mode: mode, Wall: ms}, observed{}, nil
		}
		if err := trial.perform(); !errors.Is(err, fault) || calls != 2*n+1 {
			t.Errorf("after %d calls: %v", calls, err)
		}
	}
}

// Stopping by the width of the interval looks at the measurements, so it has to be tried whether the interval then still covers what
// it promises to. The seed is fixed.
func TestStoppingByWidthLeavesIntervalsHonest(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2026))
	for _, sigma := range []float64{0.01, 0.03, 0.05, 0.15} {
		const builds = 1000
		covered, bias := 0, 0.0
		for range builds {
			trial := tried(program.Options{Modes: twoModes, Measure: true}, Budget{Cell: time.Hour}, func(program.Mode, int) Run {
				return Run{Wall: time.Duration(float64(time.Second) * math.Exp(sigma*random.NormFloat64()))} // its median is 1 s
			})
			if err := trial.perform(); err != nil {
				t.Fatal(err)
			}
			for _, mode := range twoModes {
				m := stats.Median(walls(counted(trial.runs, mode)))
				bias += m.Median/float64(time.Second) - 1
				if m.Low <= float64(time.Second) && float64(time.Second) <= m.High {
					covered++
				}
			}
		}
		n := builds * float64(len(twoModes))
		if share := float64(covered) / n; share < stats.Confidence-0.015 { // three standard errors
			t.Errorf("with noise of %v, %.1f %% of the intervals cover the median", sigma, 100*share)
		}
		if mean := bias / n; math.Abs(mean) > 4*sigma/math.Sqrt(leastRuns*n) {
			t.Errorf("with noise of %v, medians are off by %v on average", sigma, mean)
		}
	}
}

func TestNoiseIsSaidWithItsReason(t *testing.T) {
	series := func(n int, wall func(i int) time.Duration) (runs []Run) {
		for i := range n {
			runs = append(runs, Run{Wall: wall(i)})
		}
		return runs
	}
	constant := func(int) time.Duration { return 100 * ms }
	disturbed := func(n, of int) []Run {
		runs := series(of, constant)
		for i := range n {
			runs[2*i+1].Disturbed = fmt.Sprint("reason ", i)
		}
		return runs
	}
	step := func(n int, second time.Duration) []Run {
		return series(n, func(i int) time.Duration {
			if 2*i < n {
				return 100*ms + time.Duration(i)
			}
			return second + time.Duration(i)
		})
	}
	for name, test := range map[string]struct {
		runs []Run
		want string
	}{
		"none":            {nil, ""},
		"quiet":           {series(9, constant), ""},
		"few":             {series(5, func(i int) time.Duration { return time.Duration(i+1) * ms }), ""}, // there is no interval
		"a quarter":       {disturbed(2, 8), ""},
		"more":            {disturbed(3, 8), "3 of 8 runs were disturbed: reason 0"},
		"wide":            {series(8, func(i int) time.Duration { return time.Duration(80+10*(i%3)) * ms }), "the interval is 22 % of the median wide"},
		"slower":          {step(10, 120*ms), "the second half of the runs took 20 % longer than the first"},
		"quicker":         {step(20, 90*ms), "the second half of the runs took 10 % less than the first"},
		"a little slower": {step(20, 104*ms), ""},
		"too few to tell": {step(8, 110*ms), ""},
		"to and fro":      {series(20, func(i int) time.Duration { return time.Duration(100+8*(i%2)) * ms }), ""},
	} {
		if got := noiseOf(test.runs); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestTheRuleIsTold(t *testing.T) {
	measured := program.Options{Measure: true}
	fixed := program.Options{Measure: true, Repeat: 9}
	for _, test := range []struct {
		options program.Options
		want    string
	}{
		{measured, "6 to 50 runs in each mode, until each 95 % interval is at most 5 % of the median wide, or 2.5 s are spent"},
		{fixed, "9 runs in each mode"},
		{program.Options{Vary: program.Vary{Outcome: true}}, "6 to 20 runs in each mode, until 2.5 s are spent"},
	} {
		if got := (Budget{}).rule(test.options).String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	if rule := (Budget{}).rule(program.Options{Repeat: 3}); rule != nil {
		t.Errorf("a program that runs once has the rule %v", rule)
	}
}

func TestOutcomesAreCounted(t *testing.T) {
	died := program.Outcome{Kind: program.Panicked}
	o := program.Options{Modes: twoModes, Repeat: 100, Vary: program.Vary{Outcome: true}}
	o.Expect = map[program.Mode]program.Outcomes{program.Thread: {{}, died}}
	trial := tried(o, Budget{}, func(mode program.Mode, n int) Run {
		run := Run{Wall: time.Duration(n) * ms, Output: Output{Lines: []Line{{Pid: n, Time: time.Duration(n), Text: "one"}}}}
		switch {
		case mode == program.Process:
			run.Output.Lines[0].Text = fmt.Sprint(n)
		case n%4 == 1:
			run.Outcome = died
			run.Output.Lines = append(run.Output.Lines, Line{Stderr: true, Text: "panic: no"}, Line{Stderr: true, Text: fmt.Sprint("at ", n)})
		case n == 6:
			run.Output.Lines[0].Text = "two"
		}
		return run
	})
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, run := range counted(trial.runs, program.Thread) {
		got = append(got, fmt.Sprintf("%d that %v, first after %v: %s", run.Times, run.Outcome, run.Wall, run.Output.Lines[0].Text))
	}
	want := []string{"74 that ended well, first after 0s: one", "25 that panicked, first after 1ms: one", "1 that ended well, first after 6ms: two"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if kept := counted(trial.runs, program.Process); len(kept) != maxWays || trial.others[program.Process] != 100-maxWays || len(trial.others) != 1 {
		t.Errorf("of 100 different outcomes %d are kept, others %v", len(kept), trial.others)
	}
	if list := problems(trial.program, trial.found); len(list) > 0 {
		t.Errorf("problems: %q", messages(list))
	}
}

func TestWhatIsPrintedTheSameAgainIsKeptOnce(t *testing.T) {
	trial := tried(program.Options{Modes: twoModes, Measure: true, Repeat: 3}, Budget{}, func(mode program.Mode, n int) Run {
		run := Run{Wall: ms, Output: Output{Lines: []Line{{Pid: n, Text: string(mode)}}}}
		if n == 3 && mode == program.Process {
			run.Output.Lines[0].Text = "something else"
		}
		return run
	})
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, run := range trial.runs {
		if run.Mode == program.Process {
			got = append(got, fmt.Sprint(run.Purpose, " ", run.Same, " ", texts(run.Output, false)))
		}
	}
	want := []string{"warmup false [process]", " false [process]", " true []", " false [something else]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatTellsOutcomesApart(t *testing.T) {
	out := func(text string) Line { return Line{Pid: 1, Text: text} }
	said := func(text string) Line { return Line{Pid: 1, Stderr: true, Text: text} }
	made := func(lines ...Line) Run { return Run{Output: Output{Lines: lines}} }
	base := made(out("a"), out("b"), said("x"))
	later := made(Line{Pid: 7, Time: time.Hour, Text: "a"}, out("b"), said("x"))
	later.Wall = time.Hour
	exits := base
	exits.Outcome = program.Outcome{Kind: program.Exited, Exit: 1}
	for name, test := range map[string]struct {
		a, b Run
		same bool
	}{
		"times and pids":       {base, later, true},
		"across streams":       {base, made(out("a"), said("x"), out("b")), true},
		"order":                {base, made(out("b"), out("a"), said("x")), false},
		"stream":               {base, made(out("a"), said("b"), said("x")), false},
		"worker":               {base, made(Line{Worker: "w", Text: "a"}, out("b"), said("x")), false},
		"split":                {made(out("a"), out("b")), made(out("ab")), false},
		"ending":               {base, exits, false},
		"addresses of a trace": {made(said("panic: x"), said("0xc1")), made(said("panic: x"), said("0xc2")), true},
		"what it panicked of":  {made(said("panic: x"), said("0xc1")), made(said("panic: y"), said("0xc1")), false},
		"addresses of a race":  {made(said("WARNING: DATA RACE"), said("0xc1")), made(said("WARNING: DATA RACE"), said("0xc2")), true},
		"output after a race":  {made(said("WARNING: DATA RACE"), out("1")), made(said("WARNING: DATA RACE"), out("2")), false},
		"a panic on stdout":    {made(out("panic: x"), out("1")), made(out("panic: x"), out("2")), false},
	} {
		if got := wayOf(test.a) == wayOf(test.b); got != test.same {
			t.Errorf("%s: the same is %t", name, got)
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
		if n := len(counted(got.Runs, program.Plain)); got.Rule != nil && n != leastRuns || got.Rule == nil && n != 1 {
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

// Two goroutines race for who prints first, and the loser ends the program: one of two outcomes, whichever.
func TestOutcomesOfAProgramAreCounted(t *testing.T) {
	p := cell("races", `func main() {
		first := make(chan int, 2)
		for i := range 2 {
			go func() { first <- i }()
		}
		n := <-first
		fmt.Println(n)
		os.Exit(3 * n)
	}`)
	p.Options.Vary.Outcome, p.Options.Repeat = true, 25
	p.Options.Expect = map[program.Mode]program.Outcomes{program.Plain: {{}, {Kind: program.Exited, Exit: 3}}}
	result := run(t, newRunner(), p)["races"]
	total := 0
	for _, run := range result.Runs {
		total += run.Times
		if want := fmt.Sprint(run.Outcome.Exit / 3); !slices.Equal(texts(run.Output, false), []string{want}) || run.Times == 0 {
			t.Errorf("%d runs %v and printed %q", run.Times, run.Outcome, texts(run.Output, false))
		}
	}
	if total != 25 || len(result.Runs) > 2 || len(result.Problems) > 0 || result.Stopped != StoppedCount {
		t.Errorf("%d runs of %d kinds, stopped by %q, problems %q", total, len(result.Runs), result.Stopped, messages(result.Problems))
	}
}
