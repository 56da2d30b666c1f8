package worker

import (
	"context"
	"iter"
)

// A Pool has a fixed number of workers that call one function with many arguments, each as soon as it is
// done with its last:
//
//	pool := worker.NewPool(square, worker.Workers(4))
//	defer pool.Close()
//	squares, err := pool.Map([]int{1, 2, 3})
//
// # Workers
//
// A worker is started when there is something to do that no other is free for, up to the number given by
// [Workers], and then kept: a process deals with many items. With Serial the caller is the worker. Calls
// that go on at the same time, from several goroutines, share the workers, in turn. A function may use
// another pool; one that waits for its own may wait for ever.
//
// A worker that dies, because the function ended its process or called runtime.Goexit or because somebody
// killed it, is replaced. What it was working on is reported with a [DeathError], and nothing of it is run a
// second time; what it had not begun is done by others. Once three workers in a row ended before they
// began anything no more are started: then calls fail with an error that says so.
//
// # Chunks
//
// Workers take items in chunks, which [Chunk] makes larger or smaller, the same in every mode. A chunk is
// what a worker does as a whole: it goes to a process as one message and comes back as one. So the items
// of a chunk share their fate where their worker dies, and where something in them cannot be sent. The
// [DeathError] of each names the one at which the worker died.
//
// # The end
//
// A pool that was used holds workers until Close or Kill. One that is dropped without keeps them, idle,
// until the program ends, and they with it.
//
// What cannot be done at all (a function literal in a process, a channel in A, Workers(0)) is refused by
// each call, and not by NewPool: a pool may be a package variable. All methods are safe for concurrent use.
type Pool[A, R any] struct {
	pool
	call func(A) (R, error)
}

// NewPool returns a pool whose workers call f. It starts nothing yet.
func NewPool[A, R any](f func(A) R, options ...Option) *Pool[A, R] {
	return newPool[A, R](f, options)
}

// NewTryPool is NewPool for a function that returns an error as well.
func NewTryPool[A, R any](f func(A) (R, error), options ...Option) *Pool[A, R] {
	return newPool[A, R](f, options)
}

func newPool[A, R any](f any, options []Option) *Pool[A, R] {
	p := &Pool[A, R]{call: uniform[A, R](f)}
	p.init(f, options)
	return p
}

// Map calls the function with each of args, and returns the results in the order of args, or the first
// error in that order, without results. After an error no more chunks are begun. Those that are under way go
// on to their end, or their own first error, so that it is the same error whoever was faster. It is a
// [DeathError] where a worker died, and [ErrClosed] after Close. Chunks are of as many items as give each
// worker four, like those of Python's Pool.map; Chunk sets another size.
func (p *Pool[A, R]) Map(args []A) ([]R, error) { return p.MapContext(context.Background(), args) }

// MapContext is Map until ctx ends: then nothing more is begun, and it returns context.Cause(ctx) once
// nothing is under way. A thread cannot be stopped: it finishes the item that it is at, whose result is
// dropped. A process can: those that work for this call are killed, and replaced when there is work again.
func (p *Pool[A, R]) MapContext(ctx context.Context, args []A) ([]R, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	results := make([]R, len(args))
	each := 4 * p.width()
	m := newMapJob(len(args), p.chunkSize((len(args)+each-1)/each), func(from, to int) items {
		return &batch[A, R]{p.call, args[from:to], results[from:to]}
	})
	if err := p.run(ctx, m); err != nil {
		return nil, err
	}
	return results, nil
}

// Stream calls the function with each item of seq and yields the results in the same order, each with the
// error of its item. It goes on after errors.
//
//	for result, err := range pool.Stream(ctx, slices.Values(urls)) {
//
// It takes items as workers become free, and two chunks a worker at most that the loop has not seen the
// results of: so seq may be endless. It runs seq in a goroutine of its own, but with Serial. A chunk is one
// item, without Chunk.
//
// Leaving the loop lets nothing more be begun and waits for what is under way, and for seq, which ends at
// its next item. When ctx ends the same happens, only that processes that work for the stream are killed;
// then the last pair has context.Cause(ctx). The last pair has [ErrClosed] if the pool was closed before
// the end of seq.
func (p *Pool[A, R]) Stream(ctx context.Context, seq iter.Seq[A]) iter.Seq2[R, error] {
	refused := p.check()
	return func(yield func(R, error) bool) {
		p.stream(ctx, seq, refused, true, func(item Item[R]) bool { return yield(item.Value, item.Err) })
	}
}

// An Item is what came of one item of a sequence.
type Item[R any] struct {
	Index int // in the sequence, from 0; -1 where Err tells why the sequence was not dealt with to its end
	Value R
	Err   error
}

// Unordered is Stream, but that results come in the order in which they are there: chunk by chunk, where
// those have several items.
//
//	for item := range pool.Unordered(ctx, slices.Values(urls)) {
//		fmt.Println(urls[item.Index], item.Value, item.Err)
//	}
func (p *Pool[A, R]) Unordered(ctx context.Context, seq iter.Seq[A]) iter.Seq[Item[R]] {
	refused := p.check()
	return func(yield func(Item[R]) bool) { p.stream(ctx, seq, refused, false, yield) }
}

// Submit has the function called with arg and returns at once, but for Serial.
func (p *Pool[A, R]) Submit(arg A) *Task[R] {
	t := &Task[R]{over: make(chan struct{}), results: make([]R, 1)}
	if t.err = p.check(); t.err != nil {
		close(t.over)
		return t
	}
	t.job.ctx, t.job.done = context.Background(), t.note
	k := &chunk{job: &t.job, count: 1, items: &batch[A, R]{p.call, []A{arg}, t.results}}
	if err := p.offer(&t.job, k); err != nil {
		t.err = err
		close(t.over)
	}
	return t
}

// Close takes no more, waits until all that was given to the pool is done, and ends the workers. All
// that a call of Map or Submit brought is given; a stream ends with what it has taken. It may be
// called any number of times. The error is a [DeathError] where a worker died when it had nothing to do.
func (p *Pool[A, R]) Close() error { return p.close() }

// Kill ends the pool at once: processes are killed, and what they were working on is reported with a
// [DeathError]; what was not begun yet, with [ErrClosed]. Threads cannot be killed: they finish the chunk that
// they are at. It returns when all workers have ended. It may be called while Close waits.
func (p *Pool[A, R]) Kill() { p.kill() }

// A Task is one call that was given to a pool. Its methods are safe for concurrent use.
type Task[R any] struct {
	job     job
	over    chan struct{}
	results []R
	err     error
}

// Wait waits until the call is done and returns what the function did. It may be called any number of
// times. The error is one of those of [Worker.Wait], or [ErrClosed].
func (t *Task[R]) Wait() (R, error) { return t.WaitContext(context.Background()) }

// WaitContext is Wait with a limit: where ctx ends first it returns context.Cause(ctx), and the call goes
// on. A call that is done counts, whether ctx has ended or not.
func (t *Task[R]) WaitContext(ctx context.Context) (R, error) {
	select {
	case <-t.over:
		return t.results[0], t.err
	default:
	}
	defer doze(sleeping{why: pooling, ends: ctx.Done() != nil}).getUp()
	select {
	case <-t.over:
		return t.results[0], t.err
	case <-ctx.Done():
		var none R
		return none, context.Cause(ctx)
	}
}

// note is told of the only chunk.
func (t *Task[R]) note(k *chunk) {
	t.err = k.err
	if t.err == nil && len(k.failures) > 0 {
		t.err = k.failures[0].Err
	}
	close(t.over)
}
