package program

import (
	"strconv"
	"time"
)

// A Sweep has a program run for each of several values of a parameter, in each mode.
type Sweep struct {
	Name   string    // the parameter's, as worker.Param has it
	Values []float64 // distinct, above 0 and ascending, at least two
	Time   bool      // they are times, in nanoseconds
}

// Text returns a value as the program finds it, and as people read it: "4", "0.5", or of a time "10ms".
func (s *Sweep) Text(value float64) string {
	if s.Time {
		return time.Duration(value).String()
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}
