package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"course/lessons"
	"course/site/markup"
)

const (
	indexName     = lessons.IndexPage
	styleName     = "assets/style.css"
	scriptName    = "assets/page.js"
	iconName      = "assets/icon.svg"
	smallIconName = "assets/icon-192.png" // maskable, as the next is
	largeIconName = "assets/icon-512.png"
)

// A document is a page as a whole: what its head says of it, and what stands around its main part.
type document struct {
	name        string      // of its file
	title       string      // its own, before that of the course
	description string      // a sentence or two, may be empty
	class       pageClass   // how it is laid out
	lesson      *lessonPage // whose page it is, or nil
	unlisted    bool        // search engines are to leave it out
	picture     string      // the name of the file that link previews show, which may be missing
	pictureSays string      // for those who cannot see it
}

// A pageClass is a class of body that the style sheet knows.
type pageClass int

const (
	besideCourse pageClass = iota // the navigation of the course stands beside it
	onItsOwn                      // nothing does
)

// page draws a document around what main writes.
func (s *Site) page(d document, main func(*markup.Writer) error) ([]byte, error) {
	var w markup.Writer
	if d.lesson != nil {
		l := d.lesson.lesson
		w.Grow(16<<10 + 2*len(l.Source) + 40<<10*len(l.Cells())) // a measured cell takes about so much
	}
	s.head(&w, d)
	if d.class == onItsOwn {
		w.Raw(`<body class="start">` + "\n")
	} else {
		w.Raw("<body>\n")
	}
	w.Raw(`<a class="skip" href="#main">Skip to the content</a>` + "\n")
	if d.class == besideCourse {
		w.Raw(`<div class="house">` + "\n")
		s.sidebar(&w, d.name)
	}
	w.Raw(`<main id="main" tabindex="-1">` + "\n")
	if d.class == besideCourse {
		s.crumbs(&w, d)
	}
	if err := main(&w); err != nil {
		return nil, err
	}
	if bytes.Contains(w.Bytes(), []byte(`<use href="#`+swatchPrefix)) { // which no text can be: it would be escaped
		swatchShapes(&w)
	}
	w.Raw("</main>\n")
	s.foot(&w, d.name)
	if d.class == besideCourse {
		w.Raw("</div>\n")
	}
	w.Raw(`<p class="unseen" id="page-status" role="status"></p>` + "\n") // course.say: it has to be there before it says anything
	w.Raw("</body>\n</html>\n")
	return w.Bytes(), nil
}

// head writes what a document begins with. The policy lets in what is the site's own, and no script or style that stands in a page.
func (s *Site) head(w *markup.Writer, d document) {
	w.Raw("<!doctype html>\n<html")
	w.Attr("lang", s.language())
	w.Attr("data-course", s.key())
	w.Raw(`>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="`, paperLight, `">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="`, paperDark, `">
<meta name="referrer" content="no-referrer">
<title>`)
	if d.title != "" {
		w.Text(d.title)
		w.Raw(" · ")
	}
	w.Text(s.course.Title)
	w.Raw("</title>\n")
	s.meta(w, d)
	s.machineLinks(w)
	w.Raw(`<link rel="icon" type="image/svg+xml" href="`, iconName, `">
<link rel="stylesheet" href="`, styleName, `">
<script src="`, scriptName, `"></script>
</head>
`)
}

// key tells what scripts keep for this course from what they keep for others on the same origin. It is that of the title, so that a reader's progress
// stays where lessons come and go.
func (s *Site) key() string {
	sum := sha256.Sum256([]byte(s.course.Title))
	return hex.EncodeToString(sum[:4])
}

// crumbs writes where in the course a page is.
func (s *Site) crumbs(w *markup.Writer, d document) {
	w.Raw(`<nav class="crumbs" aria-label="Breadcrumbs"><ol><li><a href="index.html" dir="auto">`)
	w.Text(s.course.Title)
	w.Raw(`</a></li><li aria-current="page">`)
	if d.lesson != nil {
		w.Raw("Lesson ")
		w.Int(d.lesson.number)
		w.Raw(" of ")
		w.Int(len(s.pages))
	} else {
		w.Text(d.title)
	}
	w.Raw("</li></ol></nav>\n")
}

// foot writes what all pages end with: links to the further pages; current is the name of its file.
func (s *Site) foot(w *markup.Writer, current string) {
	w.Raw(`<footer class="site">` + "\n")
	s.further(w, current)
	w.Raw("</footer>\n")
}

// further writes the list of the pages beside the lessons.
func (s *Site) further(w *markup.Writer, current string) {
	all := s.references()
	if len(all) == 0 {
		return
	}
	w.Raw(`<ul class="further">`)
	for _, p := range all {
		w.Raw("<li><a")
		w.Attr("href", p.name)
		if p.name == current {
			w.Raw(` aria-current="page"`)
		}
		w.Raw(">")
		w.Text(p.title)
		w.Raw("</a></li>")
	}
	w.Raw("</ul>\n")
}
