package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// TestWhatDidNotLoadIsTriedAgain: scripts that are loaded when they are needed come once, and are asked for again where they did not come.
func TestWhatDidNotLoadIsTriedAgain(t *testing.T) {
	ctx := browsertest.New(t)
	var broken atomic.Bool
	s := diagrams(t, nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && !strings.HasSuffix(r.URL.Path, ".html") && r.URL.Path != "/"+scriptName && r.URL.Path != "/"+styleName {
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		http.FileServerFS(s).ServeHTTP(w, r)
	}))
	defer server.Close()
	const (
		asked  = `performance.getEntriesByType("resource").filter(e => e.name.endsWith("/%s")).length`
		status = `document.getElementById("page-status").textContent`
		press  = `document.querySelector("button.find").click(), true`
	)
	requests := func(name string) int {
		return evaluate[int](ctx, t, strings.Replace(asked, "%s", name, 1))
	}
	broken.Store(true)
	if err := chromedp.Do(ctx, browsertest.View(1280, 800, false), chromedp.Navigate(server.URL+"/all.html")); err != nil {
		t.Fatal(err)
	}
	waitFor(ctx, t, `course.script("assets/diagrams.js").then(() => false, () => true)`)
	evaluate[bool](ctx, t, press)
	waitFor(ctx, t, status+` === "Search could not be loaded."`)
	if n := evaluate[int](ctx, t, `document.querySelectorAll(".undrawn details[open]").length`); n != len(diagramKinds) {
		t.Errorf("of %d diagrams that could not be drawn, %d show their source", len(diagramKinds), n)
	}

	broken.Store(false)
	evaluate[bool](ctx, t, `dispatchEvent(new Event("online")), true`)
	waitFor(ctx, t, `!document.querySelector(".undrawn")`)
	evaluate[bool](ctx, t, press)
	waitFor(ctx, t, `document.querySelector("dialog.search[open]")`)

	drawn, searched := requests("diagrams.js"), requests("search.js")
	evaluate[bool](ctx, t, `document.querySelector("dialog.search").close(), dispatchEvent(new Event("online")), document.dispatchEvent(new Event("live:patched")), `+press)
	waitFor(ctx, t, `document.querySelector("dialog.search[open]")`)
	waitFor(ctx, t, `course.script("assets/diagrams.js").then(() => true)`)
	if more, again := requests("diagrams.js")-drawn, requests("search.js")-searched; more != 0 || again != 0 {
		t.Errorf("what is there is asked for again: the drawer %d times, the search %d times", more, again)
	}
	if n := evaluate[int](ctx, t, `document.querySelectorAll("head script").length`); n != 1 {
		t.Errorf("%d scripts are in the head, want the page's own", n)
	}
}
