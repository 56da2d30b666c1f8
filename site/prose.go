package site

import (
	"net/url"
	"path"
	"strings"

	"course/lessons"
	"course/program"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// A prose draws the blocks of one page. It is goldmark's renderer, but for what lessons have of their
// own, what could become script, and what a strict content-security policy forbids, such as the style
// attribute of a table's cells.
type prose struct {
	page     *lessonPage
	mentions map[ast.Node][]lessons.Mention // of terms, by their text nodes
	renderer renderer.Renderer
	current  *lessons.Prose   // the block that is being drawn
	level    int              // of the last heading
	err      error            // the first failure of a block within prose
	values   []*lessons.Value // that were drawn, each expression once
	colours  *colours         // of the site
	toLex    int              // bytes of code other than Go that may still be coloured
	images   int              // that were drawn
	notes    map[ast.Node]int // by the item of a list that is one: the line of the lesson that it is about
}

func newProse(p *lessonPage) *prose {
	r := &prose{page: p, mentions: p.site.course.Mentions(p.lesson), level: 1, colours: &p.site.colours, toLex: pageLexed}
	r.renderer = renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(r, 100),
		util.Prioritized(gmhtml.NewRenderer(), 1000),
		util.Prioritized(extension.NewTableHTMLRenderer(), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(
			extension.WithFootnoteIDPrefix("note-"),
			extension.WithFootnoteBacklinkHTML(`<span aria-hidden="true">&#8617;&#65038;</span><span class="unseen">Back to the text</span>`),
		), 500),
	))
	return r
}

// block writes a block of the lesson.
func (r *prose) block(w *markup.Writer, b lessons.Block) error {
	switch b := b.(type) {
	case *lessons.Cell:
		r.note(b.Notes)
		language := "go"
		if b.Options.Language != program.Go {
			language = string(b.Options.Language)
		}
		return r.page.cell(w, b, r.codeLines(language, b.Source), r.level+1)
	case *lessons.Listing:
		r.note(b.Notes)
		listing(w, b, r.codeLines(b.Language, b.Source))
	case *lessons.Claim:
		return r.claim(w, b)
	case *lessons.Recall:
		return r.recall(w, b)
	case *lessons.Diagram:
		r.page.diagram(w, b)
	case *lessons.Prose:
		return r.nodes(w, b, b.Node)
	}
	return nil
}

// nodes writes nodes of a block of prose, which is the current one meanwhile.
func (r *prose) nodes(w *markup.Writer, of *lessons.Prose, nodes ...ast.Node) error {
	outer := r.current
	defer func() { r.current = outer }()
	r.current = of
	var out rendered
	for _, n := range nodes {
		if err := r.renderer.Render(&out, r.page.lesson.Source, n); err != nil {
			return err
		}
	}
	w.Trusted(out.harmless())
	return r.err
}

// RegisterFuncs tells goldmark which nodes are drawn here.
func (r *prose) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, instead(r.heading))
	reg.Register(ast.KindFencedCodeBlock, instead(r.code))
	reg.Register(ast.KindCodeBlock, instead(r.code))
	reg.Register(ast.KindCodeSpan, instead(r.codeSpan))
	if len(r.mentions) > 0 {
		reg.Register(ast.KindText, instead(r.text))
	}
	reg.Register(ast.KindLink, instead(r.link))
	reg.Register(ast.KindAutoLink, instead(r.autoLink))
	reg.Register(ast.KindImage, instead(r.image))
	reg.Register(ast.KindParagraph, instead(r.paragraph))
	reg.Register(ast.KindList, instead(r.list))
	reg.Register(ast.KindListItem, instead(r.listItem))
	reg.Register(ast.KindHTMLBlock, instead(r.rawHTML))
	reg.Register(ast.KindRawHTML, instead(r.rawHTML))
	reg.Register(lessons.KindAlert, instead(r.alert))
	reg.Register(lessons.KindMath, instead(r.math))
	reg.Register(east.KindTable, instead(r.table))
	reg.Register(east.KindTableCell, instead(r.tableCell))
	reg.Register(east.KindTaskCheckBox, instead(r.taskBox))
}

func (r *prose) heading(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	n := node.(*ast.Heading)
	level := max(n.Level, 2) // the page's own is the first
	id := r.page.lesson.Anchors().Heading(node)
	if entering {
		r.level = level
		w.Raw("<h")
		w.Int(level)
		w.Attr("id", id)
		w.Raw(">")
		return ast.WalkContinue
	}
	w.Raw(` <a class="anchor"`)
	w.Attr("href", "#"+url.PathEscape(id))
	w.Raw(` aria-label="Link to this section">#</a></h`)
	w.Int(level)
	w.Raw(">\n")
	return ast.WalkContinue
}

// code draws a cell or listing within prose, or a block of code that is neither.
func (r *prose) code(w *markup.Writer, source []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	inner, ok := r.current.Inner[node]
	if !ok {
		inner = &lessons.Listing{Source: string(node.Lines().Value(source))}
	}
	if err := r.block(w, inner); err != nil && r.err == nil {
		r.err = err
	}
	return ast.WalkSkipChildren
}

// codeSpan draws an inline value as what was measured, and any other code span as code.
func (r *prose) codeSpan(w *markup.Writer, source []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	if value := r.current.Values[node]; value != nil {
		r.value(w, value)
		return ast.WalkSkipChildren
	}
	w.Raw("<code>")
	w.Text(strings.ReplaceAll(plainText(node, source), "\n", " "))
	w.Raw("</code>")
	return ast.WalkSkipChildren
}

func (r *prose) link(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	n := node.(*ast.Link)
	href := r.page.target(resolved(n.Destination))
	switch {
	case href == "":
	case entering:
		w.Raw("<a")
		w.Attr("href", href)
		if len(n.Title) > 0 {
			w.Attr("title", string(n.Title))
		}
		w.Raw(">")
	default:
		w.Raw("</a>")
	}
	return ast.WalkContinue
}

func (r *prose) autoLink(w *markup.Writer, source []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	n := node.(*ast.AutoLink)
	destination := string(n.URL(source))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(destination), "mailto:") {
		destination = "mailto:" + destination
	}
	linked(w, r.page.target(destination), string(n.Label(source)))
	return ast.WalkContinue
}

// linked writes a text as a link, or alone where it leads nowhere.
func linked(w *markup.Writer, href, text string) {
	if href == "" {
		w.Text(text)
		return
	}
	w.Raw("<a")
	w.Attr("href", href)
	w.Raw(">")
	w.Text(text)
	w.Raw("</a>")
}

// alert draws a note, a warning and their like.
func (r *prose) alert(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		w.Raw("</div>\n")
		return ast.WalkContinue
	}
	name := node.(*lessons.Alert).Name
	w.Raw("<div")
	w.Attr("class", "alert "+name)
	w.Raw(` role="note"><p class="label">`)
	w.Text(name)
	w.Raw("</p>\n")
	return ast.WalkContinue
}

// table lets a wide table scroll within itself.
func (r *prose) table(w *markup.Writer, _ []byte, _ ast.Node, entering bool) ast.WalkStatus {
	if entering {
		w.Raw(`<div class="wide" role="region" aria-label="Table" tabindex="0"><table>` + "\n")
	} else {
		w.Raw("</table></div>\n")
	}
	return ast.WalkContinue
}

// tableCell is here because goldmark's own writes a style attribute, which the pages' policy refuses,
// and changes the node, which other pages may be reading.
func (r *prose) tableCell(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	n := node.(*east.TableCell)
	head := n.Parent().Kind() == east.KindTableHeader
	switch {
	case entering && head:
		w.Raw(`<th scope="col"`)
	case entering:
		w.Raw("<td")
	case head:
		w.Raw("</th>\n")
	default:
		w.Raw("</td>\n")
	}
	if entering {
		if n.Alignment == east.AlignRight || n.Alignment == east.AlignCenter {
			w.Attr("class", n.Alignment.String())
		}
		w.Raw(">")
	}
	return ast.WalkContinue
}

// taskBox is here because goldmark's own box has no name.
func (r *prose) taskBox(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	switch {
	case !entering:
	case node.(*east.TaskCheckBox).IsChecked:
		w.Raw(`<input checked="" aria-label="done" disabled="" type="checkbox"> `)
	default:
		w.Raw(`<input aria-label="to do" disabled="" type="checkbox"> `)
	}
	return ast.WalkContinue
}

// resolved returns what a destination in Markdown means, with its entities and escapes resolved. What it
// means is what has to be judged: "javascript&colon;" is a scheme, too.
func resolved(destination []byte) string { return string(util.URLEscape(destination, true)) }

// safeURL returns destination where it is one that a page may refer to: http, https, mailto, or relative
// to the page. Else it returns "".
func safeURL(destination string) string {
	destination = strings.TrimSpace(destination)
	u, err := url.Parse(destination)
	if err != nil || destination == "" || strings.ContainsRune(destination, '\\') {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto":
	case "":
		if u.Host != "" || strings.HasPrefix(u.Path, "/") {
			return ""
		}
	default:
		return ""
	}
	return string(util.URLEscape([]byte(destination), false))
}

// target returns what a link of the lesson leads to on the site, or "" where it must not be a link. A link
// to the Markdown of another lesson leads to its page, and one to an image to what is shown of it.
func (p *lessonPage) target(destination string) string {
	href := safeURL(destination)
	u, err := url.Parse(href)
	if href == "" || err != nil {
		return ""
	}
	if u.Scheme != "" {
		return href
	}
	to := p
	if u.Path != "" {
		file := path.Join(path.Dir(p.lesson.File), u.Path)
		if to = p.site.byFile(file); to == nil {
			return p.site.shared(file, u.Fragment)
		}
	}
	fragment, _ := to.lesson.Anchors().Find(u.Fragment)
	switch {
	case fragment != "" && to == p:
		return "#" + url.PathEscape(fragment)
	case fragment != "":
		return url.PathEscape(to.href) + "#" + url.PathEscape(fragment)
	}
	return url.PathEscape(to.href)
}

// shared returns what a link leads to that is no lesson: a page of the site or an image. It is "" where there is none, as lessons has told.
func (s *Site) shared(file, fragment string) string {
	if one := s.course.Images[file]; one != nil {
		return imageName(one)
	}
	switch {
	case s.files[file] == nil:
		return ""
	case fragment != "":
		return file + "#" + url.PathEscape(fragment)
	}
	return file
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
			case *lessons.Math:
				b.WriteString(n.Source)
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
