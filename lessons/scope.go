package lessons

import (
	"strings"

	"course/formula"
	"course/program"
)

// Scope returns what expressions of the course can name.
func (c *Course) Scope() formula.Course { return scope{c} }

type scope struct{ course *Course }

// Lessons implements formula.Course.
func (s scope) Lessons() []string {
	var names []string
	for _, l := range s.course.Lessons {
		names = append(names, l.Name)
	}
	return names
}

// Cells implements formula.Course.
func (s scope) Cells(lesson string) []string {
	var ids []string
	if l := s.course.lesson(lesson); l != nil {
		for _, c := range l.cells {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Options implements formula.Course.
func (s scope) Options(id string) (program.Options, bool) {
	name, id, _ := strings.Cut(id, "/")
	if l := s.course.lesson(name); l != nil {
		for _, c := range l.cells {
			if c.ID == id {
				return c.Options, !c.code.failed
			}
		}
	}
	return program.Options{}, false
}
