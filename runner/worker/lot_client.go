//go:build !linux || portable

package worker

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"os"
	"sync"
)

// A lotRequest is what a process asks of its parent. It is sent as five words of eight bytes.
type lotRequest struct {
	what   lotRequestKind
	id     uint64 // of a sleep, which the process chooses
	object offset
	word   offset
	n      uint32 // the value while which to sleep, or how many to wake
}

// A lotRequestKind says what to do.
type lotRequestKind uint64

const (
	lotSleep  lotRequestKind = iota + 1 // is answered once it is over
	lotCancel                           // ends a sleep, which is answered as ever
	lotWake                             // has no answer
)

const lotRequestSize = 5 * 8

// A lotAnswer says that a sleep is over. It is sent as two words.
type lotAnswer struct {
	id    uint64
	slept bool // as park reports it
}

const lotAnswerSize = 2 * 8

func (r lotRequest) encode() []byte {
	b := make([]byte, 0, lotRequestSize)
	for _, v := range [...]uint64{uint64(r.what), r.id, uint64(r.object), uint64(r.word), uint64(r.n)} {
		b = binary.NativeEndian.AppendUint64(b, v)
	}
	return b
}

func decodeLotRequest(b []byte) lotRequest {
	word := func(i int) uint64 { return binary.NativeEndian.Uint64(b[8*i:]) }
	return lotRequest{lotRequestKind(word(0)), word(1), offset(word(2)), offset(word(3)), uint32(word(4))}
}

func (a lotAnswer) encode() []byte {
	b := make([]byte, lotAnswerSize)
	binary.NativeEndian.PutUint64(b, a.id)
	if a.slept {
		b[8] = 1
	}
	return b
}

func decodeLotAnswer(b []byte) lotAnswer { return lotAnswer{binary.NativeEndian.Uint64(b), b[8] != 0} }

// A lotClient is the way of a process that is a worker to the parking lot of the root.
type lotClient struct {
	requests, answers *os.File
	reading           sync.Once // begins with the first sleep: until then Go can find deadlocks by itself
	mu                sync.Mutex
	last              uint64               // id
	sleeps            map[uint64]chan bool // are sent once whether they slept
}

// rootLot is this process's.
var rootLot lotClient

// connectLot is given the descriptors that were inherited.
func connectLot(pipes [lotPipes]uintptr) {
	var files [lotPipes]*os.File
	for i, n := range pipes {
		keep(n)
		poll(n) // with one slot, a goroutine that blocks a thread takes ten times as long to wake
		files[i] = os.NewFile(n, "lot")
	}
	rootLot.requests, rootLot.answers = files[0], files[1]
}

// sleep is as parkingLot.park. A sleep is answered only when it is in no lot any more: a wake that it took
// after ctx was done is known to whoever called, and passed on.
func (l *lotClient) sleep(ctx context.Context, o *object, w *word, value uint32) (slept bool) {
	l.reading.Do(func() { background(l.read) })
	over := make(chan bool, 1)
	l.mu.Lock()
	l.last++
	id := l.last
	if l.sleeps == nil {
		l.sleeps = make(map[uint64]chan bool)
	}
	l.sleeps[id] = over
	l.mu.Unlock()
	l.send(lotRequest{lotSleep, id, offsetOf(o), offsetOf(w), value})
	if ctx.Done() == nil {
		return <-over
	}
	select {
	case slept = <-over:
		return slept
	case <-ctx.Done():
		l.send(lotRequest{what: lotCancel, id: id})
		return <-over
	}
}

func (l *lotClient) wake(o *object, w *word, n int) {
	l.send(lotRequest{what: lotWake, object: offsetOf(o), word: offsetOf(w), n: uint32(n)})
}

// send sends a request with one write: those of several goroutines are not mixed.
func (l *lotClient) send(r lotRequest) {
	if _, err := l.requests.Write(r.encode()); err != nil {
		os.Exit(1) // the parent is gone, as endAfter will find
	}
}

// read hands out the answers.
func (l *lotClient) read() {
	answers := bufio.NewReader(l.answers)
	for {
		var b [lotAnswerSize]byte
		if _, err := io.ReadFull(answers, b[:]); err != nil {
			os.Exit(1)
		}
		a := decodeLotAnswer(b[:])
		l.mu.Lock()
		over := l.sleeps[a.id]
		delete(l.sleeps, a.id)
		l.mu.Unlock()
		if over != nil {
			over <- a.slept
		}
	}
}
