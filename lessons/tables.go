package lessons

import (
	"fmt"
	"strings"

	"course/problem"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// brokenRows reports what a | does in a row of a table that its author did not mean: it ends a cell also between backticks, as in `a || b`, and what is beyond
// the last column is not shown.
func (l *Lesson) brokenRows() (all problem.List) {
	if l.document == nil {
		return nil
	}
	_ = ast.Walk(l.document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		table, ok := n.(*extast.Table)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		for row := table.FirstChild(); row != nil; row = row.NextSibling() {
			start := position(row)
			line, _, _ := strings.Cut(string(l.Source[start:]), "\n")
			if offset, message := brokenRow(strings.TrimRight(line, " \t\r"), len(table.Alignments)); message != "" {
				at := l.at(start + offset)
				all = append(all, problem.Problem{Position: at, Length: 1, Message: message, Hint: `write \| for one that belongs to the text, between backticks as well`, Source: l.sourceLine(at)})
			}
		}
		return ast.WalkSkipChildren, nil
	})
	return all
}

// brokenRow says what is wrong with a row of a table of so many columns, and at which of its | that is; message is "" where nothing is.
func brokenRow(row string, columns int) (offset int, message string) {
	ends := 0      // the | that end cells
	var beyond int // the first that ends the last column, but for one at the row's end
	open := ""     // the backticks of the code that goes on
	inCode := -1   // the first | in it
	for i := 0; i < len(row); i++ {
		switch row[i] {
		case '\\':
			i++
		case '`':
			run := row[i : len(row)-len(strings.TrimLeft(row[i:], "`"))]
			i += len(run) - 1
			switch {
			case open == "":
				open, inCode = run, -1
			case open == run && inCode >= 0:
				return inCode, "this | ends the cell of the table, and with it the code"
			case open == run:
				open = ""
			}
		case '|':
			if open != "" && inCode < 0 {
				inCode = i
			}
			if i > 0 {
				if ends++; ends == columns {
					beyond = i
				}
			}
		}
	}
	if ends > columns || ends == columns && beyond < len(row)-1 {
		return beyond, fmt.Sprintf("the row has more cells than the table's head: what is behind this | is not shown, of %d columns", columns)
	}
	return 0, ""
}
