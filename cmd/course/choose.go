package main

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

// A choice is a part of a course.
type choice struct {
	course   *lessons.Course
	programs []program.Program
	problems problem.List // of the course, as far as they concern that part
}

// choose returns what target names: the whole course where it is empty.
func choose(c *lessons.Course, target string) (choice, error) {
	if target == "" {
		return choice{c, c.Programs(), c.Problems}, nil
	}
	name, id, ofCell := strings.Cut(target, "#")
	if ofCell && id == "" || name == "" && len(c.Lessons) > 1 {
		return choice{}, fmt.Errorf("%q does not say which: write LESSON, or LESSON#CELL", target)
	}
	lesson, err := findLesson(c, name)
	if err != nil {
		return choice{}, err
	}
	chosen := choice{course: c}
	cell, err := findCell(lesson, id)
	if err != nil {
		return choice{}, err
	}
	for _, p := range lesson.Programs() {
		if cell == nil || p.ID == lesson.Name+"/"+cell.ID {
			chosen.programs = append(chosen.programs, p)
		}
	}
	for _, p := range c.Problems {
		if p.File == lesson.File && (cell == nil || within(p.Line, cell)) {
			chosen.problems = append(chosen.problems, p)
		}
	}
	return chosen, nil
}

// findLesson returns the lesson with that file, name or beginning of a name.
func findLesson(c *lessons.Course, name string) (*lessons.Lesson, error) {
	var names []string
	var begin []*lessons.Lesson
	for _, l := range c.Lessons {
		if base := path.Base(filepath.ToSlash(name)); l.Name == name || l.File == base || l.File == base+".md" {
			return l, nil
		}
		names = append(names, l.Name)
		if strings.HasPrefix(l.Name, name) {
			begin = append(begin, l)
		}
	}
	if len(begin) == 1 {
		return begin[0], nil
	}
	return nil, notFound("lesson", name, names)
}

// findCell returns the cell of l with that id, or nil where id is empty.
func findCell(l *lessons.Lesson, id string) (*lessons.Cell, error) {
	if id == "" {
		return nil, nil
	}
	var ids []string
	for _, cell := range l.Cells() {
		if cell.ID == id {
			return cell, nil
		}
		ids = append(ids, cell.ID)
	}
	return nil, notFound("cell", id, ids)
}

// within reports whether a line of the lesson is the cell's, from fence to fence.
func within(line int, cell *lessons.Cell) bool {
	last := cell.Position.Line + strings.Count(cell.Source, "\n") + 1
	return cell.Position.Line <= line && line <= last
}

// in returns the choice with the cells that use workers in these modes only, where there are any.
func (c choice) in(modes []program.Mode) choice {
	if modes == nil {
		return c
	}
	c.programs = slices.Clone(c.programs)
	for i, p := range c.programs {
		if len(p.Options.Modes) > 0 && !slices.Contains(p.Options.Modes, program.Plain) {
			c.programs[i].Options.Modes = modes
		}
	}
	return c
}

// often returns the choice with what t says of how often cells run. Those that run with the race detector are not measured, and
// outcomes that vary are counted in any case.
func (c choice) often(t runTerms) choice {
	if !t.quick && t.repeat == 0 {
		return c
	}
	c.programs = slices.Clone(c.programs)
	for i := range c.programs {
		switch o := &c.programs[i].Options; {
		case len(o.Modes) == 0:
		case t.quick:
			*o = o.Quick()
		default:
			o.Repeat = t.repeat
			o.Measure = !o.Race && !o.Vary.Outcome
		}
	}
	return c
}

// rewrite returns the text that stands in lessons for one that the program of an ID printed.
func (c choice) rewrite(id, text string) string {
	name, _, _ := strings.Cut(id, "/")
	for _, l := range c.course.Lessons {
		if l.Name == name {
			return l.Rewrite(text)
		}
	}
	return text
}

// inOrder returns results in the order of the programs.
func (c choice) inOrder(results []runner.Result) []runner.Result {
	at := make(map[string]int, len(c.programs))
	for i, p := range c.programs {
		at[p.ID] = i
	}
	sorted := append([]runner.Result{}, results...) // as JSON that is an array, also when it is empty
	slices.SortStableFunc(sorted, func(a, b runner.Result) int { return at[a.ID] - at[b.ID] })
	return sorted
}

func notFound(what, name string, there []string) error {
	if near := problem.Nearest(name, there); near != "" {
		return fmt.Errorf("there is no %s %q: did you mean %q?", what, name, near)
	}
	if len(there) == 0 {
		return fmt.Errorf("there is no %s %q: there is none at all", what, name)
	}
	if len(there) == 1 {
		return fmt.Errorf("there is no %s %q: there is only %q", what, name, there[0])
	}
	return fmt.Errorf("there is no %s %q: there are %s", what, name, strings.Join(there, ", "))
}
