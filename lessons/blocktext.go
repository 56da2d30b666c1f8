package lessons

import (
	"fmt"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// markdown reads a text of a block of YAML as Markdown whose nodes refer to the lesson's Source, as those of all prose do. It is nil where it has been reported.
func (l *Lesson) markdown(code *code, s setting) []*Prose {
	if s.text == "" {
		l.report(code.at(s.line, s.column), 0, s.key+" is empty", "write it, or leave it out")
		return nil
	}
	lines, ok := s.lines()
	if !ok {
		l.report(code.at(s.line, s.column), 0, "an escape in a text", "write the text without quotes, below "+s.key+": |")
		return nil
	}
	segments := text.NewSegments()
	for i, line := range lines {
		at := code.at(lineColumn(s.yaml, line[0]))
		start := l.starts[at.Line-1] + at.Column - 1
		stop := start + line[1] - line[0]
		if i < len(lines)-1 && at.Line < len(l.starts) {
			stop = l.starts[at.Line] // with a carriage return as well
		}
		if markers(l.Source[start:stop]) > maxDepth {
			l.report(at, 0, fmt.Sprintf("more than %d levels of lists or quotes", maxDepth), "nest less deeply")
			return nil
		}
		segments.Append(text.NewSegment(start, stop))
	}
	limits := &limits{}
	context := parser.NewContext()
	context.Set(limitsKey, limits)
	doc := markdown.Parse(text.NewBlockReader(l.Source, segments), parser.WithContext(context))
	for _, e := range limits.exceeded {
		l.report(l.at(e.offset), 0, e.message, e.hint)
	}
	if n := refusedInBlock(doc); n != nil {
		l.report(l.at(position(n)), 0, "this cannot stand in a block", "its texts have paragraphs, lists, quotes and tables: put all else below it")
		return nil
	}
	l.readHTML(doc)
	all := []*Prose{}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if p, ok := l.block(n).(*Prose); ok {
			all = append(all, p)
		}
	}
	return all
}

// paragraph reads a text as markdown does, which is a single paragraph. beyond says what to do with more. It is nil where it has been reported.
func (l *Lesson) paragraph(code *code, s setting, beyond string) *Prose {
	all := l.markdown(code, s)
	if len(all) == 1 && all[0].Node.Kind() == ast.KindParagraph {
		return all[0]
	}
	if all != nil {
		l.report(code.at(s.line, s.column), 0, s.key+" is more than a sentence or two", "it is one paragraph: "+beyond)
	}
	return nil
}

// refusedInBlock returns the first node that the texts of a block of YAML cannot hold, or nil: headings and footnotes, which are named from elsewhere, code blocks, which
// would be cells, and what is nested too deeply.
func refusedInBlock(doc ast.Node) ast.Node {
	if deep := tooDeep(doc); deep != nil {
		return deep
	}
	var found ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.Kind() {
		case ast.KindHeading, ast.KindCodeBlock, ast.KindFencedCodeBlock, extast.KindFootnote, extast.KindFootnoteList:
			found = n
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	return found
}
