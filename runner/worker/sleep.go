package worker

import (
	"context"
	"math"
	"sync/atomic"
	"time"
)

// A reason is why a goroutine sleeps.
type reason uint32

const (
	awake     reason = iota
	locking          // for a lock to be free: its first word holds the holder's token
	joining          // for the end of a worker
	pooling          // for a pool to be done
	idling           // as a worker of a pool, for something to do
	noticing         // for the signal of a cond
	acquiring        // for a semaphore
	happening        // for an event
	gathering        // for the others at a barrier
	getting          // for something in a queue
	putting          // for room in a queue
	receiving        // for something in a pipe
	sending          // for room in a pipe
	latching         // for another to be out of the inside of a primitive, where each is but a moment
)

const everyone = math.MaxInt32

// asleep is how many goroutines of this process sleep, and tell of it in slots; asleepInKernel how many
// of them do so where Go's own report of a deadlock does not see it.
var asleep, asleepInKernel atomic.Int32

// sleep has the calling goroutine wait while w, a word of o, is value. As with a futex, it may return for no reason: who sleeps
// looks again. Whoever changes w calls wake afterwards. The error is the cause why ctx is done.
func (o *object) sleep(ctx context.Context, w *word, value uint32, why reason) error {
	return o.sleepUnless(ctx, w, value, why, nil)
}

// sleepUnless is sleep, but returns at once if refused, which may be nil, returns true. It is asked once all know
// that the caller sleeps: so whoever looks there whether somebody has died, misses no death.
func (o *object) sleepUnless(ctx context.Context, w *word, value uint32, why reason, refused func() bool) error {
	if ctx.Err() != nil {
		o.wake(w, 1) // who was to wake us could have woken another
		return context.Cause(ctx)
	}
	a := me()
	bed := a.lieDown(sleeping{why: why, word: offsetOf(w), object: offsetOf(o), value: value, ends: ctx.Done() != nil})
	defer bed.getUp()
	if refused != nil && refused() {
		return nil
	}
	from, slept := now(), false
	if o.crossed.Load() == 0 && !(haveFutex && a.usesThreads()) {
		o.parked.Add(1)
		slept = parking.park(ctx, o, w, value, func() bool { return o.crossed.Load() != 0 })
		o.parked.Add(^uint32(0))
	} else {
		o.sleepers.Add(1)
		asleepInKernel.Add(1)
		slept = sleepShared(ctx, o, w, value)
		asleepInKernel.Add(-1)
		o.sleepers.Add(^uint32(0))
	}
	if slept && from != 0 {
		a.waited(o.label(), from)
	}
	return nil
}

// wake wakes up to n of those who sleep on w, a word of o that has changed since.
func (o *object) wake(w *word, n int) {
	if o.parked.Load() > 0 {
		n -= parking.wake(o, w, n)
	}
	if n > 0 && o.sleepers.Load() > 0 {
		wakeShared(o, w, n)
	}
}

// A sleeping is what a slot is to tell of a sleep.
type sleeping struct {
	why          reason
	word, object offset
	value        uint32
	ends         bool
	target       *core // the worker for whose end it waits
}

// A bed is where a goroutine of an agent lies until it gets up.
type bed struct {
	agent  *agent
	number token // of the slot that tells of it
	first  bool  // it is the agent's own slot
	joins  bool
}

// lieDown tells all others that a goroutine of a waits for something, until it gets up.
func (a *agent) lieDown(how sleeping) bed {
	t := a.token()
	first := a.asleep.CompareAndSwap(false, true)
	if !first { // another goroutine of it sleeps
		t = newSlot(itself.token(), pid, a.label())
	}
	s, in := t.slot(), itself.token().slot()
	s.sleep.word.Store(uint64(how.word))
	s.sleep.object.Store(uint64(how.object))
	s.sleep.value.Store(how.value)
	s.sleep.target.Store(0)
	if how.target != nil {
		s.sleep.target.Store(how.target.agent.number.Load())
		a.joins.Store(how.target)
	}
	s.sleep.times.Add(1)
	s.site[0] = 0
	why := uint32(how.why)
	if how.ends {
		why |= canEnd
	}
	s.sleep.why.Store(why)
	asleep.Add(1)
	in.changes.Add(1)
	watch()
	return bed{a, t, first, how.target != nil}
}

// doze is lieDown of the calling goroutine for a wait on something else than a word. Where there is no shared
// memory nobody learns of it, which does no harm.
func doze(how sleeping) bed {
	if openMemory() != nil {
		return bed{}
	}
	return me().lieDown(how)
}

func (b bed) getUp() {
	if b.agent == nil {
		return
	}
	asleep.Add(-1)
	itself.token().slot().changes.Add(1)
	b.number.slot().sleep.why.Store(uint32(awake))
	if b.joins {
		b.agent.joins.Store(nil)
	}
	if b.first {
		b.agent.asleep.Store(false)
	} else {
		b.number.end(free)
	}
}

// rouse wakes the sleeper of s, so that it looks again at what it waits for, though nothing has
// changed. It is woken until it is up: it may not have been asleep yet.
func (o *object) rouse(s *slot) {
	times := s.sleep.times.Load()
	w := at[word](offset(s.sleep.word.Load()))
	o.wake(w, everyone)
	pause := 10 * time.Microsecond
	var again func()
	again = func() {
		if s.sleep.times.Load() == times && s.sleep.reason() != awake && pause < time.Second {
			o.wake(w, everyone)
			pause *= 2
			time.AfterFunc(pause, again)
		}
	}
	time.AfterFunc(pause, again)
}
