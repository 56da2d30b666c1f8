package lessons

import (
	"strings"
	"unicode/utf8"
)

// scalar is a single value of YAML, which knows where each of its bytes stands.
type scalar struct {
	value  string
	style  scalarStyle
	line   int    // where the value begins, in the YAML, from 1: that of a block with its sign, of a string in quotes with these
	column int    // counts bytes
	yaml   string // all of it
	from   int    // the offset in yaml of what value begins with
}

// A scalarStyle is how a scalar is written.
type scalarStyle int

const (
	plain scalarStyle = iota
	singleQuoted
	doubleQuoted
	block // after | or >
)

// begin notes where the scalar stands.
func (s *scalar) begin(at place) {
	s.from = s.offset(at.line, at.column)
	for s.from < len(s.yaml) && isYAMLSpace(s.yaml[s.from]) { // go-yaml does not count all tabs
		s.from++
	}
	s.line, s.column = lineColumn(s.yaml, s.from)
	switch s.style {
	case singleQuoted, doubleQuoted:
		s.from = min(s.from+1, len(s.yaml))
	case block:
		s.from = s.offset(at.line+1, 1)
	case plain:
	}
}

// offset returns that of a line and column in the YAML.
func (s *scalar) offset(line, column int) int {
	from := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(s.yaml[from:], '\n')
		if i < 0 {
			return len(s.yaml)
		}
		from += i + 1
	}
	return min(from+column-1, len(s.yaml))
}

// at returns the line and the column, in bytes, at which the byte at an offset of value stands. YAML folds and indents lines, and
// quotes have escapes; all else is written as it is.
func (s *scalar) at(offset int) (line, column int) {
	return lineColumn(s.yaml, s.source(offset))
}

// source returns the offset in the YAML of what stands at an offset in value.
func (s *scalar) source(offset int) int {
	i, j := 0, s.from
	skip := func() { // the white space of both is alike, but not of one length
		for j < len(s.yaml) && isYAMLSpace(s.yaml[j]) {
			j++
		}
	}
	if s.style == block {
		skip()
		i = len(s.value) - len(strings.TrimLeft(s.value, " \n"))
	}
	for i < min(offset, len(s.value)) && j < len(s.yaml) {
		switch c := s.yaml[j]; {
		case s.style == doubleQuoted && c == '\\' && j+1 < len(s.yaml) && s.yaml[j+1] == '\n': // the line goes on
			j++
			skip()
		case s.style == doubleQuoted && c == '\\':
			_, size := utf8.DecodeRuneInString(s.value[i:])
			i, j = i+size, min(j+escapeLength(s.yaml[j:]), len(s.yaml))
		case s.style == singleQuoted && c == '\'':
			i, j = i+1, min(j+len("''"), len(s.yaml))
		case isYAMLSpace(s.value[i]):
			i += len(s.value[i:]) - len(strings.TrimLeft(s.value[i:], " \n\t"))
			skip()
		default:
			i, j = i+1, j+1
		}
	}
	return j
}

// escapeLength returns the length of the escape that s, a string in double quotes, begins with (YAML 1.2, 5.7).
func escapeLength(s string) int {
	if len(s) > 1 {
		switch s[1] {
		case 'x':
			return len(`\x00`)
		case 'u':
			return len(`\u0000`)
		case 'U':
			return len(`\U00000000`)
		}
	}
	return len(`\n`)
}

func isYAMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// lines returns where each line of a text stands in the YAML, without what indents it and with what ends it, for a reader that takes one line after
// another as Markdown does. ok is false where the text is not written as it is read: there is an escape in it.
func (s *scalar) lines() (all [][2]int, ok bool) {
	end := s.source(len(s.value))
	if s.style == block {
		end = s.from + len(strings.TrimRight(s.yaml[s.from:max(s.from, end)], " \t\n"))
	}
	text := s.yaml[s.from:max(s.from, end)]
	switch {
	case s.style == doubleQuoted && strings.Contains(text, `\`), s.style == singleQuoted && strings.Contains(text, "'"):
		return nil, false
	}
	indent := 0
	if s.style == block {
		first := strings.TrimLeft(text, "\n")
		indent = len(first) - len(strings.TrimLeft(first, " "))
	}
	from := s.from
	for line := range strings.Lines(text) {
		content := strings.TrimLeft(line, " \t")
		skipped := len(line) - len(content)
		if s.style == block {
			skipped = min(skipped, indent)
		}
		all = append(all, [2]int{from + skipped, from + len(line)})
		from += len(line)
	}
	return all, true
}
