package runner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"course/problem"
	"course/program"

	"github.com/google/go-cmp/cmp"
)

// hints are the problems of a list as a terminal shows them.
func hints(list problem.List) []string {
	var all []string
	for i, message := range messages(list) {
		all = append(all, message+" | "+list[i].Hint)
	}
	return all
}

func TestAProblemNamesItsCellAndModes(t *testing.T) {
	died := Run{Outcome: program.Outcome{Kind: program.Panicked}}
	elsewhere := observed{trace: trace{panicked: true, text: "no", at: problem.Position{File: "earlier.cell", Line: 2}}}
	stuck := Run{Outcome: program.Outcome{Kind: program.TimedOut}}
	plain := []program.Mode{program.Plain}
	for name, test := range map[string]struct {
		modes []program.Mode
		runs  map[program.Mode]Run
		seen  observed
		want  []string
	}{
		"without modes": {plain, map[program.Mode]Run{program.Plain: died}, observed{}, []string{
			"boom.cell: cell boom panicked, expected to end well | if this is what it shows, say expect=panic",
		}},
		"by a signal": {plain, map[program.Mode]Run{program.Plain: {Outcome: program.Outcome{Kind: program.Signaled, Exit: 9}}}, observed{}, []string{
			"boom.cell: cell boom was killed by signal 9, expected to end well | if this is what it shows, say expect=signal=9",
		}},
		"in another cell": {plain, map[program.Mode]Run{program.Plain: died}, elsewhere, []string{
			"earlier.cell:2: cell boom panicked, expected to end well: no | if this is what it shows, say expect=panic at the fence of cell boom",
		}},
		"in its only mode": {program.Modes()[3:], map[program.Mode]Run{program.Process: died}, observed{}, []string{
			"boom.cell: cell boom (process) panicked, expected to end well | if this is what it shows, say expect={process=panic}",
		}},
		"in every mode": {program.Modes()[2:], map[program.Mode]Run{program.Thread: stuck, program.Process: stuck}, observed{}, []string{
			"boom.cell: cell boom (every mode) did not end in time, expected to end well | raise timeout=… or, if this is what it shows, say expect=timeout",
		}},
		"in some modes": {program.Modes(), map[program.Mode]Run{program.Serial: {}, program.Process: stuck, program.Thread: died, program.Goroutine: died}, observed{}, []string{
			"boom.cell: cell boom (goroutine, thread) panicked, expected to end well | if this is what it shows, say expect={goroutine=panic, thread=panic}",
			"boom.cell: cell boom (process) did not end in time, expected to end well | raise timeout=… or, if this is what it shows, say expect={process=timeout}",
		}},
		"of several kinds": {plain, map[program.Mode]Run{program.Plain: {}}, observed{left: 2, read: true}, []string{
			"boom.cell: cell boom left 2 processes behind, which were ended | wait for what it starts",
			`boom.cell: cell boom reads standard input, which is empty | give it some with stdin="…", or say stdin="" where it is meant to be empty`,
		}},
	} {
		p := program.Program{ID: "lesson/boom", Options: program.Options{Modes: test.modes}}
		found := make(map[program.Point][]finding)
		for mode, run := range test.runs {
			run.Mode = mode
			found[program.At(mode)] = judge(p, run, test.seen)
		}
		if diff := cmp.Diff(test.want, hints(problems(p, found))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAWrongLineIsWhereItIsStated(t *testing.T) {
	const before = "package main\n\nimport \"fmt\"\n\n//line other.cell:1:1\nfunc f() {}\n\n//line shows.cell:3:1\n"
	for name, test := range map[string]struct {
		source    string
		text      string
		unordered bool
		want      string
	}{
		"on the same line":  {"func main() {\n\tf()\n\t// Output: one\n\t// 2\n}", "one\n2", false, `shows.cell:6: cell shows printed "two" as line 2 of its output, expected "2"`},
		"on the next lines": {"func main() {\n\tf()\n\t// Output:\n\t// one\n\t// 2\n}", "one\n2", false, `shows.cell:7: cell shows printed "two" as line 2 of its output, expected "2"`},
		"after a blank one": {"func main() {\n\tf()\n\t// Output:\n\t//\n\t// one\n\t// 2\n}", "one\n2", false, `shows.cell:8: cell shows printed "two" as line 2 of its output, expected "2"`},
		"the first":         {"func main() {\n\tf()\n\t// Output: 1\n\t// two\n}", "1\ntwo", false, `shows.cell:5: cell shows printed "one" as line 1 of its output, expected "1"`},
		"one too few":       {"func main() {\n\tf()\n\t// Output: one\n\t// two\n\t//\n\t// three\n}", "one\ntwo\n\nthree", false, `shows.cell:7: cell shows did not print ""`},
		"one too many":      {"func main() {\n\tf()\n\t// Output:\n\t// one\n}", "one", false, `shows.cell:5: cell shows printed "two", which is not in the output stated`},
		"in any order":      {"func main() {\n\tf()\n\t// Unordered output:\n\t// two\n\t// three\n\t// one\n}", "two\nthree\none", true, `shows.cell:7: cell shows did not print "three"`},
		"a block":           {"func main() {\n\tf()\n\t/* Output: one\n\t2 */\n}", "one\n2", false, `shows.cell:5: cell shows printed "two" as line 2 of its output, expected "2"`},
		"not there":         {"func main() {}", "one\n2", false, `shows.cell:5: cell shows printed "two" as line 2 of its output, expected "2"`},
	} {
		p := program.Program{ID: "lesson/shows", Source: before + test.source + "\n"}
		p.Options.Modes = []program.Mode{program.Plain}
		p.Options.Output = map[program.Mode]program.Output{program.Plain: {Text: test.text, Unordered: test.unordered, Line: 5}}
		run := Run{Mode: program.Plain, Output: Output{Lines: []Line{{Text: "one"}, {Text: "two"}}}}
		found := map[program.Point][]finding{program.At(program.Plain): judge(p, run, observed{})}
		if diff := cmp.Diff([]string{test.want}, messages(problems(p, found))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatTheCompilerExplainsIsAHint(t *testing.T) {
	p := program.Program{ID: "lesson/b", Options: program.Options{Modes: []program.Mode{program.Plain}, Timeout: time.Minute}}
	p.Source = "package main\n\n//line a.cell:1:1\nfunc f() {}\n\n//line b.cell:1:1\nfunc main() {\n\tf(\"x\")\n}\n\nfunc f() {}\n"
	refused := p
	refused.ID = "lesson/refused"
	refused.Options.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.NotCompiled}}}
	results := run(t, newRunner(), p, refused)
	want := []string{
		"b.cell:2:4: too many arguments in call to f | have (string)\nwant ()",
		"b.cell:5:6: f redeclared in this block | a.cell:1:6: other declaration of f",
	}
	if diff := cmp.Diff(want, hints(results["b"].Problems)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	said := []string{
		"b.cell:2:4: too many arguments in call to f", "\thave (string)", "\twant ()",
		"b.cell:5:6: f redeclared in this block", "\ta.cell:1:6: other declaration of f",
	}
	if diff := cmp.Diff(said, texts(results["refused"].Runs[0].Output, true)); diff != "" {
		t.Errorf("as a refusal shows it (-want +got):\n%s", diff)
	}
}

func TestAMainThatCalledGoexitDeadlocks(t *testing.T) {
	p := cell("leaves", "func f(int) { runtime.Goexit() }\n\nfunc main() { worker.Do(f, 1).Wait() }", program.Serial)
	p.Source = strings.Replace(p.Source, "package main\n", "package main\nimport \"runtime\"\n", 1)
	got := run(t, newRunner(), p)["leaves"]
	if want := (program.Outcome{Kind: program.Deadlocked}); got.Runs[0].Outcome != want {
		t.Errorf("%v, want %v", got.Runs[0].Outcome, want)
	}
	want := []string{"leaves.cell: cell leaves (serial) deadlocked, expected to end well: main called runtime.Goexit"}
	if found := messages(got.Problems); !slices.Equal(found, want) {
		t.Errorf("got %q, want %q", found, want)
	}
}

func TestOneOfSeveralEndingsIsFine(t *testing.T) {
	p := program.Program{ID: "lesson/lucky", Options: program.Options{Modes: []program.Mode{program.Thread, program.Process}}}
	p.Options.Expect = map[program.Mode]program.Outcomes{program.Thread: {{}, {Kind: program.Panicked}}}
	found := make(map[program.Point][]finding)
	for _, outcome := range []program.Outcome{{}, {Kind: program.Panicked}} {
		found[program.At(program.Thread)] = append(found[program.At(program.Thread)], judge(p, Run{Mode: program.Thread, Outcome: outcome}, observed{})...)
	}
	found[program.At(program.Process)] = judge(p, Run{Mode: program.Process}, observed{})
	if list := problems(p, found); len(list) > 0 {
		t.Errorf("what is expected is a problem: %q", messages(list))
	}
	found[program.At(program.Thread)] = judge(p, Run{Mode: program.Thread, Outcome: program.Outcome{Kind: program.Exited, Exit: 3}}, observed{})
	want := problem.List{{
		Position: problem.Position{File: "lucky.cell"},
		Message:  "cell lucky (thread) exited with status 3, expected to end well or to panic",
		Hint:     "if this is what it shows, say expect={thread=[ok, panic, exit=3]}",
	}}
	if diff := cmp.Diff(want, problems(p, found)); diff != "" {
		t.Error(diff)
	}
}
