package chart

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"course/site/markup"
)

// Draw draws the chart: of values that do not ascend those that do.
func (c Lines) Draw(w *markup.Writer, f Frame) {
	c = c.sound()
	f.head(w, "lines", c.title(), cmp.Or(c.says(), nothing))
	if len(c.Values) > 0 {
		field := c.field()
		c.legend(w, &field)
		f.drawing(w, "field", "says")
		c.draw(w, &field)
		w.Raw("</div>\n")
	}
	c.table(w, f)
}

// fieldHeight is that of the drawing in pixels, axisHeight that of a line of labels.
const (
	fieldHeight = 200
	axisHeight  = 18
)

func (c Lines) draw(w *markup.Writer, f *field) {
	gutter := gutter(f.y)
	strip := func() {
		w.Raw(`<div class="plot"><svg`)
		w.AttrInt("width", gutter)
		w.AttrInt("height", axisHeight)
		w.Raw(`></svg><svg class="axis" width="100%"`)
		w.AttrInt("height", axisHeight)
		w.Raw(`>`)
	}
	if len(f.places) > 0 {
		strip()
		f.nameCrossings(w)
		w.Raw("</svg></div>\n")
	}
	w.Raw(`<div class="plot"><svg class="axis"`)
	w.AttrInt("width", gutter)
	w.AttrInt("height", fieldHeight)
	w.Raw(`>`)
	for _, t := range f.y.ticks {
		w.Raw(`<text class="last" x="100%" dx="-7" dy="4"`)
		w.AttrDecimal("y", f.down(t.value), 2, "%")
		w.Raw(`>`)
		w.Text(t.label)
		w.Raw(`</text>`)
	}
	w.Raw(`</svg><svg class="within" width="100%"`)
	w.AttrInt("height", fieldHeight)
	w.Raw(`>`)
	var grid path
	for _, t := range f.y.ticks {
		grid.level(f.down(t.value), 0, 100)
	}
	grid.alone(w, "grid", 100)
	for _, at := range f.places {
		from, to := f.across(at.from), f.across(at.to)
		w.Raw(`<rect class="crossing" height="100%"`)
		w.AttrDecimal("x", from, 2, "%")
		w.AttrDecimal("width", to-from, 2, "%")
		w.Raw(`/>`)
	}
	c.reference(w, f)
	for _, s := range f.drawn {
		w.Raw(`<g`)
		w.Attr("class", s.Mode.Class)
		w.Raw(`>`)
		f.draw(w, c.Values, s)
		w.Raw(`</g>`)
	}
	w.Raw("</svg></div>\n")
	strip()
	f.nameValues(w, c.Values)
	w.Raw("</svg></div>\n" + `<p class="axisname">`)
	w.Text(c.Parameter)
	if f.x.log {
		w.Raw(`, both axes logarithmic`)
	}
	w.Raw("</p>\n")
}

// reference draws what lines are compared with: the ideal, and how many cores there are.
func (c Lines) reference(w *markup.Writer, f *field) {
	if f.ideal == 0 {
		return
	}
	first := c.Values[0].At
	w.Raw(`<g class="ideal">`)
	rule(w, f.across(first), f.across(f.ideal), f.down(1), f.down(f.ideal/first))
	w.Raw(`</g>`)
	if c.coresDrawn(f) {
		at := f.across(float64(c.Cores))
		w.Raw(`<g class="cores">`)
		rule(w, at, at, 0, 100)
		w.Raw(`</g>`)
	}
}

func (c Lines) coresDrawn(f *field) bool {
	n := float64(c.Cores)
	return c.What == Speedup && n >= f.x.low && n <= f.x.high
}

// draw draws one line: between points that follow each other, with their intervals and markers.
func (f *field) draw(w *markup.Writer, values []Value, s Series) {
	stretched(w, 100)
	w.Raw(`<path class="line" d="`)
	drawn := false
	for i, p := range s.Points {
		if !p.Known {
			drawn = false
			continue
		}
		if drawn {
			w.Raw(`L`)
		} else {
			w.Raw(`M`)
		}
		drawn = true
		w.Decimal(f.across(values[i].At), 2)
		w.Raw(` `)
		w.Decimal(f.down(p.Median), 2)
	}
	w.Raw(`"/>`)
	var whisker path
	for i, p := range s.Points {
		if p.Known {
			whisker.upright(f.across(values[i].At), f.down(p.High), f.down(p.Low))
		}
	}
	whisker.draw(w, "whisker")
	w.Raw(`</svg>`)
	for i, p := range s.Points {
		if p.Known {
			w.Raw(`<svg`)
			w.AttrDecimal("x", f.across(values[i].At), 2, "%")
			w.AttrDecimal("y", f.down(p.Median), 2, "%")
			w.Raw(`>`)
			s.Mode.marker(w)
			w.Raw(`</svg>`)
		}
	}
}

// marker draws the shape of a mode around the origin.
func (m Mode) marker(w *markup.Writer) {
	switch m.Class {
	case "serial":
		w.Raw(`<path class="marker" d="M0-5.5 5.5 0 0 5.5-5.5 0z"/>`)
	case "goroutine":
		w.Raw(`<circle class="marker hollow" r="4"/>`)
	case "thread":
		w.Raw(`<rect class="marker" x="-4" y="-4" width="8" height="8"/>`)
	case "process":
		w.Raw(`<path class="marker" d="M0-5.5 5.5 4.5h-11z"/>`)
	default:
		w.Raw(`<circle class="marker" r="4"/>`)
	}
}

// Labels are placed as if they were drawn where there is least room for them: in a window of 320 pixels, of which so many are left for the field.
const (
	leastWidth = 200
	charWidth  = 7.5 // of a digit in the size of labels, generously
	labelGap   = 8
)

// gutter is how wide the labels at the left are.
func gutter(y axis) int {
	longest := 0
	for _, t := range y.ticks {
		longest = max(longest, utf8.RuneCountInString(t.label))
	}
	return int(float64(longest)*charWidth) + 10
}

// nameValues writes values below their places: the last, the first, and of the others those for which there is room.
func (f *field) nameValues(w *markup.Writer, values []Value) {
	type extent struct{ from, to float64 }
	var taken []extent
	name := func(i int) {
		v := values[i]
		half := float64(utf8.RuneCountInString(v.Text)) * charWidth / 2
		at := f.across(v.At)
		middle := min(max(at*leastWidth/100, half), leastWidth-half)
		if slices.ContainsFunc(taken, func(e extent) bool { return middle-half < e.to+labelGap && e.from < middle+half+labelGap }) {
			return
		}
		taken = append(taken, extent{middle - half, middle + half})
		w.Raw(`<text y="13"`)
		switch place := at * leastWidth / 100; {
		case place < half:
			w.Raw(` class="first" x="0"`)
		case place > leastWidth-half:
			w.Raw(` class="last" x="100%"`)
		default:
			w.AttrDecimal("x", at, 2, "%")
		}
		w.Raw(`>`)
		w.Text(v.Text)
		w.Raw(`</text>`)
	}
	last := len(values) - 1
	name(last)
	for i := range last {
		name(i)
	}
}

// nameCrossings writes above the field where lines cross, as far as there is room.
func (f *field) nameCrossings(w *markup.Writer) {
	const text, half = "they cross", 10 * charWidth / 2 / leastWidth * 100
	until := math.Inf(-1)
	for _, at := range f.places {
		middle := min(max((f.across(at.from)+f.across(at.to))/2, half), 100-half)
		if middle-half < until {
			continue
		}
		until = middle + half + 100*labelGap/leastWidth
		w.Raw(`<text y="13"`)
		w.AttrDecimal("x", middle, 2, "%")
		w.Raw(`>` + text + `</text>`)
	}
}

func (c Lines) legend(w *markup.Writer, f *field) {
	w.Raw(`<p class="legend">`)
	for _, s := range c.Series {
		w.Raw(`<span`)
		w.Attr("class", s.Mode.Class)
		w.Raw(`><svg class="key" width="34" height="12" aria-hidden="true"><path class="line" d="M1 6h32"/><svg x="17" y="6">`)
		s.Mode.marker(w)
		w.Raw(`</svg></svg> `)
		w.Text(s.Mode.Name)
		w.Raw(`</span> `)
	}
	w.Raw(`<span><svg width="8" height="12" aria-hidden="true"><g class="whisker"><line x1="4" x2="4" y2="12"/></g></svg> `)
	var ranges []Range
	for _, s := range c.Series {
		for _, p := range s.Points {
			if p.Known {
				ranges = append(ranges, p.Range)
			}
		}
	}
	w.Text(whisker(ranges))
	w.Raw(`</span>`)
	if f.ideal > 0 {
		w.Raw(` <span><svg width="26" height="12" aria-hidden="true"><g class="ideal"><line y1="11" x2="26" y2="1"/></g></svg> ideal: as many times as fast as there are times as many</span>`)
	}
	if c.coresDrawn(f) {
		w.Raw(` <span><svg width="8" height="12" aria-hidden="true"><g class="cores"><line x1="4" x2="4" y2="12"/></g></svg> as many as there are cores, `)
		w.Int(c.Cores)
		w.Raw(`</span>`)
	}
	w.Raw("</p>\n")
}

func (c Lines) table(w *markup.Writer, f Frame) {
	columns := []string{c.Parameter, "Median", "Interval"}
	if c.What == Speedup {
		columns = append(columns, "Times as fast", "Interval")
	}
	f.table(w, columns...)
	for _, s := range c.Series {
		w.Raw(`<tbody`)
		w.Attr("class", s.Mode.Class)
		w.Raw(">\n" + `<tr><th scope="rowgroup"`)
		w.AttrInt("colspan", len(columns))
		w.Raw(`>`)
		s.Mode.label(w)
		w.Raw("</th></tr>\n")
		unit, fast := ofTime, speedups(s.Points)
		if c.What == Footprint {
			unit = ofSize
		}
		for i, p := range s.Points {
			w.Raw(`<tr>`)
			cell(w, c.Values[i].Text)
			p.cells(w, unit)
			if c.What == Speedup {
				fast[i].cells(w, ofFactor)
			}
			w.Raw("</tr>\n")
		}
		w.Raw("</tbody>\n")
	}
	f.foot(w)
}

func (p Point) cells(w *markup.Writer, u unit) {
	if !p.Known {
		w.Raw(`<td>not known</td><td></td>`)
		return
	}
	median, interval := p.words(u)
	cell(w, median)
	cell(w, interval)
}
