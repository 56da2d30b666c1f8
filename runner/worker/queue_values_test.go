package worker_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"course/runner/worker"
)

func TestQueueHandsOverWhatItGetsWithinAProcess(t *testing.T) {
	q := worker.NewQueue[chan int](1)
	c := make(chan int)
	_ = q.Put(c)
	if got, _ := q.Get(); got != c {
		t.Error("another channel came out")
	}
	_, err := worker.Do(sinkChannels, q, worker.As(worker.Process)).Wait()
	if refused, ok := errors.AsType[*worker.RefusedError](err); !ok || !strings.Contains(refused.Reason, "chan int") {
		t.Errorf("sent to a process: %v", err)
	}
}

func sinkChannels(*worker.Queue[chan int]) {}

func init() { worker.Register(sinkChannels, produceAndSay) }

func TestQueueEncodesWhatIsInItWhenItIsSent(t *testing.T) {
	q := worker.NewQueue[*ring](5)
	r := &ring{Value: 1}
	r.Next = r
	for range 2 {
		_ = q.Put(r)
	}
	if first, _ := q.Get(); first != r {
		t.Error("before the queue was sent there was a copy")
	}
	_ = q.Put(&ring{Value: 2})
	toProcess(t, q)
	for want := 1; want <= 2; want++ {
		if got, err := q.Get(); err != nil || got == r || got.Value != want || got.Next != nil && got.Next != got {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestQueuesOfQueues(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		requests := worker.NewQueue[request](4)
		w := worker.Do(answerRequests, requests, as)
		for i := range 10 {
			reply := worker.NewQueue[int](1)
			_ = requests.Put(request{i, reply})
			if n, err := reply.Get(); n != i*i || err != nil {
				t.Errorf("%d, %v", n, err)
			}
		}
		requests.Close()
		if _, err := w.Wait(); err != nil {
			t.Error(err)
		}
	})
}

type request struct {
	N     int
	Reply *worker.Queue[int]
}

func answerRequests(requests *worker.Queue[request]) {
	for r := range requests.All() {
		_ = r.Reply.Put(r.N * r.N)
	}
}

func everyParallelMode(t *testing.T, test func(t *testing.T, as worker.Option)) {
	for _, mode := range modes[1:] {
		t.Run(string(mode), func(t *testing.T) { test(t, worker.As(mode)) })
	}
}

// A queue that is in itself, and one of another that is in it.
type knot struct{ Queue *worker.Queue[knot] }

func TestQueuesInThemselves(t *testing.T) {
	a, b := worker.NewQueue[knot](4), worker.NewQueue[knot](4)
	_ = a.Put(knot{a})
	_ = a.Put(knot{b})
	_ = b.Put(knot{a})
	_ = b.Put(knot{nil})
	if _, err := worker.Do(putBack, a, worker.As(worker.Process)).Wait(); err != nil {
		t.Fatal(err)
	}
	want := []*worker.Queue[knot]{b, a}
	for i := range want {
		if k, err := a.Get(); k.Queue != want[i] || err != nil {
			t.Errorf("%d: %p, %v, want %p", i, k.Queue, err, want[i])
		}
	}
	if b.Len() != 2 {
		t.Errorf("the other queue has %d", b.Len())
	}
}

// putBack takes the first to the end.
func putBack(q *worker.Queue[knot]) {
	k, _ := q.Get()
	_ = q.Put(k)
}

// A queue that one worker made comes to another that already runs.
func TestQueueBetweenSiblings(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		way := worker.NewQueue[*worker.Queue[parcel]](1)
		to := worker.Try(relay, way, as)
		from := worker.Try(introduce, way, as)
		if _, err := from.Wait(); err != nil {
			t.Error(err)
		}
		got, err := to.Wait()
		if err != nil {
			t.Error(err)
		}
		checkReceipts(t, [][]receipt{got}, 1, 100)
	})
}

// introduce makes a queue, puts it on its way and then things into it.
func introduce(way *worker.Queue[*worker.Queue[parcel]]) (int, error) {
	q := worker.NewQueue[parcel](2)
	if err := q.Put(newParcel(0, 0, 0)); err != nil {
		return 0, err
	}
	if err := way.Put(q); err != nil {
		return 0, err
	}
	for n := 1; n < 100; n++ {
		if err := q.Put(newParcel(0, n, n)); err != nil {
			return n, err
		}
	}
	q.Close()
	return 100, nil
}

func relay(way *worker.Queue[*worker.Queue[parcel]]) ([]receipt, error) {
	q, err := way.Get()
	if err != nil {
		return nil, err
	}
	return consume(q)
}

func TestWhatAQueueCannotHold(t *testing.T) {
	for _, capacity := range []int{0, -1, 1<<30 + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a queue for %d values was made", capacity)
				}
			}()
			worker.NewQueue[int](capacity)
		}()
	}
	q := worker.NewQueue[fussy](3)
	toProcess(t, q)
	if err := q.Put("write"); !errors.Is(err, errFussy) || q.Len() != 0 {
		t.Errorf("a value that cannot be written: %v", err)
	}
	_ = q.Put("read")
	_ = q.Put("good")
	if _, err := q.Get(); !errors.Is(err, errFussy) {
		t.Errorf("a value that cannot be read: %v", err)
	}
	if v, err := q.Get(); v != "good" || err != nil {
		t.Errorf("the next: %v, %v", v, err)
	}
	_ = q.Put("read")
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, errFussy) {
			t.Errorf("All over a value that cannot be read panics with %v", err)
		}
	}()
	for range q.All() {
		t.Error("All has something")
	}
}

// A fussy value cannot be written or read, as it says.
type fussy string

var errFussy = errors.New("fussy")

func (f fussy) MarshalText() ([]byte, error) {
	if f == "write" {
		return nil, errFussy
	}
	return []byte(f), nil
}

func (f *fussy) UnmarshalText(b []byte) error {
	*f = fussy(b)
	if *f == "read" {
		return errFussy
	}
	return nil
}

func TestQueueThatCannotBeSentStaysAsItIs(t *testing.T) {
	q := worker.NewQueue[fussy](3)
	_ = q.Put("good")
	_ = q.Put("write")
	if err := worker.Encodes(q); !errors.Is(err, errFussy) {
		t.Errorf("sent with a value that cannot be written: %v", err)
	}
	for _, want := range []fussy{"good", "write"} {
		if v, err := q.Get(); v != want || err != nil {
			t.Errorf("%v, %v", v, err)
		}
	}
}

type answered struct {
	Content []byte
	Reply   *worker.Queue[string]
}

func init() {
	programs["drops queues"] = func() {
		before := worker.UnitsInUse()
		for range 100 {
			q, reply := worker.NewQueue[answered](8), worker.NewQueue[string](2)
			_ = q.Put(answered{make([]byte, 500), reply})
			_ = worker.Encodes(q)
			_ = reply.Put(strings.Repeat("long ", 100)) // all are blocks of less than a page, which would begin on a boundary
			for n := range 5 {
				_ = q.Put(answered{make([]byte, 400*n), reply})
			}
			_, _ = q.Get()
		}
		worker.Eventually(func() bool {
			runtime.GC()
			return worker.UnitsInUse() < before+100 // what tells of handles stays
		})
		fmt.Println("all was given back")
	}
}

func TestDroppedQueuesGiveBackTheirMemory(t *testing.T) {
	out, err := start(t, "drops queues", worker.Thread).CombinedOutput()
	if string(out) != "all was given back\n" || err != nil {
		t.Errorf("%s, %v", out, err)
	}
}
