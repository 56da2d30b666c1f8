package main

import (
	"io"
	"sync"
)

// An outlet is where a command prints. It remembers that something could not be printed, which commands need not look at.
type outlet struct {
	to io.Writer

	mu     sync.Mutex
	failed error // the first time
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed == nil {
		o.failed = err
	}
	return n, err
}

// lost returns why something could not be printed, or nil.
func (o *outlet) lost() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
}

// through returns what an outlet prints on, which may be a terminal.
func through(w io.Writer) io.Writer {
	if o, ok := w.(*outlet); ok {
		return o.to
	}
	return w
}
