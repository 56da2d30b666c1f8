package worker

import "reflect"

// A task is one call of a function, in the process that does it.
type task interface {
	do()
	// arg returns the argument, addressable.
	arg() reflect.Value
	// results returns what is sent back once it is done, addressable.
	results() []reflect.Value
}

// A callKind makes tasks of a pair of types, as a chunkKind makes items: no reflection is needed for the call.
type callKind interface {
	task(f any) task
}

type callKindOf[A, R any] struct{}

func (callKindOf[A, R]) task(f any) task { return &taskOf[A, R]{f: f} }

// A taskOf calls a function that Start, Try or Do was given.
type taskOf[A, R any] struct {
	f        any
	argument A
	result   R
	err      error
}

func (t *taskOf[A, R]) do() {
	switch f := t.f.(type) {
	case func(A) R:
		t.result = f(t.argument)
	case func(A) (R, error):
		t.result, t.err = f(t.argument)
	case func(A):
		f(t.argument)
	}
}

func (t *taskOf[A, R]) arg() reflect.Value { return reflect.ValueOf(&t.argument).Elem() }

func (t *taskOf[A, R]) results() []reflect.Value {
	switch t.f.(type) {
	case func(A):
		return nil
	case func(A) R:
		return []reflect.Value{reflect.ValueOf(&t.result).Elem()}
	}
	return []reflect.Value{reflect.ValueOf(&t.result).Elem(), reflect.ValueOf(&t.err).Elem()}
}

type runnerKindOf[P interface{ Run() }] struct{}

func (runnerKindOf[P]) task(any) task { return new(runnerTask[P]) }

// A runnerTask calls Run of the state that StartRunner was given, which is also its result.
type runnerTask[P interface{ Run() }] struct{ state P }

func (t *runnerTask[P]) do() { t.state.Run() }

func (t *runnerTask[P]) arg() reflect.Value { return reflect.ValueOf(&t.state).Elem() }

func (t *runnerTask[P]) results() []reflect.Value { return []reflect.Value{t.arg()} }
