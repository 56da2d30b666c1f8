package site

import (
	"time"

	"course/quantity"
	"course/runner"
)

// duration writes d in the unit that suits it, with at most three significant digits.
func duration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return quantity.Duration(d, 0)
}

// sayMemory writes the proportional set size, and that it is a lower bound where it is one. Of nil it writes nothing.
func sayMemory(m *runner.Memory) string {
	switch {
	case m == nil:
		return ""
	case !m.Sure():
		return "at least " + quantity.Bytes(m.PSS)
	}
	return quantity.Bytes(m.PSS)
}
