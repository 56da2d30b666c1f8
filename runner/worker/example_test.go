package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(length, shout, fragile, patient, (*Sum).Run) }

func length(s string) int { return len(s) }

var errNothing = errors.New("nothing to shout")

func shout(s string) (string, error) {
	if s == "" {
		return "", errNothing
	}
	return strings.ToUpper(s), nil
}

func fragile(n int) int {
	if n == 3 {
		os.Exit(1) // in a thread this would be the end of the program
	}
	return n
}

// The same call, and the same answer, in each mode.
func ExampleStart() {
	for _, mode := range []worker.Mode{worker.Serial, worker.Goroutine, worker.Thread, worker.Process} {
		n, err := worker.Start(length, "threads or processes?", worker.As(mode)).Wait()
		fmt.Println(mode, n, err)
	}
	// Output:
	// serial 21 <nil>
	// goroutine 21 <nil>
	// thread 21 <nil>
	// process 21 <nil>
}

func ExampleTry() {
	_, err := worker.Try(shout, "", worker.As(worker.Process)).Wait()
	fmt.Println(err)
	// Output: nothing to shout
}

// A function that returns nothing may work on what is given to it: of a process that is a copy.
func ExampleDo() {
	words := []string{"b", "a"}
	_, _ = worker.Do(slices.Sort, words, worker.As(worker.Thread)).Wait()
	fmt.Println(words)
	// Output: [a b]
}

// What an error is, besides its text, stays in its process.
func ExampleRemoteError() {
	for _, mode := range []worker.Mode{worker.Thread, worker.Process} {
		_, err := worker.Try(shout, "", worker.As(mode)).Wait()
		_, remote := errors.AsType[*worker.RemoteError](err)
		fmt.Println(mode, err, errors.Is(err, errNothing), remote)
	}
	// Output:
	// thread nothing to shout true false
	// process nothing to shout false true
}

func ExampleNamed() {
	w := worker.Start(length, "x", worker.Named("tailor"), worker.As(worker.Goroutine))
	_, _ = w.Wait()
	fmt.Println(w.Name(), w.Mode(), w.Alive(), w.ExitCode())
	// Output: tailor goroutine false 0
}

func ExamplePrintln() {
	worker.Println("as fmt does;", "in a lesson the page shows who printed it")
	// Output: as fmt does; in a lesson the page shows who printed it
}

func ExampleMap() {
	lengths, err := worker.Map(length, []string{"a", "pool", "of", "workers"}, worker.Workers(2))
	fmt.Println(lengths, err)
	// Output: [1 4 2 7] <nil>
}

// What cannot be done has an error, and the first in the order of the arguments is returned.
func ExampleTryMap() {
	_, err := worker.TryMap(shout, []string{"a", "", "b"}, worker.Workers(2))
	fmt.Println(err)
	// Output: nothing to shout
}

// A pool keeps its workers from call to call.
func ExampleNewPool() {
	pool := worker.NewPool(length, worker.As(worker.Process), worker.Workers(2))
	fmt.Println(pool.Map([]string{"one", "two", "three"}))
	fmt.Println(pool.Map([]string{"four"}))
	fmt.Println(pool.Close())
	// Output:
	// [3 3 5] <nil>
	// [4] <nil>
	// <nil>
}

// A stream goes on after an error: each result comes with its own.
func ExamplePool_Stream() {
	pool := worker.NewTryPool(shout, worker.Workers(2))
	defer func() { _ = pool.Close() }()
	for loud, err := range pool.Stream(context.Background(), slices.Values([]string{"a", "", "b"})) {
		fmt.Printf("%q %v\n", loud, err)
	}
	// Output:
	// "A" <nil>
	// "" nothing to shout
	// "B" <nil>
}

func ExamplePool_Unordered() {
	words := []string{"whoever", "is", "first"}
	pool := worker.NewPool(length, worker.Workers(2))
	defer func() { _ = pool.Close() }()
	for item := range pool.Unordered(context.Background(), slices.Values(words)) {
		fmt.Println(words[item.Index], item.Value)
	}
	// Unordered output:
	// whoever 7
	// is 2
	// first 5
}

func ExamplePool_Submit() {
	pool := worker.NewPool(length)
	defer func() { _ = pool.Close() }()
	one, other := pool.Submit("one"), pool.Submit("the other")
	fmt.Println(other.Wait())
	fmt.Println(one.Wait())
	// Output:
	// 9 <nil>
	// 3 <nil>
}

// A process that dies takes its item with it, and another takes its place.
func ExamplePool_Stream_death() {
	pool := worker.NewPool(fragile, worker.As(worker.Process), worker.Workers(1))
	defer func() { _ = pool.Close() }()
	for n, err := range pool.Stream(context.Background(), slices.Values([]int{2, 3, 4})) {
		if death, ok := errors.AsType[*worker.DeathError](err); ok {
			fmt.Println("item", death.Item, "died:", death.How)
			continue
		}
		fmt.Println(n)
	}
	// Output:
	// 2
	// item 1 died: exit status 1
	// 4
}

// The items of a chunk share their fate.
func ExampleChunk() {
	pool := worker.NewPool(fragile, worker.As(worker.Process), worker.Workers(1), worker.Chunk(2))
	defer func() { _ = pool.Close() }()
	for n, err := range pool.Stream(context.Background(), slices.Values([]int{1, 2, 3, 4, 5})) {
		fmt.Println(n, err != nil)
	}
	// Output:
	// 1 false
	// 2 false
	// 0 true
	// 0 true
	// 5 false
}

func ExampleDeathError() {
	_, err := worker.Map(fragile, []int{1, 2, 3, 4}, worker.As(worker.Process), worker.Workers(2))
	if death, ok := errors.AsType[*worker.DeathError](err); ok {
		fmt.Println("item", death.Item, "ended a process:", death.How)
	}
	// Output: item 2 ended a process: exit status 1
}

// Sum is a worker with a state of its own.
type Sum struct{ From, To, Result int }

// Run adds the numbers up.
func (s *Sum) Run() {
	for n := s.From; n <= s.To; n++ {
		s.Result += n
	}
}

// A thread changes the caller's own value, a process a copy of it. Wait returns what Run worked on.
func ExampleStartRunner() {
	for _, mode := range []worker.Mode{worker.Thread, worker.Process} {
		mine := &Sum{From: 1, To: 100}
		its, err := worker.StartRunner(mine, worker.As(mode)).Wait()
		fmt.Println(mode, its.Result, mine.Result, its == mine, err)
	}
	// Output:
	// thread 5050 5050 true <nil>
	// process 5050 0 false <nil>
}

func patient(int) int {
	time.Sleep(time.Hour)
	return 1
}

// Who does not want to wait any longer says so by a context. The worker goes on: a process can be killed.
func ExampleWorker_WaitContext() {
	w := worker.Start(patient, 1, worker.As(worker.Process))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err := w.WaitContext(ctx)
	fmt.Println(err, w.Alive())
	_ = w.Kill()
	_, _ = w.Wait()
	// Output: context deadline exceeded true
}

func ExampleWorker_Kill() {
	w := worker.Start(patient, 1, worker.As(worker.Process), worker.Named("patient"))
	fmt.Println("kill:", w.Kill())
	_, err := w.Wait()
	if death, ok := errors.AsType[*worker.DeathError](err); ok {
		fmt.Println(death.Worker, "died:", death.How, w.ExitCode())
	}
	// Output:
	// kill: <nil>
	// patient died: signal: killed -1
}

// A goroutine or thread cannot be killed, only asked: by a context, say.
func ExampleWorker_Kill_thread() {
	ctx, cancel := context.WithCancel(context.Background())
	asked := func(int) error {
		<-ctx.Done()
		return ctx.Err()
	}
	w := worker.Start(asked, 1, worker.As(worker.Thread))
	fmt.Println(errors.Is(w.Kill(), errors.ErrUnsupported))
	cancel()
	fmt.Println(w.Wait())
	// Output:
	// true
	// context canceled <nil>
}

// What cannot cross is refused before anything is run.
func ExampleRefusedError() {
	add := func(n int) int { return n + 1 }
	_, err := worker.Start(add, 1, worker.As(worker.Process)).Wait()
	refused, ok := errors.AsType[*worker.RefusedError](err)
	fmt.Println(ok, strings.Contains(refused.Reason, "declare it at top level"))
	// Output: true true
}
