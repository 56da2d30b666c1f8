package formula

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"course/problem"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// What an expression may take. Its tree has no more nodes than twice its tokens, and is no deeper.
const (
	maxText    = 2 << 10 // bytes
	maxTokens  = 200
	maxNesting = 20  // brackets within each other
	maxString  = 200 // bytes of a text in quotes
)

// A token is one of the library's, with its place in the text in bytes.
type token struct {
	kind     lexer.Kind
	value    string
	from, to int
}

func (t token) is(kind lexer.Kind, value string) bool { return t.kind == kind && t.value == value }

// tokens reads the text into tokens that the library's parser can be given, without the end, and the text as it reads it: masked, with offsets as they were.
func tokens(text string) (all []token, masked string, wrong *Error) {
	if len(text) > maxText {
		return nil, "", &Error{0, 0, fmt.Sprintf("the expression is longer than %d KiB", maxText>>10), "shorten it, or make two of it"}
	}
	if strings.TrimSpace(text) == "" {
		return nil, "", &Error{0, len(text), "there is no expression", howTo}
	}
	masked, wrong = mask(text)
	if wrong != nil {
		return nil, "", wrong
	}
	masked += " " // so that the end is not where the last token is
	offsets := newOffsets(masked)
	read, err := lexer.Lex(file.NewSource(masked))
	if err != nil {
		return nil, "", unreadable(text, offsets, err)
	}
	for _, t := range read {
		if t.Kind != lexer.EOF {
			all = append(all, token{t.Kind, t.Value, offsets.at(t.From), offsets.at(t.To)})
		}
	}
	return all, masked, refuse(text, all)
}

// offsets maps what the library counts, characters, to bytes.
type offsets []int

func newOffsets(text string) offsets {
	all := make(offsets, 0, len(text)+1)
	for i := range text {
		all = append(all, i)
	}
	return append(all, len(text))
}

func (o offsets) at(character int) int { return o[min(max(character, 0), len(o)-1)] }

// mask replaces what names a cell by a word of equal length that the library takes for one: in front of a dot, the first letter of a cell's id, which may be a
// word of the language, and all of "lesson-name/cell". It refuses what has to be known before that: texts that never end, and comments.
func mask(text string) (string, *Error) {
	b := []byte(text)
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '"' || c == '\'':
			end := closing(text, i)
			if end < 0 {
				return "", &Error{i, len(text) - i, "the text is never closed", fmt.Sprintf("end it with %c", c)}
			}
			i = end
		case c == '`' || c == '$':
			return "", &Error{i, 1, fmt.Sprintf("unexpected %q", c), `texts stand in double quotes: "exit=3"`}
		case strings.HasPrefix(text[i:], "//"), strings.HasPrefix(text[i:], "/*"):
			return "", &Error{i, 2, "a comment in an expression", "remove it"}
		case isLetter(c) && (i == 0 || !isWord(b[i-1]) && b[i-1] != '.' && b[i-1] < utf8.RuneSelf):
			end := name(text, i)
			for j := range text[i:end] {
				if c := b[i+j]; c == '-' || c == '/' {
					b[i+j] = '_'
				}
			}
			if end < len(b) && b[end] == '.' {
				b[i] = '$'
			}
			i = max(end, i+1)
		default:
			i++
		}
	}
	return string(b), nil
}

// closing returns where a text in quotes that begins at i ends, or -1.
func closing(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case text[i]:
			return j + 1
		}
	}
	return -1
}

// name returns where the name that begins at i ends: that of a cell with the lesson's in front, if a cell follows, else a word.
func name(text string, i int) int {
	word := i
	for word < len(text) && isWord(text[word]) {
		word++
	}
	lesson := word
	for lesson < len(text) && (isWord(text[lesson]) || text[lesson] == '-') {
		lesson++
	}
	if lesson == len(text) || text[lesson] != '/' || units[text[i:lesson]].unit != "" { // 10*ms/x.plain.wall is a division
		return word
	}
	cell := lesson + 1
	for cell < len(text) && isWord(text[cell]) {
		cell++
	}
	if cell == lesson+1 || !isLetter(text[lesson+1]) || cell == len(text) || text[cell] != '.' {
		return word
	}
	return cell
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isWord(c byte) bool { return isLetter(c) || '0' <= c && c <= '9' || c == '_' }

// unreadable says in our words why the library's lexer gave up.
func unreadable(text string, offsets offsets, err error) *Error {
	at := 0
	if e, ok := errors.AsType[*file.Error](err); ok {
		at = min(offsets.at(e.From), len(text))
	}
	r, size := utf8.DecodeRuneInString(text[at:])
	from := at
	for from > 0 && (isWord(text[from-1]) || text[from-1] == '.') {
		from--
	}
	digits := strings.TrimRight(text[from:at], "_")
	if _, err := strconv.ParseFloat(digits, 64); err == nil {
		to := at
		for to < len(text) && (isWord(text[to]) || text[to] >= utf8.RuneSelf) {
			to++
		}
		return &Error{from, to - from, fmt.Sprintf("%q is no number", text[from:to]), fmt.Sprintf("a unit is a factor: write %s*ms", digits)}
	}
	return &Error{at, size, fmt.Sprintf("unexpected %q", r), "remove it"}
}

// known are the operators of expressions; || and && are or and and.
var known = []string{"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "&&", "or", "||", "not", "!", "contains", ".", ","}

// notHere says of what the library's language has beyond ours what it would be, and what to write.
var notHere = map[string][2]string{
	"let": {"a variable", "write out what it stands for"}, "if": {"a branch", "write two expressions"}, "else": {"a branch", "write two expressions"},
	"?": {"a branch", "write two expressions"}, "?.": {"a branch", "write a dot"}, "??": {"a branch", "write two expressions"}, ":": {"a range", "write two expressions"},
	"..": {"a range", "name each value"}, "|": {"a pipe", "write or to join comparisons"}, ";": {"a sequence", "write two expressions"}, "#": {"a closure", "write it out"},
	"::": {"a call of what is built in", "write the function's name alone"}, "%": {"a remainder", "write a share as a number: 0.05"}, "^": {"a power", "write a product"}, "**": {"a power", "write a product"},
	"in": {"a list", "write == and or"}, "matches": {"a pattern", "write contains"}, "startsWith": {"startsWith", "write contains"}, "endsWith": {"endsWith", "write contains"},
	"=": {"an assignment", `write == to compare; an outcome with a number is a text: "exit=3"`}, "&": {"a single &", "write and"},
	"{": {"a list of names or a closure", "write it out"}, "}": {"a list of names or a closure", "write it out"},
}

// refuse returns the first token that has no place in an expression.
func refuse(text string, all []token) *Error {
	if len(all) > maxTokens {
		return &Error{all[maxTokens].from, all[maxTokens].to - all[maxTokens].from, fmt.Sprintf("more than %d words and signs", maxTokens), "shorten the expression, or make two of it"}
	}
	depth := 0
	for i, t := range all {
		length := t.to - t.from
		wrong := func(message, hint string) *Error { return &Error{t.from, length, message, hint} }
		written := text[t.from:t.to]
		switch {
		case t.kind == lexer.Bytes, t.kind == lexer.String && t.value == "", length > maxString:
			return wrong(fmt.Sprintf("a text is 1 to %d bytes in quotes", maxString), "shorten it, or give it some")
		case t.kind == lexer.Number && !isNumber(written):
			return wrong(fmt.Sprintf("%q is no number", written), "write it in decimal digits, as 1.15 or 2e6")
		case t.kind == lexer.Bracket && (t.value == "(" || t.value == "["):
			if depth++; depth > maxNesting {
				return wrong(fmt.Sprintf("more than %d brackets within each other", maxNesting), "write it without some of them")
			}
		case t.kind == lexer.Bracket && (t.value == ")" || t.value == "]"):
			depth--
		case notHere[t.value][0] != "" && t.kind != lexer.String && (i == 0 || !all[i-1].is(lexer.Operator, ".")):
			return wrong("no expression has "+notHere[t.value][0], notHere[t.value][1])
		case t.kind == lexer.Operator && !slices.Contains(known, t.value) && (i == 0 || !all[i-1].is(lexer.Operator, ".")):
			return wrong(fmt.Sprintf("unexpected %q", t.value), "remove it")
		case t.kind == lexer.Identifier && i+1 < len(all) && all[i+1].is(lexer.Bracket, "("):
			if e := refuseCall(written, i > 0 && all[i-1].is(lexer.Operator, ".")); e != nil {
				e.Offset, e.Length = t.from, length
				return e
			}
		}
	}
	return nil
}

// refuseCall returns why no function of that name can be called.
func refuseCall(name string, ofSomething bool) *Error {
	_, isBuiltin := builtin.Index[name]
	hint := problem.HintNearest(name, functionNames())
	switch {
	case ofSomething:
		return &Error{Message: fmt.Sprintf("%q cannot be called", name), Hint: "functions stand alone: speedup(cell.mode)"}
	case slices.Contains(functionNames(), name):
		return nil
	case isBuiltin && problem.Nearest(name, functionNames()) == "":
		return &Error{Message: fmt.Sprintf("no expression has %s: the medians of runs are compared, in no loop", name), Hint: hint}
	}
	return &Error{Message: fmt.Sprintf("unknown function %q", name), Hint: hint}
}

// isNumber reports whether the library reads s as we do: in decimal digits, and not too large.
func isNumber(s string) bool {
	s = strings.ReplaceAll(s, "_", "")
	if strings.ContainsAny(s, ".eE") {
		_, err := strconv.ParseFloat(s, 64)
		return err == nil
	}
	_, err := strconv.ParseInt(s, 10, 0)
	return err == nil
}
