package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// A CacheError is that the go command cannot keep what it compiles, so that nothing can be built.
type CacheError struct {
	Dir string // GOCACHE
	Err error
}

func (e *CacheError) Error() string {
	return fmt.Sprintf("compile the standard library: the go command's cache, %s, cannot be written: %v", e.Dir, e.Err)
}

func (e *CacheError) Unwrap() error { return e.Err }

// Hint says what mends it.
func (e *CacheError) Hint() string {
	return "make room there, or set XDG_CACHE_HOME, or GOCACHE where that is set, to a directory that can be written"
}

// cacheRoom is about what the largest package of the standard library takes in the cache.
const cacheRoom = 16 << 20

// unkept returns a *CacheError where packages of the standard library are not compiled because the cache cannot be written. The go command does not
// say so: without its cache, packages "are not in std".
func (i *imports) unkept(paths []string) error {
	standard := func(path string) bool {
		info, err := os.Stat(filepath.Join(i.toolchain.Root, "src", filepath.FromSlash(path)))
		return err == nil && info.IsDir()
	}
	if !slices.ContainsFunc(i.missing(paths), standard) || !filepath.IsAbs(i.toolchain.Cache) {
		return nil
	}
	if err := tryWriting(i.toolchain.Cache, cacheRoom); err != nil {
		if at := (*fs.PathError)(nil); errors.As(err, &at) {
			err = at.Err // its file is gone
		}
		return &CacheError{i.toolchain.Cache, err}
	}
	return nil
}

// tryWriting returns why a file of a size cannot be made in a directory.
func tryWriting(dir string, size int) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "course-room-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, size))
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// A fullError is that a tool had no room for what it wrote.
type fullError struct{ error }

func (e fullError) Unwrap() []error { return []error{e.error, syscall.ENOSPC} }

// saysFull reports whether a tool says that there is no room, as Go and the C library word it.
func saysFull(said fmt.Stringer) bool {
	return said != nil && strings.Contains(strings.ToLower(said.String()), syscall.ENOSPC.Error())
}
