package worker

import (
	"context"
	"errors"
	"runtime"
)

// A Lock lets one worker at a time into what it protects. Unlike a sync.Mutex it can be given to
// workers of all modes, in their arguments and through queues and pipes, and it is the same lock
// there. Like a sync.Mutex, and Python's Lock, it belongs to no worker: another than the one that locked
// it may unlock it, and one that locks it twice waits until another does. (For signals between workers
// [Semaphore] and [Event] are better: a ring of holders of several locks is taken for a deadlock, though another
// was going to unlock one.)
//
// A worker that dies while it holds the lock does not have the others wait for ever: they are told so,
// by an [AbandonedError]. What the lock protects may be half done then.
type Lock struct {
	handle
	plain
}

// NewLock returns a lock that nobody holds. Of the options, Named is for it.
func NewLock(options ...Option) *Lock { return create(new(Lock), 0, options) }

func (*Lock) kind() kind { return kindLock }

// Lock locks l, and waits until it can. It panics with an [AbandonedError] where the holder has died.
func (l *Lock) Lock() {
	if err := l.acquire(context.Background(), me().token()); err != nil {
		panic(err)
	}
}

// LockContext is Lock with a limit: where ctx ends first it returns context.Cause(ctx), and an [AbandonedError]
// where the holder has died. After an error the caller does not hold the lock.
// A lock that is free it locks, whether ctx has ended or not.
func (l *Lock) LockContext(ctx context.Context) error { return l.acquire(ctx, me().token()) }

// TryLock locks l if that can be done without waiting, and reports whether it did. It does not where the
// holder has died: see Reclaim.
func (l *Lock) TryLock() bool { return l.try(me().token()) }

// Unlock lets go of l. It panics if nobody holds it.
func (l *Lock) Unlock() {
	l.race.letGo()
	if l.words[0].Swap(0) == 0 {
		panic(errNotLocked)
	}
	l.wake(&l.words[0], 1)
	runtime.KeepAlive(l)
}

var errNotLocked = errors.New("worker: unlock of a lock that nobody holds")

// Reclaim locks l if the worker that held it has died, and reports whether that is so. The caller then
// puts right what the dead one left, and calls Unlock.
func (l *Lock) Reclaim() bool { return l.reclaim(me().token()) }

// A mutex is a handle of which the first word is the token of the worker that holds it.

func (h *handle) try(me token) bool {
	if !h.words[0].CompareAndSwap(0, uint32(me)) {
		return false
	}
	h.race.getHold()
	return true
}

func (h *handle) acquire(ctx context.Context, me token) error {
	if h.try(me) {
		return nil
	}
	w := &h.words[0]
	for spins := 0; ; spins++ {
		holder := token(w.Load())
		switch {
		case holder == 0:
			if h.try(me) {
				return nil
			}
		case spins < lockSpins:
		case holder.condition() == dead:
			return abandoned(h.object, holder)
		default:
			err := h.sleepUnless(ctx, w, uint32(holder), locking, func() bool { return holder.condition() == dead })
			if err != nil {
				return err
			}
		}
	}
}

// lockSpins is how often one looks whether a lock is free before one sleeps: as long as it takes to do
// little more than to lock and to unlock it. Where two do nothing else (BenchmarkLockContended), 0 to 1000 are
// the same within the noise, on two cores and on one: who unlocks has the lock again before a sleeper is
// up, as with a mutex of POSIX threads, which does not spin.
const lockSpins = 50

func (h *handle) reclaim(me token) bool {
	holder := token(h.words[0].Load())
	if holder == 0 || holder.condition() != dead || !h.words[0].CompareAndSwap(uint32(holder), uint32(me)) {
		return false
	}
	h.race.getHold()
	return true
}

// What a Cond asks of it:

// holds reports whether anybody holds l: a lock does not ask who.
func (l *Lock) holds(token) bool { return l.words[0].Load() != 0 }

func (l *Lock) depart() (more uint32) {
	l.Unlock()
	return 0
}

func (l *Lock) resume(me token, _ uint32) error { return l.acquire(context.Background(), me) }
