package formula

import (
	"math"

	"course/program"
)

// An operation is what a node does; those that lessons write as operators have the operator's name.
type operation string

const (
	opNumber operation = "number" // a constant
	opText   operation = "text"   // a constant, of unit Text or Ending
	opRef    operation = "ref"    // what is not bound yet: a metric of a cell, a parameter, or the argument of a function
	opCall   operation = "call"   // what is not bound yet: a function
	opSeries operation = "series"
	opNegate operation = "negate"
	opAdd    operation = "+"
	opSub    operation = "-"
	opMul    operation = "*"
	opDiv    operation = "/"
)

// A node is an expression or a part of one. It is not changed once the expression is parsed or bound.
type node struct {
	op       operation
	from, to int  // where it stands in the text, with its brackets as far as parts of it are in them
	at, end  int  // where its operator or its function's name stands
	unit     Unit // empty where it depends on what is named
	args     []*node
	number   float64
	text     string // of opText; of opCall the function's name
	ref      *ref
	series   Series
}

// A ref is what names a cell or a parameter: "lesson/cell.mode.metric[index]", "cell.mode" as the argument of a function, "cell.param.name" or "param.name".
type ref struct {
	lesson part // that in which the expression stands, where none is written
	cell   part // none of a parameter of the lesson
	mode   part
	metric part  // none of the argument of a function, and of a parameter
	param  part  // none of a metric
	index  *node // nil where there is none
}

// paramWord stands in the place of a cell, or of its mode, in the name of a parameter.
const paramWord = "param"

func (r *ref) program() string { return r.lesson.name + "/" + r.cell.name }

// measured reports whether r asks for what only a program that is measured has.
func (r *ref) measured() bool { return r.metric.name != "exit" && r.metric.name != "output" }

// walk calls visit for n and all below it, in the order in which they are written.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, arg := range n.args {
		arg.walk(visit)
	}
}

// measured reports whether n rests on what was measured of a program.
func (n *node) measured() bool {
	found := false
	n.walk(func(n *node) { found = found || n.op == opSeries && n.series.Program != "" })
	return found
}

// value computes n.
func (n *node) value(of func(Series) float64) float64 {
	switch n.op {
	case opNumber:
		return n.number
	case opSeries:
		return of(n.series)
	case opNegate:
		return -n.args[0].value(of)
	case opAdd, opSub, opMul, opDiv:
		a, b := n.args[0].value(of), n.args[1].value(of)
		switch n.op {
		case opAdd:
			return a + b
		case opSub:
			return a - b
		case opMul:
			return a * b
		default:
			return a / b
		}
	default:
		return math.NaN()
	}
}

// isConstant reports whether n is one that is known before it is bound.
func (n *node) isConstant() bool {
	constant := true
	n.walk(func(n *node) {
		constant = constant && n.op != opRef && n.op != opSeries && n.op != opCall && n.op != opText
	})
	return constant
}

// constant computes an expression without series.
func (n *node) constant() float64 {
	return n.value(func(Series) float64 { return math.NaN() })
}

// point is where the runs of a series are alike.
func point(mode string, value float64) program.Point {
	return program.Point{Mode: program.Mode(mode), Value: value}
}
