package runner

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/machine"
	"course/runner/store"
)

// batch is how many programs are built before those of them run that do so more than once: binaries are large, and wait on the disk.
const batch = 64

// A job is one call of Run or Check.
type job struct {
	runner *Runner
	root   string // a directory for what is built, removed when the job is over
	terms  terms
	plan   *build.Plan  // how programs are built
	spent  atomic.Int64 // of the budget of the course, in nanoseconds
	load   float64      // the system's, when the job began

	missing bool // what was stored meanwhile is not measured
	waited  bool // for another tool, which was told

	mu sync.Mutex // one event at a time
	on func(Event)
}

// begin makes ready what programs need to be built.
func (r *Runner) begin(ctx context.Context, programs []program.Program, root string, on func(Event)) (*job, error) {
	r.init()
	t, err := build.AskToolchain(ctx, r.shelf, r.Go)
	if err != nil {
		return nil, err
	}
	python, err := r.askPython(ctx, programs)
	if err != nil {
		return nil, err
	}
	j := &job{runner: r, root: root, terms: r.terms(t, python), load: machine.Load(), on: on}
	c := r.building
	c.Toolchain, c.Shelf, c.Dir, c.Worker = t, r.shelf, root, workerFiles()
	c.Python, c.NoPython = python.Python, python.lacking
	c.Builders, c.Memory = crewSize(j.terms.machine, len(programs)), buildMemory(j.terms.machine)
	c.Compiling = func(what string) { j.tell(Event{Kind: Compiling, What: what}) }
	j.plan = build.NewPlan(c)
	return j, j.plan.Assemble(ctx, j.addEmpties(programs))
}

// carryOut builds programs, and executes each: those that run once in each mode as soon as they are built, several at once,
// the others one by one when all is built.
func (j *job) carryOut(ctx context.Context, c crew, programs []program.Program) error {
	waiting := make([]*build.Build, len(programs))
	err := j.build(ctx, c, programs, func(i int, b build.Build) step {
		if j.runner.Budget.rule(b.Program.Options) != nil {
			waiting[i] = &b
			return nil
		}
		return func(ctx context.Context, m *member) ([]step, error) { return nil, j.finish(ctx, m, b) }
	})
	if err != nil {
		return err
	}
	for _, b := range waiting {
		if b == nil {
			continue
		}
		if err := j.inTurn(ctx, c[0], *b); err != nil {
			return err
		}
	}
	return nil
}

// politeness is how long a wait for another tool may take before it is told.
const politeness = 100 * time.Millisecond

// inTurn finishes a program while no other tool does so: their measurements would disturb each other.
func (j *job) inTurn(ctx context.Context, m *member, b build.Build) error {
	release, err := j.takeTurn(ctx)
	if err != nil {
		b.Remove()
		return err
	}
	defer release()
	var there Result
	if key := j.terms.key(b.Program, j.runner.trusts(b.Program)); j.missing && j.runner.shelf.Load(store.Results, key, &there) && there.Key == key {
		b.Remove()
		j.tell(Event{Kind: Done, ID: b.Program.ID})
		return nil
	}
	return j.finish(ctx, m, b)
}

// takeTurn waits until no other tool measures, which is told once, where it takes a while.
func (j *job) takeTurn(ctx context.Context) (release func(), err error) {
	if j.waited {
		return j.runner.shelf.TakeTurn(ctx)
	}
	told := make(chan struct{})
	wait := time.AfterFunc(politeness, func() {
		defer close(told)
		j.waited = true
		j.tell(Event{Kind: Waiting, What: "for another tool that measures"})
	})
	defer func() {
		if !wait.Stop() {
			<-told
		}
	}()
	return j.runner.shelf.TakeTurn(ctx)
}

// finish has a member execute what was built, stores the result and tells of it.
func (j *job) finish(ctx context.Context, m *member, b build.Build) error {
	defer b.Remove()
	result := j.result(b.Program)
	if why := j.terms.unreachable(b.Program, j.runner.trusts(b.Program)); why != "" {
		b, result.Python = build.Build{Program: b.Program, Lacking: why}, ""
	}
	result.Problems, result.NotHere, result.Fallback = verdict(b), b.Lacking, b.Fallback
	if b.Path != "" && len(misplaced(b.Program.Options)) == 0 {
		s, err := m.supervise()
		if err != nil {
			return err
		}
		if err := b.Place(); err != nil {
			return fmt.Errorf("write binary of %s: %w", b.Program.ID, err)
		}
		if err := j.execute(ctx, s, b, &result); err != nil {
			return fmt.Errorf("run %s: %w", b.Program.ID, err)
		}
		if err := j.settle(ctx, b.Program, &result); err != nil {
			return err
		}
		if b.Program.Options.Measure {
			if result.Overhead, err = j.overhead(ctx, s, b); err != nil {
				return err
			}
		}
	}
	if b.Path == "" && b.Lacking == "" && b.Program.Options.ExpectsNotCompiled() {
		result.Runs = refusals(b)
	}
	result.Taken = j.now()
	keep := j.runner.shelf.Save
	if b.Passing {
		keep = j.runner.shelf.Lend
		j.runner.noted.Store(j.runner.historyKey(b.Program.ID), result.Key) // it is not what Why is to compare with
	}
	if err := keep(store.Results, result.Key, result); err != nil {
		return fmt.Errorf("store result of %s: %w", b.Program.ID, err)
	}
	j.tell(Event{Kind: Done, ID: b.Program.ID, Result: &result})
	return nil
}

func (e Event) with(kind EventKind) Event {
	e.Kind = kind
	return e
}

func (j *job) tell(e Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.on != nil {
		j.on(e)
	}
}

// result returns a result of p without runs.
func (j *job) result(p program.Program) Result {
	result := Result{Version: Version, ID: p.ID, Key: j.terms.key(p, j.runner.trusts(p)), Machine: j.terms.machine, Load: j.load, Taken: j.now()}
	if p.Options.Language == program.Python {
		result.Machine.Go, result.Python = "", j.terms.python.String()
	}
	return result
}

func (j *job) now() time.Time {
	if j.runner.Now != nil {
		return j.runner.Now()
	}
	return time.Now()
}
