package worker

import (
	"context"
	"runtime"
)

// An Event is set or not, and workers wait until it is. It is Python's Event. In Go one would close a
// channel, which cannot be opened again, and cannot be sent to a process.
type Event struct {
	handle
	plain
}

// The first word counts how often the event was set and cleared: it is odd where the event is set.

// NewEvent returns an event that is not set. Of the options, Named is for it.
func NewEvent(options ...Option) *Event { return create(new(Event), 0, options) }

func (*Event) kind() kind { return kindEvent }

// Set sets e and wakes all who wait for it. They go on also where Clear follows at once.
func (e *Event) Set() {
	defer runtime.KeepAlive(e)
	e.race.letGo()
	if n := e.words[0].Load(); n%2 == 0 && e.words[0].CompareAndSwap(n, n+1) { // else another was quicker
		e.wake(&e.words[0], everyone)
	}
}

// Clear takes back what Set did: who calls Wait from now on waits for the next Set.
func (e *Event) Clear() {
	defer runtime.KeepAlive(e)
	if n := e.words[0].Load(); n%2 == 1 {
		e.words[0].CompareAndSwap(n, n+1)
	}
}

// IsSet reports whether e is set.
func (e *Event) IsSet() bool {
	defer runtime.KeepAlive(e)
	if e.words[0].Load()%2 == 0 {
		return false
	}
	e.race.getHold()
	return true
}

// Wait waits until e is set, and returns at once where it is.
func (e *Event) Wait() { _ = e.wait(context.Background()) }

// WaitContext is Wait with a limit: where ctx ends before e is set, it returns context.Cause(ctx).
func (e *Event) WaitContext(ctx context.Context) error { return e.wait(ctx) }

func (e *Event) wait(ctx context.Context) error {
	defer runtime.KeepAlive(e)
	began := e.words[0].Load()
	for e.words[0].Load() == began && began%2 == 0 { // any change was a Set
		if err := e.sleep(ctx, &e.words[0], began, happening); err != nil {
			return err
		}
	}
	e.race.getHold()
	return nil
}
