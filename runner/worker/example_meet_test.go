package worker_test

import (
	"errors"
	"fmt"
	"slices"

	"course/runner/worker"
)

func init() { worker.Register(runRace, comeTogether) }

type track struct{ Start *worker.Event }

func runRace(t track) string {
	t.Start.Wait()
	return "off"
}

// One event, and all who wait for it go on.
func ExampleEvent() {
	t := track{worker.NewEvent()}
	a := worker.Start(runRace, t, worker.As(worker.Thread))
	b := worker.Start(runRace, t, worker.As(worker.Process))
	t.Start.Set()
	fmt.Println(a.Wait())
	fmt.Println(b.Wait())
	// Output:
	// off <nil>
	// off <nil>
}

func comeTogether(b *worker.Barrier) (int, error) { return b.Wait() }

// Nobody goes on until all have come. The index says who was first.
func ExampleBarrier() {
	b := worker.NewBarrier(3)
	first := worker.Try(comeTogether, b, worker.As(worker.Process))
	second := worker.Try(comeTogether, b, worker.As(worker.Process))
	mine, err := b.Wait()
	one, err1 := first.Wait()
	two, err2 := second.Wait()
	all := []int{mine, one, two}
	slices.Sort(all)
	fmt.Println(all, errors.Join(err, err1, err2))
	// Output: [0 1 2] <nil>
}

// Where one is not coming, who waits is told.
func ExampleBrokenError() {
	b := worker.NewBarrier(2, worker.Named("the meeting"))
	w := worker.Try(comeTogether, b, worker.As(worker.Thread))
	b.Abort()
	_, err := w.Wait()
	if broken, ok := errors.AsType[*worker.BrokenError](err); ok {
		fmt.Println(broken)
	}
	fmt.Println(b.Broken())
	// Output:
	// the meeting is broken: it was aborted
	// true
}
