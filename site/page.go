package site

import (
	"net/url"
	"strings"

	"course/lessons"
	"course/problem"
	"course/site/markup"
)

func (s *Site) index() ([]byte, error) {
	var w markup.Writer
	s.head(&w, s.course.Title, s.course.Summary)
	w.Raw(`<body class="start">
<a class="skip" href="#main">Skip to the lessons</a>
<main id="main" tabindex="-1">
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
	notice(&w, "This course has problems", s.strayProblems())
	if len(s.pages) == 0 {
		w.Raw("<p>There is no lesson yet.</p>\n")
	} else {
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
	if len(s.course.Sources) > 0 {
		w.Raw(`<p class="board"><a href="`, scoreboardName, `">Scoreboard</a>: what others say, and what was measured.</p>`+"\n")
	}
	w.Raw("</main>\n</body>\n</html>\n")
	return w.Bytes(), nil
}

func (s *Site) missing() ([]byte, error) {
	var w markup.Writer
	s.head(&w, "Not here · "+s.course.Title, "")
	w.Raw(`<body class="start">
<main id="main" tabindex="-1">
<header class="title">
<p class="kicker">404</p>
<h1>There is no such page</h1>
<p class="lead">It may have been renamed. <a href="index.html">All lessons of `)
	w.Text(s.course.Title)
	w.Raw("</a> are on the first page.</p>\n</header>\n</main>\n</body>\n</html>\n")
	return w.Bytes(), nil
}

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
	for _, p := range s.pages {
		if p.lesson.File == name {
			return p
		}
	}
	return nil
}

// A lessonPage draws a lesson.
type lessonPage struct {
	site   *Site
	lesson *lessons.Lesson
	number int
	href   string // the name of its file
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
	var w markup.Writer
	w.Grow(16<<10 + 2*len(p.lesson.Source) + 40<<10*len(p.lesson.Blocks)/3) // a measured cell takes about so much, and two blocks in three are none
	summary := p.lesson.Summary
	p.site.head(&w, p.title()+" · "+p.site.course.Title, summary)
	w.Raw(`<body>
<a class="skip" href="#main">Skip to the lesson</a>
<div class="house">
`)
	p.site.sidebar(&w, p.href)
	w.Raw(`<main id="main" tabindex="-1">
<p class="kicker">Lesson `)
	w.Int(p.number)
	w.Raw(" of ")
	w.Int(len(p.site.pages))
	w.Raw("</p>\n<h1>")
	w.Text(p.title())
	w.Raw("</h1>\n")
	if summary != "" {
		w.Raw(`<p class="crux">`)
		if strings.HasSuffix(strings.TrimSpace(summary), "?") {
			w.Raw("<b>The question</b> ")
		}
		w.Text(summary)
		w.Raw("</p>\n")
	}
	notice(&w, "This lesson has problems", p.problems())
	prose := newProse(p)
	for _, block := range p.lesson.Blocks {
		if err := prose.block(&w, block); err != nil {
			return nil, err
		}
	}
	prose.valueList(&w)
	p.turn(&w)
	w.Raw("</main>\n</div>\n</body>\n</html>\n")
	return w.Bytes(), nil
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
	w.Raw(" · ")
	w.Text(p.title())
	w.Raw("</a>\n")
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
