package site

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/browsertest"
	"course/site/terminal"

	"github.com/chromedp/chromedp"
)

// printing is a course of one cell that printed this as threads, and that as processes.
func printing(t testing.TB, threads, processes runner.Output) *Site {
	t.Helper()
	const source = "# Printing\n\n```go {#says}\nfunc f(n int) int { return n }\n\nfunc main() { fmt.Println(worker.Start(f, 1).Wait()) }\n```\n"
	course, err := lessons.Load(fstest.MapFS{"01-printing.md": {Data: []byte(source)}}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	return New(course, []runner.Result{{ID: "printing/says", Runs: []runner.Run{
		{Mode: program.Thread, Output: threads}, {Mode: program.Process, Output: processes},
	}}}, nil)
}

// page returns the page of printing.
func page(t testing.TB, s *Site) string {
	t.Helper()
	data, err := s.ReadFile("printing.html")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestColoursAreNoDifference: what is read is compared. A lesson that says something by colour alone does not say it to everybody.
func TestColoursAreNoDifference(t *testing.T) {
	got := page(t, printing(t, lines(from(1, "", "\x1b[32mok\x1b[0m all")), lines(from(2, "", "\x1b[1mok\x1b[m all"))))
	if !strings.Contains(got, "The same in every mode") || strings.Contains(got, "<mark>") {
		t.Error("two outputs that differ in their colours are not shown as one")
	}
	got = page(t, printing(t, lines(from(1, "", "\x1b[32mok\x1b[0m all 1")), lines(from(2, "", "\x1b[32mok\x1b[0m all 2"))))
	if !strings.Contains(got, `<span class="fg2">ok</span> all <mark>1</mark>`) {
		t.Errorf("in a coloured line what differs is not marked:\n%s", got)
	}
}

// TestAMarkAndAColourNest, wherever they begin and end.
func TestAMarkAndAColourNest(t *testing.T) {
	text := "abcdef"
	red := []terminal.Span{{From: 1, To: 3, Style: terminal.Style{Fg: 2}}, {From: 3, To: 5, Style: terminal.Style{Inverse: true}}}
	for from := range len(text) {
		for to := from + 1; to <= len(text); to++ {
			l := outputLine{text: text, looks: red, marks: true, from: from, to: to}
			got := drawn(&stretch{lines: []outputLine{l}})
			elements(t, "the line", []byte(got))
			_, marked, _ := strings.Cut(got, "<mark>")
			marked, _, _ = strings.Cut(marked, "</mark>")
			if all := aTag.ReplaceAllString(got, ""); all != text+"\n" || aTag.ReplaceAllString(marked, "") != text[from:to] {
				t.Errorf("%d to %d marked: %s", from, to, got)
			}
		}
	}
}

// TestPositionsInColourLead to the cell all the same, and colours stay where they are.
func TestPositionsInColourLead(t *testing.T) {
	p := sample(t).pages[2]
	l := outputLine{looks: []terminal.Span{{From: 3, To: 22, Style: terminal.Style{Fg: 2}}, {From: 22, To: 27, Style: terminal.Style{Bold: true}}}}
	if !p.rewrite(&l, "at /tmp/b/crash.cell:1 here") || l.text != "at 03-when-one-dies.md:6 here" {
		t.Fatalf("the line is %q", l.text)
	}
	if last := l.looks[1]; l.text[last.From:last.To] != " here" {
		t.Errorf("the second colour is on %q", l.text[last.From:last.To])
	}
}

// sixteenOnSixteen is all that a terminal can colour, a line for each colour behind the text, and what else it does to text.
func sixteenOnSixteen() runner.Output {
	var all []runner.Line
	for bg := range 17 {
		var b strings.Builder
		for fg := range 17 {
			code := func(n, base int) int {
				switch {
				case n == 16:
					return base + 9
				case n >= 8:
					return base + 60 + n - 8
				}
				return base + n
			}
			fmt.Fprintf(&b, "\x1b[%d;%dmtext\x1b[2mfaint\x1b[22;7minverse\x1b[m ", code(fg, 30), code(bg, 40))
		}
		all = append(all, from(1, "", b.String()))
	}
	return lines(all...)
}

// hardToRead lists texts of an output whose contrast to what is behind them is below 4.5 (WCAG 2.2, success criterion 1.4.3).
const hardToRead = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const over = (...colors) => { for (const c of colors) { canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); } return [...canvas.getImageData(0, 0, 1, 1).data]; };
	const linear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
	const luminance = c => .2126 * linear(c[0]) + .7152 * linear(c[1]) + .0722 * linear(c[2]);
	const wrong = [], spans = [...document.querySelectorAll(".output span[class]:not(.by)")];
	for (const e of spans) {
		const style = getComputedStyle(e), behind = [getComputedStyle(e.closest(".cell")).backgroundColor, style.backgroundColor];
		const [a, b] = [luminance(over(...behind, style.color)), luminance(over(...behind))], contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (contrast < 4.5) wrong.push(e.className + ": " + style.color + " on " + style.backgroundColor + " is " + contrast.toFixed(2));
	}
	return {wrong: [...new Set(wrong)].slice(0, 8), looks: new Set(spans.map(e => e.className)).size, shades: new Set(spans.map(e => getComputedStyle(e).color)).size};
})()`

// hostileOutput is what makes pages wide, slow or something else than they are.
func hostileOutput() runner.Output {
	all := []runner.Line{
		from(1, "\x1b[31mworker\u202e", "\x1b[31m<img src=x onerror=alert(1)>\x1b]8;;javascript:alert(2)\x1b\\link\x1b]8;;\x1b\\\x1b[38;5;1\"onclick=alert(3)m"),
		from(1, "", strings.Repeat("x", 10<<20)),
		from(1, "", strings.Repeat("\x1b[31m", 1<<16)+"end"),
		from(1, "", "e"+strings.Repeat("\u0301", 4000)),
		from(1, "", "\u202eright to left\u2066\u2069 שלום العربية"),
		from(1, "", strings.Repeat("\u3000", 400)+strings.Repeat("\t", 4000)),
		from(1, "", strings.Repeat("a\r", 5000)+strings.Repeat("\b", 5000)),
	}
	for i := range 100_000 {
		all = append(all, from(1, "", fmt.Sprint("line ", i)))
	}
	return lines(all...)
}

func TestHostileOutputStaysInItsPane(t *testing.T) {
	s := printing(t, hostileOutput(), lines(from(2, "", "nothing")))
	got := page(t, s)
	if strings.ContainsAny(got, "\x1b\u202e\u2066\b\r") {
		t.Error("the page has control characters")
	}
	for _, want := range []string{"<img src=x onerror=alert(1)>link", `\x1b[38;5;1"onclick=alert(3)m`, `\u202eright to left`, strings.Repeat("x", 10<<20), "line 99999", "written over"} {
		if !strings.Contains(html.UnescapeString(aTag.ReplaceAllString(got, "")), want) {
			t.Errorf("the page lacks %.60q", want)
		}
	}
	elements(t, "printing.html", []byte(got))
}

// TestOutputInABrowser: colours can be read in light and dark, and no output is wider than its pane, or higher than a screen.
func TestOutputInABrowser(t *testing.T) {
	ctx := browsertest.New(t)
	evil := hostileOutput()
	evil.Lines[1].Text = evil.Lines[1].Text[:64<<10] // four times of what the runner keeps of a line
	evil.Lines = evil.Lines[:2000]
	for name, output := range map[string]runner.Output{"colours": sixteenOnSixteen(), "hostile": evil} {
		server := httptest.NewServer(http.FileServerFS(printing(t, output, lines(from(2, "", "nothing")))))
		defer server.Close()
		for _, width := range []int{320, 1280} {
			dark := width == 320
			if err := chromedp.Do(ctx, browsertest.View(width, 700, dark), chromedp.Navigate(server.URL+"/printing.html")); err != nil {
				t.Fatal(err)
			}
			const fits = `(document.querySelectorAll("details").forEach(d => d.open = true), document.documentElement.scrollWidth <= document.documentElement.clientWidth &&
				[...document.querySelectorAll(".output")].every(o => o.scrollWidth <= o.clientWidth && o.clientHeight <= 600 && o.tabIndex === 0))`
			if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fits)); err != nil || !got {
				t.Errorf("%s at %d pixels does not fit, %v", name, width, err)
			}
			if name != "colours" {
				continue
			}
			var found struct {
				Wrong         []string
				Looks, Shades int
			}
			got, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](hardToRead))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(got, &found); err != nil {
				t.Fatal(err)
			}
			if len(found.Wrong) > 0 || found.Looks < 200 || found.Shades < 15 {
				t.Errorf("dark is %v: of %d looks in %d colours these are hard to read: %v", dark, found.Looks, found.Shades, found.Wrong)
			}
		}
	}
}
