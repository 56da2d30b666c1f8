package chart

import "course/site/markup"

// bar writes a rectangle from one place to another, both in percent.
func bar(w *markup.Writer, class string, y, height int, from, to float64) {
	w.Raw(`<rect`)
	w.Attr("class", class)
	w.AttrDecimal("x", from, 2, "%")
	w.AttrInt("y", y)
	w.AttrDecimal("width", max(to-from, 0), 2, "%")
	w.AttrInt("height", height)
	w.Raw(`/>`)
}

// rule writes a line between two places, all in percent.
func rule(w *markup.Writer, x1, x2, y1, y2 float64) {
	w.Raw(`<line`)
	w.AttrDecimal("x1", x1, 2, "%")
	w.AttrDecimal("x2", x2, 2, "%")
	w.AttrDecimal("y1", y1, 2, "%")
	w.AttrDecimal("y2", y2, 2, "%")
	w.Raw(`/>`)
}

// A path is shapes of one look in a stretched drawing, with places in percent and heights in units of the drawing's. It draws them all as one element: one
// for each would be most of a page.
type path struct{ d markup.Writer }

// box adds a rectangle, unless it has no width.
func (p *path) box(y, height int, from, to float64) {
	if to-from < 0.005 { // which is nothing in two decimals
		return
	}
	p.move(from, float64(y))
	p.d.Raw(`H`)
	p.d.Decimal(to, 2)
	p.d.Raw(`v`)
	p.d.Int(height)
	p.d.Raw(`H`)
	p.d.Decimal(from, 2)
	p.d.Raw(`z`)
}

// upright adds a line that stands at a place.
func (p *path) upright(at, y1, y2 float64) {
	p.move(at, y1)
	p.d.Raw(`V`)
	p.d.Decimal(y2, 2)
}

// level adds a line that lies at a height.
func (p *path) level(y, from, to float64) {
	p.move(from, y)
	p.d.Raw(`H`)
	p.d.Decimal(to, 2)
}

// interval adds a line that lies at a height, with ends.
func (p *path) interval(y, low, high float64) {
	p.level(y, low, high)
	p.upright(low, y-4, y+4)
	p.upright(high, y-4, y+4)
}

func (p *path) move(x, y float64) {
	p.d.Raw(`M`)
	p.d.Decimal(x, 2)
	p.d.Raw(` `)
	p.d.Decimal(y, 2)
}

// draw writes the shapes, if there are any.
func (p *path) draw(w *markup.Writer, class string) {
	if p.d.Len() == 0 {
		return
	}
	w.Raw(`<path`)
	w.Attr("class", class)
	w.Raw(` d="`)
	w.Add(p.d.Fragment())
	w.Raw(`"/>`)
}

// stretched begins a drawing that is as wide and as high as what it is in, so many units high.
func stretched(w *markup.Writer, height int) {
	w.Raw(`<svg viewBox="0 0 100 `)
	w.Int(height)
	w.Raw(`" preserveAspectRatio="none">`)
}

// alone writes a stretched drawing of nothing else.
func (p *path) alone(w *markup.Writer, class string, height int) {
	stretched(w, height)
	p.draw(w, class)
	w.Raw(`</svg>`)
}

// ruled is an axis below lanes, with the lines that are drawn behind each of them.
type ruled struct {
	axis
	grid markup.Fragment
}

func (a axis) ruled() ruled {
	var w markup.Writer
	a.grid(1).alone(&w, "grid", 1)
	return ruled{a, w.Fragment()}
}

// grid returns the lines at ticks.
func (a axis) grid(height int) *path {
	var p path
	for _, t := range a.ticks {
		p.upright(a.at(t.value), 0, float64(height))
	}
	return &p
}

// row begins the drawing of a row, with a height in pixels.
func row(w *markup.Writer, height int) {
	w.Raw(`<svg class="lane" width="100%"`)
	w.AttrInt("height", height)
	w.Raw(`>`)
}

// below writes the labels of an axis that lies below the drawing: the first and the last stay within it. With its unit the last is wide: of six or more
// the one before it has no room on a phone, and is left out.
func (a axis) below(w *markup.Writer) {
	w.Raw(`<svg class="axis" width="100%" height="18">`)
	for i, t := range a.ticks {
		if i > 3 && i == len(a.ticks)-2 {
			continue
		}
		w.Raw(`<text`)
		switch i {
		case 0:
			w.Raw(` class="first"`)
		case len(a.ticks) - 1:
			w.Raw(` class="last"`)
		}
		w.AttrDecimal("x", a.at(t.value), 2, "%")
		w.Raw(` y="13">`)
		w.Text(t.label)
		w.Raw(`</text>`)
	}
	w.Raw(`</svg>`)
}

// belowBars writes the labels below bars with their names and values, and ends what holds them all.
func (a axis) belowBars(w *markup.Writer) {
	w.Raw(`<div class="bar"><span class="who"></span>`)
	a.below(w)
	w.Raw(`<span class="value"></span></div>` + "\n</div>\n")
}
