package course

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
)

// siteOf returns a site of so many files in two directories; what they say begins with a word.
func siteOf(word string, n int) fstest.MapFS {
	site := make(fstest.MapFS)
	for i := range n {
		site[fmt.Sprintf("p%02d.html", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "%s %d\n", word, i)}
		site[fmt.Sprintf("assets/a%02d.css", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "%s %d\n", word, i)}
	}
	return site
}

// times returns when each file below dir was last written.
func times(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	all := make(map[string]time.Time)
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		all[filepath.ToSlash(rel)] = info.ModTime()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestOnlyChangedFilesAreWritten: the others, and the list of all, keep the time at which they were written.
func TestOnlyChangedFilesAreWritten(t *testing.T) {
	dir, site := t.TempDir(), siteOf("first", 20)
	write := func() {
		t.Helper()
		if _, err := writeSite(t.Context(), site, dir); err != nil {
			t.Fatal(err)
		}
	}
	write()
	long := time.Now().Add(-time.Hour).Truncate(time.Second)
	for name := range times(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, filepath.FromSlash(name)), long, long); err != nil {
			t.Fatal(err)
		}
	}
	write()
	for name, at := range times(t, dir) {
		if !at.Equal(long) {
			t.Errorf("%s was written, and nothing has changed", name)
		}
	}
	site["p03.html"] = &fstest.MapFile{Data: []byte("another")}
	delete(site, "assets/a05.css")
	write()
	now := times(t, dir)
	for name, at := range now {
		if rewritten := name == "p03.html" || name == manifestName; rewritten == at.Equal(long) {
			t.Errorf("%s was written: %v", name, !rewritten)
		}
	}
	if _, ok := now["assets/a05.css"]; ok || len(now) != 40 {
		t.Errorf("there are %d files; assets/a05.css is there: %v", len(now), ok)
	}
}

// TestWhatSomebodyChangedStays when the site has it no more: it is not as a build wrote it, so it is not a build's to remove.
func TestWhatSomebodyChangedStays(t *testing.T) {
	dir, site := t.TempDir(), siteOf("first", 3)
	if _, err := writeSite(t.Context(), site, dir); err != nil {
		t.Fatal(err)
	}
	const edited, gone = "assets/a01.css", "p01.html"
	if err := os.WriteFile(filepath.Join(dir, edited), []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	delete(site, edited)
	delete(site, gone)
	for range 2 { // the second build knows nothing of either
		if _, err := writeSite(t.Context(), site, dir); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, edited)); err != nil || string(got) != "mine\n" {
			t.Errorf("%s was changed, and is now %q, %v", edited, got, err)
		}
		if now := times(t, dir); !now[gone].IsZero() || len(now) != len(site)+2 {
			t.Errorf("%s was not changed, and is there: %v; there are %d files, want %d", gone, !now[gone].IsZero(), len(now), len(site)+2)
		}
	}
}

// TestAReaderSeesOldOrNew: while a site is written, each file is there as it was or as it will be.
func TestAReaderSeesOldOrNew(t *testing.T) {
	dir := t.TempDir()
	sites := []fstest.MapFS{siteOf("first", 4), siteOf("second, which is longer", 4)}
	if _, err := writeSite(t.Context(), sites[0], dir); err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	read := make(chan error, 1)
	go func() {
		seen := 0
		for last := false; !last; seen++ {
			last = done.Load() // one more round after the end
			got, err := os.ReadFile(filepath.Join(dir, "p02.html"))
			if err != nil || string(got) != "first 2\n" && string(got) != "second, which is longer 2\n" {
				read <- fmt.Errorf("%q, %w", got, err)
				return
			}
		}
		read <- nil
	}()
	for i := range 50 {
		if _, err := writeSite(t.Context(), sites[(i+1)%2], dir); err != nil {
			t.Error(err)
		}
	}
	done.Store(true)
	if err := <-read; err != nil {
		t.Error(err)
	}
}

// TestAnInterruptedBuildIsTakenUp: what it has written is no stranger's for the next one, and no temporary file is left.
func TestAnInterruptedBuildIsTakenUp(t *testing.T) {
	dir := t.TempDir()
	if _, err := writeSite(t.Context(), siteOf("first", 30), dir); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	out := output{now: make(map[string][]string)}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	out.root = root
	if out.earlier, err = readManifest(out); err != nil {
		t.Fatal(err)
	}
	files, err := readAll(ctx, siteOf("second", 30))
	if err != nil {
		t.Fatal(err)
	}
	both := make(map[string][]string)
	for _, f := range files {
		both[f.name] = append(out.earlier[f.name], f.sum)
	}
	if err := out.record(both); err != nil {
		t.Fatal(err)
	}
	if err := out.writeAll(ctx, files[:10]); err != nil {
		t.Fatal(err)
	}
	cancel(stop)
	if err := out.writeAll(ctx, files[10:]); !errors.Is(err, stop) {
		t.Errorf("got %v, want the cause", err)
	}
	third := siteOf("third", 30)
	if _, err := writeSite(t.Context(), third, dir); err != nil {
		t.Fatal(err)
	}
	if now := times(t, dir); len(now) != len(third)+1 {
		t.Errorf("there are %d files, want %d and the list of them", len(now), len(third))
	}
}

// TestTheFirstErrorIsTold, whichever comes first in time, and what follows it is not begun.
func TestTheFirstErrorIsTold(t *testing.T) {
	for _, procs := range []int{1, 4} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			var begun atomic.Int64
			slow := make(chan struct{})
			err := inParallel(t.Context(), 1000, func(i int) error {
				begun.Add(1)
				switch {
				case i == 10 && procs > 1:
					<-slow // until a later one has failed
					return errors.New("the first")
				case i == 11:
					close(slow)
					return errors.New("the second")
				case i == 10:
					return errors.New("the first")
				}
				return nil
			})
			if err == nil || err.Error() != "the first" {
				t.Errorf("on %d processors: %v", procs, err)
			}
			if n := begun.Load(); n == 1000 {
				t.Errorf("on %d processors all were begun", procs)
			}
		}()
	}
}
