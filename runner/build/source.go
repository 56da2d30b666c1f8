package build

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"course/problem"
)

// sourceFile is the name under which a program is compiled; its line directives name the cell.
const sourceFile = "cell.go"

// A source is a program's Go file, as far as it can be read.
type source struct {
	text      string
	imports   []string
	workers   []string // the functions and methods that package worker may have to find by name
	broken    bool     // it cannot be parsed; the compiler says why
	directive string   // that only the go command carries out; empty where there is none
	apart     bool     // it is not to share a binary with others
	foreign   problem.List
}

// readSource reads text. What it cannot read it leaves to the compiler, whose words authors know.
func readSource(text string) source {
	s := source{text: text}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, sourceFile, text, parser.SkipObjectResolution)
	s.broken = err != nil
	if file == nil {
		return s
	}
	s.apart, s.directive = apart(file, text), directive.FindString(text)
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		s.imports = append(s.imports, p)
		if internal(p) { // the go command checks this, the compiler does not
			at := fset.Position(spec.Path.Pos())
			s.foreign = append(s.foreign, problem.Problem{
				Position: problem.Position{File: at.Filename, Line: at.Line, Column: at.Column},
				Length:   len(spec.Path.Value), Message: "use of internal package " + p + " not allowed",
			})
		}
	}
	types := plainTypes(file)
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if startable(f) {
			s.workers = append(s.workers, f.Name.Name)
		} else if t := runner(f); types[t] {
			s.workers = append(s.workers, "(*"+t+").Run")
		}
	}
	return s
}

// usesWorker reports whether the program imports package worker.
func (s source) usesWorker() bool { return slices.Contains(s.imports, WorkerPath) }

// startable reports whether package worker can start f: a function, not generic, of one argument
// that returns nothing, a value, or a value and an error.
func startable(f *ast.FuncDecl) bool {
	name, t := f.Name.Name, f.Type
	if f.Recv != nil || f.Body == nil || t.TypeParams != nil || name == "main" || name == "init" || name == "_" || t.Params.NumFields() != 1 {
		return false
	}
	if _, variadic := t.Params.List[0].Type.(*ast.Ellipsis); variadic {
		return false
	}
	switch t.Results.NumFields() {
	case 0, 1:
		return true
	case 2:
		last, ok := t.Results.List[len(t.Results.List)-1].Type.(*ast.Ident)
		return ok && last.Name == "error"
	}
	return false
}

// plainTypes returns the types that file declares at top level, but for generic ones and aliases.
func plainTypes(file *ast.File) map[string]bool {
	types := make(map[string]bool)
	for _, decl := range file.Decls {
		d, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range d.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok && t.TypeParams == nil && !t.Assign.IsValid() {
				types[t.Name.Name] = true
			}
		}
	}
	return types
}

// runner returns the type of which f is the method Run that worker.StartRunner calls, or "".
func runner(f *ast.FuncDecl) string {
	t := f.Type
	if f.Name.Name != "Run" || f.Recv.NumFields() != 1 || f.Body == nil || t.Params.NumFields() > 0 || t.Results.NumFields() > 0 {
		return ""
	}
	receiver := f.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if name, ok := receiver.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// registration is the file that is given to the compiler last, so that its init runs last: in a child
// process the package's variables and the cell's own inits are done by then, and main never runs.
func (s source) registration() string {
	name := "worker"
	for strings.Contains(s.text, name) { // no identifier of the program may hide it, or be hidden
		name += "_"
	}
	return fmt.Sprintf("package main\n\nimport %s %q\n\nfunc init() {\n\t%[1]s.Register(%[3]s)\n\t%[1]s.Main()\n}\n",
		name, WorkerPath, strings.Join(s.workers, ", "))
}
