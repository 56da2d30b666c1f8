package runner

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"course/program"

	"github.com/google/go-cmp/cmp"
)

// lines are those of a run: "1 text" of process 1, "1! text" on its standard error, and "1 w: text" by worker w.
func lines(texts ...string) (all []Line) {
	for _, text := range texts {
		pid, text, _ := strings.Cut(text, " ")
		line := Line{Stderr: strings.HasSuffix(pid, "!"), Text: text}
		line.Pid = int(pid[0] - '0')
		if who, what, ok := strings.Cut(text, ": "); ok && who == "w" {
			line.Worker, line.Text = who, what
		}
		all = append(all, line)
	}
	return all
}

func TestWhatIsADifference(t *testing.T) {
	order, mask := program.Vary{Order: true}, program.Vary{Masks: []string{"pid [0-9]+", "at .*"}}
	both := program.Vary{Order: true, Masks: mask.Masks}
	for name, test := range map[string]struct {
		vary program.Vary
		a, b []Line
		want string // "" for none
	}{
		"none":                           {program.Vary{}, lines("1 a", "1 b"), lines("7 a", "7 b"), ""},
		"a line":                         {program.Vary{}, lines("1 a", "1 b"), lines("1 a", "1 c"), "b | c"},
		"a line more":                    {program.Vary{}, lines("1 a"), lines("1 a", "1 c"), "- | c"},
		"a line less":                    {program.Vary{}, lines("1 a", "1 a"), lines("1 a"), "a | -"},
		"an empty line":                  {program.Vary{}, lines("1 a"), lines("1 a", "1 "), "- | "},
		"who printed":                    {program.Vary{}, lines("1 w: a"), lines("1 a"), "a | a"},
		"the most similar":               {program.Vary{}, lines("1 process 12", "1 a"), lines("1 b", "1 process 13"), "process 12 | process 13"},
		"order":                          {program.Vary{}, lines("1 a", "1 b"), lines("1 b", "1 a"), "a | b order"},
		"order of processes":             {program.Vary{}, lines("1 a", "2 b", "1 c"), lines("4 b", "3 a", "3 c"), ""},
		"order in one of them":           {program.Vary{}, lines("1 a", "2 b", "1 c"), lines("4 b", "3 c", "3 a"), "a | c order"},
		"shared out otherwise":           {program.Vary{}, lines("1 a", "1 b", "2 c"), lines("3 b", "4 a", "4 c"), ""},
		"order of streams":               {program.Vary{}, lines("1 a", "1! b"), lines("1! b", "1 a"), ""},
		"stream":                         {program.Vary{}, lines("1 a"), lines("1! a"), "a | -"},
		"standard error":                 {program.Vary{}, lines("1! a"), lines("1! b"), "a | b"},
		"addresses of a panic":           {program.Vary{}, lines("2! panic: x", "2! 0x1", "1! end"), lines("2! panic: x", "1! end", "2! 0x2"), ""},
		"after another's panic":          {program.Vary{}, lines("2! panic: x", "2! 0x1", "1! end"), lines("2! panic: x", "2! 0x1", "1! over"), "end | over"},
		"a stack that is full":           {program.Vary{}, lines("2! runtime: goroutine stack exceeds", "2! sp=0x1"), lines("2! runtime: goroutine stack exceeds", "2! sp=0x2"), ""},
		"order that may vary":            {order, lines("1 a", "1 b"), lines("1 b", "1 a"), ""},
		"lines, though order may vary":   {order, lines("1 a", "1 b"), lines("1 c", "1 a"), "b | c"},
		"how often, though order may":    {order, lines("1 a", "1 b", "1 a"), lines("1 b", "1 a", "1 b"), "a | b"},
		"what is masked":                 {mask, lines("1 pid 12 is at x"), lines("1 pid 345 is at y"), ""},
		"what is not":                    {mask, lines("1 pid 12 was at x"), lines("1 pid 12 is at x"), "pid 12 was at x | pid 12 is at x"},
		"order of what is masked":        {mask, lines("1 pid 1 a", "1 pid 2 b"), lines("1 pid 1 b", "1 pid 2 a"), "pid 1 a | pid 1 b order"},
		"order and masks":                {both, lines("1 pid 1 a", "1 pid 2 b"), lines("1 pid 1 b", "1 pid 2 a"), ""},
		"pids, if nobody says they vary": {program.Vary{}, lines("1 pid 1", "2 pid 2"), lines("3 pid 3", "4 pid 4"), "pid 1 | pid 3"},
	} {
		c := newComparer(program.Options{Vary: test.vary})
		text := func(l *Line) string {
			if l == nil {
				return "-"
			}
			return l.Text
		}
		a, b := Run{Output: Output{Lines: test.a}}, Run{Output: Output{Lines: test.b}}
		d := c.difference(a, b)
		got := ""
		if !d.none() {
			got = text(d.here) + " | " + text(d.there) + map[bool]string{true: " order"}[d.order]
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if back := c.difference(b, a); back.none() != d.none() || back.order != d.order {
			t.Errorf("%s: the other way round it is %+v", name, back)
		}
	}
}

// Where it is not known which process wrote a line, nothing is known of the order of lines of several.
func TestWithoutProcessesThereIsNoOrder(t *testing.T) {
	a, b := Run{Output: Output{Lines: lines("1 a", "1 b")}}, Run{Output: Output{Lines: lines("1 b", "1 a")}}
	a.Spans, b.Spans = []Span{{Mode: program.Process}}, []Span{{Mode: program.Process}}
	if got, want := exactly.difference(a, b).none(), runtime.GOOS != "linux"; got != want {
		t.Errorf("that they are the same is %t", got)
	}
}

func TestAStatedOrderMatters(t *testing.T) {
	o := program.Options{Output: map[program.Mode]program.Output{program.Thread: {Unordered: true}}}
	for mode, want := range map[program.Mode]bool{program.Thread: true, program.Process: false} {
		a := Run{Mode: mode, Output: Output{Lines: lines("1 a", "1 b")}}
		b := Run{Mode: mode, Output: Output{Lines: lines("1 b", "1 a")}}
		if got := newComparer(o).difference(a, b).none(); got != want {
			t.Errorf("%s: they are the same: %t", mode, got)
		}
		onStderr := Run{Mode: mode, Output: Output{Lines: lines("1! a", "1! b")}}
		if newComparer(o).difference(onStderr, Run{Mode: mode, Output: Output{Lines: lines("1! b", "1! a")}}).none() {
			t.Errorf("%s: no output is stated of standard error", mode)
		}
	}
}

func TestWhatMayVaryIsSaidInAHint(t *testing.T) {
	for name, test := range map[string]struct {
		options program.Options
		here    string
		there   string // "-" for none
		want    string
	}{
		"a number": {
			program.Options{Measure: true},
			"process 4711 keeps 7", "process 4713 keeps 7",
			`printed "process 4711 keeps 7" in one run and "process 4713 keeps 7" in another | where a part of a line may vary say mask=["process [0-9]+"]`,
		},
		"an address": {
			program.Options{Measure: true},
			"at 0xc00012", "at 0xc00014",
			`printed "at 0xc00012" in one run and "at 0xc00014" in another | where a part of a line may vary say mask=["at 0x[0-9a-f]+"]`,
		},
		"a time": {
			program.Options{Measure: true},
			"took 1.5ms", "took 998.25µs",
			`printed "took 1.5ms" in one run and "took 998.25µs" in another | where a part of a line may vary say mask=["took [0-9.hmsnµ]+"]`,
		},
		"a fraction": {
			program.Options{Measure: true},
			"load=0.5", "load=1.25",
			`printed "load=0.5" in one run and "load=1.25" in another | where a part of a line may vary say mask=["load=[0-9.]+"]`,
		},
		"a word": {
			program.Options{Measure: true},
			"up", "down",
			`printed "up" in one run and "down" in another | where a part of a line may vary say mask=["…"]`,
		},
		"one more mask": {
			program.Options{Vary: program.Vary{Masks: []string{"x"}}},
			"7", "8",
			`printed "7" in one run and "8" in another | where a part of a line may vary add "[0-9]+" to mask, or vary=outcome to have what it prints counted`,
		},
		"a line": {
			program.Options{Measure: true}, "up", "-", `printed "up" in one run and not in another | let each run print as many lines`,
		},
		"one that is no text": {
			program.Options{Measure: true}, "\x1b[2J\x00", "<b>", `printed "\x1b[2J\x00" in one run and "<b>" in another | where a part of a line may vary say mask=["…"]`,
		},
		"a long one": {
			program.Options{Measure: true},
			strings.Repeat("x", 100) + "1" + strings.Repeat("y", 100), strings.Repeat("x", 100) + "2",
			`printed "…` + strings.Repeat("x", 30) + "1" + strings.Repeat("y", 29) + `…" in one run and "…` + strings.Repeat("x", 59) + `2" in another | where a part of a line may vary say mask=["…"]`,
		},
	} {
		d := difference{here: &Line{Text: test.here}, there: &Line{Text: test.there}}
		if test.there == "-" {
			d.there = nil
		}
		p := program.Program{ID: "lesson/boom", Options: test.options}
		f := variation(p, d)
		if got := f.does + " | " + f.advice; got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
	}
}

// trialOf is a trial whose run n in a mode prints what print says.
func trialOf(t *testing.T, o program.Options, print func(mode program.Mode, n int) []string) *trial {
	t.Helper()
	trial := tried(o, Budget{}, func(mode program.Mode, n int) Run {
		return Run{Wall: ms, Output: Output{Lines: lines(print(mode, n)...)}}
	})
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	return trial
}

// keptBy lists what is kept of the runs of a trial in mode thread.
func keptBy(trial *trial) (kept []string) {
	for _, run := range trial.runs {
		if run.Mode == program.Thread {
			kept = append(kept, strings.TrimSpace(fmt.Sprint(run.Purpose, " ", run.Same, " ", texts(run.Output, false))))
		}
	}
	return kept
}

func TestWhatMayVaryIsRunTwice(t *testing.T) {
	o := program.Options{Modes: twoModes, Vary: program.Vary{Masks: []string{"pid [0-9]+"}}}
	varies := func(_ program.Mode, n int) []string { return []string{fmt.Sprint("1 pid ", n)} }
	trial := trialOf(t, o, varies)
	if diff := cmp.Diff([]string{"thread", "process", "process", "thread"}, madeBy(trial)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"false [pid 0]", "true [pid 1]"}, keptBy(trial)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	run, other := Result{Runs: trial.runs}.Shown(program.At(program.Thread))
	if run == nil || other == nil || run.Output.Lines[0].Text != "pid 0" || other.Output.Lines[0].Text != "pid 1" {
		t.Errorf("shown are %v and %v", run, other)
	}
	if list := trial.problems(); len(list) > 0 {
		t.Errorf("problems: %q", messages(list))
	}
	o.Vary = program.Vary{Order: true} // and the same again is there once
	trial = trialOf(t, o, func(program.Mode, int) []string { return []string{"1 a", "1 b"} })
	if diff := cmp.Diff([]string{"false [a b]", "true []"}, keptBy(trial)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if run, other := (Result{Runs: trial.runs}).Shown(program.At(program.Thread)); run == nil || other != nil {
		t.Errorf("shown are %v and %v", run, other)
	}
	o.Vary = program.Vary{}
	if trial = trialOf(t, o, varies); len(trial.runs) != 2 || len(trial.problems()) > 0 {
		t.Errorf("without anything that may vary there are %d runs, problems %q", len(trial.runs), messages(trial.problems()))
	}
	if run, _ := (Result{}).Shown(program.At(program.Thread)); run != nil {
		t.Errorf("of no runs %v is shown", run)
	}
}

// TestOneOtherRunIsKept of a measured program: fifty that differ where they may say no more than two.
func TestOneOtherRunIsKept(t *testing.T) {
	o := program.Options{Modes: twoModes, Measure: true, Repeat: 4, Vary: program.Vary{Masks: []string{"[0-9]+"}}}
	trial := trialOf(t, o, func(_ program.Mode, n int) []string { return []string{fmt.Sprint("1 pid ", n/2)} })
	want := []string{"warmup false [pid 0]", "false [pid 0]", "true [pid 1]", "true []", "true []"}
	if diff := cmp.Diff(want, keptBy(trial)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list := trial.problems(); len(list) > 0 {
		t.Errorf("problems: %q", messages(list))
	}
}

func TestPrintingOtherwiseIsAProblem(t *testing.T) {
	pids := func(mode program.Mode, n int) []string {
		return []string{fmt.Sprintf("1 %s runs in pid %d", mode, 10+n)}
	}
	hint := ` | where a part of a line may vary say mask=["pid [0-9]+"]`
	measured := program.Options{Modes: twoModes, Measure: true, Repeat: 3}
	sweep := measured
	sweep.Sweep = swept(1, 2)
	stated := measured
	stated.Output = map[program.Mode]program.Output{program.Thread: {Text: "thread runs in pid 11", Line: 5}}
	masked := stated
	masked.Vary.Masks = []string{"pid [0-9]+"}
	unordered := masked
	unordered.Vary.Order = true
	unordered.Output = map[program.Mode]program.Output{program.Thread: {Text: "b in pid 3\na in pid 4", Line: 5}}
	for name, test := range map[string]struct {
		options program.Options
		print   func(mode program.Mode, n int) []string
		want    []string
	}{
		"once for all modes": {measured, pids, []string{
			`tried.cell: cell tried (every mode) printed "thread runs in pid 11" in one run and "thread runs in pid 12" in another` + hint,
		}},
		"once for all values": {sweep, pids, []string{
			`tried.cell: cell tried (every mode) printed "thread runs in pid 11" in one run and "thread runs in pid 12" in another` + hint,
		}},
		"each of several things": {measured, func(mode program.Mode, n int) []string {
			if mode == program.Thread {
				return [][]string{{"1 a", "1 b"}, {"1 b", "1 a"}}[n%2]
			}
			return [][]string{{"1! a"}, {"1! a", "1! b"}}[n%2]
		}, []string{
			`tried.cell: cell tried (thread) printed "b" in one run where it printed "a" in another | say vary=order where its lines may come in any order`,
			`tried.cell: cell tried (process) printed "b" in one run and not in another, on standard error | let each run print as many lines`,
		}},
		"after an output that is not as stated": {stated, pids, []string{
			`tried.cell:5: cell tried (thread) printed "thread runs in pid 10" as line 1 of its output, expected "thread runs in pid 11"` + " | ",
			`tried.cell: cell tried (process) printed "process runs in pid 11" in one run and "process runs in pid 12" in another` + hint,
		}},
		"not where it may":                      {masked, pids, nil},
		"not where an output is stated, masked": {unordered, func(_ program.Mode, n int) []string { return []string{fmt.Sprint("1 a in pid ", n), "1 b in pid 9"} }, nil},
		"what is stated, but for what may vary": {masked, func(program.Mode, int) []string { return []string{"1 thread ran in pid 9"} }, []string{
			`tried.cell:5: cell tried (thread) printed "thread ran in pid 9" as line 1 of its output, expected "thread runs in pid 11" | `,
		}},
	} {
		trial := trialOf(t, test.options, test.print)
		if diff := cmp.Diff(test.want, hints(trial.problems())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestChanceIsNoProblem: how far a run came that was ended or died, and which of its output was left, says nothing.
func TestChanceIsNoProblem(t *testing.T) {
	differs := func(n int) Output { return Output{Lines: lines(fmt.Sprint("1 ", n))} }
	for name, run := range map[string]func(n int) Run{
		"a panic":    func(n int) Run { return Run{Outcome: program.Outcome{Kind: program.Panicked}, Output: differs(n)} },
		"a deadline": func(n int) Run { return Run{Outcome: program.Outcome{Kind: program.TimedOut}, Output: differs(n)} },
		"several endings": func(n int) Run {
			return Run{Outcome: []program.Outcome{{}, {Kind: program.Exited, Exit: 3}}[min(n/2, 1)], Output: Output{Lines: lines(fmt.Sprint("1 ", min(n/2, 1)))}}
		},
		"what was cut": func(n int) Run { out := differs(n); out.Cut = 1; return Run{Output: out} },
	} {
		o := program.Options{Modes: twoModes[:1], Measure: true, Repeat: 3}
		o.Expect = map[program.Mode]program.Outcomes{program.Thread: {{}, {Kind: program.Panicked}, {Kind: program.TimedOut}, {Kind: program.Exited, Exit: 3}}}
		trial := tried(o, Budget{}, func(_ program.Mode, n int) Run { r := run(n); r.Wall = ms; return r })
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		if list := trial.problems(); len(list) > 0 {
			t.Errorf("%s: %q", name, messages(list))
		}
		if n := len(counted(trial.runs, program.At(program.Thread))); n != 3 {
			t.Errorf("%s: %d runs", name, n)
		}
	}
	unlucky := trialOf(t, program.Options{Modes: twoModes[:1], Measure: true, Repeat: 3}, func(_ program.Mode, n int) []string { return []string{fmt.Sprint("1 ", n)} })
	if len(unlucky.problems()) != 1 {
		t.Error("where it is no chance there is no problem either")
	}
}

// TestAPanicIsToldThoughOutputVaried before it.
func TestAPanicIsToldThoughOutputVaried(t *testing.T) {
	trial := tried(program.Options{Modes: twoModes[:1], Measure: true, Repeat: 5}, Budget{}, func(_ program.Mode, n int) Run {
		run := Run{Wall: ms, Output: Output{Lines: lines(fmt.Sprint("1 ", n))}}
		if n == 4 {
			run.Outcome.Kind = program.Panicked
		}
		return run
	})
	if err := trial.perform(); err != nil {
		t.Fatal(err)
	}
	got := messages(trial.problems())
	if want := []string{"tried.cell: cell tried (thread) panicked, expected to end well"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOutcomesAreCountedButForWhatMayVary(t *testing.T) {
	for name, test := range map[string]struct {
		vary program.Vary
		want int // different outcomes of: a b, b a, and each with another number
	}{
		"nothing": {program.Vary{Outcome: true}, 4}, "order": {program.Vary{Outcome: true, Order: true}, 2},
		"masks": {program.Vary{Outcome: true, Masks: []string{"[0-9]"}}, 2}, "both": {program.Vary{Outcome: true, Order: true, Masks: []string{"[0-9]"}}, 1},
	} {
		o := program.Options{Modes: twoModes[:1], Repeat: 20, Vary: test.vary}
		trial := trialOf(t, o, func(_ program.Mode, n int) []string {
			out := []string{fmt.Sprint("1 a", n/2%2), "2 b"}
			if n%2 == 1 {
				slices.Reverse(out)
			}
			return out
		})
		total := 0
		for _, run := range trial.runs {
			total += run.Times
		}
		if len(trial.runs) != test.want || total != 20 || len(trial.problems()) > 0 {
			t.Errorf("%s: %d outcomes in %d runs, want %d; problems %q", name, len(trial.runs), total, test.want, messages(trial.problems()))
		}
	}
}

// Goroutines that print in any order, and a process id, in runs of a real program.
func TestAProgramMayVaryAsItSays(t *testing.T) {
	p := cell("varies", `func say(n int) bool {
	worker.Println("worker", n)
	return true
}

func main() {
	var workers []*worker.Worker[bool]
	for n := range 4 {
		workers = append(workers, worker.Start(say, n))
	}
	for _, w := range workers {
		w.Wait()
	}
	fmt.Println("pid", os.Getpid())
}

// Output:
// worker 0
// worker 1
// worker 2
// worker 3
// pid 1`, program.Modes()...)
	p.Options.Vary = program.Vary{Order: true, Masks: []string{"pid [0-9]+"}}
	p.Options.Output = make(map[program.Mode]program.Output)
	for _, mode := range p.Options.Modes {
		p.Options.Output[mode] = program.Output{Text: "worker 0\nworker 1\nworker 2\nworker 3\npid 1", Line: 17}
	}
	result := run(t, newRunner(), p)["varies"]
	if len(result.Problems) > 0 {
		t.Fatalf("problems %q", messages(result.Problems))
	}
	for _, mode := range p.Options.Modes {
		first, other := result.Shown(program.At(mode))
		if len(counted(result.Runs, program.At(mode))) != 2 || first == nil || len(first.Output.Lines) != 5 || other != nil && len(other.Output.Lines) != 5 {
			t.Errorf("%s: shown are %v and %v of %d runs", mode, first, other, len(result.Runs))
		}
	}
}
