// Package worker is what a cell imports: one way to have work done by goroutines, threads or processes.
//
// A program says what is to be done, and the mode says by whom:
//
//	func square(n int) int { return n * n }
//
//	func main() {
//		w := worker.Start(square, 12)
//		n, err := w.Wait()
//		fmt.Println(n, err) // 144 <nil>, in every mode
//	}
//
// # Modes
//
//   - [Serial]: the function runs inside Start. It is what the others are compared with.
//   - [Goroutine]: a goroutine, which Go runs on threads as it likes.
//   - [Thread]: a goroutine that has a thread of the system to itself, which ends with it.
//   - [Process]: the program is executed again, and the function is called there.
//
// The environment variable COURSE_MODE names the mode of all workers that do not insist on one of
// their own by [As]; without it they are threads. Threads share the program's memory; a process has
// its own, in which package variables are initialised anew and main does not run. Its standard input
// is empty, its working directory and environment are those of the process that asked for it.
//
// With one slot (GOMAXPROCS=1) the threads of a process take turns in it, as Python's do with their lock: who waits
// for another thread hands the slot over, which takes several times as long as to wake a thread that has a slot of its
// own; and who sleeps in the kernel keeps it until Go's runtime, which looks from time to time, takes it
// away. Each process has slots of its own.
//
// # Many at once
//
// [Map] calls a function with each of many arguments and returns the results in their order. A [Pool] does
// that again and again with the same workers, as a stream, too, whose results come as they are done.
//
// # What crosses to a process, and back
//
// Argument and result travel as copies: numbers, strings, booleans, slices, arrays, maps, structs
// whose fields are all exported, pointers, and types that marshal themselves (encoding.BinaryMarshaler,
// gob.GobEncoder or encoding.TextMarshaler, each with its counterpart: time.Time, netip.Addr, big.Int).
// A nil slice stays nil and an empty one empty. What a pointer points to arrives as a copy; pointers or
// maps that are the same within one argument are the same there, also in a ring, but a pointer to an
// element or a field of something else arrives with a copy of its own. An error arrives as its text
// ([RemoteError]). Channels, functions, other interfaces, addresses, sync's types and structs with
// unexported fields cannot cross: Wait returns a [RefusedError] that says so. Refusal goes by type, so
// that it shows on the first run and not only once a value is there.
//
// # How it ends
//
// No panic is recovered: in a thread it ends the program, in a process that process alone, and Wait
// returns a [DeathError]. A process ends when its function returns, as a program does with
// main, also where goroutines still run. In [Serial], runtime.Goexit ends the goroutine that called
// Start, as in any function that it calls: Start does not return.
//
// When a process ends, so do the workers that it started, and theirs, whatever they are doing and
// however it ended, also by SIGKILL: all workers are what Python calls daemons, as goroutines are. By
// default Python waits at its exit for threads and processes that are not. Here nothing is waited for
// unless the program does: call Wait for each worker before main returns, and before os.Exit and
// log.Fatal, which also skip what is deferred. (In Python a daemonic process must not start others; here
// it may.)
//
// Where the system gives no more processes or descriptors, Wait returns its error (such as EAGAIN or
// EMFILE, by errors.Is), and the other workers go on. Where it gives no more threads, Go ends the program.
//
// Go's own report of a deadlock works within each process, whether events are reported or not, but for
// this: a process that waits for another one does not count as asleep.
//
// # By hand
//
// A process finds its function by name. In a lesson a generated file takes care of that; a program of
// your own registers its functions and begins main with a call of [Main], which in such a process
// serves and never returns:
//
//	func init() { worker.Register(square) }
//
//	func main() {
//		worker.Main()
//		…
//	}
//
// In a browser (js/wasm) there are no threads and no processes: a thread is a goroutine, and a worker
// in a process is refused until the page provides one.
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
	w.start(options, func() { w.result = f(arg) }, func() call { return newCall(f, &arg, &w.result) })
	return w
}

// Try is Start for a function that returns an error as well, which Wait returns.
func Try[A, R any](f func(A) (R, error), arg A, options ...Option) *Worker[R] {
	w := new(Worker[R])
	w.start(options, func() { w.result, w.err = f(arg) }, func() call { return newCall(f, &arg, &w.result) })
	return w
}

// Do is Start for a function that returns nothing.
func Do[A any](f func(A), arg A, options ...Option) *Worker[struct{}] {
	w := new(Worker[struct{}])
	w.start(options, func() { f(arg) }, func() call { return newCall(f, &arg, &w.result) })
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
		func() call { return newRunnerCall(&state, &w.result) })
	return w
}

// newCall keeps the generic functions above small: there is a copy of them for each pair of types.
func newCall(f, arg, result any) call {
	return call{function: reflect.ValueOf(f), arg: reflect.ValueOf(arg).Elem(), result: reflect.ValueOf(result).Elem()}
}

func newRunnerCall(state, result any) call {
	arg := reflect.ValueOf(state).Elem()
	run, _ := arg.Type().MethodByName("Run")
	return call{function: run.Func, method: true, arg: arg, result: reflect.ValueOf(result).Elem()}
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
