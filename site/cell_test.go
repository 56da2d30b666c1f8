package site

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// until evaluates to the value of a condition when it is one, looking in each frame.
func until(condition string) string {
	return `new Promise(done => { const look = () => { const is = ` + condition + `; is ? done(String(is)) : requestAnimationFrame(look) }; look() })`
}

// TestACellIsOneObjectInABrowser: what it offers works by keyboard, at the width of a phone and of a desk.
func TestACellIsOneObjectInABrowser(t *testing.T) {
	ctx := browsertest.New(t)
	s := sample(t)
	server := httptest.NewServer(http.FileServerFS(s))
	defer server.Close()
	source, line := "", ""
	for _, c := range s.pages[1].lesson.Cells() {
		if c.ID == "same" {
			source, line = c.Source, strconv.Itoa(c.Notes[0].At.Line)
		}
	}
	const (
		button  = `document.querySelector("#cell-same .copy")`
		capture = `(Object.defineProperty(navigator, "clipboard", {configurable: true, value: {writeText: text => { window.copied = text; return Promise.resolve() }}}), ` + button + `.focus(), ` + button + `.click(), "")`
		refused = `(Object.defineProperty(navigator, "clipboard", {configurable: true, value: undefined}), document.execCommand = what => { window.copied = document.activeElement.value; return true }, ` +
			`document.getElementById("page-status").textContent = "", ` + button + `.focus(), ` + button + `.click(), "")`
		status = `document.getElementById("page-status").textContent`
		stays  = `String(document.activeElement === ` + button + `)`
		enter  = `(document.activeElement.click(), location.hash)`
		shown  = `(style => style.backgroundColor !== "rgba(0, 0, 0, 0)" && style.boxShadow !== "none")(getComputedStyle(document.querySelector(":target")))`
		// the first pane is above the second, or beside it
		stacked = `(([a, b]) => String(b.top >= a.bottom))([...document.querySelectorAll("#cell-seen .pane")].map(p => p.getBoundingClientRect()))`
		regions = `(all => String(all.length > 3 && new Set(all.map(p => p.ariaLabel)).size === all.length && all.every(p => !p.role && p.ariaLabel)))([...document.querySelectorAll("section.pane")])`
		names   = `String([...document.querySelectorAll(".cell pre[tabindex], .output[tabindex]")].every(e => e.closest("[aria-label]")))`
		reveal  = `document.querySelector("#cell-grow-value-1-same").checkVisibility() && document.querySelector("#cell-grow-value-1-same").getBoundingClientRect().top < innerHeight`
	)
	type step struct{ about, does, want string }
	for _, width := range []int{320, 1280} {
		for page, steps := range map[string][]step{
			"whose-memory.html": {
				{"copying", capture, ""},
				{"it is said", until(status + ` === "Copied"`), "true"},
				{"what is copied", `window.copied`, source},
				{"focus", stays, "true"},
				{"copying where the clipboard is refused", refused, ""},
				{"it is said again", until(status + ` === "Copied"`), "true"},
				{"what is copied then", `window.copied`, source},
				{"focus then", stays, "true"},
				{"a badge", `(document.querySelector("#line-` + line + ` .badge").focus(), ` + enter + `)`, "#about-" + line},
				{"its note is seen", until(shown), "true"},
				{"the badge of the note", `(document.querySelector("#about-` + line + ` .badge").focus(), ` + enter + `)`, "#line-" + line},
				{"the line is seen", until(shown), "true"},
				{"a finger's target", `(([w, h]) => String(w >= 24 && h >= 24))((s => [s.width, s.height].map(parseFloat))(getComputedStyle(document.querySelector(".badge"), "::after")))`, "true"},
				{"panes are stacked", stacked, strconv.FormatBool(width < 640)},
				{"panes are regions", regions, "true"},
				{"what scrolls has a name", names, "true"},
			},
			"does-it-scale.html": {
				{"a link to what is folded", `(location.hash = "cell-grow-value-1-same", "")`, ""},
				{"it is there", until(reveal), "true"},
				{"the pane is seen", until(shown), "true"},
				{"what is no address throws nothing", `(window.wrong = "", addEventListener("error", e => { window.wrong = e.message }), location.hash = "%E0%A4%A", dispatchEvent(new Event("hashchange")), window.wrong)`, ""},
			},
		} {
			if err := chromedp.Do(ctx, browsertest.View(width, 700, width == 320), chromedp.Navigate(server.URL+"/"+page)); err != nil {
				t.Fatal(err)
			}
			for _, step := range steps {
				if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](step.does, chromedp.EvalAwaitPromise)); err != nil || got != step.want {
					t.Errorf("%s, %d pixels wide, %s: %q, %v, want %q", page, width, step.about, got, err, step.want)
				}
			}
		}
	}
}

// TestATextThatIsFoldedIsFound: a link to a text opens the fold that it is in, as looking for it in the page does.
func TestATextThatIsFoldedIsFound(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	const folded = `document.querySelector("#cell-loud .fold")`
	if err := chromedp.Do(ctx, browsertest.View(1000, 700, false), chromedp.Navigate(server.URL+"/whose-memory.html")); err != nil {
		t.Fatal(err)
	}
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](folded+`.open || !`+folded+`.textContent.includes("line 33")`)); err != nil || got {
		t.Fatalf("line 33 is not folded, %v", err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(server.URL+"/whose-memory.html#:~:text=line%2033")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[string](until(folded+`.open`), chromedp.EvalAwaitPromise)); err != nil {
		t.Errorf("the fold stays closed: %v", err)
	}
}
