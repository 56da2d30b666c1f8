package runner

import (
	"fmt"
	"testing"
	"time"
)

func TestNoiseIsSaidWithItsReason(t *testing.T) {
	series := func(n int, wall func(i int) time.Duration) (runs []Run) {
		for i := range n {
			runs = append(runs, Run{Wall: wall(i)})
		}
		return runs
	}
	constant := func(int) time.Duration { return 100 * ms }
	disturbed := func(n, of int) []Run {
		runs := series(of, constant)
		for i := range n {
			runs[2*i+1].Disturbed = fmt.Sprint("reason ", i)
		}
		return runs
	}
	step := func(n int, second time.Duration) []Run {
		return series(n, func(i int) time.Duration {
			if 2*i < n {
				return 100*ms + time.Duration(i)
			}
			return second + time.Duration(i)
		})
	}
	for name, test := range map[string]struct {
		runs []Run
		want string
	}{
		"none":            {nil, ""},
		"quiet":           {series(9, constant), ""},
		"few":             {series(5, func(i int) time.Duration { return time.Duration(i+1) * ms }), ""}, // there is no interval
		"a quarter":       {disturbed(2, 8), ""},
		"more":            {disturbed(3, 8), "3 of 8 runs were disturbed: reason 0"},
		"wide":            {series(8, func(i int) time.Duration { return time.Duration(80+15*(i%3)) * ms }), "the interval is 32 % of the median wide"},
		"slower":          {step(16, 120*ms), "the second half of the runs took 20 % longer than the first"},
		"quicker":         {step(20, 85*ms), "the second half of the runs took 15 % less than the first"},
		"a little slower": {step(20, 108*ms), ""},
		"too few to tell": {step(12, 120*ms), ""},
		"to and fro":      {series(20, func(i int) time.Duration { return time.Duration(100+8*(i%2)) * ms }), ""},
	} {
		if got := noiseOf(test.runs); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
