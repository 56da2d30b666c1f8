package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"course/program"
)

// Linking is most of what a build takes, and most programs of a course import the same packages. So such programs are
// compiled as packages of their own and linked once, to a binary that is the program of none of them: image.go makes of
// it that of each.
//
// A package's name is main; its import path is as long as that and sorts right before it, so that putting main in its
// place leaves all where and in the order in which the linker put it (reflect looks types up by name).
const (
	mergedPrefix   = "mai"
	mergedSuffixes = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	mostMerged     = len(mergedSuffixes)
)

// mergedPath is the import path of the program of that number in a merged binary.
func mergedPath(number int) string { return mergedPrefix + mergedSuffixes[number:number+1] }

// likeMerged finds what would be taken for such a path in a program's own text.
var likeMerged = regexp.MustCompile(mergedPrefix + "[0-9A-Z]")

// CanMerge says whether several programs may share a binary: whether image.go knows the binaries of this system.
const CanMerge = runtime.GOOS == "linux" && (runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64")

// mergeable reports whether p may share a binary: its times count for nothing, and so does what else is linked in.
func mergeable(p program.Program, s source) bool {
	o := p.Options
	return CanMerge && len(o.Modes) > 0 && !o.Measure && !o.Race && !o.ExpectsNotCompiled() && !s.broken && !s.apart && s.directive == "" && len(s.foreign) == 0
}

// importSet is what programs have in common that may be merged: what is linked, and initialised before them, is the same.
func (s source) importSet() string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(s.imports))), "\n")
}

// tellers are what a program calls to learn how it was built, by import path; empty: all of the package. What they say of
// a merged program is the same, but nobody should have to rely on that where somebody looks.
var tellers = map[string][]string{
	"runtime":       {"Caller", "Callers", "CallersFrames", "FuncForPC", "Stack"},
	"runtime/debug": {"Stack", "PrintStack"},
	"runtime/pprof": {}, "plugin": {}, "unsafe": {},
}

// apart reports whether a program is to have a binary of its own: it looks at how it was built, or its package
// initialisation can have an effect.
func apart(file *ast.File, text string) bool {
	return likeMerged.MatchString(text) || spells(file, nil) || looksAtBuild(file) || hasEffects(file)
}

// spells reports whether a string or bytes that the compiler makes of what the file says would be taken for the path of a merged program: one
// that is written with escapes, and where info has the values of constants one that is put together, "ma" + "i0".
func spells(file *ast.File, info *types.Info) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING { // a tag has no value in info
			text, _ := strconv.Unquote(literal.Value)
			found = found || likeMerged.MatchString(text)
		}
		if e, ok := n.(ast.Expr); ok && info != nil {
			found = found || likeMerged.MatchString(spelt(e, info))
		}
		return !found
	})
	return found
}

// spelt returns the constant string that e is, or the bytes that it lists.
func spelt(e ast.Expr, info *types.Info) string {
	if v := info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	list, _ := e.(*ast.CompositeLit)
	if list == nil {
		return ""
	}
	var text []byte
	for _, element := range list.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			element = pair.Value
		}
		v := info.Types[element].Value
		if v == nil || v.Kind() != constant.Int {
			return ""
		}
		n, _ := constant.Uint64Val(v)
		text = append(text, byte(n))
	}
	return string(text)
}

func looksAtBuild(file *ast.File) bool {
	names := make(map[string][]string) // of tellers, by what the file calls their package
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		calls, tells := tellers[path]
		if !tells {
			continue
		}
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if len(calls) == 0 || name == "." {
			return true
		}
		names[name] = calls
	}
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			of, _ := selector.X.(*ast.Ident)
			found = found || selector.Sel.Name == "PkgPath" || of != nil && slices.Contains(names[of.Name], selector.Sel.Name)
		}
		return !found
	})
	return found
}

// hasEffects reports whether package initialisation can do more than give variables their first values: it calls a
// function, or receives.
func hasEffects(file *ast.File) bool {
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				return true
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR && slices.ContainsFunc(v.Values, doesMore) {
					return true
				}
			}
		}
	}
	return false
}

// doesMore reports whether to evaluate e can do more than give a value. It errs towards yes: a conversion looks like a call.
func doesMore(e ast.Expr) (more bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // it is not called here
		case *ast.UnaryExpr:
			more = more || n.Op == token.ARROW
		case *ast.CallExpr:
			name, _ := n.Fun.(*ast.Ident)
			more = more || name == nil || name.Name != "make" && name.Name != "new"
		}
		return !more
	})
	return more
}

// A Merge makes one binary for the programs of a group.
type Merge struct {
	plan    *Plan
	members []merging
	left    atomic.Int64 // members that are not compiled yet
}

// A merging is one of them.
type merging struct {
	build  Build
	object string // its file; empty where it does not compile
	alone  bool   // it could not be compiled: it is to be built by itself
}

// Merged is what came of a program of a group.
type Merged struct {
	Build
	Alone bool // it could not be built with the others, and is to be built by itself: Build has nothing but the program
}

// NewMerge returns a Merge for n programs, each of which is to be compiled.
func (p *Plan) NewMerge(n int) *Merge {
	m := &Merge{plan: p, members: make([]merging, n)}
	m.left.Store(int64(n))
	return m
}

// Compile compiles the program of that number, from 0 on, in the group. Several may be compiled at once, each with a builder of its own. It reports
// whether it was the last of them: then they can be linked. An error is ctx's cause, or the system's.
func (m *Merge) Compile(ctx context.Context, by *Builder, number int, p program.Program) (last bool, err error) {
	dir, err := m.plan.directory()
	if err != nil {
		return false, err
	}
	member, b := &m.members[number], by.bench(p)
	member.build, err = b.bounds.build(ctx, p, func(ctx context.Context) (done Build, err error) {
		done, member.object, err = b.prepare(ctx, p, m.plan.source(p), dir, mergedPath(number))
		if err == nil && member.object != "" {
			read := b.vetter.vet(p.Source)
			if done.Vet = read.found; read.spell {
				member.object, err = "", errMerge
			}
		}
		return done, err
	})
	if err != nil && ctx.Err() != nil {
		return false, err
	}
	member.alone = err != nil // why may be another one there, or the same
	if member.alone {
		member.build = Build{Program: p}
	}
	member.build.dir = dir
	if len(member.build.Problems) > 0 {
		member.object = ""
	}
	return m.left.Add(-1) == 0, nil
}

// Link links what was compiled, and returns what came of each program, by number. Where that fails, for
// a reason of one of them or of ours, each is to be built by itself. An error is ctx's cause, or the system's.
func (m *Merge) Link(ctx context.Context, by *Builder) ([]Merged, error) {
	image, err := m.image(ctx, by)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil && !errors.Is(err, errMerge) {
		return nil, err
	}
	all := make([]Merged, len(m.members))
	for number, member := range m.members {
		if member.object != "" && !member.alone {
			if err := os.Remove(member.object); err != nil {
				return nil, fmt.Errorf("remove object file: %w", err)
			}
		}
		if member.alone || member.object != "" && image == nil {
			member.build.Remove()
			all[number] = Merged{Build: Build{Program: member.build.Program}, Alone: true}
			continue
		}
		if member.object != "" {
			member.build.image, member.build.number = image, number
			member.build.Path = filepath.Join(member.build.dir, binaryFile)
		}
		all[number].Build = member.build
	}
	return all, nil
}

// errMerge is that programs cannot be linked together.
var errMerge = errors.New("link programs together")

// image links the programs that were compiled; nil where there are none.
func (m *Merge) image(ctx context.Context, by *Builder) (*image, error) {
	dir, err := m.plan.directory()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var numbers []int
	var initialised []bool
	var config strings.Builder
	var one program.Program
	for number, member := range m.members {
		if member.object == "" {
			continue
		}
		one = member.build.Program
		path := mergedPath(number)
		has, err := hasTask(member.object, path)
		if err != nil {
			return nil, fmt.Errorf("read object file: %w", err)
		}
		numbers, initialised = append(numbers, number), append(initialised, has)
		fmt.Fprintf(&config, "packagefile %s=%s\n", path, member.object)
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	return by.bench(one).linkMerged(ctx, dir, config.String(), numbers, initialised)
}

// mergedMark tells where the table in a merged binary is.
const mergedMark = "\x9bcourse: merged\x9b"

// linkMerged links object files of the programs of these numbers, in dir, which is for it alone. config has them by import
// path; initialised says of each whether it has an initialisation record. An error may be errMerge.
func (b *bench) linkMerged(ctx context.Context, dir, config string, numbers []int, initialised []bool) (*image, error) {
	ctx, cancel := b.bounds.limit(ctx)
	defer cancel()
	packages, err := os.ReadFile(b.config)
	if err != nil {
		return nil, err
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	err = errors.Join(
		os.WriteFile(at("importcfg"), append(packages, config...), 0o600),
		os.WriteFile(at(sourceFile), []byte(mergedSource(numbers, initialised)), 0o600),
	)
	if err != nil {
		return nil, err
	}
	args := append(b.imports.flags(), "-o", at("main.a"), "-p", "main", "-pack", "-c=1", "-importcfg", at("importcfg"), "-trimpath", dir+"=>", at(sourceFile))
	if text, err := b.run(ctx, dir, "compile", args...); err != nil {
		return nil, fmt.Errorf("%w: %w: %s", errMerge, err, firstLine(text))
	}
	if text, err := b.run(ctx, dir, "link", b.linkArgs(at(binaryFile), at("importcfg"), at("main.a"))...); err != nil {
		return nil, fmt.Errorf("%w: %w: %s", errMerge, err, firstLine(text))
	}
	content, err := os.ReadFile(at(binaryFile))
	if err != nil {
		return nil, err
	}
	m, err := readImage(content, numbers)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMerge, err)
	}
	return m, nil
}

// hasTask reports whether the package in an object file has an initialisation record (cmd/compile/internal/pkginit).
func hasTask(object, path string) (bool, error) {
	content, err := os.ReadFile(object)
	return bytes.Contains(content, []byte(path+"..inittask")), err
}

// mergedSource returns the main package of a merged binary of the programs of these numbers; initialised says of each
// whether it has an initialisation record. Its table is all that image.go needs. Which
// program runs is not decided here: that would be a frame in each trace.
func mergedSource(numbers []int, initialised []bool) string {
	var imports, links, entries, tasks strings.Builder
	for i, number := range numbers {
		path := mergedPath(number)
		fmt.Fprintf(&imports, "\t_ %q\n", path)
		fmt.Fprintf(&links, "//go:linkname entry%d %s.main\nfunc entry%[1]d()\n\n", i, path)
		fmt.Fprintf(&entries, "entry%d, ", i)
		if !initialised[i] {
			tasks.WriteString("nil, ")
			continue
		}
		fmt.Fprintf(&links, "//go:linkname task%d %s..inittask\nvar task%[1]d uint32\n\n", i, path)
		fmt.Fprintf(&tasks, "&task%d, ", i)
	}
	return fmt.Sprintf(`package main

import (
%s	_ "unsafe"
)

//go:linkname begin main.main
func begin()

%svar table = struct {
	mark    [%d]byte
	begin   func()
	entries [%d]func()
	tasks   [%[4]d]*uint32
}{
	[...]byte{%s}, begin, [...]func(){%s}, [...]*uint32{%s},
}

func main() { table.entries[0]() }
`, imports.String(), links.String(), len(mergedMark), len(numbers), byteList(mergedMark), entries.String(), tasks.String())
}

func byteList(s string) string {
	var list []string
	for _, b := range []byte(s) {
		list = append(list, strconv.Itoa(int(b)))
	}
	return strings.Join(list, ", ")
}
