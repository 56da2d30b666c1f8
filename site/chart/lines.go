package chart

import "math"

// Lines show how something changes over the values of a parameter, one line a mode. Where the values are spread over more than two decades, both axes
// are logarithmic: the same factor is the same distance then, small values are told apart as well as large ones, and costs that grow by a power are
// straight lines.
type Lines struct {
	What      What
	Parameter string
	Values    []Value // ascending
	Series    []Series
	Cores     int // of the machine, drawn where What is Speedup; 0 where not known
}

// A Value is one of the parameter's.
type Value struct {
	At   float64 // above 0
	Text string  // as people write it: "10ms"
}

// A Series is what was measured in one mode: for each of the values a point.
type Series struct {
	Mode   Mode
	Points []Point
}

// A Point is what was measured at a value.
type Point struct {
	Range
	Known   bool
	Speedup Range // how many times as fast it was as at the first value; zero where that is not known, and where What is not Speedup
}

// A What is what Lines are of.
type What int

// Speedup is of a parameter that counts those among whom work is divided, so that its ideal is known: as many times as fast as
// there are times as many of them.
const (
	Cost      What = iota // points are wall times
	Speedup               // points are wall times, too; what is drawn is their Speedup
	Footprint             // points are sizes in memory
)

func (c Lines) unit() unit {
	return [...]unit{Cost: ofTime, Speedup: ofFactor, Footprint: ofSize}[c.What]
}

func (c Lines) title() string {
	return [...]string{Cost: "How long it took", Speedup: "How much faster it was", Footprint: "How much memory it took"}[c.What] + ", by " + c.Parameter
}

// What bounds the points of a line, and the crossings that are told.
const (
	maxPoints    = 256
	maxCrossings = 3
)

// A field is a drawing of lines: what is drawn, and its axes.
type field struct {
	x, y   axis
	drawn  []Series // what is drawn of each of Lines.Series
	ideal  float64  // the value at which the ideal leaves the field; 0 where none is drawn
	places []crossing
}

// margin is how far from the sides the first and the last value are, in percent.
const margin = 4

func (f *field) across(value float64) float64 { return margin + f.x.at(value)*(100-2*margin)/100 }

func (f *field) down(value float64) float64 { return 100 - f.y.at(value) }

// field works out what is drawn.
func (c Lines) field() field {
	f := field{x: axis{low: c.Values[0].At, high: c.Values[len(c.Values)-1].At}, drawn: c.Series, places: c.crossings()}
	spread := f.x.high > 100*f.x.low
	switch {
	case spread:
		f.x.log = true
	case f.x.low < f.x.high/3:
		f.x.low = 0
	}
	if c.What == Speedup {
		f.drawn = make([]Series, len(c.Series))
		for i, s := range c.Series {
			f.drawn[i] = Series{s.Mode, speedups(s.Points)}
		}
	}
	least, greatest := math.Inf(1), 0.0
	for _, s := range f.drawn {
		for _, p := range s.Points {
			if p.Known {
				greatest = max(greatest, finite(p.Median), finite(p.High))
				for _, v := range [...]float64{p.Low, p.Median} {
					if v = finite(v); v > 0 {
						least = min(least, v)
					}
				}
			}
		}
	}
	if c.What == Speedup {
		ideal := f.x.high / c.Values[0].At
		if c.Cores > 0 {
			ideal = min(ideal, max(1, float64(c.Cores)/c.Values[0].At))
		}
		greatest, least = max(greatest, ideal, 1), min(least, 1)
	}
	if spread && least <= greatest {
		f.y = logarithmic(least, greatest, c.unit(), 6)
	} else {
		f.y = linear(greatest, c.unit(), 6)
	}
	if c.What == Speedup {
		f.ideal = min(f.x.high, f.y.high*c.Values[0].At)
	}
	return f
}

// speedups returns how many times as fast it was at each point as at the first.
func speedups(walls []Point) []Point {
	all := make([]Point, len(walls))
	for i, p := range walls {
		all[i] = Point{Range: p.Speedup, Known: p.Known && p.Speedup.Median > 0}
	}
	return all
}

// sound returns c with as many values as are drawn, each above the one before it, and points for each of them.
func (c Lines) sound() Lines {
	keep := make([]int, 0, len(c.Values))
	last := 0.0
	for i, v := range c.Values {
		if at := v.At; at > last && at <= most && at >= 1/most && len(keep) < maxPoints {
			keep, last = append(keep, i), at
		}
	}
	of := c
	of.Values, of.Series = make([]Value, len(keep)), make([]Series, len(c.Series))
	for i, from := range keep {
		of.Values[i] = c.Values[from]
	}
	for i, s := range c.Series {
		of.Series[i] = Series{s.Mode, make([]Point, len(keep))}
		for j, from := range keep {
			if from < len(s.Points) {
				of.Series[i].Points[j] = s.Points[from]
			}
		}
	}
	return of
}
