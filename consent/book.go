package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// A Book keeps consents in a directory, one file for each course: so one that is damaged counts as not given, and takes no other
// with it. Several tools may use it at once. The zero value grants nothing, and keeps nothing.
type Book struct {
	Dir string // need not exist
}

// DefaultBook returns this user's, in their configuration. The error is that of os.UserConfigDir.
func DefaultBook() (Book, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return Book{}, fmt.Errorf("find the configuration directory: %w", err)
	}
	return Book{filepath.Join(dir, "course", "trust")}, nil
}

// An entry is one consent.
type entry struct {
	Path    string `json:"path"` // of the course, absolute, links resolved
	Granted Wants  `json:"granted"`
}

// Granted returns what the course in a directory was granted, and whether it was. What cannot be read was not.
func (b Book) Granted(course string) (Wants, bool) {
	path, err := RealPath(course)
	if err != nil || b.Dir == "" {
		return Wants{}, false
	}
	name := b.file(path)
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || othersWrite(info) {
		return Wants{}, false
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return Wants{}, false
	}
	var e entry
	if json.Unmarshal(text, &e) != nil || e.Path != path {
		return Wants{}, false
	}
	return e.Granted, true
}

// Grant keeps that the course in a directory may do as much as w from now on.
func (b Book) Grant(course string, w Wants) error {
	path, err := RealPath(course)
	if err != nil || b.Dir == "" {
		return err
	}
	text, err := json.MarshalIndent(entry{path, w}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(b.Dir, ".trust-*") // 0600; renamed, so that it is there whole or not at all
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), b.file(path))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// file is where the consent for a path is kept. A path may hold anything, and be longer than a name may.
func (b Book) file(path string) string {
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(b.Dir, hex.EncodeToString(sum[:])+".json")
}

// othersWrite reports whether somebody else than its owner could have written a file.
func othersWrite(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 // there the bits mean nothing
}

// RealPath is the path by which consent is kept: absolute, with links resolved, so that a directory has one, whichever way leads there.
func RealPath(course string) (string, error) {
	path, err := filepath.Abs(course)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}
