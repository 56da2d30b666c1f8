package site

import (
	"course/problem"
	"course/program"
	"course/site/markup"
)

// A look is how a mode appears wherever it does: its class gives the colour, its swatch the shape.
type look struct {
	Class  string // one that the style sheet knows
	Name   string // who works, as a heading
	Swatch markup.Fragment
}

// swatchPrefix stands before a look's class in the id of its shape, which each swatch of a page uses: hundreds do.
const swatchPrefix = "swatch-"

var (
	serialLook    = look{"serial", program.Serial.Title(), swatch("serial")}
	goroutineLook = look{"goroutine", program.Goroutine.Title(), swatch("goroutine")}
	threadLook    = look{"thread", program.Thread.Title(), swatch("thread")}
	processLook   = look{"process", program.Process.Title(), swatch("process")}
)

// swatchShapes writes the shapes that the swatches of a page use.
func swatchShapes(w *markup.Writer) {
	w.Raw(`<div hidden><svg>`,
		`<symbol id="`, swatchPrefix, `serial" viewBox="0 0 12 12"><path d="M.5 6h11"/></symbol>`,
		`<symbol id="`, swatchPrefix, `goroutine" viewBox="0 0 12 12"><rect x=".5" y=".5" width="11" height="11" rx="2"/><path d="M3.5 4h1M7.5 4h1M3.5 8h1M7.5 8h1"/></symbol>`,
		`<symbol id="`, swatchPrefix, `thread" viewBox="0 0 12 12"><rect x=".5" y=".5" width="11" height="11" rx="2"/><path d="M4 3v6M8 3v6"/></symbol>`,
		`<symbol id="`, swatchPrefix, `process" viewBox="0 0 12 12"><rect x=".5" y=".5" width="4.5" height="11" rx="1.5"/><rect x="7" y=".5" width="4.5" height="11" rx="1.5"/></symbol>`,
		"</svg></div>\n")
}

// lookOf returns that of any mode: a site draws whatever results it is given.
func lookOf(m program.Mode) look {
	switch m {
	case program.Serial:
		return serialLook
	case program.Goroutine:
		return goroutineLook
	case program.Thread:
		return threadLook
	case program.Process:
		return processLook
	case program.Plain:
	}
	return look{Class: "plain", Name: problem.Printable(m.Title())}
}

func swatch(class string) markup.Fragment {
	var w markup.Writer
	w.Raw(`<svg`)
	w.Attr("class", "swatch "+class)
	w.Raw(` aria-hidden="true"><use`)
	w.Attr("href", "#"+swatchPrefix+class)
	w.Raw(`/></svg>`)
	return w.Fragment()
}

// label writes the swatch of a mode and its name.
func (l look) label(w *markup.Writer) {
	w.Add(l.Swatch)
	w.Text(l.Name)
}
