//go:build !portable

package worker_test

import (
	"testing"

	"course/runner/worker"
)

// The memory goes back to the system, also where it reached processes that have ended, or were killed.
func TestFreeGivesMemoryBack(t *testing.T) {
	whereArraysAreShared(t, func(t *testing.T) {
		const size = 16 << 20
		before := worker.MemoryInUse()
		a := worker.NewSharedArray[int64](size / 8)
		if _, err := worker.Do(fill, part{a, 0, a.Len()}, worker.As(worker.Process)).Wait(); err != nil {
			t.Error(err)
		}
		killed := worker.Start(sumAndDie, a, worker.As(worker.Process))
		if _, err := killed.Wait(); err == nil {
			t.Error("it was not killed")
		}
		if used := worker.MemoryInUse() - before; used < size/2 { // some of it may have been there before
			t.Errorf("an array of %d bytes takes %d", size, used)
		}
		a.Free()
		if used := worker.MemoryInUse() - before; used > size/2 {
			t.Errorf("%d of %d bytes are left after Free", used, size)
		}
	})
}

func init() { worker.Register(sumAndDie) }

func sumAndDie(a *worker.SharedArray[int64]) int { return kills(int(9 + 0*sumUp(a))) }
