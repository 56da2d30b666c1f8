package site

import (
	"time"

	"course/evidence"
	"course/quantity"
)

// duration writes d in the unit that suits it, with at most three significant digits.
func duration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return quantity.Duration(d, 0)
}

// sayMemory writes how much it was with its interval, and that it is a lower bound where it is one. Where nobody looked it writes nothing.
func sayMemory(m evidence.Measured) string {
	median, low, high := evidence.Words(m.Unit, m.Median, m.Low, m.High)
	switch {
	case m.Runs == 0:
		return ""
	case m.AtLeast:
		return "at least " + median
	case m.Runs == 1:
		return median
	}
	return median + " (" + low + " to " + high + ")"
}
