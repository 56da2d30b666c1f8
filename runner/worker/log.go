package worker

import (
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
	backend atomic.Uint64 // once there is something to wait for

	collections atomic.Uint64 // garbage collections of all processes
	_           [recordSize - 4*8]byte

	records [logCapacity]logRecord
}

// A logRecord is stored with its head last. One without a head is not there: it is being written, or its
// writer was killed.
type logRecord struct {
	head   atomic.Uint64
	number int64
	time   int64
	more   int64
	text   [recordSize - 4*8]byte
}

// add appends an event. Where there is no room for it, it is dropped.
func (l *eventLog) add(kind eventKind, id workerID, at, more int64) {
	i := l.next.Add(1) - 1
	if i >= logCapacity {
		l.dropped.Add(1)
		return
	}
	r := &l.records[i]
	r.number, r.time, r.more = id.number, at, more
	publish(&r.head, head(kind, id))
}

func head(kind eventKind, id workerID) uint64 { return uint64(kind) | uint64(uint32(id.pid))<<32 }

// addNamed appends an event with names of at most 255 bytes. All records that it takes are reserved in one
// step, so that nobody waits for anybody.
func (l *eventLog) addNamed(kind eventKind, id workerID, at, more int64, name, parent string) {
	n := uint64(1)
	if first, text := len(logRecord{}.text), len(name)+len(parent); text > first {
		n += uint64(text-first+recordSize-8-1) / (recordSize - 8)
	}
	end := l.next.Add(n)
	if end > logCapacity {
		l.dropped.Add(1)
		return
	}
	records := l.records[end-n : end]
	r := &records[0]
	r.number, r.time, r.more = id.number, at, more
	writeText(records, name, parent)
	publish(&r.head, head(kind, id)|uint64(len(name))<<8|uint64(len(parent))<<16)
}

// writeText writes names into the first of records and, where they do not fit, into those behind it.
func writeText(records []logRecord, names ...string) {
	room := records[0].text[:]
	for _, name := range names {
		for name != "" {
			if len(room) == 0 {
				records = records[1:]
				room = (*[recordSize]byte)(unsafe.Pointer(&records[0]))[8:]
				records[0].head.Store(uint64(eventText))
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
