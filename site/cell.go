package site

import (
	"strconv"
	"strings"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
	"course/site/markup"
)

// cell writes a cell with these lines of code, whose headings are of that level: one object with its code, what came of it, and how that is known.
func (p *lessonPage) cell(w *markup.Writer, c *lessons.Cell, lines []codeLine, level int) error {
	id := p.lesson.Name + "/" + c.ID
	result := p.site.results[id]
	level = min(level, 6)
	show := c.Show
	if show == (lessons.Show{}) { // all that there is
		show = lessons.Show{Output: true, Time: true, Timeline: true}
	}
	cellHeader(w, c, id)
	w.Raw(`<div class="source">` + "\n")
	code(w, lines, segments(len(lines), c.Fold, checkedOutput(c)), remarks{c.Position.Line, c.Mark, c.Notes, p.named()})
	w.Raw("</div>\n")
	if result != nil {
		notice(w, "This cell has problems", p.located(result))
	}
	shown := shownRuns(c, result)
	if show.Output {
		p.writePanes(w, c, result, shown, level)
	}
	p.figures(w, c, result, at(shown, values(c, shown)[0]), level)
	if timings := p.site.report.Timings[id]; (show.Time || show.Speedup) && len(timings) > 0 && result != nil {
		runsTable(w, c, result, timings)
	}
	if result != nil && len(result.Runs) > 0 {
		p.site.originOf(w, result)
	}
	w.Raw("</section>\n")
	return nil
}

// cellHeader writes what a cell begins with: how it is called, and on what terms it runs.
func cellHeader(w *markup.Writer, c *lessons.Cell, id string) {
	anchor := lessons.CellPrefix + c.ID
	w.Raw(`<section class="cell"`)
	w.Attr("id", anchor)
	w.Attr("aria-label", "Cell "+c.ID)
	w.Attr("data-program", id)
	w.Raw(">\n<header><a class=\"permalink\"")
	w.Attr("href", "#"+anchor)
	w.Raw(">#")
	w.Text(c.ID)
	w.Raw("</a>")
	if says := terms(c.Options); says != "" {
		w.Raw(`<span class="terms">`)
		w.Text(says)
		w.Raw("</span>")
	}
	w.Raw("</header>\n")
}

// located returns what went wrong with a cell, with positions as they are in the lesson now.
func (p *lessonPage) located(result *runner.Result) (problems problem.List) {
	for _, q := range result.Problems {
		problems = append(problems, p.site.course.Locate(result.ID, q))
	}
	return problems
}

// terms says how a cell is run.
func terms(o program.Options) string {
	var names []string
	for _, m := range o.Modes {
		switch m {
		case program.Plain:
		case program.Serial:
			names = append(names, "one after another")
		case program.Goroutine, program.Thread, program.Process:
			names = append(names, "as "+strings.ToLower(lookOf(m).Name))
		}
	}
	var all []string
	switch n := len(names); {
	case len(o.Modes) == 0:
		all = append(all, "compiled, not run")
	case n > 2:
		all = append(all, "runs in "+strconv.Itoa(n)+" modes")
	case n > 0:
		all = append(all, "runs "+strings.Join(names, " and "))
	}
	if o.Procs > 0 {
		all = append(all, "GOMAXPROCS="+strconv.Itoa(o.Procs))
	}
	return strings.Join(all, " · ")
}
