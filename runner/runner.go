package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"course/runner/machine"

	"course/program"
	"course/runner/build"
	"course/runner/sandbox"
	"course/runner/store"

	"golang.org/x/sync/errgroup"
)

// A Runner builds and executes programs. The zero value works: it uses the go command in PATH and
// keeps results in memory. Its fields may not change once it is used, and it may not be copied then.
// It is safe for concurrent use; calls of Run and Check take turns, for no measurement may overlap
// another or a build.
type Runner struct {
	Go     string           // the go command's path; "" looks for go in PATH
	Python string           // the python3 command's path, by which python cells run; "" looks for python3 in PATH
	Store  Store            // where results are kept
	Course string           // names what programs are of, such as the real path of a course's directory: Why tells by it cells of the same ID apart
	Now    func() time.Time // when a result was taken; nil is time.Now
	// Trusted tells which programs run as the user: all others run in the sandbox, as far as the machine has one (package
	// sandbox). Of the same program it says the same as long as the Runner lives, and it is asked by several goroutines at once. Nil trusts none.
	Trusted func(program.Program) bool

	// Sandbox is what the machine has to confine programs with; nil finds out. Where it is no sandbox, Run refuses programs
	// that are not trusted.
	Sandbox *sandbox.Report

	Direct  bool             // Fetch may ask more than proxies: see build.Network
	Budget  Budget           // how long measuring may take
	Machine *machine.Machine // what results are taken on; nil is the one that this is

	limits   sandbox.Limits          // of a run; what is 0 is as usual
	pressure func() machine.Pressure // what disturbs runs; nil is machine.PressureNow
	building build.Config            // what of it is not the job's own
	without  sandbox.Without         // of the sandbox

	once        sync.Once
	turn        chan struct{} // holds a value while nobody has the turn
	shelf       *store.Shelf  // once init was called
	pythonAsked atomic.Bool

	noted sync.Map // what note has seen: history key -> result key
}

// A Store says where results are kept. Any number of tools may use one directory at once (package store). What cannot be written, because the
// directory may not be or the disk is full, is kept in the Runner's memory, so that it is lost with it: that is no error, but Runner.Unkept tells of it.
//
// When a Run is over, and now and then, what was not used for longest is removed until the store is smaller than Limit again; what the Runner itself
// has stored or found stays.
type Store struct {
	Dir   string // "" keeps results in the Runner's memory
	None  error  // why Dir is "", where that is not meant: Runner.Unkept tells it
	Limit int64  // bytes that entries may take; 0 is store.DefaultLimit
}

// An UnconfinedError is that a program would have run as the user, for the machine has no sandbox, and is not trusted.
type UnconfinedError struct {
	ID string // of the first such program
}

func (e *UnconfinedError) Error() string {
	return e.ID + " would run as you: this machine has no sandbox, and nobody said that the program is trusted"
}

// A Budget bounds the time that goes into executing programs that are measured, or whose outcome varies. It is looked at between rounds of
// runs: each mode has its least number of runs in any case.
type Budget struct {
	Cell   time.Duration // for each program whose number of runs the lesson does not give, warm-ups included, and of a sweep for each of its values; 0 means DefaultBudget
	Course time.Duration // for all programs of a call of Run: those that come once it is spent have the least number of runs; 0 is no bound
}

// DefaultBudget is the time for each program, or for each value of its sweep.
const DefaultBudget = 2500 * time.Millisecond

// Run builds the programs, executes each in each of its modes, and stores a result for each. Programs that run once in each
// mode, or twice where what they print may vary, do so when they are built, also while others are, several at once, so that their events interleave and their results come in any order;
// all others run one by one in the order given, while nothing is built, and in turns with other tools that use the store. A program that does not compile, panics or hangs has a
// result like any other, whose Problems say so; one that could not be built in time, which may be the machine's fault, has it as long as the Runner lives. A program that is measured, or whose outcome varies, runs as often as Result.Rule has it, the modes in
// turn, a measured one once before for warming up and once for its memory; a mode that does not end as expected is not repeated. Run executes
// also what is stored.
//
// Where a mode expects program.NotCompiled, failing to compile is success: each mode then has one Run
// of that outcome with what the compiler printed as its output (that of program.Plain, for a program
// without modes), and one that compiles is a problem.
//
// on, unless nil, is called for each event in turn, never twice at once; Run waits for it, so it must
// not block. An error is ctx's cause or the system's, such as a missing toolchain, or, before anything is built, an *UnconfinedError; what
// finished before is stored. When Run returns, nothing that it started is alive.
func (r *Runner) Run(ctx context.Context, programs []program.Program, on func(Event)) error {
	return r.run(ctx, programs, on, false)
}

// RunMissing does as Run, but leaves out what other tools have measured meanwhile: a Result that is stored when it is a program's turn stays.
func (r *Runner) RunMissing(ctx context.Context, programs []program.Program, on func(Event)) error {
	return r.run(ctx, programs, on, true)
}

func (r *Runner) run(ctx context.Context, programs []program.Program, on func(Event), missing bool) (err error) {
	if len(programs) == 0 {
		return nil
	}
	release, err := r.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	defer r.shelf.Evict(r.Store.Limit)
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
	}()
	if err := r.refuse(ctx, programs); err != nil {
		return err
	}
	supervisor, err := startSupervisor(r.without)
	if err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	defer func() {
		if closing := supervisor.close(); closing != nil { // it says why, where it failed meanwhile
			err = errors.Join(err, fmt.Errorf("end the supervisor: %w", closing))
		}
	}()
	j, err := r.begin(ctx, programs, supervisor.root, on)
	if err != nil {
		return err
	}
	j.missing = missing
	c := newCrew(j, len(programs), supervisor)
	defer func() { err = errors.Join(err, c.close()) }()
	if i := slices.IndexFunc(programs, func(p program.Program) bool { return len(p.Options.Modes) > 0 }); i >= 0 {
		c[0].prepare(!r.trusts(programs[i]))
	}
	for some := range slices.Chunk(programs, batch) {
		if err := j.carryOut(ctx, c, some); err != nil {
			return err
		}
	}
	return nil
}

// refuse returns an error where one of the programs may not run here.
func (r *Runner) refuse(ctx context.Context, programs []program.Program) error {
	i := slices.IndexFunc(programs, func(p program.Program) bool { return len(p.Options.Modes) > 0 && !r.trusts(p) })
	if i < 0 {
		return nil
	}
	confines, err := r.Confines(ctx)
	if err == nil && !confines {
		err = &UnconfinedError{programs[i].ID}
	}
	return err
}

// Confines reports whether programs that are not trusted run in a sandbox here. It may be called at any time, and starts a process where that is not
// known yet: once a user and start of the machine.
func (r *Runner) Confines(ctx context.Context) (bool, error) {
	report, err := r.askSandbox(ctx)
	return report.Confines(), err
}

// Check builds and vets the programs, those in Python as far as that they compile, and executes none. The results, one for each program in order,
// carry problems alone; they are not stored. An error is ctx's cause or the system's.
func (r *Runner) Check(ctx context.Context, programs []program.Program) ([]Result, error) {
	if len(programs) == 0 {
		return nil, nil
	}
	release, err := r.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	root, err := os.MkdirTemp("", "course-check-")
	if err != nil {
		return nil, fmt.Errorf("make build directory: %w", err)
	}
	defer os.RemoveAll(root)
	j, err := r.begin(ctx, programs, root, nil)
	if err != nil {
		return nil, err
	}
	j.plan.Compile = true
	results := make([]Result, len(programs))
	err = j.build(ctx, newCrew(j, len(programs), nil), programs, func(i int, b build.Build) step {
		results[i] = j.result(b.Program)
		results[i].Problems, results[i].NotHere, results[i].Fallback = verdict(b), b.Lacking, b.Fallback
		b.Remove()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// Stored returns the results of programs that are kept, and the programs that have none: because they
// or what they depend on changed, or because they never ran. It starts no process. While the go command was not asked what it is all programs
// are stale; where there is none, or an old one, the results are those of the last one that there was. It is safe for concurrent use, also with Run.
func (r *Runner) Stored(programs []program.Program) (results []Result, stale []program.Program) {
	r.init()
	toolchain, err := build.KnownToolchain(r.shelf, r.Go)
	known := err == nil
	if none := (*build.ToolchainError)(nil); errors.As(err, &none) {
		toolchain, known = build.LastToolchain(r.shelf)
	}
	if !known {
		return nil, programs
	}
	t := r.terms(toolchain, r.knownPython(programs))
	found := make([]*Result, len(programs))
	var reading errgroup.Group
	reading.SetLimit(runtime.NumCPU())
	for i, p := range programs {
		reading.Go(func() error {
			if t.unknown(p, r.trusts(p)) {
				return nil
			}
			var result Result
			inputs := t.inputs(p, r.trusts(p))
			key := inputs.key()
			if r.shelf.Load(store.Results, key, &result) && result.Key == key {
				result.ID = p.ID
				r.note(p.ID, inputs, key)
				found[i] = &result
			}
			return nil
		})
	}
	_ = reading.Wait() // what cannot be read is stale
	for i, p := range programs {
		if found[i] != nil {
			results = append(results, *found[i])
		} else {
			stale = append(stale, p)
		}
	}
	return results, stale
}

// Ask asks the go command what it is, the python3 where one of the programs is in Python, and finds out what the machine has to confine programs with, unless that is known: then Stored and Why can tell.
// It starts no processes but those three. An error is that there is no go command, that it does not answer, ctx's cause, or the system's.
func (r *Runner) Ask(ctx context.Context, programs []program.Program) error {
	r.init()
	if _, err := build.AskToolchain(ctx, r.shelf, r.Go); err != nil {
		return err
	}
	if _, err := r.askPython(ctx, programs); err != nil {
		return err
	}
	_, err := r.askSandbox(ctx)
	return err
}

// Fetch has the modules that programs require put into the go command's module cache, and held to their sums: see build.Fetch. It is the only part of
// a Runner that may use the network; Run and Check build with what it found, and so it must come before them. on is as that of Run.
func (r *Runner) Fetch(ctx context.Context, programs []program.Program, on func(Event)) (build.Fetched, error) {
	if !slices.ContainsFunc(programs, func(p program.Program) bool { return len(p.Options.Modules.Require) > 0 }) {
		return build.Fetched{Programs: programs}, nil
	}
	release, err := r.acquire(ctx)
	if err != nil {
		return build.Fetched{}, err
	}
	defer release()
	t, err := build.AskToolchain(ctx, r.shelf, r.Go)
	if err != nil {
		return build.Fetched{}, err
	}
	return build.Fetch(ctx, t, r.shelf, programs, build.Network{Direct: r.Direct, Online: func(modules string) {
		if on != nil {
			on(Event{Kind: Fetching, What: modules})
		}
	}})
}

// Unkept returns why the first result that could not be written to the store was not, or nil. It is lost with the Runner.
func (r *Runner) Unkept() error {
	r.init()
	return r.shelf.Unkept()
}

func (r *Runner) trusts(p program.Program) bool { return r.Trusted != nil && r.Trusted(p) }

func (r *Runner) init() {
	r.once.Do(func() {
		r.shelf = store.Open(r.Store.Dir)
		if r.Store.None != nil {
			r.shelf = store.Forgetful(r.Store.None)
		}
		r.turn = make(chan struct{}, 1)
		r.turn <- struct{}{}
	})
}

// acquire waits for its turn.
func (r *Runner) acquire(ctx context.Context) (release func(), err error) {
	r.init()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-r.turn:
		return func() { r.turn <- struct{}{} }, nil
	}
}

func (r *Runner) terms(t build.Toolchain, python python) terms {
	var m machine.Machine
	if r.Machine != nil {
		m = *r.Machine
	} else {
		m = machine.This()
	}
	m.Go = t.Version
	report, known := r.knownSandbox()
	return terms{
		toolchain: t.Identity(), worker: workerHash(), cc: t.CompilerOfC(), machine: m, budget: r.Budget, python: python,
		layers: report.Layers, unasked: !known,
	}
}
