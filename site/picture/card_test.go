package picture

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden cards anew")

const limit = 40 << 10 // bytes of a card

var measured = []Bar{{Serial, "serial", 3.1, "3.1 s"}, {Thread, "threads", 1.1, "1.1 s"}, {Process, "processes", 0.9, "0.9 s"}}

// cards are those that were looked at.
var cards = map[string]Card{
	"lesson":   {Course: "Threads and processes", Number: 2, Title: "Whose memory is it?", Bars: measured},
	"course":   {Course: "Threads and processes", Title: "Threads and processes"},
	"long":     {Course: strings.Repeat("A course with a long name ", 9), Number: 1000, Title: strings.Repeat("many words in a title ", 40), Bars: measured},
	"unbroken": {Title: strings.Repeat("Unbroken", 200), Number: 3},
	"scripts":  {Course: "Ελληνικά", Number: 4, Title: "Ünïcode: Кириллица – “quoted” 🎉\u200d½"},
	"unknown":  {Course: "线程与进程", Number: 5, Title: "谁的内存？", Bars: measured},
}

func TestCards(t *testing.T) {
	for name, card := range cards {
		drawn := draw(t, card)
		golden := filepath.Join("testdata", name+".png")
		if *update {
			made, _ := new(Drawer).Card(card)
			if err := os.WriteFile(golden, made, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		file, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		want, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		other := 0 // processors round differently: a pixel at a letter's edge may be another
		for i, s := range want.(*image.Paletted).Pix {
			if drawn.Pix[i] != s {
				other++
			}
		}
		if other > CardWidth*CardHeight/1000 {
			t.Errorf("%s is drawn otherwise than %s, in %d pixels: look at it, and run the test with -update", name, golden, other)
		}
	}
}

// TestNothingIsDrawnBeyondTheEdges: whatever a card says, it stays within, and small.
func TestNothingIsDrawnBeyondTheEdges(t *testing.T) {
	for name, card := range map[string]Card{
		"empty":       {},
		"no words":    {Title: " \n\t ", Course: "\x00\x1b[31m", Number: -1},
		"right left":  {Title: "\u202eذاكرة من هذه؟\u202c", Course: "שלום", Number: 7},
		"marks":       {Title: "e" + strings.Repeat("\u0301", 500)},
		"not UTF-8":   {Title: "\xff\xfe\xc0", Course: "\xed\xa0\x80"},
		"markup":      {Title: `<script>alert(1)</script>&amp;"'`, Course: "</svg>"},
		"wide":        {Title: strings.Repeat("W", 10_000), Course: strings.Repeat("W", 10_000)},
		"many":        {Title: strings.Repeat("w ", 10_000), Number: 1 << 60},
		"many bars":   {Title: "x", Bars: append(append(measured, measured...), measured...)},
		"no lengths":  {Title: strings.Repeat("word ", 50), Bars: []Bar{{Thread, strings.Repeat("N", 99), 0, strings.Repeat("V", 99)}, {Process, "", 0, ""}}},
		"tiny length": {Bars: []Bar{{Thread, "a", 1e-9, "1 ns"}, {Process, "b", 1e9, "30 y"}}},
	} {
		drawn := draw(t, card)
		inside := image.Rect(edge-16, 12, CardWidth-edge+2, CardHeight-edge/2)
		for y := 12; y < CardHeight; y++ {
			for x := range CardWidth {
				if s := drawn.Pix[drawn.PixOffset(x, y)]; s != paper && !(image.Point{x, y}).In(inside) {
					t.Fatalf("%s: something is drawn at %d, %d", name, x, y)
				}
			}
		}
	}
}

// TestNoBoxes: what the font lacks is left out, and what is written is whole.
func TestNoBoxes(t *testing.T) {
	for s, want := range map[string]string{
		"Plain, text.":       "Plain, text.",
		"tab\tand\nline":     "tab and line",
		"party 🎉 time":       "party  time",
		"heart \u2764\ufe0f": "heart ",
		"谁的内存":               "",
		"Go 语言":              "",
		"שלום":               "",
		"ذاكرة":              "",
		"a\u200db":           "ab",
		"a\u202eb":           "ab",
	} {
		if got := writable(s, bold); got != want {
			t.Errorf("of %q is written %q, want %q", s, got, want)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	var d Drawer
	for b.Loop() {
		if _, err := d.Card(cards["lesson"]); err != nil {
			b.Fatal(err)
		}
	}
}

// draw returns the card's picture, which is drawn the same twice, and small.
func draw(t *testing.T, c Card) *image.Paletted {
	t.Helper()
	made, err := new(Drawer).Card(c)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := new(Drawer).Card(c); !bytes.Equal(made, again) {
		t.Errorf("two cards of %.40q differ", c.Title)
	}
	if len(made) > limit {
		t.Errorf("the card of %.40q takes %d bytes, more than %d", c.Title, len(made), limit)
	}
	picture, err := png.Decode(bytes.NewReader(made))
	if err != nil || picture.Bounds() != image.Rect(0, 0, CardWidth, CardHeight) {
		t.Fatalf("the card of %.40q is %v", c.Title, err)
	}
	return picture.(*image.Paletted)
}
