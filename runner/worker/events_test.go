package worker

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// listening has this process report to a log of its own until the test ends.
func listening(tb testing.TB) *eventLog {
	tb.Helper()
	memory := make([]uint64, logSize/8)
	before := events
	events = newLog(unsafe.Slice((*byte)(unsafe.Pointer(&memory[0])), logSize), nil)
	tb.Cleanup(func() { events = before })
	setClock()
	return events
}

// kinds returns the kinds of the records that are reserved.
func (l *eventLog) kinds() (kinds []eventKind) {
	for i := range l.next.Load() {
		kinds = append(kinds, eventKind(l.records[i].head.Load()))
	}
	return kinds
}

func TestWaitingIsOfTheWorkerWhoWaited(t *testing.T) {
	log := listening(t)
	itself.waited("lock 1", now()) // here is no worker
	w := Start(func(int) int64 {
		from := now()
		me().waited(strings.Repeat("lock 1 ", 10), from)
		return from
	}, 0, As(Thread))
	from, err := w.Wait()
	if got, want := log.kinds(), []eventKind{eventAsked, eventBegan, eventWaited, eventText, eventEnded, eventJoined}; err != nil || !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	r := &log.records[2]
	number, to, since := r.number, r.time, r.more
	if number != w.number || since != from || to < from || to > now() {
		t.Errorf("worker %d waited from %d to %d", number, since, to)
	}
	if head, want := r.head.Load(), uint64(eventWaited)|maxName<<8|uint64(pid)<<32; head != want { // the name is cut
		t.Errorf("head %x, want %x", head, want)
	}
}

// What is held long enough is slept on.
func TestSleepsAreReported(t *testing.T) {
	for _, mode := range []Mode{Goroutine, Thread} {
		t.Run(string(mode), func(t *testing.T) {
			log := listening(t)
			l := NewLock(Named("the lock"))
			for !slices.Contains(log.kinds(), eventWaited) { // it may find the lock free after all
				l.Lock()
				w := Do(func(l *Lock) { l.Lock(); l.Unlock() }, l, As(mode)) //nolint:staticcheck // nothing is to be done in between
				for asleep.Load() == 0 {
					runtime.Gosched()
				}
				l.Unlock()
				if _, err := w.Wait(); err != nil {
					t.Fatal(err)
				}
			}
			i := slices.Index(log.kinds(), eventWaited)
			if name := string(log.records[i].text[:len("the lock")]); name != "the lock" {
				t.Errorf("it waited on %q", name)
			}
		})
	}
}

func TestWhatNobodyHearsIsNotSaid(t *testing.T) {
	if from := now(); from != 0 {
		t.Fatalf("nobody listens, and it is %d", from)
	}
	log := listening(t)
	_, err := Start(func(int) int { me().waited("lock 1", 0); return 0 }, 0, As(Thread)).Wait() // it slept before somebody listened
	if got, want := log.kinds(), []eventKind{eventAsked, eventBegan, eventEnded, eventJoined}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAFullLogCountsWhatItLoses(t *testing.T) {
	log := listening(t)
	log.next.Store(logCapacity - 2)
	id := workerID{pid, 1}
	log.add(eventBegan, id, 1, 2)
	log.addNamed(eventAsked, id, 1, 2, strings.Repeat("a", maxName), strings.Repeat("b", maxName)) // of which one record would have found room
	log.add(eventBegan, id, 1, 2)
	if lost, last := log.dropped.Load(), log.records[logCapacity-1].head.Load(); lost != 2 || last != 0 {
		t.Errorf("%d events were lost, want 2; at the end is %x", lost, last)
	}
}

// BenchmarkEvent is one event, its time included: where somebody listens, in memory that was written to
// before (the first event in a page of it takes 2 to 3 µs more); its time alone; and where nobody listens.
func BenchmarkEvent(b *testing.B) {
	id := workerID{pid, 1}
	b.Run("heard", func(b *testing.B) {
		log := listening(b)
		for b.Loop() {
			report(eventBegan, id, now(), pid)
			if log.next.Load() == logCapacity {
				log.next.Store(0)
			}
		}
	})
	b.Run("clock", func(b *testing.B) {
		listening(b)
		for b.Loop() {
			now()
		}
	})
	b.Run("unheard", func(b *testing.B) {
		for b.Loop() {
			report(eventBegan, id, now(), pid)
		}
	})
}
