package worker_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"course/runner/worker"
)

func init() {
	worker.Register(grab, putInto, sitesOfAWait, beLinked, giveBack)
	for n := 2; n <= 5; n++ {
		programs[fmt.Sprintf("ring of %d locks", n)] = func() { ringOfLocks(n) }
		programs[fmt.Sprintf("ring of %d locks, main busy", n)] = func() {
			go ringOfLocks(n)
			time.Sleep(time.Minute)
		}
	}
	for i, name := range wareNames() {
		for n := 2; n <= 5; n++ {
			programs[fmt.Sprintf("ring of %d, %s", n, name)] = func() { ringOf(n, func(int) string { return name }) }
		}
		programs[fmt.Sprintf("ring of %d, mixed", 2+i)] = func() { ringOf(2+i, func(k int) string { return wareNames()[(i+3*k)%len(wares)] }) }
	}
	getForEver := func() { _, _ = worker.Start(giveBack, worker.NewQueue[int](1)).Wait() }
	programs["get for ever"], programs["get for ever inside Start"] = getForEver, getForEver
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

// A link of a ring is a worker that has one thing, and waits for another before it would let others have that.
type link struct {
	Have, Want stock
	There      *worker.Shared[int]
}

// beLinked waits for what never comes.
func beLinked(l link) error {
	if hold := wares[l.Have.Ware].hold; hold != nil {
		hold(l.Have)
	}
	for l.There.Add(-1); l.There.Load() > 0; {
		time.Sleep(time.Millisecond)
	}
	return l.Want.take(context.Background())
}

// ringOf has n workers wait, each for the ware of the next.
func ringOf(n int, ware func(i int) string) {
	stocks := make([]stock, n)
	for i := range stocks {
		var give func()
		w := wares[ware(i)]
		if stocks[i], give = w.make(worker.Named(fmt.Sprint("thing ", i+1))); w.hold != nil {
			give() // it is held by one of them
		}
	}
	there := worker.NewShared(n)
	workers := make([]*worker.Worker[error], n)
	for i := range workers {
		workers[i] = worker.Start(beLinked, link{stocks[i], stocks[(i+1)%n], there})
	}
	for _, w := range workers {
		_, _ = w.Wait()
	}
}

// giveBack gets what only it could put.
func giveBack(q *worker.Queue[int]) error {
	n, err := q.Get()
	if err != nil {
		return err
	}
	return q.Put(n)
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
		{"get for ever inside Start", modes[:1], []string{"worker 1 waits for something in queue 1", "In mode serial a worker does its work inside Start"}},
		{"get for ever", all, []string{"main waits for the end of worker 1", "waits for something in queue 1"}},
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

// Each is named, with what it waits for.
func TestRingsAreNamed(t *testing.T) {
	t.Parallel()
	sizes := make(map[string]int)
	var runs []run
	add := func(n int, what string, mode worker.Mode) {
		r := run{program: fmt.Sprintf("ring of %d, %s", n, what), mode: mode}
		sizes[r.program] = n
		runs = append(runs, r)
	}
	for i, name := range wareNames() {
		for j, mode := range modes[1:] {
			add(2+(i+j)%4, name, mode)
			if !slow {
				continue
			}
			for n := 2; n <= 5; n++ {
				add(n, name, mode)
			}
		}
	}
	for n := 2; n <= 5; n++ {
		for _, mode := range modes[1:] {
			add(n, "mixed", mode)
		}
	}
	atOnce(t, runs, func(t *testing.T, r run) {
		if r.status != worker.DeadlockStatus {
			t.Errorf("it ended with %v\n%s", r.err, r.out)
		}
		for n, i := sizes[r.program], 0; i < n; i++ {
			want := regexp.MustCompile(fmt.Sprintf(`(?m)^\tworker %d( \(process \d+\))?( holds thing %d and)? waits for .*thing %d\b`, i+1, i+1, (i+1)%n+1))
			if !want.MatchString(r.out) {
				t.Errorf("it does not say %v:\n%s", want, r.out)
			}
		}
	})
}
