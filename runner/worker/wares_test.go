package worker_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"course/runner/worker"
)

// A ware is something that workers wait for, in whatever way: a lock that is free, a permit, a signal, a
// value. What is said of all that waits is tested with each of them.
type ware struct {
	// make returns what workers are sent of it, where there is nothing to be had yet, and a function with which the
	// caller lets one of them have one. It never waits for long.
	make func(options ...worker.Option) (s stock, give func())
	// take waits until there is one, and takes it.
	take func(ctx context.Context, s stock) error
	// hold has the caller hold it, so that nobody else can take it; nil where it is nobody's.
	hold func(s stock)
	// left returns how many nobody took; nil where that cannot be known.
	left func(s stock) int
	// free says that one may be had without being given.
	free bool
}

// A stock is what workers are sent of a ware.
type stock struct {
	Ware      string
	Lock      *worker.Lock
	RLock     *worker.RLock
	Cond      *worker.Cond // of Lock
	Count     *worker.Shared[int]
	Semaphore *worker.Semaphore
	Event     *worker.Event
	Barrier   *worker.Barrier
	Queue     *worker.Queue[int]
	Pipe      *worker.Pipe[int]
}

func (s stock) take(ctx context.Context) error { return wares[s.Ware].take(ctx, s) }

// wares are known before any init asks for them.
var wares = map[string]ware{
	"lock":  {make: newLockStock, take: takeLock, hold: func(s stock) { s.Lock.Lock() }, free: true},
	"rlock": {make: newRLockStock, take: takeRLock, hold: func(s stock) { s.RLock.Lock() }, free: true},
	"cond":  {make: newCondStock, take: takeSignal, left: func(s stock) int { return s.Count.Load() }},
	"semaphore": {
		make: newSemaphoreStock, take: func(ctx context.Context, s stock) error { return s.Semaphore.AcquireContext(ctx) },
		left: func(s stock) int { return s.Semaphore.Value() },
	},
	"event":   {make: newEventStock, take: takeEvent, free: true},
	"barrier": {make: newBarrierStock, take: takeBarrier, free: true},
	"queue":   {make: newQueueStock, take: takeValue, left: func(s stock) int { return s.Queue.Len() }},
	"queue's room": {
		make: newFullQueueStock, take: func(ctx context.Context, s stock) error { return s.Queue.PutContext(ctx, 0) },
		left: func(s stock) int { return s.Queue.Cap() - s.Queue.Len() },
	},
	"pipe":        {make: newPipeStock, take: takeMessage},
	"pipe's room": {make: newFullPipeStock, take: func(ctx context.Context, s stock) error { return s.Pipe.SendContext(ctx, 0) }},
}

func wareNames() []string { return slices.Sorted(maps.Keys(wares)) }

// lockAnyway locks l, also where its holder died.
func lockAnyway(ctx context.Context, l interface {
	LockContext(ctx context.Context) error
	Reclaim() bool
},
) error {
	for {
		err := l.LockContext(ctx)
		if _, abandoned := errors.AsType[*worker.AbandonedError](err); !abandoned || l.Reclaim() {
			if abandoned {
				return nil
			}
			return err
		}
	}
}

func newLockStock(options ...worker.Option) (stock, func()) {
	l, first := worker.NewLock(options...), true
	l.Lock()
	return stock{Ware: "lock", Lock: l}, func() {
		if !first {
			_ = lockAnyway(context.Background(), l)
		}
		first = false
		l.Unlock()
	}
}

func takeLock(ctx context.Context, s stock) error {
	err := lockAnyway(ctx, s.Lock)
	if err == nil {
		s.Lock.Unlock()
	}
	return err
}

func newRLockStock(options ...worker.Option) (stock, func()) {
	l, first := worker.NewRLock(options...), true
	l.Lock()
	return stock{Ware: "rlock", RLock: l}, func() {
		if !first {
			_ = lockAnyway(context.Background(), l)
		}
		first = false
		l.Unlock()
	}
}

func takeRLock(ctx context.Context, s stock) error {
	err := lockAnyway(ctx, s.RLock)
	if err == nil {
		s.RLock.Lock()
		s.RLock.Unlock() //nolint:staticcheck // to have had it twice is all
		s.RLock.Unlock()
	}
	return err
}

func newCondStock(options ...worker.Option) (stock, func()) {
	l := worker.NewLock()
	s := stock{Ware: "cond", Lock: l, Cond: worker.NewCond(l, options...), Count: worker.NewShared(0)}
	return s, func() {
		s.lockForSignal()
		s.Count.Add(1)
		s.Cond.Signal()
		l.Unlock()
	}
}

// lockForSignal locks the lock of a cond. Whoever died with it may have had a signal and not taken what that was for.
func (s stock) lockForSignal() {
	if s.Lock.LockContext(context.Background()) != nil {
		s.mend()
		s.lockForSignal()
	}
}

// mend puts right what one who died may have left.
func (s stock) mend() {
	if s.Cond != nil && s.Lock.Reclaim() {
		s.Cond.Broadcast()
		s.Lock.Unlock()
	}
}

func takeSignal(ctx context.Context, s stock) error {
	for {
		s.lockForSignal()
		err := s.Cond.WaitFor(ctx, func() bool { return s.Count.Load() > 0 })
		if _, abandoned := errors.AsType[*worker.AbandonedError](err); abandoned {
			continue
		}
		if err == nil {
			s.Count.Add(-1)
		}
		s.Lock.Unlock()
		return err
	}
}

func newSemaphoreStock(options ...worker.Option) (stock, func()) {
	s := worker.NewSemaphore(0, options...)
	return stock{Ware: "semaphore", Semaphore: s}, s.Release
}

func newEventStock(options ...worker.Option) (stock, func()) {
	e := worker.NewEvent(options...)
	return stock{Ware: "event", Event: e}, e.Set
}

func takeEvent(ctx context.Context, s stock) error {
	err := s.Event.WaitContext(ctx)
	if err == nil {
		s.Event.Clear()
	}
	return err
}

func newBarrierStock(options ...worker.Option) (stock, func()) {
	b := worker.NewBarrier(2, options...)
	return stock{Ware: "barrier", Barrier: b}, func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if _, err := b.WaitContext(ctx); err != nil {
			b.Reset()
		}
	}
}

// takeBarrier mends what others broke.
func takeBarrier(ctx context.Context, s stock) error {
	for {
		_, err := s.Barrier.WaitContext(ctx)
		if err == nil {
			return nil
		}
		s.Barrier.Reset()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

func newQueueStock(options ...worker.Option) (stock, func()) {
	q := worker.NewQueue[int](64, options...)
	return stock{Ware: "queue", Queue: q}, func() { _ = q.Put(0) }
}

func takeValue(ctx context.Context, s stock) error {
	_, err := s.Queue.GetContext(ctx)
	return err
}

func newFullQueueStock(options ...worker.Option) (stock, func()) {
	q := worker.NewQueue[int](64, options...)
	for range q.Cap() {
		_ = q.Put(0)
	}
	return stock{Ware: "queue's room", Queue: q}, func() { _, _ = q.Get() }
}

func newPipeStock(options ...worker.Option) (stock, func()) {
	a, b := worker.NewPipe[int](options...)
	return stock{Ware: "pipe", Pipe: a}, func() { _ = b.Send(0) }
}

func takeMessage(ctx context.Context, s stock) error {
	_, err := s.Pipe.RecvContext(ctx)
	return err
}

func newFullPipeStock(options ...worker.Option) (stock, func()) {
	a, b := worker.NewPipe[int](options...)
	for range worker.PipeCapacity {
		_ = a.Send(0)
	}
	return stock{Ware: "pipe's room", Pipe: a}, func() { _, _ = b.Recv() }
}
