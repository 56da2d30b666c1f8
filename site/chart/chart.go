// Package chart draws what was measured as HTML with static SVG: plain data in, markup out. It knows neither lessons nor results, and a page needs
// no script for it. All text of a chart is HTML, or SVG placed by percentages, so that it keeps its size whatever the width of the drawing; all
// styles are in the site's style sheet, for a page's security policy allows no others.
package chart

import "course/site/markup"

// A Frame is what surrounds a drawing: where it is on its page, and how it begins.
type Frame struct {
	ID    string // unique on the page: the ids of a chart's elements begin with it
	Level int    // of the heading
	Open  bool   // else it is folded
}

// A Chart can be drawn. Whatever its data are, the markup is well formed.
type Chart interface {
	Draw(w *markup.Writer, f Frame)
}

// A Mode is whose figures are drawn: its name stands beside them, and its class gives their colour, marker and dashes.
type Mode struct {
	Class  string // "serial", "goroutine", "thread", "process" or "plain"
	Name   string // as the subject of a sentence: "Threads"
	Swatch markup.Fragment
}

// head begins a chart: title and, unless it is empty, the sentence that says what is to be seen.
func (f Frame) head(w *markup.Writer, class, title, says string) {
	w.Raw(`<details class="part figure `)
	w.Text(class)
	w.Raw(`"`)
	if f.Open {
		w.Raw(` open`)
	}
	w.Raw(`><summary><span class="name" role="heading"`)
	w.AttrInt("aria-level", f.Level)
	w.Attr("id", f.name("title"))
	w.Raw(`>`)
	w.Text(title)
	w.Raw("</span></summary>\n<figure")
	w.Attr("aria-labelledby", f.name("title"))
	w.Raw(">\n")
	if says != "" {
		w.Raw(`<figcaption class="says"`)
		w.Attr("id", f.name("says"))
		w.Raw(`>`)
		w.Text(says)
		w.Raw("</figcaption>\n")
	}
}

// nothing is said of a chart without data.
const nothing = "Nothing was measured."

// drawing begins what is one picture to who cannot see it: what says names is its description.
func (f Frame) drawing(w *markup.Writer, class, says string) {
	w.Raw(`<div`)
	w.Attr("class", class)
	w.Raw(` role="img"`)
	w.Attr("aria-labelledby", f.name("title"))
	w.Attr("aria-describedby", f.name(says))
	w.Raw(">\n")
}

// table begins the data, folded, with the names of its columns.
func (f Frame) table(w *markup.Writer, columns ...string) {
	w.Raw(`<details class="data"><summary>As a table</summary>` + "\n" + `<div class="wide" role="region"`)
	w.Attr("aria-labelledby", f.name("title"))
	w.Raw(` tabindex="0"><table class="figures">` + "\n<thead><tr>")
	for _, name := range columns {
		w.Raw(`<th scope="col">`)
		w.Text(name)
		w.Raw(`</th>`)
	}
	w.Raw("</tr></thead>\n")
}

// foot ends a chart that has a table.
func (f Frame) foot(w *markup.Writer) {
	w.Raw("</table></div></details>\n</figure>\n</details>\n")
}

// name returns the id of an element of the chart.
func (f Frame) name(element string) string { return f.ID + "-" + element }

// label writes who is meant, with the swatch that tells it as well as the colour.
func (m Mode) label(w *markup.Writer) {
	w.Add(m.Swatch)
	w.Text(m.Name)
}

// row begins a table's row that is about the mode.
func (m Mode) row(w *markup.Writer) {
	w.Raw(`<tr`)
	w.Attr("class", m.Class)
	w.Raw(`><th scope="row">`)
	m.label(w)
	w.Raw(`</th>`)
}

func cell(w *markup.Writer, text string) {
	w.Raw(`<td>`)
	w.Text(text)
	w.Raw(`</td>`)
}
