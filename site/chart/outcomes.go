package chart

import (
	"cmp"
	"strconv"

	"course/quantity"
	"course/site/markup"
)

// Outcomes is a histogram, for each mode, of how runs ended and what they printed.
type Outcomes struct {
	Rule  string // how often it was to run, and what ended that; may be empty
	Modes []Tally
}

// A Tally is what came of the runs in one mode, of a sweep at one value.
type Tally struct {
	Mode   Mode
	At     string // the value of a sweep: "workers = 8"; may be empty
	Runs   int    // Ways and Others together
	Ways   []Way
	Others int // runs that went in yet other ways
}

// A Way is what runs have in common.
type Way struct {
	Ended   string // "ended well"
	State   string // the class that says whether that was meant: "meant", "wrong" or empty
	Printed string // in one line; empty: nothing
	Times   int
}

// Draw draws the chart.
func (c Outcomes) Draw(w *markup.Writer, f Frame) {
	f.head(w, "outcomes", "What came of it, and how often", cmp.Or(c.says(), nothing))
	f.drawing(w, "bars", "says")
	x := axis{high: 100, ticks: []tick{{0, "0"}, {25, "25"}, {50, "50"}, {75, "75"}, {100, "100\u202f%"}}}.ruled()
	for _, m := range c.Modes {
		w.Raw(`<div`)
		w.Attr("class", "lanes "+m.Mode.Class)
		w.Raw(`><p class="who">`)
		m.label(w)
		w.Raw(`, `)
		w.Text(quantity.Count(m.Runs, "run"))
		w.Raw("</p>\n")
		for _, way := range m.Ways {
			m.draw(w, x, way)
		}
		if m.Others > 0 {
			m.draw(w, x, Way{Ended: "other ways", Times: m.Others})
		}
		w.Raw("</div>\n")
	}
	x.belowBars(w)
	if c.Rule != "" {
		w.Raw(`<p class="says">`)
		w.Text(c.Rule)
		w.Raw(".</p>\n")
	}
	c.table(w, f)
}

func (m Tally) draw(w *markup.Writer, x ruled, way Way) {
	w.Raw(`<div class="bar"><span class="who">`)
	w.Text(way.Ended)
	if way.Printed != "" {
		w.Raw(` <code>`)
		w.Text(way.Printed)
		w.Raw(`</code>`)
	}
	w.Raw("</span>\n")
	row(w, 18)
	w.Add(x.grid)
	bar(w, "solid", 3, 12, 0, x.at(share(way.Times, m.Runs)))
	w.Raw("</svg>\n" + `<span class="value">`)
	w.Text(quantity.Share(way.Times, max(m.Runs, 1)))
	w.Raw(` · `)
	w.Int(way.Times)
	w.Raw("</span></div>\n")
}

// label writes whose runs they are.
func (m Tally) label(w *markup.Writer) {
	m.Mode.label(w)
	if m.At != "" {
		w.Raw(`, `)
		w.Text(m.At)
	}
}

// share returns n of all in percent.
func share(n, all int) float64 { return 100 * float64(n) / float64(max(all, 1)) }

func (c Outcomes) table(w *markup.Writer, f Frame) {
	f.table(w, "It", "Runs", "Share", "It printed")
	for _, m := range c.Modes {
		w.Raw(`<tbody`)
		w.Attr("class", m.Mode.Class)
		w.Raw(">\n" + `<tr><th scope="rowgroup" colspan="4">`)
		m.label(w)
		w.Raw("</th></tr>\n")
		for _, way := range m.Ways {
			w.Raw(`<tr><td`)
			if way.State != "" {
				w.Attr("class", way.State)
			}
			w.Raw(`>`)
			w.Text(way.Ended)
			w.Raw(`</td><td>`)
			w.Int(way.Times)
			w.Raw(`</td>`)
			cell(w, quantity.Share(way.Times, max(m.Runs, 1)))
			if way.Printed == "" {
				w.Raw(`<td>nothing</td>`)
			} else {
				w.Raw(`<td><code>`)
				w.Text(way.Printed)
				w.Raw(`</code></td>`)
			}
			w.Raw("</tr>\n")
		}
		if m.Others > 0 {
			w.Raw(`<tr><td>in other ways</td><td>`)
			w.Int(m.Others)
			w.Raw(`</td>`)
			cell(w, quantity.Share(m.Others, max(m.Runs, 1)))
			w.Raw("<td></td></tr>\n")
		}
		w.Raw("</tbody>\n")
	}
	f.foot(w)
}

// maxSaid bounds the modes and values of which the sentence tells: the table has all.
const maxSaid = 8

// says tells how many outcomes each mode had.
func (c Outcomes) says() (says string) {
	for i, m := range c.Modes[:min(len(c.Modes), maxSaid)] {
		if i > 0 {
			says += " "
		}
		if says += m.Mode.subject(); m.At != "" {
			says += ", " + m.At
		}
		says += ": "
		switch n := len(m.Ways); {
		case n == 0:
			says += quantity.Count(m.Runs, "run") + " in ways that were not kept."
		case m.Others > 0:
			says += "more than " + quantity.Count(n, "outcome") + " in " + quantity.Count(m.Runs, "run") + ", the most frequent in " + quantity.Share(m.Ways[0].Times, max(m.Runs, 1)) + "."
		case n > 1:
			says += strconv.Itoa(n) + " outcomes in " + quantity.Count(m.Runs, "run") + ", the most frequent in " + quantity.Share(m.Ways[0].Times, max(m.Runs, 1)) + "."
		case m.Runs == 1:
			says += "one run."
		default:
			says += "the same in all " + quantity.Count(m.Runs, "run") + "."
		}
	}
	return says
}
