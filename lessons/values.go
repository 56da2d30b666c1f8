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

// A Value is an inline value, "`= cell.mode.metric`" or another expression: the page shows in its place what it comes to.
type Value struct {
	Position problem.Position // of the code span's content
	Text     string           // as written, without "= "
	Formula  *formula.Parsed  // whose unit is a number, a time or a size, unless there is a problem

	pieces []piece // where Text stands in Source
}

// A piece is where a part of a text begins in it, and in Source.
type piece struct{ text, source int }

// closeValue is what was meant as an inline value, but for the blank. Other code that begins with = is code.
var closeValue = regexp.MustCompile(`^=(?:[a-z0-9_-]+/)?[a-z][a-z0-9_]*\.([a-z]+)\.([a-z]+)$`)

// noValue is the hint for what can be code that looks like an inline value.
const noValue = "if this is code, leave out the blank after ="

// value returns the inline value that a code span is, or nil where it is none, or none that can be read.
// Whether there is what it names is seen when all lessons are there.
func (l *Lesson) value(n *ast.CodeSpan) *Value {
	first, ok := n.FirstChild().(*ast.Text)
	if !ok {
		return nil
	}
	v := &Value{Position: l.at(first.Segment.Start)}
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			v.pieces = append(v.pieces, piece{b.Len(), t.Segment.Start})
			b.Write(t.Segment.Value(l.Source))
		}
	}
	content := strings.TrimRight(b.String(), " \t\r\n")
	rest, ok := strings.CutPrefix(content, "= ")
	if !ok {
		if m := closeValue.FindStringSubmatch(content); m != nil && (isMode(m[1]) || isMetric(m[2])) {
			l.report(v.Position, len(content), fmt.Sprintf("%q has no blank after the =", content), fmt.Sprintf("write `= %s` for what was measured", content[1:]))
		}
		return nil
	}
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindHeading {
			l.report(v.Position, len(content), "a value in a heading", "headings name what stays; put it into the text below")
			return nil
		}
	}
	v.Text = strings.TrimLeft(rest, " \t\r\n")
	for i := range v.pieces {
		v.pieces[i].text -= len(content) - len(v.Text)
	}
	parsed, wrong := formula.Parse(v.Text, l.Name)
	for _, e := range wrong {
		l.problems = append(l.problems, l.wrongValue(v, e))
	}
	if parsed == nil {
		return nil
	}
	v.Formula = parsed
	return v
}

// uses returns the programs that the value names.
func (v *Value) uses() []formula.Use { return v.Formula.Programs() }

func isMode(name string) bool {
	return name == string(program.Plain) || slices.Contains(modeNames(), name)
}

func isMetric(name string) bool {
	return slices.ContainsFunc(formula.Metrics(), func(m formula.Metric) bool { return m.Name == name })
}

// at returns where an offset in Text is in the lesson's Source.
func (v *Value) at(offset int) int {
	last := v.pieces[0]
	for _, p := range v.pieces {
		if p.text <= offset {
			last = p
		}
	}
	return last.source + offset - last.text
}

// wrongValue is the problem of what is wrong with v, an inline value of l.
func (l *Lesson) wrongValue(v *Value, e formula.Error) problem.Problem {
	at := l.at(v.at(e.Offset))
	if !strings.Contains(v.Text, ".") && e.Hint != noValue { // nothing in it is a name of ours
		e.Hint = strings.TrimPrefix(e.Hint+"; "+noValue, "; ")
	}
	return problem.Problem{Position: at, Length: max(e.Length, 1), Message: e.Message, Hint: e.Hint, Source: l.sourceLine(at)}
}

// checkValue reports an inline value of l that names what is not there, or is nothing that can be shown.
func (c *Course) checkValue(l *Lesson, v *Value) {
	bound, wrong := v.Formula.Bind(c.Scope())
	if bound != nil {
		switch unit := bound.Unit(); {
		case unit == formula.Truth:
			wrong = append(wrong, formula.Error{Length: len(v.Text), Message: "a comparison is no value", Hint: "what holds or does not stands in a claim block; a value is a number, a time or a size"})
		case unit == formula.Ending || unit == formula.Text:
			wrong = append(wrong, formula.Error{Length: len(v.Text), Message: fmt.Sprintf("%q is no value", v.Text), Hint: "a value is a number, a time or a size, such as share(" + v.Text + " == ok)"})
		case !v.Formula.Names():
			wrong = append(wrong, formula.Error{Length: len(v.Text), Message: fmt.Sprintf("%q names nothing that is measured", v.Text), Hint: noValue})
		}
	}
	for _, e := range wrong {
		c.Problems = append(c.Problems, l.wrongValue(v, e))
	}
}
