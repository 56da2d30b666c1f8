package worker

import (
	"context"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Pipe is one end of a connection between two workers: what is sent into one end is received at the other, in
// order, and the same the other way round. Each end is meant for one worker at a time. To use one from
// several is safe, and says nothing about who gets what. An end can be given to workers of all modes, as a [Queue]
// can, and values pass in the same way: as they are as long as neither end was ever sent to a process,
// encoded from then on.
//
// In Python that is multiprocessing.Pipe; there is none for threads. It differs in this:
//
//   - What is received was whole when it was sent, also if its sender has been killed meanwhile.
//   - Each direction holds [PipeCapacity] values, of whatever size. There the bound is in bytes, and
//     depends on the system.
//   - EOFError and BrokenPipeError are [ErrClosed]. It is enough that a worker that uses the end closes it: who made
//     the pipe need not close the copy of the end that it gave away.
//   - If the worker that last used the other end has died, who waits gets an [AbandonedError], where in Python he
//     waits for ever as long as somebody else has that end open. Another worker may be given that end, and
//     take over. (A worker that returns without closing its end leaves it open for the next.)
//
// In Go a pair of channels would do that within a process; closing one of those is for the sender only.
type Pipe[T any] struct {
	handle // of an object that says where the wire is, and which end of it this is
	once   sync.Once
	known  *wire[T]
}

// PipeCapacity is how many values that were sent and not yet received each direction of a pipe holds.
const PipeCapacity = 64

// A wire is what the two ends of a pipe have in common.
type wire[T any] struct {
	handle
	flows [2]flow[T] // to each end
}

// Words of an end.
const (
	endWire = 0 // two of them: offset of the wire's object, of which each end holds one reference
	endSide = 2 // 0 or 1
)

// wireUsers is the first of two words of a wire: tokens of who last used each end.
const wireUsers = 2

func (*wire[T]) kind() kind            { return kindPipe }
func (*wire[T]) element() reflect.Type { return reflect.TypeFor[T]() }

func (w *wire[T]) attach() {
	for i := range w.flows {
		w.flows[i].attach(&w.handle, ringBehind(w.object, i))
	}
}

func (w *wire[T]) cross() error {
	for i := range w.flows {
		if err := w.flows[i].cross(); err != nil {
			return err
		}
	}
	if w.crossed.Swap(1) == 0 {
		parking.wakeAll(w.object)
	}
	return nil
}

// NewPipe returns the two ends of a pipe. Of the options, Named is for it.
func NewPipe[T any](options ...Option) (a, b *Pipe[T]) {
	w := create(new(wire[T]), 2*ringSize, options)
	for i := range w.flows {
		w.flows[i].init(PipeCapacity)
	}
	end := func(side uint32) *Pipe[T] {
		p := create(new(Pipe[T]), 0, options)
		p.known = w
		w.refs.Add(1)
		wireOf(p.object).Store(uint64(offsetOf(w.object)))
		p.words[endSide].Store(side)
		return p
	}
	return end(0), end(1)
}

func (*Pipe[T]) kind() kind            { return kindEnd }
func (*Pipe[T]) element() reflect.Type { return reflect.TypeFor[T]() }

func wireOf(end *object) *atomic.Uint64 {
	return (*atomic.Uint64)(unsafe.Pointer(&end.words[endWire]))
}

// attach is where an end arrives: from then on whoever it was sent to counts as its user, for he may die before
// he does anything with it.
func (p *Pipe[T]) attach() {
	if place := wireOf(p.object).Load(); place != 0 {
		p.user(at[object](offset(place))).Store(uint32(itself.token()))
	}
}

// cross is where an end leaves. Nobody is its user while it is on its way.
func (p *Pipe[T]) cross() error {
	w := p.wire()
	if err := w.cross(); err != nil {
		return err
	}
	p.user(w.object).Store(0)
	return nil
}

// user is where in the wire it says who last used p.
func (p *Pipe[T]) user(wire *object) *word { return &wire.words[wireUsers+p.words[endSide].Load()] }

// endUser is that of an end that was sent.
func (o *object) endUser() *word {
	return &at[object](offset(wireOf(o).Load())).words[wireUsers+o.words[endSide].Load()]
}

// wire returns the wire, of which this process may have no handle yet.
func (p *Pipe[T]) wire() *wire[T] {
	p.once.Do(func() {
		if p.known != nil {
			return
		}
		place := offset(wireOf(p.object).Load())
		at[object](place).refs.Add(1)
		w, err := arrive(new(wire[T]), place)
		if err != nil {
			panic(err) // an end is of the type of its wire
		}
		p.known = w.(*wire[T])
	})
	return p.known
}

// use notes that the caller uses p.
func (p *Pipe[T]) use() (w *wire[T], mine, theirs uint32) {
	w = p.wire()
	mine = p.words[endSide].Load()
	me := uint32(me().token())
	if user := p.user(w.object); user.Load() != me {
		user.Store(me)
	}
	return w, mine, 1 - mine
}

// Send sends v to the other end, and waits for room where that has [PipeCapacity] values to receive. The error is
// [ErrClosed] where either end is closed, also meanwhile, and an [AbandonedError] where it would wait and
// the worker that last used the other end has died; else it says why v could not be encoded, or that there
// is not enough shared memory for it. After an error v was not sent.
func (p *Pipe[T]) Send(v T) error { return p.SendContext(context.Background(), v) }

// SendContext is Send with a limit: where ctx ends first it returns context.Cause(ctx). Where there is room
// it sends v, whether ctx has ended or not.
func (p *Pipe[T]) SendContext(ctx context.Context, v T) error {
	defer runtime.KeepAlive(p)
	w, _, theirs := p.use()
	return w.flows[theirs].put(v, waiting{ctx: ctx, why: sending, vain: w.abandoned(theirs)})
}

// Recv returns what was sent first of all that was not received, and waits for it. The error is [ErrClosed]
// once all was received that had been sent when one of the ends was closed, and an [AbandonedError] where
// the worker that last used the other end has died. Any other error comes from a method by which T
// reads itself: that value is lost, and the next call receives the next.
func (p *Pipe[T]) Recv() (T, error) { return p.RecvContext(context.Background()) }

// RecvContext is Recv with a limit: where ctx ends first it returns context.Cause(ctx). What is there it
// returns, whether ctx has ended or not.
func (p *Pipe[T]) RecvContext(ctx context.Context) (T, error) {
	defer runtime.KeepAlive(p)
	w, mine, theirs := p.use()
	return w.flows[mine].get(waiting{ctx: ctx, why: receiving, vain: w.abandoned(theirs)})
}

// abandoned returns a function that says whether the last user of an end has died.
func (w *wire[T]) abandoned(side uint32) func() error {
	return func() error {
		if user := token(w.words[wireUsers+side].Load()); user != 0 && user.condition() == dead {
			return abandoned(w.object, user)
		}
		return nil
	}
}

// Close closes this end, and so the connection: nothing more can be sent from either end. What was sent before can still
// be received. Closing an end again does nothing.
func (p *Pipe[T]) Close() {
	w, _, _ := p.use()
	for i := range w.flows {
		w.flows[i].close()
	}
	runtime.KeepAlive(p)
}
