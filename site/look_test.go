package site

import (
	"bytes"
	"path"
	"regexp"
	"testing"
)

// TestSwatchesHaveTheirShapes: a page that shows a mode has the shape of its swatch, once, and others have none.
func TestSwatchesHaveTheirShapes(t *testing.T) {
	used := regexp.MustCompile(`<use href="#(swatch-[a-z]+)"`)
	with, without := 0, 0
	for name, html := range all(t, sample(t)) {
		if path.Ext(name) != ".html" {
			continue
		}
		uses := used.FindAllSubmatch(html, -1)
		if len(uses) > 0 {
			with++
		} else if without++; bytes.Contains(html, []byte("<symbol")) {
			t.Errorf("%s has shapes that nothing uses", name)
		}
		for _, m := range uses {
			if n := bytes.Count(html, []byte(`<symbol id="`+string(m[1])+`"`)); n != 1 {
				t.Fatalf("%s has %d shapes for %s", name, n, m[1])
			}
		}
	}
	if with == 0 || without == 0 {
		t.Errorf("%d pages have swatches, and %d have none: that shows nothing", with, without)
	}
}
