package main

import (
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner"
)

func TestBoardSaysHowFarItIs(t *testing.T) {
	var out strings.Builder
	b := &board{out: &out, width: func() int { return 60 }, total: 3}
	event := runner.Event{ID: "start/sum", Mode: program.Thread, Run: 3, Spent: &runner.Spent{
		Program: 1200 * time.Millisecond, ProgramBudget: 2500 * time.Millisecond, Course: 10 * time.Second, CourseBudget: time.Minute,
	}}
	shown := func(kind runner.EventKind) string {
		out.Reset()
		event.Kind = kind
		b.on(event)
		return strings.TrimPrefix(out.String(), "\r\x1b[K")
	}
	if got := shown(runner.Building); got != "0 of 3 cells: building start/sum" {
		t.Errorf("it builds: %q", got)
	}
	event.Result = &runner.Result{
		Runs: []runner.Run{
			{Purpose: runner.Warmup},
			{Purpose: runner.Weighing},
			{Purpose: runner.Replaced},
			{},
			{},
			{Times: 4},
			{Outcome: program.Outcome{Kind: program.NotCompiled}},
		},
		Others: map[program.Point]int{program.At(program.Thread): 2},
	}
	shown(runner.Done)
	const want = "1 of 3 cells: running start/sum, thread, run 4, 1.2 of 2.5 s, 10 of 60 s in all"
	if got := shown(runner.Started); got != want[:59] {
		t.Errorf("it runs: %q", got)
	}
	b.width = func() int { return 100 }
	if got := shown(runner.Started); got != want {
		t.Errorf("it runs: %q", got)
	}
	out.Reset()
	if _, err := b.above(&out).Write([]byte("printed\n")); err != nil || out.String() != "\r\x1b[Kprinted\n"+want {
		t.Errorf("with what is printed: %q, %v", out.String(), err)
	}
	b.close()
	if got := shown(runner.Started); got != "" {
		t.Errorf("it was closed: %q", got)
	}
	if b.runs != 2+4+2 {
		t.Errorf("%d runs are counted", b.runs)
	}
}

// TestTheRunIsSeenBesideALongName: the name is shortened, and what follows it stays.
func TestTheRunIsSeenBesideALongName(t *testing.T) {
	var out strings.Builder
	b := &board{out: &out, width: func() int { return 80 }, total: 14}
	event := runner.Event{Kind: runner.Started, ID: "the-benchmark-that-measures-nothing/squares", Mode: program.Process, Run: 23, Spent: &runner.Spent{ProgramBudget: 2500 * time.Millisecond}}
	b.on(event)
	if got := strings.TrimPrefix(out.String(), "\r\x1b[K"); got != "0 of 14 cells: running the-benchmark-.../squares, process, run 24, 0.0 of 2.5 s" {
		t.Errorf("in 80 columns it says %q", got)
	}
	out.Reset()
	event.ID = "a/" + strings.Repeat("long", 20)
	b.on(event)
	if got := out.String(); !strings.HasSuffix(got, "longlong, process, run 24, 0.0 of 2.5 s") {
		t.Errorf("of a cell with a long name it says %q", got)
	}
}
