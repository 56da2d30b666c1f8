package formula

import (
	"fmt"
	"slices"
	"strings"

	"course/problem"
	"course/program"

	"github.com/expr-lang/expr/ast"
)

// units are the names of units, by which numbers are multiplied.
var units = map[string]struct {
	unit   Unit
	number float64
}{
	"ns": {Time, 1}, "us": {Time, 1e3}, "µs": {Time, 1e3}, "μs": {Time, 1e3}, "ms": {Time, 1e6}, "s": {Time, 1e9}, "min": {Time, 60e9}, "h": {Time, 3600e9},
	"B": {Size, 1}, "KiB": {Size, 1 << 10}, "MiB": {Size, 1 << 20}, "GiB": {Size, 1 << 30},
}

// The machine's, by their names.
const (
	coresWord  = "cores"
	memoryWord = "memory"
)

// wordNames returns words that mean something by themselves.
func wordNames() []string {
	return append(program.OutcomeNames(), coresWord, memoryWord, "KiB", "MiB", "GiB", "ms", "us", "min")
}

// word reads a word that stands alone.
func (r *reader) word(from, to int) *node {
	n := &node{from: from, to: to, at: from}
	word := r.text[from:to]
	if u, ok := units[word]; ok {
		n.op, n.unit, n.number = opNumber, u.unit, u.number
		return n
	}
	switch word {
	case coresWord, memoryWord:
		n.op, n.series = opSeries, Series{Metric: word}
		n.unit = n.series.Unit()
		return n
	}
	if _, ok := program.ParseOutcome(word); ok {
		n.op, n.unit, n.text = opText, Ending, word
		return n
	}
	hint := howTo
	if near := problem.Nearest(word, wordNames()); near != "" && len(word) > 1 {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return r.refuse(from, to, fmt.Sprintf("%q names nothing that is measured", word), hint)
}

// ending reads what the way in which a run ended is compared with: of a name its outcome.
func (r *reader) ending(n *node) *node {
	name := n.text
	switch {
	case n.op == opSeries && n.series == Series{Metric: memoryWord}: // the outcome has the name of the machine's memory
		name = memoryWord
	case n.op != opText:
		return n
	}
	if _, ok := program.ParseOutcome(name); !ok {
		return r.refuse(n.from, n.to, fmt.Sprintf("unknown outcome %q", name), problem.HintNearest(name, program.OutcomeNames()))
	}
	return &node{op: opText, from: n.from, to: n.to, at: n.at, unit: Ending, text: name}
}

// A part is a name between dots, and where it stands.
type part struct {
	name     string
	from, to int
}

// A path is what names a cell: "lesson/cell.mode.metric[8]".
type path struct {
	parts    []part // the first with the lesson's name
	from, to int
	index    *node // nil where there is none
}

// path takes apart what dots join; ok is false where that has been reported.
func (r *reader) path(n ast.Node) (p path, ok bool) {
	at, end := r.offsets.at(n.Location().From), r.offsets.at(n.Location().To)
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return path{parts: []part{{r.text[at:end], at, end}}, from: at, to: end}, true
	case *ast.MemberNode:
		if p, ok = r.path(n.Node); !ok {
			return p, false
		}
		if p.index != nil {
			r.refuse(at, end, "more after the value of a sweep", "the value stands at the end: grow.thread.wall[8]")
			return p, false
		}
		if property, isName := n.Property.(*ast.StringNode); isName && r.text[at] != '[' {
			p.parts = append(p.parts, part{property.Value, at, end})
			p.to = end
			return p, true
		}
		p.index, p.to = r.read(n.Property), r.closed(at)
		if p.index != nil && !p.index.isConstant() {
			p.index = r.refuse(p.index.from, p.index.to, "this is no value of a sweep", "write a constant: grow.thread.wall[8]")
		}
		return p, p.index != nil
	default:
		r.refuse(at, end, "this is the name of no cell", howTo)
		return p, false
	}
}

// named reads the value that a path names.
func (r *reader) named(n ast.Node) *node {
	p, ok := r.path(n)
	if !ok {
		return nil
	}
	written := r.text[p.from:p.to]
	f := p.ref(r.lesson)
	last := p.parts[len(p.parts)-1]
	switch {
	case len(p.parts) == 2 && f.cell.name == paramWord:
		f.cell, f.param = part{}, last
	case len(p.parts) == 3 && f.mode.name == paramWord:
		f.param = last
	case len(p.parts) == 2 && isMetric(last.name):
		name := p.parts[0].name
		return r.refuse(p.from, p.to, fmt.Sprintf("%q names no mode", written), fmt.Sprintf("write %s.mode.%s; a cell that runs once has the mode plain", name, last.name))
	case len(p.parts) != 3:
		return r.refuse(p.from, p.to, fmt.Sprintf("%q names nothing that is measured", written), howTo)
	case !isMetric(last.name):
		return r.refuse(last.from, last.to, fmt.Sprintf("unknown metric %q", last.name), problem.HintNearest(last.name, metricNames()))
	}
	node := &node{op: opRef, from: p.from, to: p.to, at: p.from, ref: f}
	if f.param.name == "" {
		f.metric = last
		node.unit = unitOfMetric(last.name)
	} else if p.index != nil {
		return r.refuse(p.index.from, p.index.to, "a parameter has one value", "leave out what is in brackets")
	}
	return node
}

// point reads a cell and its mode, the argument of a function.
func (r *reader) point(n ast.Node, function string) *node {
	p, ok := r.path(n)
	switch {
	case !ok:
		return nil
	case len(p.parts) == 3 && isMetric(p.parts[2].name):
		return r.refuse(p.parts[2].from, p.parts[2].to, fmt.Sprintf("%s is of wall times: it takes a cell and its mode", function), fmt.Sprintf("leave out .%s", p.parts[2].name))
	case len(p.parts) != 2:
		return r.refuse(p.from, p.to, fmt.Sprintf("%q is not a cell and its mode", r.text[p.from:p.to]), fmt.Sprintf("write %s(cell.mode), as in %[1]s(squares.process)", function))
	}
	return &node{op: opRef, from: p.from, to: p.to, at: p.from, ref: p.ref(r.lesson)}
}

// ref returns what a path of a cell and its mode names, whatever is behind.
func (p *path) ref(lesson string) *ref {
	head := p.parts[0]
	f := &ref{lesson: part{lesson, head.from, head.from}, cell: head, index: p.index}
	if name, cell, ok := strings.Cut(head.name, "/"); ok {
		f.lesson = part{name, head.from, head.from + len(name)}
		f.cell = part{cell, head.to - len(cell), head.to}
	}
	if len(p.parts) > 1 {
		f.mode = p.parts[1]
	}
	return f
}

func metricNames() []string {
	var names []string
	for _, m := range Metrics() {
		names = append(names, m.Name)
	}
	return names
}

func isMetric(name string) bool { return slices.Contains(metricNames(), name) }

// unitOfMetric returns that of one of Metrics.
func unitOfMetric(name string) Unit {
	all := Metrics()
	return all[slices.IndexFunc(all, func(m Metric) bool { return m.Name == name })].Unit
}
