package runner

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"course/problem"
	"course/program"

	"github.com/google/go-cmp/cmp"
)

func TestWhoIsLeftBehindIsAProblem(t *testing.T) {
	const leave = `if err := exec.Command("setsid", "sleep", "1000").Start(); err != nil { panic(err) }`
	hour := func(o *program.Options) { o.Timeout = time.Second }
	programs := []program.Program{
		cell("one", `func main() { `+leave+` }`),
		cell("two", `func main() { exec.Command("sh", "-c", "sleep 1000 & setsid sleep 1000 &").Run() }`),
		cell("waits", `func main() { exec.Command("sh", "-c", "sleep 0").Run() }`),
		cell("in-each", "func f(int) {}\n\nfunc main() { "+leave+"; worker.Do(f, 1).Wait() }", program.Thread, program.Process),
		cell("in-worker", "func f(int) { "+leave+" }\n\nfunc main() { worker.Do(f, 1).Wait() }", program.Process),
		with(cell("meant", `func main() { `+leave+`; os.Exit(3) }`), func(o *program.Options) {
			o.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Exited, Exit: 3}}}
		}),
		// A run that did not end as it should has one problem, and so has one that was ended.
		cell("fails", `func main() { `+leave+`; os.Exit(3) }`),
		with(cell("late", `func main() { `+leave+`; time.Sleep(time.Hour) }`), hour),
	}
	results := run(t, newRunner(), programs...)
	for name, want := range map[string][]string{
		"one":       {"one.cell: cell one left 1 process behind, which was ended"},
		"two":       {"two.cell: cell two left 2 processes behind, which were ended"},
		"waits":     nil,
		"in-each":   {"in-each.cell: cell in-each (every mode) left 1 process behind, which was ended"},
		"in-worker": {"in-worker.cell: cell in-worker (process) left 1 process behind, which was ended"},
		"meant":     {"meant.cell: cell meant left 1 process behind, which was ended"},
		"fails":     {"fails.cell: cell fails exited with status 3, expected to end well"},
		"late":      {"late.cell: cell late did not end in time, expected to end well"},
	} {
		if diff := cmp.Diff(want, messages(results[name].Problems)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if hint := results["one"].Problems[0].Hint; hint != "wait for what it starts" {
		t.Errorf("hint %q", hint)
	}
}

func TestWorkersEndWithMain(t *testing.T) {
	// Half of them are busy when main returns, the others have hardly begun.
	p := cell("returns", "func forever(n int) { for { _ = n } }\n\nfunc main() {\n\tfor i := range 8 {\n\t\tworker.Do(forever, i)\n\t}\n\ttime.Sleep(50 * time.Millisecond)\n\tfor i := range 8 {\n\t\tworker.Do(forever, i)\n\t}\n}", program.Process)
	for range 5 {
		if got := run(t, newRunner(), p)["returns"].Problems; len(got) > 0 {
			t.Fatalf("main's return ends every worker, but: %v", messages(got))
		}
	}
}

func TestWorkersAreKnownByTheirLastArgument(t *testing.T) {
	// What tells a worker that was not killed yet, as those above are in a moment, from who is left behind.
	p := cell("worker", `func main() {
		for _, last := range []string{"COURSE_WORKER=1", "NO_COURSE_WORKER=1"} {
			if err := exec.Command("sh", "-c", "while :; do :; done", "sh", "COURSE_WORKER=0", last).Start(); err != nil { panic(err) }
		}
	}`)
	want := []string{"worker.cell: cell worker left 1 process behind, which was ended"}
	if diff := cmp.Diff(want, messages(run(t, newRunner(), p)["worker"].Problems)); diff != "" {
		t.Error(diff)
	}
}

func TestReadingAnInputThatIsNotGivenIsAProblem(t *testing.T) {
	dir := t.TempDir()
	for range 2 { // the second is looked at only: its access time tells whether there is anything to notice
		f, err := openInput(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if wasRead(f) {
			t.Error("nobody read it")
		}
		if n, err := f.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("it is not empty: %d, %v", n, err)
		}
		if !wasRead(f) {
			t.Skip("this file system keeps no access times")
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	reads := cell("reads", `func main() { b, err := io.ReadAll(os.Stdin); fmt.Println(len(b), err) }`)
	child := cell("child", `func main() { cmd := exec.Command("cat"); cmd.Stdin = os.Stdin; cmd.Run() }`)
	looks := cell("looks", `func main() { fi, err := os.Stdin.Stat(); fmt.Println(fi.Size(), err) }`)
	results := run(t, newRunner(), reads, child, looks)
	want := problem.List{{
		Position: problem.Position{File: "reads.cell"}, Message: "cell reads reads standard input, which is empty",
		Hint: `give it some with stdin="…", or say stdin="" where it is meant to be empty`,
	}}
	if diff := cmp.Diff(want, results["reads"].Problems); diff != "" {
		t.Error(diff)
	}
	if got := texts(results["reads"].Runs[0].Output, false); len(got) != 1 || got[0] != "0 <nil>" {
		t.Errorf("it reads %q, want its end", got)
	}
	if len(results["child"].Problems) != 1 || len(results["looks"].Problems) != 0 {
		t.Errorf("a child that reads: %v; one that looks: %v", results["child"].Problems, results["looks"].Problems)
	}
}

// Whatever the order in which we come to read two pipes.
func TestWhatAWorkerPrintedComesBeforeWhatFollowsItsJoin(t *testing.T) {
	const rounds = 30
	p := cell("order", `func say(n int) {
	for range 3 {
		fmt.Println("worker", n)
	}
}

func main() {
	for n := range 30 {
		worker.Do(say, n).Wait()
		fmt.Println("main", n)
	}
}`, program.Process)
	got := texts(run(t, newRunner(), p)["order"].Runs[0].Output, false)
	for n := range rounds {
		said, after := 0, slices.Index(got, fmt.Sprint("main ", n))
		for _, line := range got[:max(after, 0)] {
			if line == fmt.Sprint("worker ", n) {
				said++
			}
		}
		if said != 3 {
			t.Errorf("%d lines of worker %d come before the line that follows its join: %q", said, n, got)
		}
	}
}

func TestEventsAreForProgramsWithWorkers(t *testing.T) {
	p := cell("plain", `func main() {
		third, _ := os.Readlink("/proc/self/fd/3") // Go's own, if any
		fmt.Println(os.Getenv("COURSE_EVENTS") == "", strings.Contains(third, "course-events"))
	}`)
	if got := texts(run(t, newRunner(), p)["plain"].Runs[0].Output, false); len(got) != 1 || got[0] != "true false" {
		t.Errorf("got %q", got)
	}
}
