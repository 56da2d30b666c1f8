package worker_test

import (
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(sumShared, sumSlice, lengthShared) }

const sharedBytes = 100e6

func sumShared(a *worker.SharedArray[float64]) float64 { return sumSlice(a.Slice()) }

func lengthShared(a *worker.SharedArray[float64]) int { return a.Len() }

func sumSlice(a []float64) (sum float64) {
	for _, x := range a {
		sum += x
	}
	return sum
}

// BenchmarkSharedArray gives 100 MB to a process, once it runs: "sum" has them summed up there, against the same as a slice,
// which is copied; "hand over" only has their number looked at, against an array of one.
func BenchmarkSharedArray(b *testing.B) {
	a := worker.NewSharedArray[float64](sharedBytes / 8)
	for i := range a.Slice() {
		a.Slice()[i] = 1
	}
	slice := make([]float64, a.Len())
	copy(slice, a.Slice())
	b.Run("sum", func(b *testing.B) {
		p := worker.NewPool(sumShared, worker.Workers(1), worker.As(worker.Process))
		q := worker.NewPool(sumSlice, worker.Workers(1), worker.As(worker.Process))
		defer closePools(b, p.Close, q.Close)
		versus(b, 1,
			func() { expectResult(b, float64(a.Len()))(p.Submit(a).Wait()) },
			func() { expectResult(b, float64(a.Len()))(q.Submit(slice).Wait()) })
	})
	b.Run("hand over", func(b *testing.B) {
		p := worker.NewPool(lengthShared, worker.Workers(1), worker.As(worker.Process))
		defer closePools(b, p.Close)
		one := worker.NewSharedArray[float64](1)
		versus(b, 100,
			func() { expectResult(b, a.Len())(p.Submit(a).Wait()) },
			func() { expectResult(b, 1)(p.Submit(one).Wait()) })
	})
}

func closePools(b *testing.B, closes ...func() error) {
	for _, c := range closes {
		if err := c(); err != nil {
			b.Error(err)
		}
	}
}

// expectResult returns a function that ends b unless it is given want.
func expectResult[T worker.Number](b *testing.B, want T) func(T, error) {
	return func(got T, err error) {
		if err != nil || got != want {
			b.Fatalf("%v, want %v: %v", got, want, err)
		}
	}
}
