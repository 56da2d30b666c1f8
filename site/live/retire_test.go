package live_test

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"course/site/browsertest"
	"course/site/live"

	"github.com/chromedp/chromedp"
)

func TestThereIsNoServiceWorker(t *testing.T) {
	var server live.Server
	server.Show(fstest.MapFS{"sw.js": {Data: []byte("keep()")}, "index.html": lesson("Home", "home")}, nil)
	url := serve(t, &server)
	for header, want := range map[string]int{"": http.StatusNotFound, "script": http.StatusOK} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/sw.js", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Service-Worker", header)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != want || string(body) == "keep()" {
			t.Errorf("Service-Worker %q is answered with %s, %q", header, response.Status, body)
		}
	}
}

// TestAServiceWorkerOfAnEarlierLifeEnds: one that a static server left behind answers for each page of the origin, until it asks whether it is still the one.
func TestAServiceWorkerOfAnEarlierLifeEnds(t *testing.T) {
	t.Parallel()
	ctx := browsertest.New(t)
	var server live.Server
	server.Show(fstest.MapFS{"index.html": lesson("Home", "alive")}, nil)
	var earlier atomic.Bool
	earlier.Store(true)
	url := serveWith(t, &server, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !earlier.Load() {
			server.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/javascript")
		if r.URL.Path != "/sw.js" {
			w.Header().Set("Content-Type", "text/html")
		}
		fmt.Fprint(w, `addEventListener("install", () => skipWaiting());
			addEventListener("activate", (e) => e.waitUntil(caches.open("course " + registration.scope + " 1").then(() => clients.claim())));
			addEventListener("fetch", (e) => { if (e.request.mode === "navigate") e.respondWith(new Response("<!doctype html><title>kept</title>", {headers: {"Content-Type": "text/html"}})) });`)
	}))
	open(ctx, t, url)
	eval[bool](ctx, t, `navigator.serviceWorker.register("sw.js", {updateViaCache: "none"}), true`)
	wait(ctx, t, `navigator.serviceWorker.controller`)
	open(ctx, t, url)
	if title := eval[string](ctx, t, `document.title`); title != "kept" {
		t.Fatalf("the service worker shows %q", title)
	}
	earlier.Store(false)
	open(ctx, t, url) // the browser looks for a newer one after each page that it has shown
	for title := ""; title != "Home"; {
		if ctx.Err() != nil {
			t.Fatalf("the page is %q, %v", title, ctx.Err())
		}
		title, _ = chromedp.Run(ctx, chromedp.Evaluate[string](`document.title`)) // it fails while one page follows another
		time.Sleep(10 * time.Millisecond)
	}
	wait(ctx, t, `navigator.serviceWorker.getRegistrations().then((all) => caches.keys().then((names) => all.length + names.length === 0))`)
}
