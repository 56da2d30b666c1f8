package worker

import "context"

// A latch keeps others out of the inside of a primitive for a moment. What it protects is whole after
// each single step, and changed by the last: so whoever finds the holder gone takes it over, and has nothing to
// put right.
type latch struct {
	holder word // token of who is inside; 0 where nobody is
	asleep word // how many sleep until it is free, and of those who died so
}

// lock takes l, which is part of o, for the worker of that token.
func (l *latch) lock(o *object, me token) {
	for spins := 0; !l.holder.CompareAndSwap(0, uint32(me)); spins++ {
		holder := token(l.holder.Load())
		switch {
		case holder == 0 || spins < lockSpins:
		case holder.condition() != alive: // a process that ended well may have left others inside
			if l.holder.CompareAndSwap(uint32(holder), uint32(me)) {
				return
			}
		default:
			l.asleep.Add(1)
			_ = o.sleepUnless(context.Background(), &l.holder, uint32(holder), latching,
				func() bool { return holder.condition() != alive })
			l.asleep.Add(^uint32(0))
		}
	}
}

// unlock lets go of l. Nothing of o may be used afterwards that l protects.
func (l *latch) unlock(o *object) {
	l.holder.Store(0)
	if l.asleep.Load() > 0 {
		o.wake(&l.holder, 1)
	}
}
