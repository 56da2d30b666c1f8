package transcript_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"course/program"
	"course/runner"
	"course/runner/sandbox"
	"course/transcript"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

const ms = time.Millisecond

// measured is a program that was measured in three modes: the third was noisy, and nobody looked at its memory.
func measured() (program.Program, runner.Result) {
	r := runner.Result{
		ID: "start/sum", Rule: &runner.Rule{Least: 6, Most: 50, Width: 0.05, Budget: 2500 * ms}, Stopped: runner.StoppedBudget,
		Noise:    map[program.Point]string{program.At(program.Process): "3 of 8 runs were disturbed: others took 30 % of the processors; the interval is 40 % of the median wide"},
		Overhead: 1312 * time.Microsecond, Fallback: "a line directive is in it",
		Layers: []sandbox.Layer{sandbox.Namespaces, sandbox.PrivateRoot, "landlock 7", "uid", sandbox.Capabilities, sandbox.Rlimits, sandbox.Seccomp},
	}
	for i, mode := range []program.Mode{program.Serial, program.Thread, program.Process} {
		scale := time.Duration(i + 1)
		r.Runs = append(r.Runs, runner.Run{Mode: mode, Purpose: runner.Warmup, Wall: 100 * ms * scale})
		weighing := runner.Run{Mode: mode, Purpose: runner.Weighing, Wall: time.Hour}
		if mode != program.Process {
			weighing.Memory = &runner.Memory{PSS: 41<<20 + int64(i)*1234567, Looks: 12 - 6*i}
		}
		r.Runs = append(r.Runs, weighing, runner.Run{Mode: mode, Purpose: runner.Replaced, Wall: time.Hour})
		for n := range time.Duration(8) {
			r.Runs = append(r.Runs, runner.Run{Mode: mode, Wall: 40*ms*scale + n*ms*scale*scale/4, User: 30 * ms, System: 2 * ms * scale, Spans: spans(mode, n), Startup: startup(mode), Usage: runner.Usage{
				MinorFaults: 100 * int64(i), MajorFaults: int64(n) * int64(i), Voluntary: int64(i), Involuntary: int64(i * i),
			}})
		}
	}
	return program.Program{ID: r.ID, Options: program.Options{Measure: true}}, r
}

// startup is how long workers took to start in a mode.
func startup(mode program.Mode) *time.Duration {
	if mode == program.Serial {
		return nil
	}
	return new(3 * ms)
}

// spans are the workers of a run in a mode; of the first run, n is 0, they are those that are drawn.
func spans(mode program.Mode, n time.Duration) []runner.Span {
	if mode == program.Serial {
		return nil
	}
	at := func(t time.Duration) time.Duration { return (t + 100*n) * ms }
	return []runner.Span{
		{Worker: "adder", Mode: mode, Pid: 4711, Asked: at(1), Began: at(8), Ended: at(30), Joined: at(36), Waits: []runner.Wait{{On: "lock 1", From: at(12), To: at(20)}}},
		{Worker: "a worker with a name that does not end", Mode: mode, Pid: 4712, Asked: at(3), Began: at(9), Ended: at(22), Joined: at(22), Died: true},
		{Worker: "brief", Mode: mode, Pid: 4713, Asked: at(5), Began: at(5), Ended: at(5), Joined: -1},
		{Worker: "late", Mode: mode, Pid: 14714, Asked: at(30), Began: -1, Ended: -1, Joined: -1},
		{Worker: "endless", Mode: mode, Pid: 4715, Asked: at(30), Began: at(33), Ended: -1, Joined: -1},
	}
}

// swept is a program that was measured with several numbers of workers: noisy at most of them with processes.
func swept() (program.Program, runner.Result) {
	p := program.Program{ID: "start/scale", Options: program.Options{Measure: true, Modes: []program.Mode{program.Thread, program.Process}}}
	p.Options.Sweep = &program.Sweep{Name: "workers", Values: []float64{1, 2, 4, 8, 16, 32}}
	r := runner.Result{
		ID: p.ID, Rule: &runner.Rule{Least: 6, Most: 50, Width: 0.05, Budget: 15 * time.Second, Swept: true}, Stopped: runner.StoppedNarrow,
		Noise: make(map[program.Point]string),
	}
	for round := range time.Duration(8) {
		for _, value := range p.Options.Sweep.Values { // the modes at a value run together
			for i, mode := range p.Options.Modes {
				run := runner.Run{Mode: mode, Value: value, Wall: 640*ms/time.Duration(value) + time.Duration(i)*ms*time.Duration(value) + round*ms/8, User: 640 * ms, Spans: spans(mode, round)[:1]}
				if round == 0 {
					run.Purpose = runner.Warmup
				}
				if round == 1 {
					run.Purpose, run.Memory = runner.Weighing, &runner.Memory{PSS: int64(value) << 20, Looks: 12}
				}
				r.Runs = append(r.Runs, run)
			}
			if value > 1 {
				r.Noise[program.Point{Mode: program.Process, Value: value}] = "the interval is 40 % of the median wide"
			}
		}
	}
	return p, r
}

func varying() (program.Program, runner.Result) {
	said := func(lines ...string) (out runner.Output) {
		for _, line := range lines {
			out.Lines = append(out.Lines, runner.Line{Text: line})
		}
		return out
	}
	r := runner.Result{
		ID: "start/race", Rule: &runner.Rule{Least: 6, Most: 20},
		Runs: []runner.Run{
			{Mode: program.Thread, Times: 4, Outcome: program.Outcome{Kind: program.Panicked}, Output: said("counting", "panic: it went wrong")},
			{Mode: program.Thread, Times: 14, Output: said("count is 1000")},
			{Mode: program.Thread, Times: 1, Outcome: program.Outcome{Kind: program.Exited, Exit: 3}, Output: said("\x1b[31mred", strings.Repeat("long ", 20))},
			{Mode: program.Process, Times: 20, Output: said("count is 0")},
		},
		Others: map[program.Point]int{program.At(program.Thread): 1},
	}
	p := program.Program{ID: r.ID}
	p.Options.Vary.Outcome = true
	return p, r
}

// TestGolden holds what is printed of results that are made up to the files in testdata, in UTF-8 and in ASCII.
func TestGolden(t *testing.T) {
	once := func(o program.Outcome) runner.Result {
		return runner.Result{Runs: []runner.Run{
			{Mode: program.Thread, Wall: 3 * ms, User: ms},
			{Mode: program.Process, Wall: 412 * time.Microsecond, User: ms, Outcome: o},
		}}
	}
	measuredProgram, measuredResult := measured()
	varyingProgram, varyingResult := varying()
	sweptProgram, sweptResult := swept()
	race := program.Program{Options: program.Options{Race: true}}
	many := runner.Result{Runs: []runner.Run{{Mode: program.Goroutine, SpansCut: true}}}
	for range 20 {
		many.Runs[0].Spans = append(many.Runs[0].Spans, spans(program.Goroutine, 0)[0])
	}
	for name, print := range map[string]func(transcript.Style) string{
		"measured": func(s transcript.Style) string { return transcript.Comparison(measuredProgram, measuredResult, s) },
		"once": func(s transcript.Style) string {
			return transcript.Comparison(program.Program{}, once(program.Outcome{Kind: program.Exited, Exit: 2}), s)
		},
		"race": func(s transcript.Style) string {
			return transcript.Comparison(race, once(program.Outcome{Kind: program.Raced}), s)
		},
		"sweep": func(s transcript.Style) string {
			return transcript.Comparison(sweptProgram, sweptResult, s) + transcript.Timeline(sweptProgram, sweptResult, s)
		},
		"varying":  func(s transcript.Style) string { return transcript.Comparison(varyingProgram, varyingResult, s) },
		"timeline": func(s transcript.Style) string { return transcript.Timeline(measuredProgram, measuredResult, s) },
		"many":     func(s transcript.Style) string { return transcript.Timeline(program.Program{}, many, s) },
	} {
		for suffix, style := range map[string]transcript.Style{"": {}, "-ascii": {ASCII: true}, "-wide": {Width: 132}} {
			golden(t, name+suffix+".txt", style, print(style))
		}
	}
}

func golden(t *testing.T, name string, s transcript.Style, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > max(s.Width, 80) {
			t.Errorf("%s: a line has %d columns: %s", name, n, line)
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }); s.ASCII && i >= 0 {
			t.Errorf("%s: this is not ASCII: %s", name, line)
		}
	}
}

// TestATimeIsNotShownWhereItWasNotMeasured: such a program ran beside builds, and beside others.
func TestATimeIsNotShownWhereItWasNotMeasured(t *testing.T) {
	r := runner.Result{Runs: []runner.Run{{Mode: program.Thread, Wall: 3 * ms, User: ms}, {Mode: program.Process, Wall: 4 * ms, User: ms}}}
	if got := transcript.Comparison(program.Program{}, r, transcript.Style{}); strings.Contains(got, " ms") || !strings.Contains(got, "not measured") {
		t.Errorf("printed:\n%s", got)
	}
}

// TestModesAreNotComparedWhereNothingWasDoneInOne: a process that was refused is no fast process.
func TestModesAreNotComparedWhereNothingWasDoneInOne(t *testing.T) {
	for _, test := range []struct {
		name            string
		thread, process *time.Duration // how long workers took to start; nil where none did
		compared        bool
	}{
		{"none began", new(ms), nil, false},
		{"they began", new(ms), new(ms), true},
		{"nothing is known", nil, nil, true},
	} {
		r := runner.Result{Rule: &runner.Rule{Least: 1, Most: 1}, Runs: []runner.Run{
			{Mode: program.Thread, Wall: 4 * ms, Startup: test.thread}, {Mode: program.Process, Wall: 3 * ms, Startup: test.process},
		}}
		got := transcript.Comparison(program.Program{Options: program.Options{Measure: true}}, r, transcript.Style{})
		if strings.Contains(got, "0.75x") != test.compared || strings.Contains(got, "no process was started") == test.compared {
			t.Errorf("%s:\n%s", test.name, got)
		}
	}
}

// TestWhatTheSecondRunPrintedIsSaid, where a program ran twice: one that printed otherwise than it may is a problem, of which more is said elsewhere.
func TestWhatTheSecondRunPrintedIsSaid(t *testing.T) {
	said := func(text string) runner.Output { return runner.Output{Lines: []runner.Line{{Text: text}}} }
	first := runner.Run{Mode: program.Plain, Output: said("pid 1")}
	for want, runs := range map[string][]runner.Run{
		"the second printed the same\n":                        {first, {Mode: program.Plain, Same: true}},
		"the second printed the same, but for what may vary\n": {first, {Mode: program.Thread, Output: said("pid 1")}, {Mode: program.Plain, Same: true}, {Mode: program.Thread, Same: true, Output: said("pid 2")}},
		"": {first, {Mode: program.Plain, Output: said("no pid")}},
	} {
		got := transcript.Comparison(program.Program{}, runner.Result{Runs: runs}, transcript.Style{})
		if !strings.HasSuffix(got, want) || strings.Contains(got, "the second") != (want != "") {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if got := transcript.Comparison(program.Program{}, runner.Result{Runs: []runner.Run{first}}, transcript.Style{}); strings.Contains(got, "the second") {
		t.Errorf("of one run it is said:\n%s", got)
	}
}

// TestALongOutputIsShortened, in lines and in characters of a line: it has its head, its tail and how much is left out.
func TestALongOutputIsShortened(t *testing.T) {
	for _, test := range []struct {
		lines int
		left  string
	}{{40, ""}, {41, "… 1 line left out …"}, {116_714, "… 116674 lines left out …"}} {
		var b strings.Builder
		s := transcript.New(&b, transcript.Style{}, []program.Program{{ID: "a/flood"}}, func(_, text string) string { return text })
		s.On(runner.Event{Kind: runner.Started, ID: "a/flood", Mode: program.Plain})
		for i := range test.lines {
			s.On(runner.Event{Kind: runner.Printed, ID: "a/flood", Mode: program.Plain, Line: &runner.Line{Text: fmt.Sprint("line ", i+1)}})
		}
		if head := b.String(); !strings.HasSuffix(head, "  | line 30\n") {
			t.Errorf("of %d lines, while it runs there is\n%s", test.lines, head)
		}
		s.On(runner.Event{Kind: runner.Ended, ID: "a/flood", Mode: program.Plain})
		got := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(got) > 42 || got[len(got)-1] != fmt.Sprint("  | line ", test.lines) || strings.TrimSpace(got[31]) != test.left && test.left != "" {
			t.Errorf("of %d lines %d are printed:\n%s", test.lines, len(got), b.String())
		}
	}
	var b strings.Builder
	s := transcript.New(&b, transcript.Style{}, []program.Program{{ID: "a/x"}}, func(_, text string) string { return text })
	s.On(runner.Event{Kind: runner.Started, ID: "a/x", Mode: program.Plain})
	s.On(runner.Event{Kind: runner.Printed, ID: "a/x", Mode: program.Plain, Line: &runner.Line{Gap: true, Text: strings.Repeat("é", 3000)}})
	if got := b.String(); utf8.RuneCountInString(got) > 1200 || !strings.Contains(got, "… 2000 characters left out\n") || !strings.Contains(got, "… some output left out …\n") {
		t.Errorf("of a long line it prints %s", got)
	}
}

// TestWhatTheCompilerSaysIsShown of a cell that is not meant to compile: that is all that came of it.
func TestWhatTheCompilerSaysIsShown(t *testing.T) {
	var b strings.Builder
	s := transcript.New(&b, transcript.Style{}, []program.Program{{ID: "a/cerr"}}, func(_, text string) string { return strings.ReplaceAll(text, "cerr.cell:2", "a.md:7") })
	run := runner.Run{Mode: program.Plain, Outcome: program.Outcome{Kind: program.NotCompiled}}
	run.Output.Lines = []runner.Line{{Stderr: true, Text: "cerr.cell:2: cannot use \"a\" as int value"}}
	s.On(runner.Event{Kind: runner.Done, ID: "a/cerr", Result: &runner.Result{Runs: []runner.Run{run}}})
	if got, want := b.String(), "a/cerr, refused by the compiler\n  ! a.md:7: cannot use \"a\" as int value\n\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

// TestANumberStaysWithItsUnit: a line is not broken between them.
func TestANumberStaysWithItsUnit(t *testing.T) {
	p, r := measured()
	for width := 40; width < 120; width++ {
		for line := range strings.Lines(transcript.Comparison(p, r, transcript.Style{Width: width})) {
			if unit, _, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "ms") || strings.HasPrefix(unit, "s") && len(strings.Trim(unit, "s,;")) == 0 {
				t.Errorf("at %d columns a line begins with the unit %s", width, unit)
			}
		}
	}
}

// TestNothingIsPrintedOfWhatDidNotRun: neither a table nor a drawing.
func TestNothingIsPrintedOfWhatDidNotRun(t *testing.T) {
	if got := transcript.Comparison(program.Program{}, runner.Result{}, transcript.Style{}); got != "" {
		t.Errorf("a comparison: %q", got)
	}
	if got := transcript.Timeline(program.Program{}, runner.Result{Runs: []runner.Run{{}}}, transcript.Style{}); got != "" {
		t.Errorf("a timeline: %q", got)
	}
}

// TestCellsDoNotMix: of two that run at the same time, the first comes as it is printed, the second when the first is over.
func TestCellsDoNotMix(t *testing.T) {
	var b strings.Builder
	programs := []program.Program{{ID: "a/unheard-of"}, {ID: "a/one"}, {ID: "a/two"}, {ID: "a/not-run"}, {ID: "a/stopped"}}
	s := transcript.New(&b, transcript.Style{}, programs, func(id, text string) string { return strings.ReplaceAll(text, "cell", id) })
	event := func(kind runner.EventKind, id string, mode program.Mode) {
		s.On(runner.Event{Kind: kind, ID: id, Mode: mode})
	}
	say := func(id string, mode program.Mode, line runner.Line) {
		s.On(runner.Event{Kind: runner.Printed, ID: id, Mode: mode, Line: &line})
	}
	printed := func(want string) {
		t.Helper()
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("printed (-want +got):\n%s", diff)
		}
		b.Reset()
	}
	event(runner.Building, "a/one", "")
	event(runner.Started, "a/two", program.Thread)
	say("a/two", program.Thread, runner.Line{Text: "second", Stderr: true})
	printed("")
	s.On(runner.Event{Kind: runner.Done, ID: "a/unheard-of", Result: &runner.Result{}}) // it is compiled, and not run
	event(runner.Started, "a/one", program.Thread)
	say("a/one", program.Thread, runner.Line{Text: "first of cell", Worker: "w"})
	printed("a/one, thread\n  | w: first of a/one\n")
	event(runner.Started, "a/one", program.Process)
	say("a/one", program.Process, runner.Line{Text: "\x1b[2J"})
	say("a/one", program.Thread, runner.Line{Text: "last"})
	printed("  | last\n")
	event(runner.Ended, "a/two", program.Thread)
	event(runner.Ended, "a/one", program.Thread)
	printed("a/one, process\n  | \\x1b[2J\n")
	s.On(runner.Event{Kind: runner.Started, ID: "a/one", Mode: program.Process, Run: 1})
	s.On(runner.Event{Kind: runner.Printed, ID: "a/one", Mode: program.Process, Run: 1, Line: &runner.Line{Text: "again"}})
	s.On(runner.Event{Kind: runner.Done, ID: "a/two", Result: &runner.Result{Runs: []runner.Run{{Mode: program.Thread, Wall: ms}}}})
	printed("")
	s.On(runner.Event{Kind: runner.Done, ID: "a/one", Result: &runner.Result{}})
	printed("a/two, thread\n  ! second\n\n  mode    ended\n  thread  ok\n\n")
	s.On(runner.Event{Kind: runner.Done, ID: "a/not-run", Result: &runner.Result{ID: "a/not-run", NotHere: "there is no C compiler"}})
	printed("a/not-run: not measured here: there is no C compiler\n\n")
	event(runner.Started, "a/stopped", program.Thread)
	printed("a/stopped, thread\n")
	event(runner.Started, "a/stopped", program.Process)
	say("a/stopped", program.Process, runner.Line{Text: "half"})
	printed("")
	s.Close()
	printed("a/stopped, process\n  | half\n")
}

// TestACellThatIsNeverHeardOfHoldsNobodyUp: its modules are not there, say.
func TestACellThatIsNeverHeardOfHoldsNobodyUp(t *testing.T) {
	var b strings.Builder
	s := transcript.New(&b, transcript.Style{}, []program.Program{{ID: "a/silent"}, {ID: "a/one"}}, func(_, text string) string { return text })
	s.On(runner.Event{Kind: runner.Started, ID: "a/one", Mode: program.Plain})
	s.On(runner.Event{Kind: runner.Ended, ID: "a/one", Mode: program.Plain})
	s.On(runner.Event{Kind: runner.Done, ID: "a/one", Result: &runner.Result{}})
	if got := b.String(); got != "a/one, plain\n" {
		t.Errorf("printed %q", got)
	}
}
