// Package picture draws a site's pictures of a fixed size: the card that others show beside a link to a page, and the site's icons. The same input
// gives the same bytes.
package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"sync"
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
type canvas struct {
	*image.Paletted
	drawer *Drawer
}

// A Drawer draws pictures, and keeps what one has in common with the next. The zero value is ready to use. It is safe for concurrent use.
type Drawer struct {
	faces       sync.Map  // of faceKey to *face
	compressors sync.Pool // of *zlib.Writer
}

func (d *Drawer) canvas(width, height int) canvas {
	return canvas{image.NewPaletted(image.Rect(0, 0, width, height), colours), d}
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

// encode returns the picture as PNG (https://www.w3.org/TR/png-3/), of four bits a pixel. image/png takes ten times as long: it asks for each pixel by itself.
func (c canvas) encode() ([]byte, error) {
	width, height := c.Rect.Dx(), c.Rect.Dy()
	var data bytes.Buffer
	data.Grow(16 << 10)
	z, _ := c.drawer.compressors.Get().(*zlib.Writer)
	if z == nil {
		z, _ = zlib.NewWriterLevel(nil, zlib.BestSpeed) // the level is one
	}
	defer c.drawer.compressors.Put(z)
	z.Reset(&data)
	same := make([]byte, 1+(width+1)/2)
	same[0] = 2 // the filter Up: each byte less the one above it, so that a row like the last is nothing
	row, above := bytes.Clone(same), make([]byte, (width+1)/2)
	var last []byte
	for y := range height {
		pixels := c.Pix[y*c.Stride:][:width]
		filtered := row
		if bytes.Equal(pixels, last) {
			filtered = same
		} else {
			pack(row[1:], above, pixels)
		}
		last = pixels
		if _, err := z.Write(filtered); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(width))
	header = binary.BigEndian.AppendUint32(header, uint32(height))
	header = append(header, 4, 3, 0, 0, 0) // bits; indices of a palette; deflate, filters as they are, no interlacing
	var entries []byte
	for _, one := range colours {
		rgba := one.(color.RGBA)
		entries = append(entries, rgba.R, rgba.G, rgba.B)
	}
	file := append(make([]byte, 0, data.Len()+160), "\x89PNG\r\n\x1a\n"...)
	for _, chunk := range []struct {
		name string
		data []byte
	}{{"IHDR", header}, {"PLTE", entries}, {"IDAT", data.Bytes()}, {"IEND", nil}} {
		file = binary.BigEndian.AppendUint32(file, uint32(len(chunk.data)))
		from := len(file)
		file = append(append(file, chunk.name...), chunk.data...)
		file = binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[from:]))
	}
	return file, nil
}

// pack writes pixels to row, two to a byte, less what is above, which they are then.
func pack(row, above, pixels []byte) {
	for i := range above {
		two := pixels[2*i] << 4
		if 2*i+1 < len(pixels) {
			two |= pixels[2*i+1]
		}
		row[i], above[i] = two-above[i], two
	}
}
