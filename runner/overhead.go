package runner

import (
	"context"
	"fmt"
	"slices"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/sandbox"
	"course/runner/store"
	"course/stats"
)

// emptyRuns is the number of counted runs of an empty program: the least odd number of which the 95 % interval of the
// median leaves out both extremes.
const emptyRuns = 9

// emptyProgram does nothing, and imports package worker or not: imports alone move a start. As it starts no worker, it is the
// same in each mode.
func emptyProgram(workers bool) program.Program {
	p := program.Program{
		ID: "empty", Source: "package main\n\nfunc main() {}\n",
		Options: program.Options{Modes: []program.Mode{program.Plain}, Measure: true, Repeat: emptyRuns},
	}
	if workers {
		p.ID += " with workers"
		p.Source = fmt.Sprintf("package main\n\nimport _ %q\n\nfunc main() {}\n", build.WorkerPath)
	}
	return p
}

// emptyScript is the empty program for those in Python: what it takes to start the interpreter.
func emptyScript() program.Program {
	p := emptyProgram(false)
	p.ID, p.Source, p.Options.Language = "empty in Python", "", program.Python
	return p
}

// addEmpties returns programs with the empty ones that measured ones among them are told beside.
func (j *job) addEmpties(programs []program.Program) []program.Program {
	beside := make(map[bool]bool) // whether they import package worker
	for _, p := range programs {
		if p.Options.Measure && len(p.Options.Modes) > 0 && p.Options.Language == program.Go {
			beside[j.plan.UsesWorker(p)] = true
		}
	}
	programs = slices.Clone(programs)
	for _, workers := range []bool{false, true} {
		if beside[workers] {
			programs = append(programs, emptyProgram(workers))
		}
	}
	return programs
}

// overhead returns what a run of b takes by itself, as Result.Overhead has it. It is found out once for a machine and a toolchain,
// and kept as the result of the empty program.
func (j *job) overhead(ctx context.Context, s *supervisor, b build.Build) (time.Duration, error) {
	p, trusted := emptyProgram(b.Workers), j.runner.trusts(b.Program)
	if b.Program.Options.Language == program.Python {
		p = emptyScript()
	}
	kept := Result{ID: p.ID, Key: j.terms.key(p, trusted), Machine: j.terms.machine, Load: j.load, Taken: j.now()}
	if !j.runner.shelf.Load(store.Overheads, kept.Key, &kept) || len(kept.Runs) == 0 {
		var err error
		if kept.Runs, kept.Layers, err = j.runEmpty(ctx, s, p, j.treatment(b.Program)); err != nil {
			return 0, fmt.Errorf("measure an empty program: %w", err)
		}
		if err := j.runner.shelf.Save(store.Overheads, kept.Key, kept); err != nil {
			return 0, fmt.Errorf("store result of an empty program: %w", err)
		}
	}
	return time.Duration(stats.Median(walls(counted(kept.Runs, program.At(program.Plain)))).Median), nil
}

// runEmpty builds an empty program and runs it for warming up and as often as it asks for. Of runs that were disturbed, as many
// more are made, and no more: then they count.
func (j *job) runEmpty(ctx context.Context, s *supervisor, p program.Program, t treatment) (runs []Run, layers []sandbox.Layer, err error) {
	b, err := j.plan.NewBuilder().Build(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	defer b.Remove()
	if list := verdict(b); len(list) > 0 {
		return nil, nil, list
	}
	if err := b.Place(); err != nil {
		return nil, nil, err
	}
	replaced := 0
	for len(runs) < 1+p.Options.Repeat {
		run, seen, err := execute(ctx, s, b, program.At(program.Plain), t, func(Line) {})
		if err != nil {
			return nil, nil, err
		}
		if run.Outcome.Kind != program.OK {
			return nil, nil, fmt.Errorf("it %v", run.Outcome)
		}
		if len(runs) == 0 {
			run.Purpose = Warmup
		} else if run.Disturbed != "" && replaced < p.Options.Repeat {
			replaced++
			continue
		}
		if len(runs) > 0 && !slices.Equal(seen.layers, layers) {
			return nil, nil, errConfinement
		}
		runs, layers = append(runs, run), seen.layers
	}
	return runs, layers, nil
}
