package site

import (
	"sort"
	"strconv"
	"strings"

	"course/site/markup"
	"course/site/terminal"
)

// write writes the line, with what differs or varies marked, or else with links to the places that it names and the code in them.
func (l *outputLine) write(w *markup.Writer) {
	switch {
	case l.marks && l.from < l.to:
		l.stretch(w, 0, l.from)
		w.Raw("<mark>")
		l.stretch(w, l.from, l.to)
		w.Raw("</mark>")
		l.stretch(w, l.to, len(l.text))
		for _, at := range l.places {
			at.writeCode(w)
		}
	case len(l.places) > 0:
		l.linked(w)
	case l.outside != "": // paths without a space, which break where people would
		from := 0
		for i, part := range strings.SplitAfter(l.text, "/") {
			if i > 0 {
				w.Raw("<wbr>")
			}
			l.stretch(w, from, from+len(part))
			from += len(part)
		}
	default:
		from := 0
		for _, part := range l.varies {
			l.stretch(w, from, part[0])
			w.Raw(`<span class="varies">`)
			l.stretch(w, part[0], part[1])
			w.Raw("</span>")
			from = part[1]
		}
		l.stretch(w, from, len(l.text))
	}
	if l.over > 0 {
		w.Raw(`<span class="means">  written over `)
		w.Text(times(l.over))
		w.Raw("</span>")
	}
}

// times says how often.
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// stretch writes the bytes of the line from from to to, without to, as they look.
func (l *outputLine) stretch(w *markup.Writer, from, to int) {
	first := sort.Search(len(l.looks), func(i int) bool { return l.looks[i].To > from })
	for _, look := range l.looks[first:] {
		if look.From >= to {
			break
		}
		look.From, look.To = max(look.From, from), min(look.To, to)
		w.Text(l.text[from:look.From])
		w.Raw("<span")
		w.Attr("class", classesOf(look.Style))
		w.Raw(">")
		w.Text(l.text[look.From:look.To])
		w.Raw("</span>")
		from = look.To
	}
	w.Text(l.text[from:to])
}

// classesOf returns the classes of the style sheet that make text look so. What is printed inverted changes its colours, or is light on dark where it has none. Faint is a colour
// that is less bright, for text that is paler than its colour cannot be read.
func classesOf(s terminal.Style) string {
	var all []string
	if s.Inverse {
		if s.Fg == 0 && s.Bg == 0 {
			all = append(all, "inverse")
		}
		s.Fg, s.Bg = s.Bg, s.Fg
	}
	const black = 1
	switch {
	case s.Faint && s.Fg == 0 && !s.Inverse:
		s.Fg = terminal.Bright + black
	case s.Faint && s.Fg > terminal.Bright+black:
		s.Fg -= terminal.Bright
	}
	for _, of := range []struct {
		class string
		color terminal.Color
	}{{"fg", s.Fg}, {"bg", s.Bg}} {
		if of.color > 0 {
			all = append(all, of.class+strconv.Itoa(int(of.color)-1))
		}
	}
	for _, of := range []struct {
		class string
		is    bool
	}{{"bold", s.Bold}, {"italic", s.Italic}, {"underline", s.Underline}, {"strike", s.Strike}} {
		if of.is {
			all = append(all, of.class)
		}
	}
	return strings.Join(all, " ")
}
