package worker_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"course/runner/worker"
)

func init() {
	worker.Register(grab, putInto, sitesOfAWait)
	for n := 2; n <= 5; n++ {
		programs[fmt.Sprintf("ring of %d locks", n)] = func() { ringOfLocks(n) }
		programs[fmt.Sprintf("ring of %d locks, main busy", n)] = func() {
			go ringOfLocks(n)
			time.Sleep(time.Minute)
		}
	}
	programs["ring of 2 locks, nobody joins"] = func() {
		a, b, there := worker.NewLock(), worker.NewLock(), worker.NewShared(2)
		worker.Do(grab, pair{a, b, there})
		worker.Do(grab, pair{b, a, there})
		time.Sleep(time.Minute)
	}
	programs["pool that waits"] = func() {
		full := worker.NewQueue[int](1)
		_ = full.Put(1)
		_, _ = worker.Map(putInto, []filling{{full}, {full}, {full}}, worker.Workers(2))
	}
	programs["task that waits, beside an idle worker"] = func() {
		p := worker.NewPool(putInto, worker.Workers(2))
		q := worker.NewQueue[int](2)
		_, _ = p.Map([]filling{{q}, {q}})
		_, _ = p.Submit(filling{q}).Wait()
	}
	programs["lock twice"] = func() {
		l := worker.NewLock(worker.Named("the lock"))
		l.Lock()
		l.Lock()
	}
	programs["lock for ever"] = func() {
		l := worker.NewLock()
		l.Lock()
		_, _ = worker.Do(grab, pair{l, worker.NewLock(), nil}).Wait()
	}
}

type filling struct{ Queue *worker.Queue[int] }

func putInto(f filling) error { return f.Queue.Put(1) }

type pair struct {
	First, Second *worker.Lock
	There         *worker.Shared[int]
}

// grab takes two locks, the second once all have their first.
func grab(p pair) {
	p.First.Lock()
	if p.There != nil {
		for p.There.Add(-1); p.There.Load() > 0; {
			time.Sleep(time.Millisecond)
		}
	}
	p.Second.Lock()
}

func ringOfLocks(n int) {
	locks := make([]*worker.Lock, n)
	for i := range locks {
		locks[i] = worker.NewLock()
	}
	there := worker.NewShared(n)
	workers := make([]*worker.Worker[struct{}], n)
	for i := range workers {
		workers[i] = worker.Do(grab, pair{locks[i], locks[(i+1)%n], there})
	}
	for _, w := range workers {
		_, _ = w.Wait()
	}
}

func TestDeadlocksAreNamed(t *testing.T) {
	t.Parallel()
	all := []worker.Mode{worker.Goroutine, worker.Thread, worker.Process}
	tests := []struct {
		program string
		modes   []worker.Mode
		want    []string
	}{
		{"lock twice", modes, []string{"main holds the lock and waits for the lock, which main holds"}},
		{"pool that waits", all, []string{"main waits for its pool", "worker 1", "waits for room in queue 1", "worker 2"}},
		{"task that waits, beside an idle worker", all, []string{"main waits for its pool", " waits for room in queue 1"}},
		{"lock for ever", all, []string{"worker 1", "waits for lock 1, which main holds", "main holds lock 1 and waits for the end of worker 1"}},
	}
	tests = append(tests, tests[3])
	tests[4].program, tests[4].want = "ring of 2 locks, nobody joins", []string{"these wait for each other", "which worker 1 holds"}
	for n := 2; n <= 5; n++ {
		var want []string
		for i := range n {
			want = append(want, fmt.Sprintf(" holds lock %d and waits for lock %d, which worker %d holds", i+1, (i+1)%n+1, (i+1)%n+1))
		}
		tests = append(tests, struct {
			program string
			modes   []worker.Mode
			want    []string
		}{fmt.Sprintf("ring of %d locks", n), all, slices.Concat(want, []string{"main waits for the end of worker 1"})})
		tests = append(tests, struct {
			program string
			modes   []worker.Mode
			want    []string
		}{fmt.Sprintf("ring of %d locks, main busy", n), all, slices.Concat(want, []string{"these wait for each other"})})
	}
	want := make(map[string][]string)
	var runs []run
	for _, test := range tests {
		want[test.program] = test.want
		for _, mode := range test.modes {
			runs = append(runs, run{program: test.program, mode: mode})
		}
	}
	atOnce(t, runs, func(t *testing.T, r run) {
		t.Logf("%v\n%s", r.took, r.out)
		if r.status != worker.DeadlockStatus {
			t.Errorf("it ended with %v", r.err)
		}
		for _, want := range want[r.program] {
			if !strings.Contains(r.out, want) {
				t.Errorf("it does not say %q", want)
			}
		}
	})
}

// sitesOfAWait waits for a lock, and returns where goroutines of its process wait.
func sitesOfAWait(l *worker.Lock) (sites []string) {
	go l.Lock()
	worker.Eventually(func() bool { return worker.Waiters(l) > 0 })
	worker.Eventually(func() bool {
		sites = worker.Sites()
		return len(sites) > 0
	})
	return sites
}

// A report says of a process where it waits if that is one place: that it was begun by Main is none.
func TestProcessesWaitWhereTheirFunctionDoes(t *testing.T) {
	t.Parallel()
	l := worker.NewLock()
	l.Lock()
	sites, err := worker.Start(sitesOfAWait, l, worker.As(worker.Process)).Wait()
	if err != nil || len(sites) != 1 || !strings.HasPrefix(sites[0], "deadlock_test.go:") {
		t.Errorf("they wait at %q, %v", sites, err)
	}
}
