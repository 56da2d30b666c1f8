package chart

import (
	"cmp"
	"math"
	"strconv"

	"course/quantity"
	"course/site/markup"
)

// Times compares how long a program took in each mode: what of it a processor worked is solid, the rest, waiting, pale, with the interval and the single
// runs. Several processors may have worked at once: then all is solid.
type Times struct {
	Rows []TimesRow
}

// A TimesRow is one mode of Times, in nanoseconds.
type TimesRow struct {
	Mode      Mode
	Wall, CPU Range
	Runs      []float64 // the wall time of each that counts
	Noise     string    // why that means little, in words; empty where nothing was noticed
}

// maxDots bounds the single runs that are drawn in a row.
const maxDots = 64

// Draw draws the chart.
func (c Times) Draw(w *markup.Writer, f Frame) {
	f.head(w, "times", "How long it took", cmp.Or(c.says(), nothing))
	x := c.axis().ruled()
	f.drawing(w, "bars", "says")
	beyond := 0
	for _, r := range c.Rows {
		w.Raw(`<div`)
		w.Attr("class", "bar "+r.Mode.Class)
		w.Raw(`><span class="who">`)
		r.Mode.label(w)
		w.Raw("</span>\n")
		beyond += r.draw(w, x)
		w.Raw("\n" + `<span class="value">`)
		w.Text(r.Wall.text(ofTime))
		w.Raw("</span></div>\n")
	}
	x.belowBars(w)
	for _, r := range c.Rows {
		if r.Noise != "" {
			w.Raw(`<p class="noisy"><b>`)
			w.Text(r.Mode.Name)
			w.Raw(`: noisy.</b> `)
			w.Text(r.Noise)
			w.Raw(".</p>\n")
		}
	}
	c.legend(w, beyond)
	f.table(w, "Mode", "Median", "Interval", "Processor time", "Runs")
	w.Raw("<tbody>\n")
	for _, r := range c.Rows {
		r.Mode.row(w)
		median, interval := r.Wall.words(ofTime)
		cell(w, median)
		cell(w, interval)
		cell(w, r.CPU.text(ofTime))
		w.Raw(`<td>`)
		w.Int(len(r.Runs))
		w.Raw("</td></tr>\n")
	}
	w.Raw("</tbody>\n")
	f.foot(w)
}

// axis is long enough for each interval, and for single runs that took up to half as long again: one that was held up is not to make all others small.
func (c Times) axis() axis {
	var longest float64
	for _, r := range c.Rows {
		longest = max(longest, finite(r.Wall.Median), finite(r.Wall.High))
	}
	end := longest
	for _, r := range c.Rows {
		for _, run := range r.Runs {
			if run <= 1.5*longest {
				end = max(end, run)
			}
		}
	}
	return linear(end, ofTime, 6)
}

// timesHeight is that of a row's drawing in pixels.
const timesHeight = 28

// draw draws the bar of a row, and returns how many single runs are beyond the axis.
func (r TimesRow) draw(w *markup.Writer, x ruled) (beyond int) {
	median, low, high := x.at(r.Wall.Median), x.at(r.Wall.Low), x.at(r.Wall.High)
	row(w, timesHeight)
	w.Add(x.grid)
	bar(w, "pale", 3, 14, 0, median)
	bar(w, "solid", 3, 14, 0, min(x.at(r.CPU.Median), median))
	var whisker path
	whisker.interval(10, low, high)
	whisker.alone(w, "whisker", timesHeight)
	w.Raw(`<g class="run">`)
	for i, run := range r.Runs {
		switch {
		case finite(run) > x.high:
			beyond++
		case i < maxDots:
			w.Raw(`<circle`)
			w.AttrDecimal("cx", x.at(run), 2, "%")
			w.Raw(`/>`)
		}
	}
	w.Raw(`</g></svg>`)
	return beyond
}

func (c Times) legend(w *markup.Writer, beyond int) {
	w.Raw(`<p class="legend"><span><svg width="14" height="10" aria-hidden="true"><rect class="solid" width="14" height="10"/></svg> on a processor</span> `,
		`<span><svg width="14" height="10" aria-hidden="true"><rect class="pale" width="14" height="10"/></svg> waiting</span> `,
		`<span><svg width="16" height="10" aria-hidden="true"><g class="whisker"><line x1="1" x2="15" y1="5" y2="5"/><line x1="1" x2="1" y1="1" y2="9"/><line x1="15" x2="15" y1="1" y2="9"/></g></svg> `)
	ranges := make([]Range, 0, len(c.Rows))
	for _, r := range c.Rows {
		ranges = append(ranges, r.Wall)
	}
	w.Text(whisker(ranges))
	w.Raw(`</span> <span><svg width="8" height="10" aria-hidden="true"><circle class="run" cx="4" cy="5" r="2"/></svg> a run`)
	if beyond > 0 {
		w.Raw(`; `)
		w.Text(quantity.Count(beyond, "run"))
		w.Raw(` took longer than is drawn`)
	}
	w.Raw("</span></p>\n")
}

// whisker says what the ends of intervals are.
func whisker(ranges []Range) string {
	for _, r := range ranges {
		if !r.Covers {
			return "least to greatest"
		}
	}
	return "95 % interval of the median"
}

// says compares the modes, as far as their intervals tell, and says what processors did meanwhile.
func (c Times) says() string {
	if len(c.Rows) == 0 {
		return ""
	}
	took := make([]string, 0, len(c.Rows))
	for i, r := range c.Rows {
		name := r.Mode.within()
		if i == 0 {
			name = r.Mode.subject() + " took"
		}
		took = append(took, name+" "+r.Wall.text(ofTime))
	}
	return list(took) + c.quickest() + c.busy() + "."
}

// quickest says where runs do not tell which of two modes is: the two that took least.
func (c Times) quickest() string {
	if len(c.Rows) < 2 {
		return ""
	}
	first, second := c.Rows[0], c.Rows[1]
	if second.Wall.Median < first.Wall.Median {
		first, second = second, first
	}
	for _, r := range c.Rows[2:] {
		switch {
		case r.Wall.Median < first.Wall.Median:
			first, second = r, first
		case r.Wall.Median < second.Wall.Median:
			second = r
		}
	}
	if first.Wall.below(second.Wall) {
		return ""
	}
	return "; whether " + first.Mode.within() + " or " + second.Mode.within() + " take less, these runs do not tell"
}

// busy says how much of the time processors worked where that is plain: hardly any of it in each mode, or more than one at once.
func (c Times) busy() string {
	var several []string
	idle, longest := true, 0.0
	for _, r := range c.Rows {
		longest = max(longest, finite(r.CPU.High))
		idle = idle && r.CPU.High <= r.Wall.Low/10
		if r.Wall.High > 0 && r.CPU.Low > 1.1*r.Wall.High {
			at := finite(r.CPU.Median / r.Wall.Median)
			several = append(several, r.Mode.within()+" "+strconv.FormatFloat(at, 'f', 1, 64))
		}
	}
	switch {
	case len(several) > 0:
		return "; processors busy at once: " + list(several)
	case !idle || longest == 0:
		return ""
	}
	of := "any of them"
	switch len(c.Rows) {
	case 1:
		of = "that"
	case 2:
		of = "either"
	}
	digit := math.Pow10(int(math.Floor(math.Log10(longest))))
	return "; a processor was busy for at most " + ofTime.short(math.Ceil(longest/digit-1e-9)*digit) + " of " + of
}
