package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(deposit, depositAll, eatMeal, crossBridge, dieWith) }

type account struct {
	Lock    *worker.Lock
	Balance *worker.Shared[int]
}

// deposit takes two steps, between which nobody else may come.
func deposit(a account) {
	for range 100 {
		a.Lock.Lock()
		a.Balance.Store(a.Balance.Load() + 1)
		a.Lock.Unlock()
	}
}

// The same lock keeps threads out of each other's way, and processes.
func ExampleLock() {
	for _, mode := range []worker.Mode{worker.Thread, worker.Process} {
		a := account{worker.NewLock(), worker.NewShared(0)}
		mine, yours := worker.Do(deposit, a, worker.As(mode)), worker.Do(deposit, a, worker.As(mode))
		_, _ = mine.Wait()
		_, _ = yours.Wait()
		fmt.Println(mode, a.Balance.Load())
	}
	// Output:
	// thread 200
	// process 200
}

// Who does not want to wait for ever says so by a context.
func ExampleLock_LockContext() {
	l := worker.NewLock()
	l.Lock() // and so nobody else gets it
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(l.LockContext(ctx))
	fmt.Println(l.TryLock())
	// Output:
	// context deadline exceeded
	// false
}

func dieWith(l *worker.Lock) {
	l.Lock()
	os.Exit(1)
}

// The lock of a process that died is no longer waited for. Who finds out takes it over, and puts right what it protects.
func ExampleLock_Reclaim() {
	l := worker.NewLock(worker.Named("the till"))
	_, _ = worker.Do(dieWith, l, worker.As(worker.Process), worker.Named("clumsy")).Wait()
	err := l.LockContext(context.Background())
	if death, ok := errors.AsType[*worker.AbandonedError](err); ok {
		fmt.Println(death.Worker, "died with", death.Object)
	}
	if l.Reclaim() {
		fmt.Println("ours now")
		l.Unlock()
	}
	// Output:
	// clumsy died with the till
	// ours now
}

type purse struct {
	Lock *worker.RLock
	Sum  *worker.Shared[int]
}

func (p purse) add(n int) {
	p.Lock.Lock() // also where the caller has locked it
	defer p.Lock.Unlock()
	p.Sum.Store(p.Sum.Load() + n)
}

// depositAll has nobody come between its calls of add.
func depositAll(p purse) int {
	p.Lock.Lock()
	defer p.Lock.Unlock()
	p.add(1)
	p.add(2)
	return p.Lock.Count()
}

// With a Lock, depositAll would wait for itself.
func ExampleRLock() {
	p := purse{worker.NewRLock(), worker.NewShared(0)}
	locked, err := worker.Start(depositAll, p, worker.As(worker.Process)).Wait()
	fmt.Println(locked, err, p.Sum.Load(), p.Lock.Held())
	// Output: 1 <nil> 3 false
}

type table struct {
	Changed *worker.Cond // its lock comes along
	Meals   *worker.Shared[int]
}

func eatMeal(t table) {
	l := t.Changed.Locker()
	l.Lock()
	defer l.Unlock()
	for t.Meals.Load() == 0 { // another may have been quicker
		t.Changed.Wait()
	}
	t.Meals.Add(-1)
}

// Whoever waits sleeps until there is something to look at.
func ExampleCond() {
	t := table{worker.NewCond(worker.NewLock()), worker.NewShared(0)}
	guests := []*worker.Worker[struct{}]{
		worker.Do(eatMeal, t, worker.As(worker.Process)),
		worker.Do(eatMeal, t, worker.As(worker.Thread)),
	}
	l := t.Changed.Locker()
	l.Lock()
	t.Meals.Store(3)
	l.Unlock()
	t.Changed.Broadcast()
	for _, w := range guests {
		_, _ = w.Wait()
	}
	fmt.Println(t.Meals.Load(), "left")
	// Output: 1 left
}

type bridge struct {
	Carries  *worker.Semaphore
	On, Most *worker.Shared[int]
}

func crossBridge(b bridge) {
	b.Carries.Acquire()
	defer b.Carries.Release()
	on := b.On.Add(1)
	b.Most.Update(func(most int) int { return max(most, on) })
	b.On.Add(-1)
}

// A semaphore lets in so many at once.
func ExampleSemaphore() {
	b := bridge{worker.NewSemaphore(2), worker.NewShared(0), worker.NewShared(0)}
	var all []*worker.Worker[struct{}]
	for range 5 {
		all = append(all, worker.Do(crossBridge, b))
	}
	for _, w := range all {
		_, _ = w.Wait()
	}
	fmt.Println(b.Most.Load() <= 2, b.On.Load(), b.Carries.Value())
	// Output: true 0 2
}

// A bounded semaphore finds the mistake of releasing twice.
func ExampleNewBoundedSemaphore() {
	defer func() { fmt.Println(recover()) }()
	s := worker.NewBoundedSemaphore(1)
	s.Acquire()
	s.Release()
	s.Release()
	// Output: worker: release of a semaphore that has all its permits
}
