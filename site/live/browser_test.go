package live_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/problem"
	"course/program"
	"course/runner"
	"course/site/browsertest"
	"course/site/live"

	"github.com/chromedp/chromedp"
)

// lesson is a page with all that a reader may have changed, and text in the middle of it.
func lesson(title, text string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>%s</title></head>
<body>
<details id="fold"><summary>more</summary><p>folded</p></details>
<input id="typed" value="before"><input id="box" type="checkbox"><textarea id="area"></textarea>
<p id="text">%s</p>
<pre>%s</pre>
<p>the end</p>
</body></html>`, title, text, strings.Repeat("a line\n", 400))}
}

func TestOpenPageFollowsTheSite(t *testing.T) {
	t.Parallel()
	ctx := browsertest.New(t)
	var server live.Server
	url := serve(t, &server)
	show := func(title, text string) {
		server.Show(fstest.MapFS{"index.html": lesson("Home", "home"), "sub/lesson.html": lesson(title, text), "favicon.ico": {}}, nil)
	}
	show("One", "first")
	logged := make(chan string, 100)
	console := chromedp.Console(ctx)
	go func() {
		for m, err := range console {
			if err != nil {
				return
			}
			logged <- fmt.Sprint(m)
		}
	}()
	open(ctx, t, url+"/sub/lesson.html")
	eval[bool](ctx, t, `
		window.sameDocument = true;
		document.documentElement.dataset.theme = "chosen";
		document.addEventListener("live:patched", () => window.patched = (window.patched || 0) + 1);
		fold.open = true; box.checked = true; area.value = "my answer"; typed.value = "my words";
		typed.focus({preventScroll: true}); typed.setSelectionRange(1, 4);
		scrollTo(0, 3000); true`)

	show("Two <b>&amp;</b>", "second")
	wait(ctx, t, `document.getElementById("text").textContent === "second"`)
	got := eval[map[string]any](ctx, t, `({
		title: document.title, sameDocument: window.sameDocument === true, theme: document.documentElement.dataset.theme,
		open: fold.open, checked: box.checked, area: area.value, typed: typed.value, scroll: scrollY,
		focus: document.activeElement.id, from: typed.selectionStart, to: typed.selectionEnd, patched: window.patched,
	})`)
	for name, want := range map[string]any{
		"title": "Two <b>&</b>", "sameDocument": true, "theme": "chosen", "open": true, "checked": true, "area": "my answer",
		"typed": "my words", "scroll": 3000.0, "focus": "typed", "from": 1.0, "to": 4.0, "patched": 1.0,
	} {
		if got[name] != want {
			t.Errorf("after the patch %s is %v, want %v", name, got[name], want)
		}
	}

	eval[bool](ctx, t, `console.log("so far so good"), true`)
	if m := <-logged; !strings.Contains(m, "so far so good") { // such as a breach of the security policy
		t.Errorf("the page says: %s", m)
	}

	server.Show(fstest.MapFS{"index.html": lesson("Home", "home")}, nil)
	wait(ctx, t, `document.querySelector("h1")?.textContent === "There is no such page"`)
	show("Three", "third")
	wait(ctx, t, `document.getElementById("text")?.textContent === "third"`)
}

func TestProblemsLieOverThePage(t *testing.T) {
	t.Parallel()
	ctx := browsertest.New(t)
	var server live.Server
	site := fstest.MapFS{"index.html": lesson("Home", "home")}
	server.Show(site, problem.List{{
		Position: problem.Position{File: "01-<i>start</i>.md", Line: 2, Column: 10}, Length: 6,
		Message: "unknown mode <img src=x onerror=hacked=1>", Hint: "did you mean </script><b>process</b>?",
		Source: "é modes=proces <script>hacked=1</script>",
	}})
	open(ctx, t, serve(t, &server))
	const root = `document.documentElement.lastElementChild.shadowRoot`
	visible := func(selector string) string {
		return fmt.Sprintf(`%s.querySelector(%q).checkVisibility()`, root, selector)
	}
	wait(ctx, t, visible(".panel"))
	got := eval[map[string]any](ctx, t, `({
		where: ROOT.querySelector(".where").textContent, message: ROOT.querySelector(".message").textContent,
		source: ROOT.querySelector(".source").textContent, mark: ROOT.querySelector("mark").textContent,
		hint: ROOT.querySelector(".hint").textContent, heading: ROOT.querySelector("h2").textContent,
		markup: ROOT.querySelectorAll("i, b, img, script").length, hacked: typeof hacked,
		role: ROOT.querySelector(".problems").getAttribute("role"),
		styled: getComputedStyle(ROOT.querySelector(".panel")).position,
	})`, "ROOT", root)
	for name, want := range map[string]any{
		"where": "01-<i>start</i>.md:2:10", "message": "unknown mode <img src=x onerror=hacked=1>", "mark": "proces",
		"source": "é modes=proces <script>hacked=1</script>", "hint": "did you mean </script><b>process</b>?",
		"heading": "1 problem", "markup": 0.0, "hacked": "undefined", "role": "alert", "styled": "fixed",
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}

	eval[bool](ctx, t, root+`.querySelector(".hide").click(), true`)
	wait(ctx, t, "!"+visible(".panel")+" && "+visible(".unhide"))
	eval[bool](ctx, t, root+`.querySelector(".unhide").click(), true`)
	wait(ctx, t, visible(".panel")+" && !"+visible(".unhide"))

	server.Show(site, nil)
	wait(ctx, t, "!"+visible(".panel")+" && !"+visible(".unhide"))

	server.Show(site, make(problem.List, 1000))
	wait(ctx, t, root+`.querySelector("h2")?.textContent === "1000 problems"`)
	if n := eval[int](ctx, t, root+`.querySelectorAll("li").length`); n >= 1000 {
		t.Errorf("the page lists all %d problems", n)
	}
}

func TestStatusSaysWhatRuns(t *testing.T) {
	t.Parallel()
	ctx := browsertest.New(t)
	var server live.Server
	server.Show(fstest.MapFS{"index.html": lesson("Home", "home")}, nil)
	server.Tell(runner.Event{Kind: runner.Building, ID: "start/sum"}) // before there is a page
	open(ctx, t, serve(t, &server))
	const status = `document.documentElement.lastElementChild.shadowRoot.querySelector(".status").textContent`
	wait(ctx, t, status+` === "Building start/sum"`)
	server.Tell(runner.Event{Kind: runner.Started, ID: "start/sum", Mode: program.Process})
	wait(ctx, t, status+` === "Running start/sum, process"`)
	server.Tell(runner.Event{Kind: runner.Done, ID: "start/sum"})
	wait(ctx, t, status+` === "start/sum is done"`)
}

// Seven pages are more than the six connections that a browser allows itself to one server.
func TestPagesShareOneStream(t *testing.T) {
	t.Parallel()
	ctx := browsertest.New(t)
	var server live.Server
	streams := make(chan struct{}, 100)
	url := serveWith(t, &server, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			streams <- struct{}{}
		}
		server.ServeHTTP(w, r)
	}))
	server.Show(fstest.MapFS{"index.html": lesson("Home", "1")}, nil)
	pages := []context.Context{ctx}
	open(ctx, t, url)
	for range 6 {
		page, closePage := chromedp.NewContext(ctx)
		defer closePage()
		open(page, t, url)
		pages = append(pages, page)
	}
	server.Show(fstest.MapFS{"index.html": lesson("Home", "2")}, nil)
	for _, page := range pages {
		wait(page, t, `document.getElementById("text").textContent === "2"`)
	}
	if n := len(streams); n != 1 {
		t.Errorf("%d pages opened %d streams, want 1", len(pages), n)
	}
	open(pages[0], t, "about:blank") // the page that held the stream
	server.Show(fstest.MapFS{"index.html": lesson("Home", "3")}, nil)
	for _, page := range pages[1:] {
		wait(page, t, `document.getElementById("text").textContent === "3"`)
	}
}

func TestPageFollowsTheNextServer(t *testing.T) {
	t.Parallel()
	ctx := browsertest.New(t)
	first := new(live.Server)
	first.Show(fstest.MapFS{"index.html": lesson("Home", "first")}, nil)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	server := first.HTTPServer()
	go func() { _ = server.Serve(listener) }()
	open(ctx, t, "http://"+address+"/")
	eval[bool](ctx, t, `typed.value = "kept"; true`)
	if err := server.Shutdown(t.Context()); err != nil { // hangs if streams do not end
		t.Fatal(err)
	}
	wait(ctx, t, `document.documentElement.lastElementChild.shadowRoot.querySelector(".status").textContent === "The server does not answer"`)

	second := new(live.Server)
	second.Show(fstest.MapFS{"index.html": lesson("Home", "second")}, nil)
	if listener, err = new(net.ListenConfig).Listen(t.Context(), "tcp", address); err != nil {
		t.Skipf("the address was taken by somebody else: %v", err)
	}
	server = second.HTTPServer()
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	wait(ctx, t, `document.getElementById("text").textContent === "second"`)
	if typed := eval[string](ctx, t, `typed.value`); typed != "kept" {
		t.Errorf("what was typed is %q now", typed)
	}
}

// serve has a server listen until the test ends, and returns its address.
func serve(t *testing.T, server *live.Server) string {
	t.Helper()
	return serveWith(t, server, server)
}

func serveWith(t *testing.T, server *live.Server, handler http.Handler) string {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.Config = server.HTTPServer()
	s.Config.Handler = handler
	s.Start()
	t.Cleanup(func() {
		server.Close()
		s.Close()
	})
	return s.URL
}

func open(ctx context.Context, t *testing.T, url string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
}

// eval returns the value of an expression in the page, in which each old text is replaced with the new.
func eval[T any](ctx context.Context, t *testing.T, expression string, oldnew ...string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](strings.NewReplacer(oldnew...).Replace(expression)))
	if err != nil {
		t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// wait returns when an expression is true in the page.
func wait(ctx context.Context, t *testing.T, expression string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingInterval(10*time.Millisecond))); err != nil {
		text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.outerHTML.slice(0, 2000)`))
		t.Fatalf("wait for %s: %v\n%s", expression, err, text)
	}
}
