package worker

import (
	"context"
	"os"
	"reflect"
	"runtime"
)

// A Worker is one piece of work that was given away. Its methods are safe for concurrent use.
type Worker[R any] struct {
	core
	result R // to be read once core.done is closed
}

// Start has a worker call f(arg) and returns at once, but for Serial. A process gets arg as it is when
// Start is called. If f or arg cannot reach the worker, Wait says so, with the line of this call.
func Start[A, R any](f func(A) R, arg A, options ...Option) *Worker[R] {
	w := new(Worker[R])
	w.start(options, func() { w.result = f(arg) }, func() call { return newCall(callKindOf[A, R]{}, f, &arg, &w.result) })
	return w
}

// Try is Start for a function that returns an error as well, which Wait returns.
func Try[A, R any](f func(A) (R, error), arg A, options ...Option) *Worker[R] {
	w := new(Worker[R])
	w.start(options, func() { w.result, w.err = f(arg) }, func() call { return newCall(callKindOf[A, R]{}, f, &arg, &w.result) })
	return w
}

// Do is Start for a function that returns nothing.
func Do[A any](f func(A), arg A, options ...Option) *Worker[struct{}] {
	w := new(Worker[struct{}])
	w.start(options, func() { f(arg) }, func() call { return newCall(callKindOf[A, struct{}]{}, f, &arg, &w.result) })
	return w
}

// StartRunner has a worker call state.Run(), as Start has it call a function: a worker with a state of
// its own, and Wait returns that state. A thread works on the caller's own, and Wait returns the same
// pointer; until then it is the worker's, and who looks at it races. A process works on a copy of it as
// it was when StartRunner was called, and Wait returns a pointer to that copy as Run left it; the
// caller's own is unchanged. Where Run has a value receiver, its changes are lost in every mode. After
// a [RefusedError] or [DeathError] Wait returns nil.
//
//	type Counter struct{ From, To, Sum int }
//
//	func (c *Counter) Run() { … }
//
//	w := worker.StartRunner(&Counter{From: 1, To: 100})
//	counter, err := w.Wait()
//
// A process finds Run by its type, which is to be declared at top level, not generic, and known by
// worker.Register((*Counter).Run); a lesson's generated file registers all types for which it declares Run.
func StartRunner[T any, P interface {
	*T
	Run()
}](state P, options ...Option) *Worker[P] {
	w := new(Worker[P])
	w.start(options,
		func() { state.Run(); w.result = state },
		func() call { return newRunnerCall(runnerKindOf[P]{}, &state, &w.result) })
	return w
}

// newCall keeps the generic functions above small: there is a copy of them for each pair of types.
func newCall(kind callKind, f, arg, result any) call {
	return call{kind: kind, function: reflect.ValueOf(f), arg: reflect.ValueOf(arg).Elem(), result: reflect.ValueOf(result).Elem()}
}

func newRunnerCall(kind callKind, state, result any) call {
	arg := reflect.ValueOf(state).Elem()
	run, _ := arg.Type().MethodByName("Run")
	return call{kind: kind, function: run.Func, method: true, arg: arg, result: reflect.ValueOf(result).Elem()}
}

// Wait waits until the worker has ended and returns what its function did. It may be called any
// number of times, from any goroutine. The error is a [RefusedError] where nothing was run, a
// [DeathError] where the worker ended without returning, else that of the function, which from
// another process is a [RemoteError].
func (w *Worker[R]) Wait() (R, error) { return w.WaitContext(context.Background()) }

// WaitContext is Wait with a limit: where ctx ends first it returns context.Cause(ctx), and the worker
// goes on. A worker that has ended counts, whether ctx has ended or not.
//
//	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
//	defer cancel()
//	n, err := w.WaitContext(ctx) // context.DeadlineExceeded after a second
func (w *Worker[R]) WaitContext(ctx context.Context) (R, error) {
	if err := w.await(ctx); err != nil {
		var none R
		return none, err
	}
	return w.result, w.err
}

// Name returns the name given by Named, else "worker 1", "worker 2", … in the order in which this
// process asked for workers. Those that a process named "worker 1" asks for are "worker 1.1", ….
func (w *Worker[R]) Name() string { return w.label() }

// ID tells the worker from all others of the program, those in other processes included.
func (w *Worker[R]) ID() string { return w.id() }

// Pid returns the id of the process in which the worker runs or ran: this one's, but for Process. It
// is 0 where there never was one.
func (w *Worker[R]) Pid() int { return w.pid }

// Tid returns the system's id of the worker's thread. For Thread it is that of the thread that the worker
// has to itself, once it began. For Process it is that of the process's main thread, which on Linux has
// the id of the process; Go runs the function on whichever thread of that process it likes. It is 0 for
// Serial and Goroutine, which have no thread of their own: Go may move them to another one at any call.
// It is 0 as well where the system does not tell: of threads all but Linux and Windows, of processes all
// but Linux. The system may give the id to another thread once the worker has ended.
func (w *Worker[R]) Tid() int { return int(w.tid.Load()) }

// ExitCode returns the exit status of a worker that has ended: 0 where its function returned, also with
// an error, and what a process gave to os.Exit (2 after a panic). It is -1 while the worker is alive,
// where a signal or runtime.Goexit ended it, and where nothing was run: as that of os.ProcessState.
func (w *Worker[R]) ExitCode() int {
	if w.alive() {
		return -1
	}
	return int(w.exit)
}

// Terminate asks the system to end the worker's process by SIGTERM, which the process may catch by
// os/signal; where there is no such signal it is Kill. It does not wait: Wait does, and returns a
// [DeathError] with the signal, also where the result was on its way.
//
// The error is os.ErrProcessDone where the process has ended or never was, which the caller may well
// leave at that; a process that is about to end may be told without an error. A worker that is not a
// process cannot be ended by others, since it may hold a lock or have changed half of what others use:
// the error is then errors.ErrUnsupported, and the worker goes on. Give such a worker a context or a
// channel to look at. Terminate and Kill never reach another process that got the id later.
func (w *Worker[R]) Terminate() error { return w.signal("terminate", terminate) }

// Kill is Terminate by SIGKILL, which no process can catch: no deferred function runs there.
func (w *Worker[R]) Kill() error { return w.signal("kill", (*os.Process).Kill) }

// Mode returns by whom the work is done.
func (w *Worker[R]) Mode() Mode { return w.mode }

// Alive reports whether the worker has not ended yet. A process has ended once the system says so.
func (w *Worker[R]) Alive() bool { return w.alive() }

// start begins the work: local does it in this process, remote describes it for another.
func (c *core) start(options []Option, local func(), remote func() call) {
	c.settings.set(options) // in place: elsewhere they would be an allocation of their own
	c.init(c.settings, c.name)
	if c.workers != nil || c.chunk != nil {
		c.refuse("Workers and Chunk are options of pools: Start, Try and Do begin one worker each")
		return
	}
	switch c.mode {
	case Serial, Goroutine, Thread:
		c.asked(now())
		c.pid = pid
		c.begin(local)
	case Process:
		c.startProcess(remote())
	default:
		c.refuse(unknownMode(c.mode))
	}
}

// begin has body run by c, which must not be a process.
func (c *core) begin(body func()) {
	if c.mode == Serial {
		c.run(body)
		return
	}
	go func() {
		if c.mode == Thread {
			runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
			c.tid.Store(thisThread())
		}
		c.run(body)
	}()
}
