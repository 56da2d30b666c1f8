package worker_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(mapSquares, sendDone, panicAt, goexitAt, exitAt) }

// mapSquares uses a pool of its own.
func mapSquares(n int) ([]int, error) { return worker.Map(square, numbers(n), worker.Workers(2)) }

func panicAt(n int) int {
	if n == 5 {
		panic("five")
	}
	return n
}

func goexitAt(n int) int {
	if n == 5 {
		runtime.Goexit()
	}
	return n
}

func exitAt(n int) int {
	if n == 5 {
		os.Exit(5)
	}
	return n
}

func numbers(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

// closePool closes p and says so if that fails.
func closePool[A, R any](t *testing.T, p *worker.Pool[A, R]) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestPoolsAgree(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		for _, workers := range []int{1, 3} {
			for _, chunk := range []worker.Option{as, worker.Chunk(1), worker.Chunk(7)} {
				pool := worker.NewTryPool(halve, as, worker.Workers(workers), chunk)
				agree(t, pool)
				closePool(t, pool)
			}
		}
	})
}

// agree uses all of a pool of halve.
func agree(t *testing.T, pool *worker.Pool[int, int]) {
	t.Helper()
	even := []int{0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}
	if got, err := pool.Map(even); !slices.Equal(got, numbers(16)) || err != nil {
		t.Errorf("Map: %v, %v", got, err)
	}
	if got, err := pool.Map(numbers(50)); got != nil || err == nil || err.Error() != "1 is odd" {
		t.Errorf("Map with errors: %v, %v", got, err)
	}
	if got, err := pool.Map(nil); len(got) != 0 || err != nil {
		t.Errorf("Map of nothing: %v, %v", got, err)
	}
	right := func(i, n int, err error) bool { return n == i/2 && (err != nil) == (i%2 != 0) }
	i := 0
	for n, err := range pool.Stream(t.Context(), slices.Values(numbers(50))) {
		if !right(i, n, err) {
			t.Errorf("Stream: %d became %d, %v", i, n, err)
		}
		i++
	}
	var seen []int
	for item := range pool.Unordered(t.Context(), slices.Values(numbers(50))) {
		if !right(item.Index, item.Value, item.Err) {
			t.Errorf("Unordered: %+v", item)
		}
		seen = append(seen, item.Index)
	}
	if slices.Sort(seen); i != 50 || !slices.Equal(seen, numbers(50)) {
		t.Errorf("Stream had %d items, Unordered %v", i, seen)
	}
	for range pool.Unordered(t.Context(), slices.Values([]int(nil))) {
		t.Error("a stream of nothing has something")
	}
	for i := range 10 {
		task := pool.Submit(i)
		for range 2 {
			if n, err := task.Wait(); !right(i, n, err) {
				t.Errorf("Submit: %d became %d, %v", i, n, err)
			}
		}
	}
}

func TestTopLevelMaps(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		if got, err := worker.TryMap(halve, []int{8, 6}, as, worker.Workers(9)); !slices.Equal(got, []int{4, 3}) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := worker.TryMap(halve, numbers(100), as, worker.Workers(2)); got != nil || err == nil || err.Error() != "1 is odd" {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := worker.TryMap(mapSquares, []int{3, 2}, as); err != nil || fmt.Sprint(got) != "[[0 1 4] [0 1]]" {
			t.Errorf("a pool within a pool: %v, %v", got, err)
		}
	})
}

func TestPoolRefuses(t *testing.T) {
	as := worker.As(worker.Process)
	literal := worker.NewPool(func(n int) int { return n }, as)
	refusals := map[string]func() error{
		"is a function literal": func() error { _, err := literal.Map(nil); return err },
		"type chan int cannot be sent to a process": func() error {
			_, err := worker.NewPool(sendDone, as).Submit(job{}).Wait()
			return err
		},
		"Workers(0): a pool needs at least one worker": func() error {
			for _, err := range worker.NewPool(square, worker.Workers(0)).Stream(t.Context(), slices.Values(numbers(9))) {
				return err
			}
			return nil
		},
		"Chunk(0): a chunk has at least one item": func() error {
			for item := range worker.NewPool(square, worker.Chunk(0)).Unordered(t.Context(), slices.Values(numbers(9))) {
				return item.Err
			}
			return nil
		},
		"Chunk(-1)":                     func() error { _, err := worker.Map(square, nil, worker.Chunk(-1)); return err },
		`unknown mode "x"`:              func() error { _, err := worker.TryMap(halve, nil, worker.As("x")); return err },
		"Workers and Chunk are options": func() error { _, err := worker.Start(square, 1, worker.Chunk(2)).Wait(); return err },
	}
	for want, call := range refusals {
		err := call()
		refused, ok := errors.AsType[*worker.RefusedError](err)
		if !ok || !strings.Contains(refused.Reason, want) || !strings.HasPrefix(refused.Call, "pool_test.go:") {
			t.Errorf("%v, want %q", err, want)
		}
	}
	closePool(t, literal)
}

func sendDone(job) int { return 0 }

func TestFirstErrorIsThatOfTheLowestItem(t *testing.T) {
	for _, mode := range modes[1:] {
		g := openCheckpoint(t)
		result := make(chan error)
		go func() {
			_, err := worker.TryMap(atCheckpoint, g.all(3), worker.As(mode), worker.Workers(3), worker.Chunk(1))
			result <- err
		}()
		at := make(map[int]arrival)
		for range 3 {
			a := g.next()
			at[a.n] = a
		}
		at[2].tell("fail")
		at[0].tell("")
		at[1].tell("fail")
		if err := <-result; err == nil || !strings.HasPrefix(err.Error(), "1 was told") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestCancelBeforeAnythingBegins(t *testing.T) {
	cause := errors.New("no more")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	everyMode(t, func(t *testing.T, as worker.Option) {
		dir := t.TempDir()
		pool := worker.NewPool(touch, as)
		if _, err := pool.MapContext(ctx, []string{dir + "/a", dir + "/b"}); !errors.Is(err, cause) {
			t.Errorf("Map: %v", err)
		}
		for _, err := range pool.Stream(ctx, slices.Values([]string{dir + "/c"})) {
			if !errors.Is(err, cause) {
				t.Errorf("Stream: %v", err)
			}
		}
		closePool(t, pool)
		if begun, _ := os.ReadDir(dir); len(begun) > 0 {
			t.Errorf("%v were begun", begun)
		}
	})
}

func TestCancelDuringMap(t *testing.T) {
	for _, mode := range modes[1:] {
		g := openCheckpoint(t)
		ctx, cancel := context.WithCancel(t.Context())
		pool := worker.NewTryPool(atCheckpoint, worker.As(mode), worker.Workers(2), worker.Chunk(3))
		other := pool.Submit(g.pass(77)) // is not cancelled
		kept := g.next()
		result := make(chan error)
		go func() {
			_, err := pool.MapContext(ctx, g.all(30))
			result <- err
		}()
		first := g.next()
		cancel()
		if mode != worker.Process {
			first.tell("")
		}
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", mode, err)
		}
		kept.tell("")
		if n, err := other.Wait(); n != 770 || err != nil {
			t.Errorf("%s: what was not cancelled: %v, %v", mode, n, err)
		}
		if a, ok := g.look(); ok {
			t.Errorf("%s: item %d was begun after the end", mode, a.n)
		}
		task := pool.Submit(g.pass(5))
		a := g.next()
		a.tell("")
		if n, err := task.Wait(); n != 50 || err != nil {
			t.Errorf("%s: after that: %v, %v", mode, n, err)
		}
		if mode == worker.Process && a.pid == first.pid {
			t.Error("the process that worked for what was cancelled is still there")
		}
		closePool(t, pool)
	}
}

func TestCancelDuringStream(t *testing.T) {
	for _, mode := range modes[1:] {
		for _, ordered := range []bool{true, false} {
			g := openCheckpoint(t)
			ctx, cancel := context.WithCancel(t.Context())
			pool := worker.NewTryPool(atCheckpoint, worker.As(mode), worker.Workers(2))
			done := make(chan struct{})
			go func() {
				defer close(done)
				g.next().tell("")
				g.next().tell("")
				a, b := g.next(), g.next()
				cancel()
				if mode != worker.Process {
					a.tell("")
					b.tell("")
				}
			}()
			var last error
			n := 0
			see := func(err error) {
				if n, last = n+1, err; err != nil && !errors.Is(err, context.Canceled) {
					t.Errorf("%s: %v", mode, err)
				}
			}
			if ordered {
				for _, err := range pool.Stream(ctx, passes(g)) {
					see(err)
				}
			} else {
				for item := range pool.Unordered(ctx, passes(g)) {
					see(item.Err)
				}
			}
			if !errors.Is(last, context.Canceled) || n > 3 {
				t.Errorf("%s: %d pairs, the last with %v", mode, n, last)
			}
			closePool(t, pool)
			<-done
			if a, ok := g.look(); ok {
				t.Errorf("%s: item %d was begun after the end", mode, a.n)
			}
		}
	}
}

// passes is an endless sequence.
func passes(g *checkpoint) iter.Seq[passing] {
	return func(yield func(passing) bool) {
		for i := 0; yield(g.pass(i)); i++ {
		}
	}
}

func TestDeadWorkerIsReplaced(t *testing.T) {
	g := openCheckpoint(t)
	pool := worker.NewTryPool(atCheckpoint, worker.As(worker.Process), worker.Workers(2), worker.Named("p"))
	two := func() (a, b arrival, task [2]*worker.Task[int]) {
		task[0], task[1] = pool.Submit(g.pass(0)), pool.Submit(g.pass(1))
		for range 2 {
			if c := g.next(); c.n == 0 {
				a = c
			} else {
				b = c
			}
		}
		return a, b, task
	}
	a, b, tasks := two()
	a.tell("exit")
	_, err := tasks[0].Wait()
	if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.Exit != 3 || death.Pid != a.pid || death.Item != -1 {
		t.Errorf("%v", err)
	}
	b.tell("")
	if n, err := tasks[1].Wait(); n != 10 || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	c, d, tasks := two()
	if pids := []int{c.pid, d.pid}; slices.Contains(pids, a.pid) || !slices.Contains(pids, b.pid) || c.pid == d.pid {
		t.Errorf("processes were %d, %d, and are %v after the death of the first", a.pid, b.pid, pids)
	}
	p, err := os.FindProcess(c.pid)
	if err == nil {
		err = p.Kill()
		_ = p.Release() // not waited for here, its descriptor would stay until it is collected
	}
	if err != nil {
		t.Error(err)
	}
	_, err = tasks[0].Wait()
	if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.Pid != c.pid {
		t.Errorf("killed from outside: %v", err)
	}
	d.tell("")
	if _, err := tasks[1].Wait(); err != nil {
		t.Error(err)
	}
	closePool(t, pool)
}

func TestStreamGoesOnAfterDeaths(t *testing.T) {
	for _, mode := range modes[1:] {
		f := goexitAt
		if mode == worker.Process {
			f = exitAt
		}
		pool := worker.NewPool(f, worker.As(mode), worker.Workers(2))
		i := 0
		for n, err := range pool.Stream(t.Context(), slices.Values(numbers(10))) {
			death, died := errors.AsType[*worker.DeathError](err)
			if died != (i == 5) || !died && n != i || died && (death.Item != 5) {
				t.Errorf("%s: item %d: %v, %v", mode, i, n, err)
			}
			i++
		}
		if i != 10 {
			t.Errorf("%s: %d items", mode, i)
		}
		closePool(t, pool)
	}
}

func TestDeathNamesItsItem(t *testing.T) {
	tests := []struct {
		f    func(int) int
		mode worker.Mode
	}{
		{goexitAt, worker.Goroutine},
		{goexitAt, worker.Thread},
		{goexitAt, worker.Process},
		{panicAt, worker.Process},
		{exitAt, worker.Process},
	}
	for i, test := range tests {
		_, err := worker.Map(test.f, numbers(12), worker.As(test.mode), worker.Chunk(4), worker.Workers(2))
		death, ok := errors.AsType[*worker.DeathError](err)
		if !ok || death.Item != 5 {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestWorkerThatEndsBeforeItBeginsLosesNothing(t *testing.T) {
	crash(t, 2)
	got, err := worker.Map(square, numbers(20), worker.As(worker.Process), worker.Workers(2))
	if err != nil || got[19] != 19*19 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestPoolGivesUp(t *testing.T) {
	crash(t, 10)
	pool := worker.NewPool(square, worker.As(worker.Process), worker.Workers(1))
	check := func(err error) {
		t.Helper()
		death, ok := errors.AsType[*worker.DeathError](err)
		if !ok || death.Exit != 7 || death.Item != -1 || !strings.HasPrefix(err.Error(), "3 workers in a row ended before they began anything: ") {
			t.Errorf("%v", err)
		}
	}
	tasks := []*worker.Task[int]{pool.Submit(1), pool.Submit(2)}
	for _, task := range tasks {
		_, err := task.Wait()
		check(err)
	}
	_, err := pool.Map(numbers(5))
	check(err)
	n := 0
	for _, err := range pool.Stream(t.Context(), func(yield func(int) bool) {
		for yield(1) {
		}
	}) {
		check(err)
		n++
	}
	if n != 1 {
		t.Errorf("%d pairs", n)
	}
	closePool(t, pool)
}

func TestCloseDuringWork(t *testing.T) {
	for _, mode := range modes[1:] {
		g := openCheckpoint(t)
		pool := worker.NewTryPool(atCheckpoint, worker.As(mode), worker.Workers(2))
		var tasks []*worker.Task[int]
		for i := range 6 {
			tasks = append(tasks, pool.Submit(g.pass(i)))
		}
		first := g.next()
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { closePool(t, pool) })
		}
		untilClosed(pool)
		if _, err := pool.Submit(g.pass(9)).Wait(); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("%s: Submit after Close: %v", mode, err)
		}
		for item := range pool.Unordered(t.Context(), passes(g)) {
			if !errors.Is(item.Err, worker.ErrClosed) || item.Index != -1 {
				t.Errorf("%s: Unordered after Close: %+v", mode, item)
			}
		}
		first.tell("")
		for range 5 {
			g.next().tell("")
		}
		group.Wait()
		for i, task := range tasks {
			if n, err := task.Wait(); n != 10*i || err != nil {
				t.Errorf("%s: %v, %v", mode, n, err)
			}
		}
		closePool(t, pool)
		pool.Kill()
	}
}

func TestCloseWithinAStream(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		pool := worker.NewPool(square, as, worker.Workers(2))
		i, last := 0, error(nil)
		for n, err := range pool.Stream(t.Context(), slices.Values(numbers(1000))) {
			if i == 3 {
				closePool(t, pool)
			}
			if err == nil && n != i*i {
				t.Errorf("item %d became %d", i, n)
			}
			i, last = i+1, err
		}
		if !errors.Is(last, worker.ErrClosed) || i > 100 {
			t.Errorf("%d pairs, the last with %v", i, last)
		}
	})
}

func TestKill(t *testing.T) {
	for _, mode := range modes[1:] {
		g := openCheckpoint(t)
		pool := worker.NewTryPool(atCheckpoint, worker.As(mode), worker.Workers(1))
		busy, waits := pool.Submit(g.pass(0)), pool.Submit(g.pass(1))
		first := g.next()
		killed := make(chan struct{})
		go func() {
			defer close(killed)
			pool.Kill()
		}()
		if _, err := waits.Wait(); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("%s: what was not begun: %v", mode, err)
		}
		if mode != worker.Process {
			first.tell("")
		}
		n, err := busy.Wait()
		death, died := errors.AsType[*worker.DeathError](err)
		if died != (mode == worker.Process) || died && death.Pid != first.pid || !died && n != 0 {
			t.Errorf("%s: what was under way: %v, %v", mode, n, err)
		}
		<-killed
		closePool(t, pool)
		if _, err := pool.Map(g.all(1)); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("%s: Map after Kill: %v", mode, err)
		}
	}
	everyMode(t, func(t *testing.T, as worker.Option) {
		pool := worker.NewPool(square, as, worker.Workers(3))
		pool.Kill() // before it was used
		pool = worker.NewPool(square, as, worker.Workers(3))
		if _, err := pool.Map(numbers(9)); err != nil {
			t.Error(err)
		}
		pool.Kill() // while all are idle
		closePool(t, pool)
	})
}

func TestTaskWaitsWithALimit(t *testing.T) {
	g := openCheckpoint(t)
	pool := worker.NewTryPool(atCheckpoint, worker.As(worker.Thread))
	task := pool.Submit(g.pass(4))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := task.WaitContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	g.next().tell("")
	if n, err := task.Wait(); n != 40 || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	if n, err := task.WaitContext(ctx); n != 40 || err != nil {
		t.Errorf("done, and the context ended: %v, %v", n, err)
	}
	closePool(t, pool)
}

func TestStreamTakesLittleAhead(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		const workers, chunk = 2, 3
		pool := worker.NewPool(square, as, worker.Workers(workers), worker.Chunk(chunk))
		var mu sync.Mutex
		taken, seen := 0, 0
		for item := range pool.Unordered(t.Context(), func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
				mu.Lock()
				if taken++; taken-seen > 2*workers*chunk+chunk {
					t.Errorf("%d items ahead", taken-seen)
				}
				mu.Unlock()
			}
		}) {
			mu.Lock()
			seen++
			mu.Unlock()
			if item.Value != item.Index*item.Index || item.Err != nil {
				t.Errorf("%+v", item)
			}
			if seen == 100 {
				break
			}
		}
		closePool(t, pool)
	})
}

func TestLeavingAStream(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		pool := worker.NewPool(square, as, worker.Workers(2))
		endless := func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
			}
		}
		for _, err := range pool.Stream(t.Context(), endless) {
			if err != nil {
				t.Error(err)
			}
			break
		}
		func() {
			defer func() {
				if got := recover(); got != "body" {
					t.Errorf("recovered %v", got)
				}
			}()
			for range pool.Unordered(t.Context(), endless) {
				panic("body")
			}
		}()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for _, err := range pool.Stream(t.Context(), endless) {
				if err != nil {
					t.Error(err)
				}
				runtime.Goexit()
			}
		}()
		<-done
		if got, err := pool.Map(numbers(4)); !slices.Equal(got, []int{0, 1, 4, 9}) || err != nil {
			t.Errorf("after that: %v, %v", got, err)
		}
		closePool(t, pool)
	})
}

// A caller of a serial pool gets the panic of the function, and may recover from it.
func TestPanicInASerialPool(t *testing.T) {
	pool := worker.NewPool(panicAt, worker.As(worker.Serial))
	for range 2 {
		func() {
			defer func() {
				if got := recover(); got != "five" {
					t.Errorf("recovered %v", got)
				}
			}()
			_, _ = pool.Map(numbers(9))
		}()
	}
	if n, err := pool.Submit(3).Wait(); n != 3 || err != nil {
		t.Errorf("%v, %v", n, err)
	}
	closePool(t, pool)
}

func TestPoolIsSharedAndReused(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		pool := worker.NewPool(process, as, worker.Workers(2))
		var mu sync.Mutex
		pids := make(map[int]bool)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 50 {
					got, err := pool.Map(make([]int, 4))
					if err != nil {
						t.Error(err)
					}
					pid, err := pool.Submit(1).Wait()
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					for _, pid := range append(got, pid) {
						pids[pid] = true
					}
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if len(pids) > 2 {
			t.Errorf("1000 tasks in %d processes", len(pids))
		}
		closePool(t, pool)
	})
}

func TestHugeItems(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		items := make([][]byte, 5)
		for i := range items {
			items[i] = make([]byte, 10<<20)
			items[i][i] = byte(i + 1)
		}
		got, err := worker.Map(bulk, items, as, worker.Workers(2))
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if !slices.Equal(got[i], items[i]) {
				t.Errorf("item %d changed", i)
			}
		}
	})
}
