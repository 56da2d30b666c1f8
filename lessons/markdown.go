package lessons

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is safe for concurrent use: what it knows of a lesson is in the context of the call.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.GFM, extension.Footnote),
	goldmark.WithParserOptions(
		// Before the transformers of tables (200) and link references (100).
		parser.WithParagraphTransformers(util.Prioritized(limiter{}, 1)),
		parser.WithInlineParsers(util.Prioritized(dollars{}, 150)), // code spans (100) come first
		parser.WithASTTransformers(util.Prioritized(alerts{}, 100)),
	),
).Parser()

const (
	maxParagraph  = 16 << 10 // bytes
	maxTableCells = 20_000   // of a lesson; a row may be two bytes and hold as many cells as the head
)

// limits counts what of a lesson goldmark needs more than linear time or memory for.
type limits struct {
	cells    int
	exceeded []excess
}

type excess struct {
	offset        int
	message, hint string
}

var limitsKey = parser.NewContextKey()

// limiter empties paragraphs that are beyond the limits before anything else looks at them. Tables, link
// references and setext headings begin as paragraphs.
type limiter struct{}

// Transform implements parser.ParagraphTransformer.
func (limiter) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	limits, ok := pc.Get(limitsKey).(*limits)
	lines := p.Lines()
	if !ok || lines.Len() == 0 {
		return
	}
	size := lines.At(lines.Len()-1).Stop - lines.At(0).Start
	exceed := func(message, hint string) {
		limits.exceeded = append(limits.exceeded, excess{lines.At(0).Start, message, hint})
		first := lines.At(0)
		p.Lines().Clear()
		p.Lines().Append(text.NewSegment(first.Start, min(first.Stop, first.Start+1)))
	}
	if size > maxParagraph {
		exceed(fmt.Sprintf("the paragraph is longer than %d KiB", maxParagraph>>10), "break it with a blank line; until then it is not read")
		return
	}
	if lines.Len() < 2 {
		return
	}
	second := lines.At(1)
	if delimiters := bytes.TrimSpace(second.Value(reader.Source())); len(bytes.Trim(delimiters, "|:- \t")) == 0 {
		limits.cells += (bytes.Count(delimiters, []byte("|")) + 1) * lines.Len()
		if limits.cells > maxTableCells {
			exceed(fmt.Sprintf("the lesson's tables have more than %d cells", maxTableCells), "make this table smaller, or split the lesson; until then it is not read")
		}
	}
}

// An Alert is a quote that begins with [!NOTE] or one of its kind, as code hosts show it. Its children are
// the rest of the quote.
type Alert struct {
	ast.BaseBlock
	Name string // "note", "tip", "important", "warning" or "caution"
}

// KindAlert is the kind of Alert nodes.
var KindAlert = ast.NewNodeKind("Alert")

// Kind implements ast.Node.
func (*Alert) Kind() ast.NodeKind { return KindAlert }

// Dump implements ast.Node.
func (a *Alert) Dump(source []byte, level int) {
	ast.DumpHelper(a, source, level, map[string]string{"Name": a.Name}, nil)
}

var alertNames = []string{"note", "tip", "important", "warning", "caution"}

// alerts makes an Alert of each quote that is one, in lists and quotes, too.
type alerts struct{}

// Transform implements parser.ASTTransformer.
func (alerts) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var quotes []*ast.Blockquote // all of them first: a walk loses its way where nodes are replaced
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if quote, ok := n.(*ast.Blockquote); ok && entering {
			quotes = append(quotes, quote)
		}
		return ast.WalkContinue, nil
	})
	for _, quote := range quotes {
		if alert := asAlert(quote, reader.Source()); alert != nil {
			quote.Parent().ReplaceChild(quote.Parent(), quote, alert)
		}
	}
}

func asAlert(quote *ast.Blockquote, source []byte) *Alert {
	p, ok := quote.FirstChild().(*ast.Paragraph)
	if !ok || p.Lines().Len() == 0 {
		return nil
	}
	first := p.Lines().At(0)
	label := strings.TrimSpace(string(first.Value(source)))
	name := ""
	for _, known := range alertNames {
		if strings.EqualFold(label, "[!"+known+"]") {
			name = known
		}
	}
	if name == "" || p.Lines().Len() == 1 && p.NextSibling() == nil { // a label alone stays a quote on code hosts
		return nil
	}
	for c := p.FirstChild(); c != nil && c.Pos() < first.Stop; { // the label arrives as several texts
		next := c.NextSibling()
		p.RemoveChild(p, c)
		c = next
	}
	if !p.HasChildren() {
		quote.RemoveChild(quote, p)
	}
	alert := &Alert{Name: name}
	alert.SetPos(quote.Pos())
	for c := quote.FirstChild(); c != nil; {
		next := c.NextSibling()
		alert.AppendChild(alert, c)
		c = next
	}
	return alert
}
