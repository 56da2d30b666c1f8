package site

import (
	"net/url"
	"strings"

	"course/lessons"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
)

// mostListed bounds the table of contents: beyond it a list helps nobody to find anything.
const mostListed = 60

// toc writes the table of contents of a page: its headings of the second and third level, as far as they stand by themselves.
func (p *lessonPage) toc(w *markup.Writer) {
	type entry struct {
		block *lessons.Prose
		level int
	}
	var all []entry
	for _, b := range p.lesson.Blocks {
		prose, ok := b.(*lessons.Prose)
		if !ok {
			continue
		}
		if h, ok := prose.Node.(*ast.Heading); ok && h.Level <= 3 && len(all) < mostListed {
			all = append(all, entry{prose, max(h.Level, 2)})
		}
	}
	if len(all) < 2 {
		return
	}
	w.Raw(`<nav class="toc" aria-label="On this page"><details><summary>On this page</summary>` + "\n<ol>\n")
	for _, e := range all {
		if e.level == 3 {
			w.Raw(`<li class="sub"><a`)
		} else {
			w.Raw("<li><a")
		}
		w.Attr("href", "#"+url.PathEscape(p.lesson.Anchors().Heading(e.block.Node)))
		w.Raw(` dir="auto">`)
		w.Text(p.headingText(e.block))
		w.Raw("</a></li>\n")
	}
	w.Raw("</ol></details></nav>\n")
}

// headingText returns what a heading says, with its inline values.
func (p *lessonPage) headingText(b *lessons.Prose) string {
	if len(b.Values) == 0 {
		return plainText(b.Node, p.lesson.Source)
	}
	var text strings.Builder
	_ = ast.Walk(b.Node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if v := b.Values[n]; v != nil {
			if entering {
				text.WriteString(valueText(p.site.report.Values[v.Position]))
			}
			return ast.WalkSkipChildren, nil
		}
		if entering && n.FirstChild() == nil {
			text.WriteString(plainText(n, p.lesson.Source))
		}
		return ast.WalkContinue, nil
	})
	return text.String()
}
