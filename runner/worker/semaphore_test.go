package worker_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(enterRoom, enterImpatiently, acquireForEver) }

// A room is for few at a time.
type room struct {
	Door         *worker.Semaphore
	Inside, Most *worker.Shared[int]
	Times        int
}

func (r room) visit() {
	n := r.Inside.Add(1)
	r.Most.Update(func(most int) int { return max(most, n) })
	r.Inside.Add(-1)
}

func enterRoom(r room) {
	for range r.Times {
		r.Door.Acquire()
		r.visit()
		r.Door.Release()
	}
}

func enterImpatiently(r room) {
	for range r.Times {
		ctx, cancel := context.WithTimeout(context.Background(), rand.N(100*time.Microsecond))
		if r.Door.AcquireContext(ctx) == nil {
			r.visit()
			r.Door.Release()
		}
		cancel()
	}
}

// eachWay runs f in 8 workers, of one mode and of all together.
func eachWay[A any](t *testing.T, f func(A), arg func() A, check func(t *testing.T, arg A)) {
	eachWayWith(t, f, arg, func(A) {}, check)
}

// eachWayWith has the caller do something meanwhile.
func eachWayWith[A any](t *testing.T, f func(A), arg func() A, meanwhile func(A), check func(t *testing.T, arg A)) {
	mixed := []worker.Mode{worker.Goroutine, worker.Thread, worker.Process}
	ways := map[string][]worker.Mode{"mixed": mixed}
	for _, mode := range mixed {
		ways[string(mode)] = []worker.Mode{mode}
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			a := arg()
			var workers []*worker.Worker[struct{}]
			for i := range 8 {
				workers = append(workers, worker.Do(f, a, worker.As(way[i%len(way)])))
			}
			meanwhile(a)
			waitAll(t, workers)
			check(t, a)
		})
	}
}

func TestSemaphoreLetsSoManyIn(t *testing.T) {
	for _, f := range []func(room){enterRoom, enterImpatiently} {
		newRoom := func() room { return room{worker.NewBoundedSemaphore(2), worker.NewShared(0), worker.NewShared(0), 200} }
		eachWay(t, f, newRoom, func(t *testing.T, r room) {
			if r.Door.Value() != 2 || r.Inside.Load() != 0 || r.Most.Load() > 2 {
				t.Errorf("%d permits, %d inside, at most %d", r.Door.Value(), r.Inside.Load(), r.Most.Load())
			}
		})
	}
}

func TestBoundedSemaphore(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		s := worker.NewBoundedSemaphore(1)
		if !s.TryAcquire() || s.TryAcquire() || s.Value() != 0 {
			t.Error("there is not one permit")
		}
		if text, err := worker.Start(releaseTwice, s, as).Wait(); err != nil || text != "worker: release of a semaphore that has all its permits" {
			t.Errorf("%q, %v", text, err)
		}
		if s.Value() != 1 {
			t.Errorf("%d permits", s.Value())
		}
	})
	none := worker.NewBoundedSemaphore(0)
	if panicOf(none.Release) == "" {
		t.Error("a bounded semaphore without permits has one")
	}
	more := worker.NewSemaphore(0)
	more.Release()
	if !more.TryAcquire() {
		t.Error("a semaphore without bound takes no permit")
	}
	for _, n := range []int{-1, 1 << 40} {
		if panicOf(func() { worker.NewSemaphore(n) }) == "" || panicOf(func() { worker.NewBoundedSemaphore(n) }) == "" {
			t.Errorf("a semaphore with %d permits", n)
		}
	}
}

func releaseTwice(s *worker.Semaphore) string {
	s.Release()
	return panicOf(s.Release)
}

func init() { worker.Register(releaseTwice) }

func acquireForEver(s *worker.Semaphore) {
	for {
		s.Acquire()
	}
}

// A permit that was on its way to one who is killed is there for others.
func TestKilledSleepersTakeNoPermit(t *testing.T) {
	for range 5 {
		s := worker.NewSemaphore(0)
		victim := worker.Do(acquireForEver, s, worker.As(worker.Process))
		worker.Eventually(func() bool { return worker.Sleepers(s) > 0 })
		patient := worker.Do(enterRoom, room{s, worker.NewShared(0), worker.NewShared(0), 1}, worker.As(worker.Process))
		worker.Eventually(func() bool { return worker.Sleepers(s) > 1 })
		_ = victim.Kill()
		s.Release()
		_, _ = victim.Wait()
		if s.Value() == 0 && patient.Alive() { // the victim died with it, as a worker may
			s.Release()
		}
		if _, err := patient.Wait(); err != nil {
			t.Error(err)
		}
	}
}
