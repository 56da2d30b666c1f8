package runner

import (
	"context"
	"course/program"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// batch is how many programs are built before they run: binaries are large, and wait on the disk.
const batch = 64

// A job is one call of Run or Check.
type job struct {
	runner    *Runner
	root      string // a directory for what is built, removed when the job is over
	toolchain toolchain
	terms     terms
	modules   string            // a directory for the modules in which packages are compiled
	kits      map[kind]*kit     // what programs are built with
	sources   map[string]source // by the text of the program
	spent     atomic.Int64      // of the budget of the course, in nanoseconds
	load      float64           // the system's, when the job began

	mu sync.Mutex // one event at a time
	on func(Event)
}

// begin makes ready what programs need to be built.
func (r *Runner) begin(ctx context.Context, programs []program.Program, root string, on func(Event)) (*job, error) {
	t, err := askToolchain(ctx, &r.shelf, r.Go)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(root, "modules")
	if r.Store.Dir != "" {
		modules = filepath.Join(r.Store.Dir, "modules")
	}
	j := &job{
		runner: r, root: root, toolchain: t, terms: r.terms(t), modules: modules, sources: make(map[string]source), load: systemLoad(), on: on,
	}
	for _, p := range programs {
		j.sources[p.Source] = readSource(p.Source)
	}
	return j, j.assemble(ctx, programs)
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
			builders := make(map[kind]*builder)
			for i := range next {
				p := programs[i]
				j.tell(Event{Kind: Building, ID: p.ID})
				k := kindOf(p)
				if builders[k] == nil {
					builders[k] = &builder{kit: j.kits[k], toolchain: j.toolchain, vetter: newVetter(j.kits[k].imports)}
				}
				var err error
				if builds[i], err = j.buildOne(ctx, builders[k], p); err != nil {
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

// finish executes what was built below s, stores the result and tells of it.
func (j *job) finish(ctx context.Context, s *supervisor, b build) error {
	defer b.remove()
	result := j.result(b.program)
	result.Problems, result.NotHere = b.verdict(), b.lacking
	if b.path != "" && len(misplaced(b.program.Options)) == 0 {
		if err := j.execute(ctx, s, b, &result); err != nil {
			return fmt.Errorf("run %s: %w", b.program.ID, err)
		}
	}
	if b.path == "" && b.lacking == "" && expectsNotCompiled(b.program.Options) {
		result.Runs = b.refusals()
	}
	result.Taken = j.now()
	if err := j.runner.shelf.save(resultEntry, result.Key, result); err != nil {
		return fmt.Errorf("store result of %s: %w", b.program.ID, err)
	}
	j.runner.note(b.program.ID, j.terms.inputs(b.program, j.runner.trusts(b.program)), result.Key)
	j.tell(Event{Kind: Done, ID: b.program.ID, Result: &result})
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
	return Result{ID: p.ID, Key: j.terms.key(p, j.runner.trusts(p)), Machine: j.terms.machine, Load: j.load, Taken: j.now()}
}

func (j *job) now() time.Time {
	if j.runner.Now != nil {
		return j.runner.Now()
	}
	return time.Now()
}
