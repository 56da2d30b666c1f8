package lessons

import (
	"fmt"
	"go/ast"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"course/problem"
	"course/program"
)

// compose makes the programs of the lesson's cells and listings, in order, and completes the cells' options.
func (l *Lesson) compose(fsys fs.FS) {
	l.used = l.uses()
	again := l.nameCells()
	type snippet struct {
		code    *code
		cell    *Cell
		listing *Listing
	}
	var snippets []snippet
	for _, c := range append(slices.Clone(l.cells), again...) {
		snippets = append(snippets, snippet{code: c.code, cell: c})
	}
	for i, li := range l.listings {
		li.code.name = fmt.Sprintf("listing-%d.cell", i+1)
		l.codes[li.code.name] = li.code
		snippets = append(snippets, snippet{code: li.code, listing: li})
	}
	slices.SortStableFunc(snippets, func(a, b snippet) int { return a.code.fence.Compare(b.code.fence) })
	var above []*fragment
	for _, s := range snippets {
		if s.listing != nil {
			if f := l.parseFragment(s.code, false); f != nil {
				p := l.program(f, above)
				s.listing.program, s.listing.modules = p.source, l.modulesFor(p.paths)
			}
			continue
		}
		if f := l.composeCell(fsys, s.cell, above); f != nil {
			f.number = len(above)
			above = append(above, f)
		}
	}
	l.lenders = above
}

// nameCells refuses second cells of one id, and returns them: what else is wrong with them is told, too.
func (l *Lesson) nameCells() (again []*Cell) {
	l.cells = slices.DeleteFunc(l.cells, func(c *Cell) bool {
		c.code.name = c.ID + ".cell"
		first := l.codes[c.code.name]
		if first == nil {
			l.codes[c.code.name] = c.code
			return false
		}
		again = append(again, c)
		c.code.name = fmt.Sprintf("again-%d.cell", len(again))
		l.codes[c.code.name] = c.code
		at, length := c.attrsAt, 0
		for _, a := range c.attrs {
			if a.name == "#" {
				at.Column += a.offset
				length = a.length
			}
		}
		l.failAt(c.code, at, length, fmt.Sprintf("a second cell %q", c.ID), fmt.Sprintf("the first is at %s; give this one another id", first.fence))
		return true
	})
	return again
}

// program composes f; its source is "" where a problem rules it out.
func (l *Lesson) program(f *fragment, above []*fragment) composed {
	l.parsed[f.code] = f
	p, conflict := composeFragment(f, above, l.packages())
	if conflict != "" {
		l.failAt(f.code, f.code.fence, 0, conflict, "state the import in both cells, or rename one of them")
	}
	if f.code.failed {
		p.source = ""
	}
	return p
}

func (l *Lesson) packages() packages { return packages{l.modules.Require} }

// modulesFor returns the modules that a program is built with which imports paths.
func (l *Lesson) modulesFor(paths []string) program.Modules {
	if slices.ContainsFunc(paths, l.packages().required) {
		return l.modules
	}
	return program.Modules{}
}

// composeCell completes the cell, and returns what it lends to those below, if it does.
func (l *Lesson) composeCell(fsys fs.FS, c *Cell, above []*fragment) *fragment {
	r := &optionReader{lesson: l, cell: c, file: func(name string) (string, error) {
		content, err := dataFile(fsys, name)
		l.files[name] = content
		return content, err
	}}
	r.read()
	if c.Options.Language == program.Python {
		l.composePython(c, r)
		return nil
	}
	broken := r.expectsCompileError()
	f := l.parseFragment(c.code, broken)
	if f == nil {
		return nil
	}
	p := l.program(f, above)
	hasMain := f.hasMain || f.standalone && broken
	r.finish(hasMain, slices.Contains(p.paths, workerPath), l.wanted(c))
	if hasMain && !broken {
		r.finishParameters(p.reads, func(name string) string {
			return fmt.Sprintf(`read it with worker.Param(%q, …), where the name has to be written out, or leave it out`, name)
		})
	}
	c.Options.Modules = l.modulesFor(p.paths)
	if f.hasMain {
		l.outputs(c, f)
	}
	if !c.code.failed {
		c.program = p.source
	}
	if f.standalone || broken {
		return nil
	}
	return f
}

// outputHead is the head of a comment that states what a program prints, as in Go's examples, and for one mode.
var outputHead = regexp.MustCompile(`(?i)^(unordered )?output(?: *\(([^)]*)\))?:(.*)$`)

// outputs reads the comments that state what the cell prints: those after the last statement of main, and
// after the last declaration.
func (l *Lesson) outputs(c *Cell, f *fragment) {
	if f.file == nil || len(f.file.Decls) == 0 {
		return
	}
	end := f.file.Decls[len(f.file.Decls)-1].End()
	inMain, mainEnd := end, end
	for _, d := range f.file.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "main" && d.Body != nil {
			inMain, mainEnd = d.Body.Lbrace, d.Body.Rbrace
			if n := len(d.Body.List); n > 0 {
				inMain = d.Body.List[n-1].End()
			}
		}
	}
	o := newOutputReader(l, c)
	for _, g := range f.file.Comments {
		if g.Pos() >= end || g.Pos() >= inMain && g.End() <= mainEnd {
			o.group(f, g)
		}
	}
	o.finish()
}

type outputReader struct {
	lesson *Lesson
	cell   *Cell
	open   bool
	mode   program.Mode // of the comment that is being read; "" is all
	now    program.Output
	stated map[program.Mode]bool
	all    *program.Output
}

func newOutputReader(l *Lesson, c *Cell) *outputReader {
	return &outputReader{lesson: l, cell: c, stated: make(map[program.Mode]bool)}
}

func (o *outputReader) group(f *fragment, g *ast.CommentGroup) {
	for _, comment := range g.List {
		line, _ := lineColumn(f.code.source, f.offset(comment.Pos()))
		text := comment.Text
		if block, ok := strings.CutPrefix(text, "/*"); ok {
			text = strings.TrimSuffix(block, "*/")
		}
		for i, s := range strings.Split(text, "\n") {
			o.line(line+i, strings.TrimPrefix(s, "//"))
		}
	}
	o.close()
}

// line reads a line of a comment, without what makes it one.
func (o *outputReader) line(number int, text string) {
	head := outputHead.FindStringSubmatch(strings.TrimSpace(text))
	if head == nil {
		if o.open {
			o.now.Text += strings.TrimPrefix(text, " ") + "\n"
		}
		return
	}
	o.close()
	o.open, o.mode = true, program.Mode(head[2])
	o.now = program.Output{Text: strings.TrimPrefix(head[3], " ") + "\n", Unordered: head[1] != "", Line: number}
}

// close keeps the comment that was read.
func (o *outputReader) close() {
	if !o.open {
		return
	}
	o.open = false
	o.now.Text = strings.TrimSpace(o.now.Text)
	report := func(message, hint string) {
		c := o.cell.code
		o.lesson.failAt(c, c.at(o.now.Line, c.text(o.now.Line)), 0, message, hint)
	}
	options := &o.cell.Options
	switch {
	case o.stated[o.mode]:
		report("the output is stated twice", "remove one")
	case o.mode == "":
		now := o.now
		o.all = &now
	case o.cell.code.failed: // its modes may not be all known
	case !slices.Contains(options.Modes, o.mode):
		report(fmt.Sprintf("the cell does not run as %q", o.mode), problem.HintNearest(string(o.mode), modesOf(options)))
	default:
		o.set(o.mode, o.now)
	}
	o.stated[o.mode] = true
}

func (o *outputReader) set(mode program.Mode, output program.Output) {
	if o.cell.Options.Output == nil {
		o.cell.Options.Output = make(map[program.Mode]program.Output)
	}
	o.cell.Options.Output[mode] = output
}

// finish states the output of the modes that have none of their own.
func (o *outputReader) finish() {
	for _, mode := range o.cell.Options.Modes {
		if o.all != nil && !o.stated[mode] {
			o.set(mode, *o.all)
		}
	}
}
