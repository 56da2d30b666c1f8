package worker

import (
	"errors"
	"runtime"
)

// A poolWorker is a worker of a pool. The pool's mutex guards what is not only its own.
type poolWorker struct {
	core
	pool   *pool
	next   chan *chunk // what to do next, where it is idle; closed when it is to end
	chunk  *chunk      // under way
	child  *process    // nil where it has none, or none yet
	doomed bool        // killed, or to be killed once it has a process
	served bool        // it has done something
	at     int         // index within chunk of the item in progress, known to its own goroutine
}

// newWorker returns a worker that is to begin with k. The pool's mutex is held.
func (p *pool) newWorker(k *chunk) *poolWorker {
	w := &poolWorker{pool: p, next: make(chan *chunk, 1), chunk: k}
	p.started++
	name := p.name
	if name != "" {
		name = numbered(name, " ", p.started)
	}
	w.init(p.settings, name)
	p.workers[w] = struct{}{}
	return w
}

// begin tells that w was asked for, in the goroutine that did.
func (w *poolWorker) begin() {
	w.asked(now())
	if w.mode != Process {
		w.pid = pid
	}
}

// done says that the chunk of w is finished. The pool's mutex is held.
func (w *poolWorker) done() {
	if k := w.chunk; k != nil {
		w.chunk, w.served = nil, true
		k.job.finish(k)
	}
}

// kill ends the process of w, where it has one. The pool's mutex is held.
func (w *poolWorker) kill() {
	if w.mode != Process {
		return
	}
	w.doomed = true
	if w.child != nil {
		_ = w.child.process.Kill() // it may have ended by itself
	}
}

// start tells that w was asked for, and has it begin in a goroutine of its own.
func (w *poolWorker) start() {
	w.begin()
	if w.mode == Process {
		background(w.remote)
		return
	}
	go func() {
		if w.mode == Thread {
			runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		}
		w.local(w.chunk, func() *chunk { return w.pool.finish(w) })
	}()
}

// serve does all of j in the calling goroutine.
func (w *poolWorker) serve(j *job) {
	next := func() *chunk {
		w.pool.mu.Lock()
		defer w.pool.mu.Unlock()
		w.done()
		w.chunk = j.take()
		return w.chunk
	}
	w.local(next(), next)
}

// local does k and what comes next in this process.
func (w *poolWorker) local(k *chunk, next func() *chunk) {
	w.agent.enter()
	w.began()
	returned := false
	defer func() {
		switch {
		case returned:
			w.ended()
			w.agent.leave(free)
			w.pool.leave(w, nil, true)
		case exiting():
			w.died()
			w.agent.leave(dead)
			death := &DeathError{Worker: w.label(), Pid: pid, How: goexit, Exit: -1}
			w.pool.leave(w, k.blame(death, w.at), true)
		case w.mode == Serial: // a panic, from which the caller may recover
			w.agent.leave(free)
			w.pool.drop(w)
			w.pool.leave(w, nil, true)
		}
	}()
	for ; k != nil; k = next() {
		k.failures = k.items.do(k.job.ctx, k.job.strict, &w.at)
		w.last = now()
	}
	returned = true
}

// remote does chunks in a process of its own.
func (w *poolWorker) remote() {
	p, err := w.spawn(nil, w.pool.function)
	if err != nil {
		w.pool.leave(w, err, false)
		return
	}
	w.pool.adopt(w, p)
	for k := w.chunk; k != nil; k = w.pool.finish(w) {
		if err := p.chunk(k); err != nil {
			w.at = w.agent.token().slot().item
			death := p.end(err)
			if d, ok := errors.AsType[*DeathError](death); ok && !errors.Is(err, errNotBegun) {
				death = k.blame(d, w.at)
			}
			w.pool.leave(w, death, !errors.Is(err, errNotBegun))
			return
		}
	}
	w.pool.leave(w, p.end(nil), true)
}
