package site

import (
	"html"
	"strings"

	"course/lessons"
	"course/problem"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// definedPrefix stands before the slug of a term where a lesson introduces it.
const definedPrefix = "dfn-"

// text draws a text node of a lesson that names terms. It does what goldmark does, but for these: each is a link to the glossary, with what it means in its
// title, from where a script takes it; the lesson that introduces it defines it there.
func (r *prose) text(w *markup.Writer, source []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	n := node.(*ast.Text)
	write := gmhtml.DefaultWriter.Write
	if n.IsRaw() {
		write = gmhtml.DefaultWriter.RawWrite
	}
	text := (*rendered)(w)
	from := n.Segment.Start
	for _, m := range r.mentions[node] {
		write(text, source[from:m.From])
		introduces := r.page.site.course.Introduces(m.Term) == r.page.lesson
		if m.Begins {
			if introduces {
				w.Raw("<dfn")
				w.Attr("id", definedID(m.Term))
				w.Raw(">")
			}
			w.Raw(`<a class="term"`)
			w.Attr("href", termHref(m.Term))
			w.Attr("title", m.Term.Means.Plain)
			w.Raw(">")
		}
		write(text, source[m.From:m.To])
		if m.Ends {
			w.Raw("</a>")
			if introduces {
				w.Raw("</dfn>")
			}
		}
		from = m.To
	}
	write(text, source[from:n.Segment.Stop])
	switch {
	case n.IsRaw():
	case n.HardLineBreak():
		w.Raw("<br>\n")
	case n.SoftLineBreak():
		w.Raw("\n")
	}
	return ast.WalkContinue
}

// termHref returns what a page links to a term by.
func termHref(t *lessons.Term) string { return glossaryName + "#" + t.ID }

func definedID(t *lessons.Term) string {
	return definedPrefix + strings.TrimPrefix(t.ID, lessons.TermPrefix)
}

// inline writes what is in a node of a text outside of lessons.
func (s *Site) inline(w *markup.Writer, t lessons.Text, parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			w.Text(string(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Value(t.Source))))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				w.Raw("\n")
			}
		case *ast.CodeSpan:
			w.Raw("<code>")
			w.Text(plainText(n, t.Source))
			w.Raw("</code>")
		case *ast.Emphasis:
			if n.Level == 1 {
				w.Raw("<em>")
				s.inline(w, t, n)
				w.Raw("</em>")
			} else {
				w.Raw("<strong>")
				s.inline(w, t, n)
				w.Raw("</strong>")
			}
		case *ast.Link:
			href := s.whereHref(safeURL(resolved(n.Destination)))
			if href == "" {
				s.inline(w, t, n)
				continue
			}
			w.Raw("<a")
			w.Attr("href", href)
			w.Raw(">")
			s.inline(w, t, n)
			w.Raw("</a>")
		default:
			w.Text(html.UnescapeString(problem.Printable(plainText(n, t.Source))))
		}
	}
}
