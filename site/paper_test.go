package site

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pale tells what text could not be read on paper: the contrast of each with what is printed below it, which is white where a browser leaves out backgrounds.
const pale = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true})
	canvas.canvas.width = canvas.canvas.height = 1
	const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4
	const luminance = (...layers) => {
		canvas.fillStyle = "#fff"
		for (const c of ["#fff", ...layers]) canvas.fillStyle = c, canvas.fillRect(0, 0, 1, 1)
		const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data
		return .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255)
	}
	const wrong = new Set()
	for (const e of document.querySelectorAll("main, main *")) {
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility({contentVisibilityAuto: true})) continue
		const grounds = []
		for (let up = e; up; up = up.parentElement) {
			const s = getComputedStyle(up)
			if (s.printColorAdjust === "exact") grounds.unshift(s.backgroundColor)
		}
		const own = getComputedStyle(e), ink = luminance(...grounds, e.closest("svg") ? own.fill : own.color), ground = luminance(...grounds)
		const contrast = (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05)
		if (contrast < 4.5) wrong.add(e.tagName + "." + e.className + " " + own.color + " " + contrast.toFixed(1) + " " + e.textContent.slice(0, 20))
	}
	return [...wrong].slice(0, 5).join("\n")
})()`

// TestPaper: what is printed is dark on white whatever the screen is, nothing is folded away, what is one thing is not broken, and links say where they lead.
func TestPaper(t *testing.T) {
	ctx := browsertest.New(t)
	s := sample(t)
	server := httptest.NewServer(http.FileServerFS(s))
	defer server.Close()
	for _, name := range slices.Sorted(maps.Keys(pages(t, s))) {
		for _, theme := range []string{"", "light", "dark"} {
			if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/"+name), onPaper(theme != "light")); err != nil {
				t.Fatal(err)
			}
			if theme != "" {
				evaluate[string](ctx, t, `document.documentElement.dataset.theme = "`+theme+`"`)
			}
			if got := evaluate[string](ctx, t, `getComputedStyle(document.documentElement).colorScheme + getComputedStyle(document.body).backgroundColor`); got != "lightrgb(255, 255, 255)" {
				t.Errorf("%s, %q: paper is %s", name, theme, got)
			}
			if got := evaluate[string](ctx, t, pale); got != "" {
				t.Errorf("%s, %q: too pale for paper:\n%s", name, theme, got)
			}
		}
		const folded = `[...document.querySelectorAll("main details")].filter(d => d.checkVisibility() && d.lastElementChild.matches(":not(summary)") && !d.lastElementChild.checkVisibility({contentVisibilityAuto: true}) && d.lastElementChild.textContent.trim() && !d.lastElementChild.matches("button, .tools")).map(d => d.outerHTML.slice(0, 80)).join("\n")`
		if got := evaluate[string](ctx, t, folded); got != "" {
			t.Errorf("%s: folded away on paper: %s", name, got)
		}
		const broken = `[...document.querySelectorAll("main :is(figure, .pane, .bars, .field, img, tr)")].filter(e => getComputedStyle(e).breakInside !== "avoid").map(e => e.outerHTML.slice(0, 80)).join("\n")`
		if got := evaluate[string](ctx, t, broken); got != "" {
			t.Errorf("%s: this may be broken: %s", name, got)
		}
		const cut = `[...document.querySelectorAll("main pre, main .output")].filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2).map(e => e.outerHTML.slice(0, 80)).join("\n")`
		if got := evaluate[string](ctx, t, cut); got != "" {
			t.Errorf("%s: cut off on paper: %s", name, got)
		}
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/the-benchmark.html"), onPaper(true)); err != nil {
		t.Fatal(err)
	}
	const target = `(a => a && getComputedStyle(a, "::after").content)(document.querySelector("main p > a[href^='https:']"))`
	if got := evaluate[string](ctx, t, target); !regexp.MustCompile(`https://`).MatchString(got) {
		t.Errorf("a link to another place says on paper %q", got)
	}
	result, err := chromedp.Call(ctx, cdp.PrintToPDF, cdp.PrintToPDFParams{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(result.Data, -1)); n < 2 || n > 20 {
		t.Errorf("a lesson takes %d pages of paper", n)
	}
}

// onPaper has pages believe that they are printed, by a system that is dark or light.
func onPaper(dark bool) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
