package site

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
	"course/site/browsertest"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A reader is a browser that wants no motion, before a site.
type reader struct {
	*testing.T
	ctx  context.Context
	root string
}

func reads(t *testing.T, s *Site) reader {
	t.Helper()
	server := httptest.NewServer(http.FileServerFS(s))
	t.Cleanup(server.Close)
	return reader{t, browsertest.New(t), server.URL + "/"}
}

// open shows a page anew, in a window of that width.
func (r reader) open(width int, page string) {
	r.Helper()
	err := chromedp.Do(r.ctx, browsertest.View(width, 700, false), calm(), chromedp.Navigate("about:blank"), chromedp.Navigate(r.root+page))
	if err != nil {
		r.Fatal(err)
	}
}

func (r reader) press(key string, modifiers ...chromedp.Modifier) {
	r.Helper()
	var options []chromedp.KeyOption
	for _, m := range modifiers {
		options = append(options, chromedp.KeyModifiers(m))
	}
	if err := chromedp.Do(r.ctx, chromedp.KeyEvent(key, options...)); err != nil {
		r.Fatal(err)
	}
}

// says fails where an expression, once what was afterFrames is seen, is not that text.
func (r reader) says(about, expression, want string) {
	r.Helper()
	if got := evaluate[string](r.ctx, r.T, afterFrames+`.then(() => String(`+expression+`))`); got != want {
		r.Errorf("%s: %q, want %q", about, got, want)
	}
}

const (
	// afterFrames resolves when what is observed has been told, for that happens after a frame is laid out.
	afterFrames = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))`
	toEnd       = `scrollTo(0, document.documentElement.scrollHeight)`

	readMarks = `[...document.querySelectorAll(".mark")].map(m => m.closest("a").getAttribute("href") + m.textContent).join()`
	progress  = `document.querySelector(".progress").textContent`
	kept      = `localStorage.getItem(course.key("read"))`
)

func TestALessonIsReadWhenItsEndWasReached(t *testing.T) {
	r := reads(t, sample(t))
	r.open(1280, "whose-memory.html")
	r.says("before anything is read", readMarks+` + `+progress+` + `+kept, "null")
	evaluate[bool](r.ctx, t, toEnd+`, true`)
	r.says("at the end", readMarks, "whose-memory.html, read")
	r.says("that is counted", progress, "1 of 4 lessons readForget")

	// A link that leads to the end is not reading: the reader has to do something there.
	r.open(1280, "when-one-dies.html")
	evaluate[bool](r.ctx, t, `document.querySelector(".turn").id = "end", location.hash = "end", true`)
	r.says("the end is in view", `document.querySelector(".turn").getBoundingClientRect().top < innerHeight`, "true")
	r.says("after a jump", readMarks, "whose-memory.html, read")
	r.press(kb.Shift)
	r.says("after a key", readMarks, "whose-memory.html, read,when-one-dies.html, read")
	evaluate[bool](r.ctx, t, `document.querySelectorAll(".mark").forEach(m => m.remove()), document.querySelector(".progress").replaceChildren(), document.dispatchEvent(new CustomEvent("live:patched"))`)
	r.says("after the development server's patch", readMarks+` + " " + `+progress, "whose-memory.html, read,when-one-dies.html, read 2 of 4 lessons readForget")

	r.open(320, "index.html")
	r.says("on the first page", readMarks+` + " " + `+progress, "whose-memory.html, read,when-one-dies.html, read 2 of 4 lessons readForget")
	if by := evaluate[int](r.ctx, t, overflows); by > 0 {
		t.Errorf("with marks the first page is %d px wider than a window of 320", by)
	}
	evaluate[bool](r.ctx, t, `document.querySelector(".progress button").focus(), true`)
	r.press(kb.Enter)
	r.says("forgotten", readMarks+` + `+progress+` + `+kept, "0 of 4 lessons readUndonull")
	r.says("the focus stays", `document.activeElement.textContent`, "Undo")
	waitFor(r.ctx, t, `document.getElementById("page-status").textContent === "What you have read is forgotten."`)
	r.press(kb.Enter)
	r.says("undone", progress+` + `+kept, `2 of 4 lessons readForget["whose-memory.html","when-one-dies.html"]`)
	r.press(kb.Enter)
	r.open(320, "index.html")
	r.says("still forgotten", readMarks+` + `+progress+` + `+kept, "null")
}

// TestWhatIsKeptOfReadingIsNotTrusted: it may be anybody's who serves from the same place.
func TestWhatIsKeptOfReadingIsNotTrusted(t *testing.T) {
	r := reads(t, sample(t))
	for text, want := range map[string]string{
		`not JSON`:                   "",
		`null`:                       "",
		`{"whose-memory.html":true}`: "",
		`["whose-memory.html",1]`:    "",
		`[["whose-memory.html"]]`:    "",
		`["` + strings.Repeat("x", 500) + `","whose-memory.html"]`:                                    "",
		`["gone.html","__proto__","<img src=x onerror=alert(1)>","javascript:0","whose-memory.html"]`: "whose-memory.html, read",
		`["whose-memory.html","whose-memory.html"]`:                                                   "whose-memory.html, read",
	} {
		r.open(1280, "index.html")
		evaluate[bool](r.ctx, t, fmt.Sprintf(`localStorage.setItem(course.key("read"), %q), true`, text))
		r.open(1280, "does-it-scale.html")
		r.says(text, readMarks, want)
	}
	r.open(1280, "whose-memory.html")
	evaluate[bool](r.ctx, t, `localStorage.setItem(course.key("read"), '["gone.html"]'), `+toEnd+`, true`)
	r.says("what is no lesson is not kept", readMarks+` + `+kept, `whose-memory.html, read["whose-memory.html"]`)
	// Where nothing can be kept it lasts as long as the page.
	r.open(1280, "whose-memory.html")
	evaluate[bool](r.ctx, t, `localStorage.clear(), Storage.prototype.setItem = () => { throw new Error("full") }, `+toEnd+`, true`)
	r.says("refused", readMarks+` + " " + `+progress, "whose-memory.html, read 1 of 4 lessons readForget")
}

// made is a course of lessons with these titles, the first of which has forty sections, long ones and short ones at the end.
func made(t *testing.T, titles ...string) *Site {
	t.Helper()
	files := fstest.MapFS{"course.yaml": {Data: []byte("title: A course\n")}}
	if len(titles) > 0 {
		files["course.yaml"] = &fstest.MapFile{Data: fmt.Appendf(nil, "title: %q\nsummary: %q\n", titles[0], titles[0])}
	}
	for i, title := range titles {
		text := fmt.Sprintf("---\nsummary: %q\n---\n# %s\n\n%s: what this is about.\n", title, title, title)
		for n := range 40 {
			if i == 0 {
				text += fmt.Sprintf("\n## %s %d\n\n%s\n", title, n, strings.Repeat(title+". ", max(1, min(40, 20*(36-n), 600/len(title)))))
			}
		}
		files[fmt.Sprintf("%02d-l%d.md", i+1, i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	loaded, err := lessons.Load(files, nil)
	if err != nil || len(titles) > 0 && len(loaded.Problems) > 0 {
		t.Fatal(err, loaded.Problems)
	}
	return New(loaded, nil, nil)
}

func TestContentsFollowTheReading(t *testing.T) {
	r := reads(t, made(t, "What is read", "Another"))
	const (
		current = `[...document.querySelectorAll(".toc [aria-current=location]")].map(a => a.textContent).join()`
		inView  = `(a => { const b = a.getBoundingClientRect(), d = a.closest("details").getBoundingClientRect(); return b.top >= d.top && b.bottom <= d.bottom && b.bottom <= innerHeight })(document.querySelector(".toc [aria-current]"))`
		// passed goes down the page, and resolves to the numbers of the sections on the way, as they come.
		passed = `(async () => {
			const all = []
			for (let y = 0; ; y += 60) {
				scrollTo(0, y)
				await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
				const now = ` + current + `
				if (now !== all[all.length - 1]) all.push(now)
				if (scrollY + innerHeight >= document.documentElement.scrollHeight - 1) return all.map(s => s.replace(/.* /, "")).join(" ")
			}
		})()`
	)
	r.open(1280, "l1.html")
	r.says("above the first section", current, "")
	var want strings.Builder
	for n := range 40 {
		fmt.Fprintf(&want, " %d", n)
	}
	if got := evaluate[string](r.ctx, t, passed); got != want.String() {
		t.Errorf("going down, the sections are %q", got)
	}
	r.says("the entry is in view", inView, "true")
	r.says("at the end", current, "What is read 39")
	r.says("no history", `history.length + location.hash`, evaluate[string](r.ctx, t, `String(history.length)`))
	// Where a link leads is what is read, though others stand below it in the last window.
	evaluate[bool](r.ctx, t, `document.querySelectorAll(".toc a")[37].click(), true`)
	r.says("after a link", current, "What is read 37")
	evaluate[bool](r.ctx, t, `scrollTo(0, 0), document.querySelectorAll(".toc a")[37].click(), true`)
	r.says("after the same link", current, "What is read 37")
	r.press(kb.Home)
	waitFor(r.ctx, t, `scrollY === 0`)
	r.says("at the top again", current, "")
	evaluate[bool](r.ctx, t, toEnd+`, document.dispatchEvent(new CustomEvent("live:patched"))`)
	r.says("after the development server's patch", current, "What is read 39")

	const summary = `document.querySelector(".toc summary").checkVisibility() + " " + document.querySelector(".toc a").checkVisibility()`
	r.says("a wide window has nothing to unfold", summary, "false true")
	r.open(320, "l1.html")
	r.says("in a small one it is folded", summary, "true false")
}

func TestKeysDoWhatTheDialogSays(t *testing.T) {
	r := reads(t, sample(t))
	const (
		page   = `location.pathname.slice(1)`
		focus  = `(e => e.id || e.className || e.localName)(document.activeElement)`
		dialog = `document.querySelectorAll("dialog[open]").length`
		theme  = `(document.documentElement.dataset.theme || "automatic")`
	)
	at := func(name string) {
		t.Helper()
		waitFor(r.ctx, t, page+` === "`+name+`" && document.readyState === "complete"`)
	}
	r.open(1280, "whose-memory.html")
	r.press("n")
	at("when-one-dies.html")
	r.press("p")
	at("whose-memory.html")

	stops := evaluate[[]string](r.ctx, t, `[...document.querySelectorAll("main :is(h2[id], h3[id], .cell)")].map(e => e.id)`)
	if len(stops) < 4 {
		t.Fatal(stops)
	}
	for _, id := range stops[:3] {
		r.press("j")
		r.says("j", focus, id)
		r.says(id+" is at the top, or the page at its end, and outlined", `(b => b.top >= 0 && b.top < 60 || scrollY + innerHeight > document.documentElement.scrollHeight - 2)(document.activeElement.getBoundingClientRect()) && document.activeElement.matches(":focus-visible")`, "true")
	}
	r.press("k")
	r.says("k", focus, stops[1])
	evaluate[bool](r.ctx, t, `document.activeElement.blur(), `+toEnd+`, true`)
	r.press("k")
	r.says("k from where the window is", `document.activeElement.getBoundingClientRect().top < 60 && document.activeElement !== document.body`, "true")
	r.says("no history of steps", `location.hash`, "")

	for _, want := range []string{"light", "dark", "automatic"} {
		r.press("t")
		r.says("t", theme, want)
		waitFor(r.ctx, t, `document.getElementById("page-status").textContent === "Theme: `+want+`"`)
	}
	r.press("/")
	waitFor(r.ctx, t, `document.querySelector("dialog.search[open]")`)
	r.press(kb.Escape)

	evaluate[bool](r.ctx, t, `document.querySelector("nav.course .brand").focus(), true`)
	r.press("?")
	r.says("? opens the list", dialog+` + document.querySelector("dialog.keys").getAttribute("aria-labelledby")`, "1keys-title")
	r.says("the focus is in it", `!!document.activeElement.closest("dialog.keys")`, "true")
	r.says("it tells all keys", `[...document.querySelectorAll(".keys kbd")].map(k => k.textContent).join("")`, "npjk/t?")
	for _, key := range []string{"n", "t", "/", "?"} {
		r.press(key)
	}
	r.says("in a dialog keys do nothing", page+` + `+theme+` + `+dialog, "whose-memory.htmlautomatic1")
	r.press(kb.Escape)
	r.says("Escape closes, and gives the focus back", dialog+` + `+focus, "0brand")

	// Off, kept, and on again, by the button that needs no key.
	evaluate[bool](r.ctx, t, `document.querySelector("footer button.shortcuts").focus(), true`)
	r.press(kb.Enter)
	evaluate[bool](r.ctx, t, `document.querySelector(".keys input").focus(), true`)
	r.press(" ")
	r.press(kb.Escape)
	r.says("the button has the focus again", focus, "shortcuts")
	r.open(1280, "whose-memory.html")
	for _, key := range []string{"n", "j", "t", "/", "?"} {
		r.press(key)
	}
	r.says("off", page+` + `+theme+` + `+dialog+` + `+focus, "whose-memory.htmlautomatic0body")
	r.press("k", 2) // control
	waitFor(r.ctx, t, `document.querySelector("dialog.search[open]")`)
	r.press(kb.Escape)
	evaluate[bool](r.ctx, t, `document.querySelector("footer button.shortcuts").click(), true`)
	r.says("that is shown", `document.querySelector(".keys input").checked`, "false")
	evaluate[bool](r.ctx, t, `document.querySelector(".keys input").click(), document.querySelector(".keys").close(), true`)

	// Who writes, or means another key, means none of these.
	for _, field := range []string{`<textarea>`, `<input>`, `<select><option>x`, `<p contenteditable>x`} {
		evaluate[bool](r.ctx, t, fmt.Sprintf(`(f => { f.innerHTML = %q; f.firstChild.focus(); return true })(document.querySelector("main").appendChild(document.createElement("div")))`, field))
		for _, key := range []string{"t", "n", "?"} {
			r.press(key)
		}
		r.says("typed into "+field, page+` + `+theme+` + `+dialog, "whose-memory.htmlautomatic0")
	}
	evaluate[bool](r.ctx, t, `document.activeElement.blur(), true`)
	for _, modifier := range []chromedp.Modifier{1, 2, 4} { // alt, control, meta
		r.press("j", modifier)
	}
	evaluate[bool](r.ctx, t, `document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "j", isComposing: true, bubbles: true}))`)
	r.says("with another key, or composed", focus, "body")
	r.press("t")
	r.says("on again", theme, "light")
}

// TestNothingBreaksInAnyCourse: with no lesson, one, and more than a window has room for; with long titles, from right to left, and without spaces.
func TestNothingBreaksInAnyCourse(t *testing.T) {
	many := make([]string, 41)
	for i := range many {
		many[i] = fmt.Sprintf("Lesson that is the number %d", i+1)
	}
	long := strings.Repeat("Nothing ends here ", 12)[:200]
	r := reads(t, made(t))
	for name, titles := range map[string][]string{
		"none": nil, "one": {"Alone"}, "many": many, "long": {long, long + "!"}, "one word": {strings.Repeat("Donaudampfschiff", 12), "Another"},
		"Arabic": {"ما الذي يحدث في الذاكرة؟", "الخيوط والعمليات"}, "Chinese": {strings.Repeat("线程与进程的比较", 20), "内存属于谁"},
	} {
		server := httptest.NewServer(http.FileServerFS(made(t, titles...)))
		t.Cleanup(server.Close)
		r.root = server.URL + "/"
		pages := []string{indexName, machinesName}
		if len(titles) > 0 {
			pages = []string{indexName, fmt.Sprintf("l%d.html", len(titles)), "l1.html"}
		}
		for _, page := range pages {
			for _, width := range []int{320, 1280} {
				r.open(width, page)
				for _, change := range []string{`true`, `document.querySelectorAll("details").forEach(d => d.open = true), true`} {
					evaluate[bool](r.ctx, t, change)
					if by := evaluate[int](r.ctx, t, overflows); by > 0 {
						t.Errorf("%s: %s is %d px wider than a window of %d: %s", name, page, by, width, evaluate[string](r.ctx, t, widest))
					}
				}
				r.says(fmt.Sprintf("%s: %s at %d: one entry is current, and in view", name, page, width), `(a => !a || (([b, n]) => b.top >= n.top && b.bottom <= n.bottom)([a, a.closest("ol").clientHeight < a.closest("ol").scrollHeight ? a.closest("ol") : a.closest("nav")].map(e => e.getBoundingClientRect())))(document.querySelector("nav.course [aria-current]"))`, "true")
			}
		}
		switch name {
		case "Arabic":
			r.says("what begins at the left", `[...document.querySelectorAll("main :is(h1, h2, p)")].filter(e => {
				const text = document.createRange(), of = [...e.childNodes].find(n => n.nodeType === Node.TEXT_NODE && n.data.match(/[\u0600-\u06ff]/))
				if (of) text.selectNodeContents(of)
				return !of || Math.max(...[...text.getClientRects()].map(b => b.right)) < e.getBoundingClientRect().right - 3
			}).map(e => e.outerHTML)`, "")
		case "one":
			evaluate[bool](r.ctx, t, toEnd+`, true`)
			r.says("it can be read", progress, "1 of 1 lesson readForget")
		}
	}
}
