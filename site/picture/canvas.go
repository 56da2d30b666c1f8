// Package picture draws a site's pictures of a fixed size: the card that others show beside a link to a page, and the site's icons. The same input
// gives the same bytes.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// A shade is an index into colours.
type shade = uint8

// Ink and what is softer are drawn as text: after each come the shades in which it fades into the paper.
const (
	paper     shade = 0
	ink       shade = 1
	soft      shade = ink + fading
	thread    shade = soft + fading
	process   shade = thread + 1
	goroutine shade = thread + 2
	serial    shade = thread + 3
	dark      shade = thread + 4 // what icons stand on
	onDark    shade = thread + 5 // a thread there
	onDark2   shade = thread + 6 // a process there

	fading = 4 // shades of a text, the full one included
)

// colours are those of the site's style sheet, light; at most 16, so that a pixel takes four bits.
var colours = palette()

func palette() color.Palette {
	back := color.RGBA{0xfd, 0xfc, 0xf9, 0xff}
	all := color.Palette{back}
	for _, c := range []color.RGBA{{0x1c, 0x22, 0x26, 0xff}, {0x5a, 0x64, 0x6b, 0xff}} {
		for i := range fading {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(fading-i) + int(b)*i) / fading) }
			all = append(all, color.RGBA{mix(c.R, back.R), mix(c.G, back.G), mix(c.B, back.B), 0xff})
		}
	}
	return append(
		all,
		color.RGBA{0x00, 0x67, 0xa6, 0xff}, color.RGBA{0xb2, 0x47, 0x00, 0xff}, color.RGBA{0x00, 0x74, 0x5a, 0xff}, color.RGBA{0x6b, 0x72, 0x80, 0xff},
		color.RGBA{0x13, 0x17, 0x1a, 0xff}, color.RGBA{0x62, 0xb4, 0xee, 0xff}, color.RGBA{0xf2, 0x96, 0x5b, 0xff},
	)
}

// A canvas is a picture in the making.
type canvas struct{ *image.Paletted }

func newCanvas(width, height int) canvas {
	return canvas{image.NewPaletted(image.Rect(0, 0, width, height), colours)}
}

// fill fills what of r is on the canvas.
func (c canvas) fill(r image.Rectangle, s shade) {
	r = r.Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.Pix[c.PixOffset(r.Min.X, y):][:r.Dx()]
		for x := range row {
			row[x] = s
		}
	}
}

// outline draws the border of r, so wide, within it.
func (c canvas) outline(r image.Rectangle, width int, s, within shade) {
	c.fill(r, s)
	c.fill(r.Inset(width), within)
}

// encode returns the picture as PNG.
func (c canvas) encode() ([]byte, error) {
	var b bytes.Buffer
	b.Grow(16 << 10)
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err := e.Encode(&b, c)
	return b.Bytes(), err
}
