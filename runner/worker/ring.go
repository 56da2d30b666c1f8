package worker

import (
	"context"
	"errors"
	"math/bits"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A ring is what values go through in their order, from those who put to those who get, as it lies in
// shared memory. Each side has a latch of its own, so that who puts does not keep out who gets, and
// a count, whose change is what publishes an entry or gives it back. Nothing else tells which
// entries are in use: whoever dies inside has either done his part or not begun it.
type ring struct {
	puts, gets side
	capacity   word
	mask       word          // number of entries, a power of 2, less 1
	entries    atomic.Uint64 // offset of messages; 0 as long as values lie on the heap of the only process that knows of the ring
	_          [48]byte
}

// A side of a ring is written by those who put, or by those who get. It has a cache line to itself.
type side struct {
	count  word  // twice how many were put, or got, ever; with closedBit. The other side sleeps while it does not change
	seen   word  // what the count of the other side was at least
	asleep word  // how many of the other side sleep, and of those who died so
	latch  latch // of who changes count
	_      [unit - 20]byte
}

const (
	closedBit   = 1 // in both counts; that of puts is what counts
	maxCapacity = 1 << 30
	ringSize    = uint64(unsafe.Sizeof(ring{}))
)

// init makes r, which is zero, a ring for so many values.
func (r *ring) init(capacity int) {
	r.capacity.Store(uint32(capacity))
	r.mask.Store(1<<bits.Len(uint(capacity-1)) - 1)
}

// ringBehind returns the one of the rings of o that has the number i.
func ringBehind(o *object, i int) *ring {
	return (*ring)(unsafe.Add(o.behind(), uint64(i)*ringSize))
}

// index returns which entry is that of a count.
func (r *ring) index(count uint32) uint32 { return count >> 1 & r.mask.Load() }

// entry returns the entry of a count. There must be entries.
func (r *ring) entry(count uint32) *message {
	return at[message](offset(r.entries.Load()) + offset(r.index(count))*messageSize)
}

// size returns how many bytes all entries take.
func (r *ring) size() uint64 { return (uint64(r.mask.Load()) + 1) * messageSize }

// length returns how many values are in r.
func (r *ring) length() int {
	gets := r.gets.count.Load() &^ closedBit // first: then there were as many puts at least
	return int(min((r.puts.count.Load()-gets)>>1, r.capacity.Load()))
}

// drop gives back what lies in r. Nobody may use r any more.
func (r *ring) drop() {
	entries := offset(r.entries.Load())
	if entries == 0 {
		return
	}
	for n := r.gets.count.Load() &^ closedBit; n != r.puts.count.Load()&^closedBit; n += 2 {
		r.entry(n).discard()
	}
	release(entries, r.size())
}

// A turn is that of one who puts or gets.
type turn struct {
	mine, theirs *side
	// The difference of the counts, mine less theirs, at which there is nothing to do for my side, and
	// theirs less mine for theirs.
	idle, theirIdle uint32
	count           uint32 // of mine, when the turn began
	slept           bool
}

func (r *ring) putting() turn {
	return turn{mine: &r.puts, theirs: &r.gets, idle: 2 * r.capacity.Load()}
}

func (r *ring) getting() turn {
	return turn{mine: &r.gets, theirs: &r.puts, theirIdle: 2 * r.capacity.Load()}
}

// A waiting says how long somebody waits for his turn.
type waiting struct {
	ctx  context.Context
	why  reason
	try  bool         // not at all
	vain func() error // why nobody will ever come; nil where nobody can know
}

var errBusy = errors.New("there is nothing to do now")

// A lane is a ring, and of which object it is part.
type lane struct {
	*handle
	ring *ring
}

// begin waits for something to do, and begins the turn, which finish or abort ends. After an error, which
// may be ErrClosed or errBusy, none has begun.
func (l *lane) begin(t *turn, how waiting) error {
	a := me()
	for {
		t.mine.latch.lock(l.object, a.token())
		t.count = t.mine.count.Load()
		theirs := t.mine.seen.Load()
		nothing := t.count&^closedBit-theirs&^closedBit == t.idle
		if nothing {
			theirs = t.theirs.count.Load()
			t.mine.seen.Store(theirs)
			nothing = t.count&^closedBit-theirs&^closedBit == t.idle
		}
		l.race.getHold()
		closed := nothing && theirs&closedBit != 0 || t.idle != 0 && t.count&closedBit != 0
		if !nothing && !closed {
			return nil
		}
		t.mine.latch.unlock(l.object)
		switch {
		case closed:
			return ErrClosed
		case how.try:
			return errBusy
		case a.changes(&t.theirs.count, theirs):
			continue
		}
		if err := l.rest(t, theirs, how); err != nil {
			return err
		}
		t.slept = true
	}
}

// rest sleeps until the other side does something.
func (l *lane) rest(t *turn, theirs uint32, how waiting) (err error) {
	var gone error
	t.theirs.asleep.Add(1)
	err = l.sleepUnless(how.ctx, &t.theirs.count, theirs, how.why, func() bool {
		if how.vain != nil {
			gone = how.vain()
		}
		return gone != nil
	})
	t.theirs.asleep.Add(^uint32(0))
	if gone != nil && t.theirs.count.Load() == theirs {
		return gone
	}
	return err
}

// finish ends a turn with something done.
//
// One is woken where that is the first thing to do for the other side, and not for each that follows: they
// would all be meant for the same sleeper, who takes his time to get up. Who slept looks when he
// is done whether there is more, and wakes the next. So where somebody sleeps although there is
// something to do, another is on his way, who was woken since there was nothing.
func (l *lane) finish(t *turn) {
	l.race.letGo()
	t.mine.count.Store(t.count + 2)
	count := t.count &^ closedBit
	// Asked inside the latch: outside, all could believe that they were not the first.
	first := t.mine.asleep.Load() > 0 && t.theirs.count.Load()&^closedBit-count == t.theirIdle
	next := t.slept && t.theirs.asleep.Load() > 0 && count+2-t.theirs.count.Load()&^closedBit != t.idle
	t.mine.latch.unlock(l.object)
	if first {
		l.wake(&t.mine.count, 1)
	}
	if next {
		l.wake(&t.theirs.count, 1)
	}
}

// abort ends a turn with nothing done.
func (l *lane) abort(t *turn) {
	t.mine.latch.unlock(l.object)
	l.wake(&t.theirs.count, 1) // he who was woken may have been us
}

// close lets nobody put any more.
func (l *lane) close() {
	me := me().token()
	l.race.letGo()
	for _, s := range []*side{&l.ring.puts, &l.ring.gets} {
		s.latch.lock(l.object, me)
		s.count.Or(closedBit)
		s.latch.unlock(l.object)
		l.wake(&s.count, everyone)
	}
}

// changes waits a moment for a word to be another than value: less than it takes to sleep and to be
// woken. Threads and processes are busy on other processors meanwhile, goroutines take turns on this one.
func (a *agent) changes(w *word, value uint32) bool {
	if !a.usesThreads() {
		for range ringTurns {
			if w.Load() != value {
				return true
			}
			runtime.Gosched()
		}
	} else if severalCPUs {
		for range ringSpins {
			if w.Load() != value {
				return true
			}
		}
	}
	return w.Load() != value
}

const (
	ringTurns = 4
	ringSpins = 1000
)

var severalCPUs = runtime.NumCPU() > 1
