package worker_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(march, marchImpatiently, meet, meetOften) }

// A step is made by all, or by none.
type steps struct {
	Barrier *worker.Barrier
	Made    *worker.Shared[int]
	Wrong   *worker.Shared[int]
	Times   int
}

// march makes steps with the others.
func march(s steps) {
	parties := s.Barrier.Parties()
	for i := range s.Times {
		s.Made.Add(1)
		first, err := s.Barrier.Wait()
		if err != nil || s.Made.Load() != (i+1)*parties {
			s.Wrong.Add(1)
		}
		second, err := s.Barrier.Wait() // until all have looked
		if err != nil || min(first, second) < 0 || max(first, second) >= parties {
			s.Wrong.Add(1)
		}
	}
}

func TestBarrierKeepsStep(t *testing.T) {
	newSteps := func() steps { return steps{worker.NewBarrier(8), worker.NewShared(0), worker.NewShared(0), 100} }
	eachWay(t, march, newSteps, func(t *testing.T, s steps) {
		if s.Wrong.Load() != 0 || s.Made.Load() != 8*100 || s.Barrier.Waiting() != 0 || s.Barrier.Broken() {
			t.Errorf("%d wrong, %d steps, %d waiting, broken: %v", s.Wrong.Load(), s.Made.Load(), s.Barrier.Waiting(), s.Barrier.Broken())
		}
	})
}

// marchImpatiently breaks the barrier and mends it, again and again.
func marchImpatiently(s steps) {
	for s.Made.Load() < s.Times {
		ctx, cancel := context.WithTimeout(context.Background(), rand.N(200*time.Microsecond))
		index, err := s.Barrier.WaitContext(ctx)
		cancel()
		_, broken := errors.AsType[*worker.BrokenError](err)
		switch {
		case err == nil && index == 0:
			s.Made.Add(1)
		case err != nil && !broken && !errors.Is(err, context.DeadlineExceeded):
			s.Wrong.Add(1)
		case err != nil:
			s.Barrier.Reset()
		}
	}
	s.Barrier.Abort()
}

// More workers than parties.
func TestBarrierWithLittlePatience(t *testing.T) {
	newSteps := func() steps { return steps{worker.NewBarrier(3), worker.NewShared(0), worker.NewShared(0), 100} }
	eachWay(t, marchImpatiently, newSteps, func(t *testing.T, s steps) {
		if s.Wrong.Load() != 0 || s.Barrier.Waiting() != 0 {
			t.Errorf("%d wrong, %d waiting", s.Wrong.Load(), s.Barrier.Waiting())
		}
	})
}

// meet returns the index, or an error's text.
func meet(b *worker.Barrier) (int, error) { return b.Wait() }

// gather has n workers wait at b.
func gather(b *worker.Barrier, n int, options ...worker.Option) (workers []*worker.Worker[int]) {
	for range n {
		before := b.Waiting()
		workers = append(workers, worker.Try(meet, b, options...))
		worker.Eventually(func() bool { return b.Waiting() == before+1 })
	}
	return workers
}

func TestBarrierIndex(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		b := worker.NewBarrier(4)
		for range 3 {
			workers := gather(b, 3, as)
			got := []int{0, 0, 0, 0}
			var err error
			if got[3], err = b.Wait(); err != nil {
				t.Error(err)
			}
			for i, w := range workers {
				if got[i], err = w.Wait(); err != nil {
					t.Error(err)
				}
			}
			if !slices.Equal(got, []int{0, 1, 2, 3}) {
				t.Errorf("indices in order of arrival: %d", got)
			}
		}
	})
}

func TestBrokenBarrier(t *testing.T) {
	for name, test := range map[string]struct {
		how    func(b *worker.Barrier)
		want   string
		broken bool
	}{
		"Abort": {(*worker.Barrier).Abort, "the gate is broken: it was aborted", true},
		"Reset": {(*worker.Barrier).Reset, "the gate is broken: it was reset while workers waited", false},
		"context": {func(b *worker.Barrier) {
			if _, err := b.WaitContext(ended(t)); !errors.Is(err, errNoPatience) {
				t.Error(err)
			}
		}, "the gate is broken: one of those who waited gave up", true},
		"death": {func(b *worker.Barrier) {
			w := gather(b, 1, worker.As(worker.Process), worker.Named("victim"))[0]
			_ = w.Kill()
			_, _ = w.Wait()
		}, "the gate is broken: victim (process ", true},
	} {
		t.Run(name, func(t *testing.T) {
			everyParallelMode(t, func(t *testing.T, as worker.Option) {
				b := worker.NewBarrier(4, worker.Named("the gate"))
				workers := gather(b, 2, as)
				test.how(b)
				for _, w := range workers {
					if _, err := w.Wait(); err == nil || !strings.HasPrefix(err.Error(), test.want) {
						t.Errorf("%v", err)
					}
				}
				if b.Broken() != test.broken || b.Waiting() != 0 {
					t.Errorf("broken: %v, %d waiting", b.Broken(), b.Waiting())
				}
				if test.broken {
					_, err := b.Wait()
					if _, ok := errors.AsType[*worker.BrokenError](err); !ok || !strings.HasPrefix(err.Error(), test.want) {
						t.Errorf("who comes later: %v", err)
					}
					b.Reset()
				}
				workers = gather(b, 3, as)
				if i, err := b.Wait(); i != 3 || err != nil {
					t.Errorf("as good as new: %d, %v", i, err)
				}
				waitAll(t, workers)
			})
		})
	}
}

func TestBarrierTellsWhoDied(t *testing.T) {
	b := worker.NewBarrier(3)
	w := gather(b, 1, worker.As(worker.Process))[0]
	_ = w.Kill()
	_, err := b.Wait()
	death, ok := errors.AsType[*worker.AbandonedError](err)
	if !ok || death.Worker != w.Name() || death.Pid != w.Pid() {
		t.Errorf("%v", err)
	}
	_, _ = w.Wait()
}

func meetOften(b *worker.Barrier) {
	for {
		if _, err := b.Wait(); err != nil {
			return
		}
	}
}

// A worker is killed at any moment of a round: the others never wait for it, once it is known.
func TestKilledAtABarrier(t *testing.T) {
	b := worker.NewBarrier(3)
	for range 20 {
		thread := worker.Do(meetOften, b, worker.As(worker.Thread))
		process := worker.Do(meetOften, b, worker.As(worker.Process))
		victim := worker.Do(meetOften, b, worker.As(worker.Process))
		worker.Eventually(func() bool { return b.Waiting() > 1 })
		time.Sleep(rand.N(2 * time.Millisecond))
		_ = victim.Kill()
		_, _ = victim.Wait()
		b.Abort() // else the others wait for one who died between two rounds
		_, _ = thread.Wait()
		if _, err := process.Wait(); err != nil {
			t.Error(err)
		}
		b.Reset()
		if b.Broken() || b.Waiting() != 0 {
			t.Fatalf("broken: %v, %d waiting", b.Broken(), b.Waiting())
		}
	}
}

func TestBarrierOfOne(t *testing.T) {
	b := worker.NewBarrier(1)
	for range 3 {
		if i, err := b.WaitContext(ended(t)); i != 0 || err != nil {
			t.Errorf("%d, %v", i, err)
		}
	}
	for _, parties := range []int{0, -1} {
		if panicOf(func() { worker.NewBarrier(parties) }) == "" {
			t.Errorf("a barrier for %d", parties)
		}
	}
}
