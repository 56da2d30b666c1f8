package worker_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"course/runner/worker"
)

// What holds of all that workers wait for, in every mode, and by -tags portable without futexes.

func init() { worker.Register(fetch, giveUp) }

// slow says that what is left to chance is to be tried more often.
var slow = os.Getenv("COURSE_SLOW") != ""

// An errand is to take some of a stock.
type errand struct {
	Stock    stock
	Times    int
	Patience time.Duration // at most, for each wait; 0 where the wait has no end
	Taken    *worker.Shared[int]
}

// fetch takes as many as it is told to, however often it gives up in between.
func fetch(e errand) error {
	for n := 0; n < e.Times; {
		ctx, cancel := context.Background(), func() {}
		if e.Patience > 0 {
			ctx, cancel = context.WithTimeoutCause(ctx, rand.N(e.Patience), errNoPatience)
		}
		err := e.Stock.take(ctx)
		cancel()
		switch {
		case err == nil:
			e.Taken.Add(1)
			n++
		case !errors.Is(err, errNoPatience):
			return err
		}
	}
	return nil
}

// giveUp waits for what does not come, and returns an error where that ends otherwise than by its context.
func giveUp(s stock) error {
	for _, patience := range []time.Duration{0, 5 * time.Millisecond} {
		ctx, cancel := context.WithTimeoutCause(context.Background(), patience, errNoPatience)
		err := s.take(ctx)
		cancel()
		if !errors.Is(err, errNoPatience) {
			return fmt.Errorf("with patience for %v: %w", patience, err)
		}
	}
	return nil
}

func eachWare(t *testing.T, test func(t *testing.T, w ware)) {
	for _, name := range wareNames() {
		t.Run(name, func(t *testing.T) { test(t, wares[name]) })
	}
}

// eachWareAndMix is eachWare for workers of one mode, and of several.
func eachWareAndMix(t *testing.T, test func(t *testing.T, w ware, mix []worker.Mode)) {
	eachWare(t, func(t *testing.T, w ware) {
		for name, mix := range parallelModes {
			t.Run(name, func(t *testing.T) { test(t, w, mix) })
		}
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	eachWare(t, func(t *testing.T, w ware) {
		everyMode(t, func(t *testing.T, as worker.Option) {
			s, give := w.make()
			if failed, err := worker.Start(giveUp, s, as).Wait(); failed != nil || err != nil {
				t.Errorf("%v, %v", failed, err)
			}
			if w.left != nil && w.left(s) != 0 {
				t.Errorf("%d are there that nobody gave", w.left(s))
			}
			taken := worker.NewShared(0)
			fetching := worker.Start(fetch, errand{s, 1, 0, taken}, worker.As(worker.Thread))
			serve(w, give, 1, fetching)
			if failed, err := fetching.Wait(); failed != nil || err != nil || taken.Load() != 1 {
				t.Errorf("afterwards: %v, %v, %d taken", failed, err, taken.Load())
			}
		})
	})
}

// serve gives as many as are wanted, or as long as workers are busy where what is given is not taken by one alone.
func serve(w ware, give func(), wanted int, workers ...*worker.Worker[error]) {
	if !w.free {
		for range wanted {
			give()
		}
		return
	}
	for slices.ContainsFunc(workers, (*worker.Worker[error]).Alive) {
		give()
		time.Sleep(rand.N(100 * time.Microsecond))
	}
}

// A wake-up that is lost has one of the patient ones sleep for ever.
func TestNothingIsLostToThoseWhoGiveUp(t *testing.T) {
	times := 50
	if slow {
		times = 1000
	}
	eachWareAndMix(t, func(t *testing.T, w ware, mix []worker.Mode) {
		s, give := w.make()
		taken := worker.NewShared(0)
		var workers []*worker.Worker[error]
		for i := range 4 {
			patience := time.Duration(i%2) * 200 * time.Microsecond
			workers = append(workers, worker.Start(fetch, errand{s, times, patience, taken}, worker.As(mix[i%len(mix)])))
		}
		serve(w, give, 4*times, workers...)
		for _, w := range workers {
			if failed, err := w.Wait(); failed != nil || err != nil {
				t.Errorf("%v, %v", failed, err)
			}
		}
		if taken.Load() != 4*times || w.left != nil && w.left(s) != 0 {
			t.Errorf("%d times 4 were given, and %d taken", times, taken.Load())
		}
	})
}

// One of those who wait is killed at the moment when something is given: it dies with that at most.
func TestNothingIsLostToTheDead(t *testing.T) {
	rounds := 1
	if slow {
		rounds = 20
	}
	eachWareAndMix(t, func(t *testing.T, w ware, mix []worker.Mode) {
		for range rounds {
			outlive(t, w, mix)
		}
	})
}

func outlive(t *testing.T, w ware, mix []worker.Mode) {
	s, give := w.make()
	taken, takenByVictim := worker.NewShared(0), worker.NewShared(0)
	before := worker.Asleep()
	wait := func(taken *worker.Shared[int], mode worker.Mode) *worker.Worker[error] {
		already := worker.Asleep()
		w := worker.Start(fetch, errand{s, 1, 0, taken}, worker.As(mode))
		if s.Barrier == nil { // of which two do not wait long
			worker.Eventually(func() bool { return worker.Asleep() > already })
		}
		return w
	}
	victim := wait(takenByVictim, worker.Process)
	others := []*worker.Worker[error]{wait(taken, mix[0]), wait(taken, mix[len(mix)-1])}
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		time.Sleep(rand.N(200 * time.Microsecond))
		_ = victim.Kill()
	}()
	give()
	<-killed
	_, _ = victim.Wait()
	for given := 1; slices.ContainsFunc(others, (*worker.Worker[error]).Alive); {
		if there := !w.free && (w.left != nil && w.left(s) > 0 || given-taken.Load() > 1); !there {
			give()
			given++
		}
		s.mend()
		time.Sleep(100 * time.Microsecond)
	}
	for _, w := range others {
		if failed, err := w.Wait(); failed != nil || err != nil {
			t.Errorf("%v, %v", failed, err)
		}
	}
	if after := worker.Asleep(); after != before {
		t.Errorf("%d sleep still", after-before)
	}
}
