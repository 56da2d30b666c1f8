package runner

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/stats"
)

func TestTheRuleEndsTheRuns(t *testing.T) {
	measured := program.Options{Modes: twoModes, Measure: true}
	thrice, often := measured, measured
	thrice.Repeat, often.Repeat = 3, 20
	varies := program.Options{Modes: twoModes, Vary: program.Vary{Outcome: true}}
	variesOften := varies
	variesOften.Repeat = 1000
	oneIsRestless := func(mode program.Mode, n int) Run {
		if mode == program.Thread {
			return steady(10*ms)(mode, n)
		}
		return restless(10*ms)(mode, n)
	}
	for name, test := range map[string]struct {
		options program.Options
		budget  Budget
		hurried bool
		run     func(program.Mode, int) Run
		want    Stopped
		counted int // in each mode
	}{
		"narrow at once":                  {measured, Budget{}, false, steady(100 * ms), StoppedNarrow, 6},
		"narrow is every mode":            {measured, Budget{}, false, oneIsRestless, StoppedCount, 50},
		"six in any case":                 {measured, Budget{}, false, restless(2 * time.Second), StoppedBudget, 6},
		"narrow, though it cost too much": {measured, Budget{}, false, steady(time.Second), StoppedNarrow, 6},
		"the most":                        {measured, Budget{}, false, restless(ms), StoppedCount, 50},
		// One round takes 200 ms, the next 220 ms; the warm-up, the first, is of the budget.
		"the budget":      {measured, Budget{}, false, swaying(100 * ms), StoppedBudget, 11},
		"a larger budget": {measured, Budget{Cell: 5 * time.Second}, false, swaying(100 * ms), StoppedBudget, 23},
		// One round takes 200 ms, the next 400 ms.
		"longer, while it is wide":    {measured, Budget{}, false, restless(100 * ms), StoppedBudget, 33},
		"as the lesson says":          {thrice, Budget{Cell: 1}, false, restless(time.Second), StoppedCount, 3},
		"hurried":                     {measured, Budget{}, true, restless(ms), StoppedCourse, 6},
		"hurried, as the lesson says": {thrice, Budget{}, true, restless(ms), StoppedCount, 3},
		"hurried, for all it says":    {often, Budget{}, true, restless(ms), StoppedCourse, 6},
		"outcomes":                    {varies, Budget{}, false, steady(ms), StoppedCount, 20},
		"outcomes within the budget":  {varies, Budget{}, false, steady(100 * ms), StoppedBudget, 13},
		"slow outcomes":               {varies, Budget{}, false, steady(time.Second), StoppedBudget, 6},
		"many outcomes":               {variesOften, Budget{}, false, steady(time.Second), StoppedCount, 1000},
		"repeated, and not measured":  {program.Options{Modes: twoModes, Repeat: 6}, Budget{}, false, steady(time.Second), StoppedCount, 6},
		"not repeated":                {program.Options{Modes: twoModes}, Budget{}, false, steady(ms), "", 1},
	} {
		trial := tried(test.options, test.budget, test.run)
		trial.hurried = test.hurried
		if err := trial.perform(); err != nil {
			t.Fatal(err)
		}
		for _, mode := range twoModes {
			n := 0
			for _, run := range counted(trial.runs, program.At(mode)) {
				n += max(run.Times, 1)
			}
			if n != test.counted || trial.stopped != test.want {
				t.Errorf("%s: %d counted runs as %s, stopped by %q; want %d, %q", name, n, mode, trial.stopped, test.counted, test.want)
			}
		}
	}
}

// Stopping by the width of the interval looks at the measurements, so it has to be tried whether the interval then still covers what
// it promises to. The seed is fixed.
func TestStoppingByWidthLeavesIntervalsHonest(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2026))
	for _, sigma := range []float64{0.01, 0.03, 0.05, 0.15} {
		const builds = 1000
		covered, bias := 0, 0.0
		for range builds {
			trial := tried(program.Options{Modes: twoModes, Measure: true}, Budget{Cell: time.Hour}, func(program.Mode, int) Run {
				return Run{Wall: time.Duration(float64(time.Second) * math.Exp(sigma*random.NormFloat64()))} // its median is 1 s
			})
			if err := trial.perform(); err != nil {
				t.Fatal(err)
			}
			for _, mode := range twoModes {
				m := stats.Median(walls(counted(trial.runs, program.At(mode))))
				bias += m.Median/float64(time.Second) - 1
				if m.Low <= float64(time.Second) && float64(time.Second) <= m.High {
					covered++
				}
			}
		}
		n := builds * float64(len(twoModes))
		if share := float64(covered) / n; share < stats.Confidence-0.015 { // three standard errors
			t.Errorf("with noise of %v, %.1f %% of the intervals cover the median", sigma, 100*share)
		}
		if mean := bias / n; math.Abs(mean) > 4*sigma/math.Sqrt(stats.LeastRuns*n) {
			t.Errorf("with noise of %v, medians are off by %v on average", sigma, mean)
		}
	}
}

func TestTheRuleIsTold(t *testing.T) {
	measured := program.Options{Measure: true}
	fixed := program.Options{Measure: true, Repeat: 9}
	for _, test := range []struct {
		options program.Options
		want    string
	}{
		{measured, "6 to 50 runs in each mode, until each 95 % interval is at most 5 % of the median wide, or 2.5 s are spent (10 s, while one is more than 12.5 % wide)"},
		{fixed, "9 runs in each mode"},
		{program.Options{Measure: true, Repeat: 1}, "1 run in each mode"},
		{program.Options{Measure: true, Repeat: 9, Sweep: swept(1, 2)}, "9 runs in each mode at each value"},
		{program.Options{Vary: program.Vary{Outcome: true}, Sweep: swept(1, 2)}, "6 to 20 runs in each mode at each value, until 5 s are spent"},
		{program.Options{Vary: program.Vary{Outcome: true}}, "6 to 20 runs in each mode, until 2.5 s are spent"},
	} {
		if got := (Budget{}).rule(test.options).String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
	if got := (Budget{Cell: ms}).rule(measured).String(); !strings.HasSuffix(got, ", or 1 ms are spent (4 ms, while one is more than 12.5 % wide)") {
		t.Errorf("got %q", got)
	}
	if rule := (Budget{}).rule(program.Options{Modes: twoModes}); rule != nil {
		t.Errorf("a program that runs once has the rule %v", rule)
	}
}
