package lessons

import (
	"io/fs"
	"regexp"
)

// numbered is how a lesson's file is named by custom, "01-start.md"; other Markdown is in many directories.
var numbered = regexp.MustCompile(`^[0-9]+[-_. ].*\.md$`)

// cellFence begins a cell, in a list or a quote as well.
var cellFence = regexp.MustCompile("(?m)^[ \t>*+0-9.)-]*(```+|~~~+)[ \t]*(go|python)[ \t]*\\{[^}\n]*#[a-z]")

// LooksLikeCourse reports whether the root of fsys is a course also where nobody says so: it has a course.yaml, whatever that is, or a file
// that is named as lessons are by custom, with a number in front, and has a cell. A README.md, a change log or notes make no course of a project's directory.
func LooksLikeCourse(fsys fs.FS) bool {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return false
	}
	for _, e := range entries {
		if e.Name() == configFile {
			return true
		}
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !numbered.MatchString(e.Name()) {
			continue
		}
		if raw, err := readAtMost(fsys, e.Name(), maxLesson); err == nil && cellFence.Match(raw) {
			return true
		}
	}
	return false
}
