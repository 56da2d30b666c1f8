package lessons

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strconv"

	"course/program"
)

const (
	maxParams = 20
	minValues = 2 // of a sweep: one is none
	maxValues = 20
)

// numberForms says what the value of a parameter looks like: program.Parameter.
const numberForms = "write it as in 4, 0.5 or 10ms, not as in 0x10 or 1e3"

// params reads the parameters of a cell that are the same in all runs.
func (r *optionReader) params(a attribute) {
	if a.value.shape != pairs || len(a.value.items) == 0 {
		r.report(a.value.offset, max(a.value.length, 1), "params takes names and values", "write params={nap=10ms}")
		return
	}
	if len(a.value.items) > maxParams {
		r.report(a.offset, a.length, fmt.Sprintf("more than %d parameters", maxParams), "leave some to their defaults")
		return
	}
	for _, it := range a.value.items {
		_, _, ok := program.Parameter(it.text)
		_, again := r.cell.Options.Params[it.key]
		switch {
		case again:
			r.report(it.offset, it.length, it.key+" is given twice", "remove one")
		case !r.parameterName(it.key, it):
		case !ok:
			r.report(it.offset, it.length, fmt.Sprintf("%q is no number and no time", it.text), numberForms)
		default:
			if r.cell.Options.Params == nil {
				r.cell.Options.Params = make(map[string]string)
			}
			r.cell.Options.Params[it.key] = it.text
		}
	}
}

// sweep reads the one parameter that takes several values.
func (r *optionReader) sweep(a attribute) {
	r.cell.Options.Measure = true
	items := a.value.items
	if a.value.shape != pairs || len(items) == 0 {
		r.report(a.value.offset, max(a.value.length, 1), "sweep takes a name and its values", "write sweep={workers=[1,2,4,8]}")
		return
	}
	name := items[0].key
	if other := slices.IndexFunc(items, func(it item) bool { return it.key != name }); other >= 0 {
		r.report(items[other].offset, items[other].length, "a sweep over two parameters", "one takes several values: give the other one with params")
		return
	}
	if !r.parameterName(name, items[0]) {
		return
	}
	s, wrong := &program.Sweep{Name: name}, false
	refuse := func(it item, message, hint string) {
		r.report(it.offset, it.length, message, hint)
		wrong = true
	}
	for _, it := range items {
		value, isTime, ok := program.Parameter(it.text)
		switch {
		case !ok || value <= 0:
			refuse(it, fmt.Sprintf("%q is no number and no time above 0", it.text), numberForms)
		case len(s.Values) > 0 && isTime != s.Time:
			refuse(it, "numbers and times in one sweep", "write all of them as in 4, or as in 10ms")
		case slices.Contains(s.Values, value):
			refuse(it, it.text+" is given twice", "remove one")
		default:
			s.Time = isTime
			s.Values = append(s.Values, value)
		}
	}
	if wrong {
		return
	}
	if n := len(s.Values); n < minValues || n > maxValues {
		r.report(a.value.offset, a.value.length, fmt.Sprintf("a sweep over %d values", n), fmt.Sprintf("give it %d to %d; one alone is given with params", minValues, maxValues))
		return
	}
	slices.Sort(s.Values)
	r.cell.Options.Sweep = s
}

// parameterName reports what is no name of a parameter, which it is at it.
func (r *optionReader) parameterName(name string, it item) bool {
	if isID(name) {
		return true
	}
	r.report(it.offset, max(it.length, 1), fmt.Sprintf("%q is no name of a parameter", name), "it is a lower-case letter, then lower-case letters, digits and _")
	return false
}

// finishParameters refuses a parameter that is given twice, or is none of those that the program reads; how says how to.
func (r *optionReader) finishParameters(read []string, how func(name string) string) {
	o := &r.cell.Options
	if s := o.Sweep; s != nil {
		if _, fixed := o.Params[s.Name]; fixed {
			r.reportParameter("params", s.Name, s.Name+" is the parameter of the sweep", "leave it out here")
		}
		if !slices.Contains(read, s.Name) {
			r.reportParameter("sweep", s.Name, fmt.Sprintf("the cell does not read a parameter %q", s.Name), how(s.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Params)) {
		if swept := o.Sweep != nil && o.Sweep.Name == name; !swept && !slices.Contains(read, name) {
			r.reportParameter("params", name, fmt.Sprintf("the cell does not read a parameter %q", name), how(name))
		}
	}
}

// reportParameter reports what is wrong with a parameter where the option names it.
func (r *optionReader) reportParameter(option, name, message, hint string) {
	items := r.given[option].value.items
	it := items[slices.IndexFunc(items, func(it item) bool { return it.key == name })]
	r.report(it.keyAt, len(name), message, hint)
}

// readsParameter is the name of the function of package worker that reads a parameter.
const readsParameter = "Param"

// parameter is a name that worker.Param is called with.
type parameter struct {
	name   string
	offset int
}

// parameters finds the calls of worker.Param with a name that is written out there.
func (f *fragment) parameters() []parameter {
	pkg := "worker"
	for _, i := range f.imports {
		if i.path == workerPath {
			pkg = i.name
		}
	}
	var all []parameter
	ast.Inspect(f.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		callee := call.Fun
		if instance, ok := callee.(*ast.IndexExpr); ok { // Param[int]
			callee = instance.X
		}
		selector, ok := callee.(*ast.SelectorExpr)
		if !ok || selector.Sel.Name != readsParameter {
			return true
		}
		literal, ok := call.Args[0].(*ast.BasicLit)
		if id, isID := selector.X.(*ast.Ident); ok && isID && id.Name == pkg {
			if name, err := strconv.Unquote(literal.Value); err == nil {
				all = append(all, parameter{name, f.offset(call.Pos())})
			}
		}
		return true
	})
	return all
}
