package site

import (
	"bytes"
	"encoding/xml"
	"html"
	"io/fs"
	"math"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
	"course/runner/machine"
)

// evil is text that does harm wherever it becomes markup.
const evil = `</code></pre></span></title>"'><script>attack(1)</script><img src=x onerror=attack(2)><svg onload=attack(3)>&lt;b&gt;` + "\x1b[31m\x00\u202e"

// rawMarkdown tries what HTML can do where it is allowed.
const rawMarkdown = `
<div id="location" class="cell" onclick="attack(30)" style="position:fixed"><img src="x" onerror="attack(31)"><a href="javascript:attack(32)">x</a></div>

<details open ontoggle="attack(33)"><summary>x</summary>

x <b onmouseover=attack(34)>y <script>attack(35)</script> <iframe srcdoc="<script>attack(36)</script>"> <svg/onload=attack(37)> <img src=x:x onerror=attack(38)

</main></div></body>

<form action="https://evil.example/"><input name="attributes"><button formaction="javascript:attack(39)">x</button></form>

<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=attack(40)&gt;">

<a href="&#106;avascript:attack(41)" id="cookie">x</a> <a href="//evil.example/">x</a> <base href="//evil.example/"> <b id='a" onclick="attack(42)'>x</b>

![a " onerror=attack(43)](<p/"onerror=attack(18) x=".svg> "t\" onerror=attack(44)") <img src='p/%22onerror=attack(18)%20x=%22.svg' alt='"onerror=attack(45)' title='"onload=attack(46)'>

[^"><script>attack(47)</script>]: x

$\text{</math><script>attack(51)</script>}$ and $a"onload="attack(52)$

| <td onclick=attack(48)> | ~~<del onclick=attack(49)>~~ |
|---|---|
| <b>x | </b></table><script>attack(50)</script> |

<details>
`

// hostile is a course that tries its worst in each place that takes text.
func hostile(t *testing.T, rawHTML bool) *Site {
	t.Helper()
	markdown := "# A " + evil + "\n\n## H " + evil + "\n\n" +
		"Text " + evil + " and `code " + evil + "`.\n\n" +
		"[a](javascript:attack(4)) [b](JaVaScRiPt&colon;attack(5)) [c](data:text/html,x) [d](//evil.example/) [e](\\\\evil) " +
		"[f](vbscript:x) [g](<java\tscript:attack(6)>) <javascript:attack(7)> [h](02.html?\"onclick=attack(8) \"t\\\" onclick=attack(9)\") " +
		"![alt \" onerror=attack(10)](javascript:attack(11)) ![x](x.png\"onerror=attack(12)) [i](#\"onclick=attack(13))\n\n" +
		"> [!NOTE]\n> " + evil + "\n\n" +
		"| a | b |\n|--:|---|\n| " + evil + " | <script>x</script> |\n\n" +
		"- <iframe src=https://evil.example></iframe>\n\n<style>*{display:none}</style>\n\n<div onclick=attack(14)>x</div>\n\n" +
		"```\"><script>attack(15)</script>\n" + evil + "\n```\n\n    indented " + evil + "\n\n" +
		"```go {#cell modes=[thread,process] mark=2 fold=3}\n// " + evil + "\nfunc main() {\n\tprintln(`" + evil + "`)\n}\n```\n\nValue `= cell.thread.wall`.\n\n" +
		"```go {#noted}\nfunc g() {} // (1)\n```\n\n1. " + evil + "\n"
	plain := strings.NewReplacer("\x00", "", "\x1b", "", "\u202e", "").Replace(evil) // as far as YAML can hold it
	quoted := "'" + strings.ReplaceAll(plain, "'", "''") + "'"
	fsys := make(fstest.MapFS)
	for name, content := range map[string]string{
		"course.yaml":   "url: https://example.org/a/\nhtml: " + strconv.FormatBool(rawHTML) + "\n",
		"glossary.yaml": "- term: " + quoted + "\n  means: " + quoted + "\n  also: [" + quoted[:20] + "']\n  python: " + quoted + "\n- term: thread\n  means: '[x](javascript:attack(17)) `" + strings.Trim(quoted, "'") + "`'\n",
		"01-evil.md":    strings.ReplaceAll(markdown, "\x00", "\uFFFD"),
		"02-" + strings.ReplaceAll(plain, "/", "") + ".md": "---\ntitle: " + quoted + "\nsummary: " + quoted + "\nterms: [thread, " + quoted + "]\n---\n" + rawMarkdown,
		"03-..%2f..%2fescape.md":                           "# Up\n\n[a](../../../etc/passwd) [b](..%2f..%2f) [c](%2e%2e/%2e%2e/x.html)\n",
		"04-...md":                                         "# Dots\n",
		"p/\"onerror=attack(18) x=\".svg":                  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="attack(19)"><script>attack(20)</script><title>` + html.EscapeString(plain) + `</title><rect id="main" onclick="attack(21)"/></svg>`,
	} {
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	course, err := lessons.Load(fsys, nil)
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
	course.Lessons[0].Summary, course.Lessons[0].Date = evil, evil // lessons refuses such a date and language
	course.Language = evil
	run := runner.Run{
		Mode: program.Thread, Wall: ms, Outcome: program.Outcome{Kind: program.Kind(evil)},
		Output: lines(from(1, evil, evil), from(2, "", evil+"\x1b]8;;javascript:alert(17)\x1b\\more\rx"+evil), runner.Line{Text: evil, Gap: true, Stderr: true}),
		Spans:  []runner.Span{{Worker: evil, Parent: evil, Mode: program.Mode(evil), Pid: 1, Joined: -1, Died: true, Waits: []runner.Wait{{On: evil, To: ms}}}},
	}
	other := run
	other.Mode, other.Output = program.Process, lines(from(1, evil, evil+evil), from(2, "", evil))
	strange := run
	strange.Mode = program.Mode(evil)
	results := []runner.Result{{
		ID: "evil/cell", Runs: []runner.Run{run, other, strange}, Problems: problem.List{broken, stray},
		NotHere: evil, Fallback: evil, Python: evil, Taken: time.Date(-1, 13, 40, 99, 0, 0, 0, time.FixedZone(evil, 1)),
		Machine: machine.Machine{
			OS: evil, Arch: evil, CPU: evil, Cores: 1, Kernel: evil, Go: evil, HugePages: evil,
			ThreadsPerCore: -1, Quota: -math.MaxFloat64, Memory: math.MinInt64, MemoryLimit: math.MaxInt64,
		},
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
	course.Bet = &lessons.Bet{Asks: evil, Shows: "evil/cell", Choices: []lessons.Choice{{Says: evil, Claim: "evil/claim"}, {Says: evil + evil, Claim: evil}, {Says: evil + "."}}}
	course.Sources = []*lessons.Source{{ID: evil, Kind: lessons.SourceKind(evil), Group: evil, Says: evil, Where: []string{evil, "01-evil.md#" + evil, "javascript:attack(16)"}}}
	report.Rows = []evidence.Row{{Source: course.Sources[0], Standings: []evidence.Standing{{System: lessons.OnGo, Verdict: lessons.Verdict(evil), Judgments: []*evidence.Judgment{judgment}}}}}
	return New(course, results, report)
}

// ourTags are the elements that pages are made of.
var ourTags = strings.Fields("html head meta title link script body a div span nav ol ul li main header footer section p b i h1 h2 h3 h4 h5 h6 dl dt dd button " +
	"fieldset legend code pre mark details summary figure figcaption svg rect path line circle defs pattern symbol use text g table caption thead tbody tr th td time em strong del " +
	"bdi input br wbr hr img sup blockquote math mrow mi mn mo mtext")

// rawTags are those that raw HTML may add.
var rawTags = strings.Fields("article aside bdi caption cite dfn ins kbd abbr mark q rp rt ruby s samp small sub u var wbr col colgroup tfoot")

// TestTextNeverBecomesMarkup: by parsing, no element and no attribute is there that was not written by us, or allowed of raw HTML.
func TestTextNeverBecomesMarkup(t *testing.T) {
	attrs := strings.Fields("lang dir charset http-equiv content name property media rel href src class id title aria-label aria-labelledby aria-describedby aria-hidden " +
		"aria-current aria-level role tabindex open hidden datetime alt loading start type checked disabled scope viewBox width height " +
		"colspan x y x1 x2 y1 y2 dx dy rx cx cy r d fill preserveAspectRatio patternUnits patternTransform data-program data-language data-row data-says data-bet data-course alttext")
	for _, rawHTML := range []bool{false, true} {
		for name, data := range all(t, hostile(t, rawHTML)) {
			if !fs.ValidPath(name) || strings.ContainsAny(name, `<>"'&%\ `) || strings.Contains(name, "..") {
				t.Errorf("a file is called %q", name)
			}
			switch path.Ext(name) {
			case ".xml":
				if err := xml.Unmarshal(data, new(struct{})); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			case ".html":
			default:
				continue
			}
			scripts := 0
			for _, e := range elements(t, name, data) {
				if !slices.Contains(ourTags, e.Name.Local) {
					t.Errorf("%s has a <%s>", name, e.Name.Local)
				}
				if e.Name.Local == "script" {
					scripts++
				}
				if e.Name.Local == "use" && !strings.HasPrefix(e.Attr[slices.IndexFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "href" })].Value, "#") {
					t.Errorf("%s uses a shape that is not its own: %v", name, e.Attr)
				}
				for _, a := range e.Attr {
					if !slices.Contains(attrs, a.Name.Local) {
						t.Errorf("%s has a <%s %s=%q>", name, e.Name.Local, a.Name.Local, a.Value)
					}
					if a.Name.Local == "href" || a.Name.Local == "src" {
						u, err := url.Parse(a.Value)
						if err != nil || u.Host != "" && (u.Host != "example.org" || e.Name.Local != "link") || u.Host == "" && u.Scheme != "" && a.Value != "data:," {
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
			if name == "evil.html" && bytes.Count(data, []byte("&lt;script&gt;attack(1)")) < 20 {
				t.Errorf("%s does not show the text of what it was given:\n%s", name, data)
			}
		}
	}
}
