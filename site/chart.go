package site

import (
	"html"
	"html/template"
	"strconv"
	"time"

	"course/evidence"
	"course/problem"
	"course/quantity"
)

// A chart compares how long a program took in each mode. Its labels are text beside small drawings, so
// that they keep their size on a small screen.
type chart struct {
	Says    string // what the bars are
	Whisker string // what the whiskers are
	Bars    []bar
	Axis    axis
}

type bar struct {
	Mode    look
	Wall    string
	Noise   string // why that means little
	Drawing template.HTML
}

func newChart(timings []evidence.Timing) *chart {
	var longest time.Duration
	covered, runs := true, timings[0].Runs
	for _, t := range timings {
		longest = max(longest, t.Wall.Median, t.Wall.High)
		covered = covered && t.Wall.Covers
		if t.Runs != runs {
			runs = 0
		}
	}
	c := &chart{Axis: newAxis(longest), Says: "median", Whisker: "least to greatest"}
	for _, t := range timings {
		c.Bars = append(c.Bars, bar{Mode: lookOf(t.Mode), Wall: t.Wall.String(), Noise: problem.Printable(t.Noise), Drawing: drawBar(c.Axis, t)})
	}
	if runs > 0 {
		c.Says += " of " + quantity.Count(runs, "run")
	}
	if covered {
		c.Whisker = "95 % interval of the median"
	}
	return c
}

// drawBar draws how long a mode took: what of it a processor worked solid, the rest pale, and a whisker for
// the interval. Several processors may have worked at once: then all is solid. Its text says all of that.
func drawBar(a axis, t evidence.Timing) template.HTML {
	busy := min(t.CPU.Median, t.Wall.Median)
	low, high := a.percent(t.Wall.Low), a.percent(t.Wall.High)
	return template.HTML(`<svg class="lane" width="100%" height="22" role="img" aria-label="` + html.EscapeString(sayTiming(t)) + `">` + a.grid +
		`<rect class="pale" y="4" width="` + a.percent(t.Wall.Median) + `" height="14"/>` +
		`<rect class="solid" y="4" width="` + a.percent(busy) + `" height="14"/>` +
		`<g class="whisker"><line x1="` + low + `" x2="` + high + `" y1="11" y2="11"/>` +
		`<line x1="` + low + `" x2="` + low + `" y1="7" y2="15"/><line x1="` + high + `" x2="` + high + `" y1="7" y2="15"/></g></svg>`)
}

// sayTiming says in words what a bar shows.
func sayTiming(t evidence.Timing) string {
	interval := ", from " + t.Wall.Interval()
	if t.Wall.Covers {
		interval = ", 95 % interval " + t.Wall.Interval()
	}
	says := lookOf(t.Mode).Name + ": median " + t.Wall.String() + interval + ", " + quantity.Count(t.Runs, "run") + "; processor time " + t.CPU.String()
	if t.Wall.Median > 0 && t.CPU.Median > t.Wall.Median {
		cores := float64(t.CPU.Median) / float64(t.Wall.Median)
		says += ", that is " + strconv.FormatFloat(cores, 'f', 1, 64) + " processors at once"
	}
	return says
}
