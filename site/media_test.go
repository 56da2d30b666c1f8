package site

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"course/evidence"
	"course/lessons"
	"course/runner"
	"course/site/browsertest"

	"github.com/chromedp/chromedp"
)

// alike lists what a page tells apart by its colours alone, where the system sets them.
const alike = `(() => {
	const wrong = [], style = e => getComputedStyle(e), all = q => [...document.querySelectorAll(q)], paper = style(document.body).backgroundColor;
	const once = new Set(), seen = what => once.add(what);
	const mode = e => (e.closest(".serial, .goroutine, .thread, .process, .plain") || {classList: [""]}).classList;
	const modeOf = e => ["serial", "goroutine", "thread", "process", "plain"].find(m => [...mode(e)].includes(m)) || "";
	const apart = (what, key, value) => { // things with another key have another value
		const of = apart[what] = apart[what] || {};
		seen(what);
		for (const other in of) if (other !== key && of[other] === value) wrong.push(what + ": " + key + " looks like " + other + ": " + value);
		of[key] = value;
	};
	for (const v of all(".claim > .verdict")) {
		const sign = v.querySelector(".sign").textContent.trim(), kind = ["yes", "no", "partly", "unsure"].find(k => v.parentElement.classList.contains(k));
		apart("verdicts", kind, sign);
		if (v.innerText.trim().length < sign.length + 4) wrong.push("a verdict without words");
		if (style(v).color === paper) wrong.push("a verdict that cannot be seen");
	}
	for (const s of all(".standing")) if (!s.querySelector(".sign").textContent.trim() || !s.querySelector(".word").innerText.trim()) wrong.push("a standing without words");
	for (const l of all(".field .line")) apart("lines of modes", modeOf(l), style(l).strokeDasharray);
	for (const b of all(".bar")) {
		const [solid, pale, asked, waited, joined, whisker] = [".solid", ".pale", ".asked", ".waited", ".joined", ".whisker"].map(q => b.querySelector(q));
		if (solid && !b.querySelector(".who").innerText.trim()) wrong.push("a bar without a name");
		const empty = (what, e) => { seen(what); if (style(e).fill !== paper || style(e).stroke === "none" || style(e).stroke === paper) wrong.push(what + " is not outlined: " + style(e).fill + " " + style(e).stroke); };
		if (solid) { seen("solid"); if (style(solid).fill === paper) wrong.push("what ran cannot be seen"); }
		if (pale) empty("pale", pale);
		if (asked) empty("asked", asked);
		if (waited) empty("waited", waited);
		if (waited && !b.querySelector(".waited + .solid")) wrong.push("a wait has no line in it");
		if (joined) { seen("joined"); if (style(joined).stroke === paper) wrong.push("where it was joined cannot be seen"); }
		if (whisker && solid) { seen("whisker"); if (style(whisker).stroke === style(solid).fill) wrong.push("an interval cannot be seen on its bar"); }
	}
	if (!matchMedia("(forced-colors: active)").matches) wrong.push("no colours are forced");
	return {wrong: wrong.slice(0, 5), seen: [...once]};
})()`

// TestForcedColoursHideNothing: verdicts, modes and what workers did are told apart by text and pattern where the system sets all colours.
func TestForcedColoursHideNothing(t *testing.T) {
	seen := make(map[string]bool)
	onPages(t, browsertest.Media("screen", true), func(name string, run func(script string, into any)) {
		var found struct{ Wrong, Seen []string }
		run(`document.querySelectorAll("details").forEach(d => d.open = true), null`, nil)
		run(alike, &found)
		for _, wrong := range found.Wrong {
			t.Errorf("%s: %s", name, wrong)
		}
		for _, what := range found.Seen {
			seen[what] = true
		}
	})
	for _, what := range []string{"verdicts", "lines of modes", "solid", "pale", "asked", "waited", "joined", "whisker"} {
		if !seen[what] {
			t.Errorf("no page has %s, so they were not looked at", what)
		}
	}
}

// folded lists what a printed page does not show.
const folded = `(() => {
	const hidden = e => !e.checkVisibility() || e.getBoundingClientRect().height === 0;
	const wrong = [...document.querySelectorAll("main details > :not(summary)")].filter(e => e.textContent.trim() && hidden(e)).map(e => e.parentElement.className + ": " + e.textContent.trim().slice(0, 40));
	if (!document.querySelector("main details:not([open])")) wrong.push("nothing was folded at first");
	if (!hidden(document.querySelector("nav.course"))) wrong.push("the list of lessons is printed");
	return wrong.slice(0, 5);
})()`

// TestFoldsAreOpenOnPaper, where nobody can open them; without a script.
func TestFoldsAreOpenOnPaper(t *testing.T) {
	onPages(t, browsertest.Media("print", false), func(name string, run func(script string, into any)) {
		var wrong []string
		run(folded, &wrong)
		for _, of := range wrong {
			t.Errorf("%s on paper does not show %s", name, of)
		}
	})
}

// onPages opens pages that have between them whatever pages have, in a medium.
func onPages(t *testing.T, medium chromedp.Action[chromedp.Void], look func(name string, run func(script string, into any))) {
	t.Helper()
	ctx := browsertest.New(t)
	for _, of := range []struct {
		site  *Site
		names []string
	}{
		{waiting(t), []string{"the-benchmark.html", "when-one-dies.html", "does-it-scale.html"}},
		{judged(t), []string{"claims.html"}},
	} {
		server := httptest.NewServer(http.FileServerFS(of.site))
		defer server.Close()
		for _, name := range of.names {
			if err := chromedp.Do(ctx, browsertest.View(1000, 700, false), medium, chromedp.Navigate(server.URL+"/"+name)); err != nil {
				t.Fatal(err)
			}
			look(name, func(script string, into any) {
				t.Helper()
				got, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](script))
				if err != nil {
					t.Fatal(err)
				}
				if into != nil {
					if err := json.Unmarshal(got, into); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

// waiting is the sample, where the first worker of each run has waited for another.
func waiting(t *testing.T) *Site {
	t.Helper()
	course, err := lessons.Load(os.DirFS("testdata/course"), nil)
	if err != nil {
		t.Fatal(err)
	}
	results := sampleResults()
	for _, r := range results {
		for _, run := range r.Runs {
			if len(run.Spans) > 0 && run.Spans[0].Ended > run.Spans[0].Began {
				s := &run.Spans[0]
				s.Waits = []runner.Wait{{From: s.Began, To: (s.Began + s.Ended) / 2}}
			}
		}
	}
	return New(course, results, evidence.Judge(course, results))
}
