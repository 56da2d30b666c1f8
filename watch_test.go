package course

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"go.uber.org/goleak"
)

func TestChangesTellsOfEachWayToSave(t *testing.T) {
	tree := watchedTree{t}
	dir := t.TempDir()
	lesson := filepath.Join(dir, "01-start.md")
	tree.write(lesson, "# Start\n")
	changes := startWatch(t, dir)

	tree.write(lesson, "# Changed\n")
	awaitChange(t, changes, "a file was written in place")

	tree.write(filepath.Join(dir, "new~"), "# Renamed\n")
	tree.rename(filepath.Join(dir, "new~"), lesson)
	awaitChange(t, changes, "another file took its name")

	tree.write(filepath.Join(dir, "02-more.md"), "# More\n")
	awaitChange(t, changes, "a file was added")

	tree.remove(filepath.Join(dir, "02-more.md"))
	awaitChange(t, changes, "a file was removed")

	tree.write(filepath.Join(dir, "a", "b", "c", "data.txt"), "1")
	awaitChange(t, changes, "a file was added in directories that are new")

	tree.write(filepath.Join(dir, "a", "b", "c", "data.txt"), "2")
	awaitChange(t, changes, "a file was changed in directories that were new")

	tree.remove(dir)
	awaitChange(t, changes, "the directory was removed")

	tree.write(lesson, "# Back\n")
	awaitChange(t, changes, "the directory came back")

	tree.write(lesson, "# Back again\n")
	awaitChange(t, changes, "a file was changed in the directory that came back")
}

func TestChangesEndsInWhatWasWrittenLast(t *testing.T) {
	tree := watchedTree{t}
	lesson := filepath.Join(t.TempDir(), "01-start.md")
	tree.write(lesson, "0")
	changes := startWatch(t, filepath.Dir(lesson))
	const last = "the end"
	go func() { // all of one size and, often, of one time
		for i := range 1000 {
			_ = os.WriteFile(lesson, []byte{'a' + byte(i%26)}, 0o600)
		}
		_ = os.WriteFile(lesson, []byte(last), 0o600)
	}()
	for {
		awaitChange(t, changes, "it was written again")
		if content, err := os.ReadFile(lesson); err != nil {
			t.Fatal(err)
		} else if string(content) == last {
			return
		}
	}
}

func TestChangesNeedsNoHints(t *testing.T) {
	tree := watchedTree{t}
	lesson := filepath.Join(t.TempDir(), "01-start.md")
	tree.write(lesson, "# Start\n")
	w := &watcher{dir: filepath.Dir(lesson), every: time.Millisecond, changed: make(chan struct{}, 1)}
	w.rescan(time.Now())
	ctx, cancel := context.WithCancel(t.Context())
	go w.watch(ctx)
	tree.write(lesson, "# Changed\n")
	awaitChange(t, w.changed, "a file was written")
	cancel()
	drainChanges(w.changed)
}

func TestChangesFollowsHintsAtOnce(t *testing.T) {
	tree := watchedTree{t}
	hints, err := fsnotify.NewWatcher()
	if err != nil {
		t.Skipf("this system has no hints to give: %v", err)
	}
	dir := t.TempDir()
	w := &watcher{dir: dir, every: 24 * time.Hour, hints: hints, changed: make(chan struct{}, 1)}
	w.rescan(time.Now())
	ctx, cancel := context.WithCancel(t.Context())
	go w.watch(ctx)
	tree.write(filepath.Join(dir, "a", "b", "file"), "one")
	awaitChange(t, w.changed, "a file was added in directories that are new")
	tree.write(filepath.Join(dir, "a", "b", "file"), "two")
	awaitChange(t, w.changed, "it was written again")
	cancel()
	drainChanges(w.changed)
}

func TestChangesWatchesDirectoriesOnly(t *testing.T) {
	tree := watchedTree{t}
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	tree.write(file, "")
	for _, path := range []string{file, filepath.Join(dir, "missing")} {
		if _, err := Changes(t.Context(), path); err == nil || !strings.HasPrefix(err.Error(), "watch: ") {
			t.Errorf("Changes(%s) returned error %v", path, err)
		}
	}
	if _, err := Changes(t.Context(), filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v, want one that is fs.ErrNotExist", err)
	}
}

func TestChangesLeavesNothingBehind(t *testing.T) {
	tree := watchedTree{t}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	changes, err := Changes(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 100 { // nobody receives, nobody waits
		tree.write(filepath.Join(dir, "file"), strings.Repeat("x", i))
	}
	cancel()
	drainChanges(changes)
}

// TestRescan takes steps one after the other in one directory, and says which of them count.
func TestRescan(t *testing.T) {
	tree := watchedTree{t}
	dir := t.TempDir()
	outside := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	hour := time.Now().Add(-time.Hour)
	w := &watcher{dir: dir}
	w.rescan(time.Now())
	for _, step := range []struct {
		name string
		do   func()
		want bool
	}{
		{"nothing", func() {}, false},
		{"a file", func() { tree.write(in("a.md"), "one") }, true},
		{"nothing again", func() {}, false},
		{"other text of the same size at the same time", func() {
			tree.stamped(in("a.md"), "one", time.Now())
			w.rescan(time.Now())
			info, _ := os.Stat(in("a.md"))
			tree.stamped(in("a.md"), "two", info.ModTime())
		}, true},
		{"the same text, written anew", func() { tree.stamped(in("a.md"), "two", hour) }, true},
		{"an old file that stays as it is", func() {}, false},
		{"a directory without files", func() { tree.mkdir(in("sub/deep")) }, false},
		{"a file in it", func() { tree.write(in("sub/deep/b.md"), "b") }, true},
		{"a directory renamed", func() { tree.rename(in("sub"), in("sub2")) }, true},
		{"a link to a file", func() {
			tree.write(filepath.Join(outside, "c"), "c")
			tree.link(filepath.Join(outside, "c"), in("c.md"))
		}, true},
		{"the file that the link leads to", func() { tree.write(filepath.Join(outside, "c"), "other") }, true},
		{"a link to nowhere", func() { tree.link(filepath.Join(outside, "nothing"), in("d.md")) }, false},
		{"a link to a directory above", func() { tree.link(dir, in("loop")) }, false},
		{"rights", func() { tree.chmod(in("a.md"), 0o640) }, true},
		{"a hidden file", func() { tree.write(in(".a.md.swp"), "x") }, false},
		{"a hidden directory", func() { tree.write(in(".git/index"), "x") }, false},
		{"what Emacs leaves", func() { tree.write(in("#a.md#"), "x"); tree.link("me@here.1", in(".#a.md")) }, false},
		{"what Vim leaves", func() { tree.write(in("4913"), "x"); tree.write(in("a.md~"), "x"); tree.write(in("x.swp"), "x") }, false},
		{"what JetBrains leaves", func() { tree.write(in("a.md___jb_tmp___"), "x") }, false},
		{"a site that was built here", func() { tree.write(in("public/"+manifestName), "x"); tree.write(in("public/index.html"), "x") }, false},
		{"a name with a dot", func() { tree.write(in("a.b.md"), "x") }, true},
		{"the directory is gone", func() { tree.remove(dir) }, true},
		{"and stays away", func() {}, false},
		{"the directory is back", func() { tree.write(in("a.md"), "x") }, true},
	} {
		step.do()
		if got := w.rescan(time.Now()); got != step.want {
			t.Errorf("%s: changed is %v, want %v", step.name, got, step.want)
		}
	}
}

func TestSettleEndsInAStorm(t *testing.T) {
	events := make(chan fsnotify.Event)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { // never quiet
		for {
			select {
			case events <- fsnotify.Event{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	settle(t.Context(), events) // the test hangs if it does not
}

// startWatch returns what Changes sends, and ends it with the test, of which nothing must be left.
func startWatch(t *testing.T, dir string) <-chan struct{} {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	changes, err := Changes(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		drainChanges(changes)
	})
	return changes
}

// awaitChange receives once, or gives up after a time that says nothing but that it does not come.
func awaitChange(t *testing.T, changes <-chan struct{}, why string) {
	t.Helper()
	select {
	case _, open := <-changes:
		if !open {
			t.Fatalf("the channel was closed before %s", why)
		}
	case <-time.After(time.Minute):
		t.Fatalf("nothing was sent although %s", why)
	}
}

// drainChanges returns when changes is closed.
func drainChanges(changes <-chan struct{}) {
	for range changes {
		continue // to wait is all there is to do
	}
}

// A watchedTree changes files, or ends the test.
type watchedTree struct{ t *testing.T }

func (w watchedTree) write(path, content string) {
	w.t.Helper()
	w.mkdir(filepath.Dir(path))
	w.check(os.WriteFile(path, []byte(content), 0o600))
}

func (w watchedTree) stamped(path, content string, modified time.Time) {
	w.t.Helper()
	w.write(path, content)
	w.check(os.Chtimes(path, modified, modified))
}

func (w watchedTree) mkdir(path string)      { w.t.Helper(); w.check(os.MkdirAll(path, 0o700)) }
func (w watchedTree) rename(from, to string) { w.t.Helper(); w.check(os.Rename(from, to)) }
func (w watchedTree) remove(path string)     { w.t.Helper(); w.check(os.RemoveAll(path)) }
func (w watchedTree) link(to, from string)   { w.t.Helper(); w.check(os.Symlink(to, from)) }
func (w watchedTree) chmod(path string, mode fs.FileMode) {
	w.t.Helper()
	w.check(os.Chmod(path, mode))
}

func (w watchedTree) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
