package worker

import (
	"context"
	"iter"
)

// stream yields what came of the items of seq, and at the end why that was not all, if so.
func (p *Pool[A, R]) stream(ctx context.Context, seq iter.Seq[A], refused error, ordered bool, yield func(Item[R]) bool) {
	if refused != nil {
		yield(Item[R]{Index: -1, Err: refused})
		return
	}
	size := p.chunkSize(1)
	feed := func(ended func() bool, put func(items, int) bool) {
		var args []A
		send := func() bool {
			b := &batch[A, R]{p.call, args, make([]R, len(args))}
			args = nil
			return put(b, len(b.args))
		}
		for arg := range seq {
			if args = append(args, arg); ended() || len(args) == size && !send() {
				return
			}
		}
		if len(args) > 0 {
			send()
		}
	}
	more := true
	show := func(k *chunk) bool {
		more = showChunk(k, yield)
		return more
	}
	s := &stream{pool: &p.pool}
	s.ctx, s.indexed = ctx, true
	run := s.run
	if p.mode == Serial {
		run = s.serial
	}
	if err := run(ctx, ordered, feed, show); err != nil && more {
		yield(Item[R]{Index: -1, Err: err})
	}
}

// showChunk yields the items of k.
func showChunk[R any](k *chunk, yield func(Item[R]) bool) bool {
	_, out := k.items.ends()
	results, failures := out.Interface().([]R), k.failures
	for i := range k.count {
		item := Item[R]{Index: k.first + i, Err: k.err}
		if k.err == nil {
			item.Value = results[i]
		}
		if len(failures) > 0 && failures[0].Item == i {
			item.Err, failures = failures[0].Err, failures[1:]
		}
		if !yield(item) {
			return false
		}
	}
	return true
}

// A feeder gives chunks of so many items to put until that returns false, or ended true.
type feeder func(ended func() bool, put func(items, int) bool)

// A stream is a Stream or an Unordered under way, but for its types.
type stream struct {
	job
	pool  *pool
	items int // that were put
}

// offer gives the pool the next chunk.
func (s *stream) offer(items items, count int) (*chunk, error) {
	k := &chunk{job: &s.job, first: s.items, count: count, items: items}
	if err := s.pool.offer(&s.job, k); err != nil {
		return nil, err
	}
	s.items += count
	return k, nil
}

// serial does each chunk in the calling goroutine, when it is put.
func (s *stream) serial(ctx context.Context, _ bool, feed feeder, show func(*chunk) bool) (err error) {
	s.done = func(*chunk) {}
	ended := func() bool {
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return err != nil
	}
	if ended() {
		return err
	}
	feed(ended, func(items items, count int) bool {
		var k *chunk
		if k, err = s.offer(items, count); err != nil {
			return false
		}
		return !ended() && show(k)
	})
	return err
}

// run does chunks while show, which is called in the calling goroutine, deals with those that are done.
func (s *stream) run(ctx context.Context, ordered bool, feed feeder, show func(*chunk) bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	window := make(chan struct{}, 2*s.pool.size) // holds one for each chunk that was begun to be taken and not shown
	done := make(chan *chunk, cap(window))
	s.job.done = func(k *chunk) { done <- k } // there is room

	var refused error
	fed, left := make(chan struct{}), make(chan struct{})
	put := func(items items, count int) bool {
		if _, refused = s.offer(items, count); refused != nil {
			return false
		}
		select {
		case window <- struct{}{}:
			return true
		case <-left:
			return false
		}
	}
	gone := func() bool {
		select {
		case <-left:
			return true
		default:
			return ctx.Err() != nil
		}
	}
	go func() {
		defer close(fed)
		window <- struct{}{}
		feed(gone, put)
	}()
	defer context.AfterFunc(ctx, func() { s.pool.cancel(&s.job) })()
	defer func() {
		close(left)
		s.pool.stop(&s.job)
		<-fed
		s.pool.wait(&s.job)
	}()

	order, shown := order{any: !ordered}, 0
	for feeding := fed; ; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-feeding:
			feeding = nil
		case k := <-done:
			for _, k := range order.ready(k) {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				if !show(k) {
					return nil
				}
				shown += k.count
				<-window
			}
		}
		if feeding == nil && shown == s.items {
			return refused
		}
	}
}

// An order puts chunks in order.
type order struct {
	any   bool // in whatever order they are done
	next  int  // index of the first item of the chunk that is due
	early map[int]*chunk
}

// ready returns the chunks that are due now that k is done.
func (o *order) ready(k *chunk) (due []*chunk) {
	if o.any {
		return []*chunk{k}
	}
	if o.early == nil {
		o.early = make(map[int]*chunk)
	}
	o.early[k.first] = k
	for k := o.early[o.next]; k != nil; k = o.early[o.next] {
		delete(o.early, k.first)
		due, o.next = append(due, k), o.next+k.count
	}
	return due
}
