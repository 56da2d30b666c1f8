package runner

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"course/problem"
	"course/program"
	"course/runner/processes"

	"github.com/google/go-cmp/cmp"
)

// toolWith runs p by a tool of its own that a shell starts after the given command, and returns what
// the tool says.
func toolWith(t *testing.T, first, store string, p program.Program) string {
	t.Helper()
	out, err := errand{Programs: []program.Program{p}, Store: Store{Dir: store}}.tool(t, first).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

func TestAFaultOfTheMachineIsNoResult(t *testing.T) {
	p := cell("fits", `func main() { println("x", `+"`"+strings.Repeat("y", 100)+"`"+`) }`)
	store := Store{Dir: t.TempDir()}
	run(t, &Runner{Store: store}, cell("before", `func main() {}`)) // what is kept of the toolchain
	// A binary is larger; the linker then fails as it does on a full disk.
	if said := toolWith(t, "ulimit -f 200", store.Dir, p); !strings.Contains(said, "over: build lesson/fits: link: ") {
		t.Errorf("the tool said %q", said)
	}
	if stored, _ := (&Runner{Store: store}).Stored([]program.Program{p}); len(stored) > 0 {
		t.Errorf("stored: %+v", stored)
	}
	if got := run(t, &Runner{Store: store}, p)["fits"]; len(got.Problems) > 0 {
		t.Errorf("problems %v", got.Problems)
	}
}

func TestWhatTheLinkerRefusesIsAProblem(t *testing.T) {
	p := cell("lacking", "import _ \"unsafe\"\n\n//go:linkname none runtime.none\nfunc none()\n\nfunc main() { none() }")
	got := run(t, newRunner(), p)["lacking"].Problems
	want := problem.List{{
		Position: problem.Position{File: "lacking.cell"}, Message: "main.main: relocation target runtime.none not defined",
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// compiling makes the go command compile the standard library in a directory of the test's alone, and
// returns a function that waits until it does.
func compiling(t *testing.T) (tmp string, wait func()) {
	t.Helper()
	tmp = t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("GOCACHE", t.TempDir())
	return tmp, func() {
		for t.Context().Err() == nil {
			if found, _ := filepath.Glob(filepath.Join(tmp, "course-run-*", "go-build*", "b*")); len(found) > 0 {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
}

func TestAnInterruptWhileCompilingLeavesNothing(t *testing.T) {
	tmp, wait := compiling(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		wait()
		cancel()
	}()
	r := &Runner{Store: Store{Dir: t.TempDir()}}
	if err := r.Run(ctx, []program.Program{cell("never", `func main() { fmt.Println() }`)}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
		t.Errorf("files left behind: %v", left)
	}
	if left := processes.Below(os.Getpid()); len(left) > 0 {
		t.Errorf("processes left: %v", left)
	}
}

func TestTheToolsDeathWhileCompilingLeavesNothing(t *testing.T) {
	tmp, wait := compiling(t)
	tool := errand{Programs: []program.Program{cell("never", `func main() { fmt.Println() }`)}, Store: Store{Dir: t.TempDir()}}.tool(t, "")
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	wait()
	family := processes.Below(tool.Process.Pid)
	if err := tool.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = tool.Wait()
	for _, p := range family {
		gone(t, p.ID)
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
		t.Errorf("files left behind: %v", left)
	}
}

// TestWhatIsInTheMakingVanishes: a directory into which somebody goes on to write is removed once they have ended.
func TestWhatIsInTheMakingVanishes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "root")
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for begin := time.Now(); time.Since(begin) < 300*time.Millisecond; {
			_ = os.MkdirAll(filepath.Join(dir, "go-build", strconv.FormatInt(time.Now().UnixNano(), 10)), 0o700)
		}
	}()
	vanish(dir)
	<-ended
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}
