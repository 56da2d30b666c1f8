package site

import (
	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/markup"
)

// figures writes what is drawn of a cell's results: how long it took, its memory, what its workers did, what came of it and how often.
func (p *lessonPage) figures(w *markup.Writer, c *lessons.Cell, result *runner.Result, shown map[program.Mode]*runner.Run, level int) error {
	v := struct {
		Level    int
		Chart    *chart
		Timeline *timeline
		Memory   *memory
		Tallies  []tally
		Rule     string
	}{Level: level}
	show := c.Show
	if show == (lessons.Show{}) {
		show = lessons.Show{Output: true, Time: true, Timeline: true}
	}
	if timings := p.site.report.Timings[p.lesson.Name+"/"+c.ID]; show.Time && len(timings) > 0 {
		v.Chart = newChart(timings)
	}
	if v.Memory = newMemory(c, result); v.Memory != nil {
		v.Memory.Open = c.Show.Memory && v.Chart == nil
	}
	if v.Tallies = p.tallies(c); len(v.Tallies) > 0 {
		v.Rule = rule(result)
	}
	if show.Timeline {
		if v.Timeline = newTimeline(c.Options.Modes, shown); v.Timeline != nil {
			v.Timeline.Open = c.Show.Timeline && v.Chart == nil && (v.Memory == nil || !v.Memory.Open)
		}
	}
	drawn, err := execute("figures", v)
	w.Trusted(drawn)
	return err
}
