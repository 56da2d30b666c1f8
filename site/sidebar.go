package site

import (
	"slices"

	"course/quantity"
	"course/site/markup"
)

// maxBeside is how many lessons a page lists beside itself. With all of a thousand on each of a thousand pages, a site would be little else.
const maxBeside = 60

// sidebar writes the navigation that pages have beside what they are of; current is the name of the page's file. Scripts fill .find, where search
// is, .progress, which says how many lessons are read, and .tools, for the theme and its like.
func (s *Site) sidebar(w *markup.Writer, current string) {
	w.Raw(`<nav class="course" aria-label="Course">
<a class="brand" href="index.html" dir="auto">`)
	w.Text(s.course.Title)
	w.Raw("</a>\n<div class=\"find\"></div>\n<details><summary>Lessons</summary>\n<ol>\n")
	shown, before, after := s.beside(current)
	if before > 0 {
		s.more(w, before, "before")
	}
	for _, p := range shown {
		w.Raw("<li><a")
		w.Attr("href", p.link())
		if p.href == current {
			w.Raw(` aria-current="page"`)
		}
		w.Raw(`><span class="number">`)
		w.Int(p.number)
		w.Raw(`</span><span dir="auto">`)
		w.Text(p.title())
		w.Raw("</span></a></li>\n")
	}
	if after > 0 {
		s.more(w, after, "after")
	}
	w.Raw("</ol>\n<div class=\"progress\"></div>\n</details>\n<div class=\"tools\"></div>\n</nav>\n")
}

// beside returns the lessons that the page of that file lists, those around it, and how many there are before and after these.
func (s *Site) beside(current string) (shown []*lessonPage, before, after int) {
	at := max(slices.IndexFunc(s.pages, func(p *lessonPage) bool { return p.href == current }), 0)
	from := max(min(at-maxBeside/2, len(s.pages)-maxBeside), 0)
	to := min(from+maxBeside, len(s.pages))
	return s.pages[from:to], from, len(s.pages) - to
}

// more writes that there are n more lessons before or after those that are listed, all of which the first page has.
func (s *Site) more(w *markup.Writer, n int, where string) {
	w.Raw(`<li><a class="more" href="`, indexName, `"><span class="number">…</span><span>`)
	w.Text(quantity.Count(n, "lesson") + " " + where)
	w.Raw("</span></a></li>\n")
}
