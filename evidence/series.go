package evidence

import (
	"slices"
	"strings"

	"course/formula"
	"course/lessons"
	"course/program"
	"course/runner"
	"course/stats"
)

// A basis is what is to be weighed: the results of a course, by the IDs of their programs.
type basis struct {
	lesson   string // that whose readers are told: its cells are named without it
	scope    formula.Course
	results  map[string]*runner.Result
	measured map[formula.Series]Measured // those that were asked for
}

func newBasis(course *lessons.Course, results []runner.Result) *basis {
	b := &basis{scope: course.Scope(), results: make(map[string]*runner.Result, len(results)), measured: make(map[formula.Series]Measured)}
	for i := range results {
		b.results[results[i].ID] = &results[i]
	}
	return b
}

// in returns b for what stands in a lesson.
func (b *basis) in(lesson string) *basis {
	of := *b
	of.lesson = lesson
	return &of
}

// measure returns what the results tell of s, whose Runs is 0 where they tell nothing.
func (b *basis) measure(s formula.Series) Measured {
	m, ok := b.measured[s]
	if !ok {
		m = Measured{Series: s, Unit: s.Unit()}
		if r := b.results[s.Program]; r != nil {
			o, _ := b.scope.Options(s.Program)
			m = measure(*r, o, s)
		}
		b.measured[s] = m
	}
	return m
}

// measure returns what a result of a program with options o tells of s.
func measure(r runner.Result, o program.Options, s formula.Series) Measured {
	m := Measured{Series: s, Unit: s.Unit()}
	if s.Is != "" || s.Has != "" {
		c := tell(r, o, s.Point, testOf(o.Vary, s))
		if m.Runs = c.runs(); m.Runs > 0 {
			m.Median, m.Low, m.High = share(c)
			m.Covers = m.Runs >= stats.LeastRuns
		}
	} else {
		runs := runsAt(r, s.Point, o.Expect[s.Point.Mode])
		m = sample(s, runs)
		if len(runs) > 0 {
			m.Outcome, m.Others = runs[0].Outcome, endedOtherwise(r, runs[0])
		}
	}
	if m.Runs == 0 {
		return m
	}
	m.of(r)
	return m
}

// of adds to m the result from which it is.
func (m *Measured) of(r runner.Result) {
	m.Recorded, m.Machine, m.Taken = r.Recorded, r.Machine, r.Taken
	if isTimed(m.Series) {
		m.Noise = r.Noise[m.Series.Point]
	}
}

// isTimed reports whether a series depends on when runs were made and who disturbed them: all but how much memory they took, how they ended, and what they printed.
func isTimed(s formula.Series) bool {
	return s.Metric != "memory" && s.Metric != "exit" && s.Metric != "output"
}

// sample returns the median of a metric of runs, those to see the memory among them.
func sample(s formula.Series, runs []*runner.Run) Measured {
	m := Measured{Series: s, Unit: s.Unit()}
	var values []float64
	for _, run := range runs {
		if (run.Purpose == runner.Weighing) != (s.Metric == "memory") {
			continue
		}
		if v, ok := metricOf(run, s.Metric); ok {
			values = append(values, v)
			m.AtLeast = m.AtLeast || run.Memory != nil && !run.Memory.Sure()
		}
	}
	i := stats.Median(values)
	m.Median, m.Low, m.High, m.Covers, m.Runs = i.Median, i.Low, i.High, i.Covers, len(values)
	return m
}

// runsAt returns the runs at a point that tell of a metric, those that ended as most of the expected ones did; of ways that are as frequent, in that which
// the lesson names first. There are none where how they ended is not expected: how long a mishap took is no answer.
func runsAt(r runner.Result, at program.Point, expected program.Outcomes) []*runner.Run {
	if len(expected) == 0 {
		expected = program.Outcomes{{}}
	}
	return alike(r, at, expected)
}

// alike returns the counted runs at a point, and those to see the memory, that ended in the most frequent of these ways: of several in the first.
func alike(r runner.Result, at program.Point, ways program.Outcomes) (runs []*runner.Run) {
	times := make(map[program.Outcome]int)
	for i := range r.Runs {
		if run := &r.Runs[i]; run.Point() == at && run.Purpose == runner.Counted {
			times[run.Outcome] += max(run.Times, 1)
		}
	}
	var most program.Outcome
	often := 0
	for _, way := range ways {
		if n := times[way]; n > often {
			most, often = way, n
		}
	}
	if often == 0 {
		return nil
	}
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Point() == at && run.Outcome == most && (run.Purpose == runner.Counted || run.Purpose == runner.Weighing) {
			runs = append(runs, run)
		}
	}
	return runs
}

// endings returns the ways in which counted runs at a point ended, in the order in which they were met.
func endings(r runner.Result, at program.Point) (ways program.Outcomes) {
	for _, run := range r.Runs {
		if run.Point() == at && run.Purpose == runner.Counted && !slices.Contains(ways, run.Outcome) {
			ways = append(ways, run.Outcome)
		}
	}
	return ways
}

// endedOtherwise returns how many counted runs ended in another way than one at the same point.
func endedOtherwise(r runner.Result, one *runner.Run) (n int) {
	for _, run := range r.Runs {
		if run.Point() == one.Point() && run.Purpose == runner.Counted && run.Outcome != one.Outcome {
			n += max(run.Times, 1)
		}
	}
	return n
}

// metricOf returns what a run tells of a metric, in the unit of formula.Metrics; false where it tells nothing.
func metricOf(run *runner.Run, metric string) (value float64, ok bool) {
	switch metric {
	case "wall":
		return float64(run.Wall), true
	case "user":
		return float64(run.User), true
	case "system":
		return float64(run.System), true
	case "cpu":
		return float64(run.User + run.System), true
	case "memory":
		if m := run.Memory; m != nil {
			return float64(m.PSS + m.PageTables + m.Stacks), true
		}
	case "switches":
		u := run.Usage
		return float64(u.Voluntary + u.Involuntary), u.Voluntary+u.Involuntary+u.MinorFaults > 0 // else the system does not count
	case "startup":
		if run.Startup != nil {
			return float64(*run.Startup), true
		}
	case "overlap":
		if run.Overlap != nil {
			return *run.Overlap, true
		}
	}
	return 0, false
}

// A count is in how many runs something is true: of those of which only their number is kept it is not known.
type count struct{ yes, no, unknown int }

func (c count) runs() int { return c.yes + c.no + c.unknown }

// share returns the share of runs in which something is true, with its interval.
func share(c count) (value, low, high float64) {
	low, _ = stats.Share(c.yes, c.runs())
	_, high = stats.Share(c.yes+c.unknown, c.runs())
	return float64(c.yes) / float64(c.runs()), low, high
}

// tell counts in how many of all counted runs at a point test is true.
func tell(r runner.Result, o program.Options, at program.Point, test func(outcome program.Outcome, printed string) bool) (c count) {
	first := ""
	for i := range r.Runs {
		run := &r.Runs[i]
		if run.Point() != at || run.Purpose != runner.Counted {
			continue
		}
		printed := first // which stands for those that printed the same
		if !run.Same {
			printed = printedBy(run, o.Vary)
		}
		if c.runs() == 0 {
			first = printed
		}
		if test(run.Outcome, printed) {
			c.yes += max(run.Times, 1)
		} else {
			c.no += max(run.Times, 1)
		}
	}
	c.unknown = max(r.Others[at], 0)
	return c
}

// testOf returns whether a run ended, or printed, as s.Is or s.Has says.
func testOf(vary program.Vary, s formula.Series) func(outcome program.Outcome, printed string) bool {
	is, has := canonical(s.Is, vary), strings.TrimSpace(s.Has)
	switch {
	case s.Metric == "exit":
		return func(outcome program.Outcome, _ string) bool { return outcome.Name() == s.Is }
	case s.Has != "":
		if masked := vary.Masker(); len(vary.Masks) > 0 {
			has = masked(has)
		}
		return func(_ program.Outcome, printed string) bool { return strings.Contains(printed, has) }
	}
	return func(_ program.Outcome, printed string) bool { return printed == is }
}

// printedBy returns what a run printed on standard output, but for what may vary.
func printedBy(run *runner.Run, vary program.Vary) string {
	var lines []string
	for _, line := range run.Output.Lines {
		if !line.Stderr {
			lines = append(lines, line.Text)
		}
	}
	return canonical(strings.Join(lines, "\n"), vary)
}

// canonical returns output as it is compared: with surrounding space of the whole and of each line's end removed, as program.Output has it, and but for what may vary.
func canonical(output string, vary program.Vary) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	return strings.Join(vary.Lines(lines), "\n")
}
