package worker_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"course/runner/worker"
)

func init() {
	worker.Register(produce, consume, relay, answerRequests, introduce, putBack, closeQueue)
}

// A parcel tells where it comes from, and whether it is whole.
type parcel struct {
	From, Number int
	Sum          uint32
	Content      []byte
}

func newParcel(from, number, size int) parcel {
	p := parcel{From: from, Number: number, Content: make([]byte, size)}
	for i := range p.Content {
		p.Content[i] = byte(number + i*from)
	}
	p.Sum = crc32.ChecksumIEEE(p.Content)
	return p
}

func (p parcel) whole() bool { return p.Sum == crc32.ChecksumIEEE(p.Content) }

type production struct {
	Into     *worker.Queue[parcel]
	From     int
	Parcels  int
	MostSize int
}

// produce puts parcels, small and large.
func produce(p production) error {
	for n := range p.Parcels {
		if err := p.Into.Put(newParcel(p.From, n, n*37%(p.MostSize+1))); err != nil {
			return err
		}
	}
	return nil
}

type receipt struct{ From, Number int }

// consume gets parcels until there are no more.
func consume(q *worker.Queue[parcel]) ([]receipt, error) {
	var got []receipt
	for p := range q.All() {
		if !p.whole() {
			return got, fmt.Errorf("parcel %d of %d is damaged", p.Number, p.From)
		}
		got = append(got, receipt{p.From, p.Number})
	}
	return got, nil
}

// checkReceipts says whether each parcel was got once, and by each consumer in the order in which it was put.
func checkReceipts(t *testing.T, got [][]receipt, producers, parcels int) {
	t.Helper()
	count := make(map[receipt]int)
	for _, receipts := range got {
		last := make(map[int]int)
		for _, r := range receipts {
			count[r]++
			if before, ok := last[r.From]; ok && before >= r.Number {
				t.Errorf("parcel %d of %d came after %d", r.Number, r.From, before)
			}
			last[r.From] = r.Number
		}
	}
	for from := range producers {
		for number := range parcels {
			if n := count[receipt{from, number}]; n != 1 {
				t.Errorf("parcel %d of %d was got %d times", number, from, n)
			}
		}
	}
}

// parallelModes are those in which workers run at once, and a mixture of them.
var parallelModes = map[string][]worker.Mode{
	"goroutine": {worker.Goroutine},
	"thread":    {worker.Thread},
	"process":   {worker.Process},
	"mixed":     {worker.Process, worker.Thread, worker.Goroutine},
}

func TestQueueKeepsAllInOrder(t *testing.T) {
	const producers, consumers, parcels = 3, 3, 300
	for name, mix := range parallelModes {
		for _, capacity := range []int{1, 3, 64} {
			t.Run(fmt.Sprint(name, " ", capacity), func(t *testing.T) {
				q := worker.NewQueue[parcel](capacity)
				var sending []*worker.Worker[struct{}]
				var getting []*worker.Worker[[]receipt]
				for i := range consumers {
					getting = append(getting, worker.Try(consume, q, worker.As(mix[i%len(mix)])))
				}
				for i := range producers {
					w := worker.Try(produceAndSay, production{q, i, parcels, 200}, worker.As(mix[(i+1)%len(mix)]))
					sending = append(sending, w)
				}
				for _, w := range sending {
					if _, err := w.Wait(); err != nil {
						t.Error(err)
					}
				}
				q.Close()
				got := make([][]receipt, consumers)
				for i, w := range getting {
					var err error
					if got[i], err = w.Wait(); err != nil {
						t.Error(err)
					}
				}
				checkReceipts(t, got, producers, parcels)
				if q.Len() != 0 || q.Cap() != capacity {
					t.Errorf("Len %d, Cap %d", q.Len(), q.Cap())
				}
			})
		}
	}
}

func produceAndSay(p production) (struct{}, error) { return struct{}{}, produce(p) }

func TestQueueInOneGoroutine(t *testing.T) {
	for _, sent := range []bool{false, true} {
		t.Run(fmt.Sprint("sent ", sent), func(t *testing.T) {
			q := worker.NewQueue[string](3)
			if sent {
				toProcess(t, q)
			}
			if _, got, err := q.TryGet(); got || err != nil {
				t.Errorf("TryGet of an empty queue: %v, %v", got, err)
			}
			long := strings.Repeat("long ", 1000)
			for _, s := range []string{"", "b", long} {
				if put, err := q.TryPut(s); !put || err != nil {
					t.Errorf("TryPut: %v, %v", put, err)
				}
			}
			if put, err := q.TryPut("d"); put || err != nil || q.Len() != 3 {
				t.Errorf("TryPut into a full queue: %v, %v", put, err)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			cause := errors.New("no time")
			cancel(cause)
			if err := q.PutContext(ctx, "e"); !errors.Is(err, cause) {
				t.Errorf("PutContext: %v", err)
			}
			if s, err := q.GetContext(ctx); s != "" || err != nil {
				t.Errorf("GetContext where something is there: %q, %v", s, err)
			}
			q.Close()
			q.Close()
			if err := q.Put("f"); !errors.Is(err, worker.ErrClosed) {
				t.Errorf("Put after Close: %v", err)
			}
			if _, err := q.TryPut("f"); !errors.Is(err, worker.ErrClosed) {
				t.Errorf("TryPut after Close: %v", err)
			}
			if got := slices.Collect(q.All()); !slices.Equal(got, []string{"b", long}) {
				t.Errorf("what was left: %q", got)
			}
			if _, got, err := q.TryGet(); got || !errors.Is(err, worker.ErrClosed) {
				t.Errorf("TryGet after all: %v, %v", got, err)
			}
			if _, err := q.GetContext(ctx); !errors.Is(err, worker.ErrClosed) {
				t.Errorf("GetContext after all: %v", err)
			}
		})
	}
}

// toProcess has q encode from now on.
func toProcess[T any](t *testing.T, q *worker.Queue[T]) {
	t.Helper()
	if err := worker.Encodes(q); err != nil {
		t.Fatal(err)
	}
}

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
			return worker.UnitsInUse() == before
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
