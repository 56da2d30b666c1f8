package lessons

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"course/formula"
	"course/problem"
	"course/program"

	"github.com/yuin/goldmark/ast"
)

// closeValue is what was meant as an inline value, but for the blank. Other code that begins with = is code.
var closeValue = regexp.MustCompile(`^=((?:[a-z0-9_-]+/)?[a-z][a-z0-9_]*)\.([a-z]+)\.([a-z]+)$`)

// howToValue is the hint for an inline value that cannot be read.
const howToValue = "write cell.mode.metric, or lesson/cell.mode.metric, as in squares.process.wall; a cell that runs once has the mode plain"

// value returns the inline value that a code span is, or nil where it is none, or none that can be read.
// Whether there is such a cell is seen when all lessons are there.
func (l *Lesson) value(n *ast.CodeSpan) *Value {
	first, ok := n.FirstChild().(*ast.Text)
	if !ok {
		return nil
	}
	start := first.Segment.Start
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(l.Source))
		}
	}
	content := strings.TrimRight(b.String(), " \t\r\n")
	rest, ok := strings.CutPrefix(content, "= ")
	if !ok {
		m := closeValue.FindStringSubmatch(content)
		if m != nil && (slices.Contains(modeNames(), m[2]) || m[2] == string(program.Plain) || slices.Contains(Metrics(), m[3])) {
			l.report(l.at(start), len(content), fmt.Sprintf("%q has no blank after the =", content), fmt.Sprintf("write `= %s` for what was measured", content[1:]))
		}
		return nil
	}
	rest = strings.TrimLeft(rest, " \t")
	v := &Value{Position: l.at(start), Text: rest, ref: l.at(start + len(content) - len(rest))}
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindHeading {
			l.report(v.Position, len(content), "a value in a heading", "headings name what stays; put it into the text below")
			return nil
		}
	}
	parts := strings.Split(rest, ".")
	if rest == "" || strings.Trim(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.") != "" {
		l.report(v.ref, len(rest), "expressions in inline values are not supported yet", howToValue+"; if this is code, leave out the blank after =")
		return nil
	}
	name, id, elsewhere := strings.Cut(parts[0], "/")
	if !elsewhere {
		name, id = l.Name, parts[0]
	}
	switch {
	case len(parts) == 2 && slices.Contains(Metrics(), parts[1]):
		l.report(v.ref, len(rest), fmt.Sprintf("%q names no mode", rest), fmt.Sprintf("write %s.mode.%s; a cell that runs once has the mode plain", parts[0], parts[1]))
		return nil
	case len(parts) != 3 || name == "" || !isID(id):
		l.report(v.ref, len(rest), fmt.Sprintf("%q is no inline value", rest), howToValue)
		return nil
	}
	v.Program, v.Mode, v.Metric = name+"/"+id, program.Mode(parts[1]), parts[2]
	return v
}

// uses returns the programs that the value names.
func (v *Value) uses() []formula.Use { return []formula.Use{{Program: v.Program, Measure: true}} }

// checkValue reports an inline value of l that names nothing that is measured.
func (c *Course) checkValue(l *Lesson, v *Value) {
	report := func(offset, length int, message, hint string) {
		at := v.ref
		at.Column += offset
		c.Problems = append(c.Problems, problem.Problem{Position: at, Length: length, Message: message, Hint: hint, Source: l.sourceLine(at)})
	}
	name, id, _ := strings.Cut(v.Program, "/")
	ref, _, _ := strings.Cut(v.Text, ".")
	modeAt := len(ref) + len(".")
	if metrics := Metrics(); !slices.Contains(metrics, v.Metric) {
		report(modeAt+len(v.Mode)+len("."), max(len(v.Metric), 1), fmt.Sprintf("unknown metric %q", v.Metric), hintNearest(v.Metric, metrics))
	}
	target := c.lesson(name)
	if target == nil {
		var names []string
		for _, l := range c.Lessons {
			names = append(names, l.Name)
		}
		report(0, len(name), fmt.Sprintf("there is no lesson %q", name), hintNearest(name, names))
		return
	}
	i := slices.IndexFunc(target.cells, func(c *Cell) bool { return c.ID == id })
	if i < 0 {
		var ids []string
		for _, c := range target.cells {
			ids = append(ids, c.ID)
		}
		hint := "the lesson has no cells"
		if len(ids) > 0 {
			hint = hintNearest(id, ids)
		}
		report(len(ref)-len(id), len(id), fmt.Sprintf("there is no cell %q", id), hint)
		return
	}
	cell := target.cells[i]
	switch o := &cell.Options; {
	case cell.code.failed:
	case len(o.Modes) == 0:
		report(0, len(ref), fmt.Sprintf("cell %q is not run, so nothing of it is measured", id), "give it a main function")
	case !slices.Contains(o.Modes, v.Mode):
		report(modeAt, max(len(v.Mode), 1), fmt.Sprintf("cell %q does not run as %q", id, v.Mode), hintNearest(string(v.Mode), modesOf(o)))
	}
}
