package evidence_test

import (
	"testing"
	"time"

	"course/evidence"
	"course/program"
	"course/runner"
)

// TestStartupAndOverlapAreThoseOfTheRunsThatTell: of such runs the median; one in which it is not known counts for nothing, and 0 is known.
func TestStartupAndOverlapAreThoseOfTheRunsThatTell(t *testing.T) {
	run := func(startup time.Duration, overlap float64) runner.Run {
		return runner.Run{Mode: program.Thread, Startup: &startup, Overlap: &overlap, Usage: runner.Usage{Voluntary: 3, Involuntary: 4}}
	}
	silent := runner.Run{Mode: program.Thread, Usage: runner.Usage{Voluntary: 3, Involuntary: 4}}
	timing := evidence.Timings(runner.Result{Runs: []runner.Run{run(2*ms, 0), silent, run(4*ms, 0.25), run(6*ms, 1)}})[0]
	if got := timing.Startup; got.Median != float64(4*ms) || got.Runs != 3 {
		t.Errorf("startup is %v of %d runs", time.Duration(got.Median), got.Runs)
	}
	if got := timing.Overlap; got.Median != 0.25 || got.Runs != 3 {
		t.Errorf("overlap is %v of %d runs", got.Median, got.Runs)
	}
	if got := timing.Switches; got.Median != 7 || got.Runs != 4 {
		t.Errorf("switches are %v of %d runs", got.Median, got.Runs)
	}
}
