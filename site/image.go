package site

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"course/lessons"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
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
func (r *prose) paragraph(w *markup.Writer, _ []byte, node ast.Node, entering bool) ast.WalkStatus {
	image := pictured(node)
	switch {
	case image == nil && entering:
		w.Raw("<p>")
	case image == nil:
		w.Raw("</p>\n")
	case entering:
		w.Raw(`<figure class="picture">`)
	default:
		if len(image.Title) > 0 {
			w.Raw("<figcaption>")
			w.Text(string(image.Title))
			w.Raw("</figcaption>")
		}
		w.Raw("</figure>\n")
	}
	return ast.WalkContinue
}

func (r *prose) image(w *markup.Writer, source []byte, node ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	n := node.(*ast.Image)
	title := string(n.Title)
	if pictured(n.Parent()) == n { // it is the caption
		title = ""
	}
	r.writeImage(w, shown{resolved(n.Destination), plainText(n, source), title, ""})
	return ast.WalkSkipChildren
}

// shown is what a lesson says of an image: its destination, and texts that may be empty.
type shown struct{ destination, alt, title, width string }

// writeImage writes an image of the course, with its size, so that nothing moves when it comes. What is shown of any other is its text, as a link where it
// can be one: no page asks anything of another site.
func (r *prose) writeImage(w *markup.Writer, s shown) {
	file, ok := r.page.lesson.ImageFile(s.destination)
	one := r.page.site.course.Images[file]
	if !ok || one == nil {
		href := safeURL(s.destination)
		if ok || !strings.HasPrefix(href, "http") {
			href = ""
		}
		linked(w, href, cmp.Or(s.alt, href))
		return
	}
	width, height := scaled(one, s.width)
	w.Raw("<img")
	w.Attr("src", imageName(one))
	w.Attr("alt", s.alt)
	w.AttrInt("width", width)
	w.AttrInt("height", height)
	if s.title != "" {
		w.Attr("title", s.title)
	}
	if r.images++; r.images > 1 { // the first is likely to be seen at once
		w.Raw(` loading="lazy"`)
	}
	w.Raw(">")
}
