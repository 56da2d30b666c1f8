package site

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"course/diagram"
	"course/lessons"
	"course/site/browsertest"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var diagramKinds = []string{"flowchart", "sequence", "state", "class", "er"}

// diagrams returns the site of a course with a diagram of each kind, whose drawings are as drawing says; none where that is nil.
func diagrams(t *testing.T, drawing func(kind string) []byte) *Site {
	t.Helper()
	lesson := "# Diagrams\n"
	for _, kind := range diagramKinds {
		source, err := os.ReadFile(filepath.Join("..", "diagram", "testdata", kind+".mmd"))
		if err != nil {
			t.Fatal(err)
		}
		lesson += "\n```mermaid\n" + string(source) + "```\n"
	}
	files := fstest.MapFS{"01-all.md": {Data: []byte(lesson)}}
	load := func() *lessons.Course {
		course, err := lessons.Load(files, nil)
		if err != nil || len(course.Problems) > 0 || len(course.Lessons[0].Diagrams()) != len(diagramKinds) {
			t.Fatal(err, course.Problems)
		}
		return course
	}
	course := load()
	if drawing != nil {
		for i, d := range course.Lessons[0].Diagrams() {
			files[d.File] = &fstest.MapFile{Data: drawing(diagramKinds[i])}
		}
		course = load()
	}
	return New(course, nil, nil)
}

// recordedDrawings are what package diagram draws of the kinds.
func recordedDrawings(t *testing.T) func(kind string) []byte {
	return func(kind string) []byte {
		drawn, err := os.ReadFile(filepath.Join("..", "diagram", "testdata", kind+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		return drawn
	}
}

// TestADrawingIsAStrangersFile: of a recorded drawing that does harm its page has nothing, and one that is none is not shown.
func TestADrawingIsAStrangersFile(t *testing.T) {
	const hostile = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"><script>alert(2)</script><g id="main"><rect id="location" width="1" height="1" fill="url(https://example.org/x)"/></g><foreignObject><p>three</p></foreignObject><title>&lt;img src=x onerror=alert(4)&gt;</title></svg>`
	s := diagrams(t, func(string) []byte { return []byte(hostile) })
	page, err := s.ReadFile("all.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"alert(1)", "alert(2)", "foreignObject", "three", "<img", "example.org", `id="location"`} {
		if bytes.Contains(page, []byte(part)) {
			t.Errorf("the page has %s", part)
		}
	}
	for n := range len(diagramKinds) {
		if id := `id="diagram-` + string(rune('1'+n)) + `-main"`; bytes.Count(page, []byte(id)) != 1 {
			t.Errorf("the page has no %s, or several", id)
		}
	}
	if broken := diagrams(t, func(string) []byte { return []byte("<svg><g></svg>") }); !slices.Equal(undrawn(t, broken), undrawn(t, diagrams(t, nil))) {
		t.Error("what is no drawing is not drawn by the page")
	}
}

// TestWhatIsADiagramIsWhatTheDrawerDraws: lessons say so before anybody draws, and by an expression of their own.
func TestWhatIsADiagramIsWhatTheDrawerDraws(t *testing.T) {
	drawer, err := diagram.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range []string{
		"flowchart LR", "graph TB", "GRAPH  bt", "flowchart RL;", "flowchart\ttd", "sequenceDiagram", "SequenceDiagram;", "stateDiagram", "stateDiagram-v2", "classDiagram", "erDiagram",
		"flowchart", "graph XY", "graph LR ;", "graph LR A", "stateDiagram-v3", "sequenceDiagrams", "erDiagram x", "pie", "pie title Pets", "gantt", "---\ntitle: x\n---\ngraph LR",
	} {
		for _, before := range []string{"", "%% graph LR\n\n", "accTitle: erDiagram\n", "  accDescr {\n  graph LR\n  }\n"} {
			source := before + head + "\n  a --> b\n"
			course, err := lessons.Load(fstest.MapFS{"01-a.md": {Data: []byte("# A\n\n```mermaid\n" + source + "```\n")}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = drawer.Draw(t.Context(), source)
			unknown := err != nil && strings.Contains(err.Error(), "no kind of diagram")
			if known := len(course.Lessons[0].Diagrams()) == 1; known == unknown {
				t.Errorf("%q: lessons know it: %v; the drawer says %v", source, known, err)
			}
		}
	}
}

// undrawn returns what of the site is there for diagrams without a drawing.
func undrawn(t *testing.T, s *Site) (found []string) {
	t.Helper()
	page, err := s.ReadFile("all.html")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(page)) {
		if strings.Contains(line, `class="diagram undrawn"`) || strings.Contains(line, `class="data" open`) {
			found = append(found, line)
		}
	}
	if _, err := s.ReadFile(drawerName); err == nil {
		found = append(found, drawerName)
	}
	return found
}

func TestOnlyWhatIsNotDrawnNeedsTheDrawer(t *testing.T) {
	if found := undrawn(t, diagrams(t, nil)); len(found) != 2*len(diagramKinds)+1 {
		t.Errorf("without drawings there is %q", found)
	}
	if found := undrawn(t, diagrams(t, recordedDrawings(t))); len(found) != 0 {
		t.Errorf("with drawings there is %q", found)
	}
}

// pictures returns of each drawing on the page what it is made of, its attributes sorted. A page needs no namespace.
const pictures = `[...document.querySelectorAll(".drawing svg")].map(function told(e) {
  return e.nodeType === 3 ? e.data.trim() : "<" + e.localName + [...e.attributes].filter(a => a.name !== "xmlns").map(a => " " + a.name + "=" + a.value).sort().join("") + ">" +
    [...e.childNodes].map(told).join("") + "</>";
})`

// TestDiagramsInABrowser: what a page draws, under its policy, is what is recorded; and either can be read, light and dark, on a phone.
func TestDiagramsInABrowser(t *testing.T) {
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
	var drawn [2][]string
	for i, s := range []*Site{diagrams(t, recordedDrawings(t)), diagrams(t, nil)} {
		server := httptest.NewServer(http.FileServerFS(s))
		defer server.Close()
		if err := chromedp.Do(ctx, browsertest.View(320, 700, false), chromedp.Navigate(server.URL+"/all.html")); err != nil {
			t.Fatal(err)
		}
		const done = `new Promise(ok => { const look = () => document.querySelector(".undrawn") ? setTimeout(look, 20) : ok(true); look(); })`
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](done, chromedp.EvalAwaitPromise)); err != nil {
			t.Fatal(err)
		}
		if drawn[i], err = chromedp.Run(ctx, chromedp.Evaluate[[]string](pictures)); err != nil || len(drawn[i]) != len(diagramKinds) {
			t.Fatalf("%d drawings, %v", len(drawn[i]), err)
		}
		for what, check := range map[string]string{
			"the page is wider than its window":  `document.documentElement.scrollWidth <= document.documentElement.clientWidth`,
			"nothing scrolls":                    `[...document.querySelectorAll(".drawing")].some(d => d.scrollWidth > d.clientWidth)`,
			"what scrolls takes no focus":        `[...document.querySelectorAll(".drawing")].every(d => d.tabIndex === 0 && d.getAttribute("aria-label"))`,
			"a text is smaller than 12 px":       `[...document.querySelectorAll(".drawing text")].every(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a >= 11.99)`,
			"a drawing has no name":              `[...document.querySelectorAll(".drawing svg")].every(e => e.getAttribute("role") === "img" && e.getAttribute("aria-labelledby").split(" ").every(id => document.getElementById(id).textContent))`,
			"the source is folded, or is not":    `document.querySelectorAll(".diagram details[open]").length === ` + []string{"0", "document.querySelectorAll('.diagram').length"}[i],
			"the drawer is loaded, or is not":    `performance.getEntriesByType("resource").some(r => r.name.endsWith("/assets/diagrams.js")) === ` + []string{"false", "true"}[i],
			"an arrow leads to no marker":        `[...document.querySelectorAll(".drawing [marker-end]")].every(e => document.getElementById(e.getAttribute("marker-end").slice(5, -1)))`,
			"a thread or a process is not shown": `["thread", "process"].every(m => document.querySelectorAll(".drawing .svg-" + m).length > 4)`,
		} {
			if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](check)); err != nil || !ok {
				t.Errorf("%s: %s, %v", []string{"recorded", "drawn in the page"}[i], what, err)
			}
		}
		const colours = `["thread", "process"].every(m => {
  const want = document.createElement("i");
  want.style.color = "var(--" + m + ")";
  document.body.append(want);
  const stroke = getComputedStyle(document.querySelector(".drawing .svg-" + m + " .svg-s-node-stroke")).stroke;
  return stroke === getComputedStyle(want).color;
})`
		for _, dark := range []bool{false, true} {
			if err := chromedp.Do(ctx, browsertest.View(1280, 700, dark)); err != nil {
				t.Fatal(err)
			}
			if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](colours)); err != nil || !ok {
				t.Errorf("dark %v: a thread or a process has not its colour, %v", dark, err)
			}
		}
	}
	for i, kind := range diagramKinds {
		if drawn[0][i] != drawn[1][i] {
			t.Errorf("%s is recorded as\n%s\nand drawn in the page as\n%s", kind, drawn[0][i], drawn[1][i])
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(complaints) > 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
}

// TestNothingMovesWhereADiagramIsDrawn by its page: neither what is around it, nor what the reader was led to.
func TestNothingMovesWhereADiagramIsDrawn(t *testing.T) {
	ctx := browsertest.New(t)
	course := files(t, nil, "01-a.md", "# A\n\nText.\n\n```mermaid\nflowchart TD\n  accTitle: three\n  a --> b --> c --> d\n```\n\n## Below\n\n"+
		"```mermaid\nsequenceDiagram\n  a->>b: asks\n```\n\n"+strings.Repeat("More text.\n\n", 40)+"```mermaid\nerDiagram\n  A {\n    int a\n  }\n```\n")
	server := httptest.NewServer(http.FileServerFS(New(course, nil, nil)))
	defer server.Close()
	// An observer is told of what was before it was there; what the last frame moved it is told after that.
	const shifts = `new Promise(resolve => {
	const moved = [];
	const take = list => list.forEach(e => moved.push(e.value + ": " + e.sources.map(s => s.node && (s.node.className || s.node.nodeName))));
	const observer = new PerformanceObserver(list => take(list.getEntries()));
	observer.observe({type: "layout-shift", buffered: true});
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { take(observer.takeRecords()); resolve(moved); }, 50)));
})`
	for _, place := range []string{"", "#diagram-1", "#diagram-2", "#below", "#diagram-3"} {
		for _, width := range []int{320, 1280} {
			if err := chromedp.Do(ctx, browsertest.View(width, 800, false), chromedp.Navigate("about:blank"), chromedp.Navigate(server.URL+"/a.html"+place)); err != nil {
				t.Fatal(err)
			}
			waitFor(ctx, t, `document.querySelectorAll(".framed > svg").length === 3`)
			if moved := evaluate[[]string](ctx, t, shifts); len(moved) > 0 {
				t.Errorf("%q at %d px: %q", place, width, moved)
			}
		}
	}
}
