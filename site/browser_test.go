package site

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A page that a browser repairs has other elements than were written: the parsed source is compared with
// what the decoder of the other tests reads, which repairs nothing.
const countElements = `fetch(location.href).then(r => r.text()).then(s => new DOMParser().parseFromString(s, "text/html").querySelectorAll("*").length)`

// overflows says by how many pixels the page is wider than the window.
const overflows = `document.documentElement.scrollWidth - document.documentElement.clientWidth`

func TestPagesInABrowser(t *testing.T) {
	ctx := browsertest.New(t)
	var mu sync.Mutex
	var complaints []string
	err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			complaints = append(complaints, ev.Entry.Text)
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, ev.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	s := sample(t)
	disk := t.TempDir()
	if err := os.CopyFS(disk, s); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.StripPrefix("/below/a/path", http.FileServerFS(s)))
	defer server.Close()
	const manifest = `document.querySelector("link[rel=manifest]")?.href ?? ""`

	for name, data := range all(t, s) {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, base := range []string{server.URL + "/below/a/path/", "file://" + disk + "/"} {
			view := chromedp.Navigate(base + name)
			if err := chromedp.Do(ctx, browsertest.View(320, 700, strings.HasPrefix(base, "file")), view); err != nil {
				t.Fatal(err)
			}
			if by, err := chromedp.Run(ctx, chromedp.Evaluate[int](overflows)); err != nil || by > 0 {
				t.Errorf("%s%s is %d px wider than a window of 320, %v", base, name, by, err)
			}
			_, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`))
			if err != nil {
				t.Fatal(err)
			}
			if by, err := chromedp.Run(ctx, chromedp.Evaluate[int](overflows)); err != nil || by > 0 {
				t.Errorf("%s%s, unfolded, is %d px wider than a window of 320, %v", base, name, by, err)
			}
			const inText = `[...document.querySelectorAll(".alert")].every(a => getComputedStyle(a).position === "static")` // no other part of the page has its class
			if in, err := chromedp.Run(ctx, chromedp.Evaluate[bool](inText)); err != nil || !in {
				t.Errorf("%s%s: an alert lies over the text, %v", base, name, err)
			}
			if styled, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`getComputedStyle(document.querySelector("h1")).margin !== "0px" && !!document.querySelector("button.theme")`)); err != nil || !styled {
				t.Errorf("%s%s has no style or script, %v", base, name, err)
			}
		}
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/below/a/path/"+name)); err != nil {
			t.Fatal(err)
		}
		if at := evaluate[string](ctx, t, manifest); at != server.URL+"/below/a/path/"+manifestName {
			t.Errorf("%s can be installed by %q", name, at)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[int](countElements, chromedp.EvalAwaitPromise))
		if want := len(elements(t, name, data)); err != nil || got != want {
			t.Errorf("a browser finds %d elements in %s, which has %d, %v", got, name, want, err)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(complaints) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(complaints, "\n"))
	}
}

func TestThemeIsKept(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	const theme = `document.documentElement.dataset.theme + " " + getComputedStyle(document.body).backgroundColor + " " + document.querySelector(".theme").textContent`
	const dark = "dark rgb(19, 23, 26) Theme: dark"
	err := chromedp.Do(ctx, browsertest.View(1000, 700, false), chromedp.Navigate(server.URL+"/the-benchmark.html"),
		chromedp.Click(chromedp.CSS(".theme")), chromedp.Click(chromedp.CSS(".theme")))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](theme)); err != nil || got != dark {
		t.Errorf("after two clicks: %q, %v, want %q", got, err, dark)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/index.html")); err != nil {
		t.Fatal(err)
	}
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](theme)); err != nil || got != dark {
		t.Errorf("on another page: %q, %v, want %q", got, err, dark)
	}
}

// On a wide screen the list of lessons is there, on a small one it is unfolded, both without script. Code
// that goes on beyond the edge has a shadow there, and panes side by side begin at one height.
func TestLayoutFitsTheScreen(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	const listed = `document.querySelector("nav.course ol").checkVisibility()`
	const level = `(([a, b]) => Math.abs(a.getBoundingClientRect().top - b.getBoundingClientRect().top) < 1)(document.querySelectorAll("#cell-crash .pane > .body"))`
	for _, test := range []struct {
		width        int
		about, query string
		want         bool
	}{
		{375, "the list of lessons is folded", listed, false},
		{375, "and offered", `document.querySelector("nav.course summary").checkVisibility()`, true},
		{375, "and unfolds", `(document.querySelector("nav.course summary").click(), ` + listed + `)`, true},
		{375, "code has shadows", `getComputedStyle(document.querySelector(".source pre")).backgroundAttachment.includes("local")`, true},
		{768, "the list of lessons is folded", listed, false},
		{768, "panes begin at one height", level, true},
		{1280, "the list of lessons is there", listed, true},
		{1280, "and nothing to unfold", `document.querySelector("nav.course summary").checkVisibility()`, false},
		{1280, "panes begin at one height", level, true},
	} {
		if err := chromedp.Do(ctx, browsertest.View(test.width, 700, false), chromedp.Navigate(server.URL+"/when-one-dies.html")); err != nil {
			t.Fatal(err)
		}
		if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](test.query)); err != nil || got != test.want {
			t.Errorf("%d pixels wide, %s: %v, %v", test.width, test.about, got, err)
		}
	}
}

// TestALongLineScrollsInItsPane: it takes no more than a screen of the page.
func TestALongLineScrollsInItsPane(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	const longest = `(() => {
		const out = document.querySelector("#cell-crash .output")
		out.querySelector("pre").textContent = "a".repeat(16384)
		return out.clientHeight <= 600 && out.scrollHeight > 2 * out.clientHeight && out.tabIndex === 0
	})()`
	view := chromedp.Navigate(server.URL + "/when-one-dies.html")
	if err := chromedp.Do(ctx, browsertest.View(320, 700, false), view); err != nil {
		t.Fatal(err)
	}
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](longest)); err != nil || !got {
		t.Errorf("on a screen: %v, %v", got, err)
	}
}
