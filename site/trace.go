package site

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"course/quantity"
	"course/site/markup"
	"course/site/terminal"
)

// A place is a position of the lesson that a line of output names.
type place struct {
	from, to int    // the bytes of the line that name it
	line     int    // of the lesson
	code     string // the line of code that it means, for readers of the page see no line numbers
}

// places returns the positions in text that are lines of the lesson's cells, in order.
func (p *lessonPage) places(text string) (all []place) {
	name := p.lesson.File
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return all
		}
		i += from
		from = i + len(name)
		begin := from
		rest, python := strings.CutPrefix(text[from:], `", line `)
		if python {
			begin = len(text) - len(rest)
		} else if !strings.HasPrefix(text[from:], ":") {
			continue
		} else {
			begin++
		}
		length := digits(text[begin:])
		line, err := strconv.Atoi(text[begin : begin+length])
		if err != nil || i > 0 && !strings.ContainsRune(" \t([\"'`", rune(text[i-1])) {
			continue
		}
		from = begin + length
		if code, ok := p.codeAt(line); ok {
			if python {
				code = "" // its tracebacks have it
			}
			all = append(all, place{i, from, line, code})
		}
	}
}

// digits returns with how many digits s begins.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// codeAt returns a line of the lesson's file that is in a cell, and whether it is.
func (p *lessonPage) codeAt(line int) (code string, ok bool) {
	for _, c := range p.lesson.Cells() {
		if n := line - c.Position.Line; n >= 1 {
			for text := range strings.Lines(c.Source) {
				if n--; n == 0 {
					return strings.TrimSpace(text), true
				}
			}
		}
	}
	return "", false
}

// namedLines returns the lines of the lesson's file that what its cells printed names: links lead to them.
func (p *lessonPage) namedLines() map[int]bool {
	named := make(map[int]bool)
	for _, c := range p.lesson.Cells() {
		result := p.site.results[p.lesson.Name+"/"+c.ID]
		if result == nil {
			continue
		}
		for _, run := range result.Runs {
			for _, l := range run.Output.Lines {
				printed := new(terminal.Reader).Line(l.Text).Text
				if text := p.lesson.Rewrite(printed); text != printed {
					for _, at := range p.places(text) {
						named[at.line] = true
					}
				}
			}
		}
	}
	return named
}

// linked writes the line with a link to each place in it. The code of a place follows it, or, where it is the only one, all of the text.
func (l *outputLine) linked(w *markup.Writer) {
	from := 0
	for _, at := range l.places {
		l.stretch(w, from, at.from)
		w.Raw("<a")
		w.Attr("href", "#"+linePrefix+strconv.Itoa(at.line))
		w.Raw(">")
		l.stretch(w, at.from, at.to)
		w.Raw("</a>")
		if from = at.to; len(l.places) == 1 {
			l.stretch(w, from, len(l.text))
			from = len(l.text)
		}
		at.writeCode(w)
	}
	l.stretch(w, from, len(l.text))
}

// writeCode writes the code in a place, as it stands behind what names it.
func (at place) writeCode(w *markup.Writer) {
	if at.code != "" {
		w.Raw(`  <span class="means">`)
		w.Text(at.code)
		w.Raw("</span>")
	}
}

// What position lines begin with: those of Go's stack traces, and those of the race detector's reports.
const (
	inTrace = "\t"
	inRace  = "      "
	inFrame = "    " // what follows the position in Python's tracebacks
)

// findOutside finds the calls in Go's stack traces, and in reports of data races, that are outside the lesson. A call is two lines: the
// function, and further in where in it. Whose position the lesson has is left alone.
func findOutside(lines []outputLine) {
	tracing := make(map[int]string) // by process: what position lines begin with, where its last line was within a trace
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		switch {
		case !l.stderr:
			continue
		case strings.HasPrefix(l.text, "goroutine ") && strings.Contains(l.text, " ["), l.text == "runtime stack:":
			tracing[l.pid] = inTrace
			continue
		case l.text == "WARNING: DATA RACE":
			tracing[l.pid] = inRace
			continue
		case l.text == "" && tracing[l.pid] == inTrace, strings.HasPrefix(l.text, "====="):
			delete(tracing, l.pid)
		}
		position := tracing[l.pid]
		if position == "" || i+1 == len(lines) {
			continue
		}
		at := &lines[i+1]
		if strings.HasPrefix(l.text, position) || !strings.HasPrefix(at.text, position) || at.gap != "" || l.writer() != at.writer() {
			continue
		}
		if i++; len(at.places) == 0 {
			l.outside = packageOf(at.text)
			at.outside = l.outside
		}
	}
}

// findOutsidePython finds the calls in Python's tracebacks that are outside the lesson: a line that says where, and further in the code that stands there.
func findOutsidePython(lines []outputLine) {
	const begin, library = "Traceback (most recent call last):", "Python's library"
	tracing := make(map[int]bool)   // by process
	outside := make(map[int]string) // of the call that is told
	for i := range lines {
		l := &lines[i]
		switch {
		case !l.stderr:
			continue
		case l.text == begin:
			tracing[l.pid], outside[l.pid] = true, ""
		case strings.HasPrefix(l.text, `  File "`):
			outside[l.pid] = ""
			if file := l.text[len(`  File "`):]; strings.HasPrefix(file, "<python>/") || strings.HasPrefix(file, "<frozen ") {
				outside[l.pid] = library
			}
		case !strings.HasPrefix(l.text, inFrame):
			delete(tracing, l.pid)
		}
		if tracing[l.pid] {
			l.outside = outside[l.pid]
		}
	}
}

// packageOf names the code that a position of a trace is in, for people.
func packageOf(position string) string {
	switch dir := path.Dir(strings.TrimSpace(position)); {
	case dir == ".":
		return "what surrounds the cell" // the file that the runner generates
	case path.Base(dir) == "worker":
		return "package worker"
	}
	return "Go's library"
}

// A stretch is part of what one writer printed: shown, or calls of a trace that are folded away.
type stretch struct {
	lines   []outputLine
	calls   int
	outside []string // the code that the calls are in
}

func (s *stretch) add(l outputLine) {
	s.lines = append(s.lines, l)
	if l.outside == "" {
		return
	}
	if !strings.HasPrefix(l.text, inTrace) && !strings.HasPrefix(l.text, inRace) && !strings.HasPrefix(l.text, inFrame) {
		s.calls++
	}
	if !slices.Contains(s.outside, l.outside) {
		s.outside = append(s.outside, l.outside)
		slices.Sort(s.outside)
	}
}

// fold says what is folded, or is empty where the stretch is shown.
func (s *stretch) fold() string {
	if len(s.outside) == 0 {
		return ""
	}
	return quantity.Count(s.calls, "call") + " in " + strings.Join(s.outside, " and ")
}

func (s *stretch) write(w *markup.Writer) {
	for i := range s.lines {
		s.lines[i].write(w)
		w.Raw("\n")
	}
}
