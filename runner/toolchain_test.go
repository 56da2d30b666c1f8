package runner

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"course/program"
	"course/runner/store"
)

// countingGo is a go command that notes each call of it in a file, whose lines calls returns.
func countingGo(t *testing.T) (command string, calls func() []string) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the test's go command is a shell script")
	}
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	command, log := filepath.Join(dir, "go"), filepath.Join(dir, "log")
	script := fmt.Sprintf("#!/bin/sh\necho $1 >>%s\nexec %s \"$@\"\n", log, real)
	if err := os.WriteFile(command, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return command, func() []string {
		content, _ := os.ReadFile(log)
		return strings.Fields(string(content))
	}
}

func TestTheToolchainIsAskedOnce(t *testing.T) {
	command, calls := countingGo(t)
	dir := t.TempDir()
	newTool := func() *Runner { return &Runner{Go: command, Store: Store{Dir: dir}} }
	p := cell("first", "func main() { fmt.Println(1) }")
	expect := func(when string, want ...string) {
		t.Helper()
		if got := calls(); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: calls %q, want %q", when, got, want)
		}
	}
	newTool().Stored([]program.Program{p})
	expect("a look at an empty store")
	run(t, newTool(), p)
	expect("the first run", "env", "list")
	newTool().Stored([]program.Program{p})
	run(t, newTool(), cell("edited", "func main() { fmt.Println(2) }"))
	expect("an edit", "env", "list")
	run(t, newTool(), cell("more", "func main() { fmt.Println(os.Args) }"))
	expect("imports of what others import", "env", "list")
	run(t, newTool(), cell("new", "func main() { worker.Println(1) }", program.Thread))
	expect("a new import", "env", "list", "list")

	script, err := os.ReadFile(command)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(command, append(script, "# another version\n"...), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, stale := newTool().Stored([]program.Program{p}); len(stale) != 1 {
		t.Error("a result counts although the go command has changed")
	}
	run(t, newTool(), p)
	expect("another go command", "env", "list", "list", "env")
}

func TestWhatTheGoCommandDroppedIsCompiledAgain(t *testing.T) {
	dir := t.TempDir()
	r := &Runner{Store: Store{Dir: dir}}
	p := cell("prints", "func main() { fmt.Println(1) }")
	run(t, r, p)
	var exports map[string]string // of the packages that the program imports
	key := onlyKey(t, dir, store.Imports)
	if !r.shelf.Load(store.Imports, key, &exports) || exports["fmt"] == "" {
		t.Fatalf("kept: %v", exports)
	}
	exports["fmt"] = filepath.Join(dir, "dropped")
	if err := r.shelf.Save(store.Imports, key, exports); err != nil {
		t.Fatal(err)
	}
	if got := run(t, r, p)["prints"]; len(got.Problems) > 0 {
		t.Errorf("problems %v", got.Problems)
	}
}
