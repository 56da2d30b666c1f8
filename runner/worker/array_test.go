package worker_test

import (
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"course/runner/worker"
)

func init() { worker.Register(fill, count, sumUp, sumAndFree, freeAtOnce) }

type part struct {
	Array      *worker.SharedArray[int64]
	From, Till int
}

// fill adds to each number of a part its index.
func fill(p part) {
	s := p.Array.Slice()
	for i := p.From; i < p.Till; i++ {
		s[i] += int64(i)
	}
}

func count(a *worker.SharedArray[int64]) {
	s := a.Slice()
	for range 1000 {
		atomic.AddInt64(&s[0], 1)
	}
}

func sumUp(a *worker.SharedArray[int64]) (sum int64) {
	for _, n := range a.Slice() {
		sum += n
	}
	return sum
}

func sumAndFree(a *worker.SharedArray[int64]) int64 {
	defer a.Free()
	return sumUp(a)
}

func freeAtOnce(a *worker.SharedArray[int64]) int {
	a.Free()
	a.Free()
	return a.Len()
}

// whereArraysAreShared runs the test in a program where arrays are shared with processes, if they are not in this one.
func whereArraysAreShared(t *testing.T, test func(t *testing.T)) {
	if !worker.RaceDetector || worker.CurrentMode() == worker.Process {
		test(t)
		return
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "COURSE_MODE=process")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSharedArray(t *testing.T) {
	whereArraysAreShared(t, func(t *testing.T) {
		everyMode(t, func(t *testing.T, as worker.Option) {
			const n = 100_000
			a := worker.NewSharedArray[int64](n)
			if a.Len() != n || len(a.Slice()) != n || sumUp(a) != 0 {
				t.Errorf("%d numbers, %d in the slice", a.Len(), len(a.Slice()))
			}
			var workers []*worker.Worker[struct{}]
			for i := range 4 {
				workers = append(workers, worker.Do(fill, part{a, i * n / 4, (i + 1) * n / 4}, as))
			}
			waitAll(t, workers)
			if sum, err := worker.Start(sumUp, a, as).Wait(); err != nil || sum != n*(n-1)/2 || sum != sumUp(a) {
				t.Errorf("%d, %v", sum, err)
			}
			a.Free()
		})
	})
}

func TestSharedArrayAtomics(t *testing.T) {
	whereArraysAreShared(t, func(t *testing.T) {
		newArray := func() *worker.SharedArray[int64] { return worker.NewSharedArray[int64](1) }
		eachWay(t, count, newArray, func(t *testing.T, a *worker.SharedArray[int64]) {
			if n := a.Slice()[0]; n != 8*1000 {
				t.Errorf("8 workers counted to 1000: %d", n)
			}
		})
	})
}

// Free in one process takes nothing from another.
func TestFreeTakesNothingFromOthers(t *testing.T) {
	whereArraysAreShared(t, func(t *testing.T) {
		a := worker.NewSharedArray[int64](10_000)
		fill(part{a, 0, a.Len()})
		want := sumUp(a)
		if n, err := worker.Start(freeAtOnce, a, worker.As(worker.Process)).Wait(); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		w := worker.Start(sumAndFree, a, worker.As(worker.Process)) // it may get there after Free
		a.Free()
		for range 10 { // what would take the place
			b := worker.NewSharedArray[int64](10_000)
			if sumUp(b) != 0 {
				t.Error("a new array is not zero")
			}
			fill(part{b, 1, 2})
			defer b.Free()
		}
		if sum, err := w.Wait(); sum != want || err != nil {
			t.Errorf("%d, %v, want %d", sum, err, want)
		}
		const freed = "worker: use of a shared array after Free"
		if text := panicOf(func() { a.Slice() }); text != freed || a.Len() != 0 {
			t.Errorf("%q, length %d", text, a.Len())
		}
		if _, err := worker.Start(sumUp, a, worker.As(worker.Process)).Wait(); err == nil || !strings.Contains(err.Error(), "after Free") {
			t.Errorf("%v", err)
		}
	})
}

func TestSharedArraySizes(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 511, 512, 513} {
		a := worker.NewSharedArray[int8](n)
		if s := a.Slice(); len(s) != n || a.Len() != n {
			t.Errorf("%d numbers: %d, slice of %d", n, a.Len(), len(s))
		}
		a.Free()
	}
	if text := panicOf(func() { worker.NewSharedArray[int64](-1) }); text != "worker: make a shared array of -1 int64" {
		t.Errorf("%q", text)
	}
	whereArraysAreShared(t, func(t *testing.T) {
		for _, n := range []int{1 << 45, 1<<63 - 1} {
			if text := panicOf(func() { worker.NewSharedArray[int64](n) }); !strings.Contains(text, "bytes") {
				t.Errorf("%q", text)
			}
		}
	})
}
