package runner

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"course/program"

	"github.com/google/go-cmp/cmp"
)

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
	for _, run := range counted(trial.runs, program.At(program.Thread)) {
		got = append(got, fmt.Sprintf("%d that %v, first after %v: %s", run.Times, run.Outcome, run.Wall, run.Output.Lines[0].Text))
	}
	want := []string{"74 that ended well, first after 0s: one", "25 that panicked, first after 1ms: one", "1 that ended well, first after 6ms: two"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if kept := counted(trial.runs, program.At(program.Process)); len(kept) != maxWays || trial.others[program.At(program.Process)] != 100-maxWays || len(trial.others) != 1 {
		t.Errorf("of 100 different outcomes %d are kept, others %v", len(kept), trial.others)
	}
	if list := problems(trial.program, trial.found); len(list) > 0 {
		t.Errorf("problems: %q", messages(list))
	}
}

// TestAnOutcomeThatIsNotExpectedIsCounted: the author sees how often it came, and what to say where all that came is meant to.
func TestAnOutcomeThatIsNotExpectedIsCounted(t *testing.T) {
	died, stuck := program.Outcome{Kind: program.Panicked}, program.Outcome{Kind: program.TimedOut}
	for name, test := range map[string]struct {
		expect  program.Outcomes
		outcome func(n int) program.Outcome // of run n
		runs    int
		want    string
	}{
		"now and then": {
			nil, func(n int) program.Outcome { return []program.Outcome{{}, {}, died}[n%3] }, 20,
			"cell  panicked in 6 of 20 runs, expected to end well | if this is what it shows, say expect={thread=[ok, panic]}",
		},
		"always": {
			nil, func(int) program.Outcome { return died }, 20,
			"cell  panicked in each of 20 runs, expected to end well | if this is what it shows, say expect={thread=panic}",
		},
		"beside what is": {
			program.Outcomes{died, {Kind: program.Exited, Exit: 1}},
			func(n int) program.Outcome { return []program.Outcome{died, {Kind: program.Signaled, Exit: 9}}[n%2] }, 20,
			"cell  was killed by signal 9 in 10 of 20 runs, expected to panic or to exit with status 1 | if this is what it shows, say expect={thread=[panic, exit=1, signal=9]}",
		},
		"one that takes long": {
			nil, func(n int) program.Outcome { return []program.Outcome{{}, stuck}[n%2] }, 2,
			"cell  did not end in time in 1 of 2 runs, expected to end well | raise timeout=… or, if this is what it shows, say expect={thread=[ok, timeout]}",
		},
	} {
		o := program.Options{Modes: []program.Mode{program.Thread}, Repeat: 20, Vary: program.Vary{Outcome: true}}
		o.Expect = map[program.Mode]program.Outcomes{program.Thread: test.expect}
		trial := tried(o, Budget{}, func(_ program.Mode, n int) Run { return Run{Wall: ms, Outcome: test.outcome(n)} })
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		got := hints(trial.problems())
		if len(got) != 1 || !strings.HasSuffix(strings.Replace(got[0], " (thread)", "", 1), strings.TrimPrefix(test.want, "cell ")) || trial.made[program.At(program.Thread)] != test.runs {
			t.Errorf("%s: %d runs, got %q, want %q", name, trial.made[program.At(program.Thread)], got, test.want)
		}
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
		if got := exactly.way(test.a) == exactly.way(test.b); got != test.same {
			t.Errorf("%s: the same is %t", name, got)
		}
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
