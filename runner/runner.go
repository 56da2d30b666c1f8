package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"course/problem"
	"course/program"
	"course/runner/sandbox"
)

// A Runner builds and executes programs. The zero value works: it uses the go command in PATH and
// keeps results in memory. Its fields may not change once it is used, and it may not be copied then.
// It is safe for concurrent use; calls of Run and Check take turns, for no measurement may overlap
// another or a build.
type Runner struct {
	Go    string           // the go command's path; "" looks for go in PATH
	Store Store            // where results are kept
	Now   func() time.Time // when a result was taken; nil is time.Now
	// Trusted tells which programs run as the user: all others run in the sandbox, as far as the machine has one (package
	// sandbox). Of the same program it says the same as long as the Runner lives. Nil trusts none.
	Trusted func(program.Program) bool

	Machine *Machine // what results are taken on; nil is the one that this is

	limits       sandbox.Limits // of a run; what is 0 is as usual
	noNamespaces bool           // as where the system refuses them

	once  sync.Once
	turn  chan struct{} // holds a value while nobody has the turn
	shelf shelf
}

// batch is how many programs are built before they run: binaries are large, and wait on the disk.
const batch = 64

// Run builds the programs, executes each in each of its modes, and stores a result for each, in the
// order given. A program that does not compile, panics or hangs has a result like any other, whose
// Problems say so. A measured program runs once for warming up and then Repeat times in each mode, the
// modes in turn; a mode that does not end as expected is not repeated. Run executes also what is stored.
//
// Where a mode expects program.NotCompiled, failing to compile is success: each mode then has one Run
// of that outcome with what the compiler printed as its output (that of program.Plain, for a program
// without modes), and one that compiles is a problem.
//
// on, unless nil, is called for each event in turn, never twice at once; Run waits for it, so it must
// not block. An error is ctx's cause or the system's, such as a missing toolchain; what finished before
// is stored. When Run returns, nothing that it started is alive.
func (r *Runner) Run(ctx context.Context, programs []program.Program, on func(Event)) (err error) {
	if len(programs) == 0 {
		return nil
	}
	release, err := r.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	defer func() {
		if err != nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
	}()
	supervisor, err := startSupervisor(r.noNamespaces)
	if err != nil {
		return fmt.Errorf("start the supervisor: %w", err)
	}
	defer func() {
		if closing := supervisor.close(); closing != nil { // it says why, where it failed meanwhile
			err = errors.Join(err, fmt.Errorf("end the supervisor: %w", closing))
		}
	}()
	j, err := r.begin(ctx, programs, supervisor.root)
	if err != nil {
		return err
	}
	j.supervisor = supervisor
	j.on = on
	for some := range slices.Chunk(programs, batch) {
		builds, err := j.build(ctx, some)
		if err != nil {
			return err
		}
		for _, b := range builds {
			if err := j.finish(ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// Check builds and vets the programs and executes none. The results, one for each program in order,
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
	j, err := r.begin(ctx, programs, root)
	if err != nil {
		return nil, err
	}
	var results []Result
	for some := range slices.Chunk(programs, batch) {
		builds, err := j.build(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, b := range builds {
			result := j.result(b.program)
			result.Problems = b.verdict()
			results = append(results, result)
			b.remove()
		}
	}
	return results, nil
}

// Stored returns the results of programs that are kept, and the programs that have none: because they
// or what they depend on changed, or because they never ran. It starts no process, and without a
// toolchain all programs are stale. It is safe for concurrent use, also with Run.
func (r *Runner) Stored(programs []program.Program) (results []Result, stale []program.Program) {
	r.init()
	toolchain, err := knownToolchain(&r.shelf, r.Go)
	if err != nil {
		return nil, programs
	}
	t := r.terms(toolchain)
	for _, p := range programs {
		var result Result
		key := t.key(p, r.trusts(p))
		if !r.shelf.load(resultEntry, key, &result) || result.Key != key {
			stale = append(stale, p)
			continue
		}
		result.ID = p.ID
		results = append(results, result)
	}
	return results, stale
}

func (r *Runner) trusts(p program.Program) bool { return r.Trusted != nil && r.Trusted(p) }

func (r *Runner) init() {
	r.once.Do(func() {
		r.shelf.dir = r.Store.Dir
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

func (r *Runner) terms(t toolchain) terms {
	machine := thisMachine
	if r.Machine != nil {
		machine = func() Machine { return *r.Machine }
	}
	m := machine()
	m.Go = t.Version
	return terms{toolchain: t.identity(), worker: hashWorker(workerFiles()), machine: m}
}

// A job is one call of Run or Check.
type job struct {
	runner     *Runner
	root       string // a directory for what is built, removed when the job is over
	toolchain  toolchain
	terms      terms
	imports    *imports
	sources    map[string]source // by the text of the program
	config     string            // the import configuration's file
	supervisor *supervisor       // nil for Check

	mu sync.Mutex // one event at a time
	on func(Event)
}

// begin makes ready what programs need to be built.
func (r *Runner) begin(ctx context.Context, programs []program.Program, root string) (*job, error) {
	t, err := askToolchain(ctx, &r.shelf, r.Go)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(root, "modules")
	if r.Store.Dir != "" {
		modules = filepath.Join(r.Store.Dir, "modules")
	}
	j := &job{
		runner: r, root: root, toolchain: t, terms: r.terms(t), imports: openImports(t, &r.shelf, modules),
		sources: make(map[string]source), config: filepath.Join(root, "importcfg"),
	}
	paths := map[string]bool{"runtime": true} // what each program is linked with
	for _, p := range programs {
		s := readSource(p.Source)
		j.sources[p.Source] = s
		for _, path := range s.imports {
			paths[path] = true
		}
	}
	if err := j.imports.add(ctx, root, slices.Sorted(maps.Keys(paths))); err != nil {
		return nil, err
	}
	if err := os.WriteFile(j.config, j.imports.config(), 0o600); err != nil {
		return nil, fmt.Errorf("write import configuration: %w", err)
	}
	return j, nil
}

// build builds programs, as many at once as there are processors, and returns them in order.
func (j *job) build(ctx context.Context, programs []program.Program) ([]build, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	builds := make([]build, len(programs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.NumCPU(), len(programs)) {
		workers.Go(func() {
			b := &builder{toolchain: j.toolchain, config: j.config, vetter: newVetter(j.imports)}
			for i := range next {
				p := programs[i]
				j.tell(Event{Kind: Building, ID: p.ID})
				var err error
				if builds[i], err = j.buildOne(ctx, b, p); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range programs {
		next <- i
	}
	close(next)
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return builds, nil
}

func (j *job) buildOne(ctx context.Context, b *builder, p program.Program) (build, error) {
	if ctx.Err() != nil {
		return build{}, context.Cause(ctx)
	}
	dir, err := os.MkdirTemp(j.root, "build-")
	if err != nil {
		return build{}, fmt.Errorf("make build directory: %w", err)
	}
	done, err := b.build(ctx, p, j.sources[p.Source], dir)
	done.dir = dir
	return done, err
}

// finish executes what was built, stores the result and tells of it.
func (j *job) finish(ctx context.Context, b build) error {
	defer b.remove()
	result := j.result(b.program)
	result.Problems = b.verdict()
	if b.path != "" && len(misplaced(b.program.Options)) == 0 {
		runs, layers, problems, err := j.execute(ctx, b)
		if err != nil {
			return fmt.Errorf("run %s: %w", b.program.ID, err)
		}
		result.Runs, result.Layers, result.Problems = runs, layers, append(result.Problems, problems...)
	}
	if b.path == "" && expectsNotCompiled(b.program.Options) {
		result.Runs = b.refusals()
	}
	result.Taken = j.now()
	if err := j.runner.shelf.save(resultEntry, result.Key, result); err != nil {
		return fmt.Errorf("store result of %s: %w", b.program.ID, err)
	}
	j.tell(Event{Kind: Done, ID: b.program.ID, Result: &result})
	return nil
}

// execute runs a program as often as it asks for. Of each mode it tells what was found first only: what
// went wrong once is not said nine times.
func (j *job) execute(ctx context.Context, b build) (runs []Run, layers []sandbox.Layer, list problem.List, err error) {
	o := b.program.Options
	rounds := 1
	if o.Measure {
		rounds += repeat(o)
	}
	over := make(map[program.Mode]bool) // it did not end as it should, and is not repeated
	found := make(map[program.Mode][]finding)
	for round := range rounds {
		for _, mode := range o.Modes {
			if over[mode] || o.Expect[mode].Kind == program.NotCompiled {
				continue
			}
			run, seen, err := j.executeOnce(ctx, b, mode, round)
			if err != nil {
				return nil, nil, nil, err
			}
			runs, layers = append(runs, run), seen.layers
			over[mode] = run.Outcome != o.Expect[mode] || seen.lost != ""
			if len(found[mode]) == 0 {
				found[mode] = judge(b.program, run, seen)
			}
		}
	}
	return runs, layers, problems(b.program, found), nil
}

// executeOnce executes a program and tells of it.
func (j *job) executeOnce(ctx context.Context, b build, mode program.Mode, round int) (Run, observed, error) {
	event := Event{ID: b.program.ID, Mode: mode, Run: round}
	j.tell(event.with(Started))
	run, seen, err := execute(ctx, j.supervisor, b, mode, treatment{!j.runner.trusts(b.program), j.runner.limits}, func(line Line) {
		printed := event.with(Printed)
		printed.Line = &line
		j.tell(printed)
	})
	if err != nil {
		return Run{}, seen, err
	}
	run.Warmup = b.program.Options.Measure && round == 0
	j.tell(event.with(Ended))
	return run, seen, nil
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
	return Result{ID: p.ID, Key: j.terms.key(p, j.runner.trusts(p)), Machine: j.terms.machine, Taken: j.now()}
}

func (j *job) now() time.Time {
	if j.runner.Now != nil {
		return j.runner.Now()
	}
	return time.Now()
}
