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

// LeastRuns is of how few measurements an Interval covers the median: below, not even the least and the greatest do with Confidence.
const LeastRuns = 6

// An Interval is the median of several measurements and the interval that covers the true one with Confidence, from the
// order statistics. Where there are too few for that, fewer than LeastRuns, Low and High are the least and the greatest, and Covers is false.
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

// Share returns the interval that covers the share of all trials that could be made in which something is so with Confidence, where it was so in n of
// some: the exact one of Clopper and Pearson ("The use of confidence or fiducial limits", Biometrika 1934), which covers at least so often for any share. Without trials it is all from 0 to 1.
func Share(n, of int) (low, high float64) {
	low, high = 0, 1
	const tail = (1 - Confidence) / 2
	if n > 0 {
		low = bisect(func(p float64) bool { return atLeast(n, of, p) < tail })
	}
	if n < of {
		high = bisect(func(p float64) bool { return 1-atLeast(n+1, of, p) > tail })
	}
	return low, high
}

// bisect returns where below ceases to be true between 0 and 1.
func bisect(below func(p float64) bool) float64 {
	low, high := 0.0, 1.0
	for range 50 {
		if p := (low + high) / 2; below(p) {
			low = p
		} else {
			high = p
		}
	}
	return (low + high) / 2
}

// atLeast returns the probability of n or more successes in so many trials of which each succeeds with p: the sum of the tail that becomes smaller with
// each of its terms.
func atLeast(n, of int, p float64) float64 {
	odds := p / (1 - p)
	sum := 0.0
	if p*float64(of) < float64(n) {
		for k, term := n, exactly(n, of, p); k <= of; k++ {
			sum += term
			term *= float64(of-k) / float64(k+1) * odds
		}
		return sum
	}
	for k, term := n-1, exactly(n-1, of, p); k >= 0; k-- {
		sum += term
		term *= float64(k) / float64(of-k+1) / odds
	}
	return 1 - sum
}

// exactly returns the probability of n successes.
func exactly(n, of int, p float64) float64 {
	all, _ := math.Lgamma(float64(of + 1))
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(of - n + 1))
	return math.Exp(all - a - b + float64(n)*math.Log(p) + float64(of-n)*math.Log1p(-p))
}
