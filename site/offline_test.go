package site

import (
	"context"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/site/browsertest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

func offlineFiles(t *testing.T, s *Site) offlineList {
	t.Helper()
	var list offlineList
	data, err := s.ReadFile(offlineName)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestABuildIsNamedByAllItsFiles(t *testing.T) {
	one, again, other := offlineFiles(t, sample(t)), offlineFiles(t, sample(t)), offlineFiles(t, hostile(t, false))
	if one.Build != again.Build || one.Build == other.Build || one.Build == "" {
		t.Errorf("builds are %q, %q and %q", one.Build, again.Build, other.Build)
	}
	files := all(t, sample(t))
	bytes := 0
	for _, f := range one.Files {
		bytes += len(files[f.Name])
		delete(files, f.Name)
	}
	for name := range files {
		if name != offlineWorker && name != offlineName {
			t.Errorf("%s is not kept", name)
		}
	}
	if bytes != one.Bytes {
		t.Errorf("they are said to have %d bytes, and have %d", one.Bytes, bytes)
	}
	if worker := all(t, sample(t))[offlineWorker]; !strings.HasPrefix(string(worker), `const build = "`+one.Build+`";`) {
		t.Errorf("the worker begins %.60q", worker)
	}
	for name := range all(t, published(t, "url: https://example.org/\n")) {
		if kept := strings.Contains(string(all(t, published(t, "url: https://example.org/\n"))[offlineName]), `"`+name+`"`); kept != (path.Ext(name) != ".xml" && name != robotsName && name != offlineWorker && name != offlineName && !strings.HasPrefix(name, "og/")) {
			t.Errorf("%s: kept is %v", name, kept)
		}
	}
}

// serveAt serves files below /below/a/path at an address, or at a free one, until they are no longer to be had.
func serveAt(t *testing.T, address string, files fs.FS) *httptest.Server {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Skipf("the address was taken by somebody else: %v", err)
	}
	server := httptest.NewUnstartedServer(http.StripPrefix("/below/a/path", http.FileServerFS(files)))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections() // those that a browser opened and never used, too
		server.Close()
	})
	return server
}

// waitFor returns when an expression is true in the page, which may be another one by then.
func waitFor(ctx context.Context, t *testing.T, expression string) {
	t.Helper()
	for {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Promise.resolve("+expression+").then(Boolean)", chromedp.EvalAwaitPromise))
		if err == nil && got {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("wait for %s: %v, %v", expression, err, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func evaluate[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// TestASiteIsKeptForReadingOffline: nothing is there before a reader asks; then all of it is, without a server, and a new build as a whole when they ask for
// it; and nothing after they have it removed.
func TestASiteIsKeptForReadingOffline(t *testing.T) {
	ctx := browsertest.New(t)
	s := sample(t)
	server := serveAt(t, "", s)
	root := server.URL + "/below/a/path/"
	navigate := func(url string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
			t.Fatalf("%s: %v", url, err)
		}
	}
	const (
		another   = "course http://another.example/ of the same origin"
		button    = `document.querySelector("button.offline")`
		traces    = `(async () => (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).filter(n => n !== "` + another + `").length)()`
		loaded    = `performance.getEntriesByType("resource").filter(e => e.name.includes("offline")).length`
		stylish   = `getComputedStyle(document.querySelector("main")).maxWidth !== "none"`
		sentences = `document.getElementById("page-status").textContent`
	)
	navigate(root)
	waitFor(ctx, t, button)
	evaluate[bool](ctx, t, `caches.open("`+another+`").then(() => true)`)
	if n := evaluate[int](ctx, t, traces) + evaluate[int](ctx, t, loaded); n != 0 {
		t.Errorf("%d traces before anybody asked", n)
	}
	evaluate[bool](ctx, t, button+`.focus(), `+button+`.click(), true`)
	waitFor(ctx, t, `/^Keep \d+ files, [\d.]+ [kM]B/.test(`+button+`.textContent)`)
	if n := evaluate[int](ctx, t, traces); n != 0 {
		t.Errorf("%d traces before a reader has seen how much it is", n)
	}
	evaluate[bool](ctx, t, button+`.click(), true`)
	waitFor(ctx, t, sentences+` === "Kept for reading offline."`)
	if !evaluate[bool](ctx, t, `document.activeElement === `+button) {
		t.Error("the focus has moved")
	}

	address := server.Listener.Addr().String()
	server.CloseClientConnections()
	server.Close()
	files := all(t, s)
	addresses := []string{root, root + "the-benchmark?q#main"}
	for name := range pages(t, s) {
		addresses = append(addresses, root+name)
	}
	for _, address := range addresses {
		navigate(address)
		if !evaluate[bool](ctx, t, stylish+` && !!document.querySelector("button.theme")`) {
			t.Errorf("%s is not complete without a server", address)
		}
	}
	for _, f := range offlineFiles(t, s).Files {
		if got := evaluate[int](ctx, t, `fetch("`+f.Name+`").then(r => r.arrayBuffer()).then(b => b.byteLength, () => -1)`); got != len(files[f.Name]) {
			t.Errorf("%s has %d bytes without a server, and %d with one", f.Name, got, len(files[f.Name]))
		}
	}
	navigate(root + "no/such/page")
	waitFor(ctx, t, `document.title.startsWith("Not here") && `+stylish) // at any depth
	if href := evaluate[string](ctx, t, `document.querySelector(".lead a").href`); href != root+"index.html" {
		t.Errorf("from a page that is not there the first one is %s", href)
	}

	// A new build, of which one file cannot be had, is none; a whole one waits until it is asked for.
	next := sample(t)
	next.course.Title = "Another build"
	changed := make(fstest.MapFS)
	for name, data := range all(t, next) {
		changed[name] = &fstest.MapFile{Data: data}
	}
	changed["stranger.html"] = &fstest.MapFile{Data: []byte("<!doctype html><title>Another page</title>")}
	style := changed[styleName]
	changed[styleName] = &fstest.MapFile{Data: []byte("/* of another build */")}
	serveAt(t, address, changed)
	navigate(root)
	update := `navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => "updated", () => "failed")`
	evaluate[string](ctx, t, update)
	waitFor(ctx, t, `navigator.serviceWorker.getRegistration().then(r => !r.installing && !r.waiting)`)
	if title := evaluate[string](ctx, t, `document.title`); strings.Contains(title, "Another") {
		t.Errorf("half a build is shown: %q", title)
	}
	navigate(root + "stranger.html") // what it loads is of its own build, also from a worker that remembers nothing
	for _, command := range []cdp.Command[cdp.Empty, cdp.Empty]{serviceworker.Enable, serviceworker.StopAllWorkers} {
		if _, err := chromedp.Call(ctx, command, cdp.Empty{}); err != nil {
			t.Fatal(err)
		}
	}
	if style := evaluate[string](ctx, t, `fetch("`+styleName+`").then(r => r.text())`); style != "/* of another build */" {
		t.Errorf("a page of another build has the style %.60q", style)
	}
	navigate(root)
	changed[styleName] = style
	evaluate[string](ctx, t, update)
	waitFor(ctx, t, `document.querySelector("button.renew")`)
	navigate(root)
	if title := evaluate[string](ctx, t, `document.title`); strings.Contains(title, "Another") {
		t.Errorf("a new build is shown before anybody asked: %q", title)
	}
	waitFor(ctx, t, `document.querySelector("button.renew")`)
	evaluate[bool](ctx, t, `document.querySelector("button.renew").click(), true`)
	for i := 0; !strings.Contains(evaluate[string](ctx, t, `document.title`), "Another build"); i++ { // the old one may be busy; once no page of it is open, it is not
		if i == 1000 {
			t.Fatal("the new build never takes over")
		}
		_ = chromedp.Do(ctx, chromedp.Navigate("about:blank")) // it may meet with a page that loads itself again
		_ = chromedp.Do(ctx, chromedp.Navigate(root))
	}
	waitFor(ctx, t, button+` && `+button+`.textContent.startsWith("Remove")`)
	keeps := func(when string) {
		t.Helper()
		if !evaluate[bool](ctx, t, `caches.has("`+another+`")`) {
			t.Errorf("%s another course has lost what it keeps", when)
		}
	}
	waitFor(ctx, t, `caches.keys().then(all => all.length <= 2)`) // the old build's are gone
	keeps("where a new build took over,")
	evaluate[bool](ctx, t, button+`.click(), true`)
	waitFor(ctx, t, sentences+` === "Removed."`)
	if n := evaluate[int](ctx, t, traces); n != 0 {
		t.Errorf("%d traces after it was removed", n)
	}
	keeps("where this one was removed,")
}
