//go:build !race

package worker_test

import (
	"fmt"

	"course/runner/worker"
)

func init() { worker.Register(fillHalf) }

type half struct {
	Array    *worker.SharedArray[float64]
	From, To int
}

func fillHalf(h half) {
	numbers := h.Array.Slice()
	for i := h.From; i < h.To; i++ {
		numbers[i] = float64(i) / 2
	}
}

// Each process writes its part, and nothing is copied. (With the race detector the array lies elsewhere: see SharedArray.)
func ExampleSharedArray() {
	a := worker.NewSharedArray[float64](1000)
	defer a.Free()
	low := worker.Do(fillHalf, half{a, 0, 500}, worker.As(worker.Process))
	high := worker.Do(fillHalf, half{a, 500, 1000}, worker.As(worker.Process))
	_, _ = low.Wait()
	_, _ = high.Wait()
	fmt.Println(a.Slice()[1], a.Slice()[999])
	// Output: 0.5 499.5
}
