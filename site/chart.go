package site

import (
	"strconv"
	"time"

	"course/evidence"
	"course/program"
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
	Mode         program.Mode
	Wall         string
	Busy, Length string // percent of the axis: on a processor, and in all
	Low, High    string // ends of the whisker
	Says         string // all that the drawing does
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
		busy := min(t.CPU.Median, t.Wall.Median)
		c.Bars = append(c.Bars, bar{
			Mode: t.Mode, Wall: t.Wall.String(),
			Busy: c.Axis.percent(busy), Length: c.Axis.percent(t.Wall.Median),
			Low: c.Axis.percent(t.Wall.Low), High: c.Axis.percent(t.Wall.High),
			Says: sayTiming(t),
		})
	}
	if runs > 0 {
		c.Says += " of " + count(runs, "run")
	}
	if covered {
		c.Whisker = "95 % interval of the median"
	}
	return c
}

// sayTiming says in words what a bar shows.
func sayTiming(t evidence.Timing) string {
	interval := ", from " + t.Wall.Interval()
	if t.Wall.Covers {
		interval = ", 95 % interval " + t.Wall.Interval()
	}
	says := modeName(t.Mode) + ": median " + t.Wall.String() + interval + ", " + count(t.Runs, "run") + "; processor time " + t.CPU.String()
	if t.Wall.Median > 0 && t.CPU.Median > t.Wall.Median {
		cores := float64(t.CPU.Median) / float64(t.Wall.Median)
		says += ", that is " + strconv.FormatFloat(cores, 'f', 1, 64) + " processors at once"
	}
	return says
}
