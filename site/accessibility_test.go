package site

import (
	"context"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"course/site/browsertest"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// held names the tests that hold each line of the accessibility statement.
var held = map[string][]string{
	"Keyboard":               {"TestTheFocusGoesAsThePageReads", "TestKeysDoWhatTheDialogSays", "TestPagesServeAllReaders", "TestAxeFindsNothing"},
	"Focus":                  {"TestPagesServeAllReaders"},
	"Contrast":               {"TestAxeFindsNothingInWhatOpens", "TestColoursCanBeTold", "TestMoreContrast", "TestAxeFindsNothing"},
	"Small screens and zoom": {"TestPagesInABrowser"},
	"Large text":             {"TestPagesServeAllReaders"},
	"Text spacing":           {"TestPagesServeAllReaders"},
	"Targets":                {"TestTargetsAreLargeEnough", "TestAxeFindsNothing"},
	"Motion":                 {"TestPagesServeAllReaders"},
	"Forced colours":         {"TestForcedColoursHideNothing"},
	"Not by colour alone":    {"TestModesAreToldApartByAllEyes", "TestForcedColoursHideNothing", "TestModesAreNamedInWords"},
	"Headings and landmarks": {"TestHeadingsAndLandmarks", "TestAxeFindsNothing"},
	"Titles and language":    {"TestTitlesTellPagesApart", "TestHeadsSayWhatAPageIs"},
	"Code and output":        {"TestAxeFindsNothing", "TestALongLineScrollsInItsPane"},
	"Messages":               {"TestASiteIsKeptForReadingOffline", "TestABetIsAnswered"},
	"Folds":                  {"TestPaper", "TestPagesServeAllReaders", "TestATextThatIsFoldedIsFound"},
	"Pictures":               {"TestAxeFindsNothing"},
	"Without script":         {"TestPagesServeAllReaders"},
}

func TestEachLineOfTheStatementIsATest(t *testing.T) {
	tests := make(map[string]bool)
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := os.ReadFile(name)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page := string(all(t, sample(t))[accessibilityName])
	for _, p := range promises {
		if !strings.Contains(page, "<dt>"+html.EscapeString(p.title)+"</dt>\n<dd>"+html.EscapeString(p.says)+"</dd>") {
			t.Errorf("the page does not say %q", p.says)
		}
		if len(held[p.title]) == 0 {
			t.Errorf("no test holds %q", p.title)
		}
		for _, name := range held[p.title] {
			if !tests[name] {
				t.Errorf("%q is held by %s, which is not there", p.title, name)
			}
		}
	}
	if len(held) != len(promises) {
		t.Errorf("%d lines are held, of %d", len(held), len(promises))
	}
}

// TestHeadingsAndLandmarks: one main heading, no level left out, one main part, and navigations that are told apart.
func TestHeadingsAndLandmarks(t *testing.T) {
	for _, s := range []*Site{sample(t), hostile(t, false), published(t, "")} {
		for name, data := range pages(t, s) {
			level, names, mains, stops := 0, make(map[string]bool), 0, 0
			for _, e := range elements(t, name, data) {
				switch tag := e.Name.Local; {
				case len(tag) == 2 && tag[0] == 'h' && '1' <= tag[1] && tag[1] <= '6':
					next := int(tag[1] - '0')
					if next > level+1 || (next == 1) != (level == 0) {
						t.Errorf("%s: h%d follows h%d", name, next, level)
					}
					level = next
				case tag == "main":
					mains++
				case tag == "nav":
					label := attr(e, "aria-label") + attr(e, "aria-labelledby")
					if label == "" || names[label] {
						t.Errorf("%s: a navigation is called %q, as another is, or nothing", name, label)
					}
					names[label] = true
				case tag == "a" && stops == 0:
					if stops++; attr(e, "class") != "skip" || attr(e, "href") != "#main" {
						t.Errorf("%s: the first stop leads to %q", name, attr(e, "href"))
					}
				}
				if at, err := strconv.Atoi(attr(e, "tabindex")); err == nil && at > 0 {
					t.Errorf("%s: a stop out of order, %v", name, e)
				}
			}
			if level == 0 || mains != 1 {
				t.Errorf("%s has a main heading: %v, %d main parts", name, level > 0, mains)
			}
		}
	}
}

// TestModesAreNamedInWords: each pane says in words whose output it is.
func TestModesAreNamedInWords(t *testing.T) {
	modes := regexp.MustCompile(`<section class="pane ([a-z]+)"(?s:.*?)</header>|<(?:section|div) class="pane ([a-z]+)[^>]*aria-label(?:ledby)?="([^"]+)"`)
	found := 0
	for name, data := range pages(t, sample(t)) {
		for _, m := range modes.FindAllSubmatch(data, -1) {
			found++
			mode := string(m[1]) + string(m[2])
			if mode == "plain" || mode == "same" {
				continue
			}
			if !strings.Contains(strings.ToLower(string(m[0])), mode) {
				t.Errorf("%s: a pane of %s does not say so: %s", name, mode, m[0])
			}
		}
	}
	if found == 0 {
		t.Fatal("there are no panes")
	}
}

const (
	// cutOff tells what text is cut off where it cannot be scrolled to.
	cutOff = `[...document.querySelectorAll("body *")].filter(e => { const s = getComputedStyle(e); return s.overflowY === "hidden" && e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 2 || s.overflowX === "hidden" && s.display !== "inline" && e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 2 && e.textContent.trim() }).map(e => e.outerHTML.slice(0, 80)).join(" ")`

	// widest tells what lies beyond the right edge of the window.
	widest = `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth && !e.closest("pre, .wide, .output")).map(e => e.outerHTML.slice(0, 60)).slice(0, 3).join(" ")`

	spacing = `(() => { const s = new CSSStyleSheet(); s.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"); document.adoptedStyleSheets = [s] })()`
	large   = `document.adoptedStyleSheets = [], document.documentElement.style.fontSize = "212.5%"`

	moving = `getComputedStyle(document.documentElement).scrollBehavior + [...document.querySelectorAll("*")].map(e => getComputedStyle(e)).filter(s => s.transitionDuration.split(", ").some(d => parseFloat(d) > .01) || s.animationName !== "none" && parseFloat(s.animationDuration) > .01).length`

	// focused tells what is wrong with what has the focus now: nothing where it is seen, uncovered and outlined. After the last stop comes the window's own,
	// or where there is none the first again.
	focused = `(e => {
		const r = e.getBoundingClientRect(), s = getComputedStyle(e), name = e.outerHTML.slice(0, 120)
		if (e === document.body || (window.stops = (window.stops || 0) + 1) > 1 && e.matches(".skip")) return "end"
		if (r.bottom <= 0 || r.top >= innerHeight || r.right <= 0 || r.left >= innerWidth) return name + " is out of view at " + [r.left, r.top, r.right, r.bottom]
		if (s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2) return name + " has no outline"
		const b = e.getClientRects()[0], x = Math.min(Math.max((b.left + b.right) / 2, 1), innerWidth - 1), y = Math.min(Math.max((b.top + b.bottom) / 2, 1), innerHeight - 1)
		const top = document.elementFromPoint(x, y)
		if (top && !e.contains(top) && !top.contains(e)) return name + " lies under " + top.outerHTML.slice(0, 120)
		return ""
	})(document.activeElement)`
)

// TestPagesServeAllReaders holds what the statement says that takes a browser and no rule of axe: the focus, large and spaced text, less motion, folds, and
// pages without script.
func TestPagesServeAllReaders(t *testing.T) {
	ctx := browsertest.New(t)
	s := sample(t)
	server := httptest.NewServer(http.FileServerFS(s))
	defer server.Close()
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pages(t, s))) {
		address := server.URL + "/" + name
		for _, width := range []int{320, 1280} { // with less motion: else it is in view a moment later
			do(browsertest.View(width, 800, false), calm(), chromedp.Navigate(address))
			walk(ctx, t, fmt.Sprintf("%s, %d px wide", name, width))
		}
		// Less motion, spaced text, large text: where it is tightest, and where it is usual.
		do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`))
		if got := evaluate[string](ctx, t, moving); got != "auto0" {
			t.Errorf("%s: with less motion it glides, or something moves: %s", name, got)
		}
		for _, test := range []struct {
			how, change string
			width       int
		}{{"spaced", spacing, 320}, {"spaced", spacing, 1280}, {"twice as large", large, 640}, {"twice as large", large, 1280}} {
			do(browsertest.View(test.width, 800, false), chromedp.Evaluate[chromedp.Void](test.change))
			if by := evaluate[int](ctx, t, overflows); by > 0 {
				t.Errorf("%s, %s, is %d px wider than a window of %d: %s", name, test.how, by, test.width, evaluate[string](ctx, t, widest))
			}
			if cut := evaluate[string](ctx, t, cutOff); cut != "" {
				t.Errorf("%s, %s, %d px wide: this is cut off: %s", name, test.how, test.width, cut)
			}
		}

		do(scripting(false), browsertest.View(1280, 800, false), chromedp.Navigate(address))
		if got := evaluate[string](ctx, t, `[!!document.querySelector("h1").checkVisibility(), document.querySelectorAll("button").length, [...document.querySelectorAll("main p, main pre")].filter(e => !e.checkVisibility() && !e.closest("details")).length].join()`); got != "true,0,0" {
			t.Errorf("%s without script: heading, buttons, what is hidden: %s", name, got)
		}
		do(scripting(true))
	}
	// A link into a fold opens it.
	do(chromedp.Navigate(server.URL + "/does-it-scale.html"))
	inner := evaluate[string](ctx, t, `(d => d ? d.querySelector("[id]")?.id || d.id : "")([...document.querySelectorAll("details:not([open])")].find(d => d.querySelector("[id]")))`)
	if inner == "" {
		t.Fatal("nothing is folded that a link can lead to")
	}
	do(chromedp.Navigate(server.URL + "/does-it-scale.html#" + inner))
	waitFor(ctx, t, fmt.Sprintf(`document.getElementById(%q).checkVisibility()`, inner))
}

// walk goes through a page by the tab key: each stop is seen, and one comes after the other until the end.
func walk(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	stops := evaluate[int](ctx, t, `document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex]").length`)
	for i := range stops + 10 { // what scrolls may be a stop, too
		if err := chromedp.Do(ctx, chromedp.KeyEvent("\t")); err != nil {
			t.Fatal(err)
		}
		switch wrong := evaluate[string](ctx, t, focused); wrong {
		case "end":
			if i < 2 {
				t.Errorf("%s has %d stops", name, i)
			}
			return
		case "":
		default:
			t.Errorf("%s: %s", name, wrong)
		}
	}
	t.Errorf("%s: the focus is caught", name)
}

// calm has pages believe that less motion is wanted.
func calm() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
}

// scripting has pages that are opened next run scripts, or not.
func scripting(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// TestTheScoreboardIsATableWhereItsCellsAreBlocks: browsers once took no table for one whose rows and cells are laid out as blocks, as on a small screen.
func TestTheScoreboardIsATableWhereItsCellsAreBlocks(t *testing.T) {
	ctx := browsertest.New(t)
	server := httptest.NewServer(http.FileServerFS(sample(t)))
	defer server.Close()
	for _, width := range []int{320, 1280} {
		if err := chromedp.Do(ctx, browsertest.View(width, 800, false), chromedp.Navigate(server.URL+"/"+scoreboardName)); err != nil {
			t.Fatal(err)
		}
		tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			t.Fatal(err)
		}
		roles := make(map[string]int)
		for _, n := range tree.Nodes {
			if n.Role != nil && !n.Ignored {
				roles[strings.Trim(string(n.Role.Value), `"`)]++
			}
		}
		if rows := evaluate[int](ctx, t, `document.querySelectorAll(".rows tr").length`); roles["table"] == 0 || roles["row"] != rows || roles["rowheader"] == 0 || roles["columnheader"] == 0 || roles["cell"] < rows {
			t.Errorf("%d px wide, of %d rows: %v", width, rows, roles)
		}
	}
}
