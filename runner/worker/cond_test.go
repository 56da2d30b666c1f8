package worker_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(takeTurns, waitForSignal, eat, eatImpatiently) }

type turns struct {
	Cond *worker.Cond // with its lock
	Next *worker.Shared[int]
	Last int
}

// takeTurns takes turns with others until the last, and never two one after the other.
func takeTurns(turn turns) {
	turn.Cond.Locker().Lock()
	defer turn.Cond.Locker().Unlock()
	for turn.Next.Load() < turn.Last {
		mine := turn.Next.Add(1)
		turn.Cond.Broadcast()
		for turn.Next.Load() == mine && mine < turn.Last {
			turn.Cond.Wait()
		}
	}
}

// A meal is a number of dishes, which are put on a table and eaten.
type meal struct {
	Cond         *worker.Cond
	Table, Eaten *worker.Shared[int]
	Dishes       int
}

func (m meal) serve() {
	for range m.Dishes {
		m.Cond.Locker().Lock()
		m.Table.Add(1)
		m.Cond.Signal()
		m.Cond.Locker().Unlock()
	}
	m.Cond.Locker().Lock()
	defer m.Cond.Locker().Unlock()
	for m.Eaten.Load() < m.Dishes {
		m.Cond.Wait()
	}
}

// eat eats what is there, one signal for each dish, until all is eaten.
func eat(m meal) {
	m.eat(func() { m.Cond.Wait() })
}

func eatImpatiently(m meal) {
	m.eat(func() {
		ctx, cancel := context.WithTimeout(context.Background(), rand.N(200*time.Microsecond))
		defer cancel()
		_ = m.Cond.WaitContext(ctx)
	})
}

func (m meal) eat(wait func()) {
	m.Cond.Locker().Lock()
	defer m.Cond.Locker().Unlock()
	for {
		for m.Table.Load() == 0 && m.Eaten.Load() < m.Dishes {
			wait()
		}
		if m.Eaten.Load() == m.Dishes {
			return
		}
		m.Table.Add(-1)
		if m.Eaten.Add(1) == m.Dishes {
			m.Cond.Broadcast()
		}
	}
}

func lockers() map[string]func() worker.Locker {
	return map[string]func() worker.Locker{
		"Lock":  func() worker.Locker { return worker.NewLock() },
		"RLock": func() worker.Locker { return worker.NewRLock() },
	}
}

// A signal that is lost has somebody sleep for ever.
func TestCondLosesNoSignal(t *testing.T) {
	for name, locker := range lockers() {
		for _, f := range []func(meal){eat, eatImpatiently} {
			t.Run(name, func(t *testing.T) {
				newMeal := func() meal {
					return meal{worker.NewCond(locker()), worker.NewShared(0), worker.NewShared(0), 100}
				}
				eachWayWith(t, f, newMeal, meal.serve, func(t *testing.T, m meal) {
					if m.Table.Load() != 0 || worker.InSeats(m.Cond) != 0 {
						t.Errorf("%d dishes are left, and %d guests", m.Table.Load(), worker.InSeats(m.Cond))
					}
				})
			})
		}
	}
}

func TestCondBroadcast(t *testing.T) {
	newTurns := func() turns { return turns{worker.NewCond(worker.NewLock()), worker.NewShared(0), 200} }
	eachWay(t, takeTurns, newTurns, func(t *testing.T, turn turns) {
		if n := turn.Next.Load(); n != 200 {
			t.Errorf("%d turns", n)
		}
	})
}

// A visit is one Wait, and the order in which it ended.
type visit struct {
	Cond  *worker.Cond
	Woken *worker.Shared[int]
	Depth int
}

func waitForSignal(v visit) (order int) {
	for range v.Depth {
		v.Cond.Locker().Lock()
	}
	v.Cond.Wait()
	order = v.Woken.Add(1)
	for range v.Depth {
		v.Cond.Locker().Unlock()
	}
	return order
}

// More of them than there are seats in one block.
func TestSignalWakesWhoCameFirst(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		for name, locker := range lockers() {
			v := visit{worker.NewCond(locker()), worker.NewShared(0), 1}
			if name == "RLock" {
				v.Depth = 3
			}
			var workers []*worker.Worker[int]
			for i := range 20 {
				workers = append(workers, worker.Start(waitForSignal, v, as))
				worker.Eventually(func() bool { return worker.InSeats(v.Cond) == i+1 })
			}
			for i, w := range workers {
				v.Cond.Signal()
				if order, err := w.Wait(); order != i+1 || err != nil {
					t.Errorf("%s: who came as number %d was woken as number %d, %v", name, i+1, order, err)
				}
			}
			v.Cond.Signal()
			v.Cond.Broadcast()
		}
	})
}

// A worker that has a signal, and waits for the lock, is killed: the signal is for the next.
func TestSignalToTheDeadIsForTheNext(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		v := visit{worker.NewCond(worker.NewLock()), worker.NewShared(0), 1}
		victim := worker.Start(waitForSignal, v, worker.As(worker.Process))
		worker.Eventually(func() bool { return worker.InSeats(v.Cond) == 1 })
		next := worker.Start(waitForSignal, v, as)
		worker.Eventually(func() bool { return worker.InSeats(v.Cond) == 2 })
		v.Cond.Locker().Lock()
		v.Cond.Signal()
		_ = victim.Kill()
		_, _ = victim.Wait()
		v.Cond.Locker().Unlock()
		if order, err := next.Wait(); order != 1 || err != nil {
			t.Errorf("%d, %v", order, err)
		}
		if n := worker.InSeats(v.Cond); n != 0 {
			t.Errorf("%d are waiting", n)
		}
	})
}

// One that is dead before the signal does not get it.
func TestSignalPassesOverTheDead(t *testing.T) {
	v := visit{worker.NewCond(worker.NewLock()), worker.NewShared(0), 1}
	victim := worker.Start(waitForSignal, v, worker.As(worker.Process))
	worker.Eventually(func() bool { return worker.InSeats(v.Cond) == 1 })
	next := worker.Start(waitForSignal, v, worker.As(worker.Thread))
	worker.Eventually(func() bool { return worker.InSeats(v.Cond) == 2 })
	_ = victim.Kill()
	_, _ = victim.Wait()
	v.Cond.Signal()
	if _, err := next.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCondContext(t *testing.T) {
	for name, locker := range lockers() {
		l := locker()
		c := worker.NewCond(l)
		const refused = "worker: wait with a cond whose lock the caller does not hold"
		if text := panicOf(c.Wait); text != refused {
			t.Errorf("%s: %q", name, text)
		}
		l.Lock()
		if err := c.WaitContext(ended(t)); !errors.Is(err, errNoPatience) {
			t.Errorf("%s: %v", name, err)
		}
		asked := 0
		if err := c.WaitFor(ended(t), func() bool { asked++; return asked == 2 }); err != nil || asked != 2 {
			t.Errorf("%s: %v, asked %d times", name, err, asked)
		}
		if err := c.WaitFor(ended(t), func() bool { return false }); !errors.Is(err, errNoPatience) {
			t.Errorf("%s: %v", name, err)
		}
		l.Unlock() // it was held after each error
		if n := worker.InSeats(c); n != 0 {
			t.Errorf("%s: %d are waiting", name, n)
		}
	}
}

// The lock's holder dies while others wait: who is woken cannot have the lock.
func TestCondWithoutItsLock(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		lock := worker.NewLock()
		c := worker.NewCond(lock)
		w := worker.Start(waitAbandoned, c, as)
		worker.Eventually(func() bool { return worker.InSeats(c) == 1 })
		holder := worker.Start(dieHolding, locks{lock, worker.NewRLock(), worker.NewSemaphore(0), 9}, worker.As(worker.Process))
		_ = holder
		worker.Eventually(func() bool { return !lock.TryLock() || unlocked(lock) })
		_ = holder.Kill()
		_, _ = holder.Wait()
		c.Signal()
		if text, err := w.Wait(); text != "abandoned" || err != nil {
			t.Errorf("%q, %v", text, err)
		}
	})
}

func unlocked(l *worker.Lock) bool {
	l.Unlock()
	return false
}

func waitAbandoned(c *worker.Cond) string {
	c.Locker().Lock()
	err := c.WaitContext(context.Background())
	if _, ok := errors.AsType[*worker.AbandonedError](err); ok {
		return "abandoned"
	}
	c.Locker().Unlock()
	return "not abandoned"
}

func init() { worker.Register(waitAbandoned) }
