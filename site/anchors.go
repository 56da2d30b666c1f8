package site

import (
	"strconv"
	"strings"
	"unicode"

	"course/lessons"

	"github.com/yuin/goldmark/ast"
)

// Each id on a page has a prefix that says what it is of, so that none can be taken for another, or for
// a property of the document.
const (
	headingPrefix = "h-"
	cellPrefix    = "cell-"
)

// anchors are what links can lead to on a page.
type anchors struct {
	headings map[ast.Node]string // the id of each heading
	ids      map[string]bool
	last     map[string]int // the number that free gave last, by the id without one
}

// anchors returns those of the page, found when they are first asked for.
func (p *lessonPage) anchors() anchors {
	p.anchorsOnce.Do(func() { p.anchorsOf = findAnchors(p.lesson) })
	return p.anchorsOf
}

func findAnchors(l *lessons.Lesson) anchors {
	a := anchors{headings: make(map[ast.Node]string), ids: make(map[string]bool), last: make(map[string]int)}
	for _, block := range l.Blocks {
		switch block := block.(type) {
		case *lessons.Cell:
			a.ids[cellPrefix+block.ID] = true
		case *lessons.Prose:
			for _, inner := range block.Inner {
				if cell, ok := inner.(*lessons.Cell); ok {
					a.ids[cellPrefix+cell.ID] = true
				}
			}
			_ = ast.Walk(block.Node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
				if n.Kind() == ast.KindHeading && entering {
					id := a.free(headingPrefix + slug(plainText(n, l.Source)))
					a.headings[n], a.ids[id] = id, true
				}
				return ast.WalkContinue, nil
			})
		}
	}
	return a
}

// free returns the first of id, id-1, id-2 that is not taken, as code hosts do.
func (a anchors) free(base string) string {
	id := base
	for a.ids[id] {
		a.last[base]++ // kept, so that a thousand headings of one text are not counted a million times
		id = base + "-" + strconv.Itoa(a.last[base])
	}
	return id
}

// find returns the id that a fragment in Markdown means: a heading's, as code hosts name it, else a cell's.
// It is "" where there is neither.
func (a anchors) find(fragment string) string {
	for _, id := range []string{headingPrefix + strings.ToLower(fragment), cellPrefix + fragment, fragment} {
		if a.ids[id] {
			return id
		}
	}
	return ""
}

// slug returns a heading's text as code hosts write it in links: lower case, "-" for space, no punctuation.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case unicode.IsSpace(r):
			return '-'
		}
		return -1
	}, strings.TrimSpace(heading))
}

// plainText returns the text within a node, without markup.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Text:
				b.Write(n.Segment.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			case *ast.String:
				b.Write(n.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
