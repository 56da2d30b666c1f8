package worker

// This file is what package worker and its surroundings agree on: the runner, the file that it adds to
// a program, and this package in another process of the same program.
//
// # The environment
//
//   - COURSE_MODE: the mode of workers that do not insist on one; see CurrentMode.
//   - COURSE_PARAM_NAME: the parameter NAME, as Param reads it.
//   - COURSE_EVENTS: the number of an inherited descriptor, that of a log of events; set for programs that
//     import this package. On Linux it is a memfd, elsewhere on unix a file without a name; not set on
//     Windows. All processes of a run map it and append to it.
//   - COURSE_OUTPUT: Linux only, where there is a log: the number of one end of a SOCK_SEQPACKET socket
//     pair. A process that is a worker sends one message to it before anything is printed there: its pid,
//     in 8 bytes, with two descriptors by SCM_RIGHTS, the read ends of its own stdout and stderr.
//
// Those of events and output are gone from the environment that the program sees, and the descriptors closed in other programs that
// it executes.
//
// # The last argument
//
// A process that is to be a worker has one more argument than the program that started it, COURSE_WORKER=WORDS, which is
// gone from os.Args before the program's own packages see those. (The environment would do as well, but the first to
// look there, or to change it, has Go make a map of it all.) The words: the descriptors (on Windows, handles) of
// its three pipes, of two more where there are no futexes, and of the shared memory; those of events and output,
// 0 where nobody listens; its token; the mode; the worker's id; the places (see distance.go) of its callKind,
// 0 in a pool, and of the function that it is to call; and its name, which may contain spaces. It counts only where the
// pipes are there: whoever gives a program its arguments does not make it a worker.
//
// # The log
//
// A header of 64 bytes and 262143 records of 64 bytes, 16 MiB in all, of which memory is taken as far as it
// is written. Words have 8 bytes, in the order of the machine. The header begins with four: how many records
// are reserved, how many events found no room, and how workers wait for each other: 1 by futexes, 2 by the
// portable backend, 0 where there is nothing to wait for yet; and how many times garbage was collected, in all
// processes together. To append is to add to the first, which says
// whose records they are, and to write there; nothing is ever written twice. What comes when the log is
// full is lost, and counted. A record:
//
//	head    its lowest byte is the kind, the next two the lengths of two names in bytes; the upper half is the
//	        pid of who asked for the worker. It is stored last: a record whose head is 0 is not there (yet)
//	number  of the worker, among those that this process asked for: pid and number tell it from all others of the run
//	time    when it happened, in nanoseconds: on Linux of CLOCK_MONOTONIC, elsewhere since 1970
//	more    as the kind says
//	text    both names. What does not fit into these 32 bytes goes on in records behind this one, reserved with it,
//	        which are a head of kind text, and 56 bytes
//
// The kinds:
//
//	1 asked   a process asked for the worker. more: its mode (1 serial, 2 goroutine, 3 thread, 4 process); names: its own, that of the worker that asked
//	2 began   its function is about to be called. more: the process in which it runs
//	3 ended   its function returned. more: as for began
//	4 died    it ended without returning, as its parent saw it. more: as for began, 0 where it could not be started
//	5 joined  the first Wait for it returned. more: as for died
//	6 waited  it slept until time. more: since when; name: of the primitive it slept on, "lock 1"
//	7 text    no event: a name goes on
//
// A worker of a pool has one span: it began with its first item and ended with its last. The name of who asked is ""
// also where it is not known: in a goroutine that a worker started itself. Records of one goroutine come in
// order. A process may end well (ended) and yet die: then both come. On Linux the clocks of two processes
// differ by less than 1 µs as a rule.
//
// # Marks
//
// Where events are reported, what a worker prints through Print, Printf and Println has before each
// line "\x1e" NAME "\x1f". A mark that is not at the start of a line ends the line before it.
//
// # Pipes
//
// A worker that is a process has three. Requests: what it is to do, until the pipe ends. Answers: one for
// each request, and what comes before it. Life: nothing is ever written to it; it ends with the process that
// asked, and then the worker ends at once, also where it is busy. A message is its length in 8 bytes, the least first, and
// its content. A request begins with its requestKind, an answer with its answerKind; values are as encoder
// writes them.

import (
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

const (
	envMode   = "COURSE_MODE"
	envParam  = "COURSE_PARAM_"
	envEvents = "COURSE_EVENTS"
	envOutput = "COURSE_OUTPUT"
	argWorker = "COURSE_WORKER="
)

// An eventKind says what happened, in a record of the log.
type eventKind byte

const (
	eventAsked eventKind = iota + 1
	eventBegan
	eventEnded
	eventDied
	eventJoined
	eventWaited
	eventText
)

// modeNumber returns what stands for a mode in an event.
func modeNumber(m Mode) int64 {
	return int64(slices.Index([]Mode{Serial, Goroutine, Thread, Process}, m) + 1)
}

// A workerID tells a worker from all others of a run.
type workerID struct {
	pid    int // of the process that asked for it
	number int64
}

// String returns the id as users see it, and as the environment carries it.
func (w workerID) String() string { return strconv.Itoa(w.pid) + "." + strconv.FormatInt(w.number, 10) }

// parseID reads what String returned; the zero id is nobody's.
func parseID(s string) workerID {
	pid, number, _ := strings.Cut(s, ".")
	p, err := strconv.Atoi(pid)
	n, nerr := strconv.ParseInt(number, 10, 64)
	if err != nil || nerr != nil {
		return workerID{}
	}
	return workerID{p, n}
}

// Around a worker's name, before each line that it printed.
const (
	markName = '\x1e'
	markText = '\x1f'
)

// A requestKind says what is asked for.
type requestKind byte

const (
	requestCall  requestKind = iota // one call: the argument follows
	requestChunk                    // a call for each item: whether to end with the first error, the kind, arguments
)

// An answerKind says what came of a request.
type answerKind byte

const (
	answerResult answerKind = iota // the result follows, and the error of a function that returns one
	answerFailed                   // argument or result could not be sent: the reason follows, as text
	answerExited                   // the function called runtime.Goexit: this is the last answer
	answerBegan                    // before the answer to the first chunk: it was read, and is begun
)

const lengthSize = 8

// newMessage returns a message of start and values, which must be addressable.
func newMessage(start []byte, values ...reflect.Value) ([]byte, parcels, error) {
	return messageIn(make([]byte, 0, 64), start, values...)
}

// messageIn is newMessage in buf, where it is large enough.
func messageIn(buf, start []byte, values ...reflect.Value) ([]byte, parcels, error) {
	e := encoder{buf: append(append(buf[:0], make([]byte, lengthSize)...), start...)}
	for _, v := range values {
		s, err := shapeOf(v.Type())
		if err == nil {
			err = e.value(v, s)
		}
		if err != nil {
			e.sent.takeBack()
			return nil, nil, err
		}
	}
	binary.LittleEndian.PutUint64(e.buf, uint64(len(e.buf)-lengthSize))
	return e.buf, e.sent, nil
}

// readMessage returns the content of the next message, in buf where it is large enough. Between messages
// the error at the end is io.EOF, within one io.ErrUnexpectedEOF.
func readMessage(r io.Reader, buf []byte) ([]byte, error) {
	var length [lengthSize]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	buf = buf[:0]
	for missing := binary.LittleEndian.Uint64(length[:]); missing > 0; {
		// A damaged length does not take memory: the buffer grows with what arrives.
		n := int(min(missing, uint64(max(1<<20, len(buf)))))
		start := len(buf)
		buf = slices.Grow(buf, n)[:start+n]
		if _, err := io.ReadFull(r, buf[start:]); errors.Is(err, io.EOF) {
			return nil, io.ErrUnexpectedEOF
		} else if err != nil {
			return nil, err
		}
		missing -= uint64(n)
	}
	return buf, nil
}

// readValues reads all of content into values, which must be addressable and zero.
func readValues(content []byte, values ...reflect.Value) error {
	d := decoder{buf: content}
	for _, v := range values {
		s, err := shapeOf(v.Type())
		if err != nil {
			return err
		}
		if err := d.value(v, s); err != nil {
			return err
		}
	}
	if len(d.buf) > 0 {
		return errDamaged
	}
	return nil
}
