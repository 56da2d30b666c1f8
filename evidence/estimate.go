package evidence

import (
	"math"

	"course/formula"
	"course/runner/machine"
)

// An estimate is what an expression comes to, with the interval that covers its true value.
type estimate struct {
	value, low, high float64    // in the expression's unit
	of               []Measured // what it rests on: each of its series that is not the machine's
}

// runs is the fewest of any series that the estimate rests on, 0 where it rests on none.
func (e estimate) runs() (least int) {
	for i, m := range e.of {
		if i == 0 || m.Runs < least {
			least = m.Runs
		}
	}
	return least
}

// isKnown reports whether all that the estimate rests on was measured, and it is a number.
func (e estimate) isKnown() bool {
	for _, m := range e.of {
		if m.Runs == 0 {
			return false
		}
	}
	return !math.IsNaN(e.low) && !math.IsNaN(e.high) && !math.IsInf(e.value, 0) && !math.IsNaN(e.value)
}

// estimate computes what value makes of series. Its interval is found by the method of variance estimates recovery (G. Y. Zou and A. Donner, "Construction of
// confidence limits about effect measures: a general approach", Statistics in Medicine 2008): each series in turn is put to either end of its interval, with the
// others at their medians, and how far the value then moves is added in quadrature; on the log scale where all of these values are positive, as for ratios.
func (b *basis) estimate(series []formula.Series, value func(of func(formula.Series) float64) float64) estimate {
	var e estimate
	at := make(map[formula.Series]float64, len(series))
	of := func(s formula.Series) float64 { return at[s] }
	for _, s := range series {
		if s.Program != "" {
			e.of = append(e.of, b.measure(s))
		}
	}
	for _, m := range e.of {
		at[m.Series] = m.Median
	}
	for _, s := range series {
		if s.Program == "" {
			at[s] = b.has(s.Metric, e.of)
		}
	}
	e.value = value(of)
	ends := make([][2]float64, 0, len(e.of))
	positive := e.value > 0
	for _, m := range e.of {
		at[m.Series] = m.Low
		low := value(of)
		at[m.Series] = m.High
		high := value(of)
		at[m.Series] = m.Median
		ends = append(ends, [2]float64{min(low, high), max(low, high)})
		positive = positive && low > 0 && high > 0
	}
	scale, back := func(v float64) float64 { return v }, func(v float64) float64 { return v }
	if positive {
		scale, back = math.Log, math.Exp
	}
	down, up := 0.0, 0.0
	for _, end := range ends {
		down = math.Hypot(down, max(0, scale(e.value)-scale(end[0])))
		up = math.Hypot(up, max(0, scale(end[1])-scale(e.value)))
	}
	e.low, e.high = e.value, e.value
	if down > 0 {
		e.low = back(scale(e.value) - down)
	}
	if up > 0 {
		e.high = back(scale(e.value) + up)
	}
	return e
}

// has returns what the machine has on which measurements were made; of several the least.
func (b *basis) has(what string, of []Measured) float64 {
	least := math.NaN()
	for _, m := range of {
		if m.Runs == 0 {
			continue
		}
		if v := has(m.Machine, what); math.IsNaN(least) || v < least {
			least = v
		}
	}
	return least
}

// has returns how many cores, or how much memory, programs may use on m.
func has(m machine.Machine, what string) float64 {
	if what == "cores" {
		if cores := float64(m.Cores); m.Quota == 0 || m.Quota > cores {
			return cores
		}
		return m.Quota
	}
	if m.MemoryLimit > 0 {
		return float64(min(m.Memory, m.MemoryLimit))
	}
	return float64(m.Memory)
}
