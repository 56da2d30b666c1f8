package site

import (
	"bytes"
	"strings"

	"course/lessons"
	"course/site/search"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// maxFound is how many bytes of what a cell printed can be found.
const maxFound = 4 << 10

// addSearch adds the files by which the site is searched. What can be found comes from lessons and results, and not from pages.
func (s *Site) addSearch() {
	var sources []search.Source
	for _, p := range s.pages {
		sources = append(sources, search.Source{Size: len(p.lesson.Source), Read: p.found})
	}
	if len(s.course.Sources) > 0 {
		sources = append(sources, search.Source{Size: 200 * len(s.course.Sources), Read: s.foundRows})
	}
	if len(s.course.Terms) > 0 {
		sources = append(sources, search.Source{Size: 300 * len(s.course.Terms), Read: s.foundTerms})
	}
	index := search.New(sources)
	for _, name := range index.Names() {
		s.add("assets/"+name, func() ([]byte, error) { return index.File(name) })
	}
}

// foundRows returns what can be found on the scoreboard.
func (s *Site) foundRows() search.Page {
	page := search.Page{Href: scoreboardName, Title: "Scoreboard", Sections: []search.Section{{Kind: search.Prose}}}
	for _, row := range s.course.Sources {
		page.Sections = append(page.Sections, search.Section{
			Kind: search.Row, Anchor: rowPrefix + row.ID, Heading: row.ID, Parts: []search.Part{{Field: search.Text, Text: row.Says}},
		})
	}
	return page
}

// foundTerms returns what can be found in the glossary.
func (s *Site) foundTerms() search.Page {
	page := search.Page{Href: glossaryName, Title: "Glossary", Sections: []search.Section{{Kind: search.Prose}}}
	for _, t := range s.course.Terms {
		parts := []search.Part{{Field: search.Text, Text: t.Means.Plain}}
		for _, called := range append([]string{t.Python, t.Go}, t.Also...) {
			if called != "" {
				parts = append(parts, search.Part{Field: search.Code, Text: called})
			}
		}
		page.Sections = append(page.Sections, search.Section{Kind: search.Term, Anchor: t.ID, Heading: t.Name, Parts: parts})
	}
	return page
}

// A foundPage gathers what can be found on the page of a lesson.
type foundPage struct {
	page  *lessonPage
	found search.Page
	at    int    // the section that prose is in now
	text  []byte // of the part that is being read
}

// found returns what can be found on the page.
func (p *lessonPage) found() search.Page {
	f := foundPage{page: p, found: search.Page{Href: p.link(), Title: p.title()}}
	f.section(search.Section{Kind: search.Prose, Parts: []search.Part{{Field: search.Text, Text: p.lesson.Summary}}})
	for _, b := range p.lesson.Blocks {
		f.block(b)
	}
	f.end()
	return f.found
}

// section adds a section, and returns where it is.
func (f *foundPage) section(s search.Section) int {
	f.found.Sections = append(f.found.Sections, s)
	return len(f.found.Sections) - 1
}

// end ends a text of the section that prose is in.
func (f *foundPage) end() {
	if len(f.text) > 0 {
		f.add(search.Text, string(f.text))
		f.text = f.text[:0]
	}
}

func (f *foundPage) add(field search.Field, text string) {
	s := &f.found.Sections[f.at]
	s.Parts = append(s.Parts, search.Part{Field: field, Text: text})
}

func (f *foundPage) block(b lessons.Block) {
	switch b := b.(type) {
	case *lessons.Prose:
		f.node(b, b.Node)
	case *lessons.Listing:
		f.end()
		f.add(search.Code, b.Source)
	case *lessons.Cell:
		f.end()
		f.cell(b)
	case *lessons.Claim:
		f.end()
		f.claim(b)
	case *lessons.Recall:
		f.end()
		for _, q := range b.Questions {
			f.node(q.Asks, q.Asks.Node)
			f.node(q.Answer, q.Answer.Node)
		}
	}
}

// cell adds a cell, with what came of it: each line once, whichever modes printed it.
func (f *foundPage) cell(c *lessons.Cell) {
	site := f.page.site
	parts := []search.Part{{Field: search.Code, Text: c.Source}}
	result := site.results[f.page.lesson.Name+"/"+c.ID]
	shown := shownRuns(c, result)
	runs := at(shown, values(c, shown)[0])
	var printed strings.Builder
	seen := make(map[string]bool)
	say := func(text string) {
		if !seen[text] && printed.Len() < maxFound {
			seen[text] = true
			printed.WriteString(text[:min(len(text), maxFound)] + "\n")
		}
	}
	for _, mode := range modesOf(c, result) {
		if runs[mode] == nil {
			continue
		}
		run := *runs[mode]
		run.Output.Lines = run.Output.Lines[:min(len(run.Output.Lines), maxFound/8)]
		for _, line := range f.page.output(c, &run) {
			say(line.text)
		}
		say(howEnded(c, &run).Words)
	}
	if printed.Len() > 0 {
		parts = append(parts, search.Part{Field: search.Output, Text: printed.String()})
	}
	f.section(search.Section{Kind: search.Cell, Anchor: lessons.CellPrefix + c.ID, Heading: "#" + c.ID, Parts: parts})
}

// claim adds a claim with its verdict, and why.
func (f *foundPage) claim(c *lessons.Claim) {
	site, outer := f.page.site, f.at
	s := search.Section{Kind: search.Claim, Anchor: lessons.ClaimPrefix + c.ID, Heading: oneLine(c.Says)}
	if c.Said != nil {
		s.Heading = oneLine(plainText(c.Said.Node, f.page.lesson.Source))
	}
	if j := site.report.Judgments[f.page.lesson.Name+"/"+c.ID]; j != nil {
		verdict, because := site.verdictSentence(j)
		s.Parts = append(s.Parts, search.Part{Field: search.Text, Text: verdict + " " + because})
	}
	s.Parts = append(s.Parts, search.Part{Field: search.Code, Text: c.ID})
	f.at = f.section(s)
	for _, b := range c.Because {
		f.node(b, b.Node)
	}
	f.end()
	f.at = outer
}

// node adds the text of a node, of which block it is a part.
func (f *foundPage) node(block *lessons.Prose, n ast.Node) {
	source := f.page.lesson.Source
	switch n := n.(type) {
	case *ast.Text:
		f.segment(n.Value(source), n.IsRaw())
		if n.SoftLineBreak() || n.HardLineBreak() {
			f.text = append(f.text, ' ')
		}
		return
	case *ast.String:
		f.text = append(f.text, n.Value...)
		return
	case *ast.CodeSpan:
		if v := block.Values[n]; v != nil {
			f.text = append(f.text, f.page.site.report.Values[v.Position].Text...)
			return
		}
	case *ast.AutoLink:
		f.text = append(f.text, n.Label(source)...)
		return
	case *lessons.Math:
		f.text = append(f.text, n.Source...)
		return
	case *ast.Heading:
		f.end()
		f.at = f.section(search.Section{Kind: search.Prose, Anchor: f.page.lesson.Anchors().Heading(n), Heading: oneLine(plainText(n, source))})
		return
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		if inner, ok := block.Inner[n]; ok {
			f.block(inner)
		} else {
			f.end()
			f.add(search.Code, string(n.Lines().Value(source)))
		}
		return
	case *ast.HTMLBlock, *ast.RawHTML, *east.FootnoteLink, *east.FootnoteBacklink:
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		f.node(block, c)
	}
	if n.Type() == ast.TypeBlock { // words of two blocks, or cells of a table, are not one
		f.text = append(f.text, ' ')
	}
}

// segment adds a piece of text, as it is read.
func (f *foundPage) segment(text []byte, raw bool) {
	if !raw && (bytes.IndexByte(text, '&') >= 0 || bytes.IndexByte(text, '\\') >= 0) {
		text = util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(text)))
	}
	f.text = append(f.text, text...)
}
