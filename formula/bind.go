package formula

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/problem"
	"course/program"
)

// Bind finds what the expression names. bound is nil where there are errors, such as that there is no such lesson, cell, mode, parameter or value of a sweep;
// and without errors where a cell that it names has problems of its own.
func (p *Parsed) Bind(c Course) (bound *Bound, wrong []Error) {
	b := &binder{course: c, text: p.text}
	root := b.bind(p.root)
	if root == nil {
		return nil, b.errors
	}
	b.constant(root)
	if len(b.errors) == 0 {
		b.effective(root)
	}
	if len(b.errors) > 0 {
		return nil, b.errors
	}
	return &Bound{text: p.text, root: root}, nil
}

// A binder makes a tree in which all is known of one that was parsed.
type binder struct {
	course Course
	text   string
	errors []Error
}

// refuse reports what is wrong with a part of the text, and returns nil.
func (b *binder) refuse(from, to int, message, hint string) *node {
	b.errors = append(b.errors, Error{from, to - from, message, hint})
	return nil
}

func (b *binder) refusePart(p part, message, hint string) { b.refuse(p.from, p.to, message, hint) }

// bind returns n with what it names, or nil where that is not there.
func (b *binder) bind(n *node) *node {
	switch {
	case n.op == opRef && n.ref.param.name != "":
		return b.param(n)
	case n.op == opRef:
		return b.metric(n)
	case n.op == opCall:
		return b.call(n)
	case len(n.args) == 0:
		return n
	}
	bound := *n
	bound.args = make([]*node, 0, len(n.args))
	for _, arg := range n.args {
		if a := b.bind(arg); a != nil {
			bound.args = append(bound.args, a)
		}
	}
	if len(bound.args) < len(n.args) {
		return nil
	}
	return b.typed(&bound)
}

// typed returns n with its unit, or nil where it has none: parameters may be numbers or times.
func (b *binder) typed(n *node) *node {
	unit, wrong := unitOf(n)
	if wrong != nil {
		b.errors = append(b.errors, *wrong)
		return nil
	}
	n.unit = unit
	return n
}

// options returns those of the cell that f names; ok is false where there is none, or it has problems of its own, which is no second problem.
func (b *binder) options(f *ref) (o program.Options, ok bool) {
	if !b.lesson(f.lesson) {
		return o, false
	}
	cells := b.course.Cells(f.lesson.name)
	if !slices.Contains(cells, f.cell.name) {
		hint := "the lesson has no cells"
		if len(cells) > 0 {
			hint = problem.HintNearest(f.cell.name, cells)
		}
		b.refusePart(f.cell, fmt.Sprintf("there is no cell %q", f.cell.name), hint)
		return o, false
	}
	return b.course.Options(f.program())
}

func (b *binder) lesson(p part) bool {
	all := b.course.Lessons()
	if !slices.Contains(all, p.name) {
		b.refusePart(p, fmt.Sprintf("there is no lesson %q", p.name), problem.HintNearest(p.name, all))
		return false
	}
	return true
}

// point returns the options of the cell that f names, which runs in the mode of that name.
func (b *binder) point(f *ref, mode string) (o program.Options, ok bool) {
	o, ok = b.options(f)
	switch {
	case !ok:
		return o, false
	case len(o.Modes) == 0:
		b.refusePart(f.cell, fmt.Sprintf("cell %q is not run, so nothing of it is measured", f.cell.name), "give it a main function")
		return o, false
	case !slices.Contains(o.Modes, program.Mode(f.mode.name)):
		b.refusePart(f.mode, fmt.Sprintf("cell %q does not run as %q", f.cell.name, f.mode.name), problem.HintNearest(f.mode.name, modeNames(o)))
		return o, false
	case !slices.Contains(o.Modes, program.Mode(mode)):
		b.refusePart(f.cell, fmt.Sprintf("cell %q does not run as %q", f.cell.name, mode), fmt.Sprintf("add %s to its modes", mode))
		return o, false
	}
	return o, true
}

func modeNames(o program.Options) []string {
	var names []string
	for _, m := range o.Modes {
		names = append(names, string(m))
	}
	return names
}

// series makes a node of a metric of the cell that f names, in a mode, at a value of the sweep, whose options are o. It stands where n does.
func (b *binder) series(n *node, f *ref, o program.Options, s Series) *node {
	cell := f.cell.name
	timed := s.Metric != "exit" && s.Metric != "output"
	switch {
	case timed && o.Vary.Outcome:
		return b.refuse(f.cell.from, f.cell.to, fmt.Sprintf("the outcome of cell %q varies, so its %s is not measured", cell, s.says()), fmt.Sprintf("ask how it ends, as in share(%s.%s.exit == ok), or ask a cell without vary=outcome", cell, s.Point.Mode))
	case timed && o.Race:
		return b.refuse(f.cell.from, f.cell.to, fmt.Sprintf("cell %q is built with the race detector, which makes it many times slower: its %s is not measured", cell, s.says()), "ask a cell without race=true")
	case (s.Metric == "startup" || s.Metric == "overlap") && s.Point.Mode == program.Plain:
		return b.refuse(f.metric.from, f.metric.to, fmt.Sprintf("cell %q starts no workers, so it has no %s", cell, s.Metric), "ask a cell that uses package worker")
	case (s.Metric == "startup" || s.Metric == "overlap") && o.Language == program.Python:
		return b.refuse(f.metric.from, f.metric.to, fmt.Sprintf("nothing is known of the workers of cell %q, which is Python", cell), "ask for wall, user, system, cpu, memory or switches")
	}
	s.Program = f.program()
	return &node{op: opSeries, from: n.from, to: n.to, at: n.at, unit: s.Unit(), series: s}
}

// metric binds a metric of a cell.
func (b *binder) metric(n *node) *node {
	o, ok := b.point(n.ref, n.ref.mode.name)
	if !ok {
		return nil
	}
	value, ok := b.value(n, n.ref, o)
	if !ok {
		return nil
	}
	return b.series(n, n.ref, o, Series{Metric: n.ref.metric.name, Point: point(n.ref.mode.name, value)})
}

// value returns that of the sweep which n names, 0 where nothing is swept.
func (b *binder) value(n *node, f *ref, o program.Options) (value float64, ok bool) {
	switch {
	case o.Sweep == nil && f.index == nil:
		return 0, true
	case o.Sweep == nil:
		b.refuse(f.index.from, f.index.to, fmt.Sprintf("cell %q has no sweep", f.cell.name), "leave out what is in brackets")
		return 0, false
	case f.index == nil:
		b.refuse(n.from, n.to, fmt.Sprintf("cell %q is swept: which %s?", f.cell.name, o.Sweep.Name), fmt.Sprintf("write %s[%s], with one of %s", b.text[n.from:n.to], written(o.Sweep, o.Sweep.Values[0]), values(o.Sweep)))
		return 0, false
	}
	return b.swept(f.index, f, o)
}

// swept returns the value of the sweep that the constant n is.
func (b *binder) swept(n *node, f *ref, o program.Options) (value float64, ok bool) {
	unit, given := Number, n.constant()
	if o.Sweep.Time {
		unit = Time
	}
	if n.unit != unit {
		b.refuse(n.from, n.to, fmt.Sprintf("%s, and the sweep of cell %q is over %ss", n.unit.phrase(), f.cell.name, unit), "use one of "+values(o.Sweep))
		return 0, false
	}
	for _, v := range o.Sweep.Values {
		if math.Abs(v-given) <= 1e-9*v { // 0.1*ms may be off by the last bit
			return v, true
		}
	}
	b.refuse(n.from, n.to, fmt.Sprintf("the sweep of cell %q has no %s", f.cell.name, b.text[n.from:n.to]), "use one of "+values(o.Sweep))
	return 0, false
}

// written returns a value of a sweep as expressions have it.
func written(s *program.Sweep, value float64) string {
	if !s.Time {
		return s.Text(value)
	}
	for _, name := range []string{"s", "ms", "us"} {
		if number := value / units[name].number; number >= 1 {
			return strconv.FormatFloat(number, 'f', -1, 64) + "*" + name
		}
	}
	return strconv.FormatFloat(value, 'f', -1, 64) + "*ns"
}

func values(s *program.Sweep) string {
	var all []string
	for _, v := range s.Values {
		all = append(all, written(s, v))
	}
	return strings.Join(all, ", ")
}

// param binds a parameter: of a cell, or of those cells of the lesson that have it, which must agree.
func (b *binder) param(n *node) *node {
	f := n.ref
	name := f.param.name
	cells := []string{f.cell.name}
	if f.cell.name == "" {
		if !b.lesson(f.lesson) {
			return nil
		}
		cells = b.course.Cells(f.lesson.name)
	} else if _, ok := b.options(f); !ok {
		return nil
	}
	var names []string
	first, text := "", ""
	for _, cell := range cells {
		o, _ := b.course.Options(f.lesson.name + "/" + cell)
		for name := range o.Params {
			names = append(names, name)
		}
		given, ok := o.Params[name]
		switch {
		case o.Sweep != nil && o.Sweep.Name == name:
			return b.refuse(f.param.from, f.param.to, fmt.Sprintf("%s of cell %q is swept, over %s: it has no one value", name, cell, values(o.Sweep)), "write the value that you mean")
		case !ok:
		case first == "":
			first, text = cell, given
		case given != text:
			return b.refuse(f.param.from, f.param.to, fmt.Sprintf("%s is %s in cell %q and %s in cell %q", name, text, first, given, cell), fmt.Sprintf("name the cell: %s.param.%s", first, name))
		}
	}
	if first == "" {
		slices.Sort(names)
		hint := "parameters are set by a cell: params={" + name + "=4}"
		if names = slices.Compact(names); len(names) > 0 {
			hint = problem.HintNearest(name, names)
		}
		return b.refuse(f.param.from, f.param.to, fmt.Sprintf("no cell has a parameter %q", name), hint)
	}
	bound := &node{op: opNumber, from: n.from, to: n.to, at: n.at}
	var err error
	if bound.number, err = strconv.ParseFloat(text, 64); err == nil {
		bound.unit = Number
		return bound
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return b.refuse(f.param.from, f.param.to, fmt.Sprintf("%s is %s, which is neither a number nor a time", name, text), "")
	}
	bound.unit, bound.number = Time, float64(d)
	return bound
}
