package site

import (
	"course/problem"
	"course/site/markup"
)

// head writes what a document begins with. The policy lets in what is the site's own, and no script or style that stands in a page.
func (s *Site) head(w *markup.Writer, title, description string) {
	w.Raw(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>`)
	w.Text(title)
	w.Raw("</title>\n")
	if description != "" {
		w.Raw(`<meta name="description"`)
		w.Attr("content", description)
		w.Raw(">\n")
	}
	w.Raw(`<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/style.css">
<script src="assets/page.js"></script>
</head>
`)
}

// sidebar writes the navigation that pages have beside what they are of; current is the name of the page's file.
func (s *Site) sidebar(w *markup.Writer, current string) {
	w.Raw(`<nav class="course" aria-label="Lessons">
<a class="brand" href="index.html">`)
	w.Text(s.course.Title)
	w.Raw("</a>\n<details><summary>Lessons</summary>\n<ol>\n")
	for _, p := range s.pages {
		w.Raw("<li><a")
		w.Attr("href", p.link())
		if p.href == current {
			w.Raw(` aria-current="page"`)
		}
		w.Raw(`><span class="number">`)
		w.Int(p.number)
		w.Raw("</span><span>")
		w.Text(p.title())
		w.Raw("</span></a></li>\n")
	}
	w.Raw("</ol>\n")
	if len(s.course.Sources) > 0 {
		w.Raw(`<a class="board" href="`, scoreboardName, `"`)
		if current == scoreboardName {
			w.Raw(` aria-current="page"`)
		}
		w.Raw(">Scoreboard</a>\n")
	}
	w.Raw("</details>\n</nav>\n")
}

// notice writes a box that says what is wrong, or nothing where nothing is.
func notice(w *markup.Writer, title string, problems problem.List) {
	if len(problems) == 0 {
		return
	}
	w.Raw(`<section class="notice"`)
	w.Attr("aria-label", title)
	w.Raw(`>
<p class="label">`)
	w.Text(title)
	w.Raw("</p>\n<ul>\n")
	for _, p := range problems {
		w.Raw("<li>\n")
		if at := p.Position.String(); at != "" {
			w.Raw(`<code class="at">`)
			w.Text(at)
			w.Raw("</code> ")
		}
		w.Raw(`<span class="message">`)
		w.Text(p.Message)
		w.Raw("</span>\n")
		excerpt(w, p)
		if p.Hint != "" {
			w.Raw(`<p class="hint">`)
			w.Text(p.Hint)
			w.Raw("</p>\n")
		}
		w.Raw("</li>\n")
	}
	w.Raw("</ul>\n</section>\n")
}

// excerpt writes the source line that a problem names, where it names one, with what it is about marked.
func excerpt(w *markup.Writer, p problem.Problem) {
	if p.Source == "" {
		return
	}
	before, marked, after := p.Excerpt()
	w.Raw(`<pre class="excerpt" tabindex="0"><code>`)
	w.Text(before)
	if marked != "" {
		w.Raw("<mark>")
		w.Text(marked)
		w.Raw("</mark>")
	}
	w.Text(after)
	w.Raw("</code></pre>\n")
}
