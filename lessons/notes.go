package lessons

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"course/problem"
	"course/program"

	"github.com/yuin/goldmark/ast"
)

// A Note is what an item of the list right after a block of code says of one of its lines, which ends with a comment that has the item's number alone: "// (1)".
type Note struct {
	Number int
	Line   int              // of the block's Source, from 1
	Column int              // of Source: bytes of the line before the comment and the blanks in front of it
	At     problem.Position // of the line in the lesson
	Item   ast.Node         // of the list
}

// numbersIn returns the comments that have such a number alone, behind code. What begins a comment is known of Go and Python; of others it may be either.
func numbersIn(language, source string) (notes []Note) {
	n := 0
	for line := range strings.Lines(source) {
		n++
		line, ok := strings.CutSuffix(strings.TrimRight(line, " \t\r\n"), ")")
		open := strings.LastIndexByte(line, '(')
		if !ok || open < 0 || len(line)-open > 3 {
			continue
		}
		number, err := strconv.Atoi(line[open+1:])
		if err != nil || number < 1 || line[open+1] == '+' {
			continue
		}
		before := strings.TrimRight(line[:open], " \t")
		for _, comment := range [...]struct{ begin, never string }{{"//", "python"}, {"#", "go"}} {
			if code, ok := strings.CutSuffix(before, comment.begin); ok && language != comment.never {
				if code = strings.TrimRight(code, " \t"); strings.TrimSpace(code) != "" {
					notes = append(notes, Note{Number: number, Line: n, Column: len(code)})
				}
			}
		}
	}
	return notes
}

// annotate gives the cell or listing that a node is the notes on its lines. What is missing on either side is reported.
func (l *Lesson) annotate(n ast.Node, b Block) {
	var code *code
	language := ""
	var notes *[]Note
	switch b := b.(type) {
	case *Cell:
		code, notes, language = b.code, &b.Notes, "go"
		if b.Options.Language == program.Python {
			language = "python"
		}
	case *Listing:
		code, notes, language = b.code, &b.Notes, b.Language
	default:
		return
	}
	found := numbersIn(language, code.source)
	if len(found) == 0 {
		return
	}
	var items []ast.Node
	first := 1
	if list, ok := n.NextSibling().(*ast.List); ok && list.IsOrdered() {
		first = list.Start
		for item := list.FirstChild(); item != nil; item = item.NextSibling() {
			items = append(items, item)
		}
	}
	for _, note := range found {
		comment := code.at(note.Line, note.Column+1)
		text := strings.TrimLeft(l.line(comment.Line)[min(comment.Column-1, len(l.line(comment.Line))):], " \t")
		comment.Column = len(l.line(comment.Line)) - len(text) + 1
		at := note.Number - first
		switch {
		case at < 0 || at >= len(items):
			l.report(comment, len(strings.TrimRight(text, " \t")), fmt.Sprintf("there is no note (%d)", note.Number),
				fmt.Sprintf("say it in item %d of a numbered list right after the code, or word the comment otherwise", note.Number))
			continue
		case slices.ContainsFunc(*notes, func(other Note) bool { return other.Number == note.Number }):
			l.report(comment, len(strings.TrimRight(text, " \t")), fmt.Sprintf("a second line is numbered (%d)", note.Number), "a note is about one line: give this one another number")
			continue
		}
		note.At, note.Item = code.at(note.Line, 1), items[at]
		*notes = append(*notes, note)
	}
	for i, item := range items {
		if !slices.ContainsFunc(found, func(note Note) bool { return note.Number == first+i }) {
			l.report(l.at(position(item)), 0, fmt.Sprintf("note %d is about no line of the code above", first+i),
				fmt.Sprintf("end the line that it is about with a comment that says (%d) alone, or put a paragraph between code and list", first+i))
		}
	}
}
