package runner

import (
	"context"
	"slices"

	"course/program"
	"course/runner/build"
)

// build has a crew build programs, each with what then makes of it: nil, or one more step. Those that are linked together come
// first, so that this is done while others are built.
func (j *job) build(ctx context.Context, c crew, programs []program.Program, then func(i int, b build.Build) step) error {
	var alone, together []step
	for _, g := range j.plan.Groups(programs) {
		if len(g) == 1 {
			alone = append(alone, j.buildAlone(programs[g[0]], func(b build.Build) step { return then(g[0], b) }))
			continue
		}
		m := &merger{job: j, merge: j.plan.NewMerge(len(g)), then: func(number int, b build.Build) step { return then(g[number], b) }}
		for number, i := range g {
			together = append(together, m.compile(number, programs[i]))
		}
	}
	return c.work(ctx, together, alone)
}

// buildAlone is the step that makes the binary of one program.
func (j *job) buildAlone(p program.Program, then func(build.Build) step) step {
	return func(ctx context.Context, m *member) ([]step, error) {
		j.tell(Event{Kind: Building, ID: p.ID})
		b, err := m.builder.Build(ctx, p)
		return some(then(b)), err
	}
}

func some(s step) []step {
	if s == nil {
		return nil
	}
	return []step{s}
}

// A merger has one binary made for several programs.
type merger struct {
	job   *job
	merge *build.Merge
	then  func(number int, b build.Build) step
}

// compile is the step that compiles the program of that number. The last one to be compiled makes it possible to link.
func (m *merger) compile(number int, p program.Program) step {
	return func(ctx context.Context, by *member) ([]step, error) {
		m.job.tell(Event{Kind: Building, ID: p.ID})
		last, err := m.merge.Compile(ctx, by.builder, number, p)
		if err != nil || !last {
			return nil, err
		}
		return []step{m.link}, nil
	}
}

// link is the step that links what was compiled, and makes it possible to go on with each program.
func (m *merger) link(ctx context.Context, by *member) ([]step, error) {
	merged, err := m.merge.Link(ctx, by.builder)
	if err != nil {
		return nil, err
	}
	var next []step
	for number, one := range merged {
		then := func(b build.Build) step { return m.then(number, b) }
		if one.Alone {
			next = append(next, m.job.buildAlone(one.Program, then))
			continue
		}
		next = append(next, some(then(one.Build))...)
	}
	slices.Reverse(next)
	by.pile.wait(next)
	return nil, nil
}
