package lessons

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"unicode"

	"course/problem"

	second "github.com/gomarkdown/markdown"
	secondast "github.com/gomarkdown/markdown/ast"
	secondparser "github.com/gomarkdown/markdown/parser"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// landmark is a part of a lesson on which two readers of Markdown should agree.
type landmark struct {
	kind   string // "heading", "code", "list", "table" or "link"
	key    string // what must be the same, besides the kind
	told   string // for messages
	offset int    // in Source; only of goldmark's
}

func (m landmark) same(n landmark) bool { return m.kind == n.kind && m.key == n.key }

// disagreements reads the lesson a second time, with another parser, and reports where the two see different
// headings, fenced blocks, lists, tables or links: there other hosts will show the lesson differently. What
// differs in shape alone, such as loose and tight lists, is no difference. Positions are goldmark's.
func (l *Lesson) disagreements() (all problem.List) {
	if l.document == nil || l.cut {
		return nil
	}
	report := func(offset int, message, hint string) {
		at := l.at(offset)
		all = append(all, problem.Problem{Position: at, Message: message, Hint: hint, Source: l.sourceLine(at)})
	}
	here := l.landmarks()
	there, err := secondLandmarks(l.Source)
	if err != nil {
		report(0, "another reader of Markdown fails on this lesson: "+err.Error(), "simplify it")
		return all
	}
	for _, h := range differences(here, there) {
		offset, ours, theirs := 0, "nothing", "nothing"
		switch {
		case h.from < h.to:
			offset, ours = here[h.from].offset, here[h.from].told
		case h.from > 0: // the cause is behind the last that both see
			offset = here[h.from-1].offset
		}
		if h.otherFrom < h.otherTo {
			theirs = there[h.otherFrom].told
		}
		report(offset, fmt.Sprintf("other hosts may show this differently: as %s, where we see %s", theirs, ours),
			"set blocks apart with blank lines; indent what belongs to a list item by four spaces")
	}
	return all
}

// landmarks returns those of goldmark's tree, in order.
func (l *Lesson) landmarks() []landmark {
	var all []landmark
	lists := 0
	_ = ast.Walk(l.document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindList {
			if entering {
				lists++
				all = append(all, itemList(n.(*ast.List).IsOrdered(), n.ChildCount(), lists, position(n)))
			} else {
				lists--
			}
			return ast.WalkContinue, nil
		}
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *extast.FootnoteList:
			return ast.WalkSkipChildren, nil
		case *ast.Heading:
			all = append(all, heading(n.Level, plainText(n, l.Source), position(n)))
		case *ast.FencedCodeBlock:
			info := ""
			if n.Info != nil {
				info = string(n.Info.Segment.Value(l.Source))
			}
			all = append(all, fencedCode(info, string(n.Lines().Value(l.Source)), position(n)))
		case *extast.Table:
			columns := 0
			if n.FirstChild() != nil {
				columns = n.FirstChild().ChildCount()
			}
			all = append(all, table(n.ChildCount(), columns, position(n)))
		case *ast.Link:
			if text := plainText(n, l.Source); !isAutoLink(text, string(n.Destination)) {
				all = append(all, link(string(n.Destination), position(n)))
			}
		}
		return ast.WalkContinue, nil
	})
	return all
}

// secondLandmarks returns those that gomarkdown sees. It has been known to panic on what nobody writes.
func secondLandmarks(source []byte) (all []landmark, err error) {
	defer func() {
		if r := recover(); r != nil {
			all, err = nil, fmt.Errorf("%v", r)
		}
	}()
	p := secondparser.NewWithExtensions(secondparser.NoIntraEmphasis | secondparser.Tables | secondparser.FencedCode |
		secondparser.Autolink | secondparser.Strikethrough | secondparser.SpaceHeadings | secondparser.HeadingIDs |
		secondparser.BackslashLineBreak | secondparser.Footnotes | secondparser.NoEmptyLineBeforeBlock)
	// A last line without an end hides a fence from it.
	source = append(second.NormalizeNewlines(bytes.Clone(source)), '\n')
	lists := 0
	secondast.WalkFunc(p.Parse(source), func(n secondast.Node, entering bool) secondast.WalkStatus {
		if n, ok := n.(*secondast.List); ok && !n.IsFootnotesList {
			if entering {
				lists++
				all = append(all, itemList(n.ListFlags&secondast.ListTypeOrdered != 0, len(n.Children), lists, 0))
			} else {
				lists--
			}
			return secondast.GoToNext
		}
		if !entering {
			return secondast.GoToNext
		}
		switch n := n.(type) {
		case *secondast.List, *secondast.Footnotes:
			return secondast.SkipChildren
		case *secondast.Heading:
			all = append(all, heading(n.Level, secondText(n), 0))
		case *secondast.CodeBlock:
			if n.IsFenced {
				all = append(all, fencedCode(string(n.Info), string(n.Literal), 0))
			}
		case *secondast.Table:
			rows, columns := dimensions(n)
			all = append(all, table(rows, columns, 0))
		case *secondast.Link:
			if n.NoteID == 0 && !isAutoLink(secondText(n), string(n.Destination)) {
				all = append(all, link(string(n.Destination), 0))
			}
		}
		return secondast.GoToNext
	})
	return all, nil
}

// secondText returns the text in n.
func secondText(n secondast.Node) string {
	var b strings.Builder
	secondast.WalkFunc(n, func(n secondast.Node, entering bool) secondast.WalkStatus {
		if leaf := n.AsLeaf(); leaf != nil && entering {
			b.Write(leaf.Literal)
		}
		return secondast.GoToNext
	})
	return b.String()
}

func dimensions(t *secondast.Table) (rows, columns int) {
	secondast.WalkFunc(t, func(n secondast.Node, entering bool) secondast.WalkStatus {
		if row, ok := n.(*secondast.TableRow); ok && entering {
			rows++
			columns = max(columns, len(row.Children))
		}
		return secondast.GoToNext
	})
	return rows, columns
}

func heading(level int, text string, offset int) landmark {
	return landmark{"heading", fmt.Sprint(level, " ", letters(text)), fmt.Sprintf("a heading %q", excerpt(text)), offset}
}

func fencedCode(info, content string, offset int) landmark {
	info = strings.Join(strings.Fields(strings.Trim(info, "{}")), " ")
	return landmark{"code", info + "\n" + strings.Join(strings.Fields(content), " "), strings.TrimRight("a code block "+excerpt(info), " "), offset}
}

func table(rows, columns, offset int) landmark {
	size := fmt.Sprintf("%d rows and %d columns", rows, columns)
	return landmark{"table", size, "a table of " + size, offset}
}

func link(destination string, offset int) landmark {
	return landmark{"link", strings.ReplaceAll(html.UnescapeString(destination), `\`, ""), "a link to " + excerpt(destination), offset}
}

func itemList(ordered bool, items, depth, offset int) landmark {
	kind := "list"
	if ordered {
		kind = "numbered list"
	}
	return landmark{"list", fmt.Sprint(kind, items, depth), fmt.Sprintf("a %s of %d", kind, items), offset}
}

// letters returns the letters and digits of s: how readers treat the rest of a heading's text differs in shape.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, html.UnescapeString(s))
}

func isAutoLink(text, destination string) bool {
	return text == destination || "mailto:"+text == destination
}

// excerpt returns the beginning of s, as one line.
func excerpt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// hunk is a part in which two lists of landmarks differ: a[from:to] stands for b[otherFrom:otherTo].
type hunk struct{ from, to, otherFrom, otherTo int }

// differences aligns a and b by their longest common subsequence and returns what is not in it.
func differences(a, b []landmark) []hunk {
	start := 0
	for start < len(a) && start < len(b) && a[start].same(b[start]) {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1].same(b[endB-1]) {
		endA, endB = endA-1, endB-1
	}
	if start == endA && start == endB {
		return nil
	}
	x, y := a[start:endA], b[start:endB]
	const most = 1 << 20 // beyond that one hunk will do
	if len(x)*len(y) > most {
		return []hunk{{start, endA, start, endB}}
	}
	longest := make([][]int, len(x)+1) // of x[i:] and y[j:]
	for i := range longest {
		longest[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i].same(y[j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var hunks []hunk
	for i, j := 0, 0; i < len(x) || j < len(y); {
		h := hunk{start + i, start + i, start + j, start + j}
		for (i < len(x) || j < len(y)) && (i == len(x) || j == len(y) || !x[i].same(y[j])) {
			if j == len(y) || i < len(x) && longest[i+1][j] >= longest[i][j+1] {
				i++
			} else {
				j++
			}
		}
		h.to, h.otherTo = start+i, start+j
		switch n := len(hunks); {
		case h.from == h.to && h.otherFrom == h.otherTo:
		case n > 0 && h.from-hunks[n-1].to <= 1: // such as a list that is cut in two: one cause, one message
			hunks[n-1].to, hunks[n-1].otherTo = h.to, h.otherTo
		default:
			hunks = append(hunks, h)
		}
		for i < len(x) && j < len(y) && x[i].same(y[j]) {
			i, j = i+1, j+1
		}
	}
	return hunks
}
