package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Cleaned is what Clean has removed.
type Cleaned struct {
	Dir     string `json:"dir"`     // the store
	Results int    `json:"results"` // how many of them
	Files   int    `json:"files"`   // results and all else
	Bytes   int64  `json:"bytes"`   // that the files took
}

// ErrNoStore is what Clean returns for a directory that no Shelf has marked as a store.
var ErrNoStore = errors.New("it is not a store of results")

// Clean removes all results from the store in dir and what is known of toolchains, and leaves what they depended on, which explains what is run
// then; with all it removes that, too, the modules in which package worker is compiled, and the directory itself where nothing else is in it. It removes nothing that a Shelf did not write. Tools that use the
// store meanwhile go on: what they then miss, they make again. A directory that is not there has nothing to remove.
func Clean(dir string, all bool) (Cleaned, error) {
	c := Cleaned{Dir: dir}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if !isStore(dir) {
		return c, ErrNoStore
	}
	s := &Shelf{dir: dir}
	for _, kind := range Kinds() {
		if kind == History && !all {
			continue
		}
		if err := c.kind(s, kind); err != nil {
			return c, fmt.Errorf("remove %s: %w", kind, err)
		}
	}
	if !all {
		return c, nil
	}
	if err := c.modules(dir); err != nil {
		return c, fmt.Errorf("remove modules: %w", err)
	}
	for _, name := range []string{lookedFile, modulesLock, turnLock, tagFile} {
		if err := c.file(filepath.Join(dir, name)); err != nil {
			return c, err
		}
	}
	_ = os.Remove(dir) // unless somebody else has put something there
	return c, nil
}

// kind removes the entries of a kind, and directories that are empty then.
func (c *Cleaned) kind(s *Shelf, kind Kind) error {
	var failed error
	walkFiles(filepath.Join(s.dir, string(kind)), func(name string, info fs.FileInfo) {
		if !isEntry(name) && !s.leftover(name, info) {
			return
		}
		if err := c.file(name); err != nil && failed == nil {
			failed = err
		}
		if isEntry(name) && kind == Results {
			c.Results++
		}
	})
	dirs, _ := os.ReadDir(filepath.Join(s.dir, string(kind)))
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		_ = os.Remove(filepath.Join(s.dir, string(kind), d.Name()))
	}
	_ = os.Remove(filepath.Join(s.dir, string(kind)))
	return failed
}

// modules removes the modules of a store, when no tool compiles one.
func (c *Cleaned) modules(dir string) error {
	unlock, err := lockModules(dir)
	if err != nil {
		return err
	}
	defer unlock()
	walkFiles(filepath.Join(dir, moduleDir), func(_ string, info fs.FileInfo) {
		c.Files++
		c.Bytes += info.Size()
	})
	return os.RemoveAll(filepath.Join(dir, moduleDir))
}

// file removes a file, which may be gone.
func (c *Cleaned) file(name string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = os.Remove(name)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c.Files++
	c.Bytes += info.Size()
	return nil
}
