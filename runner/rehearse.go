package runner

import (
	"time"

	"course/program"
)

// Rehearse returns the result of a program with options o whose runs take as long as took says, and were disturbed by what it says, if by anything; it is asked for each in the order in which they
// are made. All that decides how many there are, and what is noise, is what decides it of real runs: so what is made of results can be tried under simulation.
func Rehearse(o program.Options, budget Budget, took func(at program.Point) (wall time.Duration, disturbed string)) Result {
	t := newTrial(program.Program{ID: "simulated/cell", Options: o}, budget)
	t.runs = make([]Run, 0, len(o.Points())*(mostRuns+2)) // with the warm-up, and the one that is weighed
	var now time.Duration
	t.clock = func() time.Duration { return now }
	t.weighing = true
	t.execute = func(at program.Point, _ Purpose, _ int) (Run, observed, error) {
		run := Run{Mode: at.Mode, Value: at.Value}
		run.Wall, run.Disturbed = took(at)
		now += run.Wall
		return run, observed{}, nil
	}
	_ = t.perform() // no error: nothing is executed
	result := Result{ID: t.program.ID, Runs: t.runs, Rule: t.rule, Stopped: t.stopped, Others: t.others}
	if o.Measure {
		result.Noise = noise(o.Points(), t.runs)
	}
	return result
}
