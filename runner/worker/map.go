package worker

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
)

// Map has a pool of workers call f with each of args, and returns the results in the order of args. Each
// worker takes an item when it is done with its last; a process is used for many. After an error no more
// items are begun, and Map returns the first error, without results, once all workers have ended. A
// [DeathError] says which item the worker died with. Serial uses one worker, whatever Workers says.
func Map[A, R any](f func(A) R, args []A, options ...Option) ([]R, error) {
	results := make([]R, len(args))
	p := pool{settings: newSettings(options), items: int64(len(args))}
	err := p.run(
		func(i int) { results[i] = f(args[i]) },
		reflect.ValueOf(f), reflect.ValueOf(args), reflect.ValueOf(results))
	if err != nil {
		return nil, err
	}
	return results, nil
}

// A pool deals with the items of one Map.
type pool struct {
	settings
	items   int64
	next    atomic.Int64 // the item that is handed out next; each worker has its first from the start
	stopped atomic.Bool  // no more items are begun
	failed  sync.Once
	err     error // the first
}

// run deals with all items: local does one of them in this process, f one of args for results in another.
func (p *pool) run(local func(i int), f, args, results reflect.Value) error {
	function, err := p.check(f)
	if err != nil {
		return &RefusedError{Call: caller(), Reason: err.Error()}
	}
	workers := make([]core, p.poolSize(int(p.items)))
	p.next.Store(int64(len(workers)))
	for i := range workers {
		c, name := &workers[i], p.name
		if name != "" {
			name = numbered(name, " ", int64(i+1))
		}
		c.init(p.settings, name)
		c.asked(now())
		if p.mode == Process {
			p.remote(c, int64(i), function, call{function: f, arg: args, result: results})
			continue
		}
		c.pid = pid
		c.begin(func() { p.local(c, int64(i), local) })
	}
	for i := range workers {
		_ = workers[i].await(context.Background())
	}
	return p.err
}

// check says why nothing can be begun, or returns the name by which a process finds f.
func (p *pool) check(f reflect.Value) (function string, err error) {
	if p.workers != nil && *p.workers < 1 {
		return "", fmt.Errorf("Workers(%d): a pool needs at least one worker", *p.workers)
	}
	switch p.mode {
	case Serial, Goroutine, Thread:
		return "", nil
	case Process:
		return reachable(f, false)
	}
	return "", errors.New(unknownMode(p.mode))
}

// fail lets no more items be begun. The first error is the pool's.
func (p *pool) fail(err error) {
	p.stopped.Store(true)
	p.failed.Do(func() { p.err = err })
}

// take returns the next item; false where there is none.
func (p *pool) take() (item int64, ok bool) {
	item = p.next.Add(1) - 1
	return item, item < p.items && !p.stopped.Load()
}

// local has do deal with items in the goroutine of c, from the first on.
func (p *pool) local(c *core, item int64, do func(int)) {
	more := !p.stopped.Load()
	defer func() {
		if more && exiting() {
			p.fail(&DeathError{Worker: c.label(), Pid: pid, How: goexit, Exit: -1, Item: int(item)})
		}
	}()
	for ; more; item, more = p.take() {
		do(int(item))
	}
}

// remote has c deal with items in a process of its own, from the first on.
func (p *pool) remote(c *core, item int64, function string, k call) {
	if p.stopped.Load() {
		close(c.done)
		return
	}
	remote, err := c.spawn(function)
	if err != nil {
		p.fail(err)
		close(c.done)
		return
	}
	go func() {
		defer close(c.done)
		var err error
		for more := !p.stopped.Load(); more; item, more = p.take() {
			if err = remote.item(k, int(item)); err != nil {
				p.stopped.Store(true)
				break
			}
		}
		at := -1
		if err != nil {
			at = int(item)
		}
		if err = remote.end(err); err == nil {
			return
		}
		if death, ok := errors.AsType[*DeathError](err); ok {
			death.Item = at
		}
		p.fail(err)
	}()
}

// item has p call k.function with one element of k.arg, for that of k.result.
func (p *process) item(k call, i int) error {
	request, err := newMessage(nil, k.arg.Index(i))
	if err != nil {
		return fmt.Errorf("send item %d to %s: %w", i, p.worker.label(), err)
	}
	k.result = k.result.Index(i)
	return p.call(request, false, k)
}
