package evidence

import (
	"math"
	"time"

	"course/formula"
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

// String gives the median with as many digits as the interval allows.
func (s Summary) String() string {
	median, _, _ := s.words()
	return median
}

// Interval gives Low and High with the digits of String: "40.9 ms to 42.3 ms".
func (s Summary) Interval() string {
	_, low, high := s.words()
	return low + " to " + high
}

func (s Summary) words() (median, low, high string) {
	return Words(formula.Time, float64(s.Median), float64(s.Low), float64(s.High))
}
