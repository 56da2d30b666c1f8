package site

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// disordered tells which stops of the tab key lie before the one that comes before them: above it, and not in a column that begins to its right; or in its
// line, to its left. What opens over the page is looked at by itself.
const disordered = `(() => {
	const stops = [...document.querySelectorAll("a[href], button, summary, input, [tabindex='0']")].filter(e => e.checkVisibility() && !e.matches(".skip, [tabindex='-1']"))
	const wrong = [], say = e => e.outerHTML.slice(0, 90)
	for (const region of ["nav.course", "main", ".toc", "footer.site", "dialog[open]"]) {
		const here = stops.filter(e => e.closest("nav.course, .toc, main, footer.site, dialog[open]")?.matches(region))
		for (let i = 1; i < here.length; i++) {
			if (here[i - 1].contains(here[i])) continue
			const a = here[i - 1].getClientRects(), last = a[a.length - 1], next = here[i].getClientRects()[0]
			const above = next.bottom <= last.top + 1 && next.left < last.right - 1
			const level = Math.min(last.bottom, next.bottom) - Math.max(last.top, next.top) > Math.min(last.height, next.height) / 2
			if (above || level && next.right <= last.left + 1) wrong.push(say(here[i]) + " comes after " + say(here[i - 1]))
		}
	}
	return wrong.slice(0, 4).join("\n")
})()`

// TestTheFocusGoesAsThePageReads: no style lays out what comes later before what comes first, folded or not.
func TestTheFocusGoesAsThePageReads(t *testing.T) {
	ctx := browsertest.New(t)
	s := sample(t)
	server := httptest.NewServer(http.FileServerFS(s))
	defer server.Close()
	for _, name := range slices.Sorted(maps.Keys(pages(t, s))) {
		for _, width := range []int{320, 1280} {
			for _, unfold := range []bool{false, true} {
				if err := chromedp.Do(ctx, browsertest.View(width, 800, false), chromedp.Navigate(server.URL+"/"+name)); err != nil {
					t.Fatal(err)
				}
				if unfold {
					evaluate[int](ctx, t, `(all => (all.forEach(d => d.open = true), all.length))(document.querySelectorAll("details"))`)
				}
				at := fmt.Sprintf("%s, %d px wide, unfolded: %v", name, width, unfold)
				if got := evaluate[string](ctx, t, disordered); got != "" {
					t.Errorf("%s:\n%s", at, got)
				}
			}
		}
	}
	evaluate[string](ctx, t, `document.querySelector("footer.site").style.cssText = "display: flex; flex-direction: column-reverse"`)
	if got := evaluate[string](ctx, t, disordered); got == "" {
		t.Error("another order is not found")
	}
}
