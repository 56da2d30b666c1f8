package evidence

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"course/stats"

	"course/formula"
	"course/lessons"
	"course/quantity"
)

// weigh judges a condition, and adds the comparisons in it to j. What follows whatever an undecided comparison may be is decided: one part of an "and" that
// does not hold is enough.
func (c *court) weigh(j *Judgment, condition *formula.Condition) lessons.Verdict {
	switch condition.Op {
	case formula.And:
		return c.joined(j, condition.Of, lessons.DoesNotHold)
	case formula.Or:
		return c.joined(j, condition.Of, lessons.Holds)
	case formula.Not:
		return opposite(c.weigh(j, condition.Of[0]))
	default:
		of := c.basis.in(j.Lesson).weigh(condition, j.Claim.Least)
		of.Why = of.reasons.String()
		j.Comparisons = append(j.Comparisons, of)
		return of.Verdict
	}
}

// joined judges conditions of which one that has the verdict decides for all.
func (c *court) joined(j *Judgment, conditions []*formula.Condition, decides lessons.Verdict) lessons.Verdict {
	all := opposite(decides)
	for _, of := range conditions {
		switch verdict := c.weigh(j, of); {
		case verdict == decides:
			all = decides
		case verdict == lessons.Undecided && all != decides:
			all = lessons.Undecided
		}
	}
	return all
}

// weigh judges a comparison.
func (b *basis) weigh(condition *formula.Condition, least float64) Comparison {
	if unit := condition.Left.Unit(); unit == formula.Ending || unit == formula.Text {
		return b.count(condition)
	}
	return b.compare(condition, least)
}

func opposite(v lessons.Verdict) lessons.Verdict {
	switch v {
	case lessons.Holds:
		return lessons.DoesNotHold
	case lessons.DoesNotHold:
		return lessons.Holds
	default:
		return v
	}
}

// compare judges a comparison of quantities.
func (b *basis) compare(condition *formula.Condition, least float64) Comparison {
	left, right, op := condition.Left, condition.Right, condition.Op
	if !left.Measured() { // the constant stands on the right from here on
		left, right, op = right, left, mirrored(op)
	}
	c := Comparison{Text: condition.Text, Left: left, Right: right, Op: op, Verdict: lessons.Undecided}
	upward := op == formula.More || op == formula.AtLeast
	c.Ratio = condition.NeedsLeast()
	c.Unit, c.Threshold = left.Unit(), math.NaN()
	value := left.Value
	if c.Ratio {
		c.Unit, c.Threshold = formula.Number, least
		value = func(of func(formula.Series) float64) float64 { return left.Value(of) / right.Value(of) }
		if op == formula.Less || op == formula.AtMost {
			value = func(of func(formula.Series) float64) float64 { return right.Value(of) / left.Value(of) }
			upward = true
		}
	}
	e := b.estimate(seriesOf(left, right), value)
	if !c.Ratio {
		c.Threshold = right.Value(func(s formula.Series) float64 { return b.has(s.Metric, e.of) })
	}
	c.Of, c.Runs = e.of, e.runs()
	c.reasons = b.open(e)
	signed := c.Ratio && !(b.isPositive(left) && b.isPositive(right))
	if c.Known = e.isKnown() && !math.IsNaN(c.Threshold) && !signed && !b.hasPole(left, right); c.Known {
		c.Effect, c.Low, c.High = e.value, e.low, e.high
	}
	switch {
	case len(c.reasons) > 0:
		return c
	case signed:
		c.reasons.add("one side may be zero or negative, and a ratio then says nothing: "+c.Text, "", "")
		return c
	case !c.Known:
		c.reasons.add("it comes to no number: "+c.Text, "", "")
		return c
	case c.Ratio && least <= 1: // which is a problem of the lesson
		c.reasons.add("the claim does not say which effect matters", "", "")
		return c
	}
	switch {
	case op == formula.Equal || op == formula.Different:
		c.Verdict = within(e, least)
		if op == formula.Different {
			c.Verdict = opposite(c.Verdict)
		}
	case e.low > c.Threshold:
		c.Verdict = verdictOf(upward)
	case e.high < c.Threshold:
		c.Verdict = verdictOf(!upward)
	}
	if c.Verdict == lessons.Undecided {
		c.reasons.add(c.between(op, least), "", "")
	}
	return c
}

// mirrored returns op for sides that change places.
func mirrored(op formula.Op) formula.Op {
	switch op {
	case formula.Less:
		return formula.More
	case formula.AtMost:
		return formula.AtLeast
	case formula.More:
		return formula.Less
	case formula.AtLeast:
		return formula.AtMost
	default:
		return op
	}
}

// seriesOf returns what two expressions rest on, each series once.
func seriesOf(left, right *formula.Bound) []formula.Series {
	all := left.Series()
	seen := make(map[formula.Series]bool, len(all))
	for _, s := range all {
		seen[s] = true
	}
	for _, s := range right.Series() {
		if !seen[s] {
			all = append(all, s)
		}
	}
	return all
}

func verdictOf(holds bool) lessons.Verdict {
	if holds {
		return lessons.Holds
	}
	return lessons.DoesNotHold
}

// within judges whether a ratio differs from 1 by less than least.
func within(e estimate, least float64) lessons.Verdict {
	switch {
	case e.low > 1/least && e.high < least:
		return lessons.Holds
	case e.high < 1/least || e.low > least:
		return lessons.DoesNotHold
	}
	return lessons.Undecided
}

// between says that the interval reaches over a threshold.
func (c Comparison) between(op formula.Op, least float64) string {
	threshold := Say(c.Unit, c.Threshold)
	if op == formula.Equal || op == formula.Different {
		if c.Low <= 1/least && 1/least <= c.High {
			threshold = "1/" + threshold
		}
	}
	return fmt.Sprintf("the interval of %s is %s to %s, and %s lies in it", c.Text, Say(c.Unit, c.Low), Say(c.Unit, c.High), threshold)
}

// count judges a comparison of how runs ended, or what they printed, by all runs that count.
func (b *basis) count(condition *formula.Condition) Comparison {
	c := Comparison{
		Text: condition.Text, Left: condition.Left, Right: condition.Right, Op: condition.Op,
		Unit: formula.Number, Counted: true, Threshold: 1, Verdict: lessons.Undecided,
	}
	s := condition.Left.Series()[0]
	text, _ := condition.Right.Constant()
	if s.Is = text; condition.Op == formula.Contains {
		s.Is, s.Has = "", text
	}
	r := b.results[s.Program]
	if r == nil {
		c.reasons.add("no results of ", b.cell(s.Program), "")
		return c
	}
	o, _ := b.scope.Options(s.Program)
	n := tell(*r, o, s.Point, testOf(o.Vary, s))
	if condition.Op == formula.Different {
		n.yes, n.no = n.no, n.yes
	}
	if c.Runs = n.runs(); c.Runs == 0 {
		c.reasons.add("no run of ", b.name(s), "")
		return c
	}
	c.Known = true
	c.Effect, c.Low, c.High = share(n)
	switch {
	case c.Runs < stats.LeastRuns:
		c.reasons.tooFew(b.name(s), c.Runs)
	case n.yes == c.Runs:
		c.Verdict = lessons.Holds
	case n.no == c.Runs:
		c.Verdict = lessons.DoesNotHold
	default:
		c.reasons.add(fmt.Sprintf("in %d of %d runs %s: a share of them can be claimed", n.yes, c.Runs, c.Text), "", "")
	}
	return c
}

// Say writes a value of a unit, with at most three significant digits.
func Say(unit formula.Unit, v float64) string {
	switch {
	case unit == formula.Time && math.Abs(v) < math.MaxInt64:
		return quantity.Duration(time.Duration(math.Round(v)), 0)
	case unit == formula.Size && math.Abs(v) < math.MaxInt64:
		return quantity.Bytes(int64(math.Round(v)))
	}
	if a := math.Abs(v); a >= 1000 && a < 1e15 {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
