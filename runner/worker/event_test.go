package worker_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(waitForEvents, waitForEvent) }

// A race is run by those who wait for its start, again and again.
type race struct {
	Start    [2]*worker.Event // in turn
	Ready    *worker.Semaphore
	Finished *worker.Semaphore
	Times    int
}

// waitForEvents waits with a little patience, and without.
func waitForEvents(r race) {
	for i := range r.Times {
		r.Ready.Release()
		if i%4 < 2 {
			r.Start[i%2].Wait()
		} else {
			waitPatiently(r.Start[i%2])
		}
		r.Finished.Release()
	}
}

func waitPatiently(e *worker.Event) {
	for err := error(context.DeadlineExceeded); err != nil; {
		ctx, cancel := context.WithTimeout(context.Background(), rand.N(time.Millisecond))
		err = e.WaitContext(ctx)
		cancel()
	}
}

func waitForEvent(e *worker.Event) bool {
	e.Wait()
	return e.IsSet()
}

func TestEvent(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		e := worker.NewEvent()
		if e.IsSet() {
			t.Error("a new event is set")
		}
		if err := e.WaitContext(ended(t)); !errors.Is(err, errNoPatience) {
			t.Errorf("%v", err)
		}
		e.Set()
		e.Set()
		if set, err := worker.Start(waitForEvent, e, as).Wait(); !set || err != nil || !e.IsSet() {
			t.Errorf("%v, %v", set, err)
		}
		if err := e.WaitContext(ended(t)); err != nil {
			t.Errorf("an event that is set: %v", err)
		}
		e.Clear()
		e.Clear()
		if e.IsSet() {
			t.Error("set after Clear")
		}
	})
}

// All who wait go on, also where the event is cleared at once.
func TestEventWakesAllBeforeItIsCleared(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		e := worker.NewEvent()
		var workers []*worker.Worker[bool]
		for i := range 4 {
			workers = append(workers, worker.Start(waitForEvent, e, as))
			worker.Eventually(func() bool { return worker.Waiters(e) == i+1 })
		}
		e.Set()
		e.Clear()
		waitAll(t, workers)
	})
}

func TestEventAgainAndAgain(t *testing.T) {
	newRace := func() race {
		return race{[2]*worker.Event{worker.NewEvent(), worker.NewEvent()}, worker.NewSemaphore(0), worker.NewSemaphore(0), 50}
	}
	const runners = 8
	start := func(r race) {
		for i := range r.Times {
			for range runners {
				r.Ready.Acquire()
			}
			r.Start[1-i%2].Clear()
			r.Start[i%2].Set()
			for range runners {
				r.Finished.Acquire()
			}
		}
	}
	eachWayWith(t, waitForEvents, newRace, start, func(*testing.T, race) {})
}
