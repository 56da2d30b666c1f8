package evidence

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"course/formula"
	"course/lessons"
	"course/quantity"
	"course/runner/machine"
)

// inline returns what the page shows in the place of v.
func (b *basis) inline(v *lessons.Value) Value {
	shown := Value{Text: "not measured", Says: v.Text}
	bound, _ := v.Formula.Bind(b.scope)
	if bound == nil { // which is a problem of the course
		shown.Title = v.Text + " is not known"
		return shown
	}
	series := bound.Series()
	if sole, ok := bound.Sole(); ok {
		shown.Says = b.phrase(sole)
	}
	if !bound.Measured() {
		return b.given(shown, bound, len(series) > 0)
	}
	e := b.estimate(series, bound.Value)
	var machines []machine.Machine
	for _, m := range e.of {
		if m.Runs == 0 {
			shown.Title = b.missing(m.Series).String()
			return shown
		}
		machines = append(machines, m.Machine)
		shown.Recorded = shown.Recorded || m.Recorded
		if id := m.Series.Program; !slices.Contains(shown.Programs, id) {
			shown.Programs = append(shown.Programs, id)
		}
	}
	if where := sole(machines); where != nil {
		shown.Machine = *where
	}
	shown.Runs = e.runs()
	if !e.isKnown() || b.hasPole(bound) {
		shown.Text, shown.Title = "not known", shown.Says+" comes to no number"
		return shown
	}
	shown.Known = true
	text, low, high := quantity.Digits(e.value, e.low, e.high, writer(bound.Unit()))
	shown.Text, shown.Interval = text, low+" to "+high
	shown.Title = shown.title(e)
	return shown
}

// given returns shown, the value of an expression that rests on no measurement: on what the lesson sets, or on the machine on which all results were taken.
func (b *basis) given(shown Value, bound *formula.Bound, ofMachine bool) Value {
	var machines []machine.Machine
	for _, r := range b.results {
		machines = append(machines, r.Machine)
	}
	where := sole(machines)
	if ofMachine && where == nil {
		shown.Title = "nothing was measured yet, or on several machines"
		return shown
	}
	value := bound.Value(func(s formula.Series) float64 { return has(*where, s.Metric) })
	shown.Text, shown.Known = Exact(bound.Unit(), value), true
	shown.Title = shown.Says + ", as the lesson sets it"
	if _, sole := bound.Sole(); sole && bound.Unit() == formula.Size { // nobody chose its digits
		shown.Text = write(formula.Size, value, 0)
	}
	if ofMachine {
		shown.Title, shown.Machine = shown.Says, *where
	}
	return shown
}

// title says what v is, and how sure.
func (v *Value) title(e estimate) string {
	covers := true
	var notes []string
	for _, m := range e.of {
		covers = covers && m.Covers
		if m.AtLeast {
			notes = append(notes, "it was looked at too seldom, and may have been more")
		}
		if m.Others > 0 {
			notes = append(notes, fmt.Sprintf("of runs that ended by %s alone, and %s did not", m.Outcome.Name(), quantity.Count(m.Others, "run")))
		}
		if m.Noise != "" {
			notes = append(notes, "noisy: "+m.Noise)
		}
	}
	if v.Recorded {
		notes = append(notes, "recorded, not measured here")
	}
	rests := "median of " + quantity.Count(v.Runs, "run")
	switch s := e.of[0].Series; {
	case len(e.of) > 1:
		rests = fmt.Sprintf("from medians of %s or more", quantity.Count(v.Runs, "run"))
	case v.Runs == 1:
		rests = "one run"
	case s.Is != "" || s.Has != "":
		rests = "of " + quantity.Count(v.Runs, "run")
	}
	switch {
	case covers:
		rests += ", 95 % interval " + v.Interval
	case v.Runs > 1:
		rests += ", which took " + v.Interval
	}
	return strings.Join(append([]string{v.Says + ": " + rests}, distinct(notes)...), "; ")
}

// phrase says what a series is.
func (b *basis) phrase(s formula.Series) string {
	if s.Program == "" {
		return s.Metric + " of the machine"
	}
	var text string
	for _, m := range formula.Metrics() {
		if m.Name == s.Metric {
			text = m.Says
		}
	}
	switch {
	case s.Is != "" && s.Metric == "exit":
		text = "share of runs with exit " + s.Is
	case s.Is != "":
		text = fmt.Sprintf("share of runs that print %q", s.Is)
	case s.Has != "":
		text = fmt.Sprintf("share of runs whose output contains %q", s.Has)
	}
	return text + " of " + b.name(s)
}

// Exact writes a value that is no measurement: all digits that somebody chose.
func Exact(unit formula.Unit, value float64) string {
	switch {
	case unit == formula.Time && math.Abs(value) < math.MaxInt64:
		return quantity.Exact(duration(value))
	case unit == formula.Size && math.Abs(value) < math.MaxInt64:
		return quantity.ExactBytes(int64(math.Round(value)))
	}
	return fmt.Sprintf("%.6g", value)
}

// Words writes what was measured, and the ends of its interval, which stand beside it: quantity.Beside says with how many digits.
func Words(unit formula.Unit, value, low, high float64) (v, l, h string) {
	return quantity.Beside(value, low, high, writer(unit))
}

func writer(unit formula.Unit) func(x, step float64) string {
	return func(x, step float64) string { return write(unit, x, step) }
}

// write writes x so that its last digit is worth at least step.
func write(unit formula.Unit, x, step float64) string {
	switch {
	case unit == formula.Time && max(math.Abs(x), step) < math.MaxInt64:
		return quantity.Duration(duration(x), time.Duration(step))
	case unit == formula.Size && max(math.Abs(x), step) < math.MaxInt64:
		return quantity.Size(int64(math.Round(x)), int64(step))
	}
	return quantity.Number(x, step)
}
