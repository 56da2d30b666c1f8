package formula

import (
	"fmt"

	"course/program"

	"github.com/expr-lang/expr/ast"
)

// A function is one that expressions can call.
type function struct {
	name        string
	least, most int // arguments
	usage       string
}

const slopeName = "slope"

// functions returns all that there are.
func functions() []function {
	return []function{
		{"ratio", 2, 2, "ratio(a, b)"},
		{"speedup", 1, 1, "speedup(cell.mode), which is the wall time of mode serial by that of the mode"},
		{"scaling", 1, 3, "scaling(cell.mode), which is the wall time at the first value of the sweep by that at the last, or scaling(cell.mode, 1, 4)"},
		{slopeName, 1, 1, "slope(cell.mode.metric), which is how much the metric grows by with each unit of the sweep"},
		{"share", 1, 1, "share(cell.mode.exit == panic), which is the share of the runs that ended so"},
	}
}

func functionNames() []string {
	var names []string
	for _, f := range functions() {
		names = append(names, f.name)
	}
	return names
}

// call reads a call of one of the functions: others are refused before.
func (r *reader) call(n *ast.CallNode, from int) *node {
	var f function
	for _, known := range functions() {
		if known.name == n.Callee.String() {
			f = known
		}
	}
	to := r.closed(from)
	if count := len(n.Arguments); count < f.least || count > f.most || f.name == "scaling" && count == 2 {
		return r.refuse(from, to, fmt.Sprintf("%s takes no %d arguments", f.name, count), "write "+f.usage)
	}
	call := &node{op: opCall, from: from, to: to, at: from, text: f.name}
	for i, argument := range n.Arguments {
		var arg *node
		switch {
		case i == 0 && (f.name == "speedup" || f.name == "scaling"):
			arg = r.point(argument, f.name)
		default:
			arg = r.read(argument)
		}
		if arg != nil {
			call.args = append(call.args, arg)
		}
	}
	if len(call.args) < len(n.Arguments) {
		return nil
	}
	return r.typed(call)
}

// bind binds a call: what it returns is made of what expressions have without functions.
func (b *binder) call(n *node) *node {
	switch n.text {
	case "ratio":
		x, y := b.bind(n.args[0]), b.bind(n.args[1])
		if x == nil || y == nil {
			return nil
		}
		if _, wrong := unitOf(&node{op: opCall, text: n.text, from: n.from, to: n.to, args: []*node{x, y}}); wrong != nil {
			b.errors = append(b.errors, *wrong)
			return nil
		}
		return n.as(opDiv, Number, x, y)
	case "speedup":
		return b.speedup(n)
	case "scaling":
		return b.scaling(n)
	case slopeName:
		return b.slope(n)
	}
	return b.share(n)
}

// as returns an operation that stands where n does.
func (n *node) as(op operation, unit Unit, args ...*node) *node {
	return &node{op: op, from: n.from, to: n.to, at: n.at, unit: unit, args: args}
}

// speedup is the wall time of mode serial by that of another.
func (b *binder) speedup(n *node) *node {
	f := n.args[0].ref
	o, ok := b.point(f, string(program.Serial))
	if !ok {
		return nil
	}
	if f.mode.name == string(program.Serial) {
		return b.refuse(f.mode.from, f.mode.to, "the speedup of serial to itself", "name another mode")
	}
	value, ok := b.value(n.args[0], f, o)
	if !ok {
		return nil
	}
	serial := b.series(n, f, o, Series{Metric: "wall", Point: point(string(program.Serial), value)})
	if serial == nil {
		return nil
	}
	return n.as(opDiv, Number, serial, b.series(n, f, o, Series{Metric: "wall", Point: point(f.mode.name, value)}))
}

// scaling is the wall time at one value of the sweep by that at another.
func (b *binder) scaling(n *node) *node {
	f := n.args[0].ref
	o, ok := b.sweep(f)
	if !ok {
		return nil
	}
	first, last := o.Sweep.Values[0], o.Sweep.Values[len(o.Sweep.Values)-1]
	if len(n.args) == 3 {
		var known bool
		first, ok = b.swept(n.args[1], f, o)
		last, known = b.swept(n.args[2], f, o)
		if !ok || !known {
			return nil
		}
	}
	from := b.series(n, f, o, Series{Metric: "wall", Point: point(f.mode.name, first)})
	if from == nil {
		return nil
	}
	return n.as(opDiv, Number, from, b.series(n, f, o, Series{Metric: "wall", Point: point(f.mode.name, last)}))
}

// slope is how much a metric grows by with each unit of the sweep, from its first value to its last.
func (b *binder) slope(n *node) *node {
	f := n.args[0].ref
	o, ok := b.sweep(f)
	if !ok {
		return nil
	}
	values := o.Sweep.Values
	first, last := values[0], values[len(values)-1]
	from := b.series(n, f, o, Series{Metric: f.metric.name, Point: point(f.mode.name, first)})
	if from == nil {
		return nil
	}
	to := b.series(n, f, o, Series{Metric: f.metric.name, Point: point(f.mode.name, last)})
	unit := from.unit
	if o.Sweep.Time {
		if unit != Time {
			return b.refuse(f.metric.from, f.metric.to, fmt.Sprintf("%s by a time, and the sweep of cell %q is over times", unit.phrase(), f.cell.name), "ask for a time, or compare two values of the sweep")
		}
		unit = Number
	}
	growth := n.as(opSub, from.unit, to, from)
	growth.text = slopeName
	return n.as(opDiv, unit, growth, &node{op: opNumber, from: n.from, to: n.to, at: n.at, unit: Number, number: last - first})
}

// sweep returns the options of a cell that has one.
func (b *binder) sweep(f *ref) (o program.Options, ok bool) {
	if o, ok = b.point(f, f.mode.name); !ok {
		return o, false
	}
	if o.Sweep == nil {
		b.refusePart(f.cell, fmt.Sprintf("cell %q has no sweep", f.cell.name), "give it one: sweep={workers=[1,2,4,8]}")
		return o, false
	}
	return o, true
}

// share is how many of the runs ended so, or printed that.
func (b *binder) share(n *node) *node {
	condition, negated := n.args[0], false
	if condition.op == operation(Not) {
		condition, negated = condition.args[0], true
	}
	of := b.bind(condition.args[0])
	if of == nil {
		return nil
	}
	share := n.as(opSeries, Number)
	share.series = of.series
	switch Op(condition.op) {
	case Contains:
		share.series.Has = condition.args[1].text
	case Different:
		negated = !negated
		fallthrough
	default:
		share.series.Is = condition.args[1].text
	}
	if !negated {
		return share
	}
	return n.as(opSub, Number, &node{op: opNumber, from: n.from, to: n.to, at: n.at, unit: Number, number: 1}, share)
}
