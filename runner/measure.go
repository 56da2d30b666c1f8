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
	rule     *Rule                                                                    // nil: once in each mode
	hurried  bool                                                                     // the budget of the course is spent
	weighing bool                                                                     // the system can tell how much memory a run takes
	execute  func(mode program.Mode, purpose Purpose, run int) (Run, observed, error) // run counts those in this mode
	clock    func() time.Duration                                                     // since the trial began

	runs    []Run
	stopped Stopped
	others  map[program.Mode]int // Result.Others
	found   map[program.Mode][]finding
	layers  []sandbox.Layer // that confined all runs

	made     map[program.Mode]int                     // runs
	ended    map[program.Mode]map[program.Outcome]int // how often they ended so
	missed   map[program.Mode]missed                  // of a program whose outcome varies: the first that did not end as it should
	over     map[program.Mode]bool                    // a run did not end as it should: there is no other
	replaced map[program.Mode]int                     // runs for which another was made
	first    map[program.Mode]string                  // how the first counted run went
	ways     map[program.Mode]map[string]int          // how the runs of a program went whose outcome varies: where in runs the first of each is
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
	t.execute = func(mode program.Mode, purpose Purpose, run int) (Run, observed, error) {
		var spent func() *Spent
		if t.rule != nil {
			spent = func() *Spent {
				return &Spent{Program: t.clock(), ProgramBudget: t.rule.Budget, Course: time.Duration(j.spent.Load()) + t.clock(), CourseBudget: budget.Course}
			}
		}
		return j.executeOnce(ctx, s, b, Event{ID: b.Program.ID, Mode: mode, Run: run}, purpose, spent)
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
		result.Noise = noise(t.program.Options.Modes, t.runs)
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
	run, seen, err := execute(ctx, s, b, event.Mode, t, told)
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
		found: make(map[program.Mode][]finding), made: make(map[program.Mode]int), over: make(map[program.Mode]bool), replaced: make(map[program.Mode]int),
		ended: make(map[program.Mode]map[program.Outcome]int), missed: make(map[program.Mode]missed),
		first: make(map[program.Mode]string), ways: make(map[program.Mode]map[string]int),
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
		_, err := t.round(t.live(), Counted)
		return err
	}
	if t.program.Options.Measure {
		if _, err := t.round(t.live(), Warmup); err != nil {
			return err
		}
		if t.weighing {
			if _, err := t.round(t.live(), Weighing); err != nil {
				return err
			}
		}
	}
	for round := 0; ; round++ {
		modes := inTurn(t.live(), round)
		if len(modes) == 0 {
			return nil
		}
		if t.stopped = t.stop(round); t.stopped != "" {
			return nil
		}
		for len(modes) > 0 {
			var err error
			if modes, err = t.round(modes, Counted); err != nil {
				return err
			}
		}
	}
}

// live returns the modes in which there may be another run.
func (t *trial) live() []program.Mode {
	return slices.DeleteFunc(slices.Clone(t.program.Options.Modes), func(m program.Mode) bool {
		return t.over[m] || t.program.Options.Expect[m].Has(program.Outcome{Kind: program.NotCompiled})
	})
}

// inTurn returns modes in the order in which they run in that round: each time that it is odd, the reverse of the round before, and each time
// that it is even one further round. So each mode is as often first or last as any other, and follows each of its neighbours as often as it precedes it.
func inTurn(modes []program.Mode, round int) []program.Mode {
	if len(modes) == 0 {
		return nil
	}
	first := round / 2 % len(modes)
	order := slices.Concat(modes[first:], modes[:first])
	if round%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// round runs the program once in each of modes. It returns those whose run is to be replaced.
func (t *trial) round(modes []program.Mode, purpose Purpose) (again []program.Mode, err error) {
	for _, mode := range modes {
		run, seen, err := t.execute(mode, purpose, t.made[mode])
		if err != nil {
			return nil, err
		}
		if len(t.made) > 0 && !slices.Equal(seen.layers, t.layers) {
			return nil, errConfinement
		}
		t.made[mode]++
		run.Purpose = purpose
		t.layers = seen.layers
		t.count(mode, run, seen)
		if run.Disturbed != "" && purpose == Counted && t.mayReplace(mode) {
			run.Purpose = Replaced
			t.replaced[mode]++
			again = append(again, mode)
		}
		if len(t.found[mode]) == 0 {
			t.found[mode] = judge(t.program, run, seen)
		}
		t.keep(run)
	}
	return again, nil
}

// count takes note of how a run ended, and whether there is to be another in its mode. Where the outcome varies it is the point to see how often it
// does, unless runs have to be ended, which take long.
func (t *trial) count(mode program.Mode, run Run, seen observed) {
	if t.ended[mode] == nil {
		t.ended[mode] = make(map[program.Outcome]int)
	}
	t.ended[mode][run.Outcome]++
	if seen.lost != "" {
		t.over[mode] = true
		return
	}
	if t.program.Options.Expect[mode].Has(run.Outcome) {
		return
	}
	t.over[mode] = !t.program.Options.Vary.Outcome || !run.Outcome.ByItself()
	if _, ok := t.missed[mode]; !ok && t.program.Options.Vary.Outcome {
		t.missed[mode] = missed{run.Outcome, seen}
	}
}

// problems are those of all runs.
func (t *trial) problems() problem.List {
	for mode, m := range t.missed {
		m.seen.ended = t.ended[mode]
		t.found[mode] = []finding{misended(t.program, m.outcome, t.program.Options.Expect[mode], m.seen)}
	}
	return problems(t.program, t.found)
}

// mayReplace reports whether a disturbed run may have another in its place. That is bounded in number and time, also where the lesson gives the number
// of runs: a machine on which others work all day gives no better runs, and what is kept says that it was disturbed.
func (t *trial) mayReplace(mode program.Mode) bool {
	return t.program.Options.Measure && !t.over[mode] && !t.hurried && t.replaced[mode] < leastRuns && t.clock() < cmp.Or(t.rule.Budget, DefaultBudget)
}

// stop says whether that many rounds are enough, and why.
func (t *trial) stop(rounds int) Stopped {
	least := t.rule.Least
	if t.hurried {
		least = min(least, leastRuns)
	}
	switch {
	case rounds < least:
		return ""
	case rounds >= t.rule.Most:
		return StoppedCount
	case t.hurried:
		return StoppedCourse
	case t.rule.Width > 0 && t.isNarrow():
		return StoppedNarrow
	case t.rule.Budget > 0 && t.clock() >= t.rule.Budget:
		return StoppedBudget
	}
	return ""
}

// isNarrow reports whether the interval of every mode is.
func (t *trial) isNarrow() bool {
	return !slices.ContainsFunc(t.live(), func(m program.Mode) bool {
		return stats.Median(walls(counted(t.runs, m))).Width() > t.rule.Width
	})
}

// counted returns the runs in a mode that statistics count.
func counted(runs []Run, mode program.Mode) (some []Run) {
	for _, run := range runs {
		if run.Mode == mode && run.Purpose == Counted {
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
