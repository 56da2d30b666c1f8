package site

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/markup"
)

var aTag = regexp.MustCompile(`<[^>]*>`)

// crash is the pane of a run of the sample's cell that panics, which printed these lines.
func crash(t *testing.T, run runner.Run) pane {
	t.Helper()
	p := sample(t).pages[2]
	c := p.lesson.Blocks[0].(*lessons.Cell)
	return p.newPane("pane", c, program.Thread, nil, &run, p.output(c, &run))
}

func drawn(s *stretch) string {
	var w markup.Writer
	s.write(&w)
	return string(w.Bytes())
}

// outline writes what a pane shows, with "> " before what is folded away.
func outline(p pane) string {
	var b strings.Builder
	for _, s := range append(p.Printed.Lines, p.Printed.More...) {
		for i := range s.Text {
			if fold := s.Text[i].fold(); fold != "" {
				fmt.Fprintf(&b, "> %s\n", fold)
			} else {
				b.WriteString(html.UnescapeString(aTag.ReplaceAllString(drawn(&s.Text[i]), "")))
			}
		}
	}
	return b.String()
}

const traceOfAProcess = `panic: runtime error: integer divide by zero

goroutine 5 [running]:
main.divide(0x0?)
	/tmp/b/crash.cell:1 +0xa5
reflect.Value.call({0x4eeea0?, 0x51c348?}, {0x5104cf, 0x4})
	reflect/value.go:586 +0xf0c
course/runner/worker.perform({0x4eeea0?, 0x51c348?, 0x0?})
	course/runner/worker/child.go:147 +0x9d
main.main()
	/tmp/b/crash.cell:5 +0x11
created by course/runner/worker.Main in goroutine 1
	course/runner/worker/child.go:60 +0x48
exit status 2
`

func stderrLines(text string) runner.Output {
	var o runner.Output
	for _, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		o.Lines = append(o.Lines, toStderr(1, l))
	}
	return o
}

func TestTraceShowsTheCallsOfTheLesson(t *testing.T) {
	p := crash(t, runner.Run{Output: stderrLines(traceOfAProcess)})
	const want = `panic: runtime error: integer divide by zero

goroutine 5 [running]:
main.divide(0x0?)
	03-when-one-dies.md:6 +0xa5  func divide(n int) int { return 12 / n }
> 2 calls in Go's library and package worker
main.main()
	03-when-one-dies.md:10 +0x11  q, err := worker.Start(divide, n).Wait()
> 1 call in package worker
exit status 2
`
	if got := outline(p); got != want {
		t.Errorf("the pane shows\n%s\nwant\n%s", got, want)
	}
}

func TestTraceIsCompleteWhenUnfolded(t *testing.T) {
	p := crash(t, runner.Run{Output: stderrLines(traceOfAProcess)})
	var w markup.Writer
	p.write(&w, 2)
	page := html.UnescapeString(aTag.ReplaceAllString(string(w.Bytes()), ""))
	for _, line := range strings.Split(traceOfAProcess, "\n") {
		if !strings.HasPrefix(line, "\t/tmp/b/") && !strings.Contains(page, line) {
			t.Errorf("the page lacks the line %q of the trace:\n%s", line, page)
		}
	}
}

func TestOnlyTracesAreFolded(t *testing.T) {
	for _, text := range []string{
		"a list\n\tone.go:1\na list\n\ttwo.go:2\n",
		"goroutine 1 [running]:\n\ta/b.go:1\nexit status 2\n",
		"goroutine 1 [running]:\n\nnot.a.call()\n\ta/b.go:1\n",
	} {
		if got := outline(crash(t, runner.Run{Output: stderrLines(text)})); got != text {
			t.Errorf("of %q the pane shows %q", text, got)
		}
	}
	run := runner.Run{Output: stderrLines(traceOfAProcess)}
	for i := range run.Output.Lines {
		run.Output.Lines[i].Stderr = false
	}
	if got := outline(crash(t, run)); strings.Contains(got, "> ") {
		t.Errorf("standard output is folded:\n%s", got)
	}
}

const traceback = `Exception in thread Thread-1 (share):
Traceback (most recent call last):
  File "<python>/threading.py", line 1045, in _bootstrap_inner
    self.run()
  File "<python>/threading.py", line 982, in run
    self._target(*self._args, **self._kwargs)
  File "crash.cell", line 1, in share
    return 12 // (n - 2)
           ~~~^^~~~~~~~~~
ZeroDivisionError: integer division or modulo by zero
  File "<python>/a.py" is no call here
`

func TestTracebackShowsTheCallsOfTheLesson(t *testing.T) {
	const want = `Exception in thread Thread-1 (share):
Traceback (most recent call last):
> 2 calls in Python's library
  File "03-when-one-dies.md", line 6, in share
    return 12 // (n - 2)
           ~~~^^~~~~~~~~~
ZeroDivisionError: integer division or modulo by zero
  File "<python>/a.py" is no call here
`
	p := crash(t, runner.Run{Output: stderrLines(traceback)})
	if got := outline(p); got != want {
		t.Errorf("the pane shows\n%s\nwant\n%s", got, want)
	}
	if got := drawn(&p.Printed.Lines[0].Text[2]); !strings.Contains(got, `<a href="#line-6">03-when-one-dies.md&#34;, line 6</a>`) {
		t.Errorf("the call leads nowhere: %s", got)
	}
}

const reportOfARace = `==================
WARNING: DATA RACE
Read at 0x0000005a8a90 by goroutine 8:
  main.divide()
      /tmp/b/crash.cell:1 +0x30
  course/runner/worker.call[...]()
      course/runner/worker/core.go:91 +0x44
  course/runner/worker.(*core).run()
      course/runner/worker/core.go:60 +0x12

Previous write at 0x0000005a8a90 by main goroutine:
  main.main()
      /tmp/b/crash.cell:5 +0x48
  runtime.main()
      runtime/proc.go:290 +0x2c

Goroutine 8 (running) created at:
  course/runner/worker.Start[...]()
      course/runner/worker/worker.go:80 +0x124
  main.main()
      /tmp/b/crash.cell:5 +0x48
==================
  said.by.the.cell()
      a/b.go:1
Found 1 data race(s)
`

// TestAReportOfARaceShowsTheCallsOfTheLesson: it is folded as a trace is, up to its end.
func TestAReportOfARaceShowsTheCallsOfTheLesson(t *testing.T) {
	const want = `==================
WARNING: DATA RACE
Read at 0x0000005a8a90 by goroutine 8:
  main.divide()
      03-when-one-dies.md:6 +0x30  func divide(n int) int { return 12 / n }
> 2 calls in package worker

Previous write at 0x0000005a8a90 by main goroutine:
  main.main()
      03-when-one-dies.md:10 +0x48  q, err := worker.Start(divide, n).Wait()
> 1 call in Go's library

Goroutine 8 (running) created at:
> 1 call in package worker
  main.main()
      03-when-one-dies.md:10 +0x48  q, err := worker.Start(divide, n).Wait()
==================
  said.by.the.cell()
      a/b.go:1
Found 1 data race(s)
`
	if got := outline(crash(t, runner.Run{Output: stderrLines(reportOfARace)})); got != want {
		t.Errorf("the pane shows\n%s\nwant\n%s", got, want)
	}
}

// A trace may be longer than what a pane shows of an output, and short once it is folded.
func TestFoldedCallsCountAsOneLine(t *testing.T) {
	long := "goroutine 1 [running]:\n" + strings.Repeat("runtime.gopark()\n\truntime/proc.go:1 +0x1\n", 2*foldAfter) + "exit status 2\n"
	p := crash(t, runner.Run{Output: stderrLines(long)})
	want := fmt.Sprintf("goroutine 1 [running]:\n> %d calls in Go's library\nexit status 2\n", 2*foldAfter)
	if got := outline(p); got != want || p.Printed.Count != 0 {
		t.Errorf("the pane shows\n%s\nand folds %d lines more, want\n%s", got, p.Printed.Count, want)
	}
}

func TestPositionLeadsToItsLine(t *testing.T) {
	for _, test := range []struct{ printed, want string }{
		{"at crash.cell:1 and on", `at <a href="#line-6">03-when-one-dies.md:6</a> and on  <span class="means">func divide(n int) int { return 12 / n }</span>`},
		{"crash.cell:2 is blank", `<a href="#line-7">03-when-one-dies.md:7</a> is blank`},
		{"03-when-one-dies.md:6, says the program itself", "03-when-one-dies.md:6, says the program itself"},
		{"at crash.cell:1, crash.cell:2, crash.cell:5", `at <a href="#line-6">03-when-one-dies.md:6</a>  <span class="means">func divide(n int) int { return 12 / n }</span>, ` +
			`<a href="#line-7">03-when-one-dies.md:7</a>, <a href="#line-10">03-when-one-dies.md:10</a>  <span class="means">q, err := worker.Start(divide, n).Wait()</span>`},
		{"crash.cell:999", "crash.cell:999"},
		{"crash.cell:9", "03-when-one-dies.md:14:1"}, // the fence
		{"x/03-when-one-dies.md:6 crash.cell:2", `x/03-when-one-dies.md:6 <a href="#line-7">03-when-one-dies.md:7</a>`},
	} {
		p := crash(t, runner.Run{Output: lines(from(1, "", test.printed))})
		if got := strings.TrimSuffix(drawn(&p.Printed.Lines[0].Text[0]), "\n"); got != test.want {
			t.Errorf("%q is shown as\n%s, want\n%s", test.printed, got, test.want)
		}
	}
}

func TestWhatIsLeftOutAtTheEndIsSaid(t *testing.T) {
	flooded := program.Outcome{Kind: program.Flooded}
	gap := lines(runner.Line{Text: "b", Gap: true})
	gap.Cut = 1234
	for _, test := range []struct {
		name             string
		run              runner.Run
		left, empty, gap string
	}{
		{"nothing printed", runner.Run{}, "", "printed nothing", ""},
		{"all of it", runner.Run{Outcome: flooded, Output: runner.Output{Cut: 8388609}}, "… 8\u202f388\u202f609 bytes more were left out", "", ""},
		{"at the end", runner.Run{Outcome: flooded, Output: runner.Output{Cut: 1234, Lines: lines(from(1, "", "a")).Lines}}, "… 1\u202f234 bytes more were left out", "", ""},
		{"in the middle", runner.Run{Output: gap}, "", "", "… 1\u202f234 bytes left out …"},
		{"in the middle and at the end", runner.Run{Outcome: flooded, Output: gap}, "… more was left out, 1\u202f234 bytes in all", "", "… some output left out …"},
	} {
		p := crash(t, test.run)
		between := ""
		for _, s := range p.Printed.Lines {
			between += s.Gap
		}
		if p.Printed.Left != test.left || p.Empty != test.empty || between != test.gap {
			t.Errorf("%s: the pane says %q, %q and between lines %q, want %q, %q and %q", test.name, p.Printed.Left, p.Empty, between, test.left, test.empty, test.gap)
		}
	}
}
