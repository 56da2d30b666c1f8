package runner

import (
	"cmp"
	"fmt"
	"time"

	"course/stats"

	"course/program"
	"course/quantity"
)

// docs/decisions/measuring.md says why these.
const (
	mostRuns     = 50    // at a point of a measured program
	mostReplaced = 6     // runs at a point of a measured program, for others that were disturbed
	outcomeRuns  = 20    // at a point of a program whose outcome varies: what happens in one run of seven is then seen with 95 %
	narrowEnough = 0.05  // Rule.Width
	tooWide      = 0.125 // Rule.Wide
	overtime     = 4     // Rule.Limit, in budgets
)

// rule returns the rule for a program with options o: nil where it runs once in each mode.
func (b Budget) rule(o program.Options) *Rule {
	switch {
	case o.Repeat > 0:
		return &Rule{Least: o.Repeat, Most: o.Repeat, Swept: o.Sweep != nil}
	case !o.Measure && !o.Vary.Outcome:
		return nil
	case o.Measure:
		budget := b.of(o)
		return &Rule{Least: stats.LeastRuns, Most: mostRuns, Width: narrowEnough, Budget: budget, Wide: tooWide, Limit: overtime * budget, Swept: o.Sweep != nil}
	}
	return &Rule{Least: stats.LeastRuns, Most: outcomeRuns, Budget: b.of(o), Swept: o.Sweep != nil}
}

// of returns the time for a program with options o: of a sweep, as much for each value as others have for all.
func (b Budget) of(o program.Options) time.Duration {
	cell := cmp.Or(b.Cell, DefaultBudget)
	if o.Sweep != nil {
		cell *= time.Duration(len(o.Sweep.Values))
	}
	return cell
}

// String says the rule to people: "6 to 50 runs in each mode, until each 95 % interval is at most 5 % of the median wide, or 2.5 s are spent
// (10 s, while one is more than 12.5 % wide)".
func (r Rule) String() string {
	each := " in each mode"
	if r.Swept {
		each += " at each value"
	}
	if r.Least == r.Most {
		return quantity.Count(r.Least, "run") + each
	}
	says := fmt.Sprintf("%d to %d runs%s", r.Least, r.Most, each)
	switch {
	case r.Width > 0 && r.Budget > 0:
		says += fmt.Sprintf(", until each 95 %% interval is at most %g %% of the median wide, or %s are spent", 100*r.Width, quantity.Exact(r.Budget))
		if r.Wide > 0 {
			says += fmt.Sprintf(" (%s, while one is more than %g %% wide)", quantity.Exact(r.Limit), 100*r.Wide)
		}
	case r.Width > 0:
		says += fmt.Sprintf(", until each 95 %% interval is at most %g %% of the median wide", 100*r.Width)
	case r.Budget > 0:
		says += fmt.Sprintf(", until %s are spent", quantity.Exact(r.Budget))
	}
	return says
}
