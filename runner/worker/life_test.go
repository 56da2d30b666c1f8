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

func TestExitCode(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		w := worker.Start(square, 3, as)
		failed := worker.Try(halve, 3, as)
		_, _ = w.Wait()
		_, _ = failed.Wait()
		if w.ExitCode() != 0 || failed.ExitCode() != 0 {
			t.Errorf("functions that returned: exit codes %d, and %d with an error", w.ExitCode(), failed.ExitCode())
		}
	})
	process, thread := worker.As(worker.Process), worker.As(worker.Thread)
	for _, test := range []struct {
		name string
		w    *worker.Worker[int]
		want int
	}{
		{"exit 0", worker.Start(exits, 0, process), 0},
		{"exit 3", worker.Start(exits, 3, process), 3},
		{"signal", worker.Start(kills, 9, process), -1},
		{"Goexit in a process", worker.Start(goexits, 1, process), -1},
		{"Goexit in a thread", worker.Start(goexits, 1, thread), -1},
		{"refused", worker.Start(unknown, 1, process), -1},
		{"a death that its function returns as an error", worker.Try(waitsFor, 3, thread), 0},
	} {
		if _, err := test.w.Wait(); test.w.ExitCode() != test.want {
			t.Errorf("%s: exit code %d, want %d (%v)", test.name, test.w.ExitCode(), test.want, err)
		}
	}
	gate = make(chan struct{})
	w := worker.Start(waitAtGate, 1, thread)
	if w.ExitCode() != -1 {
		t.Errorf("alive: exit code %d", w.ExitCode())
	}
	close(gate)
	_, _ = w.Wait()
}

// waitsFor has a process exit and returns how it died.
func waitsFor(status int) (int, error) {
	return worker.Start(exits, status, worker.As(worker.Process)).Wait()
}
