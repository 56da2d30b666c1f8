package worker

import (
	"context"
	"sync"
	"sync/atomic"
)

// A parkingLot is where goroutines of one process sleep, by the object for which they wait: what the
// kernel's futexes are to threads.
type parkingLot [64]struct {
	sync.Mutex
	parked []*parked // in the order in which they came
	number atomic.Int32
}

// parking is this process's.
var parking parkingLot

// A parked goroutine sleeps on a word of an object.
type parked struct {
	object *object
	word   *word
	wake   chan struct{} // closed to wake it
}

func (l *parkingLot) bucket(o *object) int { return int(offsetOf(o)/unit/2) % len(l) }

// park sleeps while w, a word of o, is value, until it is woken or ctx is done. It does
// not sleep if refused, which may be nil, returns true. It reports whether it slept.
func (l *parkingLot) park(ctx context.Context, o *object, w *word, value uint32, refused func() bool) (slept bool) {
	b := &l[l.bucket(o)]
	b.Lock()
	b.number.Add(1) // before w is read: whoever changes it looks here afterwards
	if w.Load() != value || refused != nil && refused() {
		b.number.Add(-1)
		b.Unlock()
		return false
	}
	p := &parked{o, w, make(chan struct{})}
	b.parked = append(b.parked, p)
	b.Unlock()
	if ctx.Done() == nil { // a select takes longer
		<-p.wake
		return true
	}
	select {
	case <-p.wake:
	case <-ctx.Done():
		l.take(o, 1, func(q *parked) bool { return q == p })
	}
	return true
}

// wake wakes up to n of those who sleep on w, a word of o, and returns how many.
func (l *parkingLot) wake(o *object, w *word, n int) int {
	return l.take(o, n, func(p *parked) bool { return p.word == w })
}

// wakeAll wakes all who sleep on any word of o.
func (l *parkingLot) wakeAll(o *object) {
	l.take(o, everyone, func(p *parked) bool { return p.object == o })
}

func (l *parkingLot) take(o *object, n int, which func(*parked) bool) (taken int) {
	b := &l[l.bucket(o)]
	if b.number.Load() == 0 {
		return 0
	}
	b.Lock()
	defer b.Unlock()
	rest := b.parked[:0]
	for _, p := range b.parked {
		if taken < n && which(p) {
			close(p.wake)
			taken++
			continue
		}
		rest = append(rest, p)
	}
	clear(b.parked[len(rest):])
	b.parked = rest
	b.number.Add(int32(-taken))
	return taken
}
