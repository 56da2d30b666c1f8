package site

import (
	"math"
	"strconv"
	"time"

	"course/quantity"
)

// duration writes d in the unit that suits it, with at most three significant digits.
func duration(d time.Duration) string {
	if d == 0 {
		return "0"
	}
	return quantity.Duration(d, 0)
}

// An axis is what a chart of durations is drawn on, from 0 to End.
type axis struct {
	End   time.Duration
	Ticks []tick
	grid  string // its lines, to be drawn behind each bar
}

type tick struct {
	At    string // percent of the axis
	Label string
	Edge  string // the class of the first and of the last, whose labels stay within the chart
}

// newAxis returns an axis that is at least as long as longest, with three to five intervals between round
// numbers. It is 1 ms long where everything took no time.
func newAxis(longest time.Duration) axis {
	if longest <= 0 {
		longest = time.Millisecond
	}
	least := float64(longest) / 5
	power := max(math.Pow10(int(math.Floor(math.Log10(least)))), 1)
	step := time.Duration(10 * power)
	for _, factor := range [...]float64{5, 2, 1} {
		if factor*power >= least {
			step = time.Duration(factor * power)
		}
	}
	a := axis{End: step * ((longest + step - 1) / step)}
	unit, name := time.Nanosecond, " ns"
	switch {
	case a.End >= time.Second:
		unit, name = time.Second, " s"
	case a.End >= time.Millisecond:
		unit, name = time.Millisecond, " ms"
	case a.End >= time.Microsecond:
		unit, name = time.Microsecond, " µs"
	}
	for at := time.Duration(0); at <= a.End; at += step {
		t := tick{At: a.percent(at), Label: strconv.FormatFloat(float64(at)/float64(unit), 'g', -1, 64)}
		switch {
		case at == 0:
			t.Edge = "first"
		case at == a.End:
			t.Edge = "last"
			t.Label += name
		}
		a.Ticks = append(a.Ticks, t)
		a.grid += `<line class="grid" x1="` + t.At + `" x2="` + t.At + `" y1="0" y2="100%"/>`
	}
	return a
}

// percent returns where d lies on the axis, within it, in percent for an SVG attribute.
func (a axis) percent(d time.Duration) string {
	share := 100 * float64(min(max(d, 0), a.End)) / float64(a.End)
	return strconv.FormatFloat(math.Round(share*100)/100, 'f', -1, 64) + "%"
}

// percentBetween returns the length from a to b as percent returns a place.
func (a axis) percentBetween(from, to time.Duration) string {
	from, to = min(max(from, 0), a.End), min(max(to, 0), a.End)
	return a.percent(max(to-from, 0))
}
