package lessons

import (
	"bytes"
	"errors"
	"unicode"
	"unicode/utf8"

	"course/problem"
	"course/tex"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const maxFormula = 2 << 10 // bytes

// Math is a formula within prose, between dollars.
type Math struct {
	ast.BaseInline
	Display bool      // between two dollars on each side: on a line of its own
	Source  string    // as TeX writes it
	Formula *tex.Node // nil where it cannot be read
	start   int       // of Source, in that of the lesson
	err     error
}

// KindMath is the kind of Math nodes.
var KindMath = ast.NewNodeKind("Math")

// Kind implements ast.Node.
func (*Math) Kind() ast.NodeKind { return KindMath }

// Dump implements ast.Node.
func (m *Math) Dump(source []byte, level int) {
	ast.DumpHelper(m, source, level, map[string]string{"Source": m.Source}, nil)
}

// dollars finds formulas as code hosts do, so that prices and the shell's variables are none: an inline one is on one line, its first dollar stands behind a
// blank or a bracket and before no blank, its last before no letter or digit and behind no blank. No formula holds a backtick.
type dollars struct{}

// Trigger implements parser.InlineParser.
func (dollars) Trigger() []byte { return []byte{'$'} }

// Parse implements parser.InlineParser.
func (dollars) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	if unicode.IsLetter(before) || unicode.IsDigit(before) || before == '$' || before == '\\' {
		return nil
	}
	if bytes.HasPrefix(line, []byte("$$")) {
		return display(block, line[2:], segment.Start+2)
	}
	end := closing(line[1:], "$")
	if end <= 0 || segment.Padding > 0 {
		return nil
	}
	content := line[1 : 1+end]
	first, last := content[0], content[len(content)-1]
	after, _ := utf8.DecodeRune(line[end+2:])
	if isBlank(first) || isBlank(last) || unicode.IsLetter(after) || unicode.IsDigit(after) || after == '$' {
		return nil
	}
	block.Advance(end + 2)
	return newMath(string(content), segment.Start+1, false)
}

// display reads what stands between two dollars and two dollars, on several lines of a paragraph.
func display(block text.Reader, line []byte, start int) ast.Node {
	lineAt, position := block.Position()
	var source []byte
	for skip := 2; len(source) < maxFormula; skip = 0 {
		if end := closing(line, "$$"); end >= 0 {
			source = append(source, line[:end]...)
			if len(bytes.TrimSpace(source)) == 0 {
				break
			}
			block.Advance(skip + end + 2)
			return newMath(string(source), start, true)
		}
		source = append(source, line...)
		if bytes.IndexByte(line, '`') >= 0 {
			break
		}
		block.AdvanceLine()
		if line, _ = block.PeekLine(); line == nil {
			break
		}
	}
	block.SetPosition(lineAt, position)
	return nil
}

// closing returns where the dollars are that end a formula, or -1.
func closing(line []byte, mark string) int {
	for i := 0; i < len(line) && i <= maxFormula; i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '`':
			return -1
		case bytes.HasPrefix(line[i:], []byte(mark)):
			return i
		}
	}
	return -1
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func newMath(source string, start int, display bool) *Math {
	m := &Math{Display: display, Source: source, start: start}
	m.Formula, m.err = tex.Parse(source)
	return m
}

// math reports a formula that cannot be read.
func (l *Lesson) math(m *Math) {
	wrong := (*tex.Error)(nil)
	if !errors.As(m.err, &wrong) {
		return
	}
	hint := "see which commands there are in the guide to lessons; a dollar that begins no formula is written \\$"
	if near := problem.Nearest(m.Source[wrong.Offset:wrong.Offset+wrong.Length], wrong.Candidates); near != "" {
		hint = "did you mean " + near + "?"
	}
	at, length := l.at(m.start), 0
	if bytes.HasPrefix(l.Source[m.start:], []byte(m.Source)) { // it is not broken by what a list or quote puts before its lines
		at = l.at(m.start + wrong.Offset)
		if end := wrong.Offset + wrong.Length; !bytes.Contains([]byte(m.Source[wrong.Offset:end]), []byte("\n")) {
			length = wrong.Length
		}
	}
	l.report(at, length, "the formula cannot be read: "+wrong.Message, hint)
}
