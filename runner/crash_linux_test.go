package runner

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"course/program"
	"course/runner/processes"
	"course/runner/store"
)

// errandPrograms are programs whose output tells each from the others.
func errandPrograms() []program.Program {
	return []program.Program{
		cell("plain", `func main() { fmt.Println("one") }`),
		cell("workers", `func main() { worker.Println("two") }`, program.Thread, program.Process),
		cell("refused", `func main() { undefined() }`),
	}
}

// whole complains of entries in the store that are not.
func whole(t *testing.T, dir string) {
	t.Helper()
	shelf := store.Open(dir)
	for kind, names := range entries(t, dir) {
		for _, name := range names {
			var value any
			if !shelf.Load(kind, strings.TrimSuffix(filepath.Base(name), ".json"), &value) {
				t.Errorf("%s is not whole", name)
			}
		}
	}
}

// TestAStoreOutlivesItsTools kills one tool after the other, each later in its work than the one before. Whatever they have
// stored is whole, and in the end everything is there.
func TestAStoreOutlivesItsTools(t *testing.T) {
	store := Store{Dir: t.TempDir()}
	programs := errandPrograms()
	for step, over := 1, false; !over; step += 2 {
		over = killed(t, errand{Programs: programs, Store: store, Steps: true}, func(next func() bool) {
			for range step {
				next()
			}
		})
		whole(t, store.Dir)
		if step > 100 {
			t.Fatal("the tool has no end")
		}
	}
	complete(t, store, programs)
}

// TestAStoreOutlivesItsBeginning kills tools while they make a store: as soon as so many files are there.
func TestAStoreOutlivesItsBeginning(t *testing.T) {
	programs := errandPrograms()
	for _, files := range []int{1, 2, 5, 30} {
		store := Store{Dir: t.TempDir()}
		killed(t, errand{Programs: programs, Store: store}, func(func() bool) {
			for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Microsecond) {
				n := 0
				_ = filepath.WalkDir(store.Dir, func(_ string, d fs.DirEntry, err error) error {
					if err == nil && d.Type().IsRegular() {
						n++
					}
					return nil
				})
				if n >= files {
					return
				}
			}
			t.Error("there are never so many files")
		})
		whole(t, store.Dir)
		complete(t, store, programs)
	}
}

// killed starts a tool, waits, for so many lines of what it says or else, kills it, and returns when all that it has started is gone. It reports whether the tool was
// through already.
func killed(t *testing.T, e errand, wait func(next func() bool)) (over bool) {
	t.Helper()
	tool := e.tool(t, "", "TMPDIR="+t.TempDir())
	out, err := tool.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tool.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	next := func() bool { // reads a line
		more := said.Scan()
		over = over || strings.HasPrefix(said.Text(), "over:")
		return more
	}
	wait(next)
	family := processes.Below(tool.Process.Pid)
	if err := tool.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for next() {
	}
	_ = tool.Wait()
	for _, p := range family {
		gone(t, p.ID)
	}
	return over
}

// complete runs programs, and complains where that, or a look at the store then, does not give a result for each.
func complete(t *testing.T, store Store, programs []program.Program) {
	t.Helper()
	r := &Runner{Store: store}
	run(t, r, programs...)
	results, stale := (&Runner{Store: store}).Stored(programs)
	if len(stale) > 0 || r.Unkept() != nil {
		t.Fatalf("%d have no result; %v", len(stale), r.Unkept())
	}
	for i, want := range []string{"one", "two", ""} {
		if got := results[i]; len(got.Runs) == 0 != (want == "") || want != "" && got.Runs[0].Output.Lines[0].Text != want {
			t.Errorf("the result of %s is %+v", programs[i].ID, got)
		}
	}
}

// TestAFullDiskLosesNothingButTheStore: the tool has all results, says once that they cannot be kept, and leaves nothing that is not whole.
func TestAFullDiskLosesNothingButTheStore(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root mounts a disk that is small enough")
	}
	if _, err := exec.LookPath("mount"); err != nil {
		t.Skip(err)
	}
	for _, free := range []string{"0", "8k", "300k"} { // nothing goes in; some of it does; modules do as well, in part
		dir := t.TempDir()
		script := fmt.Sprintf(`mount -t tmpfs -o size=1m small %[1]s && head -c 1m /dev/zero > %[1]s/ballast && truncate -s -%[2]s %[1]s/ballast`, dir, free)
		tool := errand{Programs: errandPrograms(), Store: Store{Dir: dir}}.tool(t, script)
		tool.Args[2] = script + `; "$0"; find ` + dir + ` -name '*.json' -size -1c; cp -r ` + dir + `/[a-z]* ` + dir + `.kept` // for us to see
		if err := os.Mkdir(dir+".kept", 0o700); err != nil {
			t.Fatal(err)
		}
		tool.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		out, err := tool.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		said := string(out)
		for _, want := range []string{"one\n", "two\n", "unkept: ", "no space left on device\n", "over: <nil>\n"} {
			if strings.Count(said, want) == 0 {
				t.Errorf("with %s left, the tool does not say %q: %s", free, want, said)
			}
		}
		if strings.Contains(said, "are lost") {
			t.Errorf("with %s left, the tool says %s", free, said)
		}
		whole(t, dir+".kept")
	}
}
