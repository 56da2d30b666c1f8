//go:build !linux || portable

package worker

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
)

// A lotChild is the side of a child process that asks its parent, in this one.
type lotChild struct {
	server            *lotServer
	requests, answers *os.File
}

func startLotServer(t *testing.T) lotChild {
	t.Helper()
	s, theirs := newLotServer(func() (r, w *os.File) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		return r, w
	})
	s.start()
	c := lotChild{s, theirs[0], theirs[1]}
	t.Cleanup(c.die)
	return c
}

// die closes what the system closes when a process ends, and waits until nothing is left of it.
func (c lotChild) die() {
	_ = c.requests.Close()
	_ = c.answers.Close()
	c.server.wait()
}

func (c lotChild) ask(t *testing.T, r lotRequest) {
	t.Helper()
	if _, err := c.requests.Write(r.encode()); err != nil {
		t.Error(err)
	}
}

func (c lotChild) expect(t *testing.T, want lotAnswer) {
	t.Helper()
	var b [lotAnswerSize]byte
	if _, err := io.ReadFull(c.answers, b[:]); err != nil || decodeLotAnswer(b[:]) != want {
		t.Errorf("the answer is %+v, %v, want %+v", decodeLotAnswer(b[:]), err, want)
	}
}

// parkedOn returns how many sleep on o in this process.
func parkedOn(o *object) (n int) {
	b := &parking[parking.bucket(o)]
	b.Lock()
	defer b.Unlock()
	for _, p := range b.parked {
		if p.object == o {
			n++
		}
	}
	return n
}

func TestLotServerSleepsAndWakes(t *testing.T) {
	c, e := startLotServer(t), NewShared(uint64(7))
	o, w := offsetOf(e.object), offsetOf(&e.words[0])
	sleep := func(id uint64, value uint32) {
		c.ask(t, lotRequest{lotSleep, id, o, w, value})
	}
	sleep(1, 8)
	c.expect(t, lotAnswer{1, false})

	c.ask(t, lotRequest{what: lotCancel, id: 1}) // too late, which is no mistake
	sleep(2, 7)
	Eventually(func() bool { return parkedOn(e.object) == 1 })
	c.ask(t, lotRequest{what: lotCancel, id: 2})
	c.expect(t, lotAnswer{2, true})

	sleep(2, 7)
	Eventually(func() bool { return parkedOn(e.object) == 1 })
	c.ask(t, lotRequest{what: lotWake, object: o, word: w + 4, n: everyone})
	c.ask(t, lotRequest{what: lotWake, object: o, word: w, n: 1})
	c.expect(t, lotAnswer{2, true})
}

func TestLotServerForgetsTheDead(t *testing.T) {
	c, e := startLotServer(t), NewShared(uint64(7))
	const sleeps = 100
	for id := range uint64(sleeps) {
		c.ask(t, lotRequest{lotSleep, id, offsetOf(e.object), offsetOf(&e.words[0]), 7})
	}
	Eventually(func() bool { return parkedOn(e.object) == sleeps })
	c.die()
	if n := parkedOn(e.object); n != 0 {
		t.Errorf("%d sleeps are left of a child that is gone", n)
	}
}

// A child that is gone, and of which that is not known yet, cannot do anything about a wake.
func TestWakesOfTheDeadArePassedOn(t *testing.T) {
	c, e := startLotServer(t), NewShared(uint64(7))
	w := &e.words[0]
	c.ask(t, lotRequest{lotSleep, 1, offsetOf(e.object), offsetOf(w), 7})
	Eventually(func() bool { return parkedOn(e.object) == 1 })
	done := make(chan struct{})
	go func() {
		defer close(done)
		sleepShared(context.Background(), e.object, w, 7)
	}()
	Eventually(func() bool { return parkedOn(e.object) == 2 })
	_ = c.answers.Close()
	wakeShared(e.object, w, 1)
	<-done
}

func TestLotServerEndsWithNonsense(t *testing.T) {
	e := NewShared(uint64(7))
	o, w := offsetOf(e.object), offsetOf(&e.words[0])
	end := offset(arena.size)
	for _, r := range []lotRequest{
		{},
		{what: 4, object: o, word: w},
		{what: lotSleep, id: 1, object: o, word: w, n: 7}, // that id is in use
		{what: lotSleep, id: 2},
		{what: lotWake, object: o + 4, word: w, n: 1},
		{what: lotWake, object: o, word: w + 1, n: 1},
		{what: lotWake, object: o, word: end, n: 1},
		{what: lotWake, object: end - unit, word: w, n: 1},
		{what: lotWake, object: ^offset(unit - 1), word: w, n: 1},
		{what: lotWake, object: o, word: 0, n: 1},
		{what: lotWake, object: 0, word: w, n: 1},
		{what: lotSleep, id: 3, object: o, word: ^offset(3), n: 7},
	} {
		c := startLotServer(t)
		c.ask(t, lotRequest{lotSleep, 1, o, w, 7})
		c.ask(t, lotRequest{lotSleep, 2, o, w, 8})
		c.expect(t, lotAnswer{2, false})
		c.ask(t, r)
		if n, err := c.answers.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("%+v: %d bytes, %v", r, n, err)
		}
		c.server.wait()
		if n := parkedOn(e.object); n != 0 {
			t.Errorf("%+v: %d sleeps are left", r, n)
		}
	}
}
