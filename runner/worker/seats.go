package worker

import (
	"sync/atomic"
	"unsafe"
)

// Seats are where those who wait with a cond sit until they have its lock again: that a signal wakes who
// came first, and that it is not lost with one who has died, is known from there. Each seat is consistent by
// itself: whoever dies, wherever, leaves nothing that others would have to wait for.
type seats struct {
	next atomic.Uint64 // offset of more of them; 0 where there are none
	seat [15]seat
}

// A seat is taken while its owner is not 0, and not dead without a signal.
type seat struct {
	owner word // token of who sits there
	state word // a number and one of the following
}

// Conditions of a seat, in the last two bits of its state. What is above them is the number of the wait, or
// where it is signaled that of the last wait before the signal.
const (
	seatIdle     uint32 = 0
	seatWaiting  uint32 = 1
	seatSignaled uint32 = 3
)

func firstSeats(o *object) *seats { return (*seats)(o.behind()) }

// seats yields all seats of c.
func (c *Cond) seats(yield func(*seat) bool) {
	for block := firstSeats(c.object); ; block = at[seats](offset(block.next.Load())) {
		for i := range block.seat {
			if !yield(&block.seat[i]) {
				return
			}
		}
		if block.next.Load() == 0 {
			return
		}
	}
}

// sit takes a seat for me, and returns it with its state.
func (c *Cond) sit(me token) (s *seat, value uint32) {
	s = c.freeSeat(me)
	value = c.words[0].Add(1)<<2 | seatWaiting
	s.state.Store(value)
	return s, value
}

func (c *Cond) freeSeat(me token) *seat {
	for {
		for s := range c.seats {
			owner := token(s.owner.Load())
			if owner != 0 {
				// The signal of a dead one is for others to take over.
				state := s.state.Load()
				if owner.condition() == alive || state%4 == seatSignaled || token(s.owner.Load()) != owner || !s.state.CompareAndSwap(state, seatIdle) {
					continue
				}
			}
			if s.owner.CompareAndSwap(uint32(owner), uint32(me)) {
				return s
			}
		}
		c.addSeats()
	}
}

// addSeats puts more seats after the last ones.
func (c *Cond) addSeats() {
	last := firstSeats(c.object)
	for last.next.Load() != 0 {
		last = at[seats](offset(last.next.Load()))
	}
	size := uint64(unsafe.Sizeof(*last))
	block := claim(size, kindCond)
	if !last.next.CompareAndSwap(0, uint64(block)) { // another was quicker
		release(block, size)
	}
}

// rise leaves s.
func (s *seat) rise() {
	s.state.Store(seatIdle)
	s.owner.Store(0)
}

// longestWaiting returns the seat of who came first of all who wait and live, with its state.
func (c *Cond) longestWaiting() (first *seat, value uint32) {
	for s := range c.seats {
		state := s.state.Load()
		if state%4 == seatWaiting && (first == nil || before(state, value)) && token(s.owner.Load()).condition() == alive {
			first, value = s, state
		}
	}
	return first, value
}

// before reports whether the number in a state comes before that in another. They wrap around.
func before(a, b uint32) bool { return int32(a&^3-b&^3) < 0 }

// signal wakes who sits at s, if its state is value, and reports whether it was.
func (c *Cond) signal(s *seat, value uint32) bool {
	if !s.state.CompareAndSwap(value, c.words[0].Load()<<2|seatSignaled) {
		return false
	}
	c.wake(&s.state, 1)
	return true
}

// takeOver has who waits at s be woken by the signal to one who died before it had the lock again, if
// there is one that came after s. It reports whether s has a signal.
func (c *Cond) takeOver(s *seat, value uint32) bool {
	for other := range c.seats {
		state, owner := other.state.Load(), token(other.owner.Load())
		if state%4 != seatSignaled || before(state, value) || owner == 0 || owner.condition() == alive {
			continue
		}
		// First ours: who dies in between, or is not the first to take it over, makes one wake-up too many, and not
		// one too few.
		s.state.CompareAndSwap(value, state)
		other.state.CompareAndSwap(state, seatIdle)
		return true
	}
	return false
}
