package program

import (
	"regexp"
	"strconv"
	"strings"
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
		return shortened(time.Duration(value).String())
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

// shortened leaves out the minutes and seconds of a time that has none: "1h" for "1h0m0s".
func shortened(text string) string {
	if minutes, ok := strings.CutSuffix(text, "m0s"); ok {
		text = minutes + "m"
	}
	if hours, ok := strings.CutSuffix(text, "h0m"); ok {
		text = hours + "h"
	}
	return text
}

// Named returns the parameter with a value, for people: "workers=4", "nap=10ms".
func (s *Sweep) Named(value float64) string { return s.Name + "=" + s.Text(value) }

// EnvParam begins the names of the environment variables in which a program finds its parameters.
const EnvParam = "COURSE_PARAM_"

// Parameter reads the value of a parameter as Options.Params have it: a decimal number, "4" or "0.5", or a time in nanoseconds, "10ms". ok is false for what
// is neither.
func Parameter(text string) (value float64, isTime, ok bool) {
	if decimal.MatchString(text) {
		value, err := strconv.ParseFloat(text, 64)
		return value, false, err == nil
	}
	d, err := time.ParseDuration(text)
	return float64(d), true, err == nil
}

// decimal is what package worker reads as an int, or a float64. At most 15 digits are exact in both.
var decimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)
