package terminal

import (
	"cmp"
	"slices"
	"strings"
)

// A Color is one of the sixteen that terminals have had since they have any, from 1: black, red, green, yellow, blue, magenta, cyan, white, and the bright
// ones of these. 0 is that of all text.
type Color uint8

// How many colours there are, and how far it is from one to the bright one of it.
const (
	Colors = 16
	Bright = 8
)

// rendition changes s as the parameters of an SGR sequence say (ECMA-48 section 8.3.117; colours by number and by their parts: ITU-T T.416). What it
// does not know it leaves alone. Nothing blinks, and nothing is hidden.
func (s *Style) rendition(parameters string) {
	codes := strings.Split(parameters, ";")
	for len(codes) > 0 {
		code, parts, colon := strings.Cut(codes[0], ":")
		codes = codes[1:]
		switch n := number(code); {
		case n == 38 || n == 48 || n == 58: // of text, of what is behind it, of a line below it
			var color Color
			if colon {
				color = colorOf(strings.Split(parts, ":"), true)
			} else {
				var used int
				color, used = leading(codes)
				codes = codes[used:]
			}
			if color > 0 && n == 38 {
				s.Fg = color
			} else if color > 0 && n == 48 {
				s.Bg = color
			}
		case n == 4:
			s.Underline = !colon || number(parts) > 0
		default:
			s.set(n)
		}
	}
}

// set changes s as a code without more to it says.
func (s *Style) set(code int) {
	color := Color(code%10) + 1 //nolint:gosec // at most 10
	switch {
	case code == 0:
		*s = Style{}
	case code == 1:
		s.Bold = true
	case code == 2:
		s.Faint = true
	case code == 3:
		s.Italic = true
	case code == 7:
		s.Inverse = true
	case code == 9:
		s.Strike = true
	case code == 21:
		s.Underline = true
	case code == 22:
		s.Bold, s.Faint = false, false
	case code == 23:
		s.Italic = false
	case code == 24:
		s.Underline = false
	case code == 27:
		s.Inverse = false
	case code == 29:
		s.Strike = false
	case code == 39:
		s.Fg = 0
	case code == 49:
		s.Bg = 0
	case code >= 30 && code <= 37:
		s.Fg = color
	case code >= 40 && code <= 47:
		s.Bg = color
	case code >= 90 && code <= 97:
		s.Fg = color + Bright
	case code >= 100 && code <= 107:
		s.Bg = color + Bright
	}
}

// leading returns the colour that codes begin with, "5", "n" or "2", "r", "g", "b", and how many of them that are. It is 0 where there is none.
func leading(codes []string) (color Color, used int) {
	used = len(codes)
	if used > 0 {
		switch codes[0] {
		case "5":
			used = min(used, 2)
		case "2":
			used = min(used, 4)
		default:
			return 0, 0
		}
	}
	return colorOf(codes[:used], false), used
}

// colorOf returns a colour by its number or its parts; 0 where they are none. With colons the parts may follow the name of a colour space, which is most often empty.
func colorOf(codes []string, colons bool) Color {
	switch {
	case len(codes) >= 2 && codes[0] == "5":
		return numbered(number(codes[1]))
	case len(codes) >= 5 && codes[0] == "2" && colons:
		codes = slices.Delete(slices.Clone(codes), 1, 2)
		fallthrough
	case len(codes) >= 4 && codes[0] == "2":
		return nearest([3]int{number(codes[1]), number(codes[2]), number(codes[3])})
	}
	return 0
}

// numbered returns the colour that is nearest to one of the 256 of xterm: the sixteen, a cube of six steps a side, and greys.
func numbered(n int) Color {
	step := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + 40*i
	}
	switch {
	case n < Colors:
		return Color(n) + 1 //nolint:gosec // less than Colors
	case n < 232:
		n -= Colors
		return nearest([3]int{step(n / 36), step(n / 6 % 6), step(n % 6)})
	case n < 256:
		grey := 8 + 10*(n-232)
		return nearest([3]int{grey, grey, grey})
	}
	return 0
}

// sixteen are the colours as xterm shows them, red, green and blue.
var sixteen = [Colors][3]int{
	{0, 0, 0},
	{205, 0, 0},
	{0, 205, 0},
	{205, 205, 0},
	{0, 0, 238},
	{205, 0, 205},
	{0, 205, 205},
	{229, 229, 229},
	{127, 127, 127},
	{255, 0, 0},
	{0, 255, 0},
	{255, 255, 0},
	{92, 92, 255},
	{255, 0, 255},
	{0, 255, 255},
	{255, 255, 255},
}

// nearest returns the colour that looks most like one of these parts, each up to 255: a page has a class for each of the sixteen, which follow light and
// dark, and its policy lets no other colours in. Of grey parts it is one without a hue.
func nearest(parts [3]int) Color {
	for i := range parts {
		parts[i] = min(parts[i], 255)
	}
	grey := max(parts[0], parts[1], parts[2])-min(parts[0], parts[1], parts[2]) < 24
	distance := func(i int) int {
		c := sixteen[i]
		if grey != (c[0] == c[1] && c[1] == c[2]) {
			return 1 << 30
		}
		r, g, b := parts[0]-c[0], parts[1]-c[1], parts[2]-c[2]
		mean := (parts[0] + c[0]) / 2 // redmean, an approximation of how far apart two colours look (compuphase.com/cmetric.htm)
		return ((512+mean)*r*r)>>8 + 4*g*g + ((767-mean)*b*b)>>8
	}
	best := 0
	for i := range sixteen {
		if cmp.Less(distance(i), distance(best)) {
			best = i
		}
	}
	return Color(best) + 1 //nolint:gosec // less than Colors
}

// number reads digits, an empty text as 0; what is too large to mean anything is 1000.
func number(digits string) (n int) {
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' || n >= 1000 {
			return 1000
		}
		n = 10*n + int(c-'0')
	}
	return min(n, 1000)
}
