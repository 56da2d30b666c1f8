package formula

import (
	"errors"
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// howTo is the hint for what names nothing.
const howTo = "write cell.mode.metric, or lesson/cell.mode.metric, as in squares.process.wall; a cell that runs once has the mode plain"

// Parse reads an expression that stands in the lesson of that name: a cell without a lesson's name before it is of that one. What is wrong is told
// as far as it is known without the course: syntax, units, unknown metrics and functions. parsed is nil where there are errors.
func Parse(text, lesson string) (parsed *Parsed, wrong []Error) {
	all, masked, refused := tokens(text)
	if refused != nil {
		return nil, []Error{*refused}
	}
	r := &reader{text: text, lesson: lesson, tokens: all, offsets: newOffsets(masked)}
	tree, err := parser.Parse(masked)
	if err != nil {
		return nil, []Error{r.syntax(err)}
	}
	root := r.read(tree.Node)
	if len(r.errors) > 0 {
		return nil, r.errors
	}
	return &Parsed{text: text, root: root}, nil
}

// A reader makes nodes of the library's tree.
type reader struct {
	text, lesson string
	tokens       []token
	offsets      offsets
	errors       []Error
}

// refuse reports what is wrong with the text from one offset to another, and returns nil.
func (r *reader) refuse(from, to int, message, hint string) *node {
	r.errors = append(r.errors, Error{from, to - from, message, hint})
	return nil
}

// syntax says in our words why the library's parser gave up. The tokens that have no place in any expression are refused before.
func (r *reader) syntax(err error) Error {
	at := len(r.text)
	if e, ok := errors.AsType[*file.Error](err); ok {
		at = r.offsets.at(e.From)
	}
	i := slices.IndexFunc(r.tokens, func(t token) bool { return t.from == at })
	if i < 0 {
		last := r.tokens[len(r.tokens)-1]
		return Error{last.from, last.to - last.from, fmt.Sprintf("the expression ends after %s", r.quote(last)), r.howToEnd()}
	}
	hint := "remove it, or write what is missing before it"
	if t := r.tokens[i]; i > 0 && isOperand(t) && isOperand(r.tokens[i-1]) {
		hint = "an operator is missing before it"
	}
	return Error{at, r.tokens[i].to - at, fmt.Sprintf("unexpected %s", r.quote(r.tokens[i])), hint}
}

func isOperand(t token) bool { return t.kind != lexer.Operator && t.kind != lexer.Bracket }

// quote returns a token as it is written, in quotes.
func (r *reader) quote(t token) string {
	if t.kind == lexer.String {
		return r.text[t.from:t.to]
	}
	return fmt.Sprintf("%q", r.text[t.from:t.to])
}

// howToEnd says which bracket is never closed, if one is.
func (r *reader) howToEnd() string {
	closed := 0
	for _, t := range slices.Backward(r.tokens) {
		switch {
		case t.kind != lexer.Bracket:
		case t.value == ")" || t.value == "]":
			closed++
		case closed > 0:
			closed--
		default:
			return fmt.Sprintf("close the %q", t.value)
		}
	}
	return "go on, or remove it"
}

// read makes a node of one of the library's. It returns nil where something is wrong, and has reported it.
func (r *reader) read(n ast.Node) *node {
	from, to := r.offsets.at(n.Location().From), r.offsets.at(n.Location().To)
	switch n := n.(type) {
	case *ast.IntegerNode:
		return &node{op: opNumber, from: from, to: to, at: from, unit: Number, number: float64(n.Value)}
	case *ast.FloatNode:
		return &node{op: opNumber, from: from, to: to, at: from, unit: Number, number: n.Value}
	case *ast.StringNode:
		return &node{op: opText, from: from, to: to, at: from, unit: Text, text: n.Value}
	case *ast.IdentifierNode:
		return r.word(from, to)
	case *ast.MemberNode:
		return r.named(n)
	case *ast.UnaryNode:
		return r.unary(n, from, to)
	case *ast.BinaryNode:
		return r.binary(n, from, to)
	case *ast.CallNode:
		return r.call(n, from)
	default: // such as lists, whose signs are those of a value of a sweep
		return r.refuse(from, to, fmt.Sprintf("no expression has %s", r.text[from:to]), howTo)
	}
}

func (r *reader) unary(n *ast.UnaryNode, from, to int) *node {
	arg := r.read(n.Node)
	if arg == nil {
		return nil
	}
	switch n.Operator {
	case "-":
		return r.typed(&node{op: opNegate, from: from, to: arg.to, at: from, end: to, args: []*node{arg}})
	case "+":
		return r.refuse(from, to, `unexpected "+"`, "leave it out")
	}
	// Of "a not contains b" the operator stands within.
	return r.typed(&node{op: operation(Not), from: min(from, arg.from), to: arg.to, at: from, end: to, args: []*node{arg}})
}

func (r *reader) binary(n *ast.BinaryNode, at, end int) *node {
	if n.Operator == "&&" && r.text[at:end] != "&&" { // the library makes this of a < b < c
		return r.refuse(at, end, "a comparison of a comparison", "join them with and: a < b and b < c")
	}
	left, right := r.read(n.Left), r.read(n.Right)
	if left == nil || right == nil {
		return nil
	}
	op := operation(n.Operator)
	switch n.Operator {
	case "&&":
		op = operation(And)
	case "||":
		op = operation(Or)
	case string(Equal), string(Different):
		if right.op == opRef && left.op != opRef && (right.unit == Ending || right.unit == Text) {
			left, right = right, left
		}
		if left.unit == Ending {
			if right = r.ending(right); right == nil {
				return nil
			}
		}
	}
	return r.typed(&node{op: op, from: min(left.from, right.from), to: max(left.to, right.to), at: at, end: end, args: []*node{left, right}})
}

// typed returns n with its unit, or nil where it has none.
func (r *reader) typed(n *node) *node {
	n.from, n.to = r.span(n.from, n.to)
	unit, wrong := unitOf(n)
	if wrong != nil {
		r.errors = append(r.errors, *wrong)
		return nil
	}
	n.unit = unit
	return n
}

// span widens a part of the text until the brackets within are closed: the library's tree has none.
func (r *reader) span(from, to int) (int, int) {
	depth, least := 0, 0
	for _, t := range r.tokens {
		switch {
		case t.from < from || t.to > to || t.kind != lexer.Bracket:
		case t.value == "(":
			depth++
		case t.value == ")":
			depth--
			least = min(least, depth)
		}
	}
	for _, t := range slices.Backward(r.tokens) {
		if least < 0 && t.to <= from && t.is(lexer.Bracket, "(") {
			from = t.from
			least++
			depth++
		}
	}
	for _, t := range r.tokens {
		if depth > 0 && t.from >= to && t.is(lexer.Bracket, ")") {
			to = t.to
			depth--
		}
	}
	return from, to
}

// closed returns where the bracket ends that is the first at an offset or after it.
func (r *reader) closed(offset int) int {
	depth := 0
	for _, t := range r.tokens {
		if t.from < offset || t.kind != lexer.Bracket {
			continue
		}
		if t.value == "(" || t.value == "[" {
			depth++
		} else if depth--; depth == 0 {
			return t.to
		}
	}
	return len(r.text)
}
