package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"course/runner/build"
	"course/runner/machine"
)

// A step is a piece of the work of a job. It returns those that it has made possible.
type step func(context.Context, *member) ([]step, error)

// A member of a crew does one step at a time, with what nobody else uses meanwhile.
type member struct {
	job        *job
	builder    *build.Builder
	supervisor *supervisor // nil until it is needed
	preparing  chan error  // what came of preparing the supervisor; nil where nobody does
	pile       *pile       // from which it takes its steps
}

// A crew is as many members as there are processors and memory for them, but not more than there is use for.
type crew []*member

// buildMemory is what may be taken of a machine's memory to build: most, for nothing else is done meanwhile; 0 where it is not known.
func buildMemory(m machine.Machine) int64 { return cmp.Or(m.MemoryLimit, m.Memory) / 4 * 3 }

// memberMemory is what a member has at least to build with, where the machine has so much: several times what a lesson's program takes.
const memberMemory = 256 << 20

// crewSize is how many members there are for n programs, at least one: one a processor that control groups let be used, but
// none without enough memory.
func crewSize(m machine.Machine, n int) int {
	most := runtime.NumCPU()
	if m.Quota > 0 {
		most = min(most, int(math.Ceil(m.Quota)))
	}
	if memory := buildMemory(m); memory > 0 {
		most = min(most, max(1, int(memory/memberMemory)))
	}
	return min(most, n)
}

// newCrew makes the crew of a job for n programs, at least one, whose first member has a supervisor already, if any.
func newCrew(j *job, n int, first *supervisor) crew {
	c := make(crew, crewSize(j.terms.machine, n))
	for i := range c {
		c[i] = &member{job: j, builder: j.plan.NewBuilder()}
	}
	c[0].supervisor = first
	return c
}

// close ends the supervisors of all but the first member, whose supervisor is not the crew's own. An error is also that nobody could be
// prepared for programs that then did not run.
func (c crew) close() (err error) {
	for i, m := range c {
		if m.preparing != nil {
			err = errors.Join(err, <-m.preparing)
		}
		if i > 0 && m.supervisor != nil {
			err = errors.Join(err, m.supervisor.close())
		}
	}
	return err
}

// prepare has the member's supervisor made ready for a program meanwhile.
func (m *member) prepare(confined bool) {
	m.preparing = make(chan error, 1)
	go func() { m.preparing <- m.supervisor.prepare(confined) }()
}

// supervise returns the member's supervisor.
func (m *member) supervise() (*supervisor, error) {
	if m.preparing != nil {
		err := <-m.preparing
		if m.preparing = nil; err != nil {
			return nil, err
		}
	}
	if m.supervisor == nil {
		s, err := startSupervisor(m.job.runner.without)
		if err != nil {
			return nil, fmt.Errorf("start the supervisor: %w", err)
		}
		m.supervisor = s
	}
	return m.supervisor, nil
}

// A pile is the steps that are to be done, the last one first. What a step has made possible goes on top, so that what is
// built is soon run and removed.
type pile struct {
	mu     sync.Mutex
	change sync.Cond
	steps  []step
	bottom int // how many of the steps have been there from the beginning, and come after those that wait
	busy   int // members at work: more steps may come of that
}

// work does steps and all that come of them: first those of first. An error, of which there is one, ends the work, and so does ctx.
func (c crew) work(ctx context.Context, first, then []step) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p := &pile{steps: slices.Concat(then, first), bottom: len(then)}
	slices.Reverse(p.steps[:p.bottom])
	slices.Reverse(p.steps[p.bottom:])
	p.change.L = &p.mu
	var members sync.WaitGroup
	for _, m := range c {
		m.pile = p
		members.Go(func() {
			for s := p.next(ctx); s != nil; s = p.next(ctx) {
				more, err := s(ctx, m)
				if err != nil {
					cancel(err)
				}
				p.done(more)
			}
		})
	}
	members.Wait()
	return context.Cause(ctx)
}

// next waits for a step. There is none when nobody is at work that could make one possible, or ctx is done.
func (p *pile) next(ctx context.Context) step {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.steps) == 0 && p.busy > 0 && ctx.Err() == nil {
		p.change.Wait() // who is at work ends with ctx, and tells
	}
	if len(p.steps) == 0 || ctx.Err() != nil {
		return nil
	}
	last := len(p.steps) - 1
	s := p.steps[last]
	p.steps, p.bottom = p.steps[:last], min(p.bottom, last)
	p.busy++
	return s
}

// wait puts steps, of which the last is to be done first, below all that came first: they take nothing up meanwhile, and somebody
// may have time for them while others do what nobody can help with.
func (p *pile) wait(steps []step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps = slices.Insert(p.steps, p.bottom, steps...)
	p.change.Broadcast()
}

func (p *pile) done(more []step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy--
	p.steps = append(p.steps, more...)
	p.change.Broadcast()
}
