package site

import (
	"strconv"

	"course/lessons"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
)

// What the ids of a line of code and of the note on it begin with, before the number of that line in the lesson.
const (
	linePrefix = "line-"
	notePrefix = "about-"
)

// noted writes a line with a badge in place of the comment that has the number of its note. The comment is there for who copies the code.
func noted(w *markup.Writer, line codeLine, note lessons.Note) {
	code, comment := line.cut(note.Column)
	code.write(w)
	w.Raw("<span hidden>")
	for _, p := range comment {
		w.Text(p.text)
	}
	w.Raw(`</span><a class="badge"`)
	id := strconv.Itoa(note.At.Line)
	w.Attr("href", "#"+notePrefix+id)
	w.Attr("aria-label", "Note "+strconv.Itoa(note.Number))
	w.Raw(">")
	w.Int(note.Number)
	w.Raw("</a>")
}

// cut parts a line after so many bytes.
func (l codeLine) cut(at int) (before, after codeLine) {
	for _, p := range l {
		n := min(max(at, 0), len(p.text))
		if n > 0 {
			before = append(before, piece{p.text[:n], p.kind})
		}
		if n < len(p.text) {
			after = append(after, piece{p.text[n:], p.kind})
		}
		at -= len(p.text)
	}
	return before, after
}

// note takes the notes on a block of code, whose list is drawn next.
func (r *prose) note(notes []lessons.Note) {
	for _, note := range notes {
		if r.notes == nil {
			r.notes = make(map[ast.Node]int)
		}
		r.notes[note.Item] = note.At.Line
	}
}

// list draws a list as goldmark does, but for one of notes.
func (r *prose) list(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	n := node.(*ast.List)
	switch ordered := n.IsOrdered(); {
	case !entering && ordered:
		w.Raw("</ol>\n")
		return ast.WalkContinue
	case !entering:
		w.Raw("</ul>\n")
		return ast.WalkContinue
	case ordered:
		w.Raw("<ol")
	default:
		w.Raw("<ul")
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if r.notes[item] > 0 {
			w.Raw(` class="notes"`)
			break
		}
	}
	if n.IsOrdered() && n.Start != 1 {
		w.AttrInt("start", n.Start)
	}
	w.Raw(">\n")
	return ast.WalkContinue
}

// listItem draws an item as goldmark does; a note has a badge that leads to its line.
func (r *prose) listItem(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		w.Raw("</li>\n")
		return ast.WalkContinue
	}
	line := r.notes[node]
	if line == 0 {
		w.Raw("<li>")
	} else {
		number := node.Parent().(*ast.List).Start
		for item := node.PreviousSibling(); item != nil; item = item.PreviousSibling() {
			number++
		}
		id, says := strconv.Itoa(line), strconv.Itoa(number)
		w.Raw("<li")
		w.Attr("id", notePrefix+id)
		w.Raw(`><a class="badge"`)
		w.Attr("href", "#"+linePrefix+id)
		w.Attr("aria-label", "The line of note "+says)
		w.Raw(">")
		w.Text(says)
		w.Raw("</a> ")
	}
	if first := node.FirstChild(); first != nil && first.Kind() != ast.KindTextBlock {
		w.Raw("\n")
	}
	return ast.WalkContinue
}
