package chart

import (
	"math"
	"slices"
	"strconv"
)

// An axis gives each value its place between low and high, evenly or by logarithms.
type axis struct {
	low, high float64 // both finite; low is above 0 where it is logarithmic
	log       bool
	ticks     []tick // two at least, from low to high
}

// A tick is a round value, with what is written beside it.
type tick struct {
	value float64
	label string
}

// linear returns an axis from 0 to at least high with at most so many ticks, 3 or more. Where high is not above 0 it is one unit of what is
// usual long, for an axis without length has no places.
func linear(high float64, u unit, ticks int) axis {
	if high = finite(high); high == 0 {
		high = [...]float64{ofTime: 1e6, ofSize: 1 << 10, ofFactor: 1}[u]
	}
	base := 1.0
	if u == ofSize {
		base, _ = u.scale(high)
	}
	step, n := round(high/base, ticks-1, u != ofFactor && base == 1)
	a := axis{high: step * float64(n) * base}
	unit, name := u.scale(a.high)
	if u == ofSize {
		unit, name = u.scale(high)
	}
	decimals := max(0, -int(math.Floor(math.Log10(step*base/unit)+1e-9)))
	a.ticks = make([]tick, 0, n+1)
	for i := range n + 1 {
		value := float64(i) * step * base
		label := strconv.FormatFloat(value/unit, 'f', decimals, 64)
		switch {
		case i == 0:
			label = "0"
		case i == n:
			label += name
		}
		a.ticks = append(a.ticks, tick{value, label})
	}
	return a
}

// round returns a step of 1, 2 or 5 times a power of ten, and how many of them, at most so many, it takes to reach high. Of what comes in whole units
// it is at least 1.
func round(high float64, steps int, whole bool) (step float64, n int) {
	power := math.Pow10(int(math.Floor(math.Log10(high / float64(steps)))))
	if whole {
		power = max(power, 1)
	}
	for _, factor := range [...]float64{1, 2, 5, 10} {
		step = factor * power
		if n = int(math.Ceil(high/step - 1e-9)); n <= steps {
			break
		}
	}
	return step, max(n, 1)
}

// logarithmic returns an axis that reaches from at most low to at least high, both above 0, with at most so many ticks, 4 or more: at
// powers of ten and, where there is room, at 2 and 5 times these; sizes at powers of two.
func logarithmic(low, high float64, u unit, ticks int) axis {
	low, high = max(finite(low), 1/most), max(finite(high), 1/most)
	base, logarithm := 10.0, math.Log10
	if u == ofSize {
		base, logarithm = 2, math.Log2
	}
	first, last := int(math.Floor(logarithm(low)+1e-9)), int(math.Ceil(logarithm(high)-1e-9))
	last = max(last, first+1)
	a := axis{log: true}
	add := func(value float64) { a.ticks = append(a.ticks, tick{value, u.short(value)}) }
	if u != ofSize && (last-first)*3+1 <= ticks+2 { // as many as there may be once those beyond the data are gone
		for e := first; e <= last; e++ {
			for _, factor := range [...]float64{1, 2, 5} {
				add(factor * math.Pow10(e))
			}
		}
		a.trim(low, high)
	}
	if n := len(a.ticks); n < 2 || n > ticks {
		each := (last - first + ticks - 2) / (ticks - 1)
		a.ticks = a.ticks[:0]
		for e := first; ; e += each {
			add(math.Pow(base, float64(e)))
			if e >= last {
				break
			}
		}
	}
	a.low, a.high = a.ticks[0].value, a.ticks[len(a.ticks)-1].value
	return a
}

// trim leaves the ticks from the last that is not above low to the first that is not below high.
func (a *axis) trim(low, high float64) {
	const near = 1e-9
	for len(a.ticks) > 2 && a.ticks[1].value <= low*(1+near) {
		a.ticks = slices.Delete(a.ticks, 0, 1)
	}
	for n := len(a.ticks); n > 2 && a.ticks[n-2].value >= high*(1-near); n-- {
		a.ticks = a.ticks[:n-1]
	}
}

// at returns the place of a value, in percent of the axis and within it.
func (a axis) at(value float64) float64 {
	value = min(max(finite(value), a.low), a.high)
	switch {
	case a.high <= a.low:
		return 0
	case a.log:
		return 100 * math.Log(value/a.low) / math.Log(a.high/a.low)
	}
	return 100 * (value - a.low) / (a.high - a.low)
}

// scale returns the unit in which a value is written, and its name.
func (u unit) scale(value float64) (float64, string) {
	switch u {
	case ofTime:
		switch {
		case value >= 1e9:
			return 1e9, " s"
		case value >= 1e6:
			return 1e6, " ms"
		case value >= 1e3:
			return 1e3, " µs"
		}
		return 1, " ns"
	case ofSize:
		switch {
		case value >= 1<<40:
			return 1 << 40, " TiB"
		case value >= 1<<30:
			return 1 << 30, " GiB"
		case value >= 1<<20:
			return 1 << 20, " MiB"
		case value >= 1<<10:
			return 1 << 10, " KiB"
		}
		return 1, " B"
	case ofFactor:
	}
	return 1, times
}

// short writes a round value with its unit.
func (u unit) short(value float64) string {
	unit, name := u.scale(value * (1 + 1e-9))
	return strconv.FormatFloat(value/unit, 'g', 6, 64) + name
}
