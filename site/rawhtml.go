package site

import (
	"strconv"
	"strings"

	"course/lessons"
	"course/rawhtml"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
	gmhtml "github.com/yuin/goldmark/renderer/html"
)

// rawHTML writes what is allowed of the HTML of a lesson. Names are from package rawhtml's lists, and all else is escaped.
func (r *prose) rawHTML(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	for _, p := range r.current.HTML[node] {
		switch p.Kind {
		case rawhtml.Text:
			gmhtml.DefaultWriter.RawWrite((*rendered)(w), []byte(p.Text)) // escaped, with its line breaks, as goldmark writes prose
		case rawhtml.Close:
			w.Raw("</")
			w.Name(p.Name)
			w.Raw(">")
		case rawhtml.Open, rawhtml.Void:
			if p.Name == "img" {
				r.writeImage(w, shown{strings.TrimSpace(p.Attr("src")), p.Attr("alt"), p.Attr("title"), p.Attr("width")})
				continue
			}
			w.Raw("<")
			w.Name(p.Name)
			for _, a := range p.Attrs {
				r.rawAttr(w, a)
			}
			w.Raw(">")
		case rawhtml.Nothing, rawhtml.Between:
		}
	}
	return ast.WalkSkipChildren
}

// rawAttr writes an attribute of raw HTML. Ids have a prefix, and addresses lead where links lead.
func (r *prose) rawAttr(w *markup.Writer, a rawhtml.Attr) {
	value := a.Value
	switch a.Name {
	case "id":
		value = lessons.HTMLPrefix + value
	case "href":
		if value = r.page.target(value); value == "" {
			return
		}
	}
	w.Raw(" ")
	w.Name(a.Name)
	w.Raw(`="`)
	w.Text(value)
	w.Raw(`"`)
}

// scaled returns the size of an image that is to be so wide, where that is a number above 0.
func scaled(i *lessons.Image, width string) (int, int) {
	n, err := strconv.Atoi(width)
	if err != nil || n < 1 {
		return i.Width, i.Height
	}
	return n, max(1, (i.Height*n+i.Width/2)/i.Width)
}
