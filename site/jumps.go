package site

import (
	"course/lessons"
	"course/site/markup"
)

// jumps writes links to what a reader looks for first: the code of the first cell that was run, what it printed, and what became of the first claim.
func (p *lessonPage) jumps(w *markup.Writer) {
	var to [][2]string // a place, and what is there
	for _, c := range p.lesson.Cells() {
		result := p.site.results[p.lesson.Name+"/"+c.ID]
		shown := shownRuns(c, result)
		if len(shown) == 0 || c.Show != (lessons.Show{}) && !c.Show.Output {
			continue
		}
		anchor := lessons.CellPrefix + c.ID
		to = append(to, [2]string{anchor, "The code"})
		if panes, _ := p.panes(c, result, at(shown, values(c, shown)[0]), anchor+"-"); len(panes) > 0 {
			to = append(to, [2]string{panes[0].ID, "what it printed"})
		}
		break
	}
	if claims := p.lesson.Claims(); len(claims) > 0 {
		to = append(to, [2]string{lessons.ClaimPrefix + claims[0].ID, "the answer"})
	}
	if len(to) < 2 {
		return
	}
	w.Raw(`<nav class="jumps" aria-label="What to look for">`)
	for _, link := range to {
		w.Raw("<a")
		w.Attr("href", "#"+link[0])
		w.Raw(">")
		w.Text(link[1])
		w.Raw("</a> ")
	}
	w.Raw("</nav>\n")
}
