package runner

import (
	"slices"
	"testing"
	"time"

	"course/program"
)

// TestOverlapIsOfTheTimeAtWork: waiting for a lock is no work, and a worker that was not seen to end worked to the end of the run.
func TestOverlapIsOfTheTimeAtWork(t *testing.T) {
	span := func(began, ended time.Duration, waits ...Wait) Span {
		return Span{Asked: max(began-2*ms, 0), Began: began, Ended: ended, Joined: -1, Waits: waits}
	}
	for name, test := range map[string]struct {
		spans []Span
		want  float64
		known bool
	}{
		"none":               {nil, 0, false},
		"one":                {[]Span{span(0, 10*ms)}, 0, true},
		"after each other":   {[]Span{span(0, 10*ms), span(10*ms, 20*ms)}, 0, true},
		"at once":            {[]Span{span(0, 10*ms), span(0, 10*ms)}, 1, true},
		"half":               {[]Span{span(0, 10*ms), span(5*ms, 10*ms)}, 0.5, true},
		"three":              {[]Span{span(0, 10*ms), span(0, 10*ms), span(5*ms, 20*ms)}, 0.5, true},
		"a wait":             {[]Span{span(0, 20*ms, Wait{From: 5 * ms, To: 15 * ms}), span(0, 20*ms)}, 0.5, true},
		"both wait":          {[]Span{span(0, 20*ms, Wait{From: 5 * ms, To: 15 * ms}), span(0, 20*ms, Wait{From: 5 * ms, To: 20 * ms})}, 0.5, true},
		"never began":        {[]Span{span(0, 10*ms), {Began: -1, Ended: -1}}, 0, true},
		"never seen to end":  {[]Span{span(0, 20*ms), span(10*ms, -1)}, 0.25, true}, // the run took 40 ms
		"not all was told":   {[]Span{span(0, 20*ms), {Began: 0, Ended: 20 * ms, MoreWaits: 1}}, 0, false},
		"all that they wait": {[]Span{span(0, 20*ms, Wait{From: 0, To: 20 * ms})}, 0, false},
	} {
		got := Run{Mode: program.Thread, Wall: 40 * ms, Spans: test.spans}.overlap()
		if (got != nil) != test.known || got != nil && *got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if got := (Run{Wall: 40 * ms, Spans: []Span{span(0, 10*ms)}, SpansCut: true}).overlap(); got != nil {
		t.Errorf("where not all is there it is %v", *got)
	}
}

// TestStartupIsThatOfTheMiddleWorker, from being asked for until its function was called.
func TestStartupIsThatOfTheMiddleWorker(t *testing.T) {
	r := Run{Spans: []Span{{Asked: unknown, Began: 900 * ms}, {Asked: unknown, Began: 900 * ms}, {Asked: ms, Began: 10 * ms}, {Asked: ms, Began: 2 * ms}, {Asked: 2 * ms, Began: 4 * ms}, {Asked: ms, Began: unknown}}}
	if got := r.startup(); got == nil || *got != 2*ms {
		t.Errorf("it is %v", got)
	}
	r.Spans = r.Spans[5:]
	if got := r.startup(); got != nil {
		t.Errorf("where none began it is %v", *got)
	}
}

// TestWhatWorkersDidIsKeptWhereItIsDrawn: of the first run that counts at each point, and of one that did not end as expected; each has its numbers.
func TestWhatWorkersDidIsKeptWhereItIsDrawn(t *testing.T) {
	died := program.Outcome{Kind: program.Panicked}
	for name, test := range map[string]struct {
		options program.Options
		outcome func(n int) program.Outcome
		want    []bool // of the runs of a mode
	}{
		"measured":  {program.Options{Measure: true, Repeat: 3}, func(int) program.Outcome { return program.Outcome{} }, []bool{false, true, false, false}}, // the first to warm up
		"it died":   {program.Options{Measure: true, Repeat: 3}, func(n int) program.Outcome { return map[int]program.Outcome{2: died}[n] }, []bool{false, true, true}},
		"varies":    {program.Options{Repeat: 4, Vary: program.Vary{Outcome: true}, Expect: eitherWay(died)}, func(n int) program.Outcome { return map[int]program.Outcome{1: died}[n] }, []bool{true, false}},
		"only once": {program.Options{}, func(int) program.Outcome { return program.Outcome{} }, []bool{true}},
	} {
		test.options.Modes = twoModes
		trial := tried(test.options, Budget{}, func(mode program.Mode, n int) Run {
			return Run{Wall: ms, Outcome: test.outcome(n), Spans: []Span{{Mode: mode, Began: ms}}, Startup: new(ms)}
		})
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		for _, mode := range twoModes {
			var got []bool
			for _, run := range trial.runs {
				if run.Mode != mode {
					continue
				}
				got = append(got, len(run.Spans) > 0)
				if run.Startup == nil {
					t.Errorf("%s: of a %s run no start-up is known", name, run.Purpose)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%s as %s: kept %v, want %v", name, mode, got, test.want)
			}
		}
	}
}

// eitherWay expects a program to end well, or with o.
func eitherWay(o program.Outcome) map[program.Mode]program.Outcomes {
	return map[program.Mode]program.Outcomes{program.Thread: {{}, o}, program.Process: {{}, o}}
}
