package worker_test

import (
	"fmt"

	"course/runner/worker"
)

// A span is what a worker is given: as much as it needs, in one value.
type span struct {
	From, To int
	Total    *worker.Shared[int] // the same number for all
}

func add(s span) {
	for n := s.From; n < s.To; n++ {
		s.Total.Add(n)
	}
}

func init() { worker.Register(add) }

// Two processes add up numbers. In a program of its own, main begins with worker.Main().
func Example() {
	total := worker.NewShared(0)
	first := worker.Do(add, span{0, 50, total}, worker.As(worker.Process))
	second := worker.Do(add, span{50, 101, total}, worker.As(worker.Process))
	for _, w := range []*worker.Worker[struct{}]{first, second} {
		if _, err := w.Wait(); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(total.Load())
	// Output: 5050
}
