package evidence

import (
	"slices"

	"course/program"
	"course/runner"
)

// A Tally is how the runs of a program whose outcome varies went at one point.
type Tally struct {
	Mode   program.Mode
	Value  float64 // of the sweep; 0 where there is none
	Runs   int     // how many there were
	Ways   []Way   // the most frequent first, and of equal ones that which came first
	Others int     // runs that went in yet other ways, of which none is kept
}

// A Way is what runs of a program have in common that ended and printed the same.
type Way struct {
	Times int         // how many there were
	First *runner.Run // the first of them
}

// Tallies counts the outcomes at each point, in the order that Timings have. Of a result of a program whose
// outcome does not vary there are none.
func Tallies(result runner.Result) []Tally {
	var all []Tally
	for _, at := range points(result) {
		t := Tally{Mode: at.Mode, Value: at.Value, Others: max(result.Others[at], 0)}
		t.Runs = t.Others
		for i := range result.Runs {
			if run := &result.Runs[i]; run.Point() == at && run.Times > 0 {
				t.Runs += run.Times
				t.Ways = append(t.Ways, Way{Times: run.Times, First: run})
			}
		}
		if len(t.Ways) == 0 {
			continue
		}
		slices.SortStableFunc(t.Ways, func(a, b Way) int { return b.Times - a.Times })
		all = append(all, t)
	}
	return all
}
