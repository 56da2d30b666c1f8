package site

import (
	"strings"
	"testing"

	"course/evidence"
	"course/formula"
	"course/lessons"
	"course/program"
)

// TestWhatIsSaidOfAComparison is the golden table of sentences: facts, whatever the verdict is, but for what falls short of what was claimed.
func TestWhatIsSaidOfAComparison(t *testing.T) {
	s := &Site{cells: map[string]*lessons.Cell{"here/grow": {Options: spoken{}.grow()}}}
	const us, msec, mib = 1e3, 1e6, 1 << 20
	ratio := func(text string, left, right, width float64) evidence.Comparison {
		effect := left / right
		if strings.Contains(text, "<") {
			effect = right / left
		}
		return compared(t, "here", text, formula.Number, effect, effect-width/2, effect+width/2)
	}
	constant := func(text string, unit formula.Unit, effect, width float64) evidence.Comparison {
		return compared(t, "here", text, unit, effect, effect-width/2, effect+width/2)
	}
	short := func(c evidence.Comparison) evidence.Comparison {
		c.Verdict, c.Threshold = lessons.DoesNotHold, 1.3
		return c
	}
	share := func(text string, unit formula.Unit, effect float64, runs int) evidence.Comparison {
		c := compared(t, "here", text, unit, effect, effect, effect)
		c.Runs = runs
		return c
	}
	for _, test := range []struct {
		comparison evidence.Comparison
		want       string
	}{
		{ratio("a.process.wall < a.thread.wall", 44*msec, 41.2*msec, .05), "Processes took 1.07 times as long as threads."},
		{ratio("a.thread.wall < a.process.wall", 41.2*msec, 44*msec, .05), "Processes took 1.07 times as long as threads."},
		{ratio("a.process.wall > a.thread.wall", 44*msec, 41.2*msec, .05), "Processes took 1.07 times as long as threads."},
		{short(ratio("a.process.wall > a.thread.wall", 44*msec, 41.2*msec, .05)), "Processes took 1.07 times as long as threads, which is less than the 1.3 times that would count."},
		{short(ratio("a.process.wall < a.thread.wall", 44*msec, 41.2*msec, .05)), "Processes took 1.07 times as long as threads."},
		{short(ratio("a.process.wall != a.thread.wall", 44*msec, 41.2*msec, .05)), "Processes took 1.07 times as long as threads."},
		{ratio("a.thread.wall<a.process.wall", 10*msec, 400*msec, 5), "Processes took 40 times as long as threads."},
		{ratio("a.thread.wall < a.serial.wall", 41*msec, 163*msec, .4), "Serial work took 4.0 times as long as threads."},
		{ratio("a.thread.wall == a.process.wall", 41*msec, 41.1*msec, .04), "Processes took as long as threads, to within 3 %."},
		{ratio("a.thread.wall != a.process.wall", 41*msec, 80*msec, .04), "Processes took 1.95 times as long as threads."},
		{ratio("a.thread.cpu < b.thread.cpu", 2*msec, 4*msec, .04), "Cell b took 2.00 times as much processor time as cell a."},
		{ratio("other/a.thread.user < b.process.user", 2*msec, 4*msec, .04), "Cell b as processes took 2.00 times as much user time as cell a as threads."},
		{ratio("a.plain.system < b.plain.system", 2*msec, 4*msec, .04), "Cell b took 2.00 times as much system time as cell a."},
		{ratio("a.thread.memory < a.process.memory", 4*mib, 12*mib, .05), "Processes took 3.00 times as much memory as threads."},
		{ratio("a.thread.switches < a.process.switches", 40, 120, .05), "Processes had 3.00 times as many context switches as threads."},
		{ratio("a.thread.startup < a.process.startup", 40*us, 1200*us, 2), "Processes took 30 times as long to start as threads."},
		{ratio("a.goroutine.overlap > a.thread.overlap", .9, .3, .1), "Goroutines ran at once for 3.00 times as large a share of the time as threads."},
		{ratio("grow.thread.wall[4] < grow.thread.wall[1]", 10*msec, 40*msec, .05), "Threads took 4.00 times as long at workers = 1 as at workers = 4."},
		{ratio("ratio(a.process.wall, a.thread.wall) >= 1.5", 80*msec, 40*msec, .02), "Processes took 2.00 times as long as threads."},
		{ratio("a.process.wall + 2*ms < a.thread.wall", 44*msec, 41*msec, .05), "The ratio is 0.93."},
		{ratio("a.process.cpu < a.thread.wall", 44*msec, 41*msec, .05), "The ratio is 0.93."},
		{constant("a.thread.startup < 200*us", formula.Time, 41*us, us/2), "Threads took 41.0 µs to start."},
		{constant("200*us > a.thread.startup", formula.Time, 41*us, 20*us), "Threads took 41 µs to start."},
		{constant("a.plain.wall < 2*s", formula.Time, 41*msec, msec/2), "The program took 41.0 ms."},
		{constant("a.process.cpu < 2*s", formula.Time, 41*msec, msec/2), "Processes took 41.0 ms of processor time."},
		{constant("a.process.memory < 2*MiB", formula.Size, 12*mib, mib), "Processes took 12.0 MiB of memory."},
		{constant("a.process.switches > 2", formula.Number, 12, 2), "Processes had 12 context switches."},
		{constant("a.process.overlap > 0.5", formula.Number, .634, .02), "Processes ran at once for 63 % of the time."},
		{constant("a.thread.cpu / a.thread.wall > 0.5", formula.Number, .072, .02), "With threads, a processor was at work for 7 % of the time."},
		{constant("a.plain.cpu / a.plain.wall > 1.3", formula.Number, 1.84, .2), "1.8 processors were at work, on average."},
		{constant("a.process.cpu / a.process.wall < 1.2", formula.Number, .97, .2), "With processes, 0.97 processors were at work, on average."},
		{ratio("a.process.cpu / a.process.wall > a.thread.cpu / a.thread.wall", 1.7, 1, .2), "Processes kept 1.7 times as many processors at work as threads."},
		{ratio("a.process.cpu / a.process.wall < a.thread.cpu / a.thread.wall", 1.7, 1, .05), "Processes kept 1.7 times as many processors at work as threads."},
		{ratio("a.process.cpu / b.process.wall > a.thread.cpu / a.thread.wall", 1.7, 1, .2), "The ratio is 1.7."},
		{constant("speedup(a.thread) >= 1.5", formula.Number, 1.934, .02), "With threads it was 1.93 times as fast as one after another."},
		{constant("scaling(grow.process, 1, 4) > 3", formula.Number, 3.6, .5), "With processes it was 3.6 times as fast at workers = 4 as at workers = 1."},
		{constant("scaling(grow.process) > 3", formula.Number, 3.6, .5), "With processes it was 3.6 times as fast at workers = 16 as at workers = 1."},
		{constant("a.serial.wall / a.thread.wall >= 1.5", formula.Number, 1.934, .02), "With threads it was 1.93 times as fast as one after another."},
		{constant("a.plain.wall / b.plain.wall > 2", formula.Number, 4, .04), "Cell a took 4.00 times as long as cell b."},
		{constant("a.serial.cpu / a.thread.cpu < 0.9", formula.Number, .5, .02), "Threads took 2.00 times as much processor time as serial work."},
		{constant("a.thread.wall - a.process.wall < 0.5*s", formula.Time, -3*msec, msec), "It came to -3.0 ms."},
		{constant("a.thread.wall == 41*ms", formula.Number, 1.02, .02), "The ratio is 1.02."},
		{constant("slope(grow.process.wall) > 3*ms", formula.Time, 3.6*msec, .5*msec), "With processes, wall time grew by 3.6 ms with each unit of workers."},
		{ratio("slope(grow.process.memory) > slope(grow.thread.memory)", 21, 1, 2), "Over workers, memory grew 21 times as much with processes as with threads."},
		{ratio("slope(grow.process.memory) < slope(grow.thread.memory)", 21, 1, .01), "Over workers, memory grew 21 times as much with processes as with threads."},
		{share("crash.thread.exit == panic", formula.Ending, 1, 9), "With threads, all 9 runs panicked."},
		{share(`crash.thread.exit == "exit=3"`, formula.Ending, 0, 9), "With threads, none of 9 runs exited with status 3."},
		{share("crash.process.exit != panic", formula.Ending, 1, 9), "With processes, none of 9 runs panicked."},
		{share("crash.plain.exit == ok", formula.Ending, 1, 1), "The one run ended well."},
		{share("crash.plain.exit == ok", formula.Ending, 4.0/9, 9), "4 of 9 runs ended well."},
		{share(`a.thread.output contains "2"`, formula.Text, 1, 9), "With threads, all 9 runs printed “2” among other things."},
		{share(`a.thread.output == "2"`, formula.Text, 1, 9), "With threads, all 9 runs printed “2”."},
		{share("share(lost.thread.exit == panic) > 0.1", formula.Number, .35, 100), "With threads, 35 % of 100 runs panicked."},
		{share("share(lost.thread.exit != ok) > 0.1", formula.Number, .35, 100), "With threads, 65 % of 100 runs ended well."},
		{share("share(not (lost.thread.exit == panic)) > 0.1", formula.Number, .35, 100), "With threads, 65 % of 100 runs panicked."},
		{share(`share(lost.process.output contains "lost") < 0.1`, formula.Number, .004, 1000), "With processes, < 1 % of 1000 runs printed “lost” among other things."},
		{evidence.Comparison{Text: "a.thread.wall < 2*s"}, ""},
	} {
		if got := s.comparisonSentence(test.comparison); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.comparison.Text, got, test.want)
		}
	}
}

// spoken is a course with those cells of which claims in tests speak; each runs in every mode, which no real one does.
type spoken struct{}

func (spoken) Lessons() []string { return []string{"claims", "here", "other"} }

func (spoken) Cells(string) []string { return []string{"a", "b", "crash", "grow", "lost", "sleepers"} }

func (s spoken) Options(id string) (program.Options, bool) {
	o := s.grow()
	if !strings.HasSuffix(id, "/grow") {
		o.Sweep = nil
	}
	return o, true
}

func (spoken) grow() program.Options {
	return program.Options{Modes: append(program.Modes(), program.Plain), Sweep: &program.Sweep{Name: "workers", Values: []float64{1, 4, 16}}}
}

// compared returns a comparison as it is written in a lesson, with an effect of nine runs as it would have been measured.
func compared(t testing.TB, lesson, text string, unit formula.Unit, effect, low, high float64) evidence.Comparison {
	t.Helper()
	parsed, wrong := formula.Parse(text, lesson)
	if len(wrong) > 0 {
		t.Fatalf("%s: %v", text, wrong)
	}
	bound, wrong := parsed.Bind(spoken{})
	if len(wrong) > 0 {
		t.Fatalf("%s: %v", text, wrong)
	}
	is := bound.Condition()
	c := evidence.Comparison{
		Text: text, Left: is.Left, Right: is.Right, Op: is.Op, Unit: unit, Ratio: is.NeedsLeast(), Counted: is.Left.Unit() == formula.Ending || is.Left.Unit() == formula.Text,
		Effect: effect, Low: low, High: high, Known: true, Runs: 9,
	}
	if !is.Left.Measured() { // as Judge has it
		c.Left, c.Right = is.Right, is.Left
	}
	return c
}

// TestWhatIsSaidOfTheSameRunsIsOneSentence: two things that all of them did are not told as if others had done the second.
func TestWhatIsSaidOfTheSameRunsIsOneSentence(t *testing.T) {
	all := func(text string, unit formula.Unit) evidence.Comparison {
		return compared(t, "here", text, unit, 1, 1, 1)
	}
	exit, print := all("a.process.exit == ok", formula.Ending), all(`a.process.output contains "12"`, formula.Text)
	for want, of := range map[string][]evidence.Comparison{
		"With processes, all 9 runs ended well and printed “12” among other things.":      {exit, print},
		"With processes, all 9 runs ended well. With threads, all 9 runs panicked.":       {exit, all("a.thread.exit == panic", formula.Ending)},
		"With processes, all 9 runs ended well. With processes, 3 of 9 runs printed “3”.": {exit, compared(t, "here", `a.process.output == "3"`, formula.Text, 3./9, 0, 1)},
	} {
		if _, got := new(Site).verdictSentence(&evidence.Judgment{Verdict: lessons.Holds, Comparisons: of}); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestPartsAreCounted by what came of each of them: why is told where they stand.
func TestPartsAreCounted(t *testing.T) {
	const yes, no, partly, open, never = lessons.Holds, lessons.DoesNotHold, lessons.Partly, lessons.Undecided, lessons.NotJudged
	for want, parts := range map[string][]lessons.Verdict{
		"":                                 {yes},
		"Both parts hold.":                 {yes, yes},
		"All 3 parts hold.":                {yes, yes, yes},
		"Neither part holds.":              {no, no},
		"None of its 4 parts holds.":       {no, no, no, no},
		"Both parts are undecided.":        {open, open},
		"All 3 parts are not judged here.": {never, never, never},
		"1 of its 3 parts holds, 2 are undecided.":                                       {open, yes, open},
		"One part holds, the other does not hold.":                                       {no, yes},
		"One part holds in part, the other is undecided.":                                {open, partly},
		"2 of its 5 parts hold, 1 holds in part, 1 does not hold, 1 is not judged here.": {yes, partly, no, yes, never},
		"2 of its 3 parts do not hold, 1 is undecided.":                                  {no, open, no},
	} {
		var all []*evidence.Judgment
		for _, v := range parts {
			all = append(all, &evidence.Judgment{Verdict: v, Why: "a reason"})
		}
		if got := partsSentence(all); got != want {
			t.Errorf("%q: %q, want %q", parts, got, want)
		}
		whole := &evidence.Judgment{Verdict: open, Parts: all}
		if _, got := new(Site).verdictSentence(whole); got != want {
			t.Errorf("%q: of the whole %q", parts, got)
		}
	}
}
