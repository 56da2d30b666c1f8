package lessons

import (
	"fmt"
	"go/format"
	"slices"
	"strings"

	"course/problem"
	"course/program"

	"github.com/yuin/goldmark/ast"
)

// Check reports what can be known of the course without running it, beyond its Problems: Go that gofmt would
// write otherwise, rows of tables that end where they should not, images and diagrams without a text, diagrams without a drawing, and what another
// reader of Markdown would understand otherwise.
func (c *Course) Check() problem.List {
	var all problem.List
	for _, l := range c.Lessons {
		all = append(all, l.unformatted()...)
		all = append(all, l.brokenRows()...)
		all = append(all, l.disagreements()...)
		all = append(all, l.unnamedImages()...)
		all = append(all, l.skippedLevels()...)
		all = append(all, l.undrawn()...)
	}
	all.Sort()
	return all
}

// unformatted reports the first line of each cell and each checked listing that gofmt would write otherwise.
func (l *Lesson) unformatted() problem.List {
	var all problem.List
	check := func(c *code) {
		formatted, err := format.Source([]byte(c.source))
		if err != nil || string(formatted) == c.source { // errors of syntax are problems of the course
			return
		}
		was, want := strings.Split(c.source, "\n"), strings.Split(string(formatted), "\n")
		n := 0
		for n < len(was)-1 && n < len(want)-1 && was[n] == want[n] {
			n++
		}
		at := c.at(n+1, 1)
		hint := "run gofmt on it"
		if line := strings.TrimSpace(want[n]); line != "" && line != strings.TrimSpace(was[n]) {
			hint = fmt.Sprintf("run gofmt on it: %s", line)
		}
		all = append(all, problem.Problem{Position: at, Length: len(was[n]), Message: "this is not how gofmt writes it", Hint: hint, Source: l.sourceLine(at)})
	}
	for _, c := range l.cells {
		if c.Options.Language == program.Go {
			check(c.code)
		}
	}
	for _, li := range l.listings {
		check(li.code)
	}
	slices.SortStableFunc(all, func(a, b problem.Problem) int { return a.Compare(b.Position) })
	return all
}

// skippedLevels reports headings that are more than one level below the one before: who hears the page misses what would stand between.
func (l *Lesson) skippedLevels() (all problem.List) {
	level := 1
	for _, block := range l.Blocks {
		prose, ok := block.(*Prose)
		if !ok {
			continue
		}
		h, ok := prose.Node.(*ast.Heading)
		if !ok {
			continue
		}
		if h.Level > level+1 {
			at := l.at(position(h))
			all = append(all, problem.Problem{
				Position: at, Message: fmt.Sprintf("a heading of level %d follows one of level %d", h.Level, level),
				Hint: "write " + strings.Repeat("#", level+1), Source: l.sourceLine(at),
			})
		}
		level = max(h.Level, 1)
	}
	return all
}
