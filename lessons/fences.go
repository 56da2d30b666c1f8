package lessons

import (
	"fmt"
	"slices"
	"strings"

	"course/problem"
	"course/program"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// notYet are the fences that the format will have.
var notYet = []string{"predict", "exercise", "quiz"}

// fence makes a cell or a listing of a fenced block. It is called in any order; cells are numbered later.
func (l *Lesson) fence(n *ast.FencedCodeBlock) Block {
	info, infoAt := "", 0
	if n.Info != nil {
		info, infoAt = string(n.Info.Segment.Value(l.Source)), n.Info.Segment.Start
	}
	language, rest := info, ""
	if i := strings.IndexAny(info, " \t{"); i >= 0 {
		language, rest = info[:i], strings.TrimLeft(info[i:], " \t")
	}
	offset := len(info) - len(rest)
	code := l.content(n, n.Lines())
	listing := &Listing{Position: code.fence, Language: language, Source: code.source, code: code}
	report := func(message, hint string) Block {
		code.failed = true
		l.report(l.at(infoAt), len(language), message, hint)
		return listing
	}
	switch {
	case !l.closed(n, code):
		code.failed = true
		l.report(code.fence, 0, "the code block is never closed", "end it with the same marks on a line of its own")
		return listing
	case slices.Contains(notYet, language):
		return report(language+" blocks are not supported yet", "remove it")
	case (language == "claim" || language == "recall") && rest != "":
		return report("text after "+language, "what there is to say of it stands in the block, each as name: value")
	case language == "claim":
		return l.claim(code, listing)
	case language == "recall":
		return l.recall(code, listing)
	case language == "mermaid" && rest != "":
		return report("text after mermaid", "title and description stand in the block, each on a line: accTitle: …, accDescr: …")
	case language == "mermaid":
		return l.diagram(code, listing)
	case strings.HasPrefix(rest, "{") && language != "go" && language != "python":
		return report(fmt.Sprintf("attributes of a %q block", language), "only go and python blocks have attributes")
	case language != "go" && !(language == "python" && strings.HasPrefix(rest, "{")):
		return listing
	case len(code.source) > maxCell:
		return report(fmt.Sprintf("the code is larger than %d KiB", maxCell>>10), "split it into two blocks")
	case rest == "":
		listing.Check = true
		l.listings = append(l.listings, listing)
		return listing
	case rest[0] != '{':
		code.failed = true
		hint := "attributes are written {#id name=value}"
		if strings.ContainsAny(rest, "#=") {
			hint = fmt.Sprintf("attributes stand in braces: {%s}", excerpt(strings.TrimRight(rest, "} \t")))
		}
		l.report(l.at(infoAt+offset), len(rest), fmt.Sprintf("unexpected %q", excerpt(rest)), hint)
		return listing
	}
	return l.attributed(listing, rest, l.at(infoAt+offset))
}

// attributed makes a cell or a listing of a block with attributes.
func (l *Lesson) attributed(listing *Listing, s string, at problem.Position) Block {
	code := listing.code
	attrs, problems := attributes(s, at)
	for _, p := range problems {
		code.failed = true
		l.report(p.Position, p.Length, p.Message, p.Hint)
	}
	if !slices.ContainsFunc(attrs, func(a attribute) bool { return a.name == "#" }) {
		if len(problems) == 0 {
			l.listing(listing, attrs, at)
		}
		return listing
	}
	cell := &Cell{Position: code.fence, Source: code.source, code: code, attrs: attrs, attrsAt: at}
	if listing.Language == "python" {
		cell.Options.Language = program.Python
	}
	for _, a := range attrs {
		if a.name != "#" {
			continue
		}
		if cell.ID = a.value.items[0].text; !isID(cell.ID) {
			at.Column += a.offset
			l.report(at, a.length, fmt.Sprintf("%q is no id", cell.ID), "an id is a lower-case letter, then lower-case letters, digits and _")
			return listing
		}
	}
	l.cells = append(l.cells, cell)
	return cell
}

// listing reads the attributes of a block without id.
func (l *Lesson) listing(listing *Listing, attrs []attribute, at problem.Position) {
	if len(attrs) > 0 && listing.Language == "python" {
		at.Column += attrs[0].offset
		l.report(at, attrs[0].length, "a Python block with attributes has no id", "name it, {#name …}, to run it; without attributes it is a listing: shown, not run")
		return
	}
	if len(attrs) == 0 {
		l.report(at, 2, "the attributes hold no id", "{#name} makes it a cell; without attributes it is a listing")
		return
	}
	listing.Check = true
	for _, a := range attrs {
		at := problem.Position{File: at.File, Line: at.Line, Column: at.Column + a.offset}
		switch {
		case a.name != "check":
			l.report(at, a.length, "a Go block with attributes has no id", `name it, {#name …}, to run it; a listing knows only check=false`)
			listing.Check = false
		case a.is("true"):
		case a.is("false"):
			listing.Check = false
		default:
			l.report(at, a.length, "check is true or false", "")
			listing.Check = false
		}
	}
	if listing.Check {
		l.listings = append(l.listings, listing)
	}
}

// is reports whether the attribute's value is the one word.
func (a attribute) is(text string) bool {
	return a.value.shape == word && a.value.items[0].text == text
}

// isID reports whether s is a lower-case letter, then lower-case letters, digits and _, at most 64 of them.
func isID(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', i > 0 && ('0' <= c && c <= '9' || c == '_'):
		default:
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// indented makes a listing of an indented code block.
func (l *Lesson) indented(n *ast.CodeBlock) Block {
	code := l.content(n, n.Lines())
	return &Listing{Position: code.fence, Source: code.source, code: code}
}

// content takes the text of a code block out of what surrounds it.
func (l *Lesson) content(n ast.Node, lines *text.Segments) *code {
	c := &code{fence: l.at(position(n)), columns: make([]int, 0, lines.Len())}
	var b strings.Builder
	for _, s := range lines.Sliced(0, lines.Len()) {
		c.columns = append(c.columns, l.at(s.Start).Column-s.Padding)
		line := strings.TrimRight(string(s.Value(l.Source)), "\r\n")
		b.WriteString(line)
		b.WriteByte('\n')
	}
	c.source = b.String()
	return c
}

// closed reports whether the fence has an end of its own, rather than that of what it stands in. goldmark
// does not say: it is if the line after the last is made of its marks, and opens no other fence.
func (l *Lesson) closed(n *ast.FencedCodeBlock, c *code) bool {
	next := c.fence.Line + len(c.columns) + 1
	if next > len(l.starts) {
		return false
	}
	if _, opens := slices.BinarySearch(l.fences, next); opens {
		return false
	}
	open := l.line(c.fence.Line)[position(n)-l.starts[c.fence.Line-1]:]
	mark := open[:1]
	length := len(open) - len(strings.TrimLeft(open, mark))
	line := strings.Trim(l.line(next), " \t>")
	return len(line) >= length && strings.Trim(line, mark) == ""
}
