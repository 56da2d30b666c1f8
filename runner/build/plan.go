// Package build makes binaries of programs: it finds the toolchain and what programs import, compiles, vets and links them, several into one
// binary where that tells nobody, and leaves to the go command what only that can do. It executes none of them, and knows nothing of results.
package build

import (
	"context"
	"fmt"
	"os"
	"time"

	"course/program"
	"course/runner/store"
)

// Config says how programs are built.
type Config struct {
	Toolchain Toolchain
	Python    Python            // that python cells are run with; the zero value where they cannot be
	NoPython  string            // why they cannot, as the end of a sentence
	Compile   bool              // python cells are compiled, to see whether they can be: else that shows when they run
	Shelf     *store.Shelf      // keeps what was found out about imports and modules
	Dir       string            // for all that is built, which the caller removes
	Worker    map[string]string // package worker's files by name, without its tests

	Memory   int64 // bytes that tools may take that build at the same time; 0 is no bound
	Builders int   // how many programs are built at the same time, at most; 0 is one

	Bounds       Bounds // of what builds a program; the zero value is as usual
	ImportBounds Bounds // of what compiles all that programs import; the zero value is as usual

	GoBuild   string            // why each program is left to go build; empty where they are not
	Apart     bool              // each program has a binary of its own
	Compiling func(what string) // unless nil, it is told before what takes long is compiled, once for all, or while it is: also by another goroutine, until Assemble returns
	Slow      time.Duration     // how long the standard library may take before that is told; 0 is as usual
}

// A Plan is how some programs are built: with what, and which together. Once it is assembled it is safe for concurrent use.
type Plan struct {
	Config
	kits    map[kind]*kit
	sources map[string]source // by the text of the program
}

// NewPlan returns a plan that is to be assembled.
func NewPlan(c Config) *Plan { return &Plan{Config: c, sources: make(map[string]source)} }

// source reads p, once.
func (p *Plan) source(one program.Program) source {
	s, ok := p.sources[one.Source]
	if !ok {
		s = readSource(one.Source)
		p.sources[one.Source] = s
	}
	return s
}

// UsesWorker reports whether a program imports package worker, as far as it can be read.
func (p *Plan) UsesWorker(one program.Program) bool {
	return one.Options.Language == program.Go && p.source(one).usesWorker()
}

// Groups returns which programs share a binary, by their numbers: those that may and import the same. A group of one has
// its own: a Builder makes it, and a Merge those of the others. They are in order of their first members.
func (p *Plan) Groups(programs []program.Program) [][]int {
	var groups [][]int
	open := make(map[string]int) // the group, of those that import the same, that has room
	for i, one := range programs {
		if one.Options.Language != program.Go {
			groups = append(groups, []int{i})
			continue
		}
		s := p.source(one)
		if p.Apart || p.kits[kindOf(one)].leaves() || !mergeable(one, s) {
			groups = append(groups, []int{i})
			continue
		}
		key := kindOf(one).modules + "\n" + s.importSet()
		g, ok := open[key]
		if !ok || len(groups[g]) == mostMerged {
			g = len(groups)
			open[key], groups = g, append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

// directory makes a directory for a build.
func (p *Plan) directory() (string, error) {
	dir, err := os.MkdirTemp(p.Dir, "build-")
	if err != nil {
		return "", fmt.Errorf("make build directory: %w", err)
	}
	return dir, nil
}

// A Builder builds programs of a plan, one at a time: it keeps what was read to vet them, and is not safe for concurrent use.
type Builder struct {
	plan    *Plan
	benches map[kind]*bench
}

// NewBuilder returns a builder for programs of the plan, which is assembled.
func (p *Plan) NewBuilder() *Builder { return &Builder{plan: p, benches: make(map[kind]*bench)} }

// Build makes the binary of a program alone. A program that does not compile, or takes too much to be built, is no error. An error is ctx's cause,
// or the system's.
func (b *Builder) Build(ctx context.Context, p program.Program) (Build, error) {
	if p.Options.Language == program.Python {
		done, err := b.plan.python(p)
		if err != nil {
			return done, fmt.Errorf("make ready %s: %w", p.ID, err)
		}
		if b.plan.Compile && done.Lacking == "" {
			return b.plan.compilePython(ctx, done)
		}
		return done, nil
	}
	dir, err := b.plan.directory()
	if err != nil {
		return Build{}, err
	}
	done, err := b.bench(p).build(ctx, p, b.plan.source(p), dir)
	done.dir = dir
	return done, err
}

// bench returns the bench for programs of the kind of p.
func (b *Builder) bench(p program.Program) *bench {
	k := kindOf(p)
	if b.benches[k] == nil {
		kit := b.plan.kits[k]
		b.benches[k] = &bench{kit: kit, toolchain: b.plan.Toolchain, vetter: newVetter(kit.imports), bounds: b.plan.bounds()}
	}
	return b.benches[k]
}
