package worker

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// An RLock is a [Lock] that the worker that holds it can lock again: it is free once that worker has
// unlocked it as often. It belongs to the worker: no other can unlock it, also not once that one has returned. It is
// Python's RLock.
//
// What counts is the worker, not the goroutine. A goroutine that a worker started itself, with a go
// statement, counts as its process's (as main, or as the worker that the process is): such goroutines do
// not keep each other out. Among them use a [Lock] or a sync.Mutex.
type RLock struct {
	handle
	plain
}

// The first word is that of a lock; the second is how often the holder has locked it beyond the first time.

// NewRLock returns a lock that nobody holds. Of the options, Named is for it.
func NewRLock(options ...Option) *RLock { return create(new(RLock), 0, options) }

func (*RLock) kind() kind { return kindRLock }

// Lock locks l, once more where the caller holds it, and waits until it can. It panics with an
// [AbandonedError] where the holder has died.
func (l *RLock) Lock() {
	if err := l.lock(context.Background()); err != nil {
		panic(err)
	}
}

// LockContext is Lock with a limit: where ctx ends first it returns context.Cause(ctx), and an [AbandonedError]
// where the holder has died. After an error the caller holds the lock no more often than before.
// A lock that is free it locks, whether ctx has ended or not.
func (l *RLock) LockContext(ctx context.Context) error { return l.lock(ctx) }

func (l *RLock) lock(ctx context.Context) error {
	defer runtime.KeepAlive(l)
	me := me().token()
	if l.nest(me, 1) {
		return nil
	}
	return l.acquire(ctx, me)
}

// TryLock locks l if that can be done without waiting, and reports whether it did. The holder always can.
func (l *RLock) TryLock() bool {
	defer runtime.KeepAlive(l)
	me := me().token()
	return l.nest(me, 1) || l.try(me)
}

// Unlock undoes one Lock, and with the last one lets go of l. It panics if the caller does not hold it.
func (l *RLock) Unlock() {
	defer runtime.KeepAlive(l)
	me := me().token()
	for {
		was, owner, more := l.state()
		switch {
		case owner != me:
			panic(errNotOwned)
		case more > 0:
			if l.both().CompareAndSwap(was, pair(uint32(me), more-1)) {
				return
			}
		default:
			l.race.letGo()
			if l.both().CompareAndSwap(was, 0) {
				l.wake(&l.words[0], 1)
				return
			}
		}
	}
}

var errNotOwned = errors.New("worker: unlock of an rlock that this worker does not hold")

// Reclaim locks l if the worker that held it has died, and reports whether that is so. The caller then
// holds it once, puts right what the dead one left, and calls Unlock.
func (l *RLock) Reclaim() bool {
	defer runtime.KeepAlive(l)
	me := me().token()
	was, owner, _ := l.state()
	if owner == 0 || owner.condition() != dead || !l.both().CompareAndSwap(was, pair(uint32(me), 0)) {
		return false
	}
	l.race.getHold()
	return true
}

// Count returns how often the caller has locked l and not unlocked it yet: 0 where it does not hold it.
func (l *RLock) Count() int {
	defer runtime.KeepAlive(l)
	if _, owner, more := l.state(); owner == me().token() {
		return int(more) + 1
	}
	return 0
}

// Held reports whether the caller holds l.
func (l *RLock) Held() bool { return l.Count() > 0 }

// nest locks l n times more if me holds it, and reports whether that is so.
func (l *RLock) nest(me token, n uint32) bool {
	for {
		was, owner, more := l.state()
		if owner != me {
			return false
		}
		if l.both().CompareAndSwap(was, pair(uint32(me), more+n)) {
			return true
		}
	}
}

// both is both words, which change in one step: goroutines may share a token, and the holder may die
// between any two.
func (l *RLock) both() *atomic.Uint64 { return (*atomic.Uint64)(unsafe.Pointer(&l.words[0])) }

func (l *RLock) state() (both uint64, owner token, more uint32) {
	both = l.both().Load()
	words := *(*[2]uint32)(unsafe.Pointer(&both))
	return both, token(words[0]), words[1]
}

// pair returns two words as they lie in memory one after the other.
func pair(first, second uint32) uint64 {
	words := [2]uint32{first, second}
	return *(*uint64)(unsafe.Pointer(&words))
}

// What a Cond asks of it:

func (l *RLock) holds(me token) bool {
	_, owner, _ := l.state()
	return owner == me
}

func (l *RLock) depart() (more uint32) {
	l.race.letGo()
	both := l.both().Swap(0)
	l.wake(&l.words[0], 1)
	return (*(*[2]uint32)(unsafe.Pointer(&both)))[1]
}

func (l *RLock) resume(me token, more uint32) error {
	if err := l.acquire(context.Background(), me); err != nil {
		return err
	}
	l.nest(me, more)
	return nil
}
