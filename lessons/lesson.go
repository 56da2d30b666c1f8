package lessons

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"course/problem"
	"course/program"
	"course/rawhtml"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What goldmark takes more than linear time for is bounded, so that no lesson takes more than seconds.
// Lessons that people write stay an order of magnitude below.
const (
	maxLesson = 256 << 10 // bytes of a file
	maxLine   = 16 << 10  // bytes of a line
	maxDepth  = 100       // blocks and emphasis within each other
	maxCell   = 64 << 10  // bytes of a snippet
)

// parse reads one lesson. demanded is what other lessons want of its cells.
func parse(fsys fs.FS, file string, raw []byte, modules program.Modules, html bool, demanded []demand) *Lesson {
	l := &Lesson{
		File: file, raw: raw, modules: modules, html: html, demanded: demanded, files: make(map[string]string),
		codes: make(map[string]*code), parsed: make(map[*code]*fragment), referred: make(map[string]bool), htmlIDs: make(map[string]bool), rawHTML: make(map[ast.Node][]*rawhtml.Piece),
	}
	var ok bool
	if l.Name, l.order, ok = lessonName(file); !ok {
		l.problems = append(l.problems, problem.Problem{
			Position: wholeFile(file),
			Message:  fmt.Sprintf("%q is no name for a lesson", file),
			Hint:     `use lower-case letters, digits, "-" and "_", as in 01-start.md; index is taken`,
		})
	}
	l.anchors = sync.OnceValue(l.findAnchors)
	l.Title = l.Name
	l.Source = bytes.Clone(bytes.TrimPrefix(raw, []byte(byteOrderMark)))
	l.bom = len(l.Source) < len(raw)
	l.starts = lineStarts(l.Source)
	if !l.readable() {
		l.Source, l.starts = nil, []int{0}
		return l
	}
	l.clean()
	title, refused := l.frontMatter()
	limits := &limits{}
	context := parser.NewContext()
	context.Set(limitsKey, limits)
	doc := markdown.Parse(text.NewReader(l.Source), parser.WithContext(context))
	for _, e := range limits.exceeded {
		l.report(l.at(e.offset), 0, e.message, e.hint)
	}
	l.document, l.cut = doc, len(limits.exceeded) > 0
	if deep := tooDeep(doc); deep != nil {
		l.report(l.at(position(deep)), 0, fmt.Sprintf("more than %d levels of lists, quotes or emphasis", maxDepth), "nest less deeply; until then the lesson is not read")
		l.cut = true
		return l
	}
	l.read(title, refused)
	l.drawings(fsys)
	l.nameClaims()
	l.compose(fsys)
	return l
}

// readable reports whether the lesson can be handed to goldmark.
func (l *Lesson) readable() bool {
	if len(l.Source) > maxLesson {
		l.problems = append(l.problems, problem.Problem{
			Position: wholeFile(l.File),
			Message:  fmt.Sprintf("the lesson is larger than %d KiB", maxLesson>>10), Hint: "split the lesson into several; until then it is not read",
		})
		return false
	}
	for i, start := range l.starts {
		end := len(l.Source)
		if i+1 < len(l.starts) {
			end = l.starts[i+1]
		}
		at := problem.Position{File: l.File, Line: i + 1, Column: 1}
		if end-start > maxLine {
			l.problems = append(l.problems, problem.Problem{Position: at, Message: fmt.Sprintf("the line is longer than %d KiB", maxLine>>10), Hint: "break the line; until then the lesson is not read"})
			return false
		}
		if markers(l.Source[start:end]) > maxDepth {
			l.problems = append(l.problems, problem.Problem{Position: at, Message: fmt.Sprintf("more than %d levels of lists or quotes", maxDepth), Hint: "nest less deeply; until then the lesson is not read"})
			return false
		}
	}
	return true
}

// markers counts the marks of quotes and list items that a line begins with.
func markers(line []byte) int {
	n := 0
	for len(line) > 0 {
		rest := bytes.TrimLeft(line, " \t")
		switch {
		case len(rest) == 0:
			return n
		case rest[0] == '>':
			line = rest[1:]
		default:
			digits := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
			if digits == len(rest) || !strings.ContainsRune("-+*.)", rune(rest[digits])) || len(rest) < digits+2 || rest[digits+1] != ' ' && rest[digits+1] != '\t' {
				return n
			}
			line = rest[digits+1:]
		}
		n++
	}
	return n
}

// clean replaces what is no text with question marks of equal length, and reports the first.
func (l *Lesson) clean() {
	reported := false
	replace := func(i int, message, hint string) {
		if !reported {
			l.report(l.at(i), 1, message, hint)
		}
		reported = true
		l.Source[i] = '?'
	}
	for i := 0; i < len(l.Source); {
		r, size := utf8.DecodeRune(l.Source[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			replace(i, fmt.Sprintf("the byte 0x%02x is not UTF-8", l.Source[i]), "save the file as UTF-8")
		case r == 0:
			replace(i, "a NUL byte", "remove it")
		}
		i += size
	}
}

// tooDeep returns a node that is nested too deeply, or nil. It does not recurse.
func tooDeep(root ast.Node) ast.Node {
	depth := 0
	for n := root; n != nil; {
		if depth > maxDepth {
			return n
		}
		if child := n.FirstChild(); child != nil {
			n = child
			depth++
			continue
		}
		for n != root && n.NextSibling() == nil {
			n = n.Parent()
			depth--
		}
		if n == root {
			return nil
		}
		n = n.NextSibling()
	}
	return nil
}

// position returns where n begins in Source; some nodes only know by what is in or around them.
func position(n ast.Node) int {
	for m := n; m != nil; m = m.FirstChild() {
		if pos := m.Pos(); pos >= 0 {
			return pos
		}
	}
	for m := n.Parent(); m != nil; m = m.Parent() {
		if pos := m.Pos(); pos >= 0 {
			return pos
		}
	}
	return 0
}

// read cuts the document into blocks. title is that of the front matter; a refused one is not missed.
func (l *Lesson) read(title string, refused bool) {
	_ = ast.Walk(l.document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindFencedCodeBlock && entering {
			l.fences = append(l.fences, l.at(position(n)).Line)
		}
		return ast.WalkContinue, nil
	})
	slices.Sort(l.fences)
	l.readHTML(l.document)
	var titleNode ast.Node
	for n := l.document.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level != 1 {
			continue
		}
		if title != "" {
			l.report(l.at(position(n)), 0, "a second title", fmt.Sprintf("the lesson's title is %q: write ##, or remove one", title))
			continue
		}
		if title = plainText(n, l.Source); title == "" {
			l.report(l.at(position(n)), 0, "the title is empty", `write it after "# "`)
		}
		titleNode = n
	}
	if title == "" && titleNode == nil && !refused {
		l.report(wholeFile(l.File), 0, "the lesson has no title", `begin it with "# " and a title`)
	}
	l.Title = cmp.Or(title, l.Title)
	for n := l.document.FirstChild(); n != nil; n = n.NextSibling() {
		if block := l.block(n); block != nil && n != titleNode {
			l.Blocks = append(l.Blocks, block)
		}
	}
	slices.SortStableFunc(l.cells, func(a, b *Cell) int { return a.Position.Compare(b.Position) })
	slices.SortStableFunc(l.claims, func(a, b *Claim) int { return a.Position.Compare(b.Position) })
	slices.SortStableFunc(l.diagrams, func(a, b *Diagram) int { return a.Position.Compare(b.Position) })
	slices.SortStableFunc(l.listings, func(a, b *Listing) int { return a.Position.Compare(b.Position) })
}

// plainText returns the text of a heading as one line, without markup.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			value := n.Value(source)
			if !n.IsRaw() {
				value = util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(value)))
			}
			b.Write(value)
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *Math:
			b.WriteString(n.Source)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// block makes a block of a node at the top level, or nil where there is nothing to show.
func (l *Lesson) block(n ast.Node) Block {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		b := l.fence(n)
		l.annotate(n, b)
		return b
	case *ast.CodeBlock:
		return l.indented(n)
	case *ast.HTMLBlock:
		if pieces := l.rawHTML[n]; len(pieces) > 0 {
			return &Prose{Position: l.at(position(n)), Node: n, HTML: l.rawHTML}
		}
		return nil
	case *ast.LinkReferenceDefinition:
		return nil
	}
	p := &Prose{Position: l.at(position(n)), Node: n, Inner: make(map[ast.Node]Block), Values: make(map[ast.Node]*Value), HTML: l.rawHTML}
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.FencedCodeBlock:
			p.Inner[n] = l.fence(n)
			l.annotate(n, p.Inner[n])
		case *ast.CodeBlock:
			p.Inner[n] = l.indented(n)
		case *ast.Link:
			l.link(n)
		case *Math:
			l.math(n)
		case *ast.AutoLink:
			l.allowed(l.at(position(n)), string(n.URL(l.Source)))
		case *ast.Image:
			l.image(n)
		case *ast.CodeSpan:
			if v := l.value(n); v != nil {
				p.Values[n] = v
				l.values = append(l.values, v)
			}
		}
		return ast.WalkContinue, nil
	})
	return p
}
