package chart

import (
	"cmp"
	"math"
	"strconv"

	"course/site/markup"
)

// Memory compares the most memory that a program took at one time in each mode, all its processes together, and of what kind that was.
type Memory struct {
	Rows []MemoryRow
}

// A MemoryRow is one mode of Memory, in bytes.
type MemoryRow struct {
	Mode                  Mode
	Known                 bool // else nobody could look
	Pages, Tables, Stacks int64
	Total                 Range // of several such runs, of which the one in the middle is drawn; left aside where it does not cover
	AtLeast               bool  // it was looked at too seldom, and may have been more
}

func (r MemoryRow) total() float64 {
	return finite(float64(r.Pages)) + finite(float64(r.Tables)) + finite(float64(r.Stacks))
}

// amount is what is told of a row: of several runs their median.
func (r MemoryRow) amount() string {
	if r.Total.Covers {
		return r.Total.text(ofSize)
	}
	return ofSize.write(r.total(), 0)
}

// Draw draws the chart.
func (c Memory) Draw(w *markup.Writer, f Frame) {
	f.head(w, "memory", "How much memory it took", cmp.Or(c.says(), nothing))
	var greatest float64
	atLeast := false
	for _, r := range c.Rows {
		greatest = max(greatest, r.total())
		if r.Total.Covers {
			greatest = max(greatest, finite(r.Total.High))
		}
		atLeast = atLeast || r.AtLeast
	}
	if greatest > 0 {
		x := linear(greatest, ofSize, 5).ruled()
		f.drawing(w, "bars", "says")
		for i, r := range c.Rows {
			w.Raw(`<div`)
			w.Attr("class", "bar "+r.Mode.Class)
			w.Raw(`><span class="who">`)
			r.Mode.label(w)
			w.Raw("</span>\n")
			r.draw(w, x, f.name("kind"+strconv.Itoa(i)))
			w.Raw("\n" + `<span class="value">`)
			w.Text(r.text())
			w.Raw("</span></div>\n")
		}
		x.belowBars(w)
		c.legend(w, f)
	}
	w.Raw(`<p class="says">The most that all its processes took at one time, in a run of its own. A page that several processes share counts once.`)
	if atLeast {
		w.Raw(` At least: the run was over before it had been looked at often, and may have taken more in between.`)
	}
	w.Raw("</p>\n")
	f.table(w, "Mode", "Pages", "Page tables", "Kernel stacks", "In all")
	w.Raw("<tbody>\n")
	for _, r := range c.Rows {
		r.Mode.row(w)
		if r.Known {
			for _, bytes := range [...]int64{r.Pages, r.Tables, r.Stacks} {
				cell(w, ofSize.write(float64(bytes), 0))
			}
		} else {
			w.Raw(`<td></td><td></td><td></td>`)
		}
		cell(w, r.text())
		w.Raw("</tr>\n")
	}
	w.Raw("</tbody>\n")
	f.foot(w)
}

func (r MemoryRow) text() string {
	switch {
	case !r.Known:
		return "not known"
	case r.AtLeast:
		return "≥ " + r.amount()
	}
	return r.amount()
}

// memoryHeight is that of a row's drawing in pixels.
const memoryHeight = 22

// draw draws a row: pages solid, page tables hatched, kernel stacks outlined. The hatching takes its colour where it is defined, so each row has its own.
func (r MemoryRow) draw(w *markup.Writer, x ruled, hatch string) {
	pages, tables := x.at(float64(r.Pages)), x.at(finite(float64(r.Pages))+finite(float64(r.Tables)))
	row(w, memoryHeight)
	hatching(w, hatch)
	w.Add(x.grid)
	if r.Known {
		bar(w, "solid", 4, 14, 0, pages)
		w.Raw(`<g`)
		w.Attr("fill", "url(#"+hatch+")")
		w.Raw(`>`)
		bar(w, "hatched", 4, 14, pages, tables)
		w.Raw(`</g>`)
		bar(w, "asked", 4, 14, tables, x.at(r.total()))
	}
	if r.Total.Covers {
		var whisker path
		whisker.interval(11, x.at(r.Total.Low), x.at(r.Total.High))
		whisker.alone(w, "whisker", memoryHeight)
	}
	w.Raw(`</svg>`)
}

// hatching defines a pattern of that id.
func hatching(w *markup.Writer, id string) {
	w.Raw(`<defs><pattern`)
	w.Attr("id", id)
	w.Raw(` width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="stripe" d="M1 0v4"/></pattern></defs>`)
}

func (c Memory) legend(w *markup.Writer, f Frame) {
	w.Raw(`<p class="legend"><span><svg width="14" height="10" aria-hidden="true"><rect class="solid" width="14" height="10"/></svg> pages</span> `,
		`<span><svg width="14" height="10" aria-hidden="true">`)
	hatching(w, f.name("kind"))
	w.Raw(`<g`)
	w.Attr("fill", "url(#"+f.name("kind")+")")
	w.Raw(`><rect class="hatched" x=".5" y=".5" width="13" height="9"/></g></svg> page tables</span> `,
		`<span><svg width="14" height="10" aria-hidden="true"><rect class="asked" x=".5" y=".5" width="13" height="9"/></svg> kernel stacks</span>`)
	for _, r := range c.Rows {
		if r.Total.Covers {
			w.Raw(` <span><svg width="16" height="10" aria-hidden="true"><g class="whisker"><line x1="1" x2="15" y1="5" y2="5"/><line x1="1" x2="1" y1="1" y2="9"/><line x1="15" x2="15" y1="1" y2="9"/></g></svg> 95 % interval of the median of several runs</span>`)
			break
		}
	}
	w.Raw("</p>\n")
}

// says tells what each mode took, and how much of it at most the system needed to keep account of it.
func (c Memory) says() string {
	var took []string
	var share float64
	for _, r := range c.Rows {
		if !r.Known {
			continue
		}
		name, least := r.Mode.within(), ""
		if len(took) == 0 {
			name = r.Mode.subject() + " took"
		}
		if r.AtLeast {
			least = "at least "
		}
		took = append(took, name+" "+least+r.amount())
		if all := r.total(); all > 0 {
			share = max(share, 100*(all-finite(float64(r.Pages)))/all)
		}
	}
	if len(took) == 0 {
		return "Not known: it was over before anybody could look, or the system does not tell."
	}
	if share == 0 {
		return list(took) + "."
	}
	return list(took) + "; page tables and kernel stacks were at most " + strconv.Itoa(int(math.Ceil(share))) + "\u202f% of it."
}
