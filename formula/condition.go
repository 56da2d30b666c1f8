package formula

import "slices"

// A Condition is a comparison, or several joined.
type Condition struct {
	Op          Op
	Of          []*Condition // of And, Or and Not
	Left, Right *Bound       // of the others. An Ending or a Text is on the Left, and compared with a Constant by Equal and Different, a Text also by Contains
	Text        string       // as it was written
}

// An Op is what joins or compares.
type Op string

// The operators, as they are written.
const (
	And       Op = "and"
	Or        Op = "or"
	Not       Op = "not"
	Less      Op = "<"
	AtMost    Op = "<="
	More      Op = ">"
	AtLeast   Op = ">="
	Equal     Op = "==" // of numbers, times and sizes: they differ by less than matters
	Different Op = "!="
	Contains  Op = "contains"
)

// Condition returns what an expression whose unit is Truth says; nil for others.
func (b *Bound) Condition() *Condition {
	if b.root.unit != Truth {
		return nil
	}
	n := b.root
	c := &Condition{Op: Op(n.op), Text: b.String()}
	if n.args[0].unit != Truth {
		c.Left, c.Right = &Bound{b.text, n.args[0]}, &Bound{b.text, n.args[1]}
		return c
	}
	for _, arg := range n.args {
		c.Of = append(c.Of, (&Bound{b.text, arg}).Condition())
	}
	return c
}

// NeedsLeast reports whether c says nothing without a smallest effect that matters, since a comparison in it compares measurements with each other, or says that
// a measurement equals a constant, or does not.
func (c *Condition) NeedsLeast() bool {
	switch {
	case len(c.Of) > 0:
		return slices.ContainsFunc(c.Of, (*Condition).NeedsLeast)
	case !c.Left.Unit().isQuantity():
		return false
	}
	return c.Op == Equal || c.Op == Different || c.Left.Measured() && c.Right.Measured()
}

// CheckClaim returns what forbids that a claim holds when b is true: b is no condition, or a comparison in it rests on no measurement, or its threshold
// is where things hardly differ, or where no measurement can be. least is the claim's, 0 where it has none.
func (b *Bound) CheckClaim(least float64) []Error {
	if b.Unit() != Truth {
		return []Error{b.wrong("this is no condition", "compare it: speedup(grind.thread) >= 1.5")}
	}
	var all []Error
	b.comparisons(func(c *Bound) {
		left, right := c.root.args[0], c.root.args[1]
		op := Op(c.root.op)
		switch {
		case !left.measured() && !right.measured():
			all = append(all, c.wrong("nothing that was measured is compared", "name a cell; what a machine has to have stands in needs: cores >= 2"))
		case !left.unit.isQuantity():
		case left.measured() && right.measured():
			if least > 0 && isNoEffect(left, right, op, least) {
				all = append(all, c.wrong("the threshold is where nothing differs, so that noise alone crosses it", "least counts beside the factor that is written: compare the two without it"))
			}
		case op == Equal || op == Different:
			constant := right
			if !left.measured() {
				constant = left
			}
			if constant.value(machine) == 0 {
				all = append(all, c.wrong("nothing is close to zero by a ratio", "write < and the largest that does not matter"))
			}
		case !left.measured():
			all = append(all, c.threshold(right, left)...)
		default:
			all = append(all, c.threshold(left, right)...)
		}
	})
	return all
}

// CheckNeed returns what forbids that a claim needs b of a machine: b is no condition, or rests on more than the machine.
func (b *Bound) CheckNeed() []Error {
	if b.Unit() != Truth {
		return []Error{b.wrong("this is no condition", "compare it: cores >= 2")}
	}
	var all []Error
	b.comparisons(func(c *Bound) {
		switch {
		case c.Measured():
			all = append(all, c.wrong("what a claim needs is known before anything is measured", "needs are of the machine: cores >= 2, memory >= 4*GiB"))
		case len(c.Series()) == 0:
			all = append(all, c.wrong("this says nothing of the machine", "needs are of the machine: cores >= 2, memory >= 4*GiB"))
		}
	})
	return all
}

// comparisons calls visit for each comparison that the condition b joins.
func (b *Bound) comparisons(visit func(*Bound)) {
	if b.root.args[0].unit != Truth {
		visit(b)
		return
	}
	for _, arg := range b.root.args {
		(&Bound{b.text, arg}).comparisons(visit)
	}
}

// wrong is an error of all of b.
func (b *Bound) wrong(message, hint string) Error {
	return Error{b.root.from, b.root.to - b.root.from, message, hint}
}
