package worker

import (
	"context"
	"reflect"
)

// A chunk is what a worker of a pool takes as a whole: some items that follow one another. What came of
// it is set by the worker, and read once the chunk is finished.
type chunk struct {
	job      *job
	first    int // index of its first item
	count    int
	items    items
	failures []failure // of items whose function returned an error, in order
	err      error     // why there are no results
	dropped  bool      // it was never begun, and nobody wants to know
}

// A failure is what the function returned for one item.
type failure struct {
	Item int // index within the chunk
	Err  error
}

// blame names the item of k at which its worker died.
func (k *chunk) blame(death *DeathError, at int) *DeathError {
	death.Item = -1
	if k.job.indexed {
		death.Item = k.first + min(at, k.count-1)
	}
	return death
}

// items are arguments and where their results go: a batch, whatever its types are.
type items interface {
	// do calls the function for each. It ends with the first error where strict is set, and before the
	// next item once ctx has ended. at is always the index of the item in progress.
	do(ctx context.Context, strict bool, at *int) []failure
	// ends returns both slices, addressable.
	ends() (args, results reflect.Value)
	// kind returns what makes items of the same types.
	kind() chunkKind
}

// A batch is the items of one chunk.
type batch[A, R any] struct {
	f       func(A) (R, error)
	args    []A
	results []R
}

func (b *batch[A, R]) do(ctx context.Context, strict bool, at *int) (failures []failure) {
	for i, arg := range b.args {
		if *at = i; ctx.Err() != nil {
			break
		}
		var err error
		if b.results[i], err = b.f(arg); err != nil {
			failures = append(failures, failure{i, err})
			if strict {
				break
			}
		}
	}
	return failures
}

func (b *batch[A, R]) ends() (args, results reflect.Value) {
	return reflect.ValueOf(&b.args).Elem(), reflect.ValueOf(&b.results).Elem()
}

func (*batch[A, R]) kind() chunkKind { return chunkKindOf[A, R]{} }

// A chunkKind makes items of a pair of types. There is a type of its own for each pair, of no size: so one that
// is found again in another process has the machine code for these types, which calls a function in a
// nanosecond. By reflection it takes a hundred.
type chunkKind interface {
	// received returns items for f, with the arguments that read puts into a slice.
	received(f any, read func(args reflect.Value) error) (items, error)
}

type chunkKindOf[A, R any] struct{}

func (chunkKindOf[A, R]) received(f any, read func(args reflect.Value) error) (items, error) {
	b := &batch[A, R]{f: uniform[A, R](f)}
	if err := read(reflect.ValueOf(&b.args).Elem()); err != nil {
		return nil, err
	}
	b.results = make([]R, len(b.args))
	return b, nil
}

// uniform returns f as a function that returns an error as well.
func uniform[A, R any](f any) func(A) (R, error) {
	if f, ok := f.(func(A) R); ok {
		return func(arg A) (R, error) { return f(arg), nil }
	}
	return f.(func(A) (R, error))
}
