package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"course/program"
)

// build has a crew build programs, each with what then makes of it: nil, or one more step. Those that are linked together come
// first, so that this is done while others are built.
func (j *job) build(ctx context.Context, c crew, programs []program.Program, then func(i int, b build) step) error {
	var alone, together []step
	for _, g := range j.groups(programs) {
		if len(g) == 1 {
			alone = append(alone, j.buildAlone(programs[g[0]], func(b build) step { return then(g[0], b) }))
			continue
		}
		m := &merger{job: j, members: make([]merging, len(g))}
		m.left.Store(int64(len(g)))
		for number, i := range g {
			m.members[number].then = func(b build) step { return then(i, b) }
			together = append(together, m.compile(number, programs[i]))
		}
	}
	return c.work(ctx, together, alone)
}

// groups returns which programs share a binary, by their numbers: those that may and import the same. A group of one has
// its own. They are in order of their first members.
func (j *job) groups(programs []program.Program) [][]int {
	var groups [][]int
	open := make(map[string]int) // the group, of those that import the same, that has room
	for i, p := range programs {
		s := j.sources[p.Source]
		if j.runner.unmerged || j.kits[kindOf(p)].leaves() || !mergeable(p, s) {
			groups = append(groups, []int{i})
			continue
		}
		key := kindOf(p).modules + "\n" + s.importSet()
		g, ok := open[key]
		if !ok || len(groups[g]) == mostMerged {
			g = len(groups)
			open[key], groups = g, append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

// buildAlone is the step that makes the binary of one program.
func (j *job) buildAlone(p program.Program, then func(build) step) step {
	return func(ctx context.Context, m *member) ([]step, error) {
		j.tell(Event{Kind: Building, ID: p.ID})
		b, err := j.buildOne(ctx, m.builder(p), p)
		return some(then(b)), err
	}
}

func some(s step) []step {
	if s == nil {
		return nil
	}
	return []step{s}
}

// directory makes a directory for a build.
func (j *job) directory() (string, error) {
	dir, err := os.MkdirTemp(j.root, "build-")
	if err != nil {
		return "", fmt.Errorf("make build directory: %w", err)
	}
	return dir, nil
}

func (j *job) buildOne(ctx context.Context, b *builder, p program.Program) (build, error) {
	dir, err := j.directory()
	if err != nil {
		return build{}, err
	}
	done, err := b.build(ctx, p, j.sources[p.Source], dir)
	done.dir = dir
	return done, err
}

// A merger makes one binary for several programs.
type merger struct {
	job     *job
	members []merging
	left    atomic.Int64 // members that are not compiled yet
}

// A merging is one of them.
type merging struct {
	build  build
	object string // its file; empty where it does not compile
	alone  bool   // it could not be compiled: it is to be built by itself
	then   func(build) step
}

// compile is the step that compiles the program of that number. The last one to be compiled makes it possible to link.
func (m *merger) compile(number int, p program.Program) step {
	return func(ctx context.Context, by *member) ([]step, error) {
		m.job.tell(Event{Kind: Building, ID: p.ID})
		dir, err := m.job.directory()
		if err != nil {
			return nil, err
		}
		member, b := &m.members[number], by.builder(p)
		member.build, err = b.limit(ctx, p, func(ctx context.Context) (done build, err error) {
			done, member.object, err = b.prepare(ctx, p, m.job.sources[p.Source], dir, mergedPath(number))
			if err == nil && member.object != "" {
				done.vet = b.vetter.vet(p.Source)
			}
			return done, err
		})
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		member.alone = err != nil // why may be another one there, or the same
		if member.alone {
			member.build = build{program: p}
		}
		member.build.dir = dir
		if len(member.build.problems) > 0 {
			member.object = ""
		}
		if m.left.Add(-1) > 0 {
			return nil, nil
		}
		return []step{m.link}, nil
	}
}

// link is the step that links what was compiled, and makes it possible to go on with each program. Where that fails, for
// a reason of one of them or of ours, each has a binary of its own.
func (m *merger) link(ctx context.Context, by *member) ([]step, error) {
	var next []step
	image, err := m.image(ctx, by)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil && !errors.Is(err, errMerge) {
		return nil, err
	}
	for number, member := range m.members {
		if member.alone {
			member.build.remove()
			next = append(next, m.job.buildAlone(member.build.program, member.then))
			continue
		}
		if member.object != "" {
			if err := os.Remove(member.object); err != nil {
				return nil, fmt.Errorf("remove object file: %w", err)
			}
			if image == nil {
				member.build.remove()
				next = append(next, m.job.buildAlone(member.build.program, member.then))
				continue
			}
			member.build.image, member.build.number = image, number
			member.build.path = filepath.Join(member.build.dir, binaryFile)
		}
		next = append(next, some(member.then(member.build))...)
	}
	slices.Reverse(next)
	by.pile.wait(next)
	return nil, nil
}

// errMerge is that programs cannot be linked together.
var errMerge = errors.New("link programs together")

// image links the programs that were compiled; nil where there are none.
func (m *merger) image(ctx context.Context, by *member) (*image, error) {
	dir, err := m.job.directory()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var numbers []int
	var initialised []bool
	var config strings.Builder
	var one program.Program
	for number, member := range m.members {
		if member.object == "" {
			continue
		}
		one = member.build.program
		path := mergedPath(number)
		has, err := hasTask(member.object, path)
		if err != nil {
			return nil, fmt.Errorf("read object file: %w", err)
		}
		numbers, initialised = append(numbers, number), append(initialised, has)
		fmt.Fprintf(&config, "packagefile %s=%s\n", path, member.object)
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	return by.builder(one).linkMerged(ctx, dir, config.String(), numbers, initialised)
}
