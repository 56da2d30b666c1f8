package runner

import (
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"slices"
)

// An eventLog is where the processes of a run report what their workers do; protocol.go of package worker
// says what lies where. It is memory to them. Here it is read as a file: they may do with it what they like,
// and memory of which they cut off the end would be a fault of ours.
type eventLog struct {
	file   *os.File
	looked int64   // records that ended has looked at
	holes  []int64 // those among them that were not there yet
}

const (
	logSize     = 16 << 20
	recordSize  = 64
	logCapacity = logSize/recordSize - 1 // the header takes the room of one
	textAt      = 32                     // where the text of an event begins in its first record, and
	moreTextAt  = 8                      // in those behind it
)

// maxHoles bounds the records that are looked at again: there are as many as threads that were interrupted
// while they wrote, and one for each that was killed then.
const maxHoles = 64

// An eventKind says what happened. The values are those of package worker.
type eventKind byte

const (
	eventAsked eventKind = iota + 1
	eventBegan
	eventEnded
	eventDied
	eventJoined
	eventWaited
)

// An event is what a record says.
type event struct {
	kind         eventKind
	id           workerID
	at, more     int64
	name, parent string
}

// A workerID tells a worker from all others of a run: the process that asked for it, and its number there.
type workerID struct{ pid, number uint64 }

func (l *eventLog) close() {
	if l != nil {
		_ = l.file.Close()
	}
}

// read returns records from the one of that number on, as many as there are but not more than n.
func (l *eventLog) read(from, n int64) ([]byte, error) {
	buf := make([]byte, recordSize*min(n, logCapacity-from))
	read, err := l.file.ReadAt(buf, recordSize*(1+from))
	if errors.Is(err, io.EOF) { // it was cut short
		err = nil
	}
	return buf[:read-read%recordSize], err
}

// header returns how many records are reserved, and whether events were dropped.
func (l *eventLog) header() (reserved int64, dropped bool) {
	var b [16]byte
	if _, err := l.file.ReadAt(b[:], 0); err != nil {
		return 0, false
	}
	return int64(min(binary.NativeEndian.Uint64(b[:]), logCapacity)), binary.NativeEndian.Uint64(b[8:]) > 0
}

// backend returns how the workers waited for each other; empty where it is not known.
func (l *eventLog) backend() string {
	var b [8]byte
	if _, err := l.file.ReadAt(b[:], 2*8); err != nil {
		return ""
	}
	switch binary.NativeEndian.Uint64(b[:]) { // as package worker numbers them
	case 1:
		return "futex"
	case 2:
		return "portable"
	}
	return ""
}

// collections returns how many garbage collections the processes told of; nil where that is not known.
func (l *eventLog) collections() *int64 {
	var b [8]byte
	if _, err := l.file.ReadAt(b[:], 3*8); err != nil {
		return nil
	}
	n := int64(min(binary.NativeEndian.Uint64(b[:]), math.MaxInt64))
	return &n
}

// all returns the events that are in the log, in order, and whether some found no room.
func (l *eventLog) all() (events []event, dropped bool, err error) {
	reserved, dropped := l.header()
	records, err := l.read(0, reserved)
	return parseEvents(records), dropped, err
}

// parseEvents reads whole records.
func parseEvents(records []byte) (events []event) {
	for len(records) > 0 {
		e, n := parseEvent(records)
		if e.kind != 0 {
			events = append(events, e)
		}
		records = records[n:]
	}
	return events
}

// parseEvent reads the event at the start of records, and returns how many bytes it takes. Its kind is 0
// where there is none: nothing is there, or a name goes on whose event never came to be.
func parseEvent(records []byte) (e event, size int) {
	word := func(n int) uint64 { return binary.NativeEndian.Uint64(records[8*n:]) }
	head := word(0)
	e.kind = eventKind(head)
	if e.kind < eventAsked || e.kind > eventWaited {
		return event{}, recordSize
	}
	e.id = workerID{head >> 32, word(1)}
	e.at, e.more = int64(word(2)), int64(word(3))
	name, parent := int(head>>8&0xff), int(head>>16&0xff)
	text := records[textAt:recordSize:recordSize]
	for size = recordSize; len(text) < name+parent; size += recordSize {
		if len(records) < size+recordSize {
			return event{}, size
		}
		text = append(text, records[size+moreTextAt:size+recordSize]...)
	}
	e.name, e.parent = string(text[:name]), string(text[name:name+parent])
	return e, size
}

// ended returns the processes in which workers have ended since it was last called. A record of that may
// be there before the one of the worker itself: its parent knows first.
func (l *eventLog) ended() (pids []int) {
	take := func(record []byte) (there bool) {
		e, _ := parseEvent(record)
		if e.kind == eventEnded || e.kind == eventDied || e.kind == eventJoined {
			pids = append(pids, int(e.more))
		}
		return binary.NativeEndian.Uint64(record) != 0
	}
	holes := l.holes
	l.holes = nil
	for _, at := range holes {
		if record, err := l.read(at, 1); err == nil && len(record) > 0 && !take(record) {
			l.holes = append(l.holes, at)
		}
	}
	const atOnce = 1024
	for reserved, _ := l.header(); l.looked < reserved; {
		records, err := l.read(l.looked, min(atOnce, reserved-l.looked))
		if err != nil || len(records) == 0 {
			break
		}
		for ; len(records) > 0; records = records[recordSize:] {
			if !take(records[:recordSize]) && len(l.holes) < maxHoles {
				l.holes = append(l.holes, l.looked)
			}
			l.looked++
		}
	}
	slices.Sort(pids)
	return slices.Compact(pids)
}
