package worker_test

import (
	"runtime"
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(countUp, haveCounted) }

// countUp never ends. It tells at each step that it is alive.
func countUp(n *worker.Shared[int]) {
	for {
		n.Add(1)
	}
}

func haveCounted(n *worker.Shared[int]) {
	_, _ = worker.Do(countUp, n, worker.As(worker.Process)).Wait()
}

// Nobody is called dead who is still inside of something. That a process has ended does not say that those it started have.
func TestDescendantsHaveEnded(t *testing.T) {
	t.Parallel()
	for range 10 {
		n := worker.NewShared(0)
		w := worker.Do(haveCounted, n, worker.As(worker.Process))
		for n.Load() == 0 {
			runtime.Gosched()
		}
		_ = w.Kill()
		_, _ = w.Wait()
		at := n.Load()
		for range 1000 {
			runtime.Gosched()
		}
		if now := n.Load(); now != at {
			t.Fatalf("%d steps after its end was told", now-at)
		}
	}
}
