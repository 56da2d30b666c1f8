package worker_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"course/runner/worker"
)

var modes = []worker.Mode{worker.Serial, worker.Goroutine, worker.Thread, worker.Process}

// everyMode runs a test of what is the same in all modes.
func everyMode(t *testing.T, test func(t *testing.T, as worker.Option)) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) { test(t, worker.As(mode)) })
	}
}

func TestModesAgree(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		if n, err := worker.Start(square, 12, as).Wait(); n != 144 || err != nil {
			t.Errorf("Start: %v, %v", n, err)
		}
		if n, err := worker.Try(halve, 8, as).Wait(); n != 4 || err != nil {
			t.Errorf("Try: %v, %v", n, err)
		}
		if n, err := worker.Try(halve, 7, as).Wait(); n != 3 || err == nil || err.Error() != "7 is odd" {
			t.Errorf("Try of a function that fails: %v, %v", n, err)
		}
		if _, err := worker.Do(set, 2, as).Wait(); err != nil {
			t.Errorf("Do: %v", err)
		}
		if b, err := worker.Start(bulk, []byte{}, as).Wait(); b == nil || len(b) != 0 || err != nil {
			t.Errorf("an empty slice came back as %#v, %v", b, err)
		}
		when := time.Date(2026, 11, 21, 9, 0, 0, 5, time.UTC)
		if then, err := worker.Start(clock, when, as).Wait(); !then.Equal(when.Add(time.Hour)) || err != nil {
			t.Errorf("time: %v, %v", then, err)
		}
		if n, err := worker.Try(calls, 9, as).Wait(); n != 4 || err == nil || err.Error() != "9 is odd" {
			t.Errorf("a worker that asks for a worker: %v, %v", n, err)
		}
		results, err := worker.Map(square, []int{5, 4, 3, 2, 1, 0}, as, worker.Workers(3))
		if !slices.Equal(results, []int{25, 16, 9, 4, 1, 0}) || err != nil {
			t.Errorf("Map: %v, %v", results, err)
		}
		if none, err := worker.Map(square, nil, as); len(none) != 0 || err != nil {
			t.Errorf("Map of nothing: %v, %v", none, err)
		}
	})
}

func TestModesDifferInMemory(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		set(1)
		w := worker.Do(set, 2, as)
		if _, err := w.Wait(); err != nil {
			t.Fatal(err)
		}
		own := w.Mode() == worker.Process
		if got, want := variable.n, map[bool]int{true: 1, false: 2}[own]; got != want {
			t.Errorf("a package variable that the worker set is %d, want %d", got, want)
		}
		if (w.Pid() != os.Getpid()) != own {
			t.Errorf("worker in process %d, we are %d", w.Pid(), os.Getpid())
		}
		r := &ring{Value: 1}
		r.Next = &ring{2, r}
		got, err := worker.Start(deep, r, as).Wait()
		if err != nil || got.Value != 101 || got.Next.Value != 102 || got.Next.Next != got {
			t.Fatalf("a ring came back as %+v, %v", got, err)
		}
		if copied := got != r && r.Value == 1; copied != own {
			t.Errorf("a pointer's target was copied: %v", copied)
		}
	})
}

func TestErrorsKeepIdentityOnlyWithinAProcess(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		w := worker.Try(halve, 7, as)
		_, err := w.Wait()
		remote, isRemote := errors.AsType[*worker.RemoteError](err)
		if own := w.Mode() == worker.Process; isRemote != own || errors.Is(err, errOdd) == own {
			t.Errorf("%v: remote %v, is errOdd %v", err, remote, errors.Is(err, errOdd))
		}
	})
}

func TestArgumentIsTakenWhenAsked(t *testing.T) {
	b := []byte("as it was")
	w := worker.Start(bulk, b, worker.As(worker.Process))
	copy(b, "changed !")
	if got, err := w.Wait(); string(got) != "as it was" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestLargeValuesCross(t *testing.T) {
	b := make([]byte, 5<<20+3)
	for i := range b {
		b[i] = byte(i * 7)
	}
	got, err := worker.Start(bulk, b, worker.As(worker.Process)).Wait()
	if err != nil || !slices.Equal(got, b) {
		t.Errorf("%d bytes came back, %v", len(got), err)
	}
}

func TestWaitAnyNumberOfTimes(t *testing.T) {
	everyMode(t, func(t *testing.T, as worker.Option) {
		w := worker.Start(square, 3, as)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if n, err := w.Wait(); n != 9 || err != nil {
					t.Errorf("%v, %v", n, err)
				}
			})
		}
		group.Wait()
		if w.Alive() {
			t.Error("alive after Wait")
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	for mode, n := range map[worker.Mode]int{worker.Serial: 1000, worker.Goroutine: 1000, worker.Thread: 200, worker.Process: 20} {
		workers := make([]*worker.Worker[int], n)
		ids := make(map[string]bool)
		for i := range workers {
			workers[i] = worker.Start(square, i, worker.As(mode))
			ids[workers[i].ID()], ids[workers[i].Name()] = true, true
		}
		for i, w := range workers {
			if got, err := w.Wait(); got != i*i || err != nil {
				t.Errorf("%s: worker %d: %v, %v", mode, i, got, err)
			}
		}
		if len(ids) != 2*n {
			t.Errorf("%s: %d names and ids of %d workers", mode, len(ids), n)
		}
	}
}

func TestNamesAreUniqueInTheFamily(t *testing.T) {
	names, err := worker.Start(family, 0, worker.As(worker.Process), worker.Named("adam")).Wait()
	if want := []string{"adam.1", "eve", "adam.3"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%v, %v, want %v", names, err, want)
	}
	if got := worker.Start(square, 1, worker.Named("tab\tline\n\x1e")).Name(); got != "tab�line��" {
		t.Errorf("control characters in a name: %q", got)
	}
	if got := worker.Start(square, 1, worker.Named(strings.Repeat("ä", 40))).Name(); got != strings.Repeat("ä", 32) {
		t.Errorf("a long name: %q", got)
	}
}

func TestDeathSaysHow(t *testing.T) {
	tests := []struct {
		name   string
		w      *worker.Worker[int]
		how    string
		exit   int
		signal syscall.Signal
	}{
		{"exit", worker.Start(exits, 3, worker.As(worker.Process)), "exit status 3", 3, 0},
		{"exit 0", worker.Start(exits, 0, worker.As(worker.Process)), "exit status 0", 0, 0},
		{"kill", worker.Start(kills, 9, worker.As(worker.Process)), "signal: killed", -1, syscall.SIGKILL},
		{"goexit", worker.Start(goexits, 1, worker.As(worker.Process)), "runtime.Goexit was called", -1, 0},
		{"goexit in a thread", worker.Start(goexits, 1, worker.As(worker.Thread)), "runtime.Goexit was called", -1, 0},
		{"goexit in a goroutine", worker.Start(goexits, 1, worker.As(worker.Goroutine)), "runtime.Goexit was called", -1, 0},
	}
	for _, test := range tests {
		_, err := test.w.Wait()
		death, ok := errors.AsType[*worker.DeathError](err)
		want := worker.DeathError{test.w.Name(), test.w.Pid(), test.how, test.exit, test.signal, -1}
		if !ok || *death != want {
			t.Errorf("%s: %#v, want %#v", test.name, err, want)
		}
		if text := fmt.Sprintf("%s (process %d) died: %s", test.w.Name(), test.w.Pid(), test.how); err.Error() != text {
			t.Errorf("%s: %q, want %q", test.name, err, text)
		}
	}
}

func TestRefusalSaysWhy(t *testing.T) {
	here := "worker_test.go:"
	as := worker.As(worker.Process)
	local := func(n int) int { return n }
	errorOf := func(_ any, err error) error { return err }
	tests := []struct {
		name, want string
		err        error
	}{
		{
			"literal", "is a function literal or a method: a process finds its function by name, so declare it at top level",
			errorOf(worker.Start(local, 1, as).Wait()),
		},
		{"method value", "is a method of some value", errorOf(worker.Start(t.Context().Value, any(1), as).Wait())},
		{"generic", "is generic", errorOf(worker.Start(identity[int], 1, as).Wait())},
		{
			"not registered", "a process does not find course/runner/worker_test.unknown: call worker.Register(worker_test.unknown) in init",
			errorOf(worker.Start(unknown, 1, as).Wait()),
		},
		{"nil", "the function is nil", errorOf(worker.Start((func(int) int)(nil), 1, as).Wait())},
		{
			"argument", "type chan int cannot be sent to a process: a channel lives in the memory of one process (field Done of worker_test.job)",
			errorOf(worker.Do(sendChannel, job{}, as).Wait()),
		},
		{"result", "type func() cannot be sent to a process: a function", errorOf(worker.Start(sendNothing, 1, as).Wait())},
		{
			"mode", `unknown mode "plain": there are serial, goroutine, thread and process`,
			errorOf(worker.Start(square, 1, worker.As("plain")).Wait()),
		},
		{"workers of one", "Workers and Chunk are options of pools", errorOf(worker.Start(square, 1, worker.Workers(2)).Wait())},
		{"no workers", "Workers(0): a pool needs at least one", errorOf(worker.Map(square, []int{1}, worker.Workers(0)))},
		{"Map of a literal", "is a function literal", errorOf(worker.Map(local, nil, as))},
		{"Map's mode", "unknown mode", errorOf(worker.Map(square, nil, worker.As("x")))},
	}
	for _, test := range tests {
		refused, ok := errors.AsType[*worker.RefusedError](test.err)
		if !ok || !strings.Contains(refused.Reason, test.want) {
			t.Errorf("%s: %v, want %q", test.name, test.err, test.want)
		} else if !strings.HasPrefix(refused.Call, here) {
			t.Errorf("%s: refused at %s, want %s", test.name, refused.Call, here)
		}
	}
}

func identity[T any](v T) T { return v }

func unknown(n int) int { return n }

func TestMapGivesEachWorkerAnItemAndReusesProcesses(t *testing.T) {
	for _, mode := range []worker.Mode{worker.Thread, worker.Process} {
		pids, err := worker.Map(process, make([]int, 40), worker.As(mode), worker.Workers(3))
		if err != nil {
			t.Fatal(err)
		}
		distinct := make(map[int]bool)
		for _, p := range pids {
			distinct[p] = true
		}
		want := 1
		if mode == worker.Process {
			want = 3
		}
		if len(distinct) != want || distinct[os.Getpid()] == (mode == worker.Process) {
			t.Errorf("%s: 40 items in processes %v", mode, slices.Collect(maps.Keys(distinct)))
		}
	}
}

func TestMapStopsAfterADeath(t *testing.T) {
	dir := t.TempDir()
	var args []string
	for i := range 6 {
		args = append(args, filepath.Join(dir, fmt.Sprintf("item-%d", i)))
	}
	results, err := worker.Map(touch, args, worker.As(worker.Process), worker.Workers(1), worker.Chunk(1), worker.Named("toucher"))
	death, ok := errors.AsType[*worker.DeathError](err)
	if !ok || death.Item != 2 || death.Exit != 1 || death.Worker != "toucher 1" || results != nil {
		t.Errorf("%v, %v", results, err)
	}
	if begun, _ := os.ReadDir(dir); len(begun) != 3 {
		t.Errorf("%d items were begun, want those up to the one that ended it", len(begun))
	}
	if want := fmt.Sprintf("toucher 1 (process %d) died with item 2: exit status 1", death.Pid); err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}

func TestMapJoinsTheOthersAfterADeath(t *testing.T) {
	everyone := []int{1, 2, -3, 4, 5, 6, 7, 8}
	_, err := worker.Map(dieAt, everyone, worker.As(worker.Process), worker.Workers(3))
	if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.Item != 2 || death.Exit != 3 {
		t.Errorf("%v", err)
	}
	_, err = worker.Map(goexits, everyone, worker.As(worker.Goroutine), worker.Workers(1))
	if death, ok := errors.AsType[*worker.DeathError](err); !ok || death.Item != 0 {
		t.Errorf("%v", err)
	}
}

func TestProcessHasNoInputAndACleanEnvironment(t *testing.T) {
	if _, err := worker.Try(readInput, 0, worker.As(worker.Process)).Wait(); err == nil || err.Error() != "EOF" {
		t.Errorf("reading standard input: %v", err)
	}
	t.Setenv("COURSE_MODE", "thread")
	names, err := worker.Start(environment, 0, worker.As(worker.Process)).Wait()
	ours := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return name != "COURSE_MODE" && name != "COURSE_EVENTS" && name != "COURSE_WORKER" // others set some, too: .ci/run
	})
	if err != nil || !slices.Equal(ours, []string{"COURSE_MODE"}) {
		t.Errorf("environment has %v, %v", names, err)
	}
}

func TestRegisterTakesTopLevelFunctionsOnly(t *testing.T) {
	for name, f := range map[string]any{
		"number": 1, "nil": (func())(nil), "literal": func() {}, "none": nil,
		"a method": (*stranger).Other, "a method of a value": (&stranger{}).Run, "generic": (*generic[int]).Run,
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was registered", name)
				}
			}()
			worker.Register(f)
		}()
	}
}
