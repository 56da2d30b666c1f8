package lessons

import (
	"bytes"
	"path"
	"sort"
	"strconv"
	"strings"

	"course/problem"
)

// code is where a snippet of Go stands: the way back from its lines to those of the Markdown.
type code struct {
	name    string           // the file that its line directives name, "squares.cell"
	source  string           // as it stands in the lesson, without what indents it there
	fence   problem.Position // of the opening fence
	columns []int            // of each line: the byte column where it begins in the file, from 1
	failed  bool             // a problem is known that rules out a program
}

// at maps a line and column of the snippet, from 1, to the lesson. The line after the last is that of
// the closing fence. Other lines that the snippet does not have map to its opening fence, as line 0 does.
func (c *code) at(line, column int) problem.Position {
	p := c.fence
	switch {
	case line < 1 || line > len(c.columns)+1:
		return p
	case line == len(c.columns)+1:
		p.Line += line
		return p
	}
	p.Line += line
	p.Column = 0
	if column > 0 {
		p.Column = max(1, c.columns[line-1]+column-1)
	}
	return p
}

// text returns the column of the snippet's line where its text begins, or 0 where it has no such line.
func (c *code) text(line int) int {
	for text := range strings.SplitSeq(c.source, "\n") {
		if line--; line == 0 {
			return 1 + len(text) - len(strings.TrimLeft(text, " \t"))
		}
	}
	return 0
}

// lineColumn returns where offset is in source, counting from 1.
func lineColumn(source string, offset int) (line, column int) {
	before := source[:min(max(offset, 0), len(source))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndexByte(before, '\n')
}

// offset maps an offset within the snippet to the lesson.
func (c *code) offset(offset int) problem.Position {
	return c.at(lineColumn(c.source, offset))
}

// wholeFile is where a problem of a whole file is reported: an editor can go there.
func wholeFile(name string) problem.Position {
	return problem.Position{File: name, Line: 1, Column: 1}
}

// at returns the position in the file of an offset in Source.
func (l *Lesson) at(offset int) problem.Position {
	line := sort.SearchInts(l.starts, offset+1)
	p := problem.Position{File: l.File, Line: line, Column: offset - l.starts[line-1] + 1}
	if line == 1 && l.bom {
		p.Column += len(byteOrderMark)
	}
	return p
}

// line returns a line of the file, from 1, as it stands there but for its end and the byte-order mark.
func (l *Lesson) line(n int) string {
	if n < 1 || n > len(l.starts) {
		return ""
	}
	end := len(l.Source)
	if n < len(l.starts) {
		end = l.starts[n]
	}
	text := l.raw[len(l.raw)-len(l.Source):]
	return strings.TrimRight(string(text[l.starts[n-1]:end]), "\r\n")
}

// sourceLine is line with what Column counts, the byte-order mark, in front; at most a line of a
// terminal around the column matters, so what is absurdly long is left out.
func (l *Lesson) sourceLine(p problem.Position) string {
	s := l.line(p.Line)
	if len(s) > maxLine {
		return ""
	}
	if p.Line == 1 && l.bom {
		s = byteOrderMark + s
	}
	return s
}

func (l *Lesson) report(at problem.Position, length int, message, hint string) {
	l.problems = append(l.problems, problem.Problem{Position: at, Length: length, Message: message, Hint: hint, Source: l.sourceLine(at)})
}

// failAt reports a problem of a snippet that rules out a program.
func (l *Lesson) failAt(c *code, at problem.Position, length int, message, hint string) {
	c.failed = true
	l.report(at, length, message, hint)
}

// lineStarts returns the offset of each line of text; there is always one.
func lineStarts(text []byte) []int {
	starts := make([]int, 1, bytes.Count(text, []byte("\n"))+1)
	for i, c := range text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// Locate returns p, a problem of the result of the program with the given ID, with its position mapped
// to the lesson as it is in c, and Source filled in; a whole line is where its text begins. Positions of cells in
// the message and the hint are mapped too. An error of the compiler that other cells explain gets a hint that
// says so, unless it has one. A position that is not in a cell of the program's lesson stays as it is. Of a problem of the
// modules that programs require, which has no program, the position is mapped to course.yaml or course.sum.
func (c *Course) Locate(programID string, p problem.Problem) problem.Problem {
	name, id, _ := strings.Cut(programID, "/")
	l := c.lesson(name)
	if l == nil {
		return c.locateModule(p)
	}
	p.Message, p.Hint = l.Rewrite(p.Message), l.Rewrite(p.Hint)
	code := l.codes[path.Base(strings.ReplaceAll(p.File, `\`, "/"))]
	if code == nil {
		return p
	}
	if p.Hint == "" {
		p.Hint = l.explain(l.codes[id+".cell"], code, p.Message)
	}
	if p.Line == 0 || p.Line > len(code.columns)+1 {
		p.Length = 0
	}
	if p.Column == 0 {
		p.Column = code.text(p.Line)
	}
	p.Position = code.at(p.Line, p.Column)
	p.Source = l.sourceLine(p.Position)
	return p
}

// lesson returns the lesson with the given name, or nil.
func (c *Course) lesson(name string) *Lesson {
	for _, l := range c.Lessons {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// AllowsHTML reports whether its course.yaml allows raw HTML, whether there is some or not.
func (c *Course) AllowsHTML() bool { return c.html }

// Rewrite returns text, such as a stack trace, with each position in a cell of l replaced by the one in
// the lesson: "dir/squares.cell:12 +0x1d" becomes "01-start.md:37 +0x1d", and Python's way to write it, "squares.cell", line 12,
// becomes "01-start.md", line 37. What is no position in a cell of l stays as it is.
func (l *Lesson) Rewrite(text string) string {
	const mark, inPython = ".cell", `", line `
	if !strings.Contains(text, mark) {
		return text
	}
	var b strings.Builder
	done, from := 0, 0 // text[:done] is written, text[:from] is searched
	for {
		i := strings.Index(text[from:], mark)
		if i < 0 {
			break
		}
		i += from
		from = i + len(mark)
		start := i
		for start > done && isNameByte(text[start-1]) {
			start--
		}
		code := l.codes[text[start:from]]
		if code == nil || start > done && text[start-1] >= 0x80 {
			continue
		}
		at, end := "", 0
		if strings.HasPrefix(text[from:], inPython) {
			if line, after := number(text, from+len(inPython)); code.has(line) {
				at, end = code.fence.File+inPython+strconv.Itoa(code.at(line, 0).Line), after
				start = done + strings.LastIndexByte(text[done:start], '"') + 1
			}
		} else if p, after := code.position(text, from); p.Line > 0 {
			at, end = p.String(), after
			start = pathStart(text, done, start)
		}
		if at == "" {
			continue
		}
		b.WriteString(text[done:start])
		b.WriteString(at)
		done, from = end, end
	}
	b.WriteString(text[done:])
	return b.String()
}

// has reports whether the snippet has a line, that of its closing fence included.
func (c *code) has(line int) bool { return 1 <= line && line <= len(c.columns)+1 }

// position reads ":line" or ":line:column" at text[i:], and returns where in the lesson that is, and where it ends; no line is no position.
func (c *code) position(text string, i int) (at problem.Position, end int) {
	if i == len(text) || text[i] != ':' {
		return at, i
	}
	line, end := number(text, i+1)
	if !c.has(line) {
		return at, end
	}
	column := 0
	if end < len(text) && text[end] == ':' {
		if n, after := number(text, end+1); n > 0 {
			column, end = n, after
		}
	}
	if end < len(text) && isNameByte(text[end]) && text[end] != '.' {
		return at, end
	}
	return c.at(line, column), end
}

// isNameByte reports whether c may be part of a file's name as programs write them into text.
func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
}

// number reads a decimal number at text[i:] and returns where it ends; -1 is none, or one absurdly long.
func number(text string, i int) (n, end int) {
	end = i
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	if n, err := strconv.Atoi(text[i:end]); err == nil && end-i < 9 {
		return n, end
	}
	return -1, end
}

// pathStart returns where the path begins whose last element is at text[start:]. In a Go trace that is
// after the line's tab, so that directories with spaces in their names belong to it.
func pathStart(text string, least, start int) int {
	if start == least || text[start-1] != '/' && text[start-1] != '\\' {
		return start
	}
	if line := strings.LastIndexByte(text[:start], '\n') + 1; line >= least && line < start && text[line] == '\t' {
		return line + 1
	}
	for start > least && !strings.ContainsRune(" \t\n\"'`([=,", rune(text[start-1])) {
		start--
	}
	return start
}
