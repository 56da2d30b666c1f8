package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"course"
	"course/consent"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
	"course/runner/store"

	"github.com/spf13/cobra"
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
		case lessons.LooksLikeCourse(os.DirFS(".")):
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

// titled names the course in messages, in the working directory by its title, as far as it has one.
func (d directory) titled(title string) string {
	if d.path == "." && title != "" {
		return problem.Printable(title)
	}
	return d.String()
}

// announce tells that the course is not one of the user's, where they might think so.
func (d directory) announce(cmd *cobra.Command) {
	if d.path == "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "course: there is no course in this directory: this is the one that the program carries\n\thint: name another's directory, as in %s DIR\n", cmd.CommandPath())
	}
}

// problems returns list with its files as the user would open them.
func (d directory) problems(list problem.List) problem.List {
	named := make(problem.List, len(list))
	for i, p := range list {
		p.File = d.named(p.File)
		named[i] = p
	}
	return named
}

// named returns the name of a file of the course as the user would open it.
func (d directory) named(file string) string {
	if file == "" || d.path == "" {
		return file
	}
	return filepath.Join(d.path, filepath.FromSlash(file))
}

// trustFlag gives a command that runs cells the flag --trust.
func trustFlag(cmd *cobra.Command, trust *bool) {
	cmd.Flags().BoolVar(trust, "trust", false, "run cells as you, outside of the sandbox")
}

// open finds the course at path, or the one that is meant without it, and returns how to make a site of it
// with the results that are kept for this user. With trust its cells run as the user; else they run in the sandbox, but for those
// that this program carries.
func open(path string, trust bool, on func(runner.Event)) (directory, course.Config, error) {
	dir, err := find(path)
	if err != nil {
		return directory{}, course.Config{}, err
	}
	trusted := course.Carries
	if trust {
		trusted = func(program.Program) bool { return true }
	}
	cache, nowhere := store.DefaultDir()
	real := "" // the course that this program carries
	if dir.path != "" {
		if real, err = consent.RealPath(dir.path); err != nil {
			return directory{}, course.Config{}, fmt.Errorf("open course: %w", err)
		}
	}
	return dir, course.Config{
		Source: dir.source,
		Runner: &runner.Runner{Store: runner.Store{Dir: cache, None: nowhere}, Course: real, Trusted: trusted},
		On:     on,
	}, nil
}

// openFor does as the method open, but asks nothing where only what is recorded is to be shown.
func (h host) openFor(cmd *cobra.Command, path string, trust, recorded bool, on func(runner.Event)) (directory, course.Config, error) {
	if recorded {
		return open(path, false, on)
	}
	return h.open(cmd, path, trust, on)
}

// open does as the function of that name, and has leave for the cells to run as the user where this machine has no sandbox.
func (h host) open(cmd *cobra.Command, path string, trust bool, on func(runner.Event)) (directory, course.Config, error) {
	dir, config, err := open(path, trust, on)
	if err != nil || trust || dir.path == "" {
		return dir, config, err
	}
	config.Runner.Sandbox = h.sandbox
	book, _ := consent.DefaultBook() // who has no directory for it is asked each time
	var ask func(context.Context, course.Question) (course.Answer, error)
	if t := openTerminal(); t != nil {
		defer t.out.Close()
		t.recorded = cmd.Name() != "run" // which shows only what it runs
		ask = t.ask
	}
	config, err = config.Permit(cmd.Context(), dir.path, book, ask)
	return dir, config, err
}
