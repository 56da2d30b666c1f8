package site_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"testing"

	"course"
	"course/runner"
	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// What a reader who comes for the first time is to load, with gzip at level 6.
const (
	maxVisit    = 60_000 // bytes of a page with all that it loads
	maxRequests = 8      // its own included
	maxHTML     = 38_000 // bytes of a page by itself
	maxPart     = 10_000 // bytes of the style, and of the script
)

// loads finds what a page asks for without being asked by a reader.
var loads = regexp.MustCompile(`<(?:link rel="(?:stylesheet|icon)"[^>]* href|script src|img src)="([^"#:]+)"`)

// realSite returns the site of our own course with its recorded results.
func realSite(tb testing.TB) fs.FS {
	tb.Helper()
	return ourSnapshot(tb).Site
}

// ourSnapshot returns our own course with its recorded results.
func ourSnapshot(tb testing.TB) *course.Snapshot {
	tb.Helper()
	s, err := course.Config{Source: course.Embedded(), Runner: &runner.Runner{}, RecordedOnly: true}.Load(nil)
	if err != nil || len(s.Problems) > 0 {
		tb.Fatal(err, s.Problems)
	}
	return s
}

func pagesOf(tb testing.TB, site fs.FS) []string {
	tb.Helper()
	names, err := fs.Glob(site, "*.html")
	if err != nil || len(names) < 4 {
		tb.Fatal(names, err)
	}
	return names
}

// TestAPageIsLight: each page of our own course, with all that it loads.
func TestAPageIsLight(t *testing.T) {
	site := realSite(t)
	for _, name := range pagesOf(t, site) {
		html := read(t, site, name)
		own := packed(t, html)
		if own > maxHTML {
			t.Errorf("%s has %d bytes, and at most %d are meant", name, own, maxHTML)
		}
		seen, all := map[string]bool{name: true}, own
		for _, m := range loads.FindAllSubmatch(html, -1) {
			part := path.Join(path.Dir(name), string(m[1]))
			if seen[part] {
				continue
			}
			seen[part] = true
			weight := packed(t, read(t, site, part))
			if all += weight; weight > maxPart {
				t.Errorf("%s has %d bytes, and at most %d are meant", part, weight, maxPart)
			}
		}
		if all > maxVisit || len(seen) > maxRequests || len(seen) < 3 { // a page without style and script was not understood
			t.Errorf("%s: %d bytes in %d requests %v, and at most %d in %d are meant", name, all, len(seen), seen, maxVisit, maxRequests)
		}
		t.Logf("%s: %d bytes, %d with all of %d requests, %d unpacked", name, own, all, len(seen), len(html))
	}
}

func read(tb testing.TB, site fs.FS, name string) []byte {
	tb.Helper()
	data, err := fs.ReadFile(site, name)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func packed(tb testing.TB, data []byte) int {
	tb.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, 6)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Len()
}

// A visit is what a browser tells of a page that it has opened.
type visit struct {
	Shift    float64  `json:"shift"`    // of layout, in all: 0 is none
	Shifted  []string `json:"shifted"`  // what moved
	Requests []string `json:"requests"` // beside the page's own
	Largest  float64  `json:"largest"`  // ms until the largest thing was painted
}

// visited waits for all that a page does by itself, and for two frames that show it. Observers are told of what was before they were there, too.
const visited = `new Promise(resolve => {
	const v = {shift: 0, shifted: [], requests: [], largest: 0};
	const take = list => list.forEach(e => {
		if (e.entryType === "layout-shift") {
			v.shift += e.value;
			e.sources.forEach(s => v.shifted.push(String(s.node && (s.node.className || s.node.nodeName))));
		} else v.largest = Math.max(v.largest, e.renderTime || e.loadTime || e.startTime);
	});
	new PerformanceObserver(list => take(list.getEntries())).observe({type: "layout-shift", buffered: true});
	new PerformanceObserver(list => take(list.getEntries())).observe({type: "largest-contentful-paint", buffered: true});
	const loaded = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
		v.requests = performance.getEntriesByType("resource").map(e => new URL(e.name).pathname);
		resolve(JSON.stringify(v));
	}, 50)));
	document.readyState === "complete" ? loaded() : addEventListener("load", loaded);
})`

func visiting(ctx context.Context, tb testing.TB, url string, width int) (v visit) {
	tb.Helper()
	if err := chromedp.Do(ctx, browsertest.View(width, 800, false), chromedp.Navigate("about:blank"), chromedp.Navigate(url)); err != nil {
		tb.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](visited, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		tb.Fatal(err)
	}
	return v
}

// TestNothingMoves while a page comes up and its scripts furnish it, nor is more asked for than the page says.
func TestNothingMoves(t *testing.T) {
	ctx := browsertest.New(t)
	site := realSite(t)
	server := httptest.NewServer(http.FileServerFS(site))
	defer server.Close()
	for _, name := range pagesOf(t, site) {
		for _, width := range []int{375, 1280} {
			v := visiting(ctx, t, server.URL+"/"+name, width)
			if v.Shift > 0 {
				t.Errorf("%s at %d px: its layout shifts by %v: %v", name, width, v.Shift, v.Shifted)
			}
			if n := len(v.Requests) + 1; n < 3 || n > maxRequests {
				t.Errorf("%s: %d requests, and at most %d are meant: %v", name, n, maxRequests, v.Requests)
			}
		}
	}
}

// BenchmarkLargestPaint reports when the largest thing of our longest lesson is painted, in ms after it was asked for on loopback.
func BenchmarkLargestPaint(b *testing.B) {
	ctx := browsertest.New(b)
	server := httptest.NewServer(http.FileServerFS(realSite(b)))
	defer server.Close()
	var times []float64
	for b.Loop() {
		times = append(times, visiting(ctx, b, server.URL+"/the-benchmark-that-measures-nothing.html", 1280).Largest)
	}
	b.ReportMetric(median(times), "largest-paint-ms")
}
