package runner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"course/problem"
	"course/program"
	"course/runner/build"
	"course/runner/store"

	"github.com/google/go-cmp/cmp"
)

// needsC skips a test that builds with the race detector where that cannot be.
func needsC(t *testing.T) {
	t.Helper()
	tools, err := build.AskToolchain(t.Context(), store.Open(storeDir), "")
	if err != nil {
		t.Fatal(err)
	}
	if tools.CompilerOfC() == "" {
		t.Skip("there is no C compiler")
	}
}

func race(o *program.Options) { o.Race = true }

// racy is a program whose two goroutines write one variable, in whichever order: no mutex and no channel is between.
func racy(id string) program.Program {
	return with(cell(id, "var n int\n\nfunc main() {\n\tdone := make(chan bool)\n\tgo func() {\n\t\tn++\n\t\tdone <- true\n\t}()\n\tn++\n\t<-done\n}"), race)
}

func TestARaceIsFound(t *testing.T) {
	needsC(t)
	for _, r := range []*Runner{newRunner(), {Store: Store{Dir: storeDir}, Trusted: func(program.Program) bool { return true }}} {
		expected := with(racy("meant"), func(o *program.Options) {
			o.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Raced}}}
		})
		got := run(t, r, racy("racy"), expected, with(cell("clean", `func main() { fmt.Println("none") }`), race))
		if o := got["racy"].Runs[0].Outcome; o.Kind != program.Raced {
			t.Fatalf("it %v", o)
		}
		p := got["racy"].Problems
		if len(p) != 1 || p[0].File != "racy.cell" || p[0].Line != 6 && p[0].Line != 9 || !strings.HasSuffix(p[0].Message, "cell racy had a data race, expected to end well") {
			t.Errorf("problems %v", p)
		}
		if d := cmp.Diff(problem.List(nil), slices.Concat(got["meant"].Problems, got["clean"].Problems)); d != "" {
			t.Error(d)
		}
		if lines := texts(got["clean"].Runs[0].Output, false); !slices.Equal(lines, []string{"none"}) {
			t.Errorf("output %q", lines)
		}
	}
}

// A race is the program's also where it happens in a process that is not its first.
func TestARaceInAWorkerIsFound(t *testing.T) {
	needsC(t)
	modes := []program.Mode{program.Thread, program.Process}
	p := with(cell("apart", "func f(n int) int {\n\tdone := make(chan bool)\n\tgo func() {\n\t\tn++\n\t\tdone <- true\n\t}()\n\tn++\n\t<-done\n\treturn 1\n}\n\nfunc main() {\n\tw := worker.Start(f, 1)\n\tw.Wait()\n}", modes...), race)
	for _, run := range run(t, newRunner(), p)["apart"].Runs {
		if run.Outcome.Kind != program.Raced {
			t.Errorf("as %s it %v: %v", run.Mode, run.Outcome, texts(run.Output, true))
		}
	}
}

// Who prints what the race detector prints has no race, unless it is built with it.
func TestAReportOfNoRaceDetectorIsNone(t *testing.T) {
	got := run(t, newRunner(), cell("forged", `func main() { println("WARNING: DATA RACE") }`))["forged"]
	if o := got.Runs[0].Outcome; o != (program.Outcome{}) {
		t.Errorf("it %v", o)
	}
}

func TestWithoutCompilerOfCARaceIsNotLookedFor(t *testing.T) {
	t.Setenv("CC", "course-no-such-compiler")
	begin := time.Now()
	r := &Runner{Store: Store{Dir: t.TempDir()}, Now: func() time.Time { return begin }}
	p := racy("racy")
	got := run(t, r, p)["racy"]
	if want := "there is no C compiler here, which the race detector needs"; got.NotHere != want || len(got.Runs) > 0 || len(got.Problems) > 0 {
		t.Errorf("%+v", got)
	}
	if stored, stale := r.Stored([]program.Program{p}); len(stored) != 1 || len(stale) > 0 {
		t.Errorf("%d are stored", len(stored))
	}
	if checked, err := r.Check(t.Context(), []program.Program{p}); err != nil || checked[0].NotHere != got.NotHere {
		t.Errorf("checked: %+v, %v", checked, err)
	}
}
