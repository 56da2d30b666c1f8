package lessons

import (
	"course/formula"
	"course/program"
)

// Scope returns what expressions of the course can name.
func (c *Course) Scope() formula.Course { return scope{} }

type scope struct{}

// Lessons implements formula.Course.
func (scope) Lessons() []string { return nil }

// Cells implements formula.Course.
func (scope) Cells(string) []string { return nil }

// Options implements formula.Course.
func (scope) Options(string) (program.Options, bool) { return program.Options{}, false }
