package site

import "course/site/markup"

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
