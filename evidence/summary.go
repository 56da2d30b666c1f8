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

// String gives the median with as many digits as the interval allows: its last digit is worth at least a tenth of the interval's width,
// unless the median would then read like an end of the interval: then there is one digit more.
func (s Summary) String() string { return s.estimate().text(formula.Time, float64(s.Median)) }

// Interval gives Low and High with the digits of String: "40.9 ms to 42.3 ms".
func (s Summary) Interval() string { return s.estimate().interval(formula.Time) }

func (s Summary) estimate() estimate {
	return estimate{value: float64(s.Median), low: float64(s.Low), high: float64(s.High)}
}
