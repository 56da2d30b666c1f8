package worker

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Locker is a [Lock] or an [RLock].
type Locker interface {
	sync.Locker
	primitive
	holds(me token) bool
	depart() (more uint32)              // unlocks it, however often the caller has locked it
	resume(me token, more uint32) error // undoes depart
}

// A Cond has workers wait until something that a lock protects is as they want it. Whoever changes
// that says so by Signal or Broadcast. It is Python's Condition, and the sync.Cond of Go: since another worker
// may be quicker to get the lock, who returns from Wait looks again:
//
//	c.Locker().Lock()
//	for !ready() {
//		c.Wait()
//	}
//	… // it is ready, and stays so until Unlock
//	c.Locker().Unlock()
//
// A process that receives a Cond has its lock as well.
type Cond struct {
	handle
	plain
	locker Locker
}

// The first word counts the waits. The second is the kind of the locker's object, which lies where the third and
// fourth say: the cond holds one reference to it. Behind the object are seats.

// NewCond returns a cond for what l protects. Of the options, Named is for it.
func NewCond(l Locker, options ...Option) *Cond {
	lock := l.hold()
	c := create(&Cond{locker: l}, uint64(unsafe.Sizeof(seats{})), options)
	lock.refs.Add(1)
	c.words[1].Store(uint32(l.kind()))
	c.lockerPlace().Store(uint64(offsetOf(lock.object)))
	return c
}

func (*Cond) kind() kind { return kindCond }

func (o *object) lockerPlace() *atomic.Uint64 { return (*atomic.Uint64)(unsafe.Pointer(&o.words[2])) }

// attach finds the locker of a cond that has arrived.
func (c *Cond) attach() {
	if c.locker != nil {
		return
	}
	lock := at[object](offset(c.lockerPlace().Load()))
	lock.refs.Add(1)
	var l primitive = new(Lock)
	if kind(c.words[1].Load()) == kindRLock {
		l = new(RLock)
	}
	l, _ = meet(l, lock) // there is no error where the kind is right
	c.locker = l.(Locker)
}

func (c *Cond) cross() error { //nolint:unparam // as primitive asks for it
	c.locker.hold().share()
	return nil
}

// dropLocker gives up what a cond holds.
func (o *object) dropLocker() {
	for next := firstSeats(o).next.Load(); next != 0; {
		more := at[seats](offset(next))
		following := more.next.Load()
		release(offset(next), uint64(unsafe.Sizeof(*more)))
		next = following
	}
	if place := o.lockerPlace().Load(); place != 0 {
		at[object](offset(place)).drop()
	}
}

// Locker returns the lock that was given to NewCond.
func (c *Cond) Locker() Locker { return c.locker }

// Wait unlocks the lock, however often the caller has locked it, waits to be woken, and locks it again
// as often. It panics if the caller does not hold the lock (of a [Lock], if nobody does), and with an
// [AbandonedError] where a worker died that held the lock meanwhile.
func (c *Cond) Wait() {
	if err := c.wait(context.Background()); err != nil {
		panic(err)
	}
}

// WaitContext is Wait with a limit: where ctx ends before anybody woke the caller, it returns context.Cause(ctx).
// The caller holds the lock then, too, which may take longer than ctx. Only after an [AbandonedError] it does not.
func (c *Cond) WaitContext(ctx context.Context) error { return c.wait(ctx) }

// WaitFor waits until holds returns true, which is called with the lock held. The errors are those of
// WaitContext; where ctx ends, holds is asked a last time.
func (c *Cond) WaitFor(ctx context.Context, holds func() bool) error {
	for !holds() {
		if err := c.wait(ctx); err != nil {
			if _, lost := errors.AsType[*AbandonedError](err); !lost && holds() {
				return nil
			}
			return err
		}
	}
	return nil
}

// Signal wakes the worker that has waited longest, if there is one. As with sync.Cond the caller may
// hold the lock and need not, where Python raises an error; but what is waited for is to be changed with it held.
// It is not lost to a worker that has died, nor to one whose context was done.
func (c *Cond) Signal() {
	defer runtime.KeepAlive(c)
	for {
		first, value := c.longestWaiting()
		if first == nil || c.signal(first, value) {
			return
		}
	}
}

// Broadcast wakes all who wait. The caller may hold the lock and need not.
func (c *Cond) Broadcast() {
	defer runtime.KeepAlive(c)
	for s := range c.seats {
		if value := s.state.Load(); value%4 == seatWaiting {
			c.signal(s, value)
		}
	}
}

func (c *Cond) wait(ctx context.Context) error {
	defer runtime.KeepAlive(c)
	me := me().token()
	if !c.locker.holds(me) {
		panic(errNotHeld)
	}
	s, value := c.sit(me) // before the lock is free: no signal after that is missed
	more := c.locker.depart()
	var err error
	signaled := func() bool { return s.state.Load() != value || c.takeOver(s, value) }
	for err == nil && !signaled() {
		err = c.sleepUnless(ctx, &s.state, value, noticing, signaled)
	}
	if err != nil && !s.state.CompareAndSwap(value, seatIdle) {
		err = nil // the signal was quicker
	}
	if lost := c.locker.resume(me, more); lost != nil {
		err = lost
	}
	s.rise()
	return err
}

var errNotHeld = errors.New("worker: wait with a cond whose lock the caller does not hold")
