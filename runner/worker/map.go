package worker

import "context"

// Map has a pool of workers call f with each of args, and returns the results in the order of args: it is
// [Pool.Map] of a pool that is there for this call only.
func Map[A, R any](f func(A) R, args []A, options ...Option) ([]R, error) {
	return mapOnce(NewPool(f, options...), args)
}

// TryMap is Map for a function that returns an error as well: the first in the order of args is returned.
func TryMap[A, R any](f func(A) (R, error), args []A, options ...Option) ([]R, error) {
	return mapOnce(NewTryPool(f, options...), args)
}

func mapOnce[A, R any](p *Pool[A, R], args []A) ([]R, error) {
	results, err := p.Map(args)
	if closing := p.Close(); err == nil && closing != nil {
		return nil, closing
	}
	return results, err
}

// A mapJob is a Map under way.
type mapJob struct {
	job
	err   error // of the item with the lowest index
	index int   // of that item
}

// newMapJob returns the job of n items in chunks of that size; from makes items of those from one
// index up to another.
func newMapJob(n, size int, from func(from, to int) items) *mapJob {
	m := new(mapJob)
	m.strict, m.indexed, m.done = true, true, m.note
	next := 0
	more := func() *chunk {
		first := next
		if next = min(n, first+size); next == n {
			m.more = nil
		}
		return &chunk{job: &m.job, first: first, count: next - first, items: from(first, next)}
	}
	if n > 0 {
		m.more = more
	}
	return m
}

// note looks for an error in k. Chunks are begun in order, so that those which are under way when the
// first error is met include all that may have an error before it.
func (m *mapJob) note(k *chunk) {
	err, index := k.err, k.first
	if err == nil && len(k.failures) > 0 {
		err, index = k.failures[0].Err, k.first+k.failures[0].Item
	}
	if err == nil {
		return
	}
	if m.err == nil || index < m.index {
		m.err, m.index = err, index
	}
	m.stop()
}

// run has the pool do m, and returns the first error.
func (p *pool) run(ctx context.Context, m *mapJob) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.ctx = ctx
	defer context.AfterFunc(ctx, func() { p.cancel(&m.job) })()
	if err := p.offer(&m.job, nil); err != nil {
		return err
	}
	p.wait(&m.job)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return m.err
}
