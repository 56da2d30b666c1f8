package site

import (
	"encoding/xml"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/runner/machine"
	"course/site/chart"
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

// TestAFigureNamesWhatRuns: where there are no modes, its bar is the program's, and what stands in its pane is output.
func TestAFigureNamesWhatRuns(t *testing.T) {
	if name := modeOf(program.Plain).Name; name != "Program" {
		t.Errorf("the bar is called %q", name)
	}
	if p := (&lessonPage{}).newPane("p", &lessons.Cell{}, program.Plain, nil, nil, nil); p.Title != "Output" {
		t.Errorf("the pane is called %q", p.Title)
	}
}

// kinds lists the figures of a cell, "+" before that which is open.
func kinds(t *testing.T, p *lessonPage, c *lessons.Cell, result *runner.Result, shown map[program.Mode]*runner.Run) string {
	t.Helper()
	var w markup.Writer
	p.figures(&w, c, result, shown, 3)
	var all []string
	for _, e := range elements(t, "figures", w.Bytes()) {
		switch {
		case e.Name.Local == "details" && strings.Contains(attr(e, "class"), "figure"):
			mark := ""
			if slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "open" }) {
				mark = "+"
			}
			all = append(all, mark)
		case strings.HasSuffix(attr(e, "id"), "-title"):
			id := strings.Split(attr(e, "id"), "-")
			all[len(all)-1] += id[len(id)-2]
		}
	}
	return strings.Join(all, " ")
}

// TestOneFigureIsOpen: that which the lesson asks for, else that which fits best what the cell is about.
func TestOneFigureIsOpen(t *testing.T) {
	thread := func(value float64, more func(*runner.Run)) (runs []runner.Run) {
		for range 7 {
			run := runner.Run{Mode: program.Thread, Value: value, Wall: 20 * ms}
			if more != nil {
				more(&run)
			}
			runs = append(runs, run)
		}
		return runs
	}
	spans := []runner.Span{{Worker: "w", Began: ms, Ended: 2 * ms, Joined: 2 * ms}}
	weighed := runner.Run{Mode: program.Thread, Purpose: runner.Weighing, Memory: &runner.Memory{PSS: 1 << 20, Looks: runner.SureLooks}}
	measured := append(thread(0, nil), weighed)
	workers, swept := &program.Sweep{Name: "workers", Values: []float64{1, 2}}, append(thread(1, nil), thread(2, nil)...)
	varied := thread(0, func(r *runner.Run) { r.Times = 1 })
	for _, test := range []struct {
		name    string
		options program.Options
		show    lessons.Show
		runs    []runner.Run
		want    string
	}{
		{"nothing but its workers", program.Options{}, lessons.Show{}, thread(0, nil), "timeline"},
		{"its workers are asked for", program.Options{}, lessons.Show{Timeline: true}, thread(0, nil), "+timeline"},
		{"measured", program.Options{Measure: true}, lessons.Show{}, measured, "+time memory timeline"},
		{"measured, output asked for", program.Options{Measure: true}, lessons.Show{Output: true}, measured, ""},
		{"measured, memory asked for", program.Options{Measure: true}, lessons.Show{Memory: true}, measured, "+memory"},
		{"measured, memory and time asked for", program.Options{Measure: true}, lessons.Show{Memory: true, Time: true}, measured, "+time memory"},
		{"swept", program.Options{Measure: true, Sweep: workers}, lessons.Show{}, swept, "+time timeline"},
		{"swept, speed-up asked for", program.Options{Measure: true, Sweep: workers}, lessons.Show{Speedup: true}, swept, "+speedup"},
		{"swept, speed-up and time asked for", program.Options{Measure: true, Sweep: workers}, lessons.Show{Speedup: true, Time: true}, swept, "+time speedup"},
		{"its outcome varies", program.Options{Vary: program.Vary{Outcome: true}}, lessons.Show{}, varied, "+outcomes timeline"},
		{"its outcome varies, workers asked for", program.Options{Vary: program.Vary{Outcome: true}}, lessons.Show{Timeline: true}, varied, "outcomes +timeline"},
		{"no results", program.Options{Measure: true}, lessons.Show{}, nil, ""},
	} {
		test.options.Modes = []program.Mode{program.Thread}
		cell := &lessons.Cell{ID: "c", Options: test.options, Show: test.show}
		p, result, shown := &lessonPage{site: &Site{report: &evidence.Report{}}, lesson: &lessons.Lesson{Name: "l"}}, (*runner.Result)(nil), map[program.Mode]*runner.Run{}
		if test.runs != nil {
			result = &runner.Result{ID: "l/c", Runs: test.runs}
			shown[program.Thread] = &runner.Run{Mode: program.Thread, Spans: spans}
			if test.options.Measure {
				p.site.report.Timings = map[string][]evidence.Timing{"l/c": evidence.Timings(*result)}
			}
			if test.options.Vary.Outcome {
				p.site.report.Tallies = map[string][]evidence.Tally{"l/c": evidence.Tallies(*result)}
			}
		}
		if got := kinds(t, p, cell, result, shown); got != test.want {
			t.Errorf("%s: figures %q, want %q", test.name, got, test.want)
		}
	}
}

// TestASweepIsDrawnAsLines: how long it took whatever the parameter is called, and, where the lesson asks for it, how many times as fast it was; memory over
// the sweep as well.
func TestASweepIsDrawnAsLines(t *testing.T) {
	for _, name := range []string{"workers", "size"} {
		cell := &lessons.Cell{ID: "c", Options: program.Options{
			Measure: true, Modes: []program.Mode{program.Thread, program.Process}, Sweep: &program.Sweep{Name: name, Values: []float64{1, 2}},
		}}
		memory := evidence.Measured{Unit: formula.Size, Median: 1 << 20, Low: 1 << 19, High: 1 << 21, Runs: 6, Covers: true}
		timings := []evidence.Timing{
			{Mode: program.Thread, Value: 1, Runs: 6, Wall: evidence.Summary{Median: 4 * ms, Low: 3 * ms, High: 5 * ms, Covers: true}, Memory: memory},
			{Mode: program.Process, Value: 2, Runs: 6, Wall: evidence.Summary{Median: 2 * ms}, Memory: memory},
		}
		result := &runner.Result{Machine: machine.Machine{Cores: 2}}
		lines := timesOf(cell, result, timings).(chart.Lines)
		if lines.What != chart.Cost || lines.Parameter != name || len(lines.Series) != 2 || len(lines.Values) != 2 || lines.Values[1].Text != "2" {
			t.Errorf("%s: drawn are %+v", name, lines)
		}
		of := speedupOf(cell, result, timings).(chart.Lines)
		if p := of.Series[0].Points[0]; of.What != chart.Speedup || of.Cores != 2 || p.Range != lines.Series[0].Points[0].Range || p.Speedup != (chart.Range{Median: 1, Low: 1, High: 1, Covers: true}) {
			t.Errorf("%s: of the speed-up %+v is drawn", name, of)
		}
		if p := of.Series[1].Points[1]; p.Speedup != (chart.Range{}) { // the first of this mode is not known
			t.Errorf("%s: of the speed-up %+v is drawn", name, p)
		}
		wall := chart.Point{Range: chart.Range{Median: float64(4 * ms), Low: float64(3 * ms), High: float64(5 * ms), Covers: true}, Known: true}
		if got := lines.Series[0].Points; got[0] != wall || got[1].Known || lines.Series[1].Points[0].Known || !lines.Series[1].Points[1].Known {
			t.Errorf("%s: points are %+v and %+v", name, got, lines.Series[1].Points)
		}
		drawn := memoryOf(cell, &runner.Result{}, timings).(chart.Lines)
		if drawn.What != chart.Footprint || drawn.Series[0].Points[0].Median != 1<<20 || drawn.Series[0].Points[1].Known {
			t.Errorf("%s: memory is %+v", name, drawn)
		}
		if got := memoryOf(cell, &runner.Result{}, timings[:1]); got != nil {
			t.Errorf("%s: memory is drawn where it is known of one mode alone: %+v", name, got)
		}
	}
}

// TestALaneEndsWithItsRun: a worker that was there until its run was over ends with that run, not with the longest.
func TestALaneEndsWithItsRun(t *testing.T) {
	open := []runner.Span{{Worker: "w", Asked: ms, Began: 2 * ms, Ended: -1, Joined: -1, Waits: []runner.Wait{{On: "lock 1", From: 3 * ms, To: 4 * ms}}}}
	cell := &lessons.Cell{Options: program.Options{Modes: []program.Mode{program.Thread, program.Process}}}
	drawn := timelineOf(cell, map[program.Mode]*runner.Run{
		program.Thread: {Mode: program.Thread, Wall: 50 * ms, Spans: open}, program.Process: {Mode: program.Process, Wall: 100 * ms, Spans: open, SpansCut: true},
	}).(chart.Timeline)
	want := chart.Timeline{}
	for i, mode := range cell.Options.Modes {
		end := []time.Duration{50 * ms, 100 * ms}[i]
		want.Modes = append(want.Modes, chart.Lanes{Mode: modeOf(mode), Sent: i == 1, Cut: i == 1, End: end, Workers: []chart.Worker{{
			Name: "w", Asked: ms, Began: 2 * ms, Ended: -1, Joined: -1, Over: end, Open: true, Waits: []chart.Wait{{On: "lock 1", From: 3 * ms, To: 4 * ms}},
		}}})
	}
	if !reflect.DeepEqual(drawn, want) {
		t.Errorf("drawn are %+v, want %+v", drawn, want)
	}
	if timelineOf(cell, map[program.Mode]*runner.Run{program.Thread: {}}) != nil {
		t.Error("a run without workers has a timeline")
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
	if got := howEnded(cell, shown[program.Thread]); got != (ending{"panicked", "meant", "as the lesson means to show"}) {
		t.Errorf("the thread's run %+v", got)
	}
	if got := howEnded(cell, shown[program.Process]); got != (ending{"panicked", "wrong", "not as expected"}) {
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
	code(&w, lines, cut, remarks{mark: []lessons.Lines{{First: 2, Last: 2}}})
	if !strings.Contains(string(w.Bytes()), "<code><mark>}\n</mark></code>") {
		t.Errorf("line 2 is not marked: %s", w.Bytes())
	}
}

// ten is a lesson of ten cells, of which each has its own source and results, with all the charts that there are, and what a page has beside them:
// claims, inline values, stack traces.
func ten(t testing.TB) *lessonPage {
	t.Helper()
	from := sample(t)
	fences := make(map[string][]string) // a cell's ID -> what its fence says beside it, and what is in it
	for _, l := range from.course.Lessons {
		for _, m := range regexp.MustCompile("(?s)```go {#([a-z]+)([^\n]*)}\n(.*?)```").FindAllStringSubmatch(string(l.Source), -1) {
			fences[m[1]] = m[2:]
		}
	}
	results := make(map[string]runner.Result)
	for _, r := range sampleResults() {
		results[r.ID[strings.IndexByte(r.ID, '/')+1:]] = r
	}
	var markdown strings.Builder
	var copies []runner.Result
	markdown.WriteString("# Ten\n\n")
	for i, id := range []string{"sleepers", "grow", "crash", "luck", "sleepers", "grow", "crash", "luck", "sleepers", "grow"} {
		name := fmt.Sprint(id, i)
		fmt.Fprintf(&markdown, "## Part %d\n\n```go {#%s%s}\n%s```\n\n", i, name, fences[id][0], fences[id][1])
		switch id {
		case "sleepers":
			fmt.Fprintf(&markdown, "It took `= %s.thread.wall`.\n\n```claim\nid: claim%d\nsays: Threads are faster.\nholds-when: %s.thread.wall < %s.serial.wall\nleast: 1.15\nbecause: They *wait*.\n```\n\n", name, i, name, name)
		case "grow":
			fmt.Fprintf(&markdown, "It is `= scaling(%s.thread)` times as fast.\n\n", name)
		}
		r := results[id]
		r.ID = "ten/" + name
		copies = append(copies, r)
	}
	course, err := lessons.Load(fstest.MapFS{"01-ten.md": {Data: []byte(markdown.String())}}, nil)
	if err != nil || len(course.Problems) > 0 {
		t.Fatal(err, course.Problems)
	}
	return New(course, copies, evidence.Judge(course, copies)).pages[0]
}

// BenchmarkRenderPage draws a lesson of ten cells with all charts.
func BenchmarkRenderPage(b *testing.B) {
	p := ten(b)
	for b.Loop() {
		if _, err := p.draw(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTheBenchmarkDrawsAllCharts: else it is fast for no reason.
func TestTheBenchmarkDrawsAllCharts(t *testing.T) {
	data, err := ten(t).draw()
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for want, times := range map[string]int{`class="cell"`: 10, `-time-title"`: 6, `-timeline-title"`: 5, `-memory-title"`: 3, `-outcomes-title"`: 2, `class="claim `: 3, `class="val`: 6} {
		if got := strings.Count(page, want); got < times {
			t.Errorf("%s is there %d times, want %d", want, got, times)
		}
	}
}

func TestSlotsAreWhatAProgramMayUse(t *testing.T) {
	for _, test := range []struct {
		procs   int
		machine machine.Machine
		want    int
	}{
		{0, machine.Machine{Cores: 8}, 8},
		{0, machine.Machine{Cores: 8, Quota: 1.5}, 2},
		{0, machine.Machine{Cores: 2, Quota: 4}, 2},
		{1, machine.Machine{Cores: 8}, 1},
		{4, machine.Machine{Cores: 2}, 2},
		{0, machine.Machine{}, 0},
	} {
		cell := &lessons.Cell{Options: program.Options{Procs: test.procs}}
		if got := slots(cell, &runner.Result{Machine: test.machine}); got != test.want {
			t.Errorf("procs=%d on %+v: %d, want %d", test.procs, test.machine, got, test.want)
		}
	}
}
