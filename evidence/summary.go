package evidence

import (
	"fmt"
	"math"
	"time"

	"course/quantity"
	"course/stats"
)

// Summarize returns the median of durations in nanoseconds with its interval. Without any it is zero.
func Summarize(nanoseconds []float64) Summary {
	m := stats.Median(nanoseconds)
	return Summary{Median: duration(m.Median), Low: duration(m.Low), High: duration(m.High), Covers: m.Covers}
}

// summary returns the same of a time.
func (m Measured) summary() Summary {
	return Summary{Median: duration(m.Median), Low: duration(m.Low), High: duration(m.High), Covers: m.Covers}
}

func duration(nanoseconds float64) time.Duration { return time.Duration(math.Round(nanoseconds)) }

// String gives the median with as many digits as the interval allows: its last digit is worth at least a tenth of the interval's width,
// unless the median would then read like an end of the interval: then there is one digit more.
func (s Summary) String() string { return quantity.Duration(s.Median, s.step()) }

// Interval gives Low and High with the digits of String: "40.9 ms to 42.3 ms".
func (s Summary) Interval() string {
	return quantity.Duration(s.Low, s.step()) + " to " + quantity.Duration(s.High, s.step())
}

// step is what the last digit is worth, at least.
func (s Summary) step() time.Duration {
	step := (s.High - s.Low) / 10
	median := quantity.Duration(s.Median, step)
	for _, end := range []time.Duration{s.Low, s.High} {
		if end != s.Median && quantity.Duration(end, step) == median {
			return step / 10
		}
	}
	return step
}

// detail says what s rests on.
func (s Summary) detail(runs int) string {
	switch {
	case runs == 1:
		return "one run"
	case !s.Covers:
		return fmt.Sprintf("median of %d runs, which took %s", runs, s.Interval())
	}
	return fmt.Sprintf("median of %d runs, 95 %% interval %s", runs, s.Interval())
}
