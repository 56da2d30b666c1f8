package evidence

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"course/stats"
)

// Summarize returns the median of durations in nanoseconds with its interval. Without any it is zero.
func Summarize(nanoseconds []float64) Summary {
	m := stats.Median(nanoseconds)
	return Summary{Median: duration(m.Median), Low: duration(m.Low), High: duration(m.High), Covers: m.Covers}
}

func duration(nanoseconds float64) time.Duration { return time.Duration(math.Round(nanoseconds)) }

// String gives the median with as many digits as the interval allows: its last digit is worth at least a tenth of the interval's width,
// unless the median would then read like an end of the interval: then there is one digit more.
func (s Summary) String() string { return FormatDuration(s.Median, s.step()) }

// Interval gives Low and High with the digits of String: "40.9 ms to 42.3 ms".
func (s Summary) Interval() string {
	return FormatDuration(s.Low, s.step()) + " to " + FormatDuration(s.High, s.step())
}

// step is what the last digit is worth, at least.
func (s Summary) step() time.Duration {
	step := (s.High - s.Low) / 10
	median := FormatDuration(s.Median, step)
	for _, end := range []time.Duration{s.Low, s.High} {
		if end != s.Median && FormatDuration(end, step) == median {
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

// FormatDuration writes d in the unit that suits it, "41.2 ms", with at most three significant digits,
// and so that the last digit is worth at least step; step 0 sets no such bound.
func FormatDuration(d, step time.Duration) string {
	if d < 0 {
		return "-" + FormatDuration(-d, step)
	}
	unit, name := unitOf(d)
	value := float64(d) / float64(unit)
	decimals := 2
	switch {
	case d == 0 || unit == time.Nanosecond:
		decimals = 0
	case value >= 99.95: // 100 once it is rounded to three digits
		decimals = 0
	case value >= 9.995:
		decimals = 1
	}
	for float64(unit)/math.Pow10(decimals) < float64(step) {
		decimals--
	}
	if decimals < 0 {
		value = math.Round(value*math.Pow10(decimals)) / math.Pow10(decimals)
		decimals = 0
	}
	return strconv.FormatFloat(value, 'f', decimals, 64) + " " + name
}

// unitOf returns the largest unit of which d, rounded to three digits, is at least one.
func unitOf(d time.Duration) (time.Duration, string) {
	switch rounded := d + d/2000; {
	case rounded >= time.Second:
		return time.Second, "s"
	case rounded >= time.Millisecond:
		return time.Millisecond, "ms"
	case rounded >= time.Microsecond:
		return time.Microsecond, "µs"
	}
	return time.Nanosecond, "ns"
}
