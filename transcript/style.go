// Package transcript shows at a prompt what cells print as it comes, and what came of them: comparisons of their modes, timelines and
// frequencies, as plain text. It knows no terminal, and gives no command to one.
package transcript

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"course/problem"
)

// A Style says for what a text is made. The zero value is a page of 80 columns in UTF-8.
type Style struct {
	Width int  // columns, which tables may exceed where they must; 0 means 80
	ASCII bool // the reader has no other characters
}

func (s Style) width() int {
	if s.Width <= 0 {
		return 80
	}
	return max(s.Width, 40) // below, nothing can be drawn
}

// ascii says the characters that we write ourselves in those that everybody has.
var ascii = strings.NewReplacer("µ", "u", "…", "...", "→", "->", "·", ".", "█", "#", "─", "-", "✕", "x", "│", "|", "▷", ">", "≥", ">=")

// text returns s, which is ours, as the reader can see it.
func (s Style) text(text string) string {
	if s.ASCII {
		return ascii.Replace(text)
	}
	return text
}

// fit returns what can be shown of a program's text in so many columns, of one line.
func (s Style) fit(text string, columns int) string {
	text = strings.ReplaceAll(problem.Printable(text), "\t", " ")
	if utf8.RuneCountInString(text) <= columns {
		return text
	}
	mark := s.text("…")
	return string([]rune(text)[:max(columns-utf8.RuneCountInString(mark), 0)]) + mark
}

// number matches the space between a number and its unit, where no line is broken.
var number = regexp.MustCompile(`(\d) (%|(?:[KMG]iB|[mnµu]?s)\b)`)

// wrap breaks a text of words at the width, and begins each line with indent.
func (s Style) wrap(indent, text string) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(number.ReplaceAllString(s.text(text), "$1\x00$2")) {
		word = strings.ReplaceAll(word, "\x00", " ")
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+n > s.width():
			b.WriteString("\n" + indent + "  ")
			column = len(indent) + 2
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String() + "\n"
}

// A column of a table: its header, then a cell for each row. It is left out where all its cells are empty.
type column struct {
	header string
	right  bool // aligned so
	cells  []string
}

// table lays columns out, two spaces between them. Cells that are empty become "-".
func (s Style) table(indent string, columns ...column) string {
	lines := make([]strings.Builder, 0)
	first := true
	for _, c := range columns {
		all := append([]string{c.header}, c.cells...)
		if strings.Join(c.cells, "") == "" {
			continue
		}
		if lines = append(lines, make([]strings.Builder, max(len(all)-len(lines), 0))...); !first {
			indent = "  "
		}
		width := 0
		for i := range all {
			if all[i] = s.text(all[i]); all[i] == "" && c.header != "" {
				all[i] = "-"
			}
			width = max(width, utf8.RuneCountInString(all[i]))
		}
		for i, cell := range all {
			space := strings.Repeat(" ", width-utf8.RuneCountInString(cell))
			if c.right {
				cell = space + cell
			} else {
				cell += space
			}
			lines[i].WriteString(indent + cell)
		}
		first = false
	}
	var b strings.Builder
	for i := range lines {
		if line := strings.TrimRight(lines[i].String(), " "); line != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
