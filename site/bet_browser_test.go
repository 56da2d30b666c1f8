package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What is to be seen of a bet.
const (
	betChoice  = `document.querySelector(".bet li:nth-child(%d) > button")`
	betChosen  = `[...document.querySelectorAll(".bet li > button")].findIndex(b => b.ariaPressed === "true")`
	betShown   = `document.querySelector(".bet .verdict").checkVisibility()`
	betKept    = `localStorage.getItem(course.key("bet." + document.querySelector(".bet").dataset.bet))`
	betState   = `[` + betChosen + `, ` + betShown + `, ` + betKept + `].join(" ")`
	betStatus  = `document.getElementById("page-status").textContent`
	betFocused = `[...document.querySelectorAll(".bet li > button")].indexOf(document.activeElement)`
	betSays    = `document.querySelectorAll(".bet li")[%d].dataset.says + " " + document.querySelector(".bet .verdict").textContent`
)

// TestABetIsAnswered by pointer and by keyboard: what came of it is shown and told, the focus stays, and the choice is kept until it is taken back.
func TestABetIsAnswered(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(about, expression, want string) {
		t.Helper()
		if got := evaluate[string](ctx, t, "String("+expression+")"); got != want {
			t.Errorf("%s: %q, want %q", about, got, want)
		}
	}
	page := server.URL + "/" + indexName
	for _, width := range []int{320, 1280} {
		do(browsertest.View(width, 800, false), chromedp.Navigate(page))
		expect("at first", betState, "-1 false ")
		do(chromedp.Click(chromedp.CSS(".bet li:nth-child(2) > button")))
		expect("chosen by pointer", betState, "1 true 1")
		waitFor(ctx, t, fmt.Sprintf(betStatus+" === "+betSays, 1))
		expect("the focus then", betFocused, "1")
		do(chromedp.Click(chromedp.CSS(".bet li:nth-child(1) > button")))
		expect("chosen anew", betState, "0 true 0")
		expect("what is said of it", `document.querySelector(".yours > span").textContent === document.querySelector(".bet li").dataset.says`, "true")

		do(chromedp.Navigate(page))
		expect("on the next visit", betState, "0 true 0")
		expect("nothing is announced then", betStatus, "")
		evaluate[bool](ctx, t, `document.dispatchEvent(new Event("live:patched"))`)
		expect("furnished again", `[document.querySelectorAll(".bet li button").length, document.querySelectorAll(".yours").length]`, "3,1")
		do(chromedp.Click(chromedp.CSS(".yours > button")))
		expect("taken back", betState, "-1 false ")
		expect("the focus is at what was chosen", betFocused, "0")
		do(chromedp.Navigate(page))
		expect("taken back, on the next visit", betState, "-1 false ")

		for i := 0; evaluate[int](ctx, t, betFocused) != 2; i++ {
			if i == 20 {
				t.Fatal("the tab key does not come to the third choice")
			}
			do(chromedp.KeyEvent(kb.Tab))
		}
		do(chromedp.KeyEvent(kb.Enter))
		expect("chosen by keyboard", betState, "2 true 2")
		waitFor(ctx, t, fmt.Sprintf(betStatus+" === "+betSays, 2))
		expect("the focus then", betFocused, "2")
		evaluate[bool](ctx, t, `localStorage.clear(), true`)
	}
}

// TestABetTakesNothingForAChoice that a page has not kept, and does without a place to keep anything.
func TestABetTakesNothingForAChoice(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	open := func() {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/"+indexName)); err != nil {
			t.Fatal(err)
		}
	}
	open()
	for _, value := range []string{"3", "9", "-1", "01", "1.0", "1e0", " 1", "0x1", "", "NaN", "null", "__proto__", `<img src=x onerror="document.title = 'attacked'">`} {
		evaluate[bool](ctx, t, fmt.Sprintf(`(localStorage.setItem(course.key("bet." + document.querySelector(".bet").dataset.bet), %q), true)`, value))
		open()
		if got := evaluate[string](ctx, t, `[`+betChosen+`, `+betShown+`, document.querySelector(".bet img"), document.title].join()`); got != "-1,false,,Threads or processes?" {
			t.Errorf("with %q kept: %s", value, got)
		}
	}
	evaluate[bool](ctx, t, `(localStorage.clear(), Storage.prototype.setItem = () => { throw new Error("full") }, `+fmt.Sprintf(betChoice, 3)+`.click(), true)`)
	if got := evaluate[string](ctx, t, betState); got != "2 true " {
		t.Errorf("where nothing can be kept: %s", got)
	}
}

// TestABetStandsByItself without script and on paper; what can be pressed is high enough for a finger, and as high before a script makes a button of it.
func TestABetStandsByItself(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	const (
		boxes  = `[...document.querySelectorAll(".bet li, .bet > details > summary")].map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.width, r.height].join()).join(" ")`
		lowest = `Math.min(...[...document.querySelectorAll(".bet li > *, .bet > details > summary")].map(e => e.getBoundingClientRect().height))`
		listed = `[document.querySelectorAll(".bet li").length, document.querySelectorAll(".bet button").length, ` + betShown + `].join()`
	)
	for _, width := range []int{320, 375, 768, 1280} {
		do := func(actions ...chromedp.Action[chromedp.Void]) {
			t.Helper()
			if err := chromedp.Do(ctx, actions...); err != nil {
				t.Fatal(err)
			}
		}
		do(browsertest.View(width, 800, false), scripting(false), chromedp.Navigate(server.URL+"/"+indexName))
		before := evaluate[string](ctx, t, boxes)
		if got := evaluate[string](ctx, t, listed); got != "3,0,false" {
			t.Errorf("without script, %d px wide: %s", width, got)
		}
		do(chromedp.Click(chromedp.CSS(".bet > details > summary")))
		if !evaluate[bool](ctx, t, betShown) {
			t.Errorf("without script, %d px wide: what came of it cannot be unfolded", width)
		}
		do(scripting(true), chromedp.Navigate(server.URL+"/"+indexName))
		if after := evaluate[string](ctx, t, boxes); after != before {
			t.Errorf("%d px wide, the script moves what it furnishes:\n%s\n%s", width, before, after)
		}
		if height := evaluate[float64](ctx, t, lowest); height < 44 {
			t.Errorf("%d px wide, a target is %v px high", width, height)
		}
	}
	if err := chromedp.Do(ctx, browsertest.Media("print", false)); err != nil {
		t.Fatal(err)
	}
	const printed = `[...document.querySelectorAll(".bet li > button")].every(b => b.checkVisibility()) && document.querySelector(".bet .bars").getBoundingClientRect().height > 50`
	if !evaluate[bool](ctx, t, printed+` && `+betShown) {
		t.Error("on paper a bet has no choices, or no result")
	}
}
