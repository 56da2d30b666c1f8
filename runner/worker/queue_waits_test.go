package worker_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"course/runner/worker"
)

// A queue is sent while goroutines put and get: nothing is lost or doubled.
func TestQueueIsSentWhileItIsUsed(t *testing.T) {
	for round := range 20 {
		q := worker.NewQueue[parcel](1 + round)
		var producers, consumers sync.WaitGroup
		got := make([][]receipt, 3)
		for i := range got {
			consumers.Go(func() { got[i], _ = consume(q) })
			producers.Go(func() { _ = produce(production{q, i, 200, 100}) })
		}
		for range round {
			_ = q.Len()
		}
		toProcess(t, q)
		producers.Wait()
		q.Close()
		consumers.Wait()
		checkReceipts(t, got, len(got), 200)
	}
}

func TestCloseWakesAll(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		empty, full := worker.NewQueue[parcel](1), worker.NewQueue[parcel](1)
		_ = full.Put(newParcel(1, 1, 1))
		var workers []*worker.Worker[error]
		for range 3 {
			workers = append(workers,
				worker.Start(getError, empty, as), worker.Start(putError, full, as))
		}
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond) // some wait, some come later
		if _, err := worker.Do(closeQueue, full, as).Wait(); err != nil {
			t.Error(err)
		}
		empty.Close()
		for _, w := range workers {
			if got, err := w.Wait(); err != nil || got == nil || got.Error() != worker.ErrClosed.Error() {
				t.Errorf("%v, %v", got, err)
			}
		}
		if p, err := full.Get(); p.Number != 1 || err != nil {
			t.Errorf("what was in the closed queue: %v, %v", p, err)
		}
	})
}

func init() { worker.Register(getError, putError) }

func closeQueue(q *worker.Queue[parcel]) { q.Close() }

func getError(q *worker.Queue[parcel]) error {
	_, err := q.Get()
	return err
}

func putError(q *worker.Queue[parcel]) error { return q.Put(parcel{}) }

// Who gives up waiting costs no others what comes.
func TestQueueWithLittlePatience(t *testing.T) {
	for _, sent := range []bool{false, true} {
		q := worker.NewQueue[int](2)
		if sent {
			toProcess(t, q)
		}
		const each = 300
		var group sync.WaitGroup
		sums := make([]int, 4)
		for i := range sums {
			group.Go(func() {
				for put := 0; put < each; {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(100))*time.Microsecond)
					if q.PutContext(ctx, 1) == nil {
						put++
					}
					cancel()
				}
			})
			group.Go(func() {
				for got := 0; got < each; {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(100))*time.Microsecond)
					if n, err := q.GetContext(ctx); err == nil {
						got++
						sums[i] += n
					}
					cancel()
				}
			})
		}
		group.Wait()
		for _, sum := range sums {
			if sum != each {
				t.Errorf("sums are %v", sums)
			}
		}
	}
}

func TestQueueTellsTheRaceDetectorOfHandOvers(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		if strings.HasSuffix(t.Name(), "process") {
			t.Skip("no memory is shared")
		}
		for _, sent := range []bool{false, true} {
			q, back := worker.NewQueue[int](2), worker.NewQueue[*int](2)
			if sent {
				toProcess(t, q)
			}
			n := 0 // belongs to who got last
			w := worker.Do(func(q *worker.Queue[int]) {
				for range q.All() {
					n++
					_ = back.Put(&n)
				}
				back.Close()
			}, q, as)
			for range 100 {
				n++
				_ = q.Put(1)
				p, _ := back.Get()
				*p++
			}
			q.Close()
			if _, err := w.Wait(); err != nil || n != 300 {
				t.Error(n, err)
			}
		}
	})
}

func init() {
	programs["waits for a queue"] = func() {
		_, _ = worker.Start(waitForAll, worker.NewQueue[string](1)).Wait()
	}
	programs["waits for room"] = func() {
		q := worker.NewQueue[string](1, worker.Named("letter box"))
		_ = q.Put("a")
		_, _ = worker.Start(putSecond, q).Wait()
	}
	programs["waits for a pipe"] = func() {
		a, b := worker.NewPipe[string]()
		_, _ = worker.Start(receive, a).Wait()
		_, _ = b.Recv()
	}
	worker.Register(waitForAll, receive)
}

func waitForAll(q *worker.Queue[string]) int { return len(slices.Collect(q.All())) }

func receive(p *worker.Pipe[string]) (s string) {
	s, _ = p.Recv()
	return s
}

func TestDeadlocksOverQueuesAreNamed(t *testing.T) {
	for program, want := range map[string]string{
		"waits for a queue": "worker 1 waits for something in queue 1",
		"waits for room":    "worker 1 waits for room in letter box",
		"waits for a pipe":  "worker 1 waits for something in pipe 1",
	} {
		for _, mode := range []worker.Mode{worker.Goroutine, worker.Thread} {
			cmd := start(t, program, mode)
			out, err := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != worker.DeadlockStatus || !strings.Contains(string(out), want) {
				t.Errorf("%s, %s: %v\n%s", program, mode, err, out)
			}
		}
	}
}
