package worker_test

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"course/runner/worker"
)

func init() { worker.Register(length, shout, fragile) }

func length(s string) int { return len(s) }

func shout(s string) (string, error) {
	if s == "" {
		return "", errors.New("nothing to shout")
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

func ExampleMap() {
	lengths, err := worker.Map(length, []string{"a", "pool", "of", "workers"}, worker.Workers(2))
	fmt.Println(lengths, err)
	// Output: [1 4 2 7] <nil>
}

func ExampleDeathError() {
	_, err := worker.Map(fragile, []int{1, 2, 3, 4}, worker.As(worker.Process), worker.Workers(2))
	if death, ok := errors.AsType[*worker.DeathError](err); ok {
		fmt.Println("item", death.Item, "ended a process:", death.How)
	}
	// Output: item 2 ended a process: exit status 1
}

// What cannot cross is refused before anything is run.
func ExampleRefusedError() {
	add := func(n int) int { return n + 1 }
	_, err := worker.Start(add, 1, worker.As(worker.Process)).Wait()
	refused, ok := errors.AsType[*worker.RefusedError](err)
	fmt.Println(ok, strings.Contains(refused.Reason, "declare it at top level"))
	// Output: true true
}
