package worker_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"

	"course/runner/worker"
)

// Programs in which nothing happens for a while are no deadlocks as long as somebody goes on later: who
// sleeps without telling, computes, or waits for what no worker does.

// still is so long that whoever took a program for a deadlock would have ended it.
const still = 1000 * time.Millisecond

func init() {
	worker.Register(waitForOpening, sleepAndOpen, computeAndOpen, executeAndOpen, loseAndOpen, openByTimer, openWithin, wakeParent,
		lockBoth, sleepABit, sleepAndUnlock)
	programs["stands still"] = func() { time.Sleep(still) }
	for name, f := range standstills {
		programs[name] = f
	}
}

// A door is what all wait for in these programs.
type door struct{ Open *worker.Event }

func waitForOpening(d door) { d.Open.Wait() }

func sleepAndOpen(d door) {
	time.Sleep(still)
	d.Open.Set()
}

func computeAndOpen(d door) {
	for began := time.Now(); time.Since(began) < still; {
	}
	d.Open.Set()
}

// executeAndOpen waits for a program, and reads what it writes.
func executeAndOpen(d door) error {
	defer d.Open.Set()
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), exe)
	cmd.Env = append(os.Environ(), envProgram+"=stands still")
	_, err = cmd.Output()
	return err
}

// loseAndOpen waits for what never comes.
func loseAndOpen(d door) {
	ctx, cancel := context.WithTimeout(context.Background(), still)
	defer cancel()
	_, _ = worker.NewQueue[int](1).GetContext(ctx)
	d.Open.Set()
}

// openByTimer waits like the others, but knows more. A timer is known to nobody else, and waited for not much longer.
func openByTimer(d door) {
	time.AfterFunc(still/3, d.Open.Set)
	d.Open.Wait()
}

// openWithin has a worker of its own open the door.
func openWithin(d door) error {
	_, err := worker.Do(sleepAndOpen, d).Wait()
	return err
}

// wakeParent has a goroutine of the process open the door.
func wakeParent(d door) {
	go sleepAndOpen(d)
	d.Open.Wait()
}

// slowText takes its time to be written and to be read.
type slowText string

func (s slowText) MarshalText() ([]byte, error) {
	if s == "written slowly" {
		time.Sleep(still)
	}
	return []byte(s), nil
}

func (s *slowText) UnmarshalText(b []byte) error {
	if *s = slowText(b); *s == "read slowly" {
		time.Sleep(still)
	}
	return nil
}

func sleepABit(int) { time.Sleep(still / 8) }

func lockBoth(p pair) {
	p.First.Lock()
	p.There.Add(1)
	p.Second.Lock()
	p.Second.Unlock() //nolint:staticcheck // to have had it is all
	p.First.Unlock()
}

// others starts some who wait for d, and returns a function that waits for them.
func others(d door) (wait func()) {
	var all []*worker.Worker[struct{}]
	for range 3 {
		all = append(all, worker.Do(waitForOpening, d))
	}
	return func() {
		for _, w := range all {
			if _, err := w.Wait(); err != nil {
				fmt.Println(err)
			}
		}
	}
}

// another returns a program in which f opens the door for which all others wait.
func another(f func(door)) func() {
	return func() {
		d := door{worker.NewEvent()}
		wait := others(d)
		f(d)
		wait()
	}
}

// inWorker has a worker call f.
func inWorker(f func(door)) func(door) {
	return func(d door) { worker.Do(f, d) }
}

var standstills = map[string]func(){
	"main sleeps":                   another(sleepAndOpen),
	"main computes":                 another(computeAndOpen),
	"main waits for a program":      another(func(d door) { _ = executeAndOpen(d) }),
	"main's context ends":           another(loseAndOpen),
	"main knows of a timer":         another(openByTimer),
	"a goroutine sleeps":            another(wakeParent),
	"a worker sleeps":               another(inWorker(sleepAndOpen)),
	"a worker computes":             another(inWorker(computeAndOpen)),
	"a worker waits for a program":  another(func(d door) { worker.Start(executeAndOpen, d) }),
	"a worker's context ends":       another(inWorker(loseAndOpen)),
	"a worker knows of a timer":     another(inWorker(openByTimer)),
	"a worker's goroutine sleeps":   another(inWorker(wakeParent)),
	"a worker's worker sleeps":      another(func(d door) { worker.Start(openWithin, d) }),
	"workers come in waves":         waves,
	"a pool is idle":                idlePool,
	"a pool writes slowly":          func() { slowPool("written slowly") },
	"a pool reads slowly":           func() { slowPool("read slowly") },
	"main has another goroutine":    mainsGoroutines,
	"another goroutine unlocks":     unlockedByAnother,
	"another worker unlocks":        unlockedByWorker,
	"a finalizer waits":             finalizerWaits,
	"main waits with its goroutine": goroutinesJoin,
}

// unlockedByWorker waits for a lock that it holds, until a worker unlocks it.
func unlockedByWorker() {
	l := worker.NewLock()
	l.Lock()
	worker.Do(sleepAndUnlock, pair{First: l})
	l.Lock()
}

func sleepAndUnlock(p pair) {
	time.Sleep(still)
	p.First.Unlock()
}

// finalizerWaits has main sleep, with a lock for which a finalizer waits: Go does not count the goroutine that runs it.
func finalizerWaits() {
	l := worker.NewLock()
	l.Lock()
	waits := make(chan struct{})
	runtime.SetFinalizer(new([64]byte), func(*[64]byte) {
		close(waits)
		l.Lock()
	})
	runtime.GC()
	<-waits
	time.Sleep(still)
}

func waves() {
	for range 10 {
		var wave []*worker.Worker[struct{}]
		for range 3 {
			wave = append(wave, worker.Do(sleepABit, 1))
		}
		for _, w := range wave {
			_, _ = w.Wait()
		}
	}
}

func idlePool() {
	pool := worker.NewPool(square, worker.Workers(2))
	for range 2 {
		if got, err := pool.Map(numbers(4)); got[3] != 9 || err != nil {
			fmt.Println(got, err)
		}
		time.Sleep(still)
	}
	_ = pool.Close()
}

// slowPool has a pool that was used before take long to send something, while its processes have nothing to do.
func slowPool(s slowText) {
	pool := worker.NewPool(echoText, worker.Workers(2))
	for _, text := range []slowText{"", s} {
		if got, err := pool.Map([]slowText{text, "", text}); len(got) != 3 || err != nil {
			fmt.Println(got, err)
		}
	}
	_ = pool.Close()
}

func echoText(s slowText) slowText { return s }

func init() { worker.Register(echoText) }

// mainsGoroutines has one goroutine wait for what a worker holds, which waits for what another goroutine holds. A
// worker that knows only that both are main's could see a ring in that.
func mainsGoroutines() {
	p := pair{worker.NewLock(), worker.NewLock(), worker.NewShared(0)}
	p.Second.Lock()
	w := worker.Do(lockBoth, p)
	for p.There.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.First.Lock()
		p.First.Unlock() //nolint:staticcheck // to have had it is all
	}()
	time.Sleep(still)
	p.Second.Unlock()
	<-done
	_, _ = w.Wait()
}

// goroutinesJoin is the same where a goroutine waits for the worker itself, and the one that holds the lock waits, too.
func goroutinesJoin() {
	l, e := worker.NewLock(), worker.NewEvent()
	l.Lock()
	w := worker.Do(grab, pair{worker.NewLock(), l, nil})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = w.Wait()
	}()
	worker.Do(sleepAndOpen, door{e})
	e.Wait()
	l.Unlock()
	<-done
}

// unlockedByAnother uses a lock as one may: another goroutine than the one that locked it unlocks it.
func unlockedByAnother() {
	l := worker.NewLock()
	l.Lock()
	go func() {
		time.Sleep(still)
		l.Unlock()
	}()
	l.Lock()
}

func TestStandstillsAreNoDeadlocks(t *testing.T) {
	t.Parallel()
	var runs []run
	for _, name := range slices.Sorted(maps.Keys(standstills)) {
		for _, mode := range modes[1:] {
			runs = append(runs, run{program: name, mode: mode})
		}
	}
	atOnce(t, runs, func(t *testing.T, r run) {
		if r.err != nil || r.out != "" {
			t.Errorf("%v\n%s", r.err, r.out)
		}
	})
}
