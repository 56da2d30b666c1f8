// Package markup writes HTML and SVG: constants of the program as they are, and everything else escaped. So whatever a cell prints, a lesson says
// or a recorded result holds stays text, by the compiler's word.
package markup

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"course/problem"
)

// A constant is what only an untyped constant can be given for: no value of type string is assignable to it.
type constant string

// A Writer makes HTML by appending to it. The zero value is ready to use. It is not safe for concurrent use.
type Writer struct{ html []byte }

// A Fragment is HTML that a Writer has made. The zero value is nothing.
type Fragment struct{ html string }

// Grow makes room for n bytes more, so that what is written next is not copied as it grows.
func (w *Writer) Grow(n int) { w.html = slices.Grow(w.html, n) }

// Raw appends markup, which is constant.
func (w *Writer) Raw(markup ...constant) {
	for _, m := range markup {
		w.html = append(w.html, m...)
	}
}

// Text appends s as text. What could command a terminal or reorder its text is made visible, as problem.Printable does: so it is one line.
func (w *Writer) Text(s string) { w.escaped(s) }

// Attr appends an attribute, ` name="value"`, whose value is made visible as Text does. Of an address it does not judge where it leads to.
func (w *Writer) Attr(name constant, value string) {
	w.begin(name)
	w.escaped(value)
	w.html = append(w.html, '"')
}

// Name appends the name of an element or attribute of somebody's list, as far as it is made of a-z, 0-9 and "-": whatever it is, it ends no tag and begins no value. Which
// names are harmless is for the list to say.
func (w *Writer) Name(name string) {
	for i := range len(name) {
		if c := name[i]; 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' {
			w.html = append(w.html, c)
		}
	}
}

// Int appends n.
func (w *Writer) Int(n int) { w.html = strconv.AppendInt(w.html, int64(n), 10) }

// AttrInt appends an attribute whose value is n.
func (w *Writer) AttrInt(name constant, n int) {
	w.begin(name)
	w.Int(n)
	w.html = append(w.html, '"')
}

// Decimal appends x with at most so many decimals, 0 or more, and none that say nothing: "12.5", "3". What is not finite is 0, for no drawing has a place for it.
func (w *Writer) Decimal(x float64, decimals int) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		x = 0
	}
	from := len(w.html)
	w.html = strconv.AppendFloat(w.html, x, 'f', decimals, 64)
	if decimals > 0 {
		n := len(w.html)
		for w.html[n-1] == '0' {
			n--
		}
		if w.html[n-1] == '.' {
			n--
		}
		w.html = w.html[:n]
	}
	if string(w.html[from:]) == "-0" {
		w.html = append(w.html[:from], '0')
	}
}

// AttrDecimal appends an attribute whose value is x as Decimal writes it, with a constant unit after it: "" or "%".
func (w *Writer) AttrDecimal(name constant, x float64, decimals int, unit constant) {
	w.begin(name)
	w.Decimal(x, decimals)
	w.html = append(w.html, unit...)
	w.html = append(w.html, '"')
}

// Add appends what another Writer has made.
func (w *Writer) Add(f Fragment) { w.html = append(w.html, f.html...) }

// Trusted appends HTML that no Writer has made: the one door for what goldmark makes and package svg has cleaned, and for nothing else.
func (w *Writer) Trusted(html []byte) { w.html = append(w.html, html...) }

// Len returns how many bytes there are.
func (w *Writer) Len() int { return len(w.html) }

// Bytes returns what was written, until the next write.
func (w *Writer) Bytes() []byte { return w.html }

// Fragment returns what was written as something to Add elsewhere, any number of times.
func (w *Writer) Fragment() Fragment { return Fragment{string(w.html)} }

// Empty reports whether f is nothing.
func (f Fragment) Empty() bool { return f.html == "" }

// String returns the HTML.
func (f Fragment) String() string { return f.html }

func (w *Writer) begin(name constant) {
	w.html = append(w.html, ' ')
	w.html = append(w.html, name...)
	w.html = append(w.html, '=', '"')
}

// escapes holds what stands for a byte: nothing for one that stands for itself.
var escapes = [utf8.RuneSelf]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\'': "&#39;"}

// escaped appends s as text or as the value of an attribute, in one pass where it is ASCII without control characters, as most text is.
func (w *Writer) escaped(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c >= 0x7f {
			s = problem.Printable(s)
			break
		}
	}
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || escapes[c] == "" {
			continue
		}
		w.html = append(w.html, s[from:i]...)
		w.html = append(w.html, escapes[c]...)
		from = i + 1
	}
	w.html = append(w.html, s[from:]...)
}
