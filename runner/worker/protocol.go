package worker

// This file is what package worker and its surroundings agree on: the runner, the file that it adds to
// a program, and this package in another process of the same program.
//
// # The environment
//
//   - COURSE_MODE: the mode of workers that do not insist on one; see CurrentMode.
//   - COURSE_EVENTS: the number of an inherited descriptor on which events are reported; set for programs
//     that import this package. On Linux it is one end of a SOCK_SEQPACKET socket pair, elsewhere on
//     unix a pipe; not set on Windows. All processes of a run write to it, each record with one write of
//     less than 512 bytes. Processes get it under a number of their own. It is gone from the environment
//     that the program sees, and closed in other programs that it executes.
//   - COURSE_WORKER: set for a process that is to be a worker, and gone from the environment that the
//     program sees. Six words: the descriptors (on Windows, handles) of its three pipes, the worker's
//     id, the function that it is to call, and its name, which may contain spaces.
//
// # Records
//
// Tab-separated, each ended by a newline, names as by strconv.Quote:
//
//	asked  ID TIME PID MODE NAME PARENT   process PID asked for a worker; PARENT is the name of the worker that asked, or ""
//	began  ID TIME PID                    its function is about to be called, in process PID
//	ended  ID TIME PID                    its function returned
//	died   ID TIME PID                    it ended without returning, as its parent saw it; PID is 0 where it could not be started
//	joined ID TIME PID                    the first Wait for it returned, in process PID
//	output PID                            Linux only, with two descriptors by SCM_RIGHTS: the read ends of the process's own
//	                                      stdout and stderr, sent before anything is written there
//
// ID is "<pid of who asked>.<number>", unique in a run. A worker of Map has one span: it began with its
// first item and ended with its last. TIME is in nanoseconds: on Linux of CLOCK_MONOTONIC, elsewhere
// since 1970. PARENT is "" also where it is not known: in a goroutine that a worker started itself.
// Records of one goroutine come in order. A process may end well (ended) and yet die: then both come.
//
// # Marks
//
// Where events are reported, what a worker prints through Print, Printf and Println has before each
// line "\x1e" NAME "\x1f". A mark that is not at the start of a line ends the line before it.
//
// # Pipes
//
// A worker that is a process has three. Requests: arguments, until the pipe ends. Answers: one for each
// argument. Life: nothing is ever written to it; it ends with the process that asked, and then the
// worker ends at once, also where it is busy. A message is its length in 8 bytes, the least first, and
// its content. A request is a value, as encoder writes it. An answer begins with its answerKind.

import (
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"slices"
)

const (
	envMode   = "COURSE_MODE"
	envEvents = "COURSE_EVENTS"
	envWorker = "COURSE_WORKER"
)

// Around a worker's name, before each line that it printed.
const (
	markName = '\x1e'
	markText = '\x1f'
)

// An answerKind says what came of a request.
type answerKind byte

const (
	answerResult answerKind = iota // the result follows, and the error of a function that returns one
	answerFailed                   // argument or result could not be sent: the reason follows, as text
	answerExited                   // the function called runtime.Goexit: this is the last answer
)

const lengthSize = 8

// newMessage returns a message of start and values, which must be addressable.
func newMessage(start []byte, values ...reflect.Value) ([]byte, error) {
	e := encoder{buf: append(make([]byte, lengthSize, 64), start...)}
	for _, v := range values {
		s, err := shapeOf(v.Type())
		if err != nil {
			return nil, err
		}
		if err := e.value(v, s); err != nil {
			return nil, err
		}
	}
	binary.LittleEndian.PutUint64(e.buf, uint64(len(e.buf)-lengthSize))
	return e.buf, nil
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
