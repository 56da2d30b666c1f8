package worker

import (
	"slices"
	"sync/atomic"
	"time"
)

// A slot is an entry in the table of all who hold something or sleep: workers, and processes in what is
// done there by no worker. The table lies in shared memory. A slot is written by its process, and by
// who reaps that. Slots of the dead are not used again: who they were stays known.
type slot struct {
	link     word // number of the next free slot
	state    word // how often the slot was freed, and in the last two bits a condition
	process  word // number of its process's slot, which may be itself
	parent   word // of a process: number of the slot of the one that started it
	pid      word
	changes  word // of a process: how often somebody in it fell asleep or woke
	quiet    word // of a process: 1 + changes when all its goroutines were seen to sleep; else 0
	holdings word // of a process: number of the block with which the list of what it holds begins
	sleep    sleep
	item     int // of a process in a pool: index within its chunk of what it is at
	name     [maxName]byte
	site     [maxName - 8]byte // where it sleeps, "file:line", if that is known
}

// A sleep says what a slot's owner waits for.
type sleep struct {
	why    word          // a reason, awake where it does not wait; with canEnd where the wait ends by itself, for it has a context
	value  word          // it waits as long as the word has that value
	target word          // token of the worker for whose end it waits; 0 if it never had one
	times  word          // how often the owner went to sleep
	word   atomic.Uint64 // offset of a word
	object atomic.Uint64 // offset of the object of which the word is part
}

// canEnd is a flag beside a reason.
const canEnd = 1 << 16

func (s *sleep) reason() reason { return reason(s.why.Load() &^ canEnd) }

// Conditions of a slot.
const (
	free uint32 = iota
	alive
	dead
)

// A token is the number of a slot together with how often it was used: it names one worker. 0 is none.
type token uint32

const (
	slotBits  = 14
	tokenBits = 32
	slotCount = 1 << slotBits
	anybody   = slotCount - 1 // slot of all who found none free
)

func (t token) number() uint32 { return uint32(t) % slotCount }

func (t token) slot() *slot { return &book().table[t.number()] }

func (s *slot) token(n uint32) token { return token(n | s.state.Load()>>2<<slotBits) }

// condition returns free where the worker has ended well.
func (t token) condition() uint32 {
	if s := t.slot(); s.token(t.number()) == t {
		return s.state.Load() & 3
	}
	return free
}

// newSlot returns the token of a slot for a worker in a process, or for a process where that is 0.
func newSlot(process token, pid int, name string) token {
	b := book()
	n := pop(&b.freeSlot, slotLink)
	if n == 0 {
		if n = b.slots.Add(1); n >= anybody {
			b.slots.Store(anybody)
			n = anybody
		}
	}
	s := &b.table[n]
	s.pid.Store(uint32(pid))
	s.parent.Store(0)
	s.quiet.Store(0)
	s.sleep.why.Store(uint32(awake))
	clear(s.name[copy(s.name[:], name):])
	s.process.Store(n)
	if process != 0 {
		s.process.Store(process.number())
	}
	s.state.Store(s.state.Load()&^3 | alive)
	return s.token(n)
}

func slotLink(n uint32) *word { return &book().table[n].link }

// end says what became of the owner of a slot, which is free if that is what it is.
func (t token) end(condition uint32) {
	n, s := t.number(), t.slot()
	switch {
	case n == anybody || s.token(n) != t:
	case condition == dead:
		s.state.Store(s.state.Load()&^3 | dead)
	default:
		s.sleep.why.Store(uint32(awake))
		s.state.Store((s.state.Load()>>2 + 1) << 2)
		push(&book().freeSlot, n, slotLink(n))
	}
}

// label returns the name of a slot's owner.
func (s *slot) label() string { return untilZero(s.name[:]) }

func untilZero(b []byte) string {
	if end := slices.Index(b, 0); end >= 0 {
		b = b[:end]
	}
	return string(b)
}

// slots calls do for each slot that is not free.
func slots(do func(n uint32, s *slot)) {
	b := book()
	for n := uint32(1); n <= b.slots.Load() && n < slotCount; n++ {
		if s := &b.table[n]; s.state.Load()&3 != free {
			do(n, s)
		}
	}
}

// reap says that a process has ended. Its workers and the processes that it started die with it, and are
// called dead once they are: until then they may be inside of what they hold. Whoever sleeps looks again at what he waits for.
func reap(process token, condition uint32) {
	if process == 0 {
		return
	}
	if process.number() == anybody { // many have that slot, and some of them live
		lookAgain()
		return
	}
	gone, lingers := []uint32{process.number()}, false
	for i := 0; i < len(gone); i++ {
		if i > 0 && !book().table[gone[i]].awaitEnd() {
			lingers = true
		}
		slots(func(n uint32, s *slot) { // now nobody can become one of its own any more
			if s.state.Load()&3 == alive && n != gone[i] && (s.process.Load() == gone[i] || s.parent.Load() == gone[i]) && !slices.Contains(gone, n) {
				gone = append(gone, n)
			}
		})
	}
	for _, n := range gone[1:] {
		s := &book().table[n]
		if !lingers {
			s.dropHoldings()
		}
		s.token(n).end(dead)
	}
	process.slot().dropHoldings()
	process.end(condition)
	lookAgain()
}

// awaitEnd waits until s has ended, where it is a process whose parent has. That takes but a moment. It reports
// whether s has.
func (s *slot) awaitEnd() (ended bool) {
	n := s.pid.Load()
	if n == 0 || s != &book().table[s.process.Load()] { // nothing was executed yet, or it is a worker within a process
		return true
	}
	busy(func() { ended = awaitPid(int(n), mostDying) })
	return ended
}

// mostDying bounds how long one waits for a process to die that was killed.
const mostDying = 10 * time.Second

// lookAgain wakes all who sleep.
func lookAgain() {
	slots(func(_ uint32, s *slot) {
		if o := s.sleep.object.Load(); s.state.Load()&3 == alive && s.sleep.reason() != awake && o != 0 {
			at[object](offset(o)).rouse(s)
		}
	})
}
