package site

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"course/problem"
	"course/quantity"
	"course/runner"
)

// maxDrawnWaits bounds the waits that are drawn in a lane: the longest, for the others cannot be seen.
const maxDrawnWaits = 32

// drawnWaits returns the waits of a worker that are drawn, in order.
func drawnWaits(s runner.Span) []runner.Wait {
	drawn := slices.Clone(s.Waits)
	slices.SortStableFunc(drawn, func(a, b runner.Wait) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
	drawn = drawn[:min(len(drawn), maxDrawnWaits)]
	slices.SortStableFunc(drawn, func(a, b runner.Wait) int { return cmp.Compare(a.From, b.From) })
	return drawn
}

// timeWaited returns how long a worker waited, as far as its waits are known. Several of its goroutines may
// have waited at once: that counts once.
func timeWaited(s runner.Span) (sum time.Duration) {
	waits := slices.Clone(s.Waits)
	slices.SortFunc(waits, func(a, b runner.Wait) int { return cmp.Compare(a.From, b.From) })
	var until time.Duration
	for _, w := range waits {
		sum += max(w.To-max(w.From, until), 0)
		until = max(until, w.To)
	}
	return sum
}

// sayWaits says how often and how long a worker waited, "3 times, 12 ms in all"; nothing where it never did.
func sayWaits(s runner.Span) string {
	n := len(s.Waits) + max(s.MoreWaits, 0)
	if n == 0 {
		return ""
	}
	says := "once, "
	if n > 1 {
		says = quantity.Count(n, "time") + ", "
	}
	if s.MoreWaits > 0 {
		says += "more than "
	}
	says += duration(timeWaited(s))
	if n > 1 {
		says += " in all"
	}
	return says
}

// maxPrimitives bounds the primitives that are named in a sentence.
const maxPrimitives = 3

// sayPrimitives names what a worker waited for: "lock 1, queue 2 and others".
func sayPrimitives(s runner.Span) string {
	var names []string
	for _, w := range s.Waits {
		if name := problem.Printable(w.On); !slices.Contains(names, name) {
			if len(names) == maxPrimitives {
				return strings.Join(names, ", ") + " and others"
			}
			names = append(names, name)
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return strings.Join(names, "")
}
