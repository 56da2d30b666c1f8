package worker

import (
	linked "container/list"
	"fmt"
	"reflect"
	"runtime"
	"sync"
)

// maxStillborn is how many workers in a row may die before they begin anything: then no more are started.
const maxStillborn = 3

// A pool is what a Pool is but for its types: it decides who does which chunk when.
type pool struct {
	settings
	f        reflect.Value
	checked  sync.Once
	refused  string // why nothing can be begun
	function place  // of f, for processes
	size     int    // how many workers there may be at once

	mu        sync.Mutex
	queue     linked.List // of jobs that may have chunks to be begun; each gives one in turn
	idle      []*poolWorker
	workers   map[*poolWorker]struct{} // those that are not gone, idle ones too
	left      []*core                  // those that ended well
	started   int64
	stillborn int           // workers in a row that died before they began anything
	broken    error         // why there are no workers any more
	closed    bool          // takes no more
	gone      chan struct{} // closed when it is closed and all workers have ended
	err       error         // of a worker that died when it had nothing to do
}

func (p *pool) init(f any, options []Option) {
	p.settings, p.f = newSettings(options), reflect.ValueOf(f)
	p.workers, p.gone = make(map[*poolWorker]struct{}), make(chan struct{})
}

// check returns an error where no call can be done, with the line of the call that entered this package.
// It is not asked before the first: a pool may be a package variable, made before anything is registered.
func (p *pool) check() error {
	p.checked.Do(func() {
		if p.function, p.refused = p.refusal(); p.refused == "" {
			p.size = p.width()
			if p.mode == Serial {
				p.size = 1
			}
		}
	})
	if p.refused != "" {
		return &RefusedError{Call: caller(), Reason: p.refused}
	}
	return nil
}

// refusal says why nothing can be begun, or returns where a process finds p.f.
func (p *pool) refusal() (function place, reason string) {
	switch {
	case p.settings.workers != nil && *p.settings.workers < 1:
		return place{}, fmt.Sprintf("Workers(%d): a pool needs at least one worker", *p.settings.workers)
	case p.chunk != nil && *p.chunk < 1:
		return place{}, fmt.Sprintf("Chunk(%d): a chunk has at least one item", *p.chunk)
	}
	switch p.mode {
	case Serial, Goroutine, Thread:
		return place{}, ""
	case Process:
		if err := reachable(p.f, false); err != nil {
			return place{}, err.Error()
		}
		return placeOf(p.f, false), ""
	}
	return place{}, unknownMode(p.mode)
}

// width returns how many workers were asked for, whatever the mode makes of it.
func (s settings) width() int {
	if s.workers != nil {
		return *s.workers
	}
	return runtime.GOMAXPROCS(0)
}

// chunkSize returns how many items a chunk has, where the default is n.
func (s settings) chunkSize(n int) int {
	if s.chunk != nil {
		return *s.chunk
	}
	return max(n, 1)
}

// offer has j's chunks be begun, those that were just added to it or that it makes. k is the one that was
// added, nil where there is none.
func (p *pool) offer(j *job, k *chunk) error {
	p.mu.Lock()
	switch {
	case p.closed:
		p.mu.Unlock()
		return ErrClosed
	case p.broken != nil:
		p.mu.Unlock()
		return p.broken
	case j.stopped:
		p.mu.Unlock()
		return nil
	}
	if k != nil {
		j.add(k)
	}
	if p.mode == Serial {
		w := p.newWorker(nil)
		p.mu.Unlock()
		w.begin()
		w.serve(j)
		return nil
	}
	p.enqueue(j)
	begun := p.dispatch()
	p.mu.Unlock()
	for _, w := range begun {
		w.start()
	}
	return nil
}

// enqueue has j be asked for chunks.
func (p *pool) enqueue(j *job) {
	if !j.queued {
		j.queued = true
		p.queue.PushBack(j)
	}
}

// take returns the chunk that is to be begun next, of each job in turn; nil where there is none.
func (p *pool) take() *chunk {
	for e := p.queue.Front(); e != nil; e = p.queue.Front() {
		j := e.Value.(*job)
		if k := j.take(); k != nil {
			p.queue.MoveToBack(e)
			return k
		}
		p.queue.Remove(e)
		j.queued = false
	}
	return nil
}

// dispatch hands out chunks to workers that are idle, and to new ones, which it returns: they are to be
// begun without the mutex.
func (p *pool) dispatch() (begun []*poolWorker) {
	for {
		idle, grows := len(p.idle) > 0, len(p.workers) < p.size && p.stillborn < maxStillborn
		if !idle && !grows {
			return begun
		}
		k := p.take()
		if k == nil {
			return begun
		}
		if !idle {
			begun = append(begun, p.newWorker(k))
			continue
		}
		w := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		w.chunk = k
		w.next <- k
	}
}

// finish says that w has done what it had, and returns what it is to do next; nil when it is to end.
func (p *pool) finish(w *poolWorker) *chunk {
	p.mu.Lock()
	w.done()
	if w.doomed {
		p.mu.Unlock()
		return nil
	}
	if w.chunk = p.take(); w.chunk != nil || p.closed {
		p.mu.Unlock()
		return w.chunk
	}
	p.idle = append(p.idle, w)
	p.mu.Unlock()
	if w.mode != Process { // which tells of itself
		defer doze(sleeping{why: idling}).getUp()
	}
	return <-w.next // nil once it is closed
}

// leave says that w has ended and was waited for. err says how it died, where it did. began is false
// where it never read a chunk.
func (p *pool) leave(w *poolWorker, err error, began bool) {
	p.mu.Lock()
	delete(p.workers, w)
	k := w.chunk
	switch {
	case k == nil:
		if err != nil && !w.doomed && p.err == nil {
			p.err = err
		}
	case began:
		k.err = err
		w.done()
	case k.job.stopped:
		k.dropped = true
		w.done()
	case w.doomed:
		k.err = err
		w.done()
	default:
		w.chunk = nil
		k.job.again(k)
		p.enqueue(k.job)
	}
	if !began && !w.doomed && k != nil && !w.served {
		p.stillborn++
	}
	if p.stillborn >= maxStillborn && len(p.workers) == 0 && p.broken == nil {
		p.broken = fmt.Errorf("%d workers in a row ended before they began anything: %w", p.stillborn, err)
		p.abandon(p.broken)
	}
	begun := p.dispatch()
	if err == nil {
		p.left = append(p.left, &w.core)
	}
	p.settle()
	p.mu.Unlock()
	if err != nil {
		w.join()
	}
	for _, w := range begun {
		w.start()
	}
}

// adopt says that w has a process now.
func (p *pool) adopt(w *poolWorker, child *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.child = child
	if w.doomed {
		w.kill()
	}
}

// drop says that nobody waits for the chunk of w any more.
func (p *pool) drop(w *poolWorker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.chunk.dropped = true
	w.done()
}

// abandon finishes all that was not begun, with err.
func (p *pool) abandon(err error) {
	for k := p.take(); k != nil; k = p.take() {
		k.err = err
		k.job.finish(k)
	}
}

// stop lets nothing more of j be begun. What is under way goes on.
func (p *pool) stop(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	j.stop()
}

// cancel is stop, but that processes which work for j are killed.
func (p *pool) cancel(j *job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	j.stop()
	for w := range p.workers {
		if w.chunk != nil && w.chunk.job == j {
			w.kill()
		}
	}
}

// wait waits until nothing of j, to which nothing is added any more, is under way.
func (p *pool) wait(j *job) {
	settled := make(chan struct{})
	p.mu.Lock()
	j.settled = settled
	j.settle()
	p.mu.Unlock()
	select {
	case <-settled:
	default:
		defer doze(sleeping{why: pooling, ends: j.ctx.Done() != nil}).getUp()
		<-settled
	}
}

// settle lets those go who have nothing more to do, once the pool is closed.
func (p *pool) settle() {
	if !p.closed {
		return
	}
	for _, w := range p.idle {
		close(w.next)
	}
	p.idle = nil
	if len(p.workers) > 0 {
		return
	}
	select {
	case <-p.gone:
	default:
		close(p.gone)
	}
}

// close takes no more, and waits until all that was taken is done and the workers have ended.
func (p *pool) close() error {
	p.mu.Lock()
	p.closed = true
	p.settle()
	p.mu.Unlock()
	bed := doze(sleeping{why: pooling})
	<-p.gone
	bed.getUp()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.left {
		c.join()
	}
	p.left = nil
	return p.err
}

// kill is close, but that nothing more is begun and processes are killed.
func (p *pool) kill() {
	p.mu.Lock()
	p.closed = true
	p.abandon(ErrClosed)
	for w := range p.workers {
		w.kill()
	}
	p.mu.Unlock()
	_ = p.close()
}
