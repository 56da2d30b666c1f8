package site

import (
	"html"
	"strconv"
	"strings"

	"course/lessons"
	"course/problem"
	"course/rawhtml"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// rawHTML writes what is allowed of the HTML of a lesson. Names are from package rawhtml's lists, and all else is escaped.
func (r *prose) rawHTML(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	for _, p := range r.current.HTML[node] {
		switch p.Kind {
		case rawhtml.Text:
			_, _ = w.WriteString(html.EscapeString(p.Text))
		case rawhtml.Close:
			_, _ = w.WriteString("</" + p.Name + ">")
		case rawhtml.Open, rawhtml.Void:
			if p.Name == "img" {
				r.writeImage(w, shown{strings.TrimSpace(p.Attr("src")), p.Attr("alt"), p.Attr("title"), p.Attr("width")})
				continue
			}
			_, _ = w.WriteString("<" + p.Name)
			for _, a := range p.Attrs {
				r.rawAttr(w, a)
			}
			_, _ = w.WriteString(">")
		case rawhtml.Nothing, rawhtml.Between:
		}
	}
	return ast.WalkSkipChildren, nil
}

// rawAttr writes an attribute of raw HTML. Ids have a prefix, and addresses lead where links lead.
func (r *prose) rawAttr(w util.BufWriter, a rawhtml.Attr) {
	value := a.Value
	switch a.Name {
	case "id":
		value = lessons.HTMLPrefix + value
	case "href":
		if value = r.page.target(value); value == "" {
			return
		}
	}
	_, _ = w.WriteString(" " + a.Name + `="` + html.EscapeString(problem.Printable(value)) + `"`)
}

// scaled returns the size of an image that is to be so wide, where that is a number above 0.
func scaled(i *lessons.Image, width string) (int, int) {
	n, err := strconv.Atoi(width)
	if err != nil || n < 1 {
		return i.Width, i.Height
	}
	return n, max(1, (i.Height*n+i.Width/2)/i.Width)
}
