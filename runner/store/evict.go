package store

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// tagFile tells programs that make backups, and Clean, what the directory is: see https://bford.info/cachedir.
const tagFile = "CACHEDIR.TAG"

const tag = "Signature: 8a477f597d28d172789f06886806bc55\n" +
	"# This is a cache directory tag: results of cells that the command course keeps.\n" +
	"# To empty it: course clean\n"

// markStore makes dir known as a store. A tag that somebody else has put there stays; our own is written again where it was damaged or cut.
func markStore(dir string) error {
	name := filepath.Join(dir, tagFile)
	switch content, err := os.ReadFile(name); {
	case err == nil && string(content) == tag:
		return nil
	case err == nil && !isTag(content) && !strings.HasPrefix(tag, string(content)):
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil // it is there, and no file of ours
	}
	return replaceFile(name, []byte(tag))
}

// isStore reports whether dir was marked.
func isStore(dir string) bool {
	content, err := os.ReadFile(filepath.Join(dir, tagFile))
	return err == nil && isTag(content)
}

// isTag reports whether a tag is ours, whole or damaged in one place: with more than what all tags have in common, their signature.
func isTag(content []byte) bool {
	head, most := 0, min(len(content), len(tag))
	for head < most && content[head] == tag[head] {
		head++
	}
	tail := 0
	for head+tail < most && content[len(content)-1-tail] == tag[len(tag)-1-tail] {
		tail++
	}
	return head+tail >= len(tag)/2
}

// How often evict looks through a store: again after this time, or when so much of the limit was stored.
const (
	evictAfter = 24 * time.Hour
	evictShare = 16
)

// leftoverAfter is how old a temporary file is that nobody will rename any more.
const leftoverAfter = time.Hour

// lookedFile is a file whose time says when a tool last looked through the store.
const lookedFile = ".evicted"

// Evict removes from the store what was not used for longest, until it is a tenth below its limit, in bytes, and what crashes have left; what this Shelf has
// saved or loaded stays. A limit of 0 is DefaultLimit.
// It does nothing where a look is not due. Several tools may do so at once: they remove the same.
func (s *Shelf) Evict(limit int64) {
	limit = cmp.Or(limit, DefaultLimit)
	if s.dir == "" || !s.due(limit) {
		return
	}
	items, total := s.items()
	if total <= limit {
		return
	}
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(a.used.Compare(b.used), strings.Compare(a.path, b.path))
	})
	for _, i := range items {
		if total <= limit-limit/10 {
			return
		}
		if s.remove(i) {
			total -= i.size
		}
	}
}

// remove removes i unless it is needed, and reports whether it is gone. For a module it waits until no tool compiles one.
func (s *Shelf) remove(i item) bool {
	if filepath.Dir(i.path) == filepath.Join(s.dir, moduleDir) {
		unlock, err := lockModules(s.dir)
		if err != nil {
			return false
		}
		defer unlock()
	}
	return s.mayEvict(i) && os.RemoveAll(i.path) == nil
}

// due reports whether it is time to look through the store, and notes that it is done.
func (s *Shelf) due(limit int64) bool {
	looked := filepath.Join(s.dir, lookedFile)
	now := s.clock()
	info, err := os.Stat(looked)
	s.mu.Lock()
	due := err != nil || now.Sub(info.ModTime()) > evictAfter || s.grown > limit/evictShare
	if due {
		s.grown = 0
	}
	s.mu.Unlock()
	if due && os.Chtimes(looked, now, now) != nil {
		_ = replaceFile(looked, nil) // else the next Run looks again
	}
	return due
}

// mayEvict reports whether i is still as it was seen and this tool does not need it.
func (s *Shelf) mayEvict(i item) bool {
	s.mu.Lock()
	_, used := s.used[i.stamp]
	s.mu.Unlock()
	info, err := os.Lstat(i.stamp)
	return !used && err == nil && info.ModTime().Equal(i.used) // else another tool has just stored or found it
}

// An item is what is evicted as a whole: the file of an entry, or the directory of a module.
type item struct {
	path  string
	stamp string    // the file whose time says when it was used: path itself, or one within
	used  time.Time // that time
	size  int64
}

// items lists what is in the store, with its size in bytes altogether, and removes what crashes have left. What cannot be read is not there.
func (s *Shelf) items() (items []item, total int64) {
	for _, kind := range Kinds() {
		walkFiles(filepath.Join(s.dir, string(kind)), func(name string, info fs.FileInfo) {
			switch {
			case isEntry(name):
				items = append(items, item{name, name, info.ModTime(), info.Size()})
			case s.leftover(name, info):
				_ = os.Remove(name)
			}
		})
	}
	modules, _ := os.ReadDir(filepath.Join(s.dir, moduleDir))
	for _, m := range modules {
		if info, err := m.Info(); err == nil && m.IsDir() {
			items = append(items, s.module(filepath.Join(s.dir, moduleDir, m.Name()), info))
		}
	}
	for _, i := range items {
		total += i.size
	}
	return items, total
}

// module returns a module as an item.
func (s *Shelf) module(dir string, info fs.FileInfo) item {
	i := item{path: dir, stamp: dir, used: info.ModTime()}
	walkFiles(dir, func(name string, info fs.FileInfo) {
		switch {
		case s.leftover(name, info):
			_ = os.Remove(name)
			return
		case filepath.Base(name) == stampFile && filepath.Dir(name) == dir:
			i.stamp, i.used = name, info.ModTime()
		}
		i.size += info.Size()
	})
	return i
}

// entryName is that of an entry's file.
var entryName = regexp.MustCompile(`^[0-9a-f]{64}\.json$`)

func isEntry(name string) bool { return entryName.MatchString(filepath.Base(name)) }

// leftover reports whether a file is one of replaceFile's that was never renamed.
func (s *Shelf) leftover(name string, info fs.FileInfo) bool {
	return strings.HasPrefix(filepath.Base(name), tempPrefix) && s.clock().Sub(info.ModTime()) > leftoverAfter
}

// walkFiles calls f for each regular file below dir that is there when it comes to it, and can be seen.
func walkFiles(dir string, f func(name string, info fs.FileInfo)) {
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // what is in the way of others is theirs to report
		}
		if info, err := d.Info(); err == nil {
			f(name, info)
		}
		return nil
	})
}
