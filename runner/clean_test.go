package runner

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"course/program"
	"course/runner/store"
)

func TestCleanRemovesWhatAStoreHasWrittenAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	r := &Runner{Store: Store{Dir: dir}}
	p := cell("kept", `func main() { worker.Println("x") }`, program.Thread)
	run(t, r, p)
	mine := filepath.Join(dir, string(store.Results), "notes.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := store.Clean(dir, false)
	if err != nil || got.Results != 1 || got.Files < 3 || got.Bytes == 0 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, stale := (&Runner{Store: Store{Dir: dir}}).Stored([]program.Program{p}); len(stale) != 1 {
		t.Error("the result is still there")
	}
	if _, err := os.Stat(filepath.Join(dir, "modules")); err != nil {
		t.Error("the modules are gone, and were not to be")
	}
	run(t, r, p) // a tool that was at work goes on
	if got, err = store.Clean(dir, true); err != nil || got.Results != 1 {
		t.Errorf("all: %+v, %v", got, err)
	}
	var rest []string
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rest = append(rest, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(rest) != 1 || rest[0] != mine {
		t.Errorf("left are %v", rest)
	}
	if _, err := store.Clean(dir, true); !errors.Is(err, store.ErrNoStore) {
		t.Errorf("again: %v", err)
	}
}

func TestCleanRemovesTheDirectoryThatIsEmptyThen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	run(t, &Runner{Store: Store{Dir: dir}}, cell("kept", "func main() {}"))
	if _, err := store.Clean(dir, true); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is there: %v", err)
	}
}
