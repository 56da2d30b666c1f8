package site

import "course/site/markup"

// index draws the first page: what the course is, and its lessons.
func (s *Site) index() ([]byte, error) {
	return s.page(document{name: indexName, description: s.course.Summary, class: onItsOwn}, func(w *markup.Writer) error {
		w.Raw(`<div class="tools"></div><div class="find"></div>
<header class="title">
<h1>`)
		w.Text(s.course.Title)
		w.Raw("</h1>\n")
		if s.course.Summary != "" {
			w.Raw(`<p class="lead">`)
			w.Text(s.course.Summary)
			w.Raw("</p>\n")
		}
		w.Raw("</header>\n")
		notice(w, "This course has problems", s.strayProblems())
		if len(s.pages) == 0 {
			w.Raw("<p>There is no lesson yet.</p>\n")
		} else {
			s.contents(w)
		}
		return nil
	})
}

// contents writes the list of lessons.
func (s *Site) contents(w *markup.Writer) {
	w.Raw(`<ol class="lessons" aria-label="Lessons">` + "\n")
	for _, p := range s.pages {
		w.Raw("<li><a")
		w.Attr("href", p.link())
		w.Raw(`><span class="number">`)
		w.Int(p.number)
		w.Raw(`</span><span class="name">`)
		w.Text(p.title())
		w.Raw("</span></a>")
		if p.lesson.Summary != "" {
			w.Raw("\n<p>")
			w.Text(p.lesson.Summary)
			w.Raw("</p>")
		}
		w.Raw("</li>\n")
	}
	w.Raw("</ol>\n")
}
