package worker

import (
	"sync"
	"sync/atomic"
)

// An agent is what a worker is to others: it holds things, and it waits.
type agent struct {
	goroutine uintptr
	next      atomic.Pointer[agent] // in its bucket
	core      *core
	number    word                 // token of its slot; 0 until it needs one
	asleep    atomic.Bool          // the slot tells of a goroutine that sleeps
	joins     atomic.Pointer[core] // for whose end a goroutine of it waits
}

// itself is this process in all that is done here by no worker of its own: "main", or the worker that it is.
var itself = &agent{core: &unasked}

// unasked stands for the worker that a process is not. (As a variable it takes no time at the start.)
var unasked core

// agents holds the workers that run within this process, by their goroutines. Their number is so
// large that a goroutine is found at once.
var agents [256]struct {
	sync.Mutex
	first atomic.Pointer[agent]
}

// local is set once a worker ran within this process, not as all of it.
var local atomic.Bool

func bucketOf(g uintptr) int { return int(g>>6^g>>14) % len(agents) }

// me returns whose goroutine this is. One that a worker started itself is the process's.
func me() *agent {
	if !local.Load() {
		return itself
	}
	g := goroutine()
	// Whoever is taken out meanwhile still leads to all that were behind it.
	for a := agents[bucketOf(g)].first.Load(); a != nil; a = a.next.Load() {
		if a.goroutine == g {
			return a
		}
	}
	return itself
}

// eachAgent calls do for each worker within this process.
func eachAgent(do func(*agent)) {
	for i := range agents {
		for a := agents[i].first.Load(); a != nil; a = a.next.Load() {
			do(a)
		}
	}
}

// enter makes the calling goroutine that of c, until leave.
func (a *agent) enter() {
	if !local.Load() {
		local.Store(true)
	}
	a.goroutine = goroutine()
	b := &agents[bucketOf(a.goroutine)]
	b.Lock()
	a.next.Store(b.first.Load()) // in front: a serial worker hides the one within which it runs
	b.first.Store(a)
	b.Unlock()
}

// leave says what became of a, which entered.
func (a *agent) leave(condition uint32) {
	b := &agents[bucketOf(a.goroutine)]
	b.Lock()
	link := &b.first
	for link.Load() != a {
		link = &link.Load().next
	}
	link.Store(a.next.Load())
	b.Unlock()
	if t := token(a.number.Load()); t != 0 {
		t.end(condition)
		if condition == dead {
			lookAgain()
		}
	}
}

// token returns the token by which others know a. The shared memory must be open.
func (a *agent) token() token {
	if t := token(a.number.Load()); t != 0 {
		return t
	}
	return a.enroll()
}

var enrolling sync.Mutex

func (a *agent) enroll() token {
	var in token
	if a != itself {
		in = itself.token()
	}
	enrolling.Lock()
	defer enrolling.Unlock()
	if t := token(a.number.Load()); t != 0 {
		return t
	}
	t := self.token // given to this process by the one that started it
	if t == 0 || a != itself {
		t = newSlot(in, pid, a.label())
	} else {
		t.slot().pid.Store(uint32(pid))
	}
	a.number.Store(uint32(t))
	return t
}

// enlist gives c, which is going to be another process, its slot.
func (c *core) enlist() error {
	if err := openMemory(); err != nil {
		return err
	}
	parent := itself.token()
	t := newSlot(0, 0, c.label())
	t.slot().parent.Store(parent.number())
	c.agent.number.Store(uint32(t))
	if !self.worker {
		watch() // what c waits for is seen here only
	}
	return nil
}

// mainName is the name of a program's first process.
const mainName = "main"

// label returns the name of a.
func (a *agent) label() string {
	switch {
	case a != itself:
		return a.core.label()
	case self.worker:
		return self.name
	}
	return mainName
}

// usesThreads reports whether a waits in the kernel, as threads and processes do, and not in Go's runtime.
func (a *agent) usesThreads() bool {
	mode := currentMode
	switch {
	case a != itself:
		mode = a.core.mode
	case self.worker:
		mode = Process
	}
	return mode == Thread || mode == Process
}

// background runs f in a goroutine that waits for others and does nothing by itself: it does not count
// where it is to be known whether anything still goes on here.
func background(f func()) {
	go func() {
		rests(1)
		defer rests(-1)
		f()
	}()
}

// busy runs f, which takes its time, in a goroutine that runs in the background. Meanwhile it counts.
func busy(f func()) {
	rests(-1)
	defer rests(1)
	f()
}

// rests says that n goroutines more do not count.
func rests(n int32) {
	backgrounds.Add(n)
	backgroundChanges.Add(1)
}

// backgrounds is how many goroutines do not count, backgroundChanges how often that changed.
var backgrounds, backgroundChanges atomic.Int32
