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

// Speedup returns how many times as fast t was as first, at another point of the same program: the wall time of first by that of t, with the interval by which a claim
// is judged that says so. It is zero where that is no number.
func (t Timing) Speedup(first Timing) Measured {
	b := &basis{measured: make(map[formula.Series]Measured)}
	wall := func(of Timing) formula.Series {
		s := formula.Series{Program: "it", Point: of.Point(), Metric: "wall"} // which program does not matter: it is one
		b.measured[s] = Measured{
			Series: s, Unit: formula.Time, Runs: of.Runs,
			Median: float64(of.Wall.Median), Low: float64(of.Wall.Low), High: float64(of.Wall.High),
		}
		return s
	}
	over, under := wall(first), wall(t)
	e := b.estimate([]formula.Series{over, under}, func(at func(formula.Series) float64) float64 { return at(over) / at(under) })
	if !e.isKnown() {
		return Measured{}
	}
	return Measured{Unit: formula.Number, Median: e.value, Low: e.low, High: e.high, Covers: first.Wall.Covers && t.Wall.Covers, Runs: e.runs()}
}
