package worker_test

import (
	"context"
	"errors"
	"testing"

	"course/runner/worker"
)

// gate holds back workers within this process until it is closed.
var gate chan struct{}

func waitAtGate(n int) int {
	<-gate
	return n
}

func TestWaitContextLeavesTheWorkerAlone(t *testing.T) {
	for _, mode := range []worker.Mode{worker.Goroutine, worker.Thread} {
		gate = make(chan struct{})
		w := worker.Start(waitAtGate, 7, worker.As(mode))
		cause := errors.New("no patience")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		if n, err := w.WaitContext(ctx); n != 0 || !errors.Is(err, cause) || !w.Alive() {
			t.Errorf("%s: %v, %v, alive: %v", mode, n, err, w.Alive())
		}
		close(gate)
		if n, err := w.WaitContext(t.Context()); n != 7 || err != nil {
			t.Errorf("%s: %v, %v", mode, n, err)
		}
	}
	everyMode(t, func(t *testing.T, as worker.Option) {
		w := worker.Start(square, 3, as)
		if n, err := w.WaitContext(t.Context()); n != 9 || err != nil {
			t.Errorf("%v, %v", n, err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if n, err := w.WaitContext(ended); n != 9 || err != nil {
			t.Errorf("a worker that ended before its limit: %v, %v", n, err)
		}
	})
}
