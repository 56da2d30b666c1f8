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

// line writes a line between places in percent, at heights in pixels.
func line(w *markup.Writer, x1, x2 float64, y1, y2 int) {
	w.Raw(`<line`)
	w.AttrDecimal("x1", x1, 2, "%")
	w.AttrDecimal("x2", x2, 2, "%")
	w.AttrInt("y1", y1)
	w.AttrInt("y2", y2)
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

// ruled is an axis below lanes, with the lines that are drawn behind each of them.
type ruled struct {
	axis
	grid markup.Fragment
}

func (a axis) ruled() ruled {
	var w markup.Writer
	w.Raw(`<g class="grid">`)
	for _, t := range a.ticks {
		at := a.at(t.value)
		w.Raw(`<line`)
		w.AttrDecimal("x1", at, 2, "%")
		w.AttrDecimal("x2", at, 2, "%")
		w.Raw(` y2="100%"/>`)
	}
	w.Raw(`</g>`)
	return ruled{a, w.Fragment()}
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
