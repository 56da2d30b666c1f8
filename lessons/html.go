package lessons

import (
	"bytes"
	"strings"

	"course/problem"
	"course/rawhtml"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// readHTML reads the raw HTML of the lesson or of a text in it, where course.yaml lets it have some, and removes from the document what is not shown of it.
func (l *Lesson) readHTML(document ast.Node) {
	places := make(map[ast.Node][]ast.Node) // raw HTML by what it stands in
	var parents []ast.Node
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if k := n.Kind(); entering && (k == ast.KindHTMLBlock || k == ast.KindRawHTML) {
			if places[n.Parent()] == nil {
				parents = append(parents, n.Parent())
			}
			places[n.Parent()] = append(places[n.Parent()], n)
		}
		return ast.WalkContinue, nil
	})
	for _, parent := range parents {
		if l.html {
			l.balance(parent)
		} else {
			l.refuseHTML(places[parent])
		}
		for _, n := range places[parent] {
			if len(l.rawHTML[n]) == 0 && (n.Kind() == ast.KindRawHTML || parent != document) { // of the document's, block sees to it
				parent.RemoveChild(parent, n)
			}
		}
	}
}

// balance reads all raw HTML that stands in parent.
func (l *Lesson) balance(parent ast.Node) {
	var all []*rawhtml.Piece
	of := make(map[*rawhtml.Piece]ast.Node)
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		k := n.Kind()
		if k != ast.KindHTMLBlock && k != ast.KindRawHTML {
			if n.Type() == ast.TypeBlock && k != ast.KindLinkReferenceDefinition {
				all = append(all, &rawhtml.Piece{Kind: rawhtml.Between})
			}
			continue
		}
		pieces, complaints := rawhtml.Read(string(l.rawSource(n)), k == ast.KindRawHTML)
		for _, c := range complaints {
			l.report(l.rawAt(n, c.Offset), c.Length, c.Message, c.Hint)
		}
		for _, p := range pieces {
			of[p] = n
			all = append(all, p)
		}
	}
	rawhtml.Balance(all, func(p *rawhtml.Piece, message, hint string) { l.report(l.rawAt(of[p], p.Offset), 0, message, hint) })
	for _, p := range all {
		if n := of[p]; n != nil && p.Kind != rawhtml.Nothing {
			l.rawHTML[n] = append(l.rawHTML[n], p)
			l.checkHTML(l.rawAt(n, p.Offset), p)
		}
	}
}

// checkHTML holds what is shown to what holds for links and images in Markdown.
func (l *Lesson) checkHTML(at problem.Position, p *rawhtml.Piece) {
	if p.Kind == rawhtml.Void && p.Name == "img" {
		l.showImage(at, strings.TrimSpace(p.Attr("src")), p.Attr("alt") != "")
	}
	if to := p.Attr("href"); to != "" {
		l.linkTo(at, strings.TrimSpace(to))
	}
	if id := p.Attr("id"); id != "" {
		if l.htmlIDs[id] {
			l.report(at, 0, "the id "+id+" is given twice", "leave one out")
		}
		l.htmlIDs[id] = true
	}
}

func rawSegments(n ast.Node) *text.Segments {
	if raw, ok := n.(*ast.RawHTML); ok {
		return raw.Segments
	}
	segments := n.Lines()
	if block, ok := n.(*ast.HTMLBlock); ok && block.HasClosure() {
		all := text.NewSegments()
		all.AppendAll(segments.Sliced(0, segments.Len()))
		all.Append(block.ClosureLine)
		return all
	}
	return segments
}

// rawSource returns raw HTML as it stands in the lesson, without what indents it there.
func (l *Lesson) rawSource(n ast.Node) []byte { return rawSegments(n).Value(l.Source) }

// rawAt returns where an offset in rawSource is in the lesson.
func (l *Lesson) rawAt(n ast.Node, offset int) problem.Position {
	segments := rawSegments(n)
	for i := range segments.Len() {
		s := segments.At(i)
		size := len(s.Value(l.Source))
		if offset < size {
			return l.at(min(s.Start+max(0, offset-s.Padding), s.Stop))
		}
		offset -= size
	}
	return l.at(position(n))
}

// refuseHTML reports raw HTML, of which only comments are allowed; they are not shown.
func (l *Lesson) refuseHTML(nodes []ast.Node) {
	for _, n := range nodes {
		content := bytes.TrimSpace(l.rawSource(n))
		if bytes.HasPrefix(content, []byte("<!--")) && bytes.Index(content, []byte("-->")) == len(content)-len("-->") {
			continue
		}
		if bytes.HasPrefix(content, []byte("</")) { // its opening tag has been reported
			continue
		}
		first, _, _ := bytes.Cut(content, []byte("\n"))
		l.report(l.rawAt(n, 0), len(first), "raw HTML is not allowed", "write it as Markdown, or as code between backticks; or allow it in course.yaml: html: true")
	}
}
