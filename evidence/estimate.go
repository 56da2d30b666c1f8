package evidence

import (
	"math"
	"slices"

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
// others at their medians, and how far the value then moves is added in quadrature; on the log scale where the interval is positive, as that of a ratio.
// Where times are of several results, the speed of the machine at each but the first is moved in the same way: what all times of a result share cancels out where it should.
// What is no number at any of these ends has no interval: both ends are NaN.
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
	ends := make([][2]float64, 0, 2*len(e.of))
	for _, m := range e.of {
		at[m.Series] = m.Low
		low := value(of)
		at[m.Series] = m.High
		high := value(of)
		at[m.Series] = m.Median
		ends = append(ends, [2]float64{min(low, high), max(low, high)})
	}
	for _, sitting := range laterSittings(e.of) {
		at := func(speed float64) float64 {
			return value(func(s formula.Series) float64 {
				if s.Program == sitting && s.Unit() == formula.Time {
					return at[s] * speed
				}
				return at[s]
			})
		}
		slow, quick := at(sittingsDiffer), at(1/sittingsDiffer)
		ends = append(ends, [2]float64{min(slow, quick), max(slow, quick)})
	}
	same := func(v float64) float64 { return v }
	if e.low, e.high = recovered(e.value, ends, same, same); e.low > 0 {
		e.low, e.high = recovered(e.value, ends, math.Log, math.Exp)
	}
	return e
}

// sittingsDiffer is by which ratio times of two results may differ because the machine was quicker at one of them. Modes of a cell take turns, and cells do not.
// docs/decisions/judging.md says why it is that much.
const sittingsDiffer = 1.12

// laterSittings returns the programs of which there are times, but for the first.
func laterSittings(of []Measured) (programs []string) {
	for _, m := range of {
		if m.Unit == formula.Time && !slices.Contains(programs, m.Series.Program) {
			programs = append(programs, m.Series.Program)
		}
	}
	return programs[min(1, len(programs)):]
}

// recovered returns the interval of a value that comes to these ends as each of what it rests on is moved.
func recovered(value float64, ends [][2]float64, scale, back func(float64) float64) (low, high float64) {
	down, up := 0.0, 0.0
	for _, end := range ends {
		if math.IsNaN(end[0]) { // and so is the other
			return math.NaN(), math.NaN()
		}
		down = math.Hypot(down, max(0, scale(value)-scale(end[0])))
		up = math.Hypot(up, max(0, scale(end[1])-scale(value)))
	}
	low, high = value, value
	if down > 0 {
		low = back(scale(value) - down)
	}
	if up > 0 {
		high = back(scale(value) + up)
	}
	return low, high
}

// isPositive reports whether what a side of a ratio comes to is positive, as far as its interval tells: else the ratio means nothing.
func (b *basis) isPositive(side *formula.Bound) bool {
	return !side.Measured() || b.estimate(side.Series(), side.Value).low > 0
}

// hasPole reports whether something by which is divided in one of sides may be zero: then what it comes to at the ends of its interval bounds nothing.
func (b *basis) hasPole(sides ...*formula.Bound) bool {
	for _, side := range sides {
		for _, divisor := range side.Divisors() {
			if e := b.estimate(divisor.Series(), divisor.Value); e.low < 0 && e.high > 0 {
				return true
			}
		}
	}
	return false
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
