package worker_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"course/runner/worker"
)

func init() { worker.Register(produceForever, consumeForever, dieIn, getOne, putSecond) }

type deadly struct {
	Queue *worker.Queue[string]
	Phase worker.Phase
	Value string
}

func dieIn(d deadly) { worker.DieIn(d.Queue, d.Phase, d.Value) }

func getOne(q *worker.Queue[string]) (string, error) { return q.Get() }

// In whatever phase somebody is killed, the others go on, and lose nothing but what he was about.
func TestDeathInsideAQueue(t *testing.T) {
	want := map[worker.Phase][]string{
		worker.PutBegun:     {"first", "second"},
		worker.PutWritten:   {"first", "second"},
		worker.PutPublished: {"first", "last words", "second"},
		worker.GetBegun:     {"first", "second"},
		worker.GetPublished: {"second"},
	}
	for phase := range worker.Phases {
		q := worker.NewQueue[string](2)
		_ = q.Put("first")
		dying := worker.Do(dieIn, deadly{q, phase, "last words"}, worker.As(worker.Process))
		if phase%2 == 0 { // some come before it is known that somebody died, some after
			_, _ = dying.Wait()
		}
		putting := worker.Start(putSecond, q, worker.As(worker.Thread))
		for _, want := range want[phase] {
			if got, err := worker.Try(getOne, q, worker.As(worker.Thread)).Wait(); got != want || err != nil {
				t.Errorf("phase %d: got %q, %v, want %q", phase, got, err, want)
			}
			if phase%2 != 0 && want == "first" {
				_, _ = dying.Wait()
			}
		}
		if err, _ := putting.Wait(); err != nil {
			t.Error(err)
		}
		_, _ = dying.Wait()
	}
}

func putSecond(q *worker.Queue[string]) error { return q.Put("second") }

// He who was woken for a value may be dead.
func TestDeathOfASleepingGetter(t *testing.T) {
	for range 10 {
		q := worker.NewQueue[string](2)
		victim := worker.Try(getOne, q, worker.As(worker.Process))
		other := worker.Try(getOne, q, worker.As(worker.Thread))
		worker.Eventually(func() bool { return worker.Sleepers(q) == 2 })
		go func() { _ = victim.Kill() }()
		_ = q.Put("a") // both, or one of them and the other's if that died with it
		_ = q.Put("b")
		if v, err := other.Wait(); v != "a" && v != "b" || err != nil {
			t.Errorf("%q, %v", v, err)
		}
		_, _ = victim.Wait()
	}
}

type endless struct {
	Queue    *worker.Queue[parcel]
	Receipts *worker.Queue[receipt]
	From     int
}

// produceForever puts parcels until the queue is closed.
func produceForever(e endless) {
	for n := 0; ; n++ {
		if e.Queue.Put(newParcel(e.From, n, rand.IntN(150))) != nil {
			return
		}
	}
}

func consumeForever(e endless) error {
	for p := range e.Queue.All() {
		if !p.whole() {
			return fmt.Errorf("parcel %d of %d is damaged", p.Number, p.From)
		}
		if err := e.Receipts.Put(receipt{p.From, p.Number}); err != nil {
			return err
		}
	}
	return nil
}

// Putters and getters are killed at any moment. Each getter takes at most one value with it.
func TestRandomDeathsAroundAQueue(t *testing.T) {
	kills := 20
	if os.Getenv("COURSE_SLOW") != "" {
		kills = 500
	}
	q, receipts := worker.NewQueue[parcel](4), worker.NewQueue[receipt](100)
	got := make(map[int][]int)
	var collecting sync.WaitGroup
	collecting.Go(func() {
		for r := range receipts.All() {
			got[r.From] = append(got[r.From], r.Number)
		}
	})
	producers := 0
	produce := func() *worker.Worker[struct{}] {
		producers++
		return worker.Do(produceForever, endless{q, receipts, producers - 1}, worker.As(worker.Process))
	}
	consume := func() *worker.Worker[error] {
		return worker.Start(consumeForever, endless{q, receipts, -1}, worker.As(worker.Process))
	}
	putters := []*worker.Worker[struct{}]{produce(), produce()}
	getters := []*worker.Worker[error]{consume(), consume()}
	lost := 0
	for i := range kills {
		before := receipts.Len()
		for receipts.Len() == before && q.Len() == before { // something goes on
			time.Sleep(time.Microsecond)
		}
		time.Sleep(time.Duration(rand.IntN(5000)) * time.Microsecond)
		if n := i / 2 % 2; i%2 == 0 {
			_ = putters[n].Kill()
			_, _ = putters[n].Wait()
			putters[n] = produce()
		} else {
			_ = getters[n].Kill()
			_, _ = getters[n].Wait()
			getters[n] = consume()
			lost++
		}
	}
	q.Close()
	for _, w := range putters {
		if _, err := w.Wait(); err != nil {
			t.Error(err)
		}
	}
	for _, w := range getters {
		if failure, err := w.Wait(); failure != nil || err != nil {
			t.Error(failure, err)
		}
	}
	receipts.Close()
	collecting.Wait()
	total := 0
	for from, numbers := range got {
		seen := make(map[int]bool)
		last := 0
		for _, n := range numbers {
			if seen[n] {
				t.Errorf("parcel %d of %d was got twice", n, from)
			}
			seen[n] = true
			last = max(last, n)
		}
		lost -= last + 1 - len(seen)
		total += len(seen)
	}
	if lost < 0 {
		t.Errorf("%d parcels are lost beyond one for each getter that was killed", -lost)
	}
	t.Logf("%d parcels", total)
}
