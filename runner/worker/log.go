package worker

import (
	"encoding/binary"
	"os"
	"sync/atomic"
	"unsafe"
)

// An eventLog is where the processes of a run report what their workers do: memory that they share with
// whoever listens. What lies where is said in protocol.go.
type eventLog struct {
	*logMemory
	file *os.File // which processes inherit
}

const (
	logSize     = 16 << 20
	recordSize  = 64
	logCapacity = logSize/recordSize - 1 // the header takes the room of one
)

type logMemory struct {
	next    atomic.Uint64 // how many records are reserved: more than there are, once it is full
	dropped atomic.Uint64 // events that found no room
	_       [recordSize - 2*8]byte
	records [logCapacity]logRecord
}

// A logRecord is stored with its head last. One without a head is not there: it is being written, or its
// writer was killed.
type logRecord struct {
	head atomic.Uint64
	body [recordSize - 8]byte
}

// textAt is where the text of an event begins in the body of its first record.
const textAt = 3 * 8

// add appends an event, with at most two names of at most 255 bytes. All records that it takes are
// reserved in one step, so that nobody waits for anybody. Where there is no room for it, it is dropped.
func (l *eventLog) add(kind eventKind, id workerID, at, more int64, names ...string) {
	head, text := uint64(kind)|uint64(uint32(id.pid))<<32, 0
	for i, name := range names {
		head |= uint64(len(name)) << (8 + 8*i)
		text += len(name)
	}
	n := uint64(1)
	if first := recordSize - 8 - textAt; text > first {
		n += uint64(text-first+recordSize-8-1) / (recordSize - 8)
	}
	end := l.next.Add(n)
	if end > logCapacity {
		l.dropped.Add(1)
		return
	}
	records := l.records[end-n : end]
	first := &records[0]
	binary.NativeEndian.PutUint64(first.body[0:], uint64(id.number))
	binary.NativeEndian.PutUint64(first.body[8:], uint64(at))
	binary.NativeEndian.PutUint64(first.body[16:], uint64(more))
	if text > 0 {
		writeText(records, names)
	}
	first.head.Store(head)
}

// writeText writes names into the first of records and, where they do not fit, into those behind it.
func writeText(records []logRecord, names []string) {
	room := records[0].body[textAt:]
	for _, name := range names {
		for name != "" {
			if len(room) == 0 {
				records = records[1:]
				records[0].head.Store(uint64(eventText))
				room = records[0].body[:]
			}
			n := copy(room, name)
			name, room = name[n:], room[n:]
		}
	}
}

// newLog takes over memory, which must have the size of a log and be aligned as one.
func newLog(memory []byte, file *os.File) *eventLog {
	return &eventLog{(*logMemory)(unsafe.Pointer(unsafe.SliceData(memory))), file}
}

// The memory of a log is as large as its layout says, or this does not compile.
var _ [logSize]byte = [unsafe.Sizeof(logMemory{})]byte{}
