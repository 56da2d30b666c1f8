package evidence_test

import (
	"testing"
	"time"

	"course/evidence"
	"course/program"
	"course/runner"
)

// TestOverlapIsOfTheTimeAtWork: waiting for a lock is no work, and a worker that was not seen to end worked to the end of the run.
func TestOverlapIsOfTheTimeAtWork(t *testing.T) {
	span := func(began, ended time.Duration, waits ...runner.Wait) runner.Span {
		return runner.Span{Asked: max(began-2*ms, 0), Began: began, Ended: ended, Joined: -1, Waits: waits}
	}
	for name, test := range map[string]struct {
		spans []runner.Span
		want  float64
		known bool
	}{
		"none":               {nil, 0, false},
		"one":                {[]runner.Span{span(0, 10*ms)}, 0, true},
		"after each other":   {[]runner.Span{span(0, 10*ms), span(10*ms, 20*ms)}, 0, true},
		"at once":            {[]runner.Span{span(0, 10*ms), span(0, 10*ms)}, 1, true},
		"half":               {[]runner.Span{span(0, 10*ms), span(5*ms, 10*ms)}, 0.5, true},
		"three":              {[]runner.Span{span(0, 10*ms), span(0, 10*ms), span(5*ms, 20*ms)}, 0.5, true},
		"a wait":             {[]runner.Span{span(0, 20*ms, runner.Wait{From: 5 * ms, To: 15 * ms}), span(0, 20*ms)}, 0.5, true},
		"both wait":          {[]runner.Span{span(0, 20*ms, runner.Wait{From: 5 * ms, To: 15 * ms}), span(0, 20*ms, runner.Wait{From: 5 * ms, To: 20 * ms})}, 0.5, true},
		"never began":        {[]runner.Span{span(0, 10*ms), {Began: -1, Ended: -1}}, 0, true},
		"never seen to end":  {[]runner.Span{span(0, 20*ms), span(10*ms, -1)}, 0.25, true}, // the run took 40 ms
		"not all was told":   {[]runner.Span{span(0, 20*ms), {Began: 0, Ended: 20 * ms, MoreWaits: 1}}, 0, false},
		"all that they wait": {[]runner.Span{span(0, 20*ms, runner.Wait{From: 0, To: 20 * ms})}, 0, false},
	} {
		timings := evidence.Timings(runner.Result{ID: "start/sum", Runs: []runner.Run{{Mode: program.Thread, Wall: 40 * ms, Spans: test.spans}}})
		if got := timings[0].Overlap; got.Median != test.want || (got.Runs == 1) != test.known {
			t.Errorf("%s: %v of %d runs, want %v", name, got.Median, got.Runs, test.want)
		}
	}
}

// TestStartupIsThatOfTheMiddleWorker, from being asked for until its function was called, and of runs the median of these.
func TestStartupIsThatOfTheMiddleWorker(t *testing.T) {
	run := func(took ...time.Duration) runner.Run {
		r := runner.Run{Mode: program.Thread, Usage: runner.Usage{Voluntary: 3, Involuntary: 4}}
		for _, d := range took {
			r.Spans = append(r.Spans, runner.Span{Asked: ms, Began: ms + d})
		}
		return r
	}
	timing := evidence.Timings(runner.Result{Runs: []runner.Run{run(1*ms, 2*ms, 9*ms), run(4 * ms), run(6*ms, 5*ms, 7*ms), run()}})[0]
	if got := timing.Startup; got.Median != float64(4*ms) || got.Runs != 3 {
		t.Errorf("startup is %v of %d runs", time.Duration(got.Median), got.Runs)
	}
	if got := timing.Switches; got.Median != 7 || got.Runs != 4 {
		t.Errorf("switches are %v of %d runs", got.Median, got.Runs)
	}
}
