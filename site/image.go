package site

import (
	"cmp"
	"html"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"course/lessons"
	"course/problem"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// imageName returns the name of an image's file on the site: what its own is called, as far as that is harmless on any system, and what is in it. So no
// two meet, and one that changed is another file to whoever keeps the old one.
func imageName(i *lessons.Image) string {
	const longest, digits = 40, 16
	extension := strings.ToLower(path.Ext(i.File))
	stem := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(strings.TrimSuffix(path.Base(i.File), path.Ext(i.File))))
	return "images/" + stem[:min(len(stem), longest)] + "-" + i.Sum[:digits] + extension
}

// addImages adds the files of the images that lessons show.
func (s *Site) addImages() {
	for _, file := range slices.Sorted(maps.Keys(s.course.Images)) {
		one := s.course.Images[file]
		s.add(imageName(one), func() ([]byte, error) { return []byte(one.Content), nil })
	}
}

// pictured returns the image that a paragraph holds and nothing else, or nil.
func pictured(paragraph ast.Node) *ast.Image {
	if paragraph.ChildCount() != 1 {
		return nil
	}
	image, _ := paragraph.FirstChild().(*ast.Image)
	return image
}

// paragraph draws one that is an image as a figure, whose caption is the image's title.
func (r *prose) paragraph(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	image := pictured(node)
	switch {
	case image == nil && entering:
		_, _ = w.WriteString("<p>")
	case image == nil:
		_, _ = w.WriteString("</p>\n")
	case entering:
		_, _ = w.WriteString(`<figure class="picture">`)
	default:
		if len(image.Title) > 0 {
			_, _ = w.WriteString("<figcaption>" + html.EscapeString(problem.Printable(string(image.Title))) + "</figcaption>")
		}
		_, _ = w.WriteString("</figure>\n")
	}
	return ast.WalkContinue, nil
}

func (r *prose) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	title := string(n.Title)
	if pictured(n.Parent()) == n { // it is the caption
		title = ""
	}
	r.writeImage(w, shown{resolved(n.Destination), plainText(n, source), title, ""})
	return ast.WalkSkipChildren, nil
}

// shown is what a lesson says of an image: its destination, and texts that may be empty.
type shown struct{ destination, alt, title, width string }

// writeImage writes an image of the course, with its size, so that nothing moves when it comes. What is shown of any other is its text, as a link where it
// can be one: no page asks anything of another site.
func (r *prose) writeImage(w util.BufWriter, s shown) {
	text := html.EscapeString(problem.Printable(s.alt))
	file, ok := r.page.lesson.ImageFile(s.destination)
	one := r.page.site.course.Images[file]
	if !ok || one == nil {
		if href := safeURL(s.destination); !ok && strings.HasPrefix(href, "http") {
			text = `<a href="` + html.EscapeString(href) + `">` + cmp.Or(text, html.EscapeString(href)) + "</a>"
		}
		_, _ = w.WriteString(text)
		return
	}
	width, height := scaled(one, s.width)
	_, _ = w.WriteString(`<img src="` + imageName(one) + `" alt="` + text + `" width="` + strconv.Itoa(width) + `" height="` + strconv.Itoa(height) + `"`)
	if s.title != "" {
		_, _ = w.WriteString(` title="` + html.EscapeString(problem.Printable(s.title)) + `"`)
	}
	if r.images++; r.images > 1 { // the first is likely to be seen at once
		_, _ = w.WriteString(` loading="lazy"`)
	}
	_, _ = w.WriteString(">")
}
