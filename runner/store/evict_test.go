package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entryKey is a key for an entry that is made up.
func entryKey(i int) string { return fmt.Sprintf("%064x", i) }

// entrySize is what filled's results take: checksum, line end, quoted text.
const entrySize = 64 + 1 + 1000 + 2

// filled returns a store of n results of a kilobyte each. Result i was last used i hours after the first.
func filled(t *testing.T, n int) (dir string, start time.Time) {
	t.Helper()
	s := Open(t.TempDir())
	start = time.Now().Add(-1000 * time.Hour)
	for i := range n {
		if err := s.Save(Results, entryKey(i), strings.Repeat("x", 1000)); err != nil {
			t.Fatal(err)
		}
		at := start.Add(time.Duration(i) * time.Hour)
		if err := os.Chtimes(s.path(Results, entryKey(i)), at, at); err != nil {
			t.Fatal(err)
		}
	}
	return s.dir, start
}

// left returns which of the results that filled made are still there.
func left(dir string, n int) (all []int) {
	s := Open(dir)
	for i := range n {
		if s.Holds(Results, entryKey(i)) {
			all = append(all, i)
		}
	}
	return all
}

func TestEvictRemovesWhatWasNotUsedForLongest(t *testing.T) {
	const n = 20
	dir, _ := filled(t, n)
	s := Open(dir)
	var value string
	if !s.Load(Results, entryKey(3), &value) { // the tool that evicts needs it
		t.Fatal("it is not there")
	}
	if other := Open(dir); !other.Load(Results, entryKey(5), &value) { // another tool has used it now
		t.Fatal("it is not there")
	}
	s.Evict(11 * entrySize) // to nine tenths of it
	if diff := cmp.Diff([]int{3, 5, 13, 14, 15, 16, 17, 18, 19}, left(dir, n)); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
}

func TestEvictLeavesAStoreWithinItsLimit(t *testing.T) {
	dir, _ := filled(t, 5)
	Open(dir).Evict(0)
	Open(dir).Evict(5 * entrySize)
	if got := left(dir, 5); len(got) != 5 {
		t.Errorf("left are %v", got)
	}
}

// TestEvictKeepsWhatThisToolNeeds also where that is more than the limit.
func TestEvictKeepsWhatThisToolNeeds(t *testing.T) {
	s := Open(t.TempDir())
	for i := range 5 {
		if err := s.Save(Results, entryKey(i), strings.Repeat("x", 1000)); err != nil {
			t.Fatal(err)
		}
	}
	s.Evict(1)
	if got := left(s.dir, 5); len(got) != 5 {
		t.Errorf("left are %v", got)
	}
}

// TestEvictLooksNowAndThen: to look through a store takes time, and each Run would.
func TestEvictLooksNowAndThen(t *testing.T) {
	now := time.Now()
	s := &Shelf{dir: t.TempDir(), now: func() time.Time { return now }}
	due := func() bool { return s.due(1 << 20) }
	if !due() || due() {
		t.Error("it looks at first, and once")
	}
	if other := Open(s.dir); other.due(1 << 20) {
		t.Error("another tool looks again at once")
	}
	if err := s.Save(Results, entryKey(1), strings.Repeat("x", 1<<17)); err != nil {
		t.Fatal(err)
	}
	if !due() || due() {
		t.Error("it looks again when much was stored, once")
	}
	now = now.Add(25 * time.Hour)
	if !due() || due() {
		t.Error("it looks again the next day, once")
	}
}

func TestEvictRemovesWhatACrashHasLeft(t *testing.T) {
	dir, start := filled(t, 1)
	old, recent := filepath.Join(dir, string(Results), "00", tempPrefix+"1"), filepath.Join(dir, string(Results), "00", tempPrefix+"2")
	for _, name := range []string{old, recent} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, start, start); err != nil {
		t.Fatal(err)
	}
	Open(dir).Evict(0)
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the old one is still there")
	}
	if _, err := os.Stat(recent); err != nil {
		t.Error("a file that another tool writes is gone")
	}
}

// TestEvictRemovesModulesAsAWhole: of an earlier version of package worker, say.
func TestEvictRemovesModulesAsAWhole(t *testing.T) {
	s := Open(t.TempDir())
	var modules []string
	for _, version := range []string{"earlier", "now"} {
		module, release, err := s.Module(version, map[string]string{"go.mod": "module course\n", "version.go": version}, "")
		if err != nil {
			t.Fatal(err)
		}
		release()
		modules = append(modules, module)
	}
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(modules[0], "go.mod"), long, long); err != nil {
		t.Fatal(err)
	}
	later := Open(s.dir)
	later.use(filepath.Join(modules[1], "go.mod"))
	later.Evict(1)
	if _, err := os.Stat(modules[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the earlier one is still there")
	}
	if _, err := os.Stat(filepath.Join(modules[1], "version.go")); err != nil {
		t.Error("the one in use is gone")
	}
}

// TestEvictWaitsForAModuleInUse: the go command compiles in it, however long that takes.
func TestEvictWaitsForAModuleInUse(t *testing.T) {
	dir := t.TempDir()
	module, release, err := Open(dir).Module("earlier", map[string]string{"go.mod": "module course\n"}, "")
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(module, "go.mod"), long, long); err != nil {
		t.Fatal(err)
	}
	evicted := make(chan struct{})
	go func() {
		defer close(evicted)
		Open(dir).Evict(1)
	}()
	select {
	case <-evicted:
		t.Error("it does not wait")
	case <-time.After(200 * time.Millisecond):
	}
	if _, err := os.Stat(filepath.Join(module, "go.mod")); err != nil {
		t.Error(err)
	}
	release()
	<-evicted
	if _, err := os.Stat(module); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there when it is released: %v", err)
	}
}

func TestAnEntryIsTouchedWhenItIsFound(t *testing.T) {
	dir, start := filled(t, 1)
	s := Open(dir)
	name := s.path(Results, entryKey(0))
	touched := func() bool {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.ModTime().After(start.Add(time.Hour))
	}
	var value string
	if s.Load(Results, entryKey(0), &value); !touched() {
		t.Error("it is as old as before")
	}
	if err := os.Chtimes(name, start, start); err != nil {
		t.Fatal(err)
	}
	if s.Load(Results, entryKey(0), &value); touched() {
		t.Error("it is touched at each reading")
	}
}
