package site

import (
	"bytes"
	"image"
	"image/png"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
)

// files makes a course of names and contents, which has no problem but these.
func files(t *testing.T, problems []string, all ...string) *lessons.Course {
	t.Helper()
	fsys := make(fstest.MapFS)
	for i := 0; i < len(all); i += 2 {
		fsys[all[i]] = &fstest.MapFile{Data: []byte(all[i+1])}
	}
	course, err := lessons.Load(fsys, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range course.Problems {
		got = append(got, p.Message)
	}
	if !slices.Equal(got, problems) {
		t.Fatalf("problems %q, want %q", got, problems)
	}
	return course
}

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><rect width="3" height="2"/></svg>`

func pixel(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 7, 5))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestImagesHaveASizeAndAText: nothing moves when they come, and those that are not seen at once are not waited for.
func TestImagesHaveASizeAndAText(t *testing.T) {
	course := files(t, []string{"images from other sites are not shown", "there is no image gone.png"}, "01-a.md",
		"# A\n\n![A \"pixel\"](p/ä-\"1\".png \"The <caption>\")\n\nx ![b](b.svg \"t\") ![c](https://a.b/c.png) ![d](gone.png)\n", "p/ä-\"1\".png", pixel(t), "b.svg", drawing)
	s := New(course, nil, nil)
	page := readFile(t, s, "a.html")
	for _, want := range []string{
		`<figure class="picture"><img src="images/---1--NAME.png" alt="A &#34;pixel&#34;" width="7" height="5"><figcaption>The &lt;caption&gt;</figcaption></figure>`,
		`<img src="images/b-NAME.svg" alt="b" width="30" height="20" title="t" loading="lazy"> <a href="https://a.b/c.png">c</a> d</p>`,
	} {
		if got := regexp.MustCompile(`-[0-9a-f]{16}\.`).ReplaceAllString(page, "-NAME."); !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got[strings.Index(got, "<main"):])
		}
	}
	images, err := fs.Glob(s, "images/*")
	if err != nil || len(images) != 2 {
		t.Fatalf("images %q, %v", images, err)
	}
	for _, name := range images {
		if want := course.Images["b.svg"]; strings.HasSuffix(name, ".svg") && readFile(t, s, name) != want.Content {
			t.Errorf("%s is not what was cleaned", name)
		}
		if !strings.Contains(page, `src="`+name+`"`) {
			t.Errorf("the page does not show %s", name)
		}
	}
}

func readFile(t *testing.T, s *Site, name string) string {
	t.Helper()
	data, err := fs.ReadFile(s, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
