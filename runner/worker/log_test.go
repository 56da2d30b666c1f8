package worker_test

import (
	"encoding/binary"
	"os"
	"strconv"
	"testing"
)

const logSize = 16 << 20

// newLog makes the file of a log, which nobody else finds.
func newLog(t *testing.T) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "log-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if err := f.Truncate(logSize); err != nil {
		t.Fatal(err)
	}
	return f
}

// An event is what a record of the log says, as protocol.go has it.
type event struct {
	kind, id     string
	at, more     int64
	name, parent string
}

var eventKinds = []string{"", "asked", "began", "ended", "died", "joined", "waited", "text"}

// readLog returns all events of a log.
func readLog(t *testing.T, f *os.File) (events []event) {
	t.Helper()
	all := make([]byte, logSize)
	if _, err := f.ReadAt(all, 0); err != nil {
		t.Fatal(err)
	}
	word := func(at int) uint64 { return binary.NativeEndian.Uint64(all[at:]) }
	reserved, dropped := int(word(0)), word(8)
	if dropped > 0 {
		t.Errorf("%d events were dropped", dropped)
	}
	for at := 64; at < 64*(1+reserved); {
		head := word(at)
		names := [2]int{int(head >> 8 & 0xff), int(head >> 16 & 0xff)}
		e := event{
			kind: eventKinds[head&0xff], id: strconv.Itoa(int(head>>32)) + "." + strconv.Itoa(int(word(at+8))),
			at: int64(word(at + 16)), more: int64(word(at + 24)),
		}
		text := all[at+32 : at+64 : at+64]
		for at += 64; len(text) < names[0]+names[1]; at += 64 {
			if kind := eventKinds[byte(word(at))]; kind != "text" {
				t.Errorf("the names of %+v go on in a record of kind %q", e, kind)
			}
			text = append(text, all[at+8:at+64]...)
		}
		e.name, e.parent = string(text[:names[0]]), string(text[names[0]:names[0]+names[1]])
		events = append(events, e)
	}
	return events
}
