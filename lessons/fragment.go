package lessons

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// fragment is a snippet of Go as a list of declarations, with what each of them uses.
type fragment struct {
	code       *code
	number     int  // its place among the fragments of the lesson
	standalone bool // begins with package main, or has errors of syntax: it neither takes nor lends
	headless   bool // standalone, without package main
	hasMain    bool
	file       *ast.File
	shift      int                // what was put in front of the source to parse it
	byName     map[string]*unit   // top-level names, methods and main left out
	methods    map[string][]*unit // by the name of their type
	imports    []imported         // stated in the fragment
	uses       []use              // of the whole fragment, by offset
	reads      []parameter        // of the whole fragment
}

// unit is what travels as one: a declaration, or a part of a parenthesized one that stands by itself.
type unit struct {
	owner    *fragment
	from, to int    // offsets of its text in the fragment's source
	keyword  string // "var", "const" or "type" of a part of a parenthesized declaration
	method   string // its name, if it is a method
	names    []string
}

// use is a name that no declaration around it explains.
type use struct {
	name     string
	selected string // b of a.b
	offset   int
}

// imported is a stated import.
type imported struct {
	name, path string // the name by which it is used
	from, to   int    // offsets of its text
}

// filePrefix ends its line, for a comment that begins the cell is the doc comment of what follows.
const filePrefix = "package main\n"

// parseFragment reads the source of c. What is wrong is reported, and then there is no fragment; a source
// with errors of syntax alone is reported unless tolerant, and yields a standalone one.
func (l *Lesson) parseFragment(c *code, tolerant bool) *fragment {
	first, ok := l.inspectTokens(c)
	if !ok {
		return nil
	}
	f := &fragment{code: c, standalone: first == token.PACKAGE, byName: make(map[string]*unit), methods: make(map[string][]*unit)}
	source := c.source
	if !f.standalone {
		source, f.shift = filePrefix+source, len(filePrefix)
	}
	fset := token.NewFileSet()
	var err error
	f.file, err = parser.ParseFile(fset, c.name, source, parser.ParseComments)
	if f.file != nil && !l.checkImports(f) {
		return nil
	}
	if err != nil {
		if !tolerant {
			l.syntaxError(c, err, f.shift)
			return nil
		}
		f.standalone, f.headless = true, !f.standalone
		return f
	}
	if f.standalone && f.file.Name.Name != "main" {
		at := c.offset(int(f.file.Name.Pos()) - 1)
		l.failAt(c, at, len(f.file.Name.Name), "a cell belongs to package main", "write package main, or leave the line out")
		return nil
	}
	f.collect()
	return f
}

// syntaxError reports the first error of Go's parser; those that follow are mostly its consequences.
func (l *Lesson) syntaxError(c *code, err error, shift int) {
	errs, ok := err.(scanner.ErrorList) //nolint:errorlint // what go/parser documents to return
	if !ok || len(errs) == 0 {
		l.failAt(c, c.fence, 0, err.Error(), "")
		return
	}
	hint := ""
	if strings.HasPrefix(errs[0].Msg, "expected declaration") || strings.HasPrefix(errs[0].Msg, "imports must appear before") {
		hint = "a cell is made of declarations: put statements into func main() { … }"
		if strings.HasPrefix(errs[0].Msg, "imports") {
			hint = "put imports first"
		}
	}
	l.failAt(c, c.offset(errs[0].Pos.Offset-shift), 0, excerpt(firstLine(errs[0].Msg)), hint) // it may quote a literal of many lines
}

// inspectTokens refuses the comments that would steer the compiler, and returns the first token.
func (l *Lesson) inspectTokens(c *code) (first token.Token, ok bool) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", 1, len(c.source))
	s.Init(file, []byte(c.source), func(token.Position, string) {}, scanner.ScanComments)
	first, ok = token.EOF, true
	for {
		pos, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return first, ok
		case tok != token.COMMENT:
			if first == token.EOF {
				first = tok
			}
			continue
		}
		if name := directive(text); name != "" {
			ok = false
			l.failAt(c, c.offset(file.Offset(pos)), len(name), name+" is not allowed in a cell", "remove it")
		}
	}
}

// directive returns the directive that a comment is, if it is one that a cell may not hold.
func directive(comment string) string {
	for _, d := range []string{"//line", "/*line", "//go:embed", "//go:linkname", "//go:build", "// +build", "//go:cgo_", "//export"} {
		rest, ok := strings.CutPrefix(comment, d)
		if ok && (rest == "" || strings.ContainsRune(" \t\r\n", rune(rest[0])) || strings.HasSuffix(d, "_")) {
			return d
		}
	}
	return ""
}

// checkImports reads the stated imports, and refuses those that a cell cannot have.
func (l *Lesson) checkImports(f *fragment) bool {
	ok := true
	refuse := func(n ast.Node, message, hint string) {
		ok = false
		l.failAt(f.code, f.code.offset(f.offset(n.Pos())), int(n.End()-n.Pos()), message, hint)
	}
	for _, spec := range f.file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser reports it
		}
		name, known := l.packages().name(path)
		switch {
		case path == "C":
			refuse(spec.Path, `import "C" is not allowed in a cell`, "")
		case !known && !f.standalone && stdlibName(path):
			refuse(spec.Path, fmt.Sprintf("package %q cannot be imported", path), "it is internal to the standard library")
		case !known:
			refuse(spec.Path, fmt.Sprintf("package %q cannot be imported", path), "cells have the standard library, "+workerPath+" and the modules that course.yaml requires")
		case spec.Name != nil && spec.Name.Name == ".":
			refuse(spec.Name, "a dot import is not allowed in a cell", "it would hide where names come from")
		default:
			if spec.Name != nil {
				name = spec.Name.Name
			}
			f.imports = append(f.imports, imported{name, path, f.offset(spec.Pos()), f.offset(spec.End())})
		}
	}
	return ok
}

// stdlibName reports whether path looks like one of the standard library, which have no dot in front.
func stdlibName(path string) bool {
	return strings.Contains("/"+path+"/", "/internal/") || strings.HasPrefix(path, "vendor/")
}

// offset returns where pos is in the source as it stands in the lesson.
func (f *fragment) offset(pos token.Pos) int {
	return int(pos-f.file.FileStart) - f.shift
}

// collect finds the units of the fragment and the names that they use.
func (f *fragment) collect() {
	for _, d := range f.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			f.function(d)
		case *ast.GenDecl:
			if d.Tok != token.IMPORT {
				f.general(d)
			}
		}
	}
	f.reads = f.parameters()
	bases := make(map[*ast.Ident]string)
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				bases[id] = n.Sel.Name
			}
		case *ast.Ident:
			if n.Obj != nil && n.Obj == f.file.Scope.Lookup(n.Name) {
				f.uses = append(f.uses, use{n.Name, "", f.offset(n.Pos())})
			}
		case *ast.CompositeLit:
			f.keys(n)
		}
		return true
	})
	for _, id := range f.file.Unresolved {
		f.uses = append(f.uses, use{id.Name, bases[id], f.offset(id.Pos())})
	}
	slices.SortFunc(f.uses, func(a, b use) int { return a.offset - b.offset })
}

// keys adds the names that are keys of a composite literal: go/parser leaves them alone, for whether they
// are the literal's fields or constants from elsewhere takes types to know. Of a struct that the fragment
// declares it is known; else a name too many costs no more than a declaration too many.
func (f *fragment) keys(lit *ast.CompositeLit) {
	switch t := lit.Type.(type) {
	case *ast.StructType, *ast.SelectorExpr:
		return
	case *ast.Ident:
		if t.Obj != nil {
			if spec, ok := t.Obj.Decl.(*ast.TypeSpec); ok {
				if _, ok := spec.Type.(*ast.StructType); ok {
					return
				}
			}
		}
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Obj == nil {
				f.uses = append(f.uses, use{id.Name, "", f.offset(id.Pos())})
			}
		}
	}
}

func (f *fragment) add(u *unit, names ...*ast.Ident) {
	u.owner = f
	for _, id := range names {
		if id.Name != "_" {
			u.names = append(u.names, id.Name)
			f.byName[id.Name] = u
		}
	}
}

func (f *fragment) function(d *ast.FuncDecl) {
	u := &unit{from: f.offset(d.Pos()), to: f.offset(d.End())}
	if d.Doc != nil {
		for _, c := range d.Doc.List { // such as //go:noinline
			if strings.HasPrefix(c.Text, "//go:") {
				u.from = f.offset(d.Doc.Pos())
			}
		}
	}
	switch {
	case d.Recv != nil:
		if name := receiver(d.Recv); name != "" {
			u.method = d.Name.Name
			f.add(u)
			f.methods[name] = append(f.methods[name], u)
		}
	case d.Name.Name == "main":
		f.hasMain = true
	case d.Name.Name != "init":
		f.add(u, d.Name)
	}
}

// receiver returns the name of the type that a method belongs to.
func receiver(recv *ast.FieldList) string {
	if len(recv.List) != 1 {
		return ""
	}
	t := recv.List[0].Type
	for {
		switch e := t.(type) {
		case *ast.StarExpr:
			t = e.X
		case *ast.ParenExpr:
			t = e.X
		case *ast.IndexExpr:
			t = e.X
		case *ast.IndexListExpr:
			t = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}

// general adds the parts of a var, const or type declaration. Constants that take their value from those
// above, or from their place, travel with all of their group.
func (f *fragment) general(d *ast.GenDecl) {
	whole := &unit{from: f.offset(d.Pos()), to: f.offset(d.End())}
	if !d.Lparen.IsValid() || d.Tok == token.CONST && placed(d) {
		var names []*ast.Ident
		for _, spec := range d.Specs {
			names = append(names, specNames(spec)...)
		}
		f.add(whole, names...)
		return
	}
	for _, spec := range d.Specs {
		f.add(&unit{from: f.offset(spec.Pos()), to: f.offset(spec.End()), keyword: d.Tok.String()}, specNames(spec)...)
	}
}

func specNames(spec ast.Spec) []*ast.Ident {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		return s.Names
	case *ast.TypeSpec:
		return []*ast.Ident{s.Name}
	}
	return nil
}

// placed reports whether a constant of the group repeats the one above it, or uses iota.
func placed(d *ast.GenDecl) bool {
	found := false
	for _, spec := range d.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) == 0 {
			return true
		}
		ast.Inspect(spec, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "iota" {
				found = true
			}
			return !found
		})
	}
	return found
}

// usesOf returns what the unit uses.
func (f *fragment) usesOf(u *unit) []use {
	from, _ := slices.BinarySearchFunc(f.uses, u.from, func(a use, offset int) int { return a.offset - offset })
	to, _ := slices.BinarySearchFunc(f.uses, u.to, func(a use, offset int) int { return a.offset - offset })
	return f.uses[from:to]
}
