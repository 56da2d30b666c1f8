package picture

import (
	"image"

	"course/site/markup"
)

// grid is the side of the square in which the mark is laid out. What is shown of a maskable icon is a circle with four fifths of its side at least: the
// mark lies within that.
const grid = 512

// A block is a part of the mark.
type block struct {
	image.Rectangle
	process bool
	hollow  int // how wide its border is; 0 where it is filled
}

// mark is one house with three threads in it, beside three processes, each a house of its own.
var mark = []block{
	{Rectangle: image.Rect(112, 112, 240, 400), hollow: 24},
	{Rectangle: image.Rect(152, 168, 200, 200)},
	{Rectangle: image.Rect(152, 240, 200, 272)},
	{Rectangle: image.Rect(152, 312, 200, 344)},
	{Rectangle: image.Rect(288, 112, 400, 192), process: true},
	{Rectangle: image.Rect(288, 216, 400, 296), process: true},
	{Rectangle: image.Rect(288, 320, 400, 400), process: true},
}

// draw draws the mark in a square of the given side, whose upper left corner is at.
func (c canvas) draw(at image.Point, side int, back, thread, process shade) {
	scale := func(v int) int { return (v*side + grid/2) / grid }
	for _, b := range mark {
		s := thread
		if b.process {
			s = process
		}
		r := image.Rect(scale(b.Min.X), scale(b.Min.Y), scale(b.Max.X), scale(b.Max.Y)).Add(at)
		if b.hollow > 0 {
			c.outline(r, scale(b.hollow), s, back)
		} else {
			c.fill(r, s)
		}
	}
}

// Icon returns the site's icon as a PNG of side pixels each way, which fills all of it: a system may cut off its corners.
func (d *Drawer) Icon(side int) ([]byte, error) {
	c := d.canvas(side, side)
	c.fill(c.Rect, dark)
	c.draw(image.Point{}, side, dark, onDark, onDark2)
	return c.encode()
}

// SVG returns the same icon as SVG, with round corners.
func SVG() []byte {
	var w markup.Writer
	w.Raw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">` + "\n" + `<rect width="512" height="512" rx="96" fill="#13171a"/>` + "\n")
	for _, b := range mark {
		r := b.Inset(b.hollow / 2)
		w.Raw("<rect")
		w.AttrInt("x", r.Min.X)
		w.AttrInt("y", r.Min.Y)
		w.AttrInt("width", r.Dx())
		w.AttrInt("height", r.Dy())
		switch {
		case b.process:
			w.Raw(` fill="#f2965b"`)
		case b.hollow > 0:
			w.AttrInt("stroke-width", b.hollow)
			w.Raw(` fill="none" stroke="#62b4ee"`)
		default:
			w.Raw(` fill="#62b4ee"`)
		}
		w.Raw("/>\n")
	}
	w.Raw("</svg>\n")
	return w.Bytes()
}
