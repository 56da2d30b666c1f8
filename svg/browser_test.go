package svg

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestNothingRunsInABrowser: what is left of each attack stands in a page that has no policy against it, and is opened by itself. No script runs, and no
// request leaves.
func TestNothingRunsInABrowser(t *testing.T) {
	ctx := browsertest.New(t)
	var page strings.Builder
	drawings := make(map[string][]byte)
	page.WriteString("<!doctype html><title>x</title>")
	for name, source := range attacks() {
		d, err := Clean([]byte(source), "x"+strconv.Itoa(len(drawings))+"-")
		if err != nil {
			continue
		}
		file := fmt.Sprintf("/%d.svg", len(drawings))
		drawings[file] = d.SVG
		fmt.Fprintf(&page, "<h2>%q</h2>%s<iframe src=%s></iframe>", strings.Fields(name)[0], d.SVG, file)
	}
	if len(drawings) < 60 {
		t.Fatalf("%d drawings", len(drawings))
	}
	drawings["/raw.svg"] = []byte(attacks()["onload"]) // as it is, to see that attacks are seen
	page.WriteString("<iframe src=/raw.svg></iframe>")
	fmt.Fprintf(&page, "<p id=end>%d</p>", len(drawings))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d := drawings[r.URL.Path]; d != nil {
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write(d)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page.String()))
	}))
	defer server.Close()
	var mu sync.Mutex
	var left []string
	asked := 0
	err := chromedp.Listen(ctx, func(ev any) {
		if ev, ok := ev.(*network.EventRequestWillBeSent); ok {
			mu.Lock()
			defer mu.Unlock()
			asked++
			if !strings.HasPrefix(ev.Request.URL, server.URL) {
				left = append(left, ev.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	}), chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	const look = `(() => {
		for (const e of document.querySelectorAll("svg, svg *")) for (const what of ["mouseover", "click", "focus", "begin", "end"]) e.dispatchEvent(new Event(what));
		return [window, ...Array.from({length: window.length}, (_, i) => window[i])].filter(w => w.attacked).length + " of " + window.length + ", " + document.querySelector("body > #end").textContent;
	})()`
	want := fmt.Sprintf("1 of %d, %d", len(drawings), len(drawings))
	if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](look)); err != nil || got != want {
		t.Errorf("attacked: %s, want %s, %v", got, want, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(left) > 0 || asked <= len(drawings) {
		t.Errorf("of %d requests these left: %q", asked, left)
	}
}
