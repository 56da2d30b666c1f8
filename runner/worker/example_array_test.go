//go:build !race

package worker_test

import (
	"fmt"

	"course/runner/worker"
)

func init() { worker.Register(fill) }

type part struct {
	Array    *worker.SharedArray[float64]
	From, To int
}

func fill(p part) {
	numbers := p.Array.Slice()
	for i := p.From; i < p.To; i++ {
		numbers[i] = float64(i) / 2
	}
}

// Each process writes its part, and nothing is copied. (With the race detector the array lies elsewhere: see SharedArray.)
func ExampleSharedArray() {
	a := worker.NewSharedArray[float64](1000)
	defer a.Free()
	low := worker.Do(fill, part{a, 0, 500}, worker.As(worker.Process))
	high := worker.Do(fill, part{a, 500, 1000}, worker.As(worker.Process))
	_, _ = low.Wait()
	_, _ = high.Wait()
	fmt.Println(a.Slice()[1], a.Slice()[999])
	// Output: 0.5 499.5
}
