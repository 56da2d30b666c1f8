package site

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"course/runner/machine"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

// voids are the elements that have no end tag.
var voids = []string{"meta", "link", "input", "br", "hr", "img", "wbr"}

// elements reads a page, and fails the test where its tags do not nest.
func elements(t *testing.T, name string, data []byte) (all []xml.StartElement) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict, d.Entity = false, xml.HTMLEntity
	var open []string
	for {
		token, err := d.RawToken()
		switch token := token.(type) {
		case xml.StartElement:
			all = append(all, token.Copy())
			if !slices.Contains(voids, token.Name.Local) {
				open = append(open, token.Name.Local)
			}
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != token.Name.Local {
				t.Fatalf("%s: </%s> within %v", name, token.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
		if errors.Is(err, io.EOF) && len(open) == 0 {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v, within %v", name, err, open)
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestEachLinkLeadsSomewhere(t *testing.T) {
	ids := make(map[string][]string)
	links := make(map[string][]string)
	files := all(t, sample(t))
	for name, data := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, e := range elements(t, name, data) {
			if id := attr(e, "id"); id != "" {
				if slices.Contains(ids[name], id) {
					t.Errorf("%s has the id %q twice", name, id)
				}
				ids[name] = append(ids[name], id)
			}
			for _, a := range []string{"aria-labelledby", "aria-describedby"} {
				if id := attr(e, a); id != "" {
					links[name] = append(links[name], "#"+id)
				}
			}
			for _, a := range []string{"href", "src"} {
				if link := attr(e, a); link != "" {
					links[name] = append(links[name], link)
				}
			}
		}
	}
	for name, all := range links {
		for _, link := range all {
			u, err := url.Parse(link)
			if err != nil {
				t.Errorf("%s links to %q: %v", name, link, err)
				continue
			}
			if u.Scheme != "" {
				continue
			}
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if files[to] == nil {
				t.Errorf("%s links to %s, which is not there", name, link)
			} else if u.Fragment != "" && !slices.Contains(ids[to], u.Fragment) {
				t.Errorf("%s links to %s, which has no such id", name, link)
			}
		}
	}
	for _, want := range []string{"whose-memory.html#h-seen", "when-one-dies.html", "https://go.dev/src/runtime/proc.go"} {
		if !slices.Contains(links["the-benchmark.html"], want) {
			t.Errorf("the first lesson does not link to %s, but to %v", want, links["the-benchmark.html"])
		}
	}
}

// evil is text that does harm wherever it becomes markup.
const evil = `</code></pre></span></title>"'><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>&lt;b&gt;` + "\x1b[31m\x00\u202e"

// hostile is a course that tries its worst in each place that takes text.
func hostile(t *testing.T) *Site {
	t.Helper()
	markdown := "# A " + evil + "\n\n## H " + evil + "\n\n" +
		"Text " + evil + " and `code " + evil + "`.\n\n" +
		"[a](javascript:alert(4)) [b](JaVaScRiPt&colon;alert(5)) [c](data:text/html,x) [d](//evil.example/) [e](\\\\evil) " +
		"[f](vbscript:x) [g](<java\tscript:alert(6)>) <javascript:alert(7)> [h](02.html?\"onclick=alert(8) \"t\\\" onclick=alert(9)\") " +
		"![alt \" onerror=alert(10)](javascript:alert(11)) ![x](x.png\"onerror=alert(12)) [i](#\"onclick=alert(13))\n\n" +
		"> [!NOTE]\n> " + evil + "\n\n" +
		"| a | b |\n|--:|---|\n| " + evil + " | <script>x</script> |\n\n" +
		"- <iframe src=https://evil.example></iframe>\n\n<style>*{display:none}</style>\n\n<div onclick=alert(14)>x</div>\n\n" +
		"```\"><script>alert(15)</script>\n" + evil + "\n```\n\n    indented " + evil + "\n\n" +
		"```go {#cell modes=[thread,process] mark=2 fold=3}\n// " + evil + "\nfunc main() {\n\tprintln(`" + evil + "`)\n}\n```\n\nValue `= cell.thread.wall`.\n"
	course, err := lessons.Load(fstest.MapFS{"01-evil.md": {Data: []byte(strings.ReplaceAll(markdown, "\x00", "\uFFFD"))}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := problem.Problem{
		Position: problem.Position{File: "01-evil.md", Line: 1, Column: 3}, Length: 4,
		Message: evil, Hint: evil, Source: evil,
	}
	stray := broken
	stray.File = evil
	course.Title, course.Summary = evil, evil
	course.Problems = append(course.Problems, broken, stray)
	course.Lessons[0].Summary = evil
	run := runner.Run{
		Mode: program.Thread, Wall: ms, Outcome: program.Outcome{Kind: program.Kind(evil)},
		Output: lines(from(1, evil, evil), from(2, "", evil+" more"), runner.Line{Text: evil, Gap: true, Stderr: true}),
		Spans:  []runner.Span{{Worker: evil, Parent: evil, Mode: program.Mode(evil), Pid: 1, Joined: -1, Died: true, Waits: []runner.Wait{{On: evil, To: ms}}}},
	}
	other := run
	other.Mode, other.Output = program.Process, lines(from(1, evil, evil+evil), from(2, "", evil))
	strange := run
	strange.Mode = program.Mode(evil)
	results := []runner.Result{{
		ID: "evil/cell", Runs: []runner.Run{run, other, strange}, Problems: problem.List{broken, stray},
		Machine: machine.Machine{OS: evil, Arch: evil, CPU: evil, Cores: 1, Kernel: evil, Go: evil},
	}}
	report := &evidence.Report{
		Timings:  map[string][]evidence.Timing{"evil/cell": {{Mode: program.Thread, Runs: 1}, {Mode: program.Mode(evil), Runs: 2}}},
		Values:   make(map[problem.Position]evidence.Value),
		Problems: problem.List{broken},
	}
	for at := range evidence.Judge(course, results).Values {
		report.Values[at] = evidence.Value{Text: evil, Title: evil, Known: true}
	}
	if len(report.Values) == 0 {
		t.Fatal("the course has no inline value")
	}
	claim := &lessons.Claim{ID: "claim", Says: evil, From: []string{evil}, On: lessons.System(evil), Verdict: lessons.Verdict(evil)}
	judgment := &evidence.Judgment{
		Claim: claim, ID: "evil/claim", Lesson: "evil", Verdict: lessons.Undecided, Why: evil, Machine: &results[0].Machine, Recorded: true,
		Comparisons: []evidence.Comparison{{
			Text: evil + " == " + evil, Op: formula.Equal, Unit: formula.Text, Known: true, Verdict: lessons.Undecided, Why: evil, Runs: 1,
			Of: []evidence.Measured{{Series: formula.Series{Program: evil, Point: program.Point{Mode: program.Mode(evil)}, Metric: evil}, Runs: 1, Noise: evil}},
		}},
	}
	whole := &lessons.Claim{ID: "whole", Says: evil, Parts: []*lessons.Claim{{ID: "whole-1", At: "evil/claim"}, {ID: "whole-2", At: evil}}}
	report.Judgments = map[string]*evidence.Judgment{
		"evil/claim": judgment,
		"evil/whole": {Claim: whole, ID: "evil/whole", Lesson: "evil", Verdict: lessons.Partly, Parts: []*evidence.Judgment{judgment, judgment}},
	}
	course.Lessons[0].Blocks = append(course.Lessons[0].Blocks, claim, whole)
	course.Sources = []*lessons.Source{{ID: evil, Kind: lessons.SourceKind(evil), Group: evil, Says: evil, Where: []string{evil, "01-evil.md#" + evil, "javascript:alert(16)"}}}
	report.Rows = []evidence.Row{{Source: course.Sources[0], Standings: []evidence.Standing{{System: lessons.OnGo, Verdict: lessons.Verdict(evil), Judgments: []*evidence.Judgment{judgment}}}}}
	return New(course, results, report)
}

func TestTextNeverBecomesMarkup(t *testing.T) {
	tags := strings.Fields("html head meta title link script body a div span nav ol ul li main header footer section p b i h1 h2 h3 h4 h5 h6 " +
		"code pre mark details summary figure figcaption svg rect path line circle defs pattern text g table thead tbody tr th td time em strong del " +
		"input br wbr hr img sup blockquote")
	attrs := strings.Fields("lang charset http-equiv content name property media rel href src class id title aria-label aria-labelledby aria-describedby aria-hidden " +
		"aria-current aria-level role tabindex open datetime alt loading start type checked disabled scope viewBox width height " +
		"colspan x y x1 x2 y1 y2 dx dy rx cx cy r d fill preserveAspectRatio patternUnits patternTransform data-program data-language data-row")
	for name, data := range all(t, hostile(t)) {
		if path.Ext(name) != ".html" {
			continue
		}
		scripts := 0
		for _, e := range elements(t, name, data) {
			if !slices.Contains(tags, e.Name.Local) {
				t.Errorf("%s has a <%s>", name, e.Name.Local)
			}
			if e.Name.Local == "script" {
				scripts++
			}
			for _, a := range e.Attr {
				if !slices.Contains(attrs, a.Name.Local) {
					t.Errorf("%s has a <%s %s=%q>", name, e.Name.Local, a.Name.Local, a.Value)
				}
				if a.Name.Local == "href" || a.Name.Local == "src" {
					if u, err := url.Parse(a.Value); err != nil || u.Host != "" || u.Scheme != "" && a.Value != "data:," {
						t.Errorf("%s refers to %q", name, a.Value)
					}
				}
			}
		}
		if scripts != 1 {
			t.Errorf("%s has %d scripts, want its own", name, scripts)
		}
		if i := bytes.IndexAny(data, "\x1b\x00\u202e"); i >= 0 {
			t.Errorf("%s has a control character: %q", name, data[max(0, i-40):i+10])
		}
		if name == "evil.html" && bytes.Count(data, []byte("&lt;script&gt;alert(1)")) < 20 {
			t.Errorf("%s does not show the text of what it was given:\n%s", name, data)
		}
	}
}
