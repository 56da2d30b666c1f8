package picture

import (
	"image"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A typeface is one of the Go fonts (BSD licence), which have the letters of Latin, Greek and Cyrillic scripts.
type typeface int

const (
	regular typeface = iota
	bold
)

// fonts reads the typefaces when they are first asked for.
var fonts = [...]func() *sfnt.Font{
	regular: sync.OnceValue(func() *sfnt.Font { return parsed(goregular.TTF) }),
	bold:    sync.OnceValue(func() *sfnt.Font { return parsed(gobold.TTF) }),
}

func parsed(ttf []byte) *sfnt.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // it is part of the program
	}
	return f
}

// A glyph is how a letter is drawn at a size: how much of each pixel it covers, in steps of a shade.
type glyph struct {
	bounds  image.Rectangle // beside the point at which the letter stands
	shades  []uint8         // 0 for none, fading for all of a pixel
	advance fixed.Int26_6
}

// A face is a typeface at a size, with the letters that have been drawn of it: a thousand cards have the same ones.
type face struct {
	mu     sync.Mutex
	font   font.Face
	glyphs map[rune]glyph
}

type faceKey struct {
	typeface typeface
	size     int
}

func (d *Drawer) face(f typeface, size int) *face {
	key := faceKey{f, size}
	if made, ok := d.faces.Load(key); ok {
		return made.(*face)
	}
	sized, err := opentype.NewFace(fonts[f](), &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // of a font that is part of the program
	}
	made, _ := d.faces.LoadOrStore(key, &face{font: sized, glyphs: make(map[rune]glyph)})
	return made.(*face)
}

// glyph returns how r is drawn.
func (s *face) glyph(r rune) glyph {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g, ok := s.glyphs[r]; ok {
		return g
	}
	bounds, mask, at, advance, ok := s.font.Glyph(fixed.Point26_6{}, r)
	g := glyph{advance: advance}
	if alpha, is := mask.(*image.Alpha); ok && is {
		g.bounds = bounds
		for y := range bounds.Dy() {
			for x := range bounds.Dx() {
				a := int(alpha.AlphaAt(at.X+x, at.Y+y).A)
				g.shades = append(g.shades, uint8((a*fading+127)/255))
			}
		}
	}
	s.glyphs[r] = g
	return g
}

// width returns how wide a text is, in pixels.
func (c canvas) width(s string, f typeface, size int) int {
	face := c.drawer.face(f, size)
	var w fixed.Int26_6
	for _, r := range s {
		w += face.glyph(r).advance
	}
	return w.Ceil()
}

// write writes a text from x on, on the line y. Its colour is the first of a ramp.
func (c canvas) write(s string, f typeface, size, x, y int, colour shade) {
	face := c.drawer.face(f, size)
	at := fixed.I(x)
	for _, r := range s {
		g := face.glyph(r)
		box := g.bounds.Add(image.Pt(at.Round(), y))
		i := 0
		for py := box.Min.Y; py < box.Max.Y; py++ {
			for px := box.Min.X; px < box.Max.X; px++ {
				if g.shades[i] > 0 && (image.Point{px, py}).In(c.Rect) {
					c.Pix[c.PixOffset(px, py)] = colour + fading - g.shades[i]
				}
				i++
			}
		}
		at += g.advance
	}
}

// writable returns of a text what a typeface can write: all but signs that it lacks, which say little; nothing where it lacks a letter or a digit.
func writable(s string, f typeface) string {
	var b strings.Builder
	var buffer sfnt.Buffer
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
		default:
			index, err := fonts[f]().GlyphIndex(&buffer, r)
			switch {
			case err == nil && index != 0:
				b.WriteRune(r)
			case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r):
				return ""
			}
		}
	}
	return b.String()
}
