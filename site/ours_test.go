package site_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"course/site"
	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// fullLines tells how many characters there are in the lines of paragraphs, but for the last of each, and for those with what does not break.
const fullLines = `(() => {
	const lines = []
	for (const p of document.querySelectorAll("main > p:not(.crux, .lead, .kicker)")) {
		const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT), range = document.createRange(), here = []
		let bottom = -1
		for (let n; n = walk.nextNode();) {
			if (n.parentElement.closest("sup")) continue
			for (let i = 0; i < n.length; i++) {
				range.setStart(n, i), range.setEnd(n, i + 1)
				const r = range.getBoundingClientRect()
				if (!r.height) continue
				if (r.top > bottom) here.push(0), bottom = r.bottom - 2
				here[here.length - 1]++
			}
		}
		lines.push(...here.slice(0, -1))
	}
	return JSON.stringify(lines.sort((a, b) => a - b))
})()`

// TestLinesHaveAGoodMeasure: 60 to 75 characters a line where there is room for them (Bringhurst, The Elements of Typographic Style, 2.1.2: 45 to 75, 66 is
// ideal), measured in the text of our own course.
func TestLinesHaveAGoodMeasure(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(realSite(t)))
	defer server.Close()
	for _, width := range []int{320, 375, 768, 1280, 1440, 1920} {
		if err := chromedp.Do(ctx, browsertest.View(width, 800, false), chromedp.Navigate(server.URL+"/the-benchmark-that-measures-nothing.html")); err != nil {
			t.Fatal(err)
		}
		told, err := chromedp.Run(ctx, chromedp.Evaluate[string](fullLines))
		if err != nil {
			t.Fatal(err)
		}
		var lines []int
		if err := json.Unmarshal([]byte(told), &lines); err != nil || len(lines) < 40 {
			t.Fatalf("%d px: %d lines, %v", width, len(lines), err)
		}
		median, longest := lines[len(lines)/2], lines[len(lines)-1]
		t.Logf("%d px: half of %d lines have up to %d characters, the longest has %d", width, len(lines), median, longest)
		switch {
		case width < 640 && (median < 25 || median >= 60):
			t.Errorf("%d px: half of the lines have up to %d characters", width, median)
		case width >= 640 && (median < 60 || median > 75 || longest > 80): // narrow letters may make one longer
			t.Errorf("%d px: half of the lines have up to %d characters, the longest has %d", width, median, longest)
		}
	}
}

// TestOurOwnPagesAreValid: none of them is repaired by a browser, and nothing stands where the standard does not allow it.
func TestOurOwnPagesAreValid(t *testing.T) {
	real := realSite(t)
	for _, name := range pagesOf(t, real) {
		site.HoldsContentModel(t, name, read(t, real, name))
	}
}
