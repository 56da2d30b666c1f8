package worker

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
)

// A call is a function that another process is to call, its argument, and where its result goes.
type call struct {
	kind                  callKind
	function, arg, result reflect.Value
	method                bool // function is Run of arg, and the result is arg as Run left it
}

// results returns how many values the answer has.
func (k call) results() int {
	if k.method {
		return 1
	}
	return k.function.Type().NumOut()
}

// startProcess has another process do k. All that is to be known about k.arg is known when it returns.
func (c *core) startProcess(k call) {
	asked := now()
	if err := reachable(k.function, k.method); err != nil {
		c.refuse(err.Error())
		return
	}
	request, sent, err := newMessage([]byte{byte(requestCall)}, k.arg)
	if err != nil {
		c.refuse(err.Error())
		return
	}
	c.asked(asked)
	p, err := c.spawn(k.kind, placeOf(k.function, k.method))
	if err != nil {
		sent.takeBack()
		c.err = err
		close(c.done)
		return
	}
	sent.address(c.agent.token())
	background(func() {
		err := p.call(request, sent, k)
		c.err = p.end(err)
		close(c.done)
	})
}

// reachable returns an error that says why f, its parameter or its result cannot get to a process, nil where they
// can. If it is to be a method, f is Run, and else no method.
func reachable(f reflect.Value, method bool) error {
	if noProcesses != "" {
		return errors.New(noProcesses)
	}
	if refusal := unregistered(f, method); refusal != "" {
		return errors.New(refusal)
	}
	if _, err := shapeOf(f.Type().In(0)); err != nil {
		return err
	}
	if f.Type().NumOut() > 0 {
		if _, err := shapeOf(f.Type().Out(0)); err != nil {
			return err
		}
	}
	return nil
}

// A process is this side's hold on a worker that is one.
type process struct {
	worker   *core
	process  *os.Process
	requests *os.File // write end
	answers  *os.File // read end
	life     *os.File // write end, which the system closes at the latest when this process ends
	lot      *lotServer
	began    bool   // it told that it began a chunk
	in, out  []byte // buffers for chunks: of the last answer, and of the last request
}

// spawn executes this program again, as c, which is to call that function: once, or without a kind for each item of
// chunks. After an error c has died.
func (c *core) spawn(kind callKind, function place) (p *process, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("start %s: %w", c.label(), err)
			c.died()
		}
	}()
	var opened []*os.File
	closeAll := func(files []*os.File) {
		for _, f := range files {
			_ = f.Close()
		}
	}
	pipe := func(polled ...int) (r, w *os.File) {
		if err != nil {
			return nil, nil
		}
		if r, w, err = newPipe(polled...); err == nil {
			opened = append(opened, r, w)
		}
		return r, w
	}
	theirRequests, requests := pipe(writeEnd)
	answers, theirAnswers := pipe(readEnd)
	theirLife, life := pipe()
	lot, theirLot := newLotServer(func() (r, w *os.File) { return pipe(readEnd, writeEnd) })
	if err != nil {
		closeAll(opened)
		return nil, err
	}
	theirs := append([]*os.File{theirRequests, theirAnswers, theirLife}, theirLot...)
	defer closeAll(theirs)
	if err = c.enlist(); err != nil {
		closeAll(opened)
		return nil, err
	}

	p = &process{worker: c, requests: requests, answers: answers, life: life, lot: lot}
	if p.process, err = c.execute(kind, function, theirs); err != nil {
		closeAll(opened)
		token(c.agent.number.Load()).end(free)
		return nil, err
	}
	lot.start()
	c.process, c.pid = p.process, p.process.Pid
	c.tid.Store(mainThread(c.pid))
	token(c.agent.number.Load()).slot().pid.Store(uint32(c.pid))
	return p, nil
}

// The ends of a pipe, as newPipe numbers them.
const (
	readEnd = iota
	writeEnd
)

// execute starts the process of c, which inherits the ends of its pipes, and where events are reported.
func (c *core) execute(kind callKind, function place, pipes []*os.File) (*os.Process, error) {
	program, err := executable()
	if err != nil {
		return nil, err
	}
	input, err := emptyInput()
	if err != nil {
		return nil, err
	}
	defer func() { _ = input.Close() }()
	attr := &os.ProcAttr{Files: []*os.File{input, os.Stdout, os.Stderr}}
	files := append(slices.Clip(pipes), self.memory)
	ours := len(files)
	if events != nil {
		files = append(files, events.file)
	}
	if output != nil {
		files = append(files, output)
	}
	numbers, err := inherit(attr, files)
	if err != nil {
		return nil, err
	}
	words := make([]byte, 0, 256)
	word := func(n int64) { words = append(strconv.AppendInt(words, n, 10), ' ') }
	words = append(words, argWorker...)
	for _, n := range numbers[:ours] {
		word(int64(n))
	}
	numbers = append(numbers[ours:], 0, 0) // where nobody listens
	if events == nil {
		numbers = []uintptr{0, numbers[0]}
	}
	word(int64(numbers[0]))
	word(int64(numbers[1]))
	word(int64(c.agent.number.Load()))
	words = append(append(append(append(words, CurrentMode()...), ' '), c.id()...), ' ')
	if kind != nil {
		word(distance(kind, callKind(anchor{})))
	} else {
		word(0)
	}
	word(function.typ)
	word(function.code)
	words = append(words, c.label()...)
	return os.StartProcess(program, append(slices.Clip(os.Args), string(words)), attr)
}

// signal ends the process of c by send, whose name for messages is verb.
func (c *core) signal(verb string, send func(*os.Process) error) error {
	err := os.ErrProcessDone
	switch {
	case c.mode != Process:
		return fmt.Errorf("%s %s: its mode is %s, and within a process nobody can be ended from outside: it may hold a lock, or have "+
			"changed half of what others use. Give it a context to look at, or make it a process: %w", verb, c.label(), c.mode, errors.ErrUnsupported)
	case c.process != nil:
		err = send(c.process)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", verb, c.label(), err)
	}
	return nil
}

// errGone means that a process gave no answer. How it ended is known once it was waited for.
var errGone = errors.New("no answer")

// call sends the only request and puts the answer into k.result. The error is that of the function,
// errGone, or says why there is no result.
func (p *process) call(request []byte, sent parcels, k call) error {
	_, err := p.requests.Write(request)
	_ = p.requests.Close()
	if err != nil {
		sent.takeBack()
		return errGone // it does not read any more
	}
	content, err := readMessage(p.answers, nil)
	if err != nil || len(content) == 0 {
		return errGone
	}
	switch kind, content := answerKind(content[0]), content[1:]; kind {
	case answerResult:
		var failure error
		values := []reflect.Value{k.result, reflect.ValueOf(&failure).Elem()}
		if err := readValues(content, values[:k.results()]...); err != nil {
			return fmt.Errorf("read result of %s: %w", p.worker.label(), err)
		}
		return failure
	case answerFailed:
		return errors.New(string(content))
	case answerExited:
		return &DeathError{Worker: p.worker.label(), Pid: p.worker.pid, How: goexit, Exit: -1, Item: -1}
	default:
		return fmt.Errorf("read result of %s: %w", p.worker.label(), errDamaged)
	}
}

// end waits until the process has ended. It returns how that was where it did not end well, else err.
func (p *process) end(err error) error {
	_ = p.requests.Close() // it serves until then
	state, failed := p.process.Wait()
	_ = p.answers.Close()
	_ = p.life.Close()
	p.lot.wait()
	switch {
	case failed != nil:
		err = fmt.Errorf("wait for %s: %w", p.worker.label(), failed)
	case !state.Success() || errors.Is(err, errGone):
		err = newDeathError(p.worker, state)
	}
	condition := free
	if death := (*DeathError)(nil); errors.As(err, &death) {
		p.worker.exit = int32(death.Exit)
		p.worker.died()
		condition = dead
	} else if failed == nil {
		p.worker.exit = 0
	}
	reap(token(p.worker.agent.number.Load()), condition)
	return err
}
