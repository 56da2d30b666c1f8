package worker_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"course/runner/worker"
)

func init() {
	worker.Register(echo, sendThenDie, dieBefore, fillThenWait, passOn, hangUp)
}

type line = worker.Pipe[string]

// echo sends back what it receives, until the other end is closed.
func echo(p *line) error {
	for {
		s, err := p.Recv()
		if err != nil {
			return err
		}
		if err := p.Send(s + "!"); err != nil {
			return err
		}
	}
}

func TestPipeGoesBothWays(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		mine, its := worker.NewPipe[string]()
		w := worker.Start(echo, its, as)
		for _, s := range []string{"", "short", strings.Repeat("long ", 5000)} {
			if err := mine.Send(s); err != nil {
				t.Error(err)
			}
			if got, err := mine.Recv(); got != s+"!" || err != nil {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		}
		mine.Close()
		if why, err := w.Wait(); err != nil || why == nil || why.Error() != worker.ErrClosed.Error() {
			t.Errorf("%v, %v", why, err)
		}
	})
}

func TestClosedPipe(t *testing.T) {
	a, b := worker.NewPipe[string]()
	_ = a.Send("before")
	_ = b.Send("back")
	a.Close()
	a.Close()
	if s, err := b.Recv(); s != "before" || err != nil {
		t.Errorf("what was sent before: %q, %v", s, err)
	}
	if _, err := b.Recv(); !errors.Is(err, worker.ErrClosed) {
		t.Errorf("Recv: %v", err)
	}
	for _, p := range []*line{a, b} {
		if err := p.Send("after"); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("Send: %v", err)
		}
	}
	if s, err := a.Recv(); s != "back" || err != nil {
		t.Errorf("what the closed end had not received: %q, %v", s, err)
	}
}

func hangUp(p *line) { p.Close() }

func TestClosingAnEndWakesTheOther(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		receiving, its := worker.NewPipe[string]()
		w := worker.Do(hangUp, its, as)
		if _, err := receiving.Recv(); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("Recv: %v", err)
		}
		_, _ = w.Wait()

		sending, its := worker.NewPipe[string]()
		fillPipe(t, sending)
		w = worker.Do(hangUp, its, as)
		if err := sending.Send("too much"); !errors.Is(err, worker.ErrClosed) {
			t.Errorf("Send: %v", err)
		}
		_, _ = w.Wait()
	})
}

// fillPipe sends as much as p holds.
func fillPipe(t *testing.T, p *line) {
	for range worker.PipeCapacity {
		if err := p.Send("something"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPipeWithoutPatience(t *testing.T) {
	a, _ := worker.NewPipe[string]()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := a.RecvContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Recv: %v", err)
	}
	fillPipe(t, a)
	if err := a.SendContext(ctx, "too much"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Send: %v", err)
	}
}

// The worker at the other end dies.

func sendThenDie(p *line) {
	_ = p.Send("last words")
	kills(9)
}

func dieBefore(*line) { os.Exit(1) }

func fillThenWait(p *line) {
	_ = p.Send("ready")
	time.Sleep(time.Hour)
}

func TestDeathAtTheOtherEnd(t *testing.T) {
	abandoned := func(what string, err error, w *worker.Worker[struct{}]) {
		t.Helper()
		if a, ok := errors.AsType[*worker.AbandonedError](err); !ok || a.Worker != w.Name() || a.Pid != w.Pid() || a.Object != "line" {
			t.Errorf("%s: %v", what, err)
		}
	}
	process := worker.As(worker.Process)

	mine, its := worker.NewPipe[string](worker.Named("line"))
	w := worker.Do(sendThenDie, its, process)
	if s, err := mine.Recv(); s != "last words" || err != nil {
		t.Errorf("what was sent before: %q, %v", s, err)
	}
	_, err := mine.Recv()
	abandoned("Recv", err, w)
	_, _ = w.Wait()
	_, err = mine.Recv()
	abandoned("Recv long after", err, w)
	fillPipe(t, mine)
	abandoned("Send", mine.Send("too much"), w)

	again := worker.Start(echo, its, process) // somebody takes over
	if s, err := mine.Recv(); s != "something!" || err != nil {
		t.Errorf("the next worker: %q, %v", s, err)
	}
	mine.Close()
	_, _ = again.Wait()

	mine, its = worker.NewPipe[string](worker.Named("line"))
	w = worker.Do(dieBefore, its, process)
	_, err = mine.Recv()
	abandoned("Recv from one who never used its end", err, w)
	_, _ = w.Wait()

	mine, its = worker.NewPipe[string](worker.Named("line"))
	w = worker.Do(fillThenWait, its, process)
	_, _ = mine.Recv()
	fillPipe(t, mine)
	go func() { _ = w.Kill() }()
	abandoned("Send", mine.Send("too much"), w)
	_, _ = w.Wait()

	mine, its = worker.NewPipe[string](worker.Named("line"))
	w = worker.Do(func(p *line) {
		_ = p.Send("ready")
		goexits(1)
	}, its, worker.As(worker.Thread))
	_, _ = mine.Recv()
	_, err = mine.Recv()
	abandoned("Recv from a thread that called Goexit", err, w)
	_, _ = w.Wait()
}

// An end of a pipe comes to workers that already run, through a queue and through a pipe.
func TestPipesThroughPipes(t *testing.T) {
	everyParallelMode(t, func(t *testing.T, as worker.Option) {
		mine, its := worker.NewPipe[*line]()
		w := worker.Start(passOn, its, as)
		a, b := worker.NewPipe[string]()
		_ = a.Send("early")
		if err := mine.Send(b); err != nil {
			t.Fatal(err)
		}
		if s, err := a.Recv(); s != "early!" || err != nil {
			t.Errorf("%q, %v", s, err)
		}
		a.Close()
		if back, err := mine.Recv(); back != b || err != nil {
			t.Errorf("another end came back: %p, %v, want %p", back, err, b)
		}
		_, _ = w.Wait()
	})
}

func passOn(p *worker.Pipe[*line]) error {
	end, err := p.Recv()
	if err != nil {
		return err
	}
	_ = echo(end)
	return p.Send(end)
}

// A process that dies before it has read its argument had the end of a pipe that was in it.
func TestAnEndIsLostWithWhomItWasSentTo(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 5 {
		ours, theirs := worker.NewPipe[int]()
		w := worker.Start(answerOnce, theirs, worker.As(worker.Process))
		if err := w.Kill(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Wait(); err == nil {
			t.Fatal("it has ended well")
		}
		if _, err := ours.RecvContext(ctx); err == nil {
			t.Error("something was received")
		} else if _, ok := errors.AsType[*worker.AbandonedError](err); !ok {
			t.Error(err)
		}
	}
}

func init() { worker.Register(answerOnce) }

func answerOnce(p *worker.Pipe[int]) error {
	n, err := p.Recv()
	if err != nil {
		return err
	}
	return p.Send(n)
}
