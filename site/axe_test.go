package site

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// axe runs all rules on what the page is now, those for best practices, too, and tells what it finds, and what it cannot decide.
const axe = `axe.run(document, {...scope, resultTypes: ["violations", "incomplete"], rules: {"target-size": {enabled: true}}}).then(r => {
	const told = (list) => list.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.target.join(" ") + " (" + n.any.concat(n.all, n.none).map(c => c.message).join("; ") + ")").slice(0, 4).join(", "))
	return {Violations: told(r.violations), Incomplete: told(r.incomplete)}
})`

// noShadows takes away the shadows at the edges of code that scrolls, for which axe would not judge the contrast of any code.
const noShadows = `(s => { s.replaceSync("pre, .wide { background-image: none !important }"); document.adoptedStyleSheets = [s] })(new CSSStyleSheet())`

// undecided are the rules of which axe leaves something to people, who have looked: why it is right all the same.
var undecided = map[string]string{
	"color-contrast":              "signs beside words that say the same are no text",
	"label-content-name-mismatch": "the text of a link to a place is #, a sign that nobody would say; its name says where it leads",
	"th-has-data-cells":           "of runs that all did the same, a column of what differs is empty",
}

// answered has a page with a bet show what came of it, and what it says of a choice.
const answered = `document.querySelectorAll(".bet li:first-child > button").forEach(b => b.click())`

// TestAxeFindsNothing has axe-core look at each kind of page, light and dark, narrow and wide.
func TestAxeFindsNothing(t *testing.T) {
	script, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.New(t)
	s := sample(t)
	server := httptest.NewServer(http.FileServerFS(s))
	defer server.Close()
	incomplete := make(map[string]bool)
	for _, name := range slices.Sorted(maps.Keys(pages(t, s))) {
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/"+name)); err != nil {
			t.Fatal(err)
		}
		if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](string(script)), chromedp.Evaluate[chromedp.Void](noShadows), chromedp.Evaluate[chromedp.Void](answered), chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`)); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int{320, 1280} {
			for _, dark := range []bool{false, true} {
				if err := chromedp.Do(ctx, browsertest.View(width, 800, dark)); err != nil {
					t.Fatal(err)
				}
				scope := `{}`
				if dark != (width == 320) { // all rules once a width and once a theme, and those again that both decide
					scope = `{runOnly: ["color-contrast", "target-size"]}`
				}
				looked(ctx, t, fmt.Sprintf("%s, %d px wide, dark: %v", name, width, dark), scope, incomplete)
			}
		}
	}
	for rule := range undecided {
		if !incomplete[rule] {
			t.Errorf("axe decides %s by itself: leave it out", rule)
		}
	}
}

// looked has axe look at what a page is now, and notes the rules by which it cannot decide.
func looked(ctx context.Context, t *testing.T, at, scope string, incomplete map[string]bool) {
	t.Helper()
	found := evaluate[struct{ Violations, Incomplete []string }](ctx, t, "((scope) => "+axe+")("+scope+")")
	for _, v := range found.Violations {
		t.Errorf("%s: %s", at, v)
	}
	for _, v := range found.Incomplete {
		rule, _, _ := strings.Cut(v, ":")
		if incomplete[rule] = true; undecided[rule] == "" {
			t.Errorf("%s: axe cannot decide, and nobody has: %s", at, v)
		}
	}
}

// TestAxeFindsNothingInWhatOpens: search with an answer, the keys, a note beside a term, and the list of lessons on a small screen.
func TestAxeFindsNothingInWhatOpens(t *testing.T) {
	script, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	for _, test := range []struct{ what, open, opened string }{
		{"search", `course.search()`, `document.querySelector("dialog.search[open] input")`},
		{"an answer", `(f => (f.value = "thread", f.dispatchEvent(new InputEvent("input", {bubbles: true}))))(document.querySelector("dialog.search input"))`, `[...document.querySelectorAll("dialog.search li")].length > 1 && document.querySelector("dialog.search mark")`},
		{"the keys", `(document.querySelector("dialog.search").close(), document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "?", bubbles: true})))`, `document.querySelector("dialog.keys[open]")`},
		{"a note", `(document.querySelector("dialog.keys").close(), document.querySelector(".val").click())`, `document.querySelector(".callout")`},
		{"the lessons", `(document.body.click(), document.querySelector("nav.course details").open = true)`, `!document.querySelector(".callout")`},
	} {
		t.Run(test.what, func(t *testing.T) {
			if test.what == "search" {
				if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/the-benchmark.html"), chromedp.Evaluate[chromedp.Void](string(script)), chromedp.Evaluate[chromedp.Void](noShadows)); err != nil {
					t.Fatal(err)
				}
			}
			if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](test.open)); err != nil {
				t.Fatal(err)
			}
			waitFor(ctx, t, test.opened)
			for _, width := range []int{320, 1280} {
				for _, dark := range []bool{false, true} {
					if err := chromedp.Do(ctx, browsertest.View(width, 800, dark)); err != nil {
						t.Fatal(err)
					}
					waitFor(ctx, t, test.opened) // still
					looked(ctx, t, fmt.Sprintf("%s, %d px wide, dark: %v", test.what, width, dark), `{}`, make(map[string]bool))
				}
			}
		})
	}
}
