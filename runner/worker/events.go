package worker

import (
	"os"
	"strconv"
)

// events is where this process reports what its workers do; nil where nobody listens. Nothing here
// does more than look at it then.
var events *os.File

// listen finds out whether somebody listens.
func listen() {
	n, err := strconv.ParseUint(os.Getenv(envEvents), 10, 31)
	_ = os.Unsetenv(envEvents)
	if err == nil && listens(uintptr(n)) {
		events = os.NewFile(uintptr(n), "events")
		eventsFD = int(n)
	}
}

// eventsFD is the descriptor of events: records are written without the runtime's poller, which would
// keep Go from finding deadlocks.
var eventsFD = -1

// now returns the time on the clock that all processes share, in nanoseconds; 0 where nobody listens.
// It asks that clock each time: whoever adds to a moment once taken on two clocks tells a time that
// lies ahead of, or behind, that of other processes by what passed between the two readings.
func now() int64 {
	if events == nil {
		return 0
	}
	return sharedClock()
}

// report says that something happened to the worker of that id, in process pid.
func report(what, id string, at int64, pid int, more ...string) {
	if events == nil {
		return
	}
	b := make([]byte, 0, 128)
	b = append(append(b, what...), '\t')
	b = append(append(b, id...), '\t')
	b = append(strconv.AppendInt(b, at, 10), '\t')
	b = strconv.AppendInt(b, int64(pid), 10)
	for _, field := range more {
		b = append(append(b, '\t'), field...)
	}
	write(eventsFD, append(b, '\n'))
}

// asked reports that c was asked for, by the worker in whose goroutine Start was called.
func (c *core) asked(at int64) {
	if events != nil {
		report("asked", c.id(), at, pid, string(c.mode), strconv.Quote(c.label()), strconv.Quote(current()))
	}
}

// died reports that c ended without returning.
func (c *core) died() {
	if events != nil {
		report("died", c.id(), now(), c.pid)
	}
}

// join reports the first Wait that returned.
func (c *core) join() {
	if events != nil && c.joined.CompareAndSwap(false, true) {
		report("joined", c.id(), now(), pid)
	}
}

// began reports that c is about to call its function, in this process.
func (c *core) began() {
	if events != nil {
		report("began", c.id(), now(), pid)
	}
}

// ended reports that the function of c has returned.
func (c *core) ended() {
	if events != nil {
		report("ended", c.id(), now(), pid)
	}
}

// current returns the name of the worker to which this goroutine belongs, or "" where there is none or
// it is not known. It is asked only where somebody listens.
func current() string {
	switch a := me(); {
	case a != itself:
		return a.label()
	case local.Load(): // this goroutine may belong to any of them
		return ""
	}
	return self.name
}
