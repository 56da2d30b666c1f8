package worker

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
)

// A Queue takes values from some workers to others, each to one of those who get, in the order in which they were
// put. It can be given to workers of all modes, in their arguments and through queues and pipes, also to those that run
// already, and it is the same queue there. All methods are safe for concurrent use.
//
// As long as a queue was never sent to a process, values pass through it as through a channel: as they
// are, without being copied beyond T itself. Once it was, each value is encoded when it is put, also
// where another thread gets it, and arrives as a copy; so the package documentation says of arguments.
// What T cannot be encoded keeps the queue from being sent to a process, and nothing else.
//
// In Python queue.Queue is for threads and multiprocessing.Queue for processes. This is both, with the
// bound that there is called maxsize. It differs in this:
//
//   - Put hands over in full what it is given: there is no feeder thread, so that the order is that of Put, a process can
//     end right after Put without losing anything, and who was given a value through a
//     queue never finds it empty. An error of encoding is returned by Put.
//   - It can be closed, as a channel (and as queue.Queue since Python 3.13, where it is called shutdown).
//   - There is no task_done: wait for the workers, or count by a [Shared] number or a [Semaphore].
//   - A worker that is killed while it puts or gets costs at most the value that it was about, and never
//     leaves the queue locked or damaged, as it may with multiprocessing.Queue. A value is got once.
//
// Compared with a channel: putting into a closed queue is an error and no panic, closing it again is
// nothing, and there is no select: a context ends a wait.
type Queue[T any] struct {
	handle
	flow flow[T]
}

// NewQueue returns an empty queue for up to capacity values, at least 1: else it panics. A queue without a bound,
// Python's maxsize=0, would hide for a while that nobody keeps up with who puts, and then take all
// memory; one without room, as an unbuffered channel, would have each value cost two switches between
// workers. Of the options, Named is for it.
func NewQueue[T any](capacity int, options ...Option) *Queue[T] {
	if capacity < 1 || capacity > maxCapacity {
		panic(fmt.Errorf("worker: a queue holds 1 to %d values, not %d", maxCapacity, capacity))
	}
	q := create(new(Queue[T]), ringSize, options)
	q.flow.init(capacity)
	return q
}

func (*Queue[T]) kind() kind            { return kindQueue }
func (*Queue[T]) element() reflect.Type { return reflect.TypeFor[T]() }
func (q *Queue[T]) attach()             { q.flow.attach(&q.handle, ringBehind(q.object, 0)) }
func (q *Queue[T]) cross() error        { return q.flow.cross() }

// Put puts v into q, and waits for room where q is full. The error is [ErrClosed] where q is closed, also
// meanwhile; else it says why v could not be encoded, or that there is not enough shared memory for it.
// After an error v is not in q.
func (q *Queue[T]) Put(v T) error { return q.PutContext(context.Background(), v) }

// PutContext is Put with a limit: where ctx ends first it returns context.Cause(ctx). Where there is room
// it puts v, whether ctx has ended or not.
func (q *Queue[T]) PutContext(ctx context.Context, v T) error {
	defer runtime.KeepAlive(q)
	return q.flow.put(v, waiting{ctx: ctx, why: putting})
}

// TryPut puts v into q if that can be done without waiting for room, and reports whether it did. The error is that of Put.
func (q *Queue[T]) TryPut(v T) (put bool, err error) {
	defer runtime.KeepAlive(q)
	err = q.flow.put(v, waiting{ctx: context.Background(), why: putting, try: true})
	if errors.Is(err, errBusy) {
		return false, nil
	}
	return err == nil, err
}

// Get returns the value that is longest in q, and waits for one where q is empty. The error is [ErrClosed]
// once q is closed and empty. Any other error comes from a method by which T reads itself, as
// UnmarshalBinary: that value is lost, and the next call gets the next.
func (q *Queue[T]) Get() (T, error) { return q.GetContext(context.Background()) }

// GetContext is Get with a limit: where ctx ends first it returns context.Cause(ctx). What is there it
// returns, whether ctx has ended or not.
func (q *Queue[T]) GetContext(ctx context.Context) (T, error) {
	defer runtime.KeepAlive(q)
	return q.flow.get(waiting{ctx: ctx, why: getting})
}

// TryGet is Get without waiting for a value: where q is empty and not closed, got is false and there is no error.
func (q *Queue[T]) TryGet() (v T, got bool, err error) {
	defer runtime.KeepAlive(q)
	v, err = q.flow.get(waiting{ctx: context.Background(), why: getting, try: true})
	if errors.Is(err, errBusy) {
		return v, false, nil
	}
	return v, err == nil, err
}

// All returns what is got from q, value by value, until q is closed and empty: what range does with a channel. Several
// workers may range over one queue; each value goes to one of them. A value that cannot be
// read is a fault of its type, and panics with the error that Get returns: a loop that left it out would
// look as if all were there.
func (q *Queue[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			switch v, err := q.Get(); {
			case errors.Is(err, ErrClosed):
				return
			case err != nil:
				panic(err)
			case !yield(v):
				return
			}
		}
	}
}

// Close lets nobody put into q any more, neither those who wait for room. What is in q can still be got. Any
// worker may close q, whoever made it; closing it again does nothing.
func (q *Queue[T]) Close() {
	q.flow.close()
	runtime.KeepAlive(q)
}

// Len returns how many values are in q. Others may have changed that when it returns.
func (q *Queue[T]) Len() int {
	defer runtime.KeepAlive(q)
	return q.flow.ring.length()
}

// Cap returns how many values q holds at most.
func (q *Queue[T]) Cap() int {
	defer runtime.KeepAlive(q)
	return int(q.flow.ring.capacity.Load())
}

// dropItems gives up what lies in a queue that nobody can use any more, or in a pipe.
func (o *object) dropItems() {
	ringBehind(o, 0).drop()
	if kind(o.kind.Load()) == kindPipe {
		ringBehind(o, 1).drop()
	}
}
