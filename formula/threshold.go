package formula

import "math"

// LeastEffect is the smallest ratio that a claim can call an effect. Modes that are equal were called different in 11 and 28 of 60 simulated builds (noise of 5 and 15 %) where it
// was 1.01, in 0 and 18 where it was 1.02, in 0 and 1 where it was 1.05 (docs/decisions/judging.md).
const LeastEffect = 1.05

// The smallest thresholds that measurements resolve.
const (
	leastTime = 1e3     // nanoseconds
	leastSize = 1 << 10 // bytes
)

// threshold returns what is wrong with a comparison of what was measured with a constant.
func (b *Bound) threshold(measured, constant *node) []Error {
	var s sum
	s.add(measured, 1)
	op := Op(b.root.op)
	switch {
	case s.plus && s.minus:
		return []Error{b.wrong("a difference of measurements is compared with a constant", "say by which ratio they differ: a > 1.15 * b, or a > b, with least")}
	case always(func(v, has float64) bool { // a ratio of what is alike
		at, more := s.at(v, has), s.at(v*math.E, has)
		return isNear(at, more, 1+1e-9) && isNear(at, constant.value(alike(v, has))-s.constant(has), LeastEffect)
	}), constant.constantly(0):
		return []Error{b.wrong("this threshold is where nothing differs, so that noise alone crosses it", "state the smallest effect that matters, as in speedup(grind.thread) >= 1.5, or compare the two with each other and give least")}
	}
	beyond := func(bad func(t float64) bool) bool {
		return always(func(v, has float64) bool {
			factor := 1.0
			if at := s.at(v, has) / v; at != 0 && isNear(at, s.at(v*math.E, has)/(v*math.E), 1+1e-9) {
				factor = at
			}
			return bad((constant.value(alike(v, has)) - s.constant(has)) / factor)
		})
	}
	switch {
	case measured.unit == Time && beyond(func(t float64) bool { return math.Abs(t) < leastTime }),
		measured.unit == Size && beyond(func(t float64) bool { return math.Abs(t) < leastSize }):
		return []Error{b.wrong("this threshold is smaller than what can be measured", "times are told apart from 1*us on, sizes from 1*KiB on")}
	case s.isShare() && beyond(func(t float64) bool { return t <= 0 || t > 1 || t == 1 && op != Equal && op != Different }):
		return []Error{b.wrong("a share is between 0 and 1, whatever is measured", "give a threshold between them: share(lost.thread.exit == panic) > 0.1")}
	}
	return nil
}

// A sum is an expression taken apart: terms that rest on measurements, with their signs, and the rest.
type sum struct {
	plus, minus bool // there are such terms
	terms       []term
	constants   []term
}

// A term is a part of a sum, with what it is multiplied by.
type term struct {
	factor float64
	of     *node
}

// add takes apart n, which counts so many times. Factors are those of a machine with 3 cores where they rest on one.
func (s *sum) add(n *node, factor float64) {
	switch {
	case !n.measured():
		s.constants = append(s.constants, term{factor, n})
	case n.op == opNegate:
		s.add(n.args[0], -factor)
	case n.op == opAdd:
		s.add(n.args[0], factor)
		s.add(n.args[1], factor)
	case n.op == opSub && n.text != slopeName:
		s.add(n.args[0], factor)
		s.add(n.args[1], -factor)
	case n.op == opMul && !n.args[0].measured():
		s.add(n.args[1], factor*n.args[0].value(machine))
	case n.op == opMul && !n.args[1].measured(), n.op == opDiv && !n.args[1].measured():
		by := n.args[1].value(machine)
		if n.op == opDiv {
			by = 1 / by
		}
		s.add(n.args[0], factor*by)
	default:
		s.plus, s.minus = s.plus || factor > 0, s.minus || factor < 0
		s.terms = append(s.terms, term{factor, n})
	}
}

// at returns what the terms come to where all that is measured is v.
func (s *sum) at(v, has float64) (total float64) {
	for _, t := range s.terms {
		total += t.factor * t.of.value(alike(v, has))
	}
	return total
}

// constant returns what the rest comes to.
func (s *sum) constant(has float64) (total float64) {
	for _, t := range s.constants {
		total += t.factor * t.of.value(alike(0, has))
	}
	return total
}

// isShare reports whether the sum is of one share, of runs or of time.
func (s *sum) isShare() bool {
	if len(s.terms) != 1 || s.terms[0].of.op != opSeries {
		return false
	}
	series := s.terms[0].of.series
	return series.Is+series.Has != "" || series.Metric == "overlap"
}

// isNoEffect reports whether measurements that are alike are at the threshold of a comparison.
func isNoEffect(left, right *node, op Op, least float64) bool {
	return always(func(v, has float64) bool {
		of := alike(v, has)
		ratio := left.value(of) / right.value(of)
		switch op {
		case Less, AtMost:
			return isNear(1/ratio, least, LeastEffect)
		case More, AtLeast:
			return isNear(ratio, least, LeastEffect)
		default:
			return isNear(ratio, least, LeastEffect) || isNear(1/ratio, least, LeastEffect)
		}
	})
}

// isNear reports whether the ratio of two numbers is within a factor: what is as far away as the factor says is not.
func isNear(a, b, factor float64) bool {
	ratio := a / b
	return ratio > (1+1e-12)/factor && ratio < factor/(1+1e-12)
}

// always reports whether something is so of measurements of whatever size, on whatever machine.
func always(so func(v, has float64) bool) bool {
	return so(math.Pi, 3) && so(math.E*1e6, 3) && so(math.Pi, 7)
}

// constantly reports whether a constant comes to that on any machine.
func (n *node) constantly(to float64) bool {
	return always(func(_, has float64) bool { return n.value(alike(0, has)) == to })
}

// alike returns v for all that is measured, and has for what a machine has.
func alike(v, has float64) func(Series) float64 {
	return func(s Series) float64 {
		switch {
		case s.Program != "":
			return v
		case s.Metric == memoryWord:
			return has * (1 << 30)
		}
		return has
	}
}
