package site

import (
	"net/url"
	"strings"

	"course/lessons"
	"course/problem"
	"course/site/markup"
)

// strayProblems returns those that belong to no lesson's page.
func (s *Site) strayProblems() (stray problem.List) {
	for _, p := range s.course.Problems {
		if s.byFile(p.File) == nil {
			stray = append(stray, p)
		}
	}
	return stray
}

func (s *Site) byFile(name string) *lessonPage {
	return s.filed[name]
}

// A lessonPage draws a lesson.
type lessonPage struct {
	site   *Site
	lesson *lessons.Lesson
	number int
	href   string              // the name of its file
	named  func() map[int]bool // namedLines, once
}

// link returns what a page of the site refers to it by.
func (p *lessonPage) link() string { return (&url.URL{Path: p.href}).String() }

func (p *lessonPage) title() string {
	if p.lesson.Title == "" {
		return p.lesson.File
	}
	return p.lesson.Title
}

func (p *lessonPage) draw() ([]byte, error) {
	d := document{name: p.href, title: p.title(), description: describe(p.lesson), lesson: p, picture: p.previewName(), pictureSays: p.previewSays()}
	return p.site.page(d, func(w *markup.Writer) error {
		w.Raw(`<h1 dir="auto">`)
		w.Text(p.title())
		w.Raw("</h1>\n")
		if p.lesson.Summary != "" {
			w.Raw(`<p class="crux">`)
			if strings.HasSuffix(strings.TrimSpace(p.lesson.Summary), "?") {
				w.Raw("<b>The question</b> ")
			}
			w.Text(p.lesson.Summary)
			w.Raw("</p>\n")
		}
		p.jumps(w)
		p.needs(w)
		p.toc(w)
		notice(w, "This lesson has problems", p.problems())
		prose := newProse(p)
		for _, block := range p.lesson.Blocks {
			if err := prose.block(w, block); err != nil {
				return err
			}
		}
		prose.valueList(w)
		p.turn(w)
		return nil
	})
}

// turn writes the links to the lessons before and after.
func (p *lessonPage) turn(w *markup.Writer) {
	all := p.site.pages
	if len(all) < 2 {
		return
	}
	w.Raw(`<nav class="turn" aria-label="Previous and next lesson">` + "\n")
	if i := p.number - 2; i >= 0 && i < len(all) {
		w.Raw(`<a rel="prev"`)
		all[i].towards(w, "Previous")
	}
	if i := p.number; i < len(all) {
		w.Raw(`<a rel="next"`)
		all[i].towards(w, "Next")
	}
	w.Raw("</nav>\n")
}

// towards writes a link to the page from its first attribute on, and what it is from there.
func (p *lessonPage) towards(w *markup.Writer, what string) {
	w.Attr("href", p.link())
	w.Raw("><span>")
	w.Text(what)
	w.Raw("</span>")
	w.Int(p.number)
	w.Raw(" · <bdi>")
	w.Text(p.title())
	w.Raw("</bdi></a>\n")
}

// problems returns those of the lesson, of the course and of its evidence, sorted.
func (p *lessonPage) problems() (found problem.List) {
	seen := make(map[problem.Problem]bool)
	for _, list := range []problem.List{p.site.course.Problems, p.site.report.Problems} {
		for _, q := range list {
			if q.File == p.lesson.File && !seen[q] {
				seen[q] = true
				found = append(found, q)
			}
		}
	}
	found.Sort()
	return found
}
