// Package stats says what a few measurements tell, without assuming how they are distributed: medians with their
// intervals, and whether two samples differ. What is measured is decided by runner, and what it means by evidence; both look at it through this package.
package stats

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// Confidence is that of an Interval: the least probability with which it covers the median of all measurements that could be made.
const Confidence = 0.95

// An Interval is the median of several measurements and the interval that covers the true one with Confidence, from the
// order statistics. Where there are too few for that, fewer than 6, Low and High are the least and the greatest, and Covers is false.
type Interval struct {
	Median, Low, High float64
	Covers            bool
}

// Median returns the median of values, which it leaves as they are, with its interval. Without values it is zero.
func Median(values []float64) Interval {
	if len(values) == 0 {
		return Interval{}
	}
	s := sample(values)
	m := benchmath.AssumeNothing.Summary(s, Confidence)
	if math.IsInf(m.Lo, 0) || math.IsInf(m.Hi, 0) { // it needs values that there are not
		return Interval{Median: m.Center, Low: s.Values[0], High: s.Values[len(s.Values)-1]}
	}
	return Interval{Median: m.Center, Low: m.Lo, High: m.Hi, Covers: true}
}

// Width is how wide the interval is, as a share of the median: infinite where it does not cover, or where the median is not positive.
func (i Interval) Width() float64 {
	if !i.Covers || i.Median <= 0 {
		return math.Inf(1)
	}
	return (i.High - i.Low) / i.Median
}

// Differ returns the p-value of the hypothesis that a and b, which it leaves as they are, were drawn from one distribution (the Mann-Whitney U test):
// 1 where there are too few of them to tell, or all are equal.
func Differ(a, b []float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 1
	}
	return benchmath.AssumeNothing.Compare(sample(a), sample(b)).P
}

// sample copies values: benchmath sorts what it is given.
func sample(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
}
