package lessons

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"course/problem"
)

// What the compiler says of a name that it does not know, and of one that is no package (types2, "undefined").
var (
	undefinedName     = regexp.MustCompile(`^undefined: (\w+)$`)
	undefinedSelector = regexp.MustCompile(`^(\w+)\.(\w+) undefined \(type `)
)

// explain returns a hint for an error of the compiler, found in the snippet where, of the program of own: that a
// name is declared below, or that it is no package here. It returns "" for any other.
func (l *Lesson) explain(own, where *code, message string) string {
	if f := l.parsed[own]; f == nil || f.standalone { // it takes nothing from other cells
		return ""
	}
	if m := undefinedName.FindStringSubmatch(message); m != nil {
		for _, f := range l.lenders {
			if at, _ := f.declaration(m[1]); at.Line > 0 && f.code.fence.Compare(own.fence) > 0 {
				return fmt.Sprintf("%s is declared below, in cell %s: a cell can use what stands above it", m[1], f.place(at))
			}
		}
		return ""
	}
	m := undefinedSelector.FindStringSubmatch(message)
	if m == nil || l.packages().path(m[1], nil) == "" || !l.selects(where, m[1], m[2]) {
		return ""
	}
	for _, f := range slices.Backward(l.lenders) {
		if at, kind := f.declaration(m[1]); at.Line > 0 && f.code.fence.Compare(where.fence) < 0 {
			return fmt.Sprintf("%s is the %s of cell %s here, not the package", m[1], kind, f.place(at))
		}
	}
	return ""
}

// selects reports whether the snippet selects from a name that it does not declare itself.
func (l *Lesson) selects(c *code, name, selected string) bool {
	f := l.parsed[c]
	return f != nil && f.byName[name] == nil && slices.ContainsFunc(f.uses, func(u use) bool { return u.name == name && u.selected == selected })
}

// place names the fragment's cell and a line of the lesson.
func (f *fragment) place(at problem.Position) string {
	return fmt.Sprintf("%s (%s:%d)", strings.TrimSuffix(f.code.name, ".cell"), at.File, at.Line)
}

// declaration returns where the fragment declares a name for those below, and as what; line 0 if it does not.
func (f *fragment) declaration(name string) (at problem.Position, kind string) {
	if f.byName[name] == nil {
		return at, ""
	}
	for _, d := range f.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == name {
				return f.code.offset(f.offset(d.Name.Pos())), "function"
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				for _, id := range specNames(spec) {
					if id.Name == name {
						return f.code.offset(f.offset(id.Pos())), kinds[d.Tok]
					}
				}
			}
		}
	}
	return at, ""
}

var kinds = map[token.Token]string{token.VAR: "variable", token.CONST: "constant", token.TYPE: "type"}
