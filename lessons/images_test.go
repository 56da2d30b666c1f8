package lessons

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"
	"testing/fstest"
)

// picture returns an image of that size as a file.
func picture(t testing.TB, width, height int, encode func(io.Writer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func asJPEG(w io.Writer, i image.Image) error { return jpeg.Encode(w, i, nil) }
func asGIF(w io.Writer, i image.Image) error  { return gif.Encode(w, i, nil) }

// webP is the header of a WebP image of 7 by 5 pixels without loss.
const webP = "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x06\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><rect width="3" height="2"/></svg>`

func TestImagesAreFilesOfTheCourse(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n![a](a.png) ![b](./pictures/b%20b.JPG \"t\") ![c](pictures/../c.gif) ![d](d.webp) ![e][r] ![e][r]\n\n[r]: <e.svg>\n",
		"02-b.md", "# B\n\n- ![a](a.png)\n", "a.png", picture(t, 4, 3, png.Encode), "pictures/b b.JPG", picture(t, 5, 6, asJPEG), "c.gif", picture(t, 2, 1, asGIF), "d.webp", webP, "e.svg", drawing, "f.png", "not shown")
	same(t, "problems", brief(c.Problems), []string(nil))
	sizes := make(map[string]string)
	for file, i := range c.Images {
		sizes[file] = fmt.Sprint(i.Width, "x", i.Height, " ", len(i.Sum))
	}
	same(t, "images", sizes, map[string]string{"a.png": "4x3 64", "pictures/b b.JPG": "5x6 64", "c.gif": "2x1 64", "d.webp": "7x5 64", "e.svg": "30x20 64"})
}

func TestImagesThatCannotBeShownAreProblems(t *testing.T) {
	big := picture(t, 1, 1, png.Encode)
	for text, want := range map[string]string{
		"x ![a](pictures-of-mine.png)":        `3:3+0 there is no image pictures-of-mine.png (use one of Fork.png, gif.png, html.png, huge.png, svg.png, text.svg, wide.png)`,
		"![a](forc.png)":                      `3:1+0 there is no image forc.png (did you mean "Fork.png"?)`,
		"![a](fork.png)":                      `3:1+0 there is no image fork.png (did you mean "Fork.png"?)`,
		"xy ![a][r] ![r]\n\n[r]: gone/x.png":  `3:4+0 there is no image gone/x.png ()`,
		"![a](/Fork.png)":                     `3:1+0 /Fork.png is no image of the course (name a file by its path from the lesson, as in pictures/fork.png)`,
		"![a](../Fork.png)":                   `3:1+0 ../Fork.png is no image of the course (name a file by its path from the lesson, as in pictures/fork.png)`,
		"![a](%2e%2e/Fork.png)":               `3:1+0 %2e%2e/Fork.png is no image of the course (name a file by its path from the lesson, as in pictures/fork.png)`,
		"![a](Fork.png?x)":                    `3:1+0 Fork.png?x is no image of the course (name a file by its path from the lesson, as in pictures/fork.png)`,
		"![a]()":                              `3:1+0  is no image of the course (name a file by its path from the lesson, as in pictures/fork.png)`,
		"![a](01-a.md)":                       `3:1+0 01-a.md is no image (an image is a file .png, .jpg, .gif, .webp or .svg)`,
		"![a](dir.png)":                       `3:1+0 dir.png is no regular file (keep a copy in the course)`,
		"![a](gif.png)":                       `3:1+0 gif.png is not shown: it is GIF by what is in it, and PNG by its name (export it again)`,
		"![a](svg.png)":                       `3:1+0 svg.png is not shown: it is SVG by what is in it, and not by its name (export it again)`,
		"![a](html.png)":                      `3:1+0 html.png is not shown: it cannot be read as PNG (export it again)`,
		"![a](text.svg)":                      `3:1+0 text.svg is not shown: it has no svg element (export it again)`,
		"![a](wide.png)":                      `3:1+0 wide.png is not shown: it is 30000 by 1 pixels large (export it again)`,
		"![a](huge.png)":                      `3:1+0 huge.png is larger than 4 MiB, or all images of the course are larger than 64 MiB (a width of 1600 pixels is enough for any page: scale it down)`,
		"![a](https://go.dev/logo.png)":       `3:1+0 images from other sites are not shown (no page asks anything of another site: keep the image beside the lesson, or link to it, without the !)`,
		"![a](//go.dev/logo.png)":             `3:1+0 images from other sites are not shown (no page asks anything of another site: keep the image beside the lesson, or link to it, without the !)`,
		"![a](data:image/png;base64,x)":       `3:1+0 a link with the scheme "data" is not allowed (links have http, https or mailto, or none; if this is code, put it between backticks)`,
		"![a](https&colon;//go.dev/logo.png)": `3:1+0 images from other sites are not shown (no page asks anything of another site: keep the image beside the lesson, or link to it, without the !)`,
		"![a](<\\\\evil\\x.png>)":             `3:1+0 %5Cevil%5Cx.png is no image of the course (name a file by its path from the lesson, as in pictures/fork.png)`,
	} {
		c := course(t, "01-a.md", "# A\n\n"+text+"\n", "Fork.png", big, "gif.png", picture(t, 1, 1, asGIF), "svg.png", drawing, "html.png", "<script>alert(1)</script>",
			"text.svg", "hello", "wide.png", picture(t, 30000, 1, png.Encode), "huge.png", big+strings.Repeat("\x00", maxImage), "dir.png/x", "")
		var got []string
		for _, p := range c.Problems {
			got = append(got, fmt.Sprintf("%d:%d+%d %s (%s)", p.Line, p.Column, p.Length, p.Message, p.Hint))
		}
		same(t, text, got, []string{want})
		if len(c.Images) > 0 {
			t.Errorf("%s is shown", text)
		}
	}
}

func TestADrawingThatLosesSomethingIsAProblem(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n![a](a.svg) ![a](a.svg) ![b](b.svg)\n",
		"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2" onload="x"><script/><rect/></svg>`, "b.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	same(t, "problems", brief(c.Problems), []string{
		"3:25+0 b.svg is not shown: nothing tells its size: give its svg element a viewBox", "1:1+0 the drawing is shown without onload, script",
	})
	same(t, "content", c.Images["a.svg"].Content, `<svg xmlns="http://www.w3.org/2000/svg" height="2" width="3"><rect/></svg>`)
}

// An image that changes is another one in the next course, whose lessons are shared; one that does not is shared as well.
func TestAChangedImageIsReadAgain(t *testing.T) {
	fsys := mapFS("01-a.md", "# A\n\n![a](a.png) ![b](b.svg)\n", "a.png", picture(t, 1, 2, png.Encode), "b.svg", drawing)
	before, _ := Load(fsys, nil)
	fsys["a.png"] = &fstest.MapFile{Data: []byte(picture(t, 3, 4, png.Encode))}
	after, _ := Load(fsys, before)
	if after.Lessons[0] != before.Lessons[0] || after.Images["b.svg"] != before.Images["b.svg"] {
		t.Error("what did not change was read again")
	}
	if a, b := before.Images["a.png"], after.Images["a.png"]; a.Width != 1 || b.Width != 3 || a.Sum == b.Sum {
		t.Errorf("an image of %d pixels became one of %d", a.Width, b.Width)
	}
	delete(fsys, "a.png")
	gone, _ := Load(fsys, after)
	same(t, "without it", brief(gone.Problems), []string{"3:1+0 there is no image a.png"})
}

func TestAnImageWithoutATextIsAFinding(t *testing.T) {
	c := course(t, "01-a.md", "# A\n\n![](a.svg) ![b](a.svg)\n", "a.svg", drawing)
	same(t, "problems", brief(c.Problems), []string(nil))
	same(t, "findings", brief(c.Check()), []string{"3:1+0 the image says nothing to who does not see it"})
}

func TestAHeadingThatSkipsALevelIsAFinding(t *testing.T) {
	c, _ := lesson(t, "\n## B\n\n#### C\n\n##### D\n\n## E\n\n### F\n\n> ###### G\n")
	same(t, "findings", brief(c.Check()), []string{"5:1+0 a heading of level 4 follows one of level 2"})
}
