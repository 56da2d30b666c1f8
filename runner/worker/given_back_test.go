package worker_test

import (
	"runtime"
	"testing"
	"time"

	"course/runner/worker"
)

// everything is one of each primitive.
type everything struct {
	Lock      *worker.Lock
	RLock     *worker.RLock
	Cond      *worker.Cond
	Semaphore *worker.Semaphore
	Event     *worker.Event
	Barrier   *worker.Barrier
	Queue     *worker.Queue[[]byte]
	Ours      *worker.Pipe[int]
	Theirs    *worker.Pipe[int]
	Shared    *worker.Shared[int]
}

func newEverything() everything {
	e := everything{
		Lock: worker.NewLock(), RLock: worker.NewRLock(), Semaphore: worker.NewSemaphore(1), Event: worker.NewEvent(),
		Barrier: worker.NewBarrier(3), Queue: worker.NewQueue[[]byte](8), Shared: worker.NewShared(1),
	}
	e.Cond = worker.NewCond(e.Lock)
	e.Ours, e.Theirs = worker.NewPipe[int]()
	return e
}

// takeAll uses what it gets, and lets go of it.
func takeAll(e everything) error {
	e.Lock.Lock()
	e.Cond.Broadcast()
	e.Lock.Unlock()
	e.Event.Set()
	e.Shared.Add(1)
	err := e.Queue.Put(make([]byte, 1000)) // one that nobody gets
	runtime.GC()
	return err
}

// Primitives that were made, sent, used and forgotten take no more memory after many rounds than after few.
func TestSharedMemoryIsGivenBack(t *testing.T) {
	pool := worker.NewTryPool(func(e everything) (int, error) { return 0, takeAll(e) }, worker.As(worker.Thread), worker.Workers(1))
	processes := worker.NewTryPool(takeEverything, worker.As(worker.Process), worker.Workers(1))
	rounds := func(n int) {
		for range n {
			if _, err := processes.Map([]everything{newEverything()}); err != nil {
				t.Fatal(err)
			}
			if _, err := pool.Map([]everything{newEverything()}); err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			time.Sleep(time.Millisecond) // cleanups run when they get the time: the bound is wide
		}
	}
	few, many := 40, 400
	if testing.Short() {
		many = 160
	}
	rounds(few)
	before := worker.Allotted()
	rounds(many)
	if grown := worker.Allotted() - before; grown > before {
		t.Errorf("%d rounds took %d bytes, %d more of them %d", few, before, many, grown)
	}
	for _, p := range []interface{ Close() error }{pool, processes} {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

func init() { worker.Register(takeEverything) }

func takeEverything(e everything) (int, error) { return 0, takeAll(e) }
