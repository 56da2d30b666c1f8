package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
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

func init() { worker.Register(catches, goexitsInside) }

// catches says that it is ready by making path, and waits for SIGTERM.
func catches(path string) string {
	terms := make(chan os.Signal, 1)
	signal.Notify(terms, syscall.SIGTERM)
	touch(path)
	return fmt.Sprint(<-terms)
}

func TestKillAndTerminate(t *testing.T) {
	process := worker.As(worker.Process)
	for want, end := range map[syscall.Signal]func(*worker.Worker[int]) error{
		syscall.SIGKILL: (*worker.Worker[int]).Kill,
		syscall.SIGTERM: (*worker.Worker[int]).Terminate,
	} {
		w := worker.Start(spins, 1, process) // ended while it begins, most likely
		if err := end(w); err != nil {
			t.Error(err)
		}
		_, err := w.Wait()
		if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.Signal != want || death.Exit != -1 || w.ExitCode() != -1 {
			t.Errorf("%v: %v, exit code %d", want, err, w.ExitCode())
		}
		if err := end(w); !errors.Is(err, os.ErrProcessDone) {
			t.Errorf("%v: a second time: %v", want, err)
		}
	}
	never := worker.Start(unknown, 1, process)
	if err := never.Kill(); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("what never was: %v", err)
	}
}

func TestTerminateCanBeCaught(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM here")
	}
	ready := filepath.Join(t.TempDir(), "ready")
	w := worker.Start(catches, ready, worker.As(worker.Process))
	for {
		if _, err := os.Stat(ready); err == nil || !w.Alive() {
			break
		}
	}
	if err := w.Terminate(); err != nil {
		t.Error(err)
	}
	if got, err := w.Wait(); got != "terminated" || err != nil || w.ExitCode() != 0 {
		t.Errorf("%q, %v, exit code %d", got, err, w.ExitCode())
	}
}

func TestOnlyProcessesCanBeKilled(t *testing.T) {
	for _, mode := range modes[:3] {
		w := worker.Start(square, 3, worker.As(mode))
		for _, end := range []func() error{w.Kill, w.Terminate} {
			if err := end(); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("%s: %v", mode, err)
			}
		}
		if n, err := w.Wait(); n != 9 || err != nil {
			t.Errorf("%s: %d, %v", mode, n, err)
		}
	}
}

// Kill and the end of the process come in any order: Wait and Kill agree with one of them.
func TestKillWhileItEnds(t *testing.T) {
	for range 20 {
		w := worker.Start(square, 3, worker.As(worker.Process))
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				if err := w.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Error(err)
				}
			})
			group.Go(func() {
				n, err := w.Wait()
				if death, ok := errors.AsType[*worker.DeathError](err); err != nil && (!ok || death.Signal != syscall.SIGKILL) || err == nil && n != 9 {
					t.Errorf("%d, %v", n, err)
				}
			})
		}
		group.Wait()
	}
}

func TestGoexitInSerialEndsWhoCalled(t *testing.T) {
	returned, done := false, make(chan struct{})
	go func() {
		defer close(done)
		worker.Start(goexits, 1, worker.As(worker.Serial))
		returned = true
	}()
	<-done
	if returned {
		t.Error("Start returned")
	}
	_, err := worker.Start(goexitsInside, 1, worker.As(worker.Process)).Wait()
	if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.How != "runtime.Goexit was called" {
		t.Errorf("within a process: %v", err)
	}
	if n, err := worker.Start(square, 3, worker.As(worker.Serial)).Wait(); n != 9 || err != nil {
		t.Errorf("afterwards: %d, %v", n, err)
	}
}

func goexitsInside(n int) int {
	worker.Start(goexits, n, worker.As(worker.Serial))
	return n
}
