package chart

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"course/site/browsertest"
	"course/site/markup"

	"github.com/chromedp/chromedp"
)

// page shows all samples under the site's style sheet, with the site's security policy: whatever needs a script or a style of its own is not there.
func page(t *testing.T) string {
	t.Helper()
	parts, err := filepath.Glob("../style/*.css")
	if err != nil || len(parts) == 0 {
		t.Fatalf("no style sheet, %v", err)
	}
	var style []byte
	for _, part := range parts {
		sheet, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		style = append(style, sheet...)
	}
	all := samples()
	var w markup.Writer
	w.Raw(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Charts</title><link rel="stylesheet" href="style.css"><body><div class="house"><nav class="course"></nav><main>`)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w.Raw(`<section class="cell">`)
		all[name].Draw(&w, Frame{ID: "c-" + name, Level: 3, Open: true})
		w.Raw(`</section>`)
	}
	w.Raw(`</main></div></body></html>`)
	html := w.Fragment().String()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'")
		if r.URL.Path == "/style.css" {
			w.Header().Set("Content-Type", "text/css")
			_, _ = w.Write(style)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// unreadable lists the texts of drawings and legends that are smaller than 12 pixels, reach beyond the window, or lie on each other.
const unreadable = `(() => {
	const wrong = [];
	document.querySelectorAll("details").forEach(d => d.open = true);
	for (const figure of document.querySelectorAll(".figure")) {
		const chart = figure.querySelector("[id$=title]").id, boxes = [];
		const walk = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
		for (let n; n = walk.nextNode();) {
			const text = n.textContent.trim(), of = n.parentElement;
			if (!text || of.closest("table")) { if (text && parseFloat(getComputedStyle(of).fontSize) < 12) wrong.push(chart + ": small in its table: " + text); continue; }
			if (parseFloat(getComputedStyle(of).fontSize) < 12) wrong.push(chart + ": small: " + text);
			const range = document.createRange();
			range.selectNodeContents(n);
			for (let r of range.getClientRects()) {
				const clip = of.closest("code, .who");
				let right = r.right;
				if (clip && getComputedStyle(clip).overflow !== "visible") right = Math.min(right, clip.getBoundingClientRect().right);
				if (r.width === 0 || right <= r.left) continue;
				if (r.left < 0 || right > innerWidth) wrong.push(chart + ": beyond the window: " + text);
				boxes.push({ n, text, left: r.left, right, top: r.top + 2, bottom: r.bottom - 2 });
			}
		}
		boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
			if (a.n !== b.n && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom && b.top < a.bottom) wrong.push(chart + ": " + a.text + " lies on " + b.text);
		}));
	}
	const by = document.documentElement.scrollWidth - document.documentElement.clientWidth;
	if (by > 0) wrong.push("the page is " + by + " px wider than its window");
	return wrong.join("\n");
})()`

func TestChartsCanBeReadOnEveryScreen(t *testing.T) {
	url := page(t)
	ctx := browsertest.New(t)
	for _, width := range []int{320, 375, 768, 1440} {
		if err := chromedp.Do(ctx, browsertest.View(width, 900, width == 375), chromedp.Navigate(url)); err != nil {
			t.Fatal(err)
		}
		wrong, err := chromedp.Run(ctx, chromedp.Evaluate[string](unreadable))
		if err != nil {
			t.Fatal(err)
		}
		if wrong != "" {
			t.Errorf("%d pixels wide:\n%s", width, wrong)
		}
	}
	if n, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll(".figure svg text").length`)); err != nil || n < 50 {
		t.Errorf("the page has %d labels, %v", n, err)
	}
}

// TestAScreenReaderHasAllOfAChart: its drawing is one picture with a name and a description, and its data are a table.
func TestAScreenReaderHasAllOfAChart(t *testing.T) {
	for name, c := range samples() {
		html := drawn(c)
		for _, want := range []string{`aria-labelledby="cell-x-chart-title"`, `role="heading" aria-level="3" id="cell-x-chart-title"`, `<th scope="col">`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}
