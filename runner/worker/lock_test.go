package worker_test

import (
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(increment) }

type addition struct {
	Lock  *worker.Lock
	Sum   *worker.Shared[int]
	Times int
}

// increment loads and stores as two steps, which only the lock keeps together.
func increment(t addition) {
	for range t.Times {
		t.Lock.Lock()
		t.Sum.Store(t.Sum.Load() + 1)
		t.Lock.Unlock()
	}
}

func TestLockKeepsOthersOut(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			work := addition{worker.NewLock(), worker.NewShared(0), 2000}
			var workers []*worker.Worker[struct{}]
			for range 4 {
				workers = append(workers, worker.Do(increment, work, worker.As(mode)))
			}
			for _, w := range workers {
				if _, err := w.Wait(); err != nil {
					t.Fatal(err)
				}
			}
			if sum := work.Sum.Load(); sum != 4*2000 {
				t.Errorf("4 workers added 2000 each: %d", sum)
			}
		})
	}
}
