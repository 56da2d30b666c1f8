package worker_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(stayForGate, contend) }

type held struct{ Gate, Lock *worker.Lock }

// stayForGate is there as long as the gate is locked.
func stayForGate(h held) {
	h.Gate.Lock()
	h.Gate.Unlock() //nolint:staticcheck // it only waits
}

// BenchmarkLockUncontended locks and unlocks what others have, too, but do not use, against a sync.Mutex:
// in a process while another one has it, and in a thread while there are others.
func BenchmarkLockUncontended(b *testing.B) {
	against := func(b *testing.B, l *worker.Lock) {
		var mu sync.Mutex
		versus(b, 10_000,
			func() { l.Lock(); l.Unlock() },   //nolint:staticcheck // nothing is to be done in between
			func() { mu.Lock(); mu.Unlock() }) //nolint:staticcheck // nor here
	}
	among := func(b *testing.B, mode worker.Mode, run func(l *worker.Lock)) {
		h := held{worker.NewLock(), worker.NewLock()}
		h.Gate.Lock()
		var others []*worker.Worker[struct{}]
		for range 4 {
			others = append(others, worker.Do(stayForGate, h, worker.As(mode)))
		}
		run(h.Lock)
		h.Gate.Unlock()
		for _, w := range others {
			if _, err := w.Wait(); err != nil {
				b.Error(err)
			}
		}
	}
	b.Run("process", func(b *testing.B) {
		among(b, worker.Process, func(l *worker.Lock) { against(b, l) })
	})
	b.Run("thread", func(b *testing.B) {
		among(b, worker.Thread, func(l *worker.Lock) {
			_, _ = worker.Do(func(l *worker.Lock) { against(b, l) }, l, worker.As(worker.Thread)).Wait()
		})
	})
}

// A contest is what two processes do at the same time.
type contest struct {
	Lock  *worker.Lock
	Ready *worker.Shared[int]
	Sum   *worker.Shared[int]
	Times int
}

// contend returns when it began and when it was done.
func contend(c contest) (times [2]int64) {
	c.Ready.Add(1)
	for c.Ready.Load() < 2 {
		time.Sleep(50 * time.Microsecond)
	}
	times[0] = time.Now().UnixNano()
	for range c.Times {
		c.Lock.Lock()
		for range 4 {
			c.Sum.Store(c.Sum.Load() + 1)
		}
		c.Lock.Unlock()
	}
	times[1] = time.Now().UnixNano()
	return times
}

// BenchmarkLockContended has two processes lock the same as often as they can, against two of C with a
// mutex of POSIX threads that processes share. It is the time until both are done, without their start.
func BenchmarkLockContended(b *testing.B) {
	const times = 100_000 // each
	theirs := buildC(b, filepath.Join("testdata", "contend.c"))
	var took [2][]float64
	for b.Loop() {
		c := contest{worker.NewLock(), worker.NewShared(0), worker.NewShared(0), times}
		first := worker.Start(contend, c, worker.As(worker.Process))
		second := worker.Start(contend, c, worker.As(worker.Process))
		x, err := first.Wait()
		if err != nil {
			b.Fatal(err)
		}
		y, err := second.Wait()
		if err != nil || c.Sum.Load() != 2*4*times {
			b.Fatalf("%d, %v", c.Sum.Load(), err)
		}
		took[0] = append(took[0], float64(max(x[1], y[1])-min(x[0], y[0]))/(2*times))
		out, err := exec.CommandContext(b.Context(), theirs, strconv.Itoa(times)).Output()
		if err != nil {
			b.Fatal(err)
		}
		ns, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			b.Fatal(err)
		}
		took[1] = append(took[1], ns/(2*times))
	}
	reportRatio(b, took[0], took[1])
}

// buildC builds a program of C, for POSIX.
func buildC(b *testing.B, source string) (program string) {
	b.Helper()
	if runtime.GOOS == "windows" {
		b.Skip("no POSIX threads")
	}
	program = filepath.Join(b.TempDir(), "program")
	cmd := exec.CommandContext(b.Context(), "gcc", "-O2", "-pthread", "-o", program, source)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		b.Skipf("gcc: %v", err)
	}
	return program
}
