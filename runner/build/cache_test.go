package build

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"course/program"
	"course/runner/store"
)

// TestACacheThatCannotBeWrittenIsNoMistakeOfTheCourse: what is imported is not there then, for which no cell can do anything.
func TestACacheThatCannotBeWrittenIsNoMistakeOfTheCourse(t *testing.T) {
	shelf := store.Open("")
	toolchain, err := AskToolchain(t.Context(), shelf, "")
	if err != nil {
		t.Fatal(err)
	}
	inTheWay := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	toolchain.Cache = filepath.Join(inTheWay, "go-build")
	plan := NewPlan(Config{Toolchain: toolchain, Shelf: shelf, Dir: t.TempDir()})
	err = plan.Assemble(t.Context(), []program.Program{{ID: "lesson/cell", Source: "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println() }\n"}})
	var full *CacheError
	if !errors.As(err, &full) || full.Dir != toolchain.Cache || !strings.Contains(full.Hint(), "XDG_CACHE_HOME") {
		t.Errorf("the error is %v", err)
	}
}

// TestThereIsRoomOrNot leaves no file either way.
func TestThereIsRoomOrNot(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if err := tryWriting(dir, 1<<10); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestAToolThatHasNoRoomSaysSo: its error is that of the system.
func TestAToolThatHasNoRoomSaysSo(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no shell")
	}
	for text, want := range map[string]bool{"compile: writing output: write cell.a: no space left on device": true, "as: No space left on device": true, "cell.go:1: undefined": false} {
		cmd := toolCommand(t.Context(), "sh", "-c", "echo '"+text+"'; exit 1")
		var printed bytes.Buffer
		cmd.Stdout = &printed
		if err := runBounded(cmd, Bounds{}, &printed); errors.Is(err, syscall.ENOSPC) != want || !refused(err) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
