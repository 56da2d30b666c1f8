package runner

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"course/problem"
	"course/program"
	"course/runner/build"
	"course/runner/machine"
	"course/runner/sandbox"
	"course/stats"
)

// A trial is all running of one program: in each of its modes, as often as its rule has it.
type trial struct {
	program  program.Program
	rule     *Rule                                                                   // nil: once at each point, or twice
	hurried  bool                                                                    // the budget of the course is spent
	weighing bool                                                                    // the system can tell how much memory a run takes
	execute  func(at program.Point, purpose Purpose, run int) (Run, observed, error) // run counts those there
	clock    func() time.Duration                                                    // since the trial began

	runs    []Run
	stopped Stopped
	others  map[program.Point]int // Result.Others
	found   map[program.Point][]finding
	layers  []sandbox.Layer // that confined all runs

	made     map[program.Point]int                     // runs
	ended    map[program.Point]map[program.Outcome]int // how often they ended so
	missed   map[program.Point]missed                  // of a program whose outcome varies: the first that did not end as it should
	over     map[program.Point]bool                    // a run did not end as it should: there is no other
	walls    map[program.Point][]float64               // of the counted runs, in nanoseconds
	replaced map[program.Point]int                     // runs for which another was made
	comparer comparer                                  // of what runs print
	first    map[program.Point]Run                     // the first counted one, with its lines
	second   map[program.Point]bool                    // there is another whose lines are kept though it is the same
	varied   map[program.Point]finding                 // that a run printed otherwise than the first
	ways     map[program.Point]map[string]int          // how the runs of a program went whose outcome varies: where in runs the first of each is
}

// execute runs a program as often as it asks for, and completes its result. Of each mode it tells what was found first only: what
// went wrong once is not said nine times.
func (j *job) execute(ctx context.Context, s *supervisor, b build.Build, result *Result) error {
	err := j.try(ctx, s, b, result)
	if errors.Is(err, errConfinement) { // what the system now refuses, it refuses to all runs of this supervisor from here on
		err = j.try(ctx, s, b, result)
	}
	return err
}

func (j *job) try(ctx context.Context, s *supervisor, b build.Build, result *Result) error {
	begun, budget := time.Now(), j.runner.Budget
	t := newTrial(b.Program, budget)
	t.hurried = budget.Course > 0 && time.Duration(j.spent.Load()) >= budget.Course
	t.weighing = runtime.GOOS == "linux"
	t.clock = func() time.Duration { return time.Since(begun) }
	t.execute = func(at program.Point, purpose Purpose, run int) (Run, observed, error) {
		var spent func() *Spent
		if t.rule != nil {
			spent = func() *Spent {
				return &Spent{Program: t.clock(), ProgramBudget: t.bound(), Course: time.Duration(j.spent.Load()) + t.clock(), CourseBudget: budget.Course}
			}
		}
		event := Event{ID: b.Program.ID, Mode: at.Mode, Value: at.Value, Run: run}
		if sweep := b.Program.Options.Sweep; sweep != nil {
			event.Param = sweep.Named(at.Value)
		}
		return j.executeOnce(ctx, s, b, event, purpose, spent)
	}
	err := t.perform()
	if t.rule != nil {
		j.spent.Add(int64(t.clock()))
	}
	if err != nil {
		return err
	}
	result.Runs, result.Layers, result.Rule, result.Stopped, result.Others = t.runs, t.layers, t.rule, t.stopped, t.others
	result.Problems = append(result.Problems, t.problems()...)
	if t.program.Options.Measure {
		result.Noise = noise(t.program.Options.Points(), t.runs)
	}
	return nil
}

// executeOnce executes a program and tells of it. While a run is measured, nobody is told of what it prints: whoever takes his time with an
// event would have the program wait, once its pipe is full.
func (j *job) executeOnce(ctx context.Context, s *supervisor, b build.Build, event Event, purpose Purpose, spent func() *Spent) (Run, observed, error) {
	tell := func(line Line) {
		printed := event.with(Printed)
		printed.Line = &line
		j.tell(printed)
	}
	told, quiet := tell, b.Program.Options.Measure && purpose != Warmup
	j.tell(event.spending(spent).with(Started))
	if quiet {
		told = func(Line) {}
		collectBeforehand()
	}
	t := j.treatment(b.Program)
	t.weigh = purpose == Weighing
	run, seen, err := execute(ctx, s, b, program.Point{Mode: event.Mode, Value: event.Value}, t, told)
	if err != nil {
		return Run{}, seen, err
	}
	if quiet {
		for _, line := range run.Output.Lines {
			tell(line)
		}
	}
	j.tell(event.spending(spent).with(Ended))
	return run, seen, nil
}

// treatment is what the runs of p meet.
func (j *job) treatment(p program.Program) treatment {
	t := treatment{confined: !j.runner.trusts(p), limits: j.runner.limits, pressure: j.runner.pressure}
	if t.pressure == nil {
		t.pressure = machine.PressureNow
	}
	return t
}

// spending returns e with what is spent now.
func (e Event) spending(spent func() *Spent) Event {
	if spent != nil {
		e.Spent = spent()
	}
	return e
}

// newTrial returns a trial of p under its rule.
func newTrial(p program.Program, budget Budget) *trial {
	return &trial{
		program: p, rule: budget.rule(p.Options),
		found: make(map[program.Point][]finding), made: make(map[program.Point]int), over: make(map[program.Point]bool), replaced: make(map[program.Point]int), walls: make(map[program.Point][]float64),
		ended: make(map[program.Point]map[program.Outcome]int), missed: make(map[program.Point]missed),
		comparer: newComparer(p.Options), first: make(map[program.Point]Run), second: make(map[program.Point]bool),
		varied: make(map[program.Point]finding), ways: make(map[program.Point]map[string]int),
	}
}

// missed is a run that did not end as it should.
type missed struct {
	outcome program.Outcome
	seen    observed
}

// errConfinement is that a run was confined otherwise than those before it.
var errConfinement = errors.New("the system confined some of its runs otherwise than others")

// perform makes all runs. An error is one of execute's, or errConfinement.
func (t *trial) perform() error {
	if t.rule == nil {
		for round := range t.showings() {
			if _, err := t.round(inTurn(t.live(), round), Counted); err != nil {
				return err
			}
		}
		return nil
	}
	if t.program.Options.Measure {
		if _, err := t.round(t.live(), Warmup); err != nil {
			return err
		}
		for round := range t.weighings() {
			if _, err := t.round(inTurn(t.live(), round), Weighing); err != nil {
				return err
			}
		}
	}
	for round := 0; ; round++ {
		points := inTurn(t.live(), round)
		if len(points) == 0 {
			return nil
		}
		if t.stopped = t.stop(round); t.stopped != "" {
			return nil
		}
		for len(points) > 0 {
			var err error
			if points, err = t.round(points, Counted); err != nil {
				return err
			}
		}
	}
}

// showings is how often a program without a rule runs at each point: where what it prints may vary a second time, so that this is to be seen.
func (t *trial) showings() int {
	if vary := t.program.Options.Vary; vary.Order || len(vary.Masks) > 0 {
		return 2
	}
	return 1
}

// weighings is how often the program is weighed at each point: often enough for an interval where its memory is asked for, else once, and
// not at all where the system cannot tell.
func (t *trial) weighings() int {
	switch {
	case !t.weighing:
		return 0
	case t.program.Options.Weigh:
		return stats.LeastRuns
	}
	return 1
}

// live returns the points at which there may be another run. The modes at one value of a sweep stand together: what is compared most has
// its runs from the same moments.
func (t *trial) live() []program.Point {
	points := slices.DeleteFunc(t.program.Options.Points(), func(at program.Point) bool {
		return t.over[at] || t.program.Options.Expect[at.Mode].Has(program.Outcome{Kind: program.NotCompiled})
	})
	slices.SortStableFunc(points, func(a, b program.Point) int { return cmp.Compare(a.Value, b.Value) })
	return points
}

// inTurn returns points in the order in which they come in that round: each time that it is odd, the reverse of the round before, and each time
// that it is even one further round. So each is as often first or last as any other once there were two rounds for each, and follows each of its neighbours
// as often as it precedes it; and after any two rounds each comes in the middle on average, so that a machine that grows slower is as slow for all.
func inTurn(points []program.Point, round int) []program.Point {
	if len(points) == 0 {
		return nil
	}
	first := round / 2 % len(points)
	order := slices.Concat(points[first:], points[:first])
	if round%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// round runs the program once at each of points. It returns those whose run is to be replaced.
func (t *trial) round(points []program.Point, purpose Purpose) (again []program.Point, err error) {
	for _, at := range points {
		run, seen, err := t.execute(at, purpose, t.made[at])
		if err != nil {
			return nil, err
		}
		if len(t.made) > 0 && !slices.Equal(seen.layers, t.layers) {
			return nil, errConfinement
		}
		t.made[at]++
		run.Purpose = purpose
		t.layers = seen.layers
		t.count(at, run, seen)
		if run.Disturbed != "" && purpose == Counted && t.mayReplace(at) {
			run.Purpose = Replaced
			t.replaced[at]++
			again = append(again, at)
		}
		if len(t.found[at]) == 0 {
			t.found[at] = judge(t.program, run, seen)
		}
		if run.Purpose == Counted {
			t.walls[at] = append(t.walls[at], float64(run.Wall))
		}
		t.keep(run)
	}
	return again, nil
}

// count takes note of how a run ended, and whether there is to be another there. Where the outcome varies it is the point to see how often it
// does, unless runs have to be ended, which take long.
func (t *trial) count(at program.Point, run Run, seen observed) {
	if t.ended[at] == nil {
		t.ended[at] = make(map[program.Outcome]int)
	}
	t.ended[at][run.Outcome]++
	if seen.lost != "" {
		t.over[at] = true
		return
	}
	if t.program.Options.Expect[at.Mode].Has(run.Outcome) {
		return
	}
	t.over[at] = !t.program.Options.Vary.Outcome || !run.Outcome.ByItself()
	if _, ok := t.missed[at]; !ok && t.program.Options.Vary.Outcome {
		t.missed[at] = missed{run.Outcome, seen}
	}
}

// problems are those of all runs.
func (t *trial) problems() problem.List {
	for at, m := range t.missed {
		m.seen.ended = t.ended[at]
		t.found[at] = []finding{misended(t.program, m.outcome, t.program.Options.Expect[at.Mode], m.seen)}
	}
	t.variations()
	return problems(t.program, t.found)
}

// mayReplace reports whether a disturbed run may have another in its place. That is bounded in number and time, also where the lesson gives the number
// of runs: a machine on which others work all day gives no better runs, and what is kept says that it was disturbed.
func (t *trial) mayReplace(at program.Point) bool {
	return t.program.Options.Measure && !t.over[at] && !t.hurried && t.replaced[at] < mostReplaced && t.clock() < cmp.Or(t.rule.Budget, Budget{}.of(t.program.Options))
}

// stop says whether that many rounds are enough, and why.
func (t *trial) stop(rounds int) Stopped {
	least := t.rule.Least
	if t.hurried {
		least = min(least, stats.LeastRuns)
	}
	switch {
	case rounds < least:
		return ""
	case rounds >= t.rule.Most:
		return StoppedCount
	case t.hurried:
		return StoppedCourse
	case t.rule.Width > 0 && t.within(t.rule.Width):
		return StoppedNarrow
	case t.rule.Budget > 0 && t.clock() >= t.rule.Budget && (t.rule.Wide == 0 || t.clock() >= t.rule.Limit || t.within(t.rule.Wide)):
		return StoppedBudget
	}
	return ""
}

// bound is the time that the program may take as things stand: Rule.Budget, and once that is spent Rule.Limit.
func (t *trial) bound() time.Duration {
	if t.clock() < t.rule.Budget {
		return t.rule.Budget
	}
	return max(t.rule.Budget, t.rule.Limit)
}

// within reports whether the interval at every point is at most so wide, as a share of the median.
func (t *trial) within(width float64) bool {
	return !slices.ContainsFunc(t.live(), func(at program.Point) bool {
		return stats.Median(t.walls[at]).Width() > width
	})
}

// counted returns the runs at a point that statistics count.
func counted(runs []Run, at program.Point) (some []Run) {
	for _, run := range runs {
		if run.Point() == at && run.Purpose == Counted {
			some = append(some, run)
		}
	}
	return some
}

// walls returns the wall times of runs, in nanoseconds.
func walls(runs []Run) (all []float64) {
	for _, run := range runs {
		all = append(all, float64(run.Wall))
	}
	return all
}
