package site

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A noteReader reads one page as a reader does: with a pointer, with a finger and with the keyboard.
type noteReader struct {
	*testing.T
	ctx   context.Context
	about string // what is being tried
}

// do does what a reader does.
func (r *noteReader) do(actions ...chromedp.Action[chromedp.Void]) {
	r.Helper()
	if err := chromedp.Do(r.ctx, actions...); err != nil {
		r.Fatalf("%s: %v", r.about, err)
	}
}

// sees waits until a condition holds in the page: the limit of the context ends it.
func (r *noteReader) sees(what, condition string) {
	r.Helper()
	wait := `new Promise(done => { const end = Date.now() + 5000, look = () => { const so = !!(` + condition + `); so || Date.now() > end ? done(so) : setTimeout(look, 10) }; look() })`
	if so, err := chromedp.Run(r.ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise)); err != nil || !so {
		note, _ := chromedp.Run(r.ctx, chromedp.Evaluate[string](`location.href + ": " + (n => n ? n.textContent : "no note")(document.querySelector(".callout"))`))
		r.Errorf("%s: not so: %s (%v); %s", r.about, what, err, note)
	}
}

// stays sees that a condition holds, longer than any note waits before it goes.
func (r *noteReader) stays(what, condition string) {
	r.Helper()
	if so, err := chromedp.Run(r.ctx, chromedp.Evaluate[bool](`new Promise(done => setTimeout(() => done(!!(`+condition+`)), 400))`, chromedp.EvalAwaitPromise)); err != nil || !so {
		r.Errorf("%s: not any more: %s (%v)", r.about, what, err)
	}
}

// middle returns that of the first line of an element, which is scrolled to, once the page lies still.
func (r *noteReader) middle(selector string) (x, y float64) {
	r.Helper()
	const still = `new Promise(done => {
		const e = document.querySelector(%q), at = () => e.getClientRects()[0], out = () => at().top < 0 || at().bottom > innerHeight
		let last = NaN, frames = 0
		const look = () => {
			frames = at().top === last ? frames + 1 : 0
			last = at().top
			if (frames > 2 && out()) {
				e.scrollIntoView({block: "center", behavior: "instant"})
				frames = 0
			}
			frames < 5 ? requestAnimationFrame(look) : done([at().left + at().width / 2, at().top + at().height / 2])
		}
		look()
	})`
	at, err := chromedp.Run(r.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(still, selector), chromedp.EvalAwaitPromise))
	if err != nil || len(at) != 2 {
		r.Fatalf("%s: %s is nowhere: %v", r.about, selector, err)
	}
	return at[0], at[1]
}

func (r *noteReader) point(selector string) {
	r.Helper()
	x, y := r.middle(selector)
	r.do(chromedp.MouseEvent(chromedp.MouseMoved, x, y))
}

func (r *noteReader) tap(selector string) {
	r.Helper()
	x, y := r.middle(selector)
	touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		if _, err := chromedp.Call(r.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: append([]*input.TouchPoint{}, points...)}); err != nil {
			r.Fatalf("%s: %v", r.about, err)
		}
	}
	touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y})
	touch(input.DispatchTouchEventTypeTouchEnd)
}

func (r *noteReader) fingers(enabled bool) {
	r.Helper()
	if _, err := chromedp.Call(r.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: enabled}); err != nil {
		r.Fatal(err)
	}
}

func (r *noteReader) focus(selector string) {
	r.Helper()
	r.do(chromedp.KeyEvent(kb.Tab)) // what is focused by the keyboard is seen to be, and what a script focuses next
	if _, err := chromedp.Run(r.ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).focus()`, selector))); err != nil {
		r.Fatal(err)
	}
}

const (
	noNote = `!document.querySelector(".callout")`
	inView = `(b => b.left >= 0 && b.right <= document.documentElement.clientWidth && b.top >= 0 && b.bottom <= innerHeight)(document.querySelector(".callout").getBoundingClientRect())`
)

func noteSays(text string) string {
	return fmt.Sprintf(`(n => n && n.textContent.includes(%q))(document.querySelector(".callout"))`, text)
}

// TestNotes comes to values, terms and footnotes in each way that a reader has, and leaves them in each.
func TestNotes(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	const term, value, footnote = "a.term", ".val", "a.footnote-ref"
	says := map[string]string{term: "deals processors out", value: "runs", footnote: "timer"}
	for _, width := range []int{320, 1280} {
		r := &noteReader{T: t, ctx: ctx}
		step := func(about string) { r.about = fmt.Sprintf("%d pixels wide, %s", width, about) }
		step("at first")
		r.do(browsertest.View(width, 700, false), chromedp.Navigate(server.URL+"/the-benchmark.html"))
		r.sees("no note, no stop, no title", noNote+` && !document.querySelector(".val[tabindex], .val a, .val button, .val[title], a.term[title]")`)
		r.sees("screen readers are told what a term means", `document.querySelector("a.term").getAttribute("aria-description").includes("deals processors out")`)

		for selector, text := range says {
			step("a pointer at " + selector)
			r.point(selector)
			r.sees("a note", noteSays(text)+" && "+inView)
			r.point(".callout")
			r.stays("the note that the pointer is on", noteSays(text))
			r.sees("no stop in it", `[...document.querySelectorAll(".callout *")].every(e => e.tabIndex < 0)`)
			r.sees("each id once", `(all => new Set(all).size === all.length)([...document.querySelectorAll("[id]")].map(e => e.id))`)
			r.do(chromedp.KeyEvent(kb.Escape))
			r.sees("nothing after Escape", noNote)
			r.point(selector)
			r.do(chromedp.MouseEvent(chromedp.MouseMoved, 1, 1))
			r.sees("nothing after the pointer has left", noNote)
		}
		for _, selector := range []string{term, footnote} {
			step("focus on " + selector)
			r.focus(selector)
			r.sees("a note", noteSays(says[selector])+" && "+inView)
			r.stays("the note of what is focused", noteSays(says[selector]))
			r.do(chromedp.KeyEvent(kb.Escape))
			r.sees("nothing after Escape, with the focus where it was", noNote+fmt.Sprintf(` && document.activeElement === document.querySelector(%q)`, selector))
			r.focus(selector)
			r.focus(".skip")
			r.sees("nothing after the focus has left", noNote)
		}
		r.fingers(true)
		step("a tap on a value")
		r.tap(value)
		r.sees("a note", noteSays(says[value])+" && "+inView)
		r.tap(term)
		step("a tap on a term")
		r.sees("one note, that of the term", noteSays(says[term])+` && document.querySelectorAll(".callout").length === 1 && `+inView)
		r.do(browsertest.Media("print", false))
		r.sees("nothing on paper", `getComputedStyle(document.querySelector(".callout")).display === "none"`)
		r.do(browsertest.Media("screen", false))
		r.tap("h1")
		r.sees("nothing after a tap elsewhere", noNote)
		r.tap(value)
		r.tap(value)
		r.sees("nothing after a second tap on a value", noNote)
		r.tap(value)
		r.tap(".callout .to")
		r.sees("the list of values, unfolded", `location.hash === "#value-1" && document.querySelector("#values").open && `+noNote)
		step("a tap on a footnote")
		r.do(chromedp.Navigate(server.URL + "/the-benchmark.html")) // the page may still be scrolling
		r.tap(footnote)
		r.sees("a note of the footnote", noteSays(says[footnote]))
		r.tap(term)
		r.sees("a note of the term", noteSays(says[term]))
		r.tap(".callout .to")
		r.sees("the glossary", `location.pathname === "/glossary.html" && location.hash === "#term-thread"`)
		r.fingers(false)
		r.do(chromedp.Navigate(server.URL + "/the-benchmark.html"))
		step("the Enter key on a term")
		r.focus(term)
		r.do(chromedp.KeyEvent(kb.Enter))
		r.sees("the glossary", `location.pathname === "/glossary.html" && location.hash === "#term-thread"`)
	}
}
