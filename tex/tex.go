// Package tex reads formulas as TeX writes them: the part of it that a course on computers needs. It draws nothing.
package tex

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Kind says what a Node is, by the name of its element in MathML Core.
type Kind int

// The kinds of nodes.
const (
	Row      Kind = iota // Kids side by side
	Ident                // a name
	Number               // digits
	Operator             // a sign
	Large                // a sign such as a sum, whose limits stand below and above it
	Text                 // prose
	Space                // Text is its width in em
	Frac                 // Kids are what is above and below the line
	Root                 // Kids are what is below the sign, and which root, where it is not the square
	Sub                  // Kids are the base and what is below
	Sup                  // Kids are the base and what is above
	SubSup               // Kids are the base, what is below and what is above
)

// A Node is a part of a formula.
type Node struct {
	Kind Kind
	Text string
	Kids []*Node
}

// An Error says what is wrong with a formula, and where in its source.
type Error struct {
	Offset, Length int
	Message        string
	Candidates     []string // commands that might have been meant, of an unknown one
}

func (e *Error) Error() string { return e.Message }

const maxDepth = 20

// Parse reads a formula, without the dollars around it. What it returns is a Row, or the error is an *Error.
func Parse(source string) (*Node, error) {
	p := &parser{source: source}
	row, err := p.row("", 0)
	if err != nil {
		return nil, err
	}
	return row, nil
}

type parser struct {
	source string
	at     int
}

func (p *parser) fail(from int, message string) error {
	return &Error{Offset: from, Length: p.at - from, Message: message}
}

// token returns the next sign: a command with its backslash, a number, or one character; "" at the end.
func (p *parser) token() string {
	p.at += len(p.source[p.at:]) - len(strings.TrimLeft(p.source[p.at:], " \t\r\n"))
	rest := p.source[p.at:]
	if rest == "" {
		return ""
	}
	var size int
	switch c := rest[0]; {
	case c == '\\' && len(rest) > 1:
		letters := len(rest[1:]) - len(strings.TrimLeftFunc(rest[1:], func(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }))
		if size = 1 + letters; letters == 0 {
			_, n := utf8.DecodeRuneInString(rest[1:])
			size += n
		}
	case '0' <= c && c <= '9':
		size = len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if len(rest) > size+1 && rest[size] == '.' && '0' <= rest[size+1] && rest[size+1] <= '9' {
			size += 1 + len(rest[size+1:]) - len(strings.TrimLeft(rest[size+1:], "0123456789"))
		}
	default:
		_, size = utf8.DecodeRuneInString(rest)
	}
	p.at += size
	return rest[:size]
}

func (p *parser) peek() string {
	at := p.at
	defer func() { p.at = at }()
	return p.token()
}

// row reads up to the end token, which it takes, or to the end of the source where that is "".
func (p *parser) row(end string, depth int) (*Node, error) {
	row := &Node{Kind: Row}
	from := p.at
	for {
		next := p.peek()
		switch {
		case next == end:
			p.token()
			return row, nil
		case next == "":
			return nil, p.fail(max(0, from-1), fmt.Sprintf("%q is not closed", p.source[max(0, from-1):from]))
		}
		one, err := p.scripted(depth)
		if err != nil {
			return nil, err
		}
		row.Kids = append(row.Kids, one)
	}
}

// scripted reads one part with what stands below and above it.
func (p *parser) scripted(depth int) (*Node, error) {
	base := &Node{Kind: Row}
	if next := p.peek(); next != "^" && next != "_" {
		var err error
		if base, err = p.part(depth); err != nil {
			return nil, err
		}
	}
	var sub, sup *Node
	for {
		next := p.peek()
		from := p.at
		switch {
		case next == "_" && sub == nil:
			p.token()
			one, err := p.argument(depth)
			if err != nil {
				return nil, err
			}
			sub = one
		case next == "^" && sup == nil, next == "'" && sup == nil:
			p.token()
			if next == "'" {
				sup = &Node{Kind: Operator, Text: "′"}
				continue
			}
			one, err := p.argument(depth)
			if err != nil {
				return nil, err
			}
			sup = one
		case next == "_", next == "^", next == "'":
			p.token()
			return nil, p.fail(from, fmt.Sprintf("a second %q", next))
		case sub != nil && sup != nil:
			return &Node{Kind: SubSup, Kids: []*Node{base, sub, sup}}, nil
		case sub != nil:
			return &Node{Kind: Sub, Kids: []*Node{base, sub}}, nil
		case sup != nil:
			return &Node{Kind: Sup, Kids: []*Node{base, sup}}, nil
		default:
			return base, nil
		}
	}
}

// argument reads what a command is about: a group, or one sign.
func (p *parser) argument(depth int) (*Node, error) {
	from := p.at
	switch next := p.peek(); next {
	case "", "}", "^", "_", "&":
		p.token()
		return nil, p.fail(from, "something is missing here")
	default:
		if '0' <= next[0] && next[0] <= '9' { // of a number without braces it is the first digit
			p.token()
			p.at -= len(next) - 1
			return &Node{Kind: Number, Text: next[:1]}, nil
		}
	}
	return p.part(depth + 1)
}

// part reads one sign, group or command.
func (p *parser) part(depth int) (*Node, error) {
	p.peek()
	next := p.token()
	from := p.at - len(next)
	if depth > maxDepth {
		return nil, p.fail(from, fmt.Sprintf("more than %d groups are within each other", maxDepth))
	}
	first, _ := utf8.DecodeRuneInString(next)
	switch {
	case next == "{":
		return p.row("}", depth+1)
	case next == "}", next == "&", next == "#", next == "$", next == "%", next == "~", next == `\`:
		return nil, p.fail(from, fmt.Sprintf("%q has no place here", next))
	case first == '\\':
		return p.command(next, from, depth)
	case unicode.IsDigit(first):
		return &Node{Kind: Number, Text: next}, nil
	case unicode.IsLetter(first):
		return &Node{Kind: Ident, Text: next}, nil
	case unicode.IsControl(first), first == utf8.RuneError, unicode.Is(unicode.Bidi_Control, first):
		return nil, p.fail(from, "this is no sign of a formula")
	case next == "-":
		return &Node{Kind: Operator, Text: "−"}, nil
	case next == "*":
		return &Node{Kind: Operator, Text: "∗"}, nil
	}
	return &Node{Kind: Operator, Text: next}, nil
}

// builders are the commands that take something.
var builders = []string{`\frac`, `\sqrt`, `\text`, `\mathrm`, `\operatorname`, `\left`, `\right`}

// command reads what follows a backslash.
func (p *parser) command(name string, from, depth int) (*Node, error) {
	if one, ok := signs[name]; ok {
		return &one, nil
	}
	switch name {
	case `\frac`:
		above, err := p.argument(depth)
		if err != nil {
			return nil, err
		}
		below, err := p.argument(depth)
		if err != nil {
			return nil, err
		}
		return &Node{Kind: Frac, Kids: []*Node{above, below}}, nil
	case `\sqrt`:
		root := &Node{Kind: Root}
		var which []*Node
		if p.peek() == "[" {
			p.token()
			one, err := p.row("]", depth+1)
			if err != nil {
				return nil, err
			}
			which = []*Node{one}
		}
		of, err := p.argument(depth)
		root.Kids = append([]*Node{of}, which...)
		return root, err
	case `\text`, `\mathrm`, `\operatorname`:
		rest := strings.TrimLeft(p.source[p.at:], " ")
		inner, _, ok := strings.Cut(strings.TrimPrefix(rest, "{"), "}")
		if !ok || !strings.HasPrefix(rest, "{") || strings.ContainsAny(inner, `{\$`) || strings.ContainsFunc(inner, unicode.IsControl) {
			return nil, p.fail(from, name+" takes plain text in braces")
		}
		p.at = len(p.source) - len(rest) + len(inner) + 2
		if name == `\text` {
			return &Node{Kind: Text, Text: inner}, nil
		}
		return &Node{Kind: Ident, Text: inner}, nil
	case `\left`, `\right`: // fences grow by themselves
		if p.peek() == "." {
			p.token()
			return &Node{Kind: Row}, nil
		}
		return p.argument(depth)
	}
	return nil, &Error{Offset: from, Length: len(name), Message: "unknown command " + name, Candidates: append(slices.Sorted(maps.Keys(signs)), builders...)}
}
