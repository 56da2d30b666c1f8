package worker

import (
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"
)

func init() { Register(countHandles, holdAndDie) }

type held struct {
	A, B  *Lock
	Again []*Shared[int]
	Die   bool
}

// countHandles returns how many handles this process has of what came many times.
func countHandles(h held) int {
	handles.Lock()
	defer handles.Unlock()
	if h.A != h.B || h.Again[0] != h.Again[1] {
		return 0
	}
	n := 0
	for place := range handles.of {
		if at[object](place) == h.A.object || at[object](place) == h.Again[0].object {
			n++
		}
	}
	return n / 2
}

func holdAndDie(h held) {
	for h.Die {
		time.Sleep(time.Hour)
	}
	runtime.KeepAlive(h)
}

func TestOneHandleOfEachObject(t *testing.T) {
	l, s := NewLock(), NewShared(0)
	h := held{A: l, B: l, Again: []*Shared[int]{s, s}}
	for range 2 {
		if n, err := Start(countHandles, h, As(Process)).Wait(); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	place, err := send(l)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := arrive(new(Lock), place); p != primitive(l) || err != nil {
		t.Errorf("what comes back is another handle: %v, %v", p, err)
	}
	if n := l.refs.Load(); n != 1 {
		t.Errorf("%d references are left of processes that have ended", n)
	}
}

// Processes drop what they held, however they end.
func TestProcessesThatEndedHoldNothing(t *testing.T) {
	l := NewLock()
	for die := range 2 {
		w := Do(holdAndDie, held{A: l, Die: die == 1}, As(Process))
		if die == 1 {
			Eventually(func() bool {
				held := false
				slots(func(_ uint32, s *slot) { held = held || int(s.pid.Load()) == w.Pid() && s.holdings.Load() != 0 })
				return held
			})
			_ = w.Kill()
		}
		_, _ = w.Wait()
		if n := l.refs.Load(); n != 1 {
			t.Errorf("%d references after a process has ended", n)
		}
	}
	runtime.KeepAlive(l)
}

func TestObjectsAreFreedWithTheirLastHandle(t *testing.T) {
	const many = 40 // more than fit into one block of holdings
	var places []offset
	func() {
		locks := make([]*Lock, many)
		for i := range locks {
			locks[i] = NewLock()
			places = append(places, offsetOf(locks[i].object))
		}
		if _, err := Do(holdAndDie, held{A: locks[0], B: locks[many-1]}, As(Process)).Wait(); err != nil {
			t.Error(err)
		}
	}()
	gone := func(place offset) bool { return kind(at[object](place).kind.Load()) != kindLock }
	Eventually(func() bool {
		runtime.GC()
		return !slices.ContainsFunc(places, func(p offset) bool { return !gone(p) })
	})
	handles.Lock()
	defer handles.Unlock()
	for _, p := range places {
		if h, known := handles.of[p]; known {
			t.Errorf("%v is known still", h)
		}
	}
}

func TestDamagedPlacesAreNoHandles(t *testing.T) {
	l := NewLock()
	place := offsetOf(l.object)
	ends := offset(arena.size)
	for _, damaged := range []offset{0, 1, unit, place + 1, place + unit, ends, ends - unit, ends - unit/2, ^offset(0), ^offset(unit - 1), place | 1<<63} {
		if p, err := arrive(new(Lock), damaged); !errors.Is(err, errDamaged) {
			t.Errorf("%#x: %v, %v", uint64(damaged), p, err)
		}
	}
	if p, err := arrive(new(Shared[int]), place); !errors.Is(err, errDamaged) {
		t.Errorf("a lock arrives as a number: %v, %v", p, err)
	}
	s := NewShared(1.5)
	if p, err := arrive(new(Shared[int]), offsetOf(s.object)); !errors.Is(err, errDamaged) || s.refs.Load() != 1 {
		t.Errorf("a float arrives as an int: %v, %v, and %d references are left", p, err, s.refs.Load())
	}
	runtime.KeepAlive(l)
}
