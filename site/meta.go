package site

import (
	"cmp"
	"net/url"
	"strings"
	"unicode/utf8"

	"course/lessons"
	"course/site/markup"

	"github.com/yuin/goldmark/ast"
)

// maxDescription is about what search engines and link previews show, in characters.
const maxDescription = 160

// paper is the colour of pages, light and dark, as in style/01-colours.css: browsers colour with it what surrounds a page.
const (
	paperLight = "#fdfcf9"
	paperDark  = "#13171a"
)

// meta writes what a head says to search engines and link previews. What needs an absolute address is there only where the course says where it is
// published. Nothing is said as JSON-LD: it would stand in a script element, where no text of a course ever stands.
func (s *Site) meta(w *markup.Writer, d document) {
	property := func(name, content string) {
		if content != "" {
			w.Raw("<meta")
			w.Attr("property", name)
			w.Attr("content", content)
			w.Raw(">\n")
		}
	}
	description := shortened(cmp.Or(d.description, s.course.Summary), maxDescription)
	if description != "" {
		w.Raw(`<meta name="description"`)
		w.Attr("content", description)
		w.Raw(">\n")
	}
	if d.unlisted {
		w.Raw(`<meta name="robots" content="noindex">` + "\n")
		return
	}
	address := s.address(d.name)
	if address == "" {
		return
	}
	property("og:title", cmp.Or(d.title, s.course.Title))
	property("og:description", description)
	property("og:site_name", s.course.Title)
	if d.lesson != nil {
		property("og:type", "article")
	} else {
		property("og:type", "website")
	}
	property("og:url", address)
	if d.picture == "" {
		d.picture, d.pictureSays = previewName, s.course.Title
	}
	card := "summary"
	if s.files[d.picture] != nil {
		card = "summary_large_image"
		property("og:image", s.address(d.picture))
		property("og:image:alt", d.pictureSays)
	}
	w.Raw(`<meta name="twitter:card"`)
	w.Attr("content", card)
	w.Raw(">\n<link rel=\"canonical\"")
	w.Attr("href", address)
	w.Raw(">\n")
}

// address returns where a file of the site is published, or "" where that is not known.
func (s *Site) address(name string) string {
	if s.course.URL == "" {
		return ""
	}
	if name == indexName {
		name = ""
	}
	return s.course.URL + (&url.URL{Path: name}).EscapedPath()
}

// language returns that of the lessons.
func (s *Site) language() string { return cmp.Or(s.course.Language, "en") }

// describe returns what a lesson is about: its summary, else its first paragraph.
func describe(l *lessons.Lesson) string {
	if l.Summary != "" {
		return l.Summary
	}
	for _, b := range l.Blocks {
		p, ok := b.(*lessons.Prose)
		if !ok || p.Node.Kind() != ast.KindParagraph || len(p.Values) > 0 { // values are not known here
			continue
		}
		if text := strings.TrimSpace(plainText(p.Node, l.Source)); text != "" {
			return text
		}
	}
	return ""
}

// shortened returns at most limit characters of a text, as one line that ends with a word.
func shortened(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	cut := string([]rune(text)[:limit-1])
	if end := strings.LastIndexByte(cut, ' '); end > 0 {
		cut = cut[:end]
	}
	return strings.TrimRight(cut, " ,;:–—-") + "…"
}
