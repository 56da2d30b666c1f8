package formula

import "math"

// constant reports parts that come to no number whatever is measured: a division by zero.
func (b *binder) constant(root *node) {
	root.walk(func(n *node) {
		if n.op != opDiv || n.args[1].measured() {
			return
		}
		if d := n.args[1].value(machine); d == 0 || math.IsNaN(d) || math.IsInf(d, 0) {
			b.refuse(n.args[1].from, n.args[1].to, "a division by zero", "divide by what is not")
		}
	})
}

// machine stands for a machine where what a machine has is only to be there.
func machine(s Series) float64 {
	switch {
	case s.Program != "":
		return math.NaN()
	case s.Metric == memoryWord:
		return 3 << 30
	}
	return 3
}

// trials are how often an expression is computed to see whether what is measured can change it.
const trials = 8

// trial returns what may have been measured: for each series numbers that have nothing to do with each other, over all magnitudes that measurements have. They are the same
// each time.
func trial(i int) func(Series) float64 {
	known := make(map[Series]float64)
	return func(s Series) float64 {
		if s.Program == "" {
			return machine(s)
		}
		v, ok := known[s]
		if !ok {
			// Multiples of the golden ratio's fraction are spread evenly, and none is a simple multiple of another.
			_, f := math.Modf(float64(i*maxTokens+len(known)+1) * (math.Phi - 1))
			v = math.Pow(10, 12*f-1)
			known[s] = v
		}
		return v
	}
}

// effective reports the innermost parts that rest on measurements and come to the same whatever these are, such as a / a, and comparisons of what differs
// by the same in any case, such as a measurement from itself. It returns whether there are none.
func (b *binder) effective(n *node) bool {
	ok := true
	for _, arg := range n.args {
		ok = b.effective(arg) && ok
	}
	if !ok || len(n.args) < 2 || !n.measured() {
		return ok
	}
	left, right := n.args[0], n.args[1]
	switch {
	case n.unit != Truth:
		if isSame(n.value) {
			b.refuse(n.from, n.to, "this comes to the same whatever is measured", "name two cells, two modes or two metrics")
			return false
		}
	case !left.unit.isQuantity(): // conditions, and what is compared with a constant
	case isSame(func(of func(Series) float64) float64 { return left.value(of) - right.value(of) }),
		isSame(func(of func(Series) float64) float64 { return left.value(of) / right.value(of) }):
		b.refuse(n.from, n.to, "a measurement is compared with itself", "name two cells, two modes or two metrics")
		return false
	}
	return true
}

// isSame reports whether no measurement changes what value returns.
func isSame(value func(of func(Series) float64) float64) bool {
	first := value(trial(0))
	for i := 1; i < trials; i++ {
		if v := value(trial(i)); !(math.Abs(v-first) <= 1e-9*math.Abs(first)) { // which of what is divided by zero it is not
			return false
		}
	}
	return true
}
