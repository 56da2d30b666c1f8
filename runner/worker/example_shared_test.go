package worker_test

import (
	"fmt"

	"course/runner/worker"
)

func init() { worker.Register(vote) }

type poll struct{ Votes, Highest *worker.Shared[int] }

func vote(p poll) {
	n := p.Votes.Add(1)
	p.Highest.Update(func(highest int) int { return max(highest, n) })
}

// What is done to a number in one step needs no lock.
func ExampleShared() {
	p := poll{worker.NewShared(0), worker.NewShared(0)}
	for _, mode := range []worker.Mode{worker.Goroutine, worker.Thread, worker.Process} {
		_, _ = worker.Do(vote, p, worker.As(mode)).Wait()
	}
	fmt.Println(p.Votes.Load(), p.Highest.Load())
	// Output: 3 3
}
