package course

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
	"course/runner/build"
)

// Watch calls show with a snapshot of the course, and again whenever changed is sent to or a result
// arrives, until ctx ends, and returns its cause. What is stale runs meanwhile. Only an edit that makes
// more stale stops that run; an edit of prose does not. What goes wrong in the system (no toolchain, a
// directory that is gone) is a problem of the snapshot, and is tried again at the next change. show
// must not block.
func (c Config) Watch(ctx context.Context, changed <-chan struct{}, show func(*Snapshot)) error {
	c.here = true
	s := &Snapshot{}
	current := &job{} // the run under way, or the last one: what was tried is not tried again
	defer func() { current.stop() }()
	for {
		s = c.next(s, current)
		show(s)
		if !c.Recorded && !current.covers(s.Stale) {
			current.stop()
			current = c.start(ctx, s.Course, s.Stale)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case _, more := <-changed:
			if !more {
				changed = nil // whoever watched has stopped
			}
			if current.err != nil || len(current.unfetched) > 0 {
				current.stop()
				current = &job{}
			}
		case <-current.stored:
		case current.unfetched = <-current.lacking:
		case current.err = <-current.failed:
		}
	}
}

// next returns the snapshot that follows s, with what went wrong in the run under way.
func (c Config) next(s *Snapshot, run *job) *Snapshot {
	next, err := c.Load(s)
	if err != nil { // what was last seen of the course stays, and what is wrong lies over it
		gone := *s
		gone.Stale = nil
		gone.Problems = problem.List{{Message: fmt.Sprintf("the course cannot be read: %v", err)}}
		return &gone
	}
	if err := c.Runner.Unkept(); err != nil {
		next.Problems = append(problem.List{{Message: fmt.Sprintf("the results cannot be kept, and are lost when this ends: %v", err)}}, next.Problems...)
	}
	if run.err != nil && !next.complete(run.err) {
		next.Problems = append(problem.List{{Message: fmt.Sprintf("the cells cannot be run: %v", run.err)}}, next.Problems...)
	}
	next.Problems = append(next.Problems, run.unfetched...)
	return next
}

// complete reports whether what kept cells from being run is that there is no toolchain, and each cell has a recorded result all the same: then
// there is nothing to tell that the page does not.
func (s *Snapshot) complete(err error) bool {
	none := (*build.ToolchainError)(nil)
	return errors.As(err, &none) && len(s.Results) == len(s.Course.Programs())
}

// A job is a run of programs in the background. The zero value is one of none, which never ends.
type job struct {
	programs []program.Program
	cancel   context.CancelFunc
	stored   chan struct{} // buffered: a result is stored, latest wins
	failed   chan error    // buffered: the run ended by a fault of the system
	done     chan struct{} // closed when the run is over
	err      error         // what failed sent

	lacking   chan problem.List // buffered: what is wrong with the modules of some, which are not run
	unfetched problem.List      // what lacking sent
}

// start begins to run programs.
func (c Config) start(ctx context.Context, course *lessons.Course, programs []program.Program) *job {
	ctx, cancel := context.WithCancel(ctx)
	j := &job{
		programs: programs, cancel: cancel,
		stored: make(chan struct{}, 1), failed: make(chan error, 1), lacking: make(chan problem.List, 1), done: make(chan struct{}),
	}
	go func() {
		defer close(j.done)
		unfetched, err := c.complete(ctx, course, programs, func(e runner.Event) {
			if c.On != nil {
				c.On(e)
			}
			if e.Kind == runner.Done {
				select {
				case j.stored <- struct{}{}:
				default:
				}
			}
		})
		if len(unfetched) > 0 {
			j.lacking <- unfetched
		}
		if err != nil && ctx.Err() == nil {
			j.failed <- err
		}
	}()
	return j
}

// covers reports whether all of programs are among those that j runs, or ran.
func (j *job) covers(programs []program.Program) bool {
	for _, p := range programs {
		if !slices.ContainsFunc(j.programs, func(q program.Program) bool { return reflect.DeepEqual(p, q) }) {
			return false
		}
	}
	return true
}

// stop ends the run and waits for it. It may be called more than once.
func (j *job) stop() {
	if j.cancel != nil {
		j.cancel()
		<-j.done
	}
}
