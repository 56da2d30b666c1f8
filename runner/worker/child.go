package worker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// self is this process as a worker of another one. In a program that was started as such it is zero.
var self struct {
	worker            bool
	id                workerID
	name              string
	function          string // which it is to call
	requests, answers *os.File
	life              *os.File // kept open: it is watched as long
	memory            *os.File // that all processes of the program share
	token             token    // of this process
}

// init runs before all of the program's own packages that import this one: what they print is already
// this worker's, and what they execute inherits nothing of ours.
func init() {
	listen()
	const firstLot, descriptors = 3, 3 + lotPipes + 1
	rest, ok := os.LookupEnv(envWorker)
	if !ok {
		return
	}
	_ = os.Unsetenv(envWorker)
	word := func() (word string) {
		word, rest, _ = strings.Cut(rest, " ")
		return word
	}
	var files [descriptors]*os.File
	for i := range files {
		n, err := strconv.ParseUint(word(), 10, 64)
		if err != nil {
			return
		}
		keep(uintptr(n))
		if firstLot <= i && i < firstLot+lotPipes {
			poll(uintptr(n)) // with one slot, a goroutine that blocks a thread takes ten times as long to wake
		}
		files[i] = os.NewFile(uintptr(n), "worker")
	}
	number, err := strconv.ParseUint(word(), 10, tokenBits)
	if err != nil {
		return
	}
	self.worker = true
	self.requests, self.answers, self.life, self.memory = files[0], files[1], files[2], files[descriptors-1]
	connectLot(files[firstLot : firstLot+lotPipes])
	self.token, self.id, self.function = token(number), parseID(word()), word()
	self.name = rest
	endWith(self.life)
	splitOutput()
}

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
	registry.RLock()
	f := registry.functions[self.function]
	registry.RUnlock()
	if !f.IsValid() {
		fail(fmt.Errorf("function %s is not registered in this process", self.function))
	}
	requests := bufio.NewReaderSize(self.requests, 512)
	var buf, answer []byte
	var began, ended int64
	told := false
	for {
		var bed bed
		if told { // the worker of a pool may have nothing to do for long
			bed = doze(sleeping{why: idling})
		}
		content, err := readMessage(requests, buf)
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
			answer, ended = answerToChunk(f, content, answer)
		default:
			answer, ended = answerTo(f, content)
		}
		if _, err := self.answers.Write(answer); err != nil {
			fail(fmt.Errorf("send answer: %w", err))
		}
	}
	if began != 0 {
		report(eventEnded, self.id, ended, pid)
	}
	os.Exit(0)
}

// endAfter ends this process once the other end of life is closed.
func endAfter(life *os.File) {
	_, _ = life.Read(make([]byte, 1))
	os.Exit(1)
}

// fail ends a process that cannot be a worker.
func fail(err error) {
	fmt.Fprintf(os.Stderr, "worker: %v\n", err)
	os.Exit(2)
}

// answerTo calls f with the argument in content. It returns the answer and when f returned.
func answerTo(f reflect.Value, content []byte) (answer []byte, ended int64) {
	arg := reflect.New(f.Type().In(0)).Elem()
	if err := readValues(content, arg); err != nil {
		return failedAnswer("argument", err), now()
	}
	results := perform(f, arg)
	ended = now()
	for i, r := range results {
		results[i] = reflect.New(r.Type()).Elem()
		results[i].Set(r)
	}
	answer, err := newMessage([]byte{byte(answerResult)}, results...)
	if err != nil {
		return failedAnswer("result", err), ended
	}
	return answer, ended
}

func failedAnswer(what string, err error) []byte {
	text := fmt.Sprintf("%s of %s cannot be sent: %v", what, self.function, err)
	answer, _ := newMessage(append([]byte{byte(answerFailed)}, text...)) // without values there is no error
	return answer
}

// tell sends an answer of that kind. Where nobody reads it this process is about to end.
func tell(kind answerKind, content []byte) {
	answer, _ := newMessage(append([]byte{byte(kind)}, content...)) // without values there is no error
	_, _ = self.answers.Write(answer)
}

// exit ends this process because its function called runtime.Goexit.
func exit() {
	tell(answerExited, nil)
	os.Exit(0)
}

// perform calls f in this goroutine. Where f ends it by runtime.Goexit, the process ends with it.
func perform(f, arg reflect.Value) (results []reflect.Value) {
	returned := false
	defer func() {
		if !returned && exiting() {
			exit()
		}
	}()
	results = f.Call([]reflect.Value{arg})
	returned = true
	return results
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
