package worker

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// self is this process as a worker of another one. In a program that was not started as such it is zero, but for memory.
var self struct {
	worker   bool
	id       workerID
	name     string
	place    place // of the function that it is to call
	code     uintptr
	function any      // nil if it is Run of its argument
	kind     callKind // of its only call; nil in a pool, where chunks come
	requests input
	answers  uintptr
	token    token // of this process
	shared   uintptr
	memory   *os.File // that all processes of the program share; nil until it is needed
}

// init runs before all of the program's own packages that import this one: what they print is already
// this worker's, and what they execute inherits nothing of ours.
func init() {
	if !enter() {
		currentMode = Mode(cmp.Or(os.Getenv(envMode), string(Thread)))
		listen(inherited(envEvents), inherited(envOutput))
	}
}

// enter makes this process the worker that the last of its arguments describes, and takes that away. It
// returns false where there is none. A new process is short of time, so nothing here is more than it needs: each
// package that wakes up and each kind of thing on the heap that comes first costs page faults.
func enter() bool {
	last := len(os.Args) - 1
	if last < 1 {
		return false
	}
	text, ok := strings.CutPrefix(os.Args[last], argWorker)
	if !ok {
		return false
	}
	w := words{rest: text}
	requests, answers, life := uintptr(w.number()), uintptr(w.number()), uintptr(w.number())
	if !w.ok() || !isPipe(requests) || !isPipe(answers) || !isPipe(life) {
		return false // an argument of the program's own that looks like ours
	}
	var lot [lotPipes]uintptr
	for i := range lot {
		lot[i] = uintptr(w.number())
	}
	self.shared = uintptr(w.number())
	log, socket := uintptr(w.number()), uintptr(w.number())
	self.token, currentMode, self.id = token(w.number()), Mode(w.next()), parseID(w.next())
	kind := w.number()
	self.place = place{w.number(), w.number()}
	if !w.ok() {
		return false
	}
	self.name = w.rest
	os.Args = slices.Clip(os.Args[:last])
	for _, n := range [...]uintptr{requests, answers, life, self.shared} {
		keep(n)
	}
	self.worker = true
	self.requests.descriptor, self.answers = requests, answers
	self.code = self.place.pc()
	self.function = self.place.function(&self.code)
	if kind != 0 {
		self.kind = kindAt(kind, callKind(anchor{}))
	}
	connectLot(lot)
	endWith(life)
	listen(log, socket)
	splitOutput()
	return true
}

// words are what a worker is told of itself.
type words struct {
	rest string
	bad  bool // something was not what it is to be
}

func (w *words) next() (word string) {
	word, w.rest, _ = strings.Cut(w.rest, " ")
	return word
}

func (w *words) number() int64 {
	n, err := strconv.ParseInt(w.next(), 10, 64)
	w.bad = w.bad || err != nil
	return n
}

func (w *words) ok() bool { return !w.bad }

// Main is to be called first in main. In a process that is to be a worker it serves, and does not
// return: main does not run there. Elsewhere it returns at once. It comes after all calls of Register.
func Main() {
	registry.Lock()
	registry.main = true
	registry.Unlock()
	if !self.worker {
		return
	}
	// In an init function this goroutine is locked to its thread, which would slow down all that the
	// worker does with channels.
	rests(1) // this goroutine waits for nothing
	go serve()
	select {}
}

// serve answers requests until there are no more, and ends the process.
func serve() {
	var buf, answer []byte
	var began, ended int64
	told := false
	for {
		var bed bed
		if told { // the worker of a pool may have nothing to do for long
			bed = doze(sleeping{why: idling})
		}
		content, err := readMessage(&self.requests, buf)
		bed.getUp()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fail(fmt.Errorf("read request: %w", err))
		}
		buf = content
		if began == 0 {
			began = max(now(), 1)
			report(eventBegan, self.id, began, pid)
		}
		if len(content) == 0 {
			fail(fmt.Errorf("read request: %w", errDamaged))
		}
		switch kind, content := requestKind(content[0]), content[1:]; kind {
		case requestChunk:
			if !told {
				told = true
				tell(answerBegan, nil)
			}
			answer, ended = answerToChunk(self.function, content, answer)
		default:
			answer, ended = answerTo(self.kind.task(self.function), content)
		}
		if err := sendAnswer(answer); err != nil {
			fail(fmt.Errorf("send answer: %w", err))
		}
	}
	if began != 0 {
		report(eventEnded, self.id, ended, pid)
	}
	os.Exit(0)
}

// endAfter ends this process once the other end of life is closed.
func endAfter(life uintptr) {
	_, _ = os.NewFile(life, "life").Read(make([]byte, 1))
	os.Exit(1)
}

// fail ends a process that cannot be a worker.
func fail(err error) {
	fmt.Fprintf(os.Stderr, "worker: %v\n", err)
	os.Exit(2)
}

// answerTo does t with the argument in content. It returns the answer and when the function returned.
func answerTo(t task, content []byte) (answer []byte, ended int64) {
	if err := readValues(content, t.arg()); err != nil {
		return failedAnswer("argument", err), now()
	}
	perform(t.do)
	ended = now()
	answer, _, err := newMessage([]byte{byte(answerResult)}, t.results()...)
	if err != nil {
		return failedAnswer("result", err), ended
	}
	return answer, ended
}

func failedAnswer(what string, err error) []byte {
	text := fmt.Sprintf("%s of %s cannot be sent: %v", what, functionName(self.code), err)
	answer, _, _ := newMessage(append([]byte{byte(answerFailed)}, text...)) // without values there is no error
	return answer
}

// tell sends an answer of that kind. Where nobody reads it this process is about to end.
func tell(kind answerKind, content []byte) {
	answer, _, _ := newMessage(append([]byte{byte(kind)}, content...)) // without values there is no error
	_ = sendAnswer(answer)
}

// exit ends this process because its function called runtime.Goexit.
func exit() {
	tell(answerExited, nil)
	os.Exit(0)
}

// perform calls f in this goroutine. Where f ends it by runtime.Goexit, the process ends with it.
func perform(f func()) {
	returned := false
	defer func() {
		if !returned && exiting() {
			exit()
		}
	}()
	f()
	returned = true
}

// exiting reports whether the deferred function that calls it runs because of runtime.Goexit, and not
// because of a panic. Asking recover would take the panic off its course, and change its trace.
func exiting() bool {
	var pcs [2]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])]) // 2: the deferred function
	frames.Next()
	by, _ := frames.Next()
	return by.Function == "runtime.Goexit"
}
