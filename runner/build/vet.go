package build

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"reflect"
	"runtime"

	"course/problem"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/appends"
	"golang.org/x/tools/go/analysis/passes/assign"
	"golang.org/x/tools/go/analysis/passes/atomic"
	"golang.org/x/tools/go/analysis/passes/bools"
	"golang.org/x/tools/go/analysis/passes/composite"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/defers"
	"golang.org/x/tools/go/analysis/passes/errorsas"
	"golang.org/x/tools/go/analysis/passes/hostport"
	"golang.org/x/tools/go/analysis/passes/httpresponse"
	"golang.org/x/tools/go/analysis/passes/ifaceassert"
	"golang.org/x/tools/go/analysis/passes/lostcancel"
	"golang.org/x/tools/go/analysis/passes/nilfunc"
	"golang.org/x/tools/go/analysis/passes/printf"
	"golang.org/x/tools/go/analysis/passes/shift"
	"golang.org/x/tools/go/analysis/passes/sigchanyzer"
	"golang.org/x/tools/go/analysis/passes/slog"
	"golang.org/x/tools/go/analysis/passes/stdmethods"
	"golang.org/x/tools/go/analysis/passes/stringintconv"
	"golang.org/x/tools/go/analysis/passes/structtag"
	"golang.org/x/tools/go/analysis/passes/timeformat"
	"golang.org/x/tools/go/analysis/passes/unmarshal"
	"golang.org/x/tools/go/analysis/passes/unreachable"
	"golang.org/x/tools/go/analysis/passes/unsafeptr"
	"golang.org/x/tools/go/analysis/passes/unusedresult"
	"golang.org/x/tools/go/analysis/passes/waitgroup"
)

// analyzers returns those of go vet that can find something in one file of package main.
func analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		appends.Analyzer, assign.Analyzer, atomic.Analyzer, bools.Analyzer, composite.Analyzer, copylock.Analyzer,
		defers.Analyzer, errorsas.Analyzer, hostport.Analyzer, httpresponse.Analyzer, ifaceassert.Analyzer,
		lostcancel.Analyzer, nilfunc.Analyzer, printf.Analyzer, shift.Analyzer, sigchanyzer.Analyzer, slog.Analyzer,
		stdmethods.Analyzer, stringintconv.Analyzer, structtag.Analyzer, timeformat.Analyzer, unmarshal.Analyzer,
		unreachable.Analyzer, unsafeptr.Analyzer, unusedresult.Analyzer, waitgroup.Analyzer,
	}
}

// A vetter does what go vet does, in this process, for programs that compile. It keeps the packages
// that it read, and is not safe for concurrent use.
type vetter struct {
	fset     *token.FileSet
	importer types.Importer
	language string
}

func newVetter(i *imports) *vetter {
	fset := token.NewFileSet()
	return &vetter{fset: fset, importer: importer.ForCompiler(fset, "gc", i.open), language: i.toolchain.language()}
}

// A vetted is what was found by reading a program.
type vetted struct {
	found problem.List // by the analyzers
	spell bool         // a constant may be taken for the path of a merged program: see spells
}

// vet reads text. What it cannot read it does not judge.
func (v *vetter) vet(text string) vetted {
	unread := vetted{spell: true}
	file, err := parser.ParseFile(v.fset, sourceFile, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return unread
	}
	sizes := types.SizesFor("gc", runtime.GOARCH)
	config := types.Config{Importer: v.importer, Sizes: sizes, GoVersion: v.language}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	pkg, err := config.Check("main", v.fset, []*ast.File{file}, info)
	if err != nil {
		return unread
	}
	a := &analyses{
		template: analysis.Pass{Fset: v.fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info, TypesSizes: sizes},
		results:  make(map[*analysis.Analyzer]any), facts: make(map[fact]analysis.Fact),
	}
	for _, analyzer := range analyzers() {
		a.run(analyzer)
	}
	a.found.Sort()
	return vetted{a.found, spells(file, info)}
}

// analyses are the runs of several analyzers over one package. Facts about what it imports are not
// known: analyzers then judge by what they know of the standard library.
type analyses struct {
	template analysis.Pass
	results  map[*analysis.Analyzer]any
	facts    map[fact]analysis.Fact
	found    problem.List
}

// A fact is told of an object, or of a package, whose object is nil; one of each type.
type fact struct {
	object types.Object
	kind   reflect.Type
}

// run runs an analyzer after those that it requires, each once. One that fails found nothing.
func (a *analyses) run(analyzer *analysis.Analyzer) {
	if _, done := a.results[analyzer]; done {
		return
	}
	pass := a.template
	pass.Analyzer, pass.ResultOf = analyzer, make(map[*analysis.Analyzer]any)
	for _, required := range analyzer.Requires {
		a.run(required)
		pass.ResultOf[required] = a.results[required]
	}
	pass.Report = a.report
	pass.ReadFile = func(string) ([]byte, error) { return nil, fs.ErrNotExist }
	pass.ImportObjectFact = func(o types.Object, f analysis.Fact) bool { return a.recall(o, f) }
	pass.ExportObjectFact = func(o types.Object, f analysis.Fact) { a.facts[fact{o, reflect.TypeOf(f)}] = f }
	pass.ImportPackageFact = func(p *types.Package, f analysis.Fact) bool { return p == pass.Pkg && a.recall(nil, f) }
	pass.ExportPackageFact = func(f analysis.Fact) { a.facts[fact{nil, reflect.TypeOf(f)}] = f }
	pass.AllObjectFacts = func() []analysis.ObjectFact { return nil }
	pass.AllPackageFacts = func() []analysis.PackageFact { return nil }
	result, err := analyzer.Run(&pass)
	if err != nil && analyzer.ResultType != nil {
		result = reflect.Zero(analyzer.ResultType).Interface()
	}
	a.results[analyzer] = result
}

// recall copies what was told of o into f.
func (a *analyses) recall(o types.Object, f analysis.Fact) bool {
	known, ok := a.facts[fact{o, reflect.TypeOf(f)}]
	if ok {
		reflect.ValueOf(f).Elem().Set(reflect.ValueOf(known).Elem())
	}
	return ok
}

func (a *analyses) report(d analysis.Diagnostic) {
	at := a.template.Fset.Position(d.Pos)
	p := problem.Problem{
		Position: problem.Position{File: at.Filename, Line: at.Line, Column: at.Column},
		Message:  "vet: " + d.Message,
	}
	if end := a.template.Fset.Position(d.End); d.End.IsValid() && end.Line == at.Line {
		p.Length = end.Column - at.Column
	}
	a.found = append(a.found, p)
}
