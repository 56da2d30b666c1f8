package worker

import (
	"context"
	"os"
)

// Encodes has q encode what is put into it, as once it was sent to a process.
func Encodes[T any](q *Queue[T]) error {
	var e encoder
	defer func() { e.sent.takeBack() }()
	place, err := send(q)
	if err == nil {
		e.sent = append(e.sent, place)
	}
	return err
}

// A Phase is one of putting or getting in which a process can be killed.
type Phase int

// The phases.
const (
	PutBegun Phase = iota
	PutWritten
	PutPublished
	GetBegun
	GetPublished
	Phases
)

// DieIn kills this process while it puts v into q, or gets it.
func DieIn[T any](q *Queue[T], phase Phase, v T) {
	t := q.flow.ring.putting()
	if phase >= GetBegun {
		t = q.flow.ring.getting()
	}
	_ = q.flow.begin(&t, waiting{ctx: context.Background()})
	if phase == PutWritten || phase == PutPublished {
		m, _ := q.flow.encode(v)
		*q.flow.ring.entry(t.count) = m
	}
	if phase == PutPublished || phase == GetPublished {
		t.mine.count.Add(2)
	}
	p, _ := os.FindProcess(pid)
	_ = p.Kill()
	select {}
}

// UnitsInUse returns how much shared memory is in use. Nobody may use any meanwhile.
func UnitsInUse() int {
	_ = openMemory()
	n := int(book().next.Load() / unit)
	for c := range classes {
		for o := offset(uint32(book().free[c].Load())) * unit; o != 0; o = offset(at[word](o).Load()) * unit {
			n -= 1 << c
		}
	}
	return n
}
