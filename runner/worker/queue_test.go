package worker_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

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
