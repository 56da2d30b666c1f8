package worker

import (
	"cmp"
	"os"
	"strconv"
)

// events is where this process reports what its workers do; nil where nobody listens. Nothing here
// does more than look at it then.
var events *eventLog

// output is where this process hands over the pipes of its own standard output and standard error;
// nil where nobody takes them.
var output *os.File

// listen opens the log and the socket of those who listen, which are inherited under these numbers; 0 where
// nobody does.
func listen(log, socket uintptr) {
	if log != 0 {
		if events = openLog(log); events != nil {
			setClock()
			countCollections()
		}
	}
	if socket != 0 {
		output = openOutput(socket)
	}
}

// inherited returns the descriptor that the environment names, and takes its name out of there.
func inherited(name string) (fd uintptr) {
	n, _ := strconv.ParseUint(os.Getenv(name), 10, 31)
	_ = os.Unsetenv(name)
	return uintptr(n)
}

// now returns the time on the clock that all processes share, in nanoseconds; 0 where nobody listens.
func now() int64 {
	if events == nil {
		return 0
	}
	return stamp()
}

// report says that something happened to the worker of that id, which runs in process pid.
func report(kind eventKind, id workerID, at int64, pid int) {
	if events != nil {
		events.add(kind, id, at, int64(pid))
	}
}

// asked reports that c was asked for, by the worker in whose goroutine Start was called.
func (c *core) asked(at int64) {
	if events != nil {
		events.addNamed(eventAsked, c.identity(), at, modeNumber(c.mode), c.label(), current())
	}
}

// died reports that c ended without returning.
func (c *core) died() { report(eventDied, c.identity(), now(), c.pid) }

// join reports the first Wait that returned.
func (c *core) join() {
	if events != nil && c.joined.CompareAndSwap(false, true) {
		report(eventJoined, c.identity(), now(), c.pid)
	}
}

// began reports that c is about to call its function, in this process.
func (c *core) began() {
	if events != nil {
		report(eventBegan, c.identity(), now(), pid)
	}
}

// ended reports that the function of c has returned.
func (c *core) ended() {
	if events != nil {
		report(eventEnded, c.identity(), cmp.Or(c.last, now()), pid)
	}
}

// waited reports that a has slept since from, a time that now returned, on the primitive of that name. It is
// to be called after a sleep that really happened. Nothing comes of it where nobody listens (from is 0 then,
// so that a caller need not make up the name) and for what is done by no worker.
func (a *agent) waited(on string, from int64) {
	if from == 0 {
		return
	}
	to := now()
	if id, ok := a.identity(); ok {
		events.addNamed(eventWaited, id, to, from, cut(on, maxName), "")
	}
}

// current returns the name of the worker to which this goroutine belongs, or "" where there is none or
// it is not known. It is asked only where somebody listens.
func current() string {
	a := me()
	if _, ok := a.identity(); !ok {
		return ""
	}
	return a.label()
}

// identity returns the id of the worker that a is; false where it is none or that is not known.
func (a *agent) identity() (workerID, bool) {
	switch {
	case a != itself:
		return a.core.identity(), true
	case local.Load() || !self.worker: // of several workers, it may be any
		return workerID{}, false
	}
	return self.id, true
}
