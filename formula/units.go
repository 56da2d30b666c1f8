package formula

import "fmt"

// phrase says what a value of a unit is.
func (u Unit) phrase() string {
	switch u {
	case Number:
		return "a number"
	case Time:
		return "a time"
	case Size:
		return "a size"
	case Ending:
		return "how a run ended"
	case Text:
		return "a text"
	case Truth:
		return "a comparison"
	}
	return "a parameter"
}

// isQuantity reports whether a value of the unit can be computed; one that depends on what is named is taken to be.
func (u Unit) isQuantity() bool { return u == Number || u == Time || u == Size || u == "" }

const howToUnits = "units are factors: 10*ms, 64*KiB"

// unitOf returns the unit of n, whose arguments have theirs: empty where it depends on what is named.
func unitOf(n *node) (Unit, *Error) {
	wrong := func(message, hint string) (Unit, *Error) {
		return "", &Error{n.at, n.end - n.at, message, hint}
	}
	switch op := Op(n.op); op {
	case And, Or, Not:
		for _, arg := range n.args {
			if arg.unit != Truth {
				hint := "join comparisons: a < b and b < c"
				if op == Not {
					hint = "put the comparison in brackets: not (a < b)"
				}
				return wrong(fmt.Sprintf("%q is of comparisons, and this is %s", op, arg.unit.phrase()), hint)
			}
		}
		return Truth, nil
	case Contains:
		if n.args[0].unit != Text || n.args[0].op == opText || n.args[1].op != opText || n.args[1].unit != Text {
			return wrong(`"contains" is of what a run printed, and of a text`, `write cell.mode.output contains "text"`)
		}
		return Truth, nil
	case Equal, Different:
		if a := n.args[0].unit; a == Ending || a == Text {
			if n.args[0].op == opText || n.args[1].op != opText || n.args[1].unit != a {
				return wrong(fmt.Sprintf("%s is compared with what is not said", a.phrase()), `compare it with a text, or the name of an outcome: lost.thread.exit == panic`)
			}
			return Truth, nil
		}
	default:
	}
	if n.op == opCall {
		return unitOfCall(n)
	}
	for _, arg := range n.args {
		if !arg.unit.isQuantity() {
			hint := howToUnits
			switch {
			case arg.unit == Truth:
				hint = "join comparisons with and, or"
			case arg.op == opText:
				hint = "texts stand beside exit and output: lost.thread.exit == panic"
			case arg.unit == Ending || arg.unit == Text:
				hint = `compare it with == or !=; share(lost.thread.exit == panic) is a number`
			}
			return wrong(fmt.Sprintf("%s where a number is wanted", arg.unit.phrase()), hint)
		}
	}
	a := n.args[0].unit
	if n.op == opNegate {
		return a, nil
	}
	return combined(n.op, a, n.args[1].unit, wrong)
}

// combined returns the unit that an operator makes of quantities of two units.
func combined(op operation, a, b Unit, wrong func(message, hint string) (Unit, *Error)) (Unit, *Error) {
	alike := a == b || a == "" || b == ""
	one := a // what is known of two that are alike
	if a == "" {
		one = b
	}
	switch op {
	case opAdd, opSub:
		if !alike {
			return wrong(fmt.Sprintf("%s and %s are neither added nor subtracted", a.phrase(), b.phrase()), howToUnits)
		}
		return one, nil
	case opMul:
		switch {
		case a == Number:
			return b, nil
		case b == Number:
			return a, nil
		case alike && one == "":
			return "", nil
		case alike && a != b: // the parameter has to be a number
			return one, nil
		}
		return wrong(fmt.Sprintf("%s times %s", a.phrase(), b.phrase()), "one of two factors is a number; what divides stands in brackets: a / (10*ms)")
	case opDiv:
		switch {
		case b == Number:
			return a, nil
		case a == "" || b == "":
			return "", nil
		case a == b:
			return Number, nil
		}
		return wrong(fmt.Sprintf("%s divided by %s", a.phrase(), b.phrase()), "divide by a number, or by what is of the same unit")
	default:
	}
	if !alike { // a comparison
		hint := howToUnits
		if a == Number || b == Number {
			hint = "a number becomes a time or a size by its unit: 10*ms, 64*KiB"
		}
		return wrong(fmt.Sprintf("%s is compared with %s", a.phrase(), b.phrase()), hint)
	}
	return Truth, nil
}

// unitOfCall returns the unit of what a function returns.
func unitOfCall(n *node) (Unit, *Error) {
	wrong := func(arg *node, message, hint string) (Unit, *Error) {
		return "", &Error{arg.from, arg.to - arg.from, message, hint}
	}
	switch first := n.args[0]; n.text {
	case "ratio":
		for _, arg := range n.args {
			if !arg.unit.isQuantity() {
				return wrong(arg, fmt.Sprintf("%s where a number is wanted", arg.unit.phrase()), "write ratio(a, b) of two times, two sizes or two numbers")
			}
		}
		if a, b := first.unit, n.args[1].unit; a != b && a != "" && b != "" {
			return wrong(n, fmt.Sprintf("the ratio of %s to %s", a.phrase(), b.phrase()), "take two times, two sizes or two numbers")
		}
	case "scaling":
		if index := first.ref.index; index != nil {
			return wrong(index, "scaling is over the values of a sweep", "write scaling(cell.mode), or scaling(cell.mode, 1, 8)")
		}
		for _, arg := range n.args[1:] {
			if !arg.isConstant() {
				return wrong(arg, "this is no value of a sweep", "write a constant: scaling(grow.thread, 1, 8)")
			}
		}
	case slopeName:
		if first.op != opRef || first.ref.metric.name == "" || !first.unit.isQuantity() {
			return wrong(first, "slope is of a metric that is a time, a size or a number", "write slope(cell.mode.metric)")
		}
		if first.ref.index != nil {
			return wrong(first.ref.index, "slope is over all values of a sweep", "leave out what is in brackets")
		}
		return "", nil // a sweep may be over times
	case "share":
		if first.op == operation(Not) {
			first = first.args[0]
		}
		switch Op(first.op) {
		case Equal, Different, Contains:
			if first.args[0].op == opRef && first.args[1].op == opText {
				return Number, nil
			}
		default:
		}
		return wrong(n.args[0], "share is of how runs end, or of what they print", `write share(cell.mode.exit == panic), or share(cell.mode.output contains "text"); shares can be added`)
	}
	return Number, nil
}
