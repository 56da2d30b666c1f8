package picture

import (
	"image"
	"strconv"
	"strings"
)

// Size of a card, in pixels: what link previews show is of about this shape (https://ogp.me has no say in it; those who show them have agreed on 1.91 to 1).
const (
	CardWidth  = 1200
	CardHeight = 630
)

// A Card is the picture that is shown beside a link to a page. What its letters cannot write, no card has: a text with a letter of another script is left
// out as a whole, for half a title is worse than none, and those who show a card write the title beside it.
type Card struct {
	Course string // the name of the course, may be empty
	Number int    // of the lesson; 0 for other pages
	Title  string // may be empty
	Bars   []Bar  // how long a cell took in each mode; none where nothing was measured
}

// A Bar is how long a cell took in a mode.
type Bar struct {
	Mode   Mode
	Name   string  // "threads"
	Length float64 // against those of the others, finite, 0 or more
	Value  string  // "12 ms"
}

// A Mode is one of those that have a colour.
type Mode int

// The modes, in their colours.
const (
	Thread Mode = iota
	Process
	Goroutine
	Serial
)

var shadeOf = [...]shade{Thread: thread, Process: process, Goroutine: goroutine, Serial: serial}

const (
	edge     = 80 // between the border and what is on the card
	maxBars  = 4
	barPitch = 48
)

// Card draws a card, as PNG.
func (d *Drawer) Card(c Card) ([]byte, error) {
	p := d.canvas(CardWidth, CardHeight)
	p.fill(image.Rect(0, 0, CardWidth, 12), ink)
	p.draw(image.Pt(edge-16, 56), 72, paper, thread, process)
	if name := p.fitting(c.Course, regular, 30, CardWidth-2*edge-72); name != "" {
		p.write(name, regular, 30, edge+72, 102, soft)
	}
	bars := c.Bars[:min(len(c.Bars), maxBars)]
	top := CardHeight - edge - barPitch*max(len(bars), 1)
	p.title(c, top)
	if len(bars) == 0 {
		p.legend(top)
	} else {
		p.bars(bars, top)
	}
	return p.encode()
}

// title writes the number and the title above bottom, as large as they fit.
func (c canvas) title(card Card, bottom int) {
	const first = 150
	y := first
	if card.Number > 0 {
		y += 44
		c.write("Lesson "+strconv.Itoa(card.Number), bold, 28, edge, y, soft)
	}
	for _, size := range []int{76, 64, 54, 46} {
		height := size * 6 / 5
		lines, whole := c.wrapped(card.Title, bold, size, CardWidth-2*edge, max(1, (bottom-y-24)/height))
		if !whole && size > 46 {
			continue
		}
		for _, line := range lines {
			y += height
			c.write(line, bold, size, edge, y, ink)
		}
		return
	}
}

// bars draws each bar with its name and its value.
func (c canvas) bars(bars []Bar, y int) {
	const left, right = edge + 190, CardWidth - edge - 180
	longest := 0.0
	for _, b := range bars {
		longest = max(longest, b.Length)
	}
	for _, b := range bars {
		length := 0
		if longest > 0 {
			length = int(b.Length / longest * (right - left))
		}
		c.write(c.fitting(b.Name, regular, 26, 180), regular, 26, edge, y+27, ink)
		c.sample(image.Rect(left, y+4, left+max(length, 3), y+32), b.Mode)
		c.write(c.fitting(b.Value, bold, 26, 160), bold, 26, left+max(length, 3)+16, y+27, ink)
		y += barPitch
	}
}

// legend draws what stands for a thread and for a process everywhere.
func (c canvas) legend(y int) {
	c.sample(image.Rect(edge, y+4, edge+28, y+32), Thread)
	c.write("threads", regular, 26, edge+44, y+27, ink)
	c.sample(image.Rect(edge+190, y+4, edge+218, y+32), Process)
	c.write("processes", regular, 26, edge+234, y+27, ink)
}

// sample draws what is of a mode: that of a thread is hollow, as its swatch is.
func (c canvas) sample(r image.Rectangle, m Mode) {
	if m == Thread && r.Dx() > 8 {
		c.outline(r, 4, shadeOf[m], paper)
	} else {
		c.fill(r, shadeOf[m])
	}
}

// wrapped cuts a text into at most so many lines that fit, and reports whether that is all of it; else the last one ends in "…".
func (c canvas) wrapped(s string, f typeface, size, width, most int) (lines []string, whole bool) {
	words := strings.Fields(writable(s, f))
	for len(words) > 0 {
		n := 1
		for n < len(words) && c.width(strings.Join(words[:n+1], " "), f, size) <= width {
			n++
		}
		line := strings.Join(words[:n], " ")
		if len(lines) == most-1 && n < len(words) {
			return append(lines, c.fitting(line+" …", f, size, width)), false
		}
		cut := c.fitting(line, f, size, width)
		lines, whole = append(lines, cut), cut == line
		if !whole {
			return lines, false
		}
		words = words[n:]
	}
	return lines, true
}

// fitting returns of a text as much as fits, with "…" where that is not all.
func (c canvas) fitting(s string, f typeface, size, width int) string {
	s = strings.Join(strings.Fields(writable(s, f)), " ")
	if c.width(s, f, size) <= width {
		return s
	}
	runes := []rune(strings.TrimSuffix(s, " …"))
	runes = runes[:min(len(runes), width)] // a letter takes a pixel at least
	for len(runes) > 0 && c.width(string(runes)+"…", f, size) > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}
