// Package terminal reads what a program printed as a terminal would show it: text, and how it looks. Bytes in, values out; it writes nothing.
package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Line is a line as a terminal shows it.
type Line struct {
	Text  string // what is to be read. Control characters that are not understood are in it as they came
	Spans []Span // where it looks otherwise than text does: in order, none empty, none over another
	Over  int    // how often something in it was written over, or erased
}

// A Span is a stretch of a line that looks alike: the bytes from From to To, without To.
type Span struct {
	From, To int
	Style    Style
}

// A Style is how text looks. The zero value is that of all text.
type Style struct {
	Fg, Bg                                          Color
	Bold, Faint, Italic, Underline, Inverse, Strike bool
}

// A Reader reads the lines of one stream: how text looks is carried from each to the next, until the program says otherwise. The zero value is ready to use. It is
// not safe for concurrent use.
type Reader struct{ style Style }

// longest is the longest line that is read as a terminal would, in bytes: one that is longer is text as it came. The runner keeps far less of a line.
const longest = 1 << 20

const (
	escape    = 0x1b
	bell      = 0x07
	backspace = '\b'
	carriage  = '\r'
)

// Reset forgets how text looks: something was left out, and what it said is not known.
func (r *Reader) Reset() { r.style = Style{} }

// Line reads a line without its end, in time that is linear in its length. Colours and other renditions (SGR) are understood, and that a line is
// written over: carriage return, backspace, and the erasing of a line (EL). Of a hyperlink (OSC 8) the text is there, and where it leads to is not. All else, such as
// what moves a cursor, stays in the text. A character takes one column, as few do that are as wide as two.
func (r *Reader) Line(s string) Line {
	if len(s) > longest || r.style == (Style{}) && !strings.ContainsAny(s, "\x1b\r\b") {
		return Line{Text: s}
	}
	row := row{source: strings.TrimRight(s, "\r"), cells: make([]cell, 0, len(s))} // a carriage return at the end belongs to the line break
	for at := 0; at < len(row.source); {
		c := row.source[at]
		switch {
		case c == escape:
			if n := r.sequence(&row, at); n > 0 {
				at += n
				continue
			}
		case c == carriage:
			row.column, row.back = 0, false
			at++
			continue
		case c == backspace:
			row.column, row.back = max(row.column-1, 0), false
			at++
			continue
		}
		_, n := utf8.DecodeRuneInString(row.source[at:])
		row.put(at, at+n, r.style)
		at += n
	}
	return row.line()
}

// sequence obeys the escape sequence at a place of the row, and returns how many bytes it has; 0 where it is none that is understood.
func (r *Reader) sequence(row *row, at int) int {
	s := row.source[at:]
	switch {
	case strings.HasPrefix(s, "\x1b]8;"):
		return hyperlink(s)
	case !strings.HasPrefix(s, "\x1b["):
		return 0
	}
	n := 2
	for n < len(s) && s[n] >= 0x30 && s[n] <= 0x3f { // parameter bytes, ECMA-48 section 5.4
		n++
	}
	if n == len(s) {
		return 0
	}
	switch parameters := s[2:n]; {
	case s[n] == 'm' && strings.Trim(parameters, "0123456789;:") == "":
		r.style.rendition(parameters)
	case s[n] == 'K' && row.erase(parameters):
	default:
		return 0
	}
	return n + 1
}

// hyperlink returns how many bytes the sequence has that begins or ends one: up to BEL or ST. It is 0 where it has no end.
func hyperlink(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == bell:
			return i + 1
		case c == escape && strings.HasPrefix(s[i:], "\x1b\\"):
			return i + 2
		case c < ' ':
			return 0
		}
	}
	return 0
}

// A row is a line while it is written.
type row struct {
	source string
	cells  []cell
	column int // where the next character goes
	over   int
	back   bool // the last character was written over another
	blank  int  // so many cells are blank at the beginning: to erase them again takes no time
}

// A cell holds a character, with the marks that combine with it: bytes of the source, or a blank where there are none.
type cell struct {
	from, to int32
	style    Style
}

func (r *row) put(from, to int, style Style) {
	last := r.column - 1
	if to-from > 1 && last >= 0 && last < len(r.cells) && int(r.cells[last].to) == from && combines(r.source[from:to]) {
		r.cells[last].to = int32(to) //nolint:gosec // no row is longer than longest
		return
	}
	next := cell{int32(from), int32(to), style} //nolint:gosec // likewise
	if r.column < len(r.cells) {
		r.cells[r.column] = next
		r.blank = min(r.blank, r.column)
		r.wrote(true)
	} else {
		r.cells = append(r.cells, next)
		r.wrote(false)
	}
	r.column++
}

// combines reports whether a character is a mark that is drawn over the one before it.
func combines(char string) bool {
	c, _ := utf8.DecodeRuneInString(char)
	return unicode.Is(unicode.M, c)
}

// wrote counts what is written over: characters in a row count once.
func (r *row) wrote(over bool) {
	if over && !r.back {
		r.over++
	}
	r.back = over
}

// erase erases a part of the row, and reports whether it knows which.
func (r *row) erase(part string) bool {
	from, to := r.column, len(r.cells) // what is erased
	switch part {
	case "", "0":
	case "1":
		from, to = 0, min(r.column+1, len(r.cells))
	case "2":
		from = 0
	default:
		return false
	}
	if from < to {
		r.wrote(true)
	}
	if to == len(r.cells) {
		r.cells = r.cells[:min(r.column, to)]
		to = len(r.cells)
	}
	if from == 0 {
		from, r.blank = min(r.blank, to), to
	}
	clear(r.cells[from:max(from, to)])
	return true
}

// line returns the row as it came to be.
func (r *row) line() Line {
	var text strings.Builder
	text.Grow(len(r.source))
	line := Line{Over: r.over}
	for _, c := range r.cells {
		from := text.Len()
		if c.from == c.to {
			text.WriteByte(' ')
		} else {
			text.WriteString(r.source[c.from:c.to])
		}
		if c.style == (Style{}) {
			continue
		}
		if n := len(line.Spans); n > 0 && line.Spans[n-1].To == from && line.Spans[n-1].Style == c.style {
			line.Spans[n-1].To = text.Len()
		} else {
			line.Spans = append(line.Spans, Span{from, text.Len(), c.style})
		}
	}
	line.Text = text.String()
	return line
}
