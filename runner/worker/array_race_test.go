//go:build linux && race

package worker_test

import (
	"strings"
	"testing"

	"course/runner/worker"
)

func init() {
	programs["races on an array"] = func() {
		a := worker.NewSharedArray[int64](2)
		w := worker.Do(fill, part{a, 0, 2}, worker.As(worker.Thread))
		fill(part{a, 0, 2})
		_, _ = w.Wait()
	}
	programs["shares an array"] = func() {
		a, lock := worker.NewSharedArray[int64](2), worker.NewLock()
		w := worker.Do(fillLocked, lockedPart{lock, part{a, 0, 2}}, worker.As(worker.Thread))
		fillLocked(lockedPart{lock, part{a, 0, 2}})
		_, _ = w.Wait()
	}
}

type lockedPart struct {
	Lock *worker.Lock
	Part part
}

func fillLocked(p lockedPart) {
	p.Lock.Lock()
	defer p.Lock.Unlock()
	fill(p.Part)
}

func TestRacesOnArraysAreFound(t *testing.T) {
	out, err := start(t, "races on an array", worker.Thread).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "WARNING: DATA RACE") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := start(t, "shares an array", worker.Thread).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestArraysOnTheHeapAreNotSent(t *testing.T) {
	a := worker.NewSharedArray[int64](2)
	_, err := worker.Start(sumUp, a, worker.As(worker.Process)).Wait()
	if err == nil || !strings.Contains(err.Error(), "COURSE_MODE=process") {
		t.Errorf("%v", err)
	}
}
