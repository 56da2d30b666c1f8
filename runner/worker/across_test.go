package worker_test

import (
	"context"
	"errors"
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(generations, succeed) }

type lineage struct {
	Work  addition
	Depth int
}

// generations works, while its children and theirs do.
func generations(l lineage) error {
	var children []*worker.Worker[error]
	for range min(l.Depth, 2) {
		children = append(children, worker.Start(generations, lineage{l.Work, l.Depth - 1}, worker.As(worker.Process)))
	}
	increment(l.Work)
	for _, c := range children {
		failed, err := c.Wait()
		if err != nil {
			return err
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

// Each wakes every other: parents their children, children of one parent those of another.
func TestProcessesOfAllGenerationsShare(t *testing.T) {
	work := addition{worker.NewLock(), worker.NewShared(0), 300}
	const depth, members = 3, 1 + 2 + 4 + 4
	if err := generations(lineage{work, depth}); err != nil {
		t.Fatal(err)
	}
	if sum := work.Sum.Load(); sum != members*work.Times {
		t.Errorf("%d processes added %d each: %d", members, work.Times, sum)
	}
}

// succeed works on a lock, also where its holder died.
func succeed(work addition) {
	for work.Lock.LockContext(context.Background()) != nil && !work.Lock.Reclaim() {
	}
	work.Sum.Store(work.Sum.Load() + 1)
	work.Lock.Unlock()
}

// Of those who wait for a lock some are killed, and at any moment: the others get it.
func TestKilledSleepersTakeNoWakeup(t *testing.T) {
	for range 10 {
		work := addition{Lock: worker.NewLock(), Sum: worker.NewShared(0)}
		work.Lock.Lock()
		var workers []*worker.Worker[struct{}]
		for i := range 4 {
			workers = append(workers, worker.Do(succeed, work, worker.As(worker.Process)))
			worker.Eventually(func() bool { return worker.Sleepers(work.Lock) == i+1 })
		}
		go func() { _ = workers[2].Kill() }()
		_ = workers[0].Kill()
		work.Lock.Unlock()
		want := 0
		for i, w := range workers {
			_, err := w.Wait()
			if err == nil {
				want++
			} else if _, died := errors.AsType[*worker.DeathError](err); !died || i%2 != 0 {
				t.Errorf("worker %d of 4: %v", i+1, err)
			}
		}
		if sum := work.Sum.Load(); sum < want || sum > want+2 {
			t.Errorf("%d workers that ended well added %d", want, sum)
		}
	}
}
