package lessons

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// Each id on a page has a prefix that says what it is of, so that none can be taken for another, or for
// a property of the document.
const (
	headingPrefix = "h-"
	CellPrefix    = "cell-"  // before the ID of a cell
	HTMLPrefix    = "html-"  // before an id that raw HTML gives
	ClaimPrefix   = "claim-" // before the ID of a claim, or of a part of one
)

// Anchors are what links can lead to on the page of a lesson.
type Anchors struct {
	headings map[ast.Node]string // the id of each heading
	title    string              // the id that the title would have
	ids      map[string]bool
	names    []string       // by which Markdown can name them, in order
	last     map[string]int // the number that free gave last, by the id without one
}

// Anchors returns those of the lesson. It is safe for concurrent use.
func (l *Lesson) Anchors() *Anchors {
	if l.anchors == nil { // it was not loaded
		return l.findAnchors()
	}
	return l.anchors()
}

func (l *Lesson) findAnchors() *Anchors {
	a := &Anchors{headings: make(map[ast.Node]string), ids: make(map[string]bool), last: make(map[string]int), title: headingPrefix + slug(l.Title)}
	for _, block := range l.Blocks {
		switch block := block.(type) {
		case *Cell:
			a.cell(block)
		case *Claim:
			a.claim(block)
		case *Prose:
			_ = ast.Walk(block.Node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
				switch inner := block.Inner[n].(type) {
				case *Cell:
					if entering {
						a.cell(inner)
					}
				case *Claim:
					if entering {
						a.claim(inner)
					}
				}
				if n.Kind() == ast.KindHeading && entering {
					id := a.free(headingPrefix + slug(plainText(n, l.Source)))
					a.headings[n], a.ids[id] = id, true
					a.names = append(a.names, strings.TrimPrefix(id, headingPrefix))
				}
				return ast.WalkContinue, nil
			})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(l.htmlIDs)) {
		a.ids[HTMLPrefix+id] = true
		a.names = append(a.names, id)
	}
	return a
}

func (a *Anchors) cell(c *Cell) {
	a.ids[CellPrefix+c.ID] = true
	a.names = append(a.names, c.ID)
}

func (a *Anchors) claim(c *Claim) {
	for _, one := range c.all() {
		a.ids[ClaimPrefix+one.ID] = true
		a.names = append(a.names, one.ID)
	}
}

// free returns the first of id, id-1, id-2 that is not taken, as code hosts do.
func (a *Anchors) free(base string) string {
	id := base
	for a.ids[id] {
		a.last[base]++ // kept, so that a thousand headings of one text are not counted a million times
		id = base + "-" + strconv.Itoa(a.last[base])
	}
	return id
}

// Heading returns the id of a heading of the lesson.
func (a *Anchors) Heading(n ast.Node) string { return a.headings[n] }

// Find returns the id that a fragment in Markdown means: a heading's, as code hosts name it, else a cell's or a claim's. It is "" where that is the page's top,
// as its title is. ok is false where there is nothing of that name.
func (a *Anchors) Find(fragment string) (id string, ok bool) {
	lower := headingPrefix + strings.ToLower(fragment)
	for _, id := range []string{lower, CellPrefix + fragment, ClaimPrefix + fragment, HTMLPrefix + fragment, fragment} {
		if a.ids[id] {
			return id, true
		}
	}
	return "", slices.Contains([]string{headingPrefix, headingPrefix + "top", a.title}, lower)
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
