package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"course/evidence"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/site/markup"
)

// marked writes lines with what differs in brackets.
func marked(lines []outputLine) string {
	var all []string
	for _, l := range lines {
		var w markup.Writer
		l.write(&w)
		all = append(all, strings.NewReplacer("<mark>", "[", "</mark>", "]").Replace(string(w.Bytes())))
	}
	return strings.Join(all, "|")
}

func TestWhatDiffersIsMarked(t *testing.T) {
	read := func(s string) (lines []outputLine) {
		for _, l := range strings.Split(s, "|") {
			o := outputLine{text: l}
			if w, rest, ok := strings.Cut(l, ": "); ok {
				o.worker, o.text = w, rest
			}
			o.masked = o.text
			lines = append(lines, o)
		}
		return lines
	}
	for _, test := range []struct{ name, a, b, wantA, wantB string }{
		{"a word", "pid 41 done|end", "pid 42 done|end", "pid [41] done|end", "pid [42] done|end"},
		{"a line more", "one|two|three", "one|three", "one|[two]|three", "one|three"},
		{"everything: no mark", "cat", "dog", "cat", "dog"},
		{"nothing", "same", "same", "same", "same"},
		{"the order of workers says nothing", "w1: a|w2: b|w2: c", "w2: b|w1: a|w2: d|w2: e", "a|b|[c]", "b|a|[d]|[e]"},
		{"who is in one only", "a|panic: boom", "a", "a|boom", "a"},
		{"a prefix within a word", "x=17", "x=18", "x=[17]", "x=[18]"},
		{"runes", "größe äu 1", "größe öu 1", "größe [äu] 1", "größe [öu] 1"},
	} {
		a, b := read(test.a), read(test.b)
		markDifferences(a, b, program.Vary{})
		if gotA, gotB := marked(a), marked(b); gotA != test.wantA || gotB != test.wantB {
			t.Errorf("%s: %s and %s, want %s and %s", test.name, gotA, gotB, test.wantA, test.wantB)
		}
	}
}

func TestLongOutputsAreComparedInBoundedSpace(t *testing.T) {
	a, b := make([]outputLine, 5000), make([]outputLine, 4000)
	for i := range a {
		a[i].text = fmt.Sprint("a ", i)
		a[i].masked = a[i].text
	}
	for i := range b {
		b[i].text = fmt.Sprint("b ", i)
		b[i].masked = b[i].text
	}
	markDifferences(a, b, program.Vary{})
	if got := marked(a[17:18]); got != "[a] 17" {
		t.Errorf("line 17 is %s, want what differs from the line opposite", got)
	}
}

func TestAxisIsRound(t *testing.T) {
	for _, test := range []struct {
		longest time.Duration
		want    string
	}{
		{0, "0 0.2 0.4 0.6 0.8 1 ms"},
		{3, "0 1 2 3 ns"},
		{163 * ms, "0 50 100 150 200 ms"},
		{41 * ms, "0 10 20 30 40 50 ms"},
		{999 * time.Microsecond, "0 0.2 0.4 0.6 0.8 1 ms"},
		{7 * time.Second, "0 2 4 6 8 s"},
		{10 * ms, "0 2 4 6 8 10 ms"},
	} {
		var labels []string
		for _, tick := range newAxis(test.longest).Ticks {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("to %v: %s, want %s", test.longest, got, test.want)
		}
	}
}

func TestProcessorTimeOfSeveralCoresFillsTheBar(t *testing.T) {
	c := newChart([]evidence.Timing{{
		Mode: program.Thread, Runs: 9, Wall: evidence.Summary{Median: 40 * ms, Low: 38 * ms, High: 50 * ms, Covers: true},
		CPU: evidence.Summary{Median: 76 * ms, Low: 76 * ms, High: 76 * ms},
	}})
	got := string(c.Bars[0].Drawing)
	for _, want := range []string{
		`class="pale" y="4" width="80%"`, `class="solid" y="4" width="80%"`, `x1="76%" x2="100%"`, "1.9 processors at once",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the bar lacks %s: %s", want, got)
		}
	}
}

// TestAFigureNamesWhatRuns: where there are no modes, its bar is the program's, and what stands in its pane is output.
func TestAFigureNamesWhatRuns(t *testing.T) {
	if c := newChart([]evidence.Timing{{Mode: program.Plain, Runs: 9}}); c.Bars[0].Mode.Name != "Program" {
		t.Errorf("the bar is called %q", c.Bars[0].Mode.Name)
	}
	if p := (&lessonPage{}).newPane("p", &lessons.Cell{}, program.Plain, nil, nil, nil); p.Title != "Output" {
		t.Errorf("the pane is called %q", p.Title)
	}
}

func TestLanesShowWhatNeverCame(t *testing.T) {
	run := &runner.Run{Mode: program.Process, Spans: []runner.Span{
		{Worker: "never began", Asked: ms, Began: -1, Ended: -1, Joined: -1},
		{Worker: "never ended", Asked: ms, Began: 2 * ms, Ended: -1, Joined: -1},
		{Worker: "died", Asked: 0, Began: 5 * ms, Ended: 10 * ms, Joined: 10 * ms, Died: true},
	}}
	timeline := newTimeline([]program.Mode{program.Thread, program.Process}, map[program.Mode]*runner.Run{program.Process: run})
	got := timeline.Modes[0].Lanes
	for i, want := range []string{
		`<rect class="asked" x="10%" y="3.5" width="90%" height="9"/><line class="cut" x1="100%" x2="100%" y1="0" y2="16"/></svg>`,
		`<rect class="asked" x="10%" y="3.5" width="10%" height="9"/><rect class="solid" x="20%" y="3" width="80%" height="10"/><line class="cut" x1="100%" x2="100%" y1="0" y2="16"/></svg>`,
		`<rect class="asked" x="0%" y="3.5" width="50%" height="9"/><rect class="solid" x="50%" y="3" width="50%" height="10"/>` +
			`<line class="joined" x1="100%" x2="100%" y1="0" y2="16"/><text class="died" x="100%" dx="4" y="13">✕</text></svg>`,
	} {
		if drawing := string(got[i].Drawing); !strings.HasSuffix(drawing, timeline.Axis.grid+want) {
			t.Errorf("lane %d is %s, want %s", i, drawing, want)
		}
	}
	if says := timeline.Modes[0].Says; says != "Processes: 3 workers, up to 2 under way together; starting one and sending it its argument took up to 5.00 ms; 1 died." {
		t.Errorf("it says %q", says)
	}
	if newTimeline([]program.Mode{program.Plain}, map[program.Mode]*runner.Run{program.Plain: {}}) != nil {
		t.Error("a run without workers has a timeline")
	}
}

// TestALaneEndsWithItsRun: the axis is as long as the longest run whose workers were there until it was over, and each bar ends with its own run.
func TestALaneEndsWithItsRun(t *testing.T) {
	open := []runner.Span{{Worker: "w", Asked: ms, Began: 2 * ms, Ended: -1, Joined: -1}}
	timeline := newTimeline([]program.Mode{program.Thread, program.Process}, map[program.Mode]*runner.Run{
		program.Thread: {Mode: program.Thread, Wall: 50 * ms, Spans: open}, program.Process: {Mode: program.Process, Wall: 100 * ms, Spans: open},
	})
	if timeline.Axis.End != 100*ms || !timeline.Ends {
		t.Errorf("the axis ends after %v, and that runs ended workers is said: %t", timeline.Axis.End, timeline.Ends)
	}
	for i, want := range []string{`x="2%" y="3" width="48%" height="10"/><line class="cut" x1="50%"`, `x="2%" y="3" width="98%" height="10"/><line class="cut" x1="100%"`} {
		if drawing := string(timeline.Modes[i].Lanes[0].Drawing); !strings.Contains(drawing, want) || !strings.Contains(drawing, "was ended with the run") {
			t.Errorf("lane %d lacks %s: %s", i, want, drawing)
		}
	}
}

func TestLanesShowWaiting(t *testing.T) {
	run := &runner.Run{Mode: program.Thread, SpansCut: true, Spans: []runner.Span{
		{Worker: "a", Asked: 0, Began: 0, Ended: 10 * ms, Joined: 10 * ms, Waits: []runner.Wait{
			{On: "lock 1", From: 2 * ms, To: 4 * ms}, {On: "queue 1", From: 3 * ms, To: 5 * ms}, {On: "lock 1", From: 8 * ms, To: 12 * ms},
		}},
		{Worker: "b", Asked: 0, Began: 0, Ended: 10 * ms, Joined: -1, Waits: []runner.Wait{{On: "lock 1", From: 0, To: ms}}, MoreWaits: 2},
		{Worker: "c", Asked: 0, Began: 0, Ended: 10 * ms, Joined: -1},
	}}
	timeline := newTimeline([]program.Mode{program.Thread}, map[program.Mode]*runner.Run{program.Thread: run})
	wait := func(x, width string) string {
		return `<rect class="waited" x="` + x + `" y="3" width="` + width + `" height="10"/><rect class="solid" x="` + x + `" y="7" width="` + width + `" height="2"/>`
	}
	lanes := timeline.Modes[0]
	if drawing, want := string(lanes.Lanes[0].Drawing), wait("20%", "20%")+wait("30%", "20%")+wait("80%", "20%")+"<line"; !strings.Contains(drawing, want) {
		t.Errorf("%s lacks %s", drawing, want)
	}
	for i, want := range []string{
		"began 0, waited 3 times, 7.00 ms in all, for lock 1 and queue 1, ended",
		"began 0, waited 3 times, more than 1.00 ms in all, for lock 1, ended",
		"began 0, ended",
	} {
		if says := saySpan(run.Spans[i]); !strings.Contains(says, want) {
			t.Errorf("%q does not say %q", says, want)
		}
	}
	if !timeline.Waits || !lanes.Cut || !strings.Contains(lanes.Says, "; waiting for others took up to 7.00 ms.") {
		t.Errorf("waits %t, cut %t, %q", timeline.Waits, lanes.Cut, lanes.Says)
	}
	many := runner.Span{}
	for i := range 2 * maxDrawnWaits {
		many.Waits = append(many.Waits, runner.Wait{On: fmt.Sprint("lock ", i), From: time.Duration(2*i) * ms, To: time.Duration(2*i)*ms + time.Duration(i%2+1)*ms})
	}
	drawn := drawnWaits(many)
	if len(drawn) != maxDrawnWaits || drawn[0] != many.Waits[1] || drawn[1] != many.Waits[3] {
		t.Errorf("of %d waits %d are drawn, the first is %+v", len(many.Waits), len(drawn), drawn[0])
	}
	if says := sayPrimitives(many); says != "lock 0, lock 1, lock 2 and others" {
		t.Errorf("it says %q", says)
	}
}

func TestWhoEndedIsNotSaidNeverToHaveBegun(t *testing.T) {
	for _, test := range []struct {
		span       runner.Span
		began, end string
	}{
		{runner.Span{Began: -1, Ended: -1}, "never", "never began"},
		{runner.Span{Began: -1, Ended: ms}, "not known", "returned"},
		{runner.Span{Began: -1, Ended: ms, Died: true}, "not known", "died"},
		{runner.Span{Began: ms, Ended: -1, Joined: -1}, "1.00 ms", "was ended with the run"},
		{runner.Span{Began: ms, Ended: -1, Joined: 2 * ms}, "1.00 ms", "ended"},
	} {
		row, says := newSpanRow(test.span), saySpan(test.span)
		if row.Began != test.began || row.End != test.end || !strings.Contains(says, "began "+test.began+",") {
			t.Errorf("%+v: it began %s and %s; in words %q", test.span, row.Began, row.End, says)
		}
	}
}

func TestBeingSentAnArgumentIsSaidOfProcessesAlone(t *testing.T) {
	run := &runner.Run{Spans: []runner.Span{{Began: ms, Ended: 2 * ms}}}
	for m, want := range map[program.Mode]string{
		program.Thread:  "being started",
		program.Process: "being started and, as a process, sent its argument",
	} {
		timeline := newTimeline([]program.Mode{m}, map[program.Mode]*runner.Run{m: run})
		if says := timeline.Modes[0].Says; timeline.Start != want || strings.Contains(says, "argument") != (m == program.Process) {
			t.Errorf("%s: the legend says %q, the sentence %q", m, timeline.Start, says)
		}
	}
}

func TestTheRunThatWentWrongIsShown(t *testing.T) {
	died := program.Outcome{Kind: program.Panicked}
	cell := &lessons.Cell{ID: "c", Options: program.Options{
		Modes: []program.Mode{program.Thread, program.Process}, Expect: map[program.Mode]program.Outcomes{program.Thread: {died}},
	}}
	result := &runner.Result{Runs: []runner.Run{
		{Mode: program.Thread, Purpose: runner.Warmup, Outcome: died, Wall: 1},
		{Mode: program.Process, Purpose: runner.Warmup, Wall: 2},
		{Mode: program.Thread, Outcome: died, Wall: 3},
		{Mode: program.Process, Wall: 4},
		{Mode: program.Thread, Outcome: died, Wall: 5},
		{Mode: program.Process, Outcome: died, Wall: 6},
	}}
	shown := at(shownRuns(cell, result), 0)
	if shown[program.Thread].Wall != 3 || shown[program.Process].Wall != 6 {
		t.Errorf("shown are %+v and %+v", shown[program.Thread], shown[program.Process])
	}
	if got := howEnded(cell, shown[program.Thread]); got != (ending{"panicked, as expected", "meant"}) {
		t.Errorf("the thread's run %+v", got)
	}
	if got := howEnded(cell, shown[program.Process]); got != (ending{"panicked, not as expected", "wrong"}) {
		t.Errorf("the process's run %+v", got)
	}
	if got := howEnded(cell, &runner.Run{Mode: program.Thread}); got.State != "wrong" {
		t.Errorf("a run that ends well where a panic is meant: %+v", got)
	}
}

func TestCodeIsFoldedFromTheOutputThatIsChecked(t *testing.T) {
	cell := &lessons.Cell{Source: "func main() {\n}\n\n// Output:\n// a\n", Options: program.Options{Output: map[program.Mode]program.Output{
		program.Thread: {Text: "a", Line: 4}, program.Process: {Text: "a", Line: 4},
	}}}
	lines := highlightGo(cell.Source)
	cut := segments(len(lines), []lessons.Lines{{First: 1, Last: 1}}, checkedOutput(cell))
	want := []segment{{"1 line of code", 0, 1}, {"", 1, 2}, {"The output that it must have", 2, 5}}
	if !slices.Equal(cut, want) {
		t.Errorf("cut into %+v, want %+v", cut, want)
	}
	var w markup.Writer
	code(&w, lines, cut, []lessons.Lines{{First: 2, Last: 2}})
	if !strings.Contains(string(w.Bytes()), "<code><mark>}\n</mark></code>") {
		t.Errorf("line 2 is not marked: %s", w.Bytes())
	}
}

// BenchmarkRenderPage draws a lesson of ten cells, four of which are measured.
func BenchmarkRenderPage(b *testing.B) {
	s := sample(b)
	page := s.pages[0]
	big := *page.lesson
	big.Blocks = nil
	for range 10 {
		big.Blocks = append(big.Blocks, page.lesson.Blocks[:3]...)
	}
	for b.Loop() {
		p := &lessonPage{site: s, lesson: &big, number: 1, href: "big.html"}
		if _, err := p.draw(); err != nil {
			b.Fatal(err)
		}
	}
}
