// Package worker has work done by goroutines, threads or processes, and lets those who do it work together. It is
// for Go what the modules threading and multiprocessing are for Python, with one set of calls for both.
//
// A program says what is to be done, and the mode says by whom:
//
//	func square(n int) int { return n * n }
//
//	func main() {
//		w := worker.Start(square, 12) // a worker begins
//		n, err := w.Wait()            // its result, once it has ended
//		fmt.Println(n, err)           // 144 <nil>, in every mode
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
// # The life of a worker
//
// [Start] is for functions with a result, [Try] for those with an error as well, [Do] for those with neither, and
// [StartRunner] for a type with a method Run. A function has one parameter: what needs several has a struct. An
// error of the function is what Wait returns, whatever the mode.
//
// No panic is recovered: in a thread it ends the program, in a process that process alone, and Wait
// returns a [DeathError]. A process ends when its function returns, as a program does with
// main, also where goroutines still run. In [Serial], runtime.Goexit ends the goroutine that called
// Start, as in any function that it calls: Start does not return.
//
// When a process ends, so do the workers that it started, and theirs, whatever they are doing and
// however it ended, also by SIGKILL: all workers are what Python calls daemons, as goroutines are. Nothing is waited
// for unless the program does: call Wait for each worker before main returns, and before os.Exit and
// log.Fatal, which also skip what is deferred.
//
// Where the system gives no more processes or descriptors, Wait returns its error (such as EAGAIN or
// EMFILE, by errors.Is), and the other workers go on. Where it gives no more threads, Go ends the program.
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
// # What workers share
//
// The primitives are the exception: what arrives is the same lock, queue or number, also in a worker that already
// runs and is given it through a queue. They are made by their constructors, which return pointers; a zero value is
// of no use, and panics. Give them to workers in the argument:
//
//	type job struct {
//		Lock  *worker.Lock
//		Total *worker.Shared[int]
//	}
//
// A package variable is initialised anew in each process: a lock made there is another lock in each.
//
//   - A [Queue] takes values from many workers to many, a [Pipe] both ways between two. Begin with these: what is
//     handed over needs no lock.
//   - A [Shared] number is changed by all, each time in one step; a [SharedArray] is memory that all see.
//   - A [Lock] lets one in at a time; an [RLock] lets the one that is inside in again; a [Cond] waits, with
//     either, until what it protects is as wanted. A [Semaphore] lets in so many.
//   - An [Event] has all wait for one thing to happen, a [Barrier] for each other.
//
// What waits has up to three forms, as Lock, TryLock and LockContext: without an end, not at all, and until a context
// is done, which is how to give a wait a limit. [Named] names a primitive for messages and timelines; without it, it is
// "lock 1", "queue 2". Who waits longest does not always go first. What one worker did before it unlocked,
// released, put or stored, the one that then locks, acquires, gets or loads sees, as the Go memory model has it for
// sync and channels. All lie in one piece of shared memory, which is given back as they are collected.
//
// A worker that dies leaves nobody waiting for it. Whoever waits for its lock, or comes later, learns who died, by an
// [AbandonedError]: Lock panics with it, LockContext returns it, and Reclaim takes the lock over, with whatever the
// dead one left half done. A barrier breaks ([BrokenError]); a pipe whose other end died says so; a queue loses at
// most the value that was on its way. The permits of a semaphore are gone. Only processes die alone: in a thread
// it is runtime.Goexit that does this, since a panic or os.Exit ends all. Who returns from its function without
// unlocking has not died: a Lock can then be unlocked by others, an RLock by nobody.
//
// # Many at once
//
// [Map] calls a function with each of many arguments and returns the results in their order. A [Pool] does
// that again and again with the same workers, as a stream, too, whose results come as they are done. A worker of a
// pool that dies is replaced, what it was working on has an error, and nothing is done twice.
//
// # Deadlocks
//
// Workers that wait for each other are found within a second, in every mode: a report on standard error says who
// holds what, who waits for what, and where as far as that is known, and the program ends with [DeadlockStatus]. It is a
// deadlock where
//
//   - holders of locks and workers that are waited for form a ring, whatever others do. (Main, and goroutines that a
//     worker started itself, count as one: there, all of them have to wait. A ring of several locks of which another
//     worker was going to unlock one is taken for one, too: an [Event] or [Semaphore] is for that.)
//   - or every goroutine of every process waits in this package, for whatever it is.
//
// A wait with a context can end by itself, and is none. A goroutine that waits for something else (a channel, a
// sync.Mutex, the network, time.Sleep) counts as one that runs, so that with it a program may stand still without a
// report. What time.AfterFunc is to call is waited for half a second. Go's own report of a deadlock works within each
// process beside this, but there a process that waits for another one, and a thread that waits in the kernel, do
// not count as asleep.
//
// # Output and timelines
//
// [Println] prints as that of fmt does. Where a program is run for a lesson it also marks the line with its worker; when
// workers were asked for, began, waited and ended is told to the runner through shared memory. Elsewhere nothing
// of this takes place. Standard output and error of a process are those of the program.
//
// # Parameters
//
// [Param] returns a number or a time by its name, which a lesson gives to a program, or several in turn, to see what depends on it: how
// many workers, how long a nap. All workers of a run see the same.
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
// # Systems and limits
//
// With one slot (GOMAXPROCS=1) the threads of a process take turns in it, as Python's do with their lock: who waits
// for another thread hands the slot over, which takes several times as long as to wake a thread that has a slot of its
// own; and who sleeps in the kernel keeps it until Go's runtime, which looks from time to time, takes it
// away. Each process has slots of its own.
//
// On Linux threads and processes wait in the kernel (futex). Elsewhere they wait in the runtime of the program's
// first process, which others ask through pipes: that takes longer, and [Backend] tells. Goroutines wait in
// Go's runtime everywhere, for as long as no process shares the primitive.
//
// The race detector knows the primitives, and finds the races of goroutines and threads. It sees no memory
// that processes share.
//
// On Windows Terminate is Kill, and there are no timelines. In a browser (js/wasm) there are no threads and no
// processes: a thread is a goroutine, and a worker in a process is refused until the page provides one.
//
// The shared memory of a program is 64 GiB of addresses (1 GiB where they have 32 bits, 512 MiB on Windows, 64 MiB in a
// browser, less where the system bounds it), and takes the memory of what is used; constructors panic when
// there is no more. Some 16,000 workers at once can use primitives and be told apart, with those that died; beyond
// that nobody notices who died, and an RLock takes two for one. The package handles no signals.
//
// # In Python, and here
//
// A call on the right that ends in Context takes the place of a timeout; errors take that of exceptions.
//
//	threading.Thread, multiprocessing.Process
//	  Thread(target=f, args=(a, b), name=n)      Start(f, T{a, b}, Named(n)), As(Thread), As(Process)
//	  start(), class W(Thread): def run(self)    Start begins at once; StartRunner(&W{…})
//	  join(), join(timeout)                      w.Wait(), w.WaitContext(ctx)
//	  name, ident, native_id, pid                w.Name(), w.ID(), w.Tid(), w.Pid()
//	  is_alive(), exitcode                       w.Alive(), w.ExitCode(); DeathError.Signal, not -9
//	  terminate(), kill()                        w.Terminate(), w.Kill(): of processes
//	  daemon                                     always so: wait for what is to be finished
//	  sentinel, connection.wait([...])           none: go func() { w.Wait(); close(done) }(), select
//	  close(), authkey, group                    none: nothing to close, nothing to prove, not used
//	  current_thread(), current_process()        none: give the name in the argument; os.Getpid()
//	  main_thread(), parent_process()            none; os.Getppid()
//	  active_children(), enumerate()             none: keep the workers that Start returned
//	  threading.local()                          none: variables of the function
//	  excepthook, settrace(), stack_size()       none: a panic ends its process, stacks grow
//	  get_/set_start_method(), get_context()     CurrentMode(), COURSE_MODE; always as "spawn"
//	  freeze_support(), if __name__ == ...       Main()
//	  Timer(interval, f), cancel()               none: time.AfterFunc, Stop; waits for it with a context
//	os.environ, sys.argv                         Param("n", 4): what a lesson gives, or varies
//	Lock(), RLock()                              NewLock(), NewRLock()
//	  acquire(), with lock:                      l.Lock(), defer l.Unlock()
//	  acquire(blocking=False)                    l.TryLock()
//	  acquire(timeout=t)                         l.LockContext(ctx)
//	  release(), locked()                        l.Unlock(); none, but RLock's Held and Count
//	Condition(lock)                              NewCond(l)
//	  wait(), wait(timeout)                      c.Wait(), c.WaitContext(ctx)
//	  wait_for(predicate, timeout)               c.WaitFor(ctx, holds)
//	  notify(n), notify_all()                    c.Signal() n times, c.Broadcast()
//	  acquire(), release()                       c.Locker().Lock(), c.Locker().Unlock()
//	Semaphore(n), BoundedSemaphore(n)            NewSemaphore(n), NewBoundedSemaphore(n)
//	  acquire(blocking, timeout)                 s.Acquire(), s.TryAcquire(), s.AcquireContext(ctx)
//	  release(n), get_value()                    s.Release() n times, s.Value()
//	Event()                                      NewEvent()
//	  set(), clear(), is_set()                   e.Set(), e.Clear(), e.IsSet()
//	  wait(), wait(timeout)                      e.Wait(), e.WaitContext(ctx)
//	Barrier(parties, action, timeout)            NewBarrier(parties); action: by who has index 0
//	  wait(), wait(timeout)                      b.Wait(), b.WaitContext(ctx)
//	  reset(), abort(), BrokenBarrierError       b.Reset(), b.Abort(), BrokenError
//	  parties, n_waiting, broken                 b.Parties(), b.Waiting(), b.Broken()
//	queue.Queue(maxsize), mp.Queue, SimpleQueue  NewQueue[T](capacity)
//	  put(x), put(x, timeout), put_nowait(x)     q.Put(x), q.PutContext(ctx, x), q.TryPut(x)
//	  get(), get(timeout), get_nowait()          q.Get(), q.GetContext(ctx), q.TryGet()
//	  Empty, Full                                false of TryGet, TryPut; context.DeadlineExceeded
//	  qsize(), empty(), full()                   q.Len(), q.Len() == 0, q.Len() == q.Cap()
//	  shutdown(), ShutDown, iter(q.get, END)     q.Close(), ErrClosed, q.All()
//	  task_done(), join(), JoinableQueue         none: wait for the workers
//	  close(), join_thread(), cancel_…           none: Put hands over, no thread feeds the queue
//	  LifoQueue, PriorityQueue                   none: a slice, container/heap, in one worker
//	Pipe(duplex)                                 NewPipe[T](): always both ways
//	  send(x), recv(), EOFError                  p.Send(x), p.Recv(), ErrClosed
//	  poll(timeout)                              p.RecvContext(ctx), which receives as well
//	  send_bytes(b), recv_bytes(), …_into()      NewPipe[[]byte]()
//	  close(), fileno()                          p.Close(); none: it is no file
//	  Listener, Client                           none: package net
//	Value("i", 0), RawValue                      NewShared(0)
//	  value, value = x, get_obj()                s.Load(), s.Store(x); none
//	  with v.get_lock(): v.value += d            s.Add(d); Swap, CompareAndSwap, Update(f)
//	Array("d", n, lock), RawArray                NewSharedArray[float64](n), and a Lock beside it
//	  a[i], len(a)                               a.Slice()[i], a.Len()
//	SharedMemory(create=True, size=n)            NewSharedArray[byte](n)
//	  SharedMemory(name), buf                    the array in the argument, a.Slice()
//	  close(), unlink()                          a.Free()
//	  ShareableList                              none: numbers only
//	Manager(), BaseManager                       none: a worker that answers through queues
//	Pool(processes), ThreadPool, Executor        NewPool(f, Workers(n)), NewTryPool; Map for one call
//	  max_workers, thread_name_prefix, context   Workers(n), Named(n), As(mode)
//	  initializer, initargs                      none: sync.OnceValue in a package variable
//	  maxtasksperchild, max_tasks_per_child      none: a pool can be closed and made anew
//	  apply(f, args)                             pool.Submit(a).Wait(): one pool, one function
//	  apply_async(f, args), submit(f, *args)     pool.Submit(a)
//	  callback, add_done_callback(g)             go func() { g(task.Wait()) }()
//	  map(f, xs), starmap(f, [(a, b)])           pool.Map(xs), pool.Map([]T{{a, b}})
//	  map_async(f, xs), starmap_async            pool.Map in a goroutine, or Submit of each
//	  imap(f, xs), Executor.map(f, xs, timeout)  pool.Stream(ctx, seq)
//	  imap_unordered, as_completed, wait         pool.Unordered(ctx, seq)
//	  chunksize, buffersize                      Chunk(n), of the whole pool; two chunks a worker
//	  close(), join(), shutdown(), with pool:    pool.Close()
//	  terminate(), kill_workers()                pool.Kill()
//	  BrokenProcessPool                          DeathError of what the dead worker had; others go on
//	AsyncResult, Future                          Task
//	  get(), result(), result(timeout)           t.Wait(), t.WaitContext(ctx)
//	  ready(), done(), running(), exception()    the error of WaitContext
//	  cancel(), shutdown(cancel_futures=True)    none: the context of MapContext or Stream; Kill
//	  TimeoutError                               context.DeadlineExceeded, in all that has a context
//
// # What differs
//
//   - One function, one argument, typed. Go has no tuples of arguments; a struct names them.
//   - A process always begins anew, as with "spawn": Go's runtime has threads, which a fork would lose.
//   - Threads run at the same time, as with Python built without its lock. GOMAXPROCS=1 makes them take turns.
//   - A panic in a thread ends the program, where Python ends the thread and prints the trace: who shared
//     memory with it would go on with half of what it did. An error is for what can go wrong.
//   - A thread cannot be ended by others, for the same reason. That is so in Python.
//   - All workers are daemons, as goroutines are. Python waits for the others at its exit. (And its daemonic
//     processes must not have children; here they may.)
//   - Limits of time are contexts, Go's idiom: one of them can end many waits.
//   - A queue has a bound, can be closed, and has no thread that feeds it, so that nothing is lost or
//     overtaken on the way ([Queue] has more); a [Pipe] holds so many values and not so many bytes.
//   - A number changes in atomic steps, where Value has a lock that += does not take. An array has no lock
//     of its own: one that is taken for each element hides the races between them.
//   - Signal and Broadcast may be called without the lock, as those of sync.Cond.
//   - The death of a worker is an error for who waits, where in Python its lock, queue or Pool is
//     waited for in vain; and deadlocks are found.
//   - Proxies of a Manager have no likeness: they turn each access into two messages, and look like memory. Two queues
//     show what it is.
package worker
