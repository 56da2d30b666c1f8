package runner

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"

	"course/program"
)

// What a recorded result may hold at most: more than any of ours has, and little enough that a page can be drawn of it, and sums do not overflow.
const (
	maxRecordedRuns = 20000            // of a result
	maxRecordedSpan = 24 * time.Hour   // any duration
	maxRecordedText = 8 * keptLine     // bytes of any text: of a line what is kept of it, of which each byte may have become three
	maxRecordedInt  = int64(1) << 50   // any other number: a pebibyte
	maxRecordedFrac = float64(1 << 50) // any fraction
	maxRecordedList = 1 << 17          // entries of any list: lines and spans of a run are bounded where they are made
)

// What no machine does, with room for clocks that differ: wall time is read by the tool, what workers did by their processes, and processor time may be counted in ticks of 10 ms.
const (
	leastWall  = time.Microsecond // starting a process takes more than a hundred times that
	clockSlack = 100 * time.Millisecond
	dayAhead   = 24 * time.Hour // by which the clock of another machine may be ahead
)

// plausible returns an error where r holds what no measurement gives: negative times, more than can be counted. It says nothing about the program.
func plausible(r Result) error {
	switch {
	case r.Version != Version:
		return fmt.Errorf("its version is %d, and not %d", r.Version, Version)
	case len(r.Runs) > maxRecordedRuns:
		return fmt.Errorf("it has %d runs", len(r.Runs))
	case r.Taken.Year() < 2020 || r.Taken.Year() > 9999:
		return fmt.Errorf("it was taken in the year %d", r.Taken.Year())
	}
	if err := bounded(reflect.ValueOf(r), 0); err != nil {
		return err
	}
	for _, run := range r.Runs {
		if err := run.possible(r.Machine.Cores); err != nil {
			return err
		}
	}
	return nil
}

// possible returns an error where the times of a run cannot have been, on so many cores; 0 is not known.
func (r Run) possible(cores int) error {
	if r.Outcome.Kind == program.NotCompiled { // it never began
		return nil
	}
	end := 2*r.Wall + clockSlack
	switch cpu := r.User + r.System; {
	case r.Wall < leastWall:
		return fmt.Errorf("a run took %v", r.Wall)
	case cores > 0 && cpu/time.Duration(cores) > end:
		return fmt.Errorf("a run of %v took %v of %d processors", r.Wall, cpu, cores)
	case r.End() > end || r.Startup != nil && *r.Startup > end:
		return fmt.Errorf("a worker did something after a run of %v", r.Wall)
	}
	return nil
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	pointType    = reflect.TypeFor[program.Point]()
	lives        = []reflect.Type{reflect.TypeFor[Span](), reflect.TypeFor[Wait]()} // in which a negative time is one that did not come to pass
)

// bounded looks through v, and returns an error where a number is out of bounds or a text or list too long. Times are not below least.
func bounded(v reflect.Value, least time.Duration) error {
	switch v.Kind() { //nolint:exhaustive // a result has no others: TestEveryNumberIsBounded
	case reflect.String:
		if v.Len() > maxRecordedText {
			return fmt.Errorf("a text has %d bytes", v.Len())
		}
	case reflect.Int, reflect.Int64:
		from, to := int64(0), maxRecordedInt
		if v.Type() == durationType {
			from, to = int64(least), int64(maxRecordedSpan)
		}
		if n := v.Int(); n < from || n > to {
			return fmt.Errorf("%v is no measurement", v.Interface())
		}
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || f < 0 || f > maxRecordedFrac {
			return fmt.Errorf("%v is no measurement", f)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return bounded(v.Elem(), least)
		}
	case reflect.Slice:
		if v.Len() > maxRecordedList {
			return fmt.Errorf("a list has %d entries", v.Len())
		}
		for _, element := range v.Seq2() {
			if err := bounded(element, least); err != nil {
				return err
			}
		}
	case reflect.Map:
		for _, element := range v.Seq2() { // its keys are points, which fits looks at
			if err := bounded(element, least); err != nil {
				return err
			}
		}
	case reflect.Struct:
		return boundedFields(v, least)
	}
	return nil
}

func boundedFields(v reflect.Value, least time.Duration) error {
	switch {
	case v.Type() == timeType, v.Type() == pointType:
		return nil
	case slices.Contains(lives, v.Type()):
		least = -maxRecordedSpan
	}
	for i := range v.NumField() {
		if v.Type() == reflect.TypeFor[Run]() && v.Type().Field(i).Name == "Value" { // of a sweep: fits looks at it
			continue
		}
		if err := bounded(v.Field(i), least); err != nil {
			return err
		}
	}
	return nil
}

// fits returns an error where p cannot have r, which is plausible, or where r is not as p says it should be. What the result itself says of that
// counts for nothing.
func (r Result) fits(p program.Program) error {
	switch {
	case len(r.Problems) > 0:
		return errors.New("it has problems")
	case r.NotHere != "" && len(r.Runs) == 0:
		return errors.New("the program was not run")
	case !r.Rule.alike(Budget{}.rule(p.Options)):
		return errors.New("it was run by another rule")
	case !slices.Contains([]Stopped{"", StoppedNarrow, StoppedBudget, StoppedCount}, r.Stopped):
		return fmt.Errorf("it stopped for %.40q", r.Stopped)
	}
	points := p.Options.Points()
	if p.Options.ExpectsNotCompiled() && len(points) == 0 {
		points = []program.Point{program.At(program.Plain)} // refusals
	}
	for at := range r.Noise {
		if !slices.Contains(points, at) {
			return fmt.Errorf("the program does not run at %.40q", at)
		}
	}
	for at, others := range r.Others {
		if !slices.Contains(points, at) || others > maxRecordedRuns || !p.Options.Vary.Outcome {
			return fmt.Errorf("the program does not run at %.40q", at)
		}
	}
	counted := make(map[program.Point]int)
	for _, run := range r.Runs {
		if err := run.fits(p, points, counted[run.Point()] == 0); err != nil {
			return err
		}
		if run.Purpose == Counted {
			counted[run.Point()] += max(run.Times, 1)
		}
	}
	for _, at := range points {
		if counted[at] == 0 {
			return fmt.Errorf("it has no run at %v", at)
		}
		counted[at] += r.Others[at]
	}
	return r.often(p, counted)
}

// alike reports whether two rules, of which each may be nil, differ by no more than the time that a user has given.
func (r *Rule) alike(other *Rule) bool {
	if r == nil || other == nil {
		return r == other
	}
	one, two := *r, *other
	one.Budget, one.Limit, two.Budget, two.Limit = 0, 0, 0, 0
	return one == two
}

// often returns an error where the runs of r are not as many as the rule of p makes: else whoever leaves out some of them chooses the verdict.
func (r Result) often(p program.Program, counted map[program.Point]int) error {
	t := newTrial(p, Budget{})
	least, most := t.showings(), t.showings()
	if t.rule != nil {
		least, most = t.rule.Least, t.rule.Most
	}
	live := t.live() // at others nothing is run
	for _, at := range live {
		switch n := counted[at]; {
		case n < least || n > most:
			return fmt.Errorf("it has %d counted runs at %v, and its rule makes %d to %d", n, at, least, most)
		case n != counted[live[0]]:
			return fmt.Errorf("it has %d counted runs at %v, and %d at %v", n, at, counted[live[0]], live[0])
		}
	}
	replaced := make(map[program.Point]int)
	for _, run := range r.Runs {
		if run.Purpose != Replaced {
			continue
		}
		if replaced[run.Point()]++; run.Disturbed == "" || replaced[run.Point()] > mostReplaced || !p.Options.Measure {
			return fmt.Errorf("runs at %v are replaced that are not", run.Point())
		}
	}
	return nil
}

// fits does so for a run; first says that none before it counts at its point.
func (r Run) fits(p program.Program, points []program.Point, first bool) error {
	switch {
	case !slices.Contains(points, r.Point()):
		return fmt.Errorf("the program does not run at %.40q", r.Point())
	case !slices.Contains([]Purpose{Counted, Warmup, Weighing, Replaced}, r.Purpose):
		return fmt.Errorf("a run is for %.40q", r.Purpose)
	case !known(r.Outcome):
		return fmt.Errorf("a run ended by %.40q", r.Outcome.Name())
	case r.Times > maxRecordedRuns, (r.Times > 0) != (p.Options.Vary.Outcome && r.Outcome.Kind != program.NotCompiled):
		return fmt.Errorf("a run stands for %d", r.Times)
	case r.Overlap != nil && *r.Overlap > 1:
		return fmt.Errorf("its workers ran at once for %v of the time", *r.Overlap)
	case r.Same && first && r.Purpose == Counted:
		return errors.New("the first run is as the one before it")
	case r.Purpose != Counted:
		return nil
	case r.Same: // its lines are left out
		r.Output = Output{}
		p.Options.Output = nil
	}
	if r.Outcome.Kind == program.NotCompiled { // what the compiler says is no output of the program
		p.Options.Output = nil
	}
	if found := judge(p, r, observed{}); len(found) > 0 {
		return fmt.Errorf("the cell %s", found[0].does)
	}
	return nil
}

// known reports whether o is a way in which a run can end.
func known(o program.Outcome) bool {
	same, ok := program.ParseOutcome(o.Name())
	return ok && same == o
}
