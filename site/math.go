package site

import (
	"strings"

	"course/lessons"
	"course/site/markup"
	"course/tex"

	"github.com/yuin/goldmark/ast"
)

// math draws a formula as MathML, or shows the source of one that cannot be read.
func (r *prose) math(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	n := node.(*lessons.Math)
	if n.Formula == nil {
		unread(w, n)
		return ast.WalkSkipChildren
	}
	w.Raw("<math")
	if n.Display {
		w.Raw(` display="block" tabindex="0"`) // it scrolls within itself where it is wide
	}
	w.Attr("alttext", strings.Join(strings.Fields(n.Source), " ")) // a display formula may have lines, which say nothing
	w.Raw(">")
	mathML(w, n.Formula)
	w.Raw("</math>")
	return ast.WalkSkipChildren
}

// unread shows the source of a formula that cannot be read: that of one that stands by itself in its own lines.
func unread(w *markup.Writer, n *lessons.Math) {
	w.Raw("<code>")
	for i, line := range strings.Split(strings.TrimSpace(n.Source), "\n") {
		if i > 0 {
			w.Raw("<br>")
		}
		w.Text(strings.TrimSuffix(line, "\r"))
	}
	w.Raw("</code>")
}

// mathML writes a part of a formula.
func mathML(w *markup.Writer, n *tex.Node) {
	switch n.Kind {
	case tex.Row:
		w.Raw("<mrow>")
		for _, k := range n.Kids {
			mathML(w, k)
		}
		w.Raw("</mrow>")
	case tex.Ident:
		w.Raw("<mi>")
		w.Text(n.Text)
		w.Raw("</mi>")
	case tex.Number:
		w.Raw("<mn>")
		w.Text(n.Text)
		w.Raw("</mn>")
	case tex.Operator:
		w.Raw("<mo>")
		w.Text(n.Text)
		w.Raw("</mo>")
	case tex.Large:
		w.Raw(`<mo movablelimits="true">`)
		w.Text(n.Text)
		w.Raw("</mo>")
	case tex.Text:
		w.Raw("<mtext>")
		w.Text(n.Text)
		w.Raw("</mtext>")
	case tex.Space:
		w.Raw("<mspace")
		w.Attr("width", n.Text+"em")
		w.Raw("></mspace>")
	case tex.Frac:
		w.Raw("<mfrac>")
		mathML(w, n.Kids[0])
		mathML(w, n.Kids[1])
		w.Raw("</mfrac>")
	case tex.Root:
		if len(n.Kids) == 1 {
			w.Raw("<msqrt>")
			mathML(w, n.Kids[0])
			w.Raw("</msqrt>")
			return
		}
		w.Raw("<mroot>")
		mathML(w, n.Kids[0])
		mathML(w, n.Kids[1])
		w.Raw("</mroot>")
	case tex.Sub, tex.Sup, tex.SubSup:
		withLimits(w, n)
	}
}

// withLimits writes a base with what is below and above it: beside it, or as limits of a large sign.
func withLimits(w *markup.Writer, n *tex.Node) {
	large := n.Kids[0].Kind == tex.Large && n.Kids[0].Text != "∫"
	inner := func() {
		for _, k := range n.Kids {
			mathML(w, k)
		}
	}
	switch {
	case n.Kind == tex.Sub && large:
		w.Raw("<munder>")
		inner()
		w.Raw("</munder>")
	case n.Kind == tex.Sub:
		w.Raw("<msub>")
		inner()
		w.Raw("</msub>")
	case n.Kind == tex.Sup && large:
		w.Raw("<mover>")
		inner()
		w.Raw("</mover>")
	case n.Kind == tex.Sup:
		w.Raw("<msup>")
		inner()
		w.Raw("</msup>")
	case large:
		w.Raw("<munderover>")
		inner()
		w.Raw("</munderover>")
	default:
		w.Raw("<msubsup>")
		inner()
		w.Raw("</msubsup>")
	}
}
