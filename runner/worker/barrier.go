package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A Barrier has workers wait for each other: nobody goes on until all have come. It can be used again
// and again. It is Python's Barrier.
//
// Where one does not come, or not go on, the barrier breaks, and all who wait are told so by a
// [BrokenError]: because Abort or Reset was called, the context of one was done, or one of them
// has died. It stays broken, and each Wait fails at once, until Reset.
type Barrier struct {
	handle
	plain
}

// A BrokenError says why nobody gets past a barrier. Where a worker has died inside, it wraps an
// [AbandonedError].
type BrokenError struct {
	Barrier string // its name
	Err     error  // why
}

// Error tells it in one line: "barrier 1 is broken: it was aborted".
func (e *BrokenError) Error() string {
	if death, ok := errors.AsType[*AbandonedError](e.Err); ok {
		return fmt.Sprintf("%s is broken: %s (process %d) died inside", e.Barrier, death.Worker, death.Pid)
	}
	return e.Barrier + " is broken: " + e.Err.Error()
}

// Unwrap returns Err.
func (e *BrokenError) Unwrap() error { return e.Err }

// The first word is the number of a round and its phase; the second how many parties there are. Behind the object
// each party has a place: the round in which it was last taken, and the token of who is inside still. So a
// worker has arrived once it took a place, all have where all places of the round are taken, and who
// died inside is known; nobody has to count anything.

// A phase is that of a round. The next round begins when nobody is inside any more.
const (
	filling    uint32 = iota // they come
	passed                   // all have come, and go on
	wasReset                 // those inside go on with an error
	aborted                  // the same, and those who come get an error, until a reset
	givenUp                  // the same: the context of one was done
	forsaken                 // the same: one has died
	passedLast               // those inside go on, those who come get an error
	resetLast                // those inside go on with an error, those who come get one, too
)

const phaseBits = 3

func roundOf(state uint32) uint32        { return state >> phaseBits }
func phaseOf(state uint32) uint32        { return state & (1<<phaseBits - 1) }
func inPhase(state, phase uint32) uint32 { return state>>phaseBits<<phaseBits | phase }

func nextRound(state uint32) uint32 { return inPhase(state+1<<phaseBits, filling) }

// NewBarrier returns a barrier for so many parties, at least 1. Of the options, Named is for it.
func NewBarrier(parties int, options ...Option) *Barrier {
	if parties < 1 || parties > math.MaxInt32 {
		panic(fmt.Errorf("worker: a barrier for %d parties: it takes at least 1", parties))
	}
	b := create(new(Barrier), 8*uint64(parties), options)
	b.words[1].Store(uint32(parties))
	b.words[0].Store(nextRound(0)) // the places are as they would be after round 0
	return b
}

func (*Barrier) kind() kind { return kindBarrier }

// Wait waits until as many workers wait as there are parties. It returns the caller's index, from 0 in
// the order in which they came: one of them may well do what is to be done once (which Python's
// Barrier can be given as its action). More workers than there are parties wait for the next round. The error is a [BrokenError].
func (b *Barrier) Wait() (index int, err error) { return b.wait(context.Background()) }

// WaitContext is Wait with a limit: where ctx ends before all have come, it breaks the barrier, as a
// timeout does in Python, and returns context.Cause(ctx); the others get a [BrokenError].
func (b *Barrier) WaitContext(ctx context.Context) (index int, err error) { return b.wait(ctx) }

func (b *Barrier) wait(ctx context.Context) (index int, err error) {
	defer runtime.KeepAlive(b)
	b.race.letGo()
	defer b.race.getHold()
	me := me().token()
	for {
		state, err := b.enter()
		if err != nil {
			return 0, err
		}
		if index, arrived := b.arrive(me, state); arrived {
			err := b.stay(ctx)
			b.leave(index, me, state)
			if err != nil {
				return 0, err
			}
			return index, nil
		}
	}
}

// enter waits until those of the last round have gone, and returns the state of the next one.
func (b *Barrier) enter() (state uint32, err error) {
	for {
		state := b.words[0].Load()
		switch phaseOf(state) {
		case filling:
			return state, nil
		case passed, wasReset:
			gone := func() bool { return b.advance(state) }
			if !gone() { // who is inside was woken: this wait needs no end
				_ = b.sleepUnless(context.Background(), &b.words[0], state, gathering, gone)
			}
		default:
			return 0, b.broken(state)
		}
	}
}

// arrive takes a place in the round of state. It takes none where that round is over, or all are taken.
func (b *Barrier) arrive(me token, state uint32) (index int, ok bool) {
	places := b.places()
	for i := range places {
		was := places[i].Load()
		if !olderRound(was, state) || !places[i].CompareAndSwap(was, placed(me, state)) {
			continue
		}
		// Where the round was over before, nobody has counted us, and the place can be taken in any later one.
		return i, roundOf(b.words[0].Load()) == roundOf(state)
	}
	b.settle(state)
	return 0, false
}

// stay waits inside a round until all have come, or nobody is waited for any more.
func (b *Barrier) stay(ctx context.Context) error {
	for {
		state := b.words[0].Load()
		switch phaseOf(state) {
		case filling:
			settled := func() bool { return b.settle(state) }
			if settled() {
				continue
			}
			if err := b.sleepUnless(ctx, &b.words[0], state, gathering, settled); err != nil && b.change(state, givenUp) {
				return err
			}
		case passed, passedLast:
			return nil
		default:
			return b.broken(state)
		}
	}
}

func (b *Barrier) leave(index int, me token, state uint32) {
	b.places()[index].CompareAndSwap(placed(me, state), placed(0, state))
	if now := b.words[0].Load(); phaseOf(now) == passed || phaseOf(now) == wasReset {
		b.advance(now)
	}
}

// settle ends the filling of the round of state if all have come, or one has died inside. It reports
// whether that is so.
func (b *Barrier) settle(state uint32) bool {
	all, died := true, false
	places := b.places()
	for i := range places {
		t, inside := inRound(places[i].Load(), state)
		all = all && inside
		died = died || inside && t.condition() != alive
	}
	switch {
	case all:
		b.change(state, passed)
	case died:
		b.change(state, forsaken)
	}
	return all || died
}

// advance begins the next round if nobody is inside that of state any more. It reports whether that is so.
func (b *Barrier) advance(state uint32) bool {
	places := b.places()
	for i := range places {
		if t, inside := inRound(places[i].Load(), state); inside && t.condition() == alive {
			return false
		}
	}
	if b.words[0].CompareAndSwap(state, nextRound(state)) {
		b.wake(&b.words[0], everyone)
	}
	return true
}

// change moves the round of state to another phase, unless it is in another one than that of state already.
func (b *Barrier) change(state, phase uint32) bool {
	if !b.words[0].CompareAndSwap(state, inPhase(state, phase)) {
		return false
	}
	b.wake(&b.words[0], everyone)
	return true
}

// Abort breaks the barrier: who waits and who comes gets a [BrokenError], until Reset. Those who are on
// their way out, since all had come, are not concerned.
func (b *Barrier) Abort() {
	defer runtime.KeepAlive(b)
	b.race.letGo()
	for {
		state := b.words[0].Load()
		phase := phaseOf(state)
		switch phase {
		case filling:
			phase = aborted
		case passed:
			phase = passedLast
		case wasReset:
			phase = resetLast
		default:
			return
		}
		if b.change(state, phase) {
			return
		}
	}
}

// Reset makes the barrier as good as new. Whoever waits gets a [BrokenError]; those who are on their way out
// do not.
func (b *Barrier) Reset() {
	defer runtime.KeepAlive(b)
	b.race.letGo()
	for {
		state := b.words[0].Load()
		phase := phaseOf(state)
		switch phase {
		case filling, aborted, givenUp, forsaken, resetLast:
			phase = wasReset
		case passedLast:
			phase = passed
		default:
			return
		}
		if b.change(state, phase) {
			b.advance(inPhase(state, phase))
			return
		}
	}
}

// Broken reports whether the barrier is broken, so that Wait would fail at once.
func (b *Barrier) Broken() bool {
	defer runtime.KeepAlive(b)
	state := b.words[0].Load()
	if phaseOf(state) == filling && b.settle(state) {
		state = b.words[0].Load()
	}
	return phaseOf(state) > wasReset
}

// Waiting returns how many workers wait for the others. It is 0 where they are on their way out.
func (b *Barrier) Waiting() (n int) {
	defer runtime.KeepAlive(b)
	state := b.words[0].Load()
	places := b.places()
	for i := range places {
		if _, inside := inRound(places[i].Load(), state); inside && phaseOf(state) == filling {
			n++
		}
	}
	return n
}

// Parties returns how many workers have to come.
func (b *Barrier) Parties() int {
	defer runtime.KeepAlive(b)
	return int(b.words[1].Load())
}

// places are those of the parties.
func (b *Barrier) places() []atomic.Uint64 {
	return unsafe.Slice((*atomic.Uint64)(b.behind()), b.words[1].Load())
}

// placed returns what tells that t is inside in the round of state.
func placed(t token, state uint32) uint64 { return uint64(roundOf(state))<<32 | uint64(t) }

// inRound returns who is inside, or 0 where that one has left, if the place was taken in the round of state.
func inRound(place uint64, state uint32) (t token, ok bool) {
	return token(place), uint32(place>>32) == roundOf(state)
}

// olderRound reports whether a place was last taken before the round of state. Rounds wrap around.
func olderRound(place uint64, state uint32) bool {
	return int32((uint32(place>>32)-roundOf(state))<<phaseBits) < 0
}

// broken returns the error of who waits, or comes, in that state.
func (b *Barrier) broken(state uint32) error {
	why := errReset
	switch phaseOf(state) {
	case aborted, passedLast:
		why = errAborted
	case givenUp:
		why = errGivenUp
	case forsaken:
		why = b.death(state)
	}
	return &BrokenError{b.label(), why}
}

var (
	errReset   = errors.New("it was reset while workers waited")
	errAborted = errors.New("it was aborted")
	errGivenUp = errors.New("one of those who waited gave up")
)

// death says who has died inside.
func (b *Barrier) death(state uint32) error {
	places := b.places()
	for i := range places {
		if t, inside := inRound(places[i].Load(), state); inside && t.condition() == dead {
			return abandoned(b.object, t)
		}
	}
	return errors.New("a process ended while a goroutine of it waited")
}
