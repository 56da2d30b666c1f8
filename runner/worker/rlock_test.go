package worker_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(incrementNested, tryRLock, dieHolding, waitForLocks) }

type nested struct {
	Lock  *worker.RLock
	Sum   *worker.Shared[int]
	Times int
}

func incrementNested(n nested) {
	for range n.Times {
		n.Lock.Lock()
		n.Lock.Lock()
		sum := n.Sum.Load()
		n.Lock.Unlock()
		n.Sum.Store(sum + 1)
		n.Lock.Unlock()
	}
}

func TestRLockKeepsOthersOut(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		work := nested{worker.NewRLock(), worker.NewShared(0), 500}
		var workers []*worker.Worker[struct{}]
		for range 4 {
			workers = append(workers, worker.Do(incrementNested, work, as))
		}
		waitAll(t, workers)
		if sum := work.Sum.Load(); sum != 4*500 {
			t.Errorf("4 workers added 500 each: %d", sum)
		}
	})
}

func waitAll[R any](t *testing.T, workers []*worker.Worker[R]) {
	t.Helper()
	for _, w := range workers {
		if _, err := w.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// An attempt is what another worker than the holder sees of an RLock.
type attempt struct {
	Locked, Held bool
	Count        int
	Panic        string
}

func tryRLock(l *worker.RLock) (a attempt) {
	a.Held, a.Count = l.Held(), l.Count()
	if a.Locked = l.TryLock(); a.Locked {
		l.Unlock()
	}
	a.Panic = panicOf(l.Unlock)
	return a
}

// panicOf returns what f panics with, as text.
func panicOf(f func()) (text string) {
	defer func() {
		if err, ok := recover().(error); ok {
			text = err.Error()
		}
	}()
	f()
	return ""
}

func TestRLockBelongsToAWorker(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		l := worker.NewRLock()
		for i := range 3 {
			if l.Count() != i || l.Held() != (i > 0) {
				t.Errorf("locked %d times: count %d, held: %v", i, l.Count(), l.Held())
			}
			l.Lock()
		}
		if !l.TryLock() || l.LockContext(ended(t)) != nil {
			t.Error("the holder cannot lock it again")
		}
		const refused = "worker: unlock of an rlock that this worker does not hold"
		for range 5 {
			if got, err := worker.Start(tryRLock, l, as).Wait(); err != nil || got != (attempt{Panic: refused}) {
				t.Errorf("%+v, %v", got, err)
			}
			l.Unlock()
		}
		if got, err := worker.Start(tryRLock, l, as).Wait(); err != nil || got != (attempt{Locked: true, Panic: refused}) {
			t.Errorf("%+v, %v", got, err)
		}
		if text := panicOf(l.Unlock); text != refused {
			t.Errorf("unlock without lock: %q", text)
		}
	})
}

// ended returns a context that is done.
func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errNoPatience)
	return ctx
}

var errNoPatience = errors.New("no patience")

// A locker is what Lock and RLock have in common.
type locker interface {
	worker.Locker
	LockContext(ctx context.Context) error
	TryLock() bool
	Reclaim() bool
}

type locks struct {
	Lock  *worker.Lock
	RLock *worker.RLock
	Locks *worker.Semaphore // has a permit for each lock that is held
	How   int               // signal by which to die
}

// dieHolding dies while it holds both locks, when nobody has told it to go on.
func dieHolding(l locks) int {
	l.Lock.Lock()
	l.RLock.Lock()
	l.RLock.Lock()
	l.Locks.Release()
	l.Locks.Release()
	for l.Locks.Value() > 0 {
	}
	if l.How == 0 {
		return goexits(0)
	}
	return kills(l.How)
}

// waitForLocks returns what waiting for both says.
func waitForLocks(l locks) []string {
	var texts []string
	for _, l := range []locker{l.Lock, l.RLock} {
		if err := l.LockContext(context.Background()); err == nil {
			texts = append(texts, "locked")
			l.Unlock()
		} else {
			texts = append(texts, err.Error())
		}
	}
	return texts
}

func TestTheDeadAbandonTheirLocks(t *testing.T) {
	for _, test := range []struct {
		name string
		mode worker.Mode
		how  int
	}{
		{"kill", worker.Process, 9},
		{"Goexit in a process", worker.Process, 0},
		{"Goexit in a thread", worker.Thread, 0},
		{"Goexit in a goroutine", worker.Goroutine, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := locks{worker.NewLock(worker.Named("door")), worker.NewRLock(worker.Named("gate")), worker.NewSemaphore(0), test.how}
			holder := worker.Start(dieHolding, l, worker.As(test.mode), worker.Named("victim"))
			worker.Eventually(func() bool { return l.Locks.Value() == 2 })
			var waiting []*worker.Worker[[]string]
			for _, mode := range modes[1:] {
				waiting = append(waiting, worker.Start(waitForLocks, l, worker.As(mode)))
			}
			l.Locks.Acquire()
			l.Locks.Acquire()
			for _, w := range waiting {
				texts, err := w.Wait()
				if err != nil || len(texts) != 2 || !strings.HasPrefix(texts[0], "door is abandoned: victim (process ") || !strings.HasPrefix(texts[1], "gate is abandoned: victim (process ") {
					t.Errorf("%s: %q, %v", w.Mode(), texts, err)
				}
			}
			_, _ = holder.Wait()
			for _, l := range []locker{l.Lock, l.RLock} {
				err := l.LockContext(t.Context())
				lost, ok := errors.AsType[*worker.AbandonedError](err)
				if !ok || lost.Worker != "victim" || lost.Pid != holder.Pid() {
					t.Errorf("%v", err)
				}
				if text := panicOf(l.Lock); text != err.Error() {
					t.Errorf("Lock panics with %q", text)
				}
				if l.TryLock() {
					t.Error("locked, though nobody has reclaimed it")
				}
				if !l.Reclaim() || l.Reclaim() {
					t.Error("not reclaimed once")
				}
				l.Unlock()
				if !l.TryLock() {
					t.Error("not free after that")
				}
				l.Unlock()
			}
			if l.RLock.Count() != 0 {
				t.Errorf("count %d", l.RLock.Count())
			}
		})
	}
}

func TestReclaimTakesNothingFromTheLiving(t *testing.T) {
	for _, l := range []locker{worker.NewLock(), worker.NewRLock()} {
		if l.Reclaim() {
			t.Errorf("%T: reclaimed, though nobody holds it", l)
		}
		l.Lock()
		if l.Reclaim() {
			t.Errorf("%T: reclaimed, though the holder lives", l)
		}
		l.Unlock()
	}
}
