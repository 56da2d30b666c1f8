package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"course"
	"course/problem"
	"course/runner"
)

// ownCourse is where this repository keeps its course.
const ownCourse = "lessons/threads-and-processes"

// A directory is the course that a command works on.
type directory struct {
	path   string // as the user would write it; empty for the course that this program carries
	source fs.FS
}

// find returns the course at path, or, where path is empty, the one that is meant without it.
func find(path string) (directory, error) {
	if path == "" {
		switch {
		case exists("course.yaml"):
			path = "."
		case exists(ownCourse):
			path = ownCourse
		default:
			return directory{"", course.Embedded()}, nil
		}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return directory{}, fmt.Errorf("there is no directory %s: course init %s makes a course there", path, path)
	case err != nil:
		return directory{}, fmt.Errorf("open course: %w", err)
	case !info.IsDir():
		return directory{}, fmt.Errorf("%s is not a directory: name the one that holds it", path)
	}
	return directory{path, os.DirFS(path)}, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// String names the course in messages.
func (d directory) String() string {
	switch d.path {
	case "":
		return "the course that this program carries"
	case ".":
		return "the course in this directory"
	}
	return d.path
}

// problems returns list with its files as the user would open them.
func (d directory) problems(list problem.List) problem.List {
	named := make(problem.List, len(list))
	for i, p := range list {
		if p.File != "" && d.path != "" {
			p.File = filepath.Join(d.path, filepath.FromSlash(p.File))
		}
		named[i] = p
	}
	return named
}

// open finds the course at path, or the one that is meant without it, and returns how to make a site of it
// with the results that are kept for this user.
func open(path string, on func(runner.Event)) (directory, course.Config, error) {
	dir, err := find(path)
	if err != nil {
		return directory{}, course.Config{}, err
	}
	cache, err := runner.DefaultDir()
	if err != nil {
		return directory{}, course.Config{}, err
	}
	return dir, course.Config{
		Source: dir.source,
		Runner: &runner.Runner{Store: runner.Store{Dir: cache}},
		On:     on,
	}, nil
}
