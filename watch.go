package course

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	rescanEvery = time.Second           // finds what the system did not tell: it loses events, and some file systems have none
	calm        = 5 * time.Millisecond  // an editor that truncates a file and writes it is done by then
	storm       = 50 * time.Millisecond // the longest wait for quiet
	coarsest    = 2 * time.Second       // step of a file's time on FAT, the coarsest in use; others take up to 10 ms
	hashLimit   = 16 << 20              // bytes of a file that are compared while its time cannot tell
)

// Changes watches the files in dir and below, until ctx ends. It sends after each change made since it
// was called: a file added, removed or different. Changes that come close together, or before the last
// one was received, are one. The channel is closed when ctx has ended and watching has, too.
//
// Names that begin with a dot, those that editors use while they save, and sites that were built within
// dir do not count. Links are followed to files, not to directories. Dir may be removed and come back.
// The error says that dir is not a directory to begin with.
func Changes(ctx context.Context, dir string) (<-chan struct{}, error) {
	switch info, err := os.Stat(dir); {
	case err != nil:
		return nil, fmt.Errorf("watch: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("watch: %w", &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR})
	}
	w := &watcher{dir: dir, every: rescanEvery, changed: make(chan struct{}, 1)}
	// A system that has no more watches to give is no reason not to watch: rescanning does it, later.
	w.hints, _ = fsnotify.NewWatcher()
	w.rescan(time.Now())
	go w.watch(ctx)
	return w.changed, nil
}

// A watcher compares a tree with what it was when last looked at. The system's events are hints to look
// again; they are neither complete nor in the shape that would be needed to rely on them.
type watcher struct {
	dir     string
	every   time.Duration     // between looking without a hint
	hints   *fsnotify.Watcher // nil where there are none
	files   map[string]stamp  // by path below dir
	changed chan struct{}
}

// A stamp is what is compared of a file.
type stamp struct {
	mode     fs.FileMode
	size     int64
	modified int64             // in nanoseconds since 1970
	sum      [sha256.Size]byte // of the content, if it was modified just before it was last looked at; else 0
}

func (w *watcher) watch(ctx context.Context) {
	defer close(w.changed)
	var events <-chan fsnotify.Event
	var failures <-chan error
	if w.hints != nil {
		defer w.hints.Close()
		events, failures = w.hints.Events, w.hints.Errors
	}
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if passing(filepath.Base(e.Name)) {
				continue
			}
			settle(ctx, events)
		case <-failures: //nolint:errcheck // an overflow, say: what was lost is found below
		case <-tick.C:
		}
		if w.rescan(time.Now()) {
			select {
			case w.changed <- struct{}{}:
			default: // the last one is still to be received, and will do for both
			}
		}
	}
}

// settle returns when there were no events for a while, or too many.
func settle(ctx context.Context, events <-chan fsnotify.Event) {
	limit := time.NewTimer(storm)
	defer limit.Stop()
	quiet := time.NewTimer(calm)
	defer quiet.Stop()
	for {
		select {
		case <-events:
			quiet.Reset(calm)
		case <-quiet.C:
			return
		case <-limit.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// rescan looks at the whole tree, asks for hints about each directory, and reports whether a file is
// not what it was.
func (w *watcher) rescan(now time.Time) bool {
	files := make(map[string]stamp, len(w.files))
	tree := os.DirFS(w.dir)
	_ = fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case name != "." && passing(path.Base(name)):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case err != nil: // it cannot be read, or is gone: its files are not there
		case entry.IsDir():
			if name != "." && written(tree, name) {
				return fs.SkipDir
			}
			if w.hints != nil { // before its files are read, so that none can change unseen
				_ = w.hints.Add(filepath.Join(w.dir, filepath.FromSlash(name)))
			}
		default:
			if s, err := w.look(tree, name, now); err == nil {
				files[name] = s
			}
		}
		return nil
	})
	same := maps.Equal(files, w.files)
	w.files = files
	return !same
}

// written reports whether a build wrote its site to the directory of that name.
func written(tree fs.FS, name string) bool {
	_, err := fs.Stat(tree, path.Join(name, manifestName))
	return err == nil
}

// errNotAFile says that a name leads to a directory, a pipe or a device.
var errNotAFile = errors.New("not a file")

// look returns the stamp of a file. Two writes within one step of the file system's clock cannot be
// told apart by time and size, therefore the content counts for as long as that clock may stand.
func (w *watcher) look(tree fs.FS, name string, now time.Time) (stamp, error) {
	info, err := fs.Stat(tree, name)
	if err != nil {
		return stamp{}, err
	}
	if !info.Mode().IsRegular() {
		return stamp{}, errNotAFile
	}
	s := stamp{mode: info.Mode(), size: info.Size(), modified: info.ModTime().UnixNano()}
	if now.Sub(info.ModTime()) > coarsest {
		if last := w.files[name]; last.mode == s.mode && last.size == s.size && last.modified == s.modified {
			s.sum = last.sum
		}
		return s, nil
	}
	f, err := tree.Open(name)
	if err != nil {
		return s, nil // a file that may not be read is one all the same
	}
	defer f.Close()
	h := sha256.New()
	_, _ = io.Copy(h, io.LimitReader(f, hashLimit)) // what cannot be read is no content
	h.Sum(s.sum[:0])
	return s, nil
}

// passing reports whether a file or directory of that name comes and goes without being part of a
// course: hidden ones, and what editors leave beside the file that is edited.
func passing(name string) bool {
	switch {
	case strings.HasPrefix(name, "."), // .git, .#lesson.md (Emacs), .lesson.md.swp (Vim), .goutputstream-… (GNOME)
		strings.HasSuffix(name, "~"),
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"), // Emacs
		strings.HasSuffix(name, ".swp"), strings.HasSuffix(name, ".swx"),
		strings.HasSuffix(name, "___jb_tmp___"), strings.HasSuffix(name, "___jb_old___"), // JetBrains
		name == "4913": // Vim finds out with it whether it may write here
		return true
	}
	return false
}
