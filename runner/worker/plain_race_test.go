//go:build linux && race

package worker_test

import (
	"strings"
	"testing"

	"course/runner/worker"
)

// A plain variable that two threads change, with each primitive between them, as it should be and as it should not.
var changed int

type handOver struct {
	Lock  *worker.Lock
	Event *worker.Event
	Queue *worker.Queue[int]
}

var handOvers = map[string]struct{ right, wrong func(handOver) }{
	"lock":  {lockThenChange, changeBesideLock},
	"event": {waitThenChange, changeThenWait},
	"queue": {getThenChange, changeThenGet},
}

func lockThenChange(h handOver) {
	h.Lock.Lock()
	changed++
	h.Lock.Unlock()
}

func changeBesideLock(h handOver) {
	h.Lock.Lock()
	h.Lock.Unlock() //nolint:staticcheck // it is left too early: that is the race
	changed++
}

func waitThenChange(h handOver) {
	h.Event.Wait()
	changed++
}

func changeThenWait(h handOver) {
	changed++
	h.Event.Wait()
}

func getThenChange(h handOver) {
	_, _ = h.Queue.Get()
	changed++
}

func changeThenGet(h handOver) {
	changed++
	_, _ = h.Queue.Get()
}

func init() {
	for name, f := range handOvers {
		for which, work := range map[string]func(handOver){" right": f.right, " wrong": f.wrong} {
			programs[name+which] = func() {
				h := handOver{worker.NewLock(), worker.NewEvent(), worker.NewQueue[int](1)}
				w := worker.Do(work, h, worker.As(worker.Thread))
				if name == "lock" {
					work(h)
				} else {
					changed++
					h.Event.Set()
					_ = h.Queue.Put(1)
				}
				_, _ = w.Wait()
			}
		}
	}
}

func TestRacesBesidePrimitivesAreFound(t *testing.T) {
	for name := range handOvers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, err := start(t, name+" right", worker.Thread).CombinedOutput(); err != nil {
				t.Errorf("as it should be: %v\n%s", err, out)
			}
			out, err := start(t, name+" wrong", worker.Thread).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "WARNING: DATA RACE") {
				t.Errorf("as it should not be: %v\n%s", err, out)
			}
		})
	}
}
