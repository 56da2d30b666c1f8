package lessons

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// maxFiles bounds the files of one cell, together.
const maxFiles = 8 << 20

// dataFile reads a file of the course for a cell. The error is the end of a sentence that begins with the
// file. No part of its path may be a symbolic link, which could lead out of the course.
func dataFile(fsys fs.FS, name string) (string, error) {
	if !fs.ValidPath(name) || name == "." {
		return "", errors.New("is not in the course")
	}
	for p := name; p != "."; p = path.Dir(p) {
		info, err := fs.Lstat(fsys, p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return "", errors.New("does not exist")
		case err != nil:
			return "", fmt.Errorf("cannot be read: %w", err)
		case info.Mode()&fs.ModeSymlink != 0:
			return "", errors.New("is reached by a symbolic link")
		case p == name && !info.Mode().IsRegular():
			return "", errors.New("is no regular file")
		case p == name && info.Size() > maxFiles:
			return "", fmt.Errorf("is larger than %d MiB", maxFiles>>20)
		}
	}
	content, err := readAtMost(fsys, name, maxFiles+1)
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot be read: %w", err)
	case len(content) > maxFiles:
		return "", fmt.Errorf("is larger than %d MiB", maxFiles>>20)
	}
	return string(content), nil
}
