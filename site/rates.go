package site

import (
	"course/evidence"
	"course/formula"
	"course/program"
)

// busy reports whether one series by another is how many processors were at work: the processor time by the wall time of the same runs.
func busy(over, under formula.Series) bool {
	return over.Metric == "cpu" && under.Metric == "wall" && over.Program == under.Program && over.Point == under.Point
}

// occupiedSentence says how many processors the runs of which these are the wall times kept at work.
func (s *Site) occupiedSentence(of formula.Series, c evidence.Comparison) string {
	with := upper(s.with(of))
	if n := effect(c); c.Effect >= 0.95 {
		return upper(with + n + " processors were at work, on average.")
	}
	return upper(with + "a processor was at work for " + percent(c.Effect) + " of the time.")
}

// busySentence compares how many processors two programs, or modes of one, kept at work; it is empty where that is not what is compared.
func (s *Site) busySentence(c evidence.Comparison) string {
	over, wall, ok := c.Left.Quotient()
	under, other, both := c.Right.Quotient()
	if !ok || !both || !c.Ratio || c.Low <= 0 || !busy(over, wall) || !busy(under, other) {
		return ""
	}
	if c.Op == formula.Less || c.Op == formula.AtMost {
		over, under = under, over
	}
	ratio, low, high := c.Effect, c.Low, c.High
	if ratio < 1 {
		over, under = under, over
		ratio, low, high = 1/ratio, 1/high, 1/low
	}
	times, _, _ := evidence.Words(formula.Number, ratio, low, high)
	return upper(s.who(over, under)) + " kept " + times + " times as many processors at work as " + s.who(under, over) + "."
}

// slopeSentence says how much something grew by over a sweep, or how many times as much in one mode as in another; it is empty where that is not what is compared.
func (s *Site) slopeSentence(c evidence.Comparison) string {
	of, ok := c.Left.Slope()
	cell := s.cells[of.Program]
	if !ok || cell == nil || cell.Options.Sweep == nil {
		return ""
	}
	metric, sweep := metricName(of.Metric), cell.Options.Sweep.Name
	if !c.Ratio {
		return upper(s.with(formula.Series{Program: of.Program, Point: program.At(of.Point.Mode)})) + metric + " grew by " + effect(c) + " with each unit of " + sweep + "."
	}
	over := of
	under, ok := c.Right.Slope()
	if !ok || under.Program != over.Program || under.Metric != over.Metric || c.Low <= 0 {
		return ""
	}
	if c.Op == formula.Less || c.Op == formula.AtMost {
		over, under = under, over
	}
	ratio, low, high := c.Effect, c.Low, c.High
	if ratio < 1 {
		over, under = under, over
		ratio, low, high = 1/ratio, 1/high, 1/low
	}
	times, _, _ := evidence.Words(formula.Number, ratio, low, high)
	over.Point.Value, under.Point.Value = 0, 0
	return "Over " + sweep + ", " + metric + " grew " + times + " times as much with " + s.who(over, under) + " as with " + s.who(under, over) + "."
}
