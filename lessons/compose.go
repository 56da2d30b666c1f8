package lessons

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// composition makes a program of a fragment: its own source, and just the declarations of the fragments above
// that it needs. All of the program is one package, so a name means the same everywhere in it: what the
// fragment itself declares, else the nearest declaration above.
type composition struct {
	own      *fragment
	above    []*fragment // nearest last
	taken    map[*unit]bool
	imports  map[string]string          // name -> path
	guessed  map[string]map[string]bool // name of a package that nobody states -> what is selected from it
	declared map[string]*fragment       // names taken from above
	packages packages
	conflict string
}

// composed is what comes of a fragment.
type composed struct {
	source string   // of the program
	paths  []string // that it imports
	reads  []string // the parameters that it reads
}

// composeFragment returns the program of own; conflict says why there is none. The program depends on nothing but the text of the fragments: not on
// where they stand.
func composeFragment(own *fragment, above []*fragment, known packages) (p composed, conflict string) {
	for _, r := range own.reads {
		p.reads = append(p.reads, r.name)
	}
	if own.standalone {
		for _, i := range own.imports {
			p.paths = append(p.paths, i.path)
		}
		head := ""
		if own.headless {
			head = "package main\n\n"
		}
		p.source = head + lineDirective(own.code, 0) + own.code.source
		return p, ""
	}
	c := &composition{
		own: own, above: above, packages: known, taken: make(map[*unit]bool), declared: make(map[string]*fragment),
		imports: make(map[string]string), guessed: make(map[string]map[string]bool),
	}
	for _, i := range own.imports {
		if i.name != "_" {
			c.bind(i.name, i.path)
		}
	}
	c.need(own, own.uses)
	c.guess()
	if c.conflict != "" {
		return composed{}, c.conflict
	}
	for _, i := range own.imports { // those for their effects alone are nowhere else
		p.paths = append(p.paths, i.path)
	}
	p.paths = slices.AppendSeq(p.paths, maps.Values(c.imports))
	for u := range c.taken {
		for _, r := range u.owner.reads {
			if u.from <= r.offset && r.offset < u.to {
				p.reads = append(p.reads, r.name)
			}
		}
	}
	p.source = c.write()
	return p, ""
}

// need takes what uses, found in f, refer to, and what that needs in turn.
func (c *composition) need(f *fragment, uses []use) {
	type work struct {
		f    *fragment
		uses []use
	}
	for todo := []work{{f, uses}}; len(todo) > 0; {
		w := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, u := range w.uses {
			for _, unit := range c.resolve(w.f, u) {
				if !c.taken[unit] {
					c.taken[unit] = true
					for _, name := range unit.names {
						c.declared[name] = unit.owner
					}
					todo = append(todo, work{unit.owner, unit.owner.usesOf(unit)})
				}
			}
		}
	}
}

// resolve returns the units above that a use in f refers to, and notes the packages.
func (c *composition) resolve(f *fragment, u use) []*unit {
	if i := slices.IndexFunc(f.imports, func(i imported) bool { return i.name == u.name }); i >= 0 && u.selected != "" {
		c.bind(u.name, f.imports[i].path)
		return nil
	}
	if c.own.byName[u.name] != nil {
		return nil
	}
	for i, a := range slices.Backward(c.above) {
		if unit := a.byName[u.name]; unit != nil {
			return append(c.methodsOf(u.name, i), unit)
		}
	}
	if u.selected == "" {
		return nil // Go's own names, and what the compiler will miss
	}
	for _, a := range slices.Backward(c.above) {
		if i := slices.IndexFunc(a.imports, func(i imported) bool { return i.name == u.name }); i >= 0 {
			c.bind(u.name, a.imports[i].path)
			return nil
		}
	}
	if c.guessed[u.name] == nil {
		c.guessed[u.name] = make(map[string]bool)
	}
	c.guessed[u.name][u.selected] = true
	return nil
}

// methodsOf returns the methods of the type that above[from] declares: those from there on, of each name the
// nearest.
func (c *composition) methodsOf(name string, from int) []*unit {
	seen := make(map[string]bool)
	for _, m := range c.own.methods[name] {
		seen[m.method] = true
	}
	var methods []*unit
	for _, a := range slices.Backward(c.above[from:]) {
		var here []*unit
		for _, m := range a.methods[name] {
			if !seen[m.method] {
				here = append(here, m)
			}
		}
		for _, m := range here {
			seen[m.method] = true
		}
		methods = append(methods, here...)
	}
	return methods
}

// bind notes that name is the package at path.
func (c *composition) bind(name, path string) {
	if before := c.imports[name]; before != "" && before != path && c.conflict == "" {
		c.conflict = fmt.Sprintf("%s is package %q here and package %q in what it uses from above", name, before, path)
	}
	c.imports[name] = path
}

// guess finds the packages that nobody states.
func (c *composition) guess() {
	for _, name := range slices.Sorted(maps.Keys(c.guessed)) {
		if c.imports[name] == "" {
			if path := c.packages.path(name, slices.Sorted(maps.Keys(c.guessed[name]))); path != "" {
				c.imports[name] = path
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.imports)) {
		declares := c.own.byName[name] != nil || c.declared[name] != nil
		if declares && c.conflict == "" {
			c.conflict = fmt.Sprintf("%s is declared, and is package %q in what is used from above", name, c.imports[name])
		}
	}
}

// write puts the program together. Each piece stands under a directive that names its place.
func (c *composition) write() string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	stated := make(map[string]bool)
	for _, i := range c.own.imports {
		stated[i.name] = true
		fmt.Fprintf(&b, "import %s%s\n", inlineDirective(c.own.code, i.from), c.own.code.source[i.from:i.to])
	}
	for _, name := range slices.Sorted(maps.Keys(c.imports)) {
		if stated[name] {
			continue
		}
		path := c.imports[name]
		if own, _ := c.packages.name(path); own == name {
			fmt.Fprintf(&b, "import %s\n", strconv.Quote(path))
		} else {
			fmt.Fprintf(&b, "import %s %s\n", name, strconv.Quote(path))
		}
	}
	inOrder := func(a, b *unit) int {
		return cmp.Or(cmp.Compare(a.owner.number, b.owner.number), cmp.Compare(a.from, b.from))
	}
	for _, u := range slices.SortedFunc(maps.Keys(c.taken), inOrder) {
		code := u.owner.code
		b.WriteString("\n")
		if u.keyword == "" {
			b.WriteString(lineDirective(code, u.from))
		} else {
			b.WriteString(u.keyword + " " + inlineDirective(code, u.from))
		}
		b.WriteString(code.source[u.from:u.to] + "\n")
	}
	b.WriteString("\n" + lineDirective(c.own.code, 0) + c.own.withoutImports())
	if !c.own.hasMain {
		b.WriteString("\nfunc main() {}\n")
	}
	return b.String()
}

// withoutImports returns the source with import declarations blanked: they stand at the program's head.
func (f *fragment) withoutImports() string {
	source := []byte(f.code.source)
	for _, d := range f.file.Decls {
		if d, ok := d.(*ast.GenDecl); !ok || d.Tok != token.IMPORT {
			continue
		}
		from, to := f.offset(d.Pos()), f.offset(d.End())
		for to < len(source) && (source[to] == ' ' || source[to] == '\t') {
			to++
		}
		if to < len(source) && source[to] == ';' {
			to++
		}
		for i := from; i < to; i++ {
			if source[i] != '\n' {
				source[i] = ' '
			}
		}
	}
	return string(source)
}

// lineDirective says that the next line is that of offset in c. Without its column, the first line would
// lose its own (cmd/compile, "Compiler Directives").
func lineDirective(c *code, offset int) string {
	line, column := lineColumn(c.source, offset)
	return fmt.Sprintf("//line %s:%d:%d\n", c.name, line, column)
}

// inlineDirective says that what follows on the line is at offset in c.
func inlineDirective(c *code, offset int) string {
	line, column := lineColumn(c.source, offset)
	return fmt.Sprintf("/*line %s:%d:%d*/", c.name, line, column)
}
