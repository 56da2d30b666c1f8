package site

import (
	"fmt"
	"os"
	"testing"
	"time"

	"course/runner/machine"

	"course/evidence"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

const ms = time.Millisecond

// sample is the course in testdata with results made by hand: of every kind that a page tells apart.
func sample(t testing.TB) *Site {
	t.Helper()
	course, err := lessons.Load(os.DirFS("testdata/course"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range course.Problems {
		t.Errorf("the sample has a problem: %v: %s (%s)", p.Position, p.Message, p.Hint)
	}
	results := sampleResults()
	return New(course, results, evidence.Judge(course, results))
}

func sampleResults() []runner.Result {
	results := []runner.Result{
		sleepers(),
		{ID: "whose-memory/seen", Runs: []runner.Run{
			{Mode: program.Thread, Wall: 2 * ms, Output: lines(
				from(411, "add-1", "the worker says 1 <nil>"), from(411, "add-2", "the worker says 2 <nil>"), from(411, "", "main says 2"),
			), Spans: spans(program.Thread, 411, 411, 0, 300*time.Microsecond)},
			{Mode: program.Process, Wall: 6 * ms, Output: lines(
				from(431, "add-1", "the worker says 1 <nil>"), from(432, "add-2", "the worker says 1 <nil>"), from(430, "", "main says 0"),
			), Spans: spans(program.Process, 431, 432, 0, 2*ms)},
		}},
		{ID: "whose-memory/same", Runs: []runner.Run{
			{Mode: program.Thread, Wall: 2 * ms, Output: lines(from(511, "", "hello, you <nil>"))},
			{Mode: program.Process, Wall: 3 * ms, Output: lines(from(521, "", "hello, you <nil>"))},
		}},
		{ID: "whose-memory/loud", Runs: []runner.Run{{Mode: program.Plain, Output: loud()}}},
		{ID: "whose-memory/tested", Runs: []runner.Run{{Mode: program.Plain, Output: lines(
			from(721, "", "\x1b[32mok\x1b[0m   adds"), from(721, "", "\x1b[1;31mFAIL\x1b[0m divides"), from(721, "", "\x1b[2Jcleared"), from(721, "", "tested 1 of 2\rtested 2 of 2"),
		)}}},
		{ID: "when-one-dies/crash", Runs: []runner.Run{
			{Mode: program.Thread, Outcome: program.Outcome{Kind: program.Panicked}, Output: lines(
				from(611, "", "3 4 <nil>"),
				toStderr(611, "panic: runtime error: integer divide by zero"),
				toStderr(611, "[signal SIGFPE: floating-point exception]"),
				toStderr(611, ""),
				toStderr(611, "goroutine 19 gp=0xc000007a40 m=4 mp=0xc000100008 [running, locked to thread]:"),
				toStderr(611, "main.divide(...)"),
				toStderr(611, "\t/tmp/build/crash.cell:1 +0x1d"),
				toStderr(611, "course/runner/worker.Start[...].func1()"),
				toStderr(611, "\tcourse/runner/worker/worker.go:78 +0x2a"),
				toStderr(611, "created by course/runner/worker.(*core).begin in goroutine 1"),
				toStderr(611, "\tcourse/runner/worker/worker.go:161 +0x91"),
			), Spans: []runner.Span{
				{Worker: "divide-1", Mode: program.Thread, Pid: 611, Asked: ms, Began: ms + ms/10, Ended: ms + ms/5, Joined: ms + ms/4},
				{Worker: "divide-2", Mode: program.Thread, Pid: 611, Asked: 2 * ms, Began: 2*ms + ms/10, Ended: 3 * ms, Joined: -1, Died: true},
			}},
			{Mode: program.Process, Output: lines(
				from(620, "", "3 4 <nil>"), from(620, "", "0 0 worker divide-2 (process 622): exit status 2"), from(620, "", "4 3 <nil>"),
			), Spans: []runner.Span{
				{Worker: "divide-1", Mode: program.Process, Pid: 621, Asked: ms, Began: 2 * ms, Ended: 3 * ms, Joined: 3 * ms},
				{Worker: "divide-2", Mode: program.Process, Pid: 622, Asked: 3 * ms, Began: 4 * ms, Ended: 5 * ms, Joined: 5 * ms, Died: true},
				{Worker: "divide-3", Mode: program.Process, Pid: 623, Asked: 5 * ms, Began: 6 * ms, Ended: 7 * ms, Joined: 7 * ms},
			}},
		}},
		{
			ID: "when-one-dies/luck", Runs: []runner.Run{
				{Mode: program.Thread, Times: 8, Output: lines(from(641, "", "nobody was hurt"))},
				{Mode: program.Process, Times: 17, Output: lines(from(651, "", "nobody was hurt"))},
				{Mode: program.Thread, Times: 11, Outcome: program.Outcome{Kind: program.Panicked}, Output: lines(
					toStderr(642, "panic: runtime error: integer divide by zero"), toStderr(642, ""),
				)},
				{Mode: program.Thread, Times: 1, Outcome: program.Outcome{Kind: program.Exited, Exit: 3}},
			}, Others: map[program.Point]int{program.At(program.Process): 3},
			Rule: &runner.Rule{Least: 6, Most: 20, Budget: 2500 * ms}, Stopped: runner.StoppedCount,
		},
		{
			ID: "when-one-dies/wrong", Runs: []runner.Run{{Mode: program.Plain, Outcome: program.Outcome{Kind: program.Exited, Exit: 3}}},
			Problems: problem.List{{Position: problem.Position{File: "wrong.cell"}, Message: "it exited with status 3", Hint: "if that is meant: expect=exit=3"}},
		},
		{ID: "when-one-dies/broken", Runs: []runner.Run{{
			Mode: program.Thread, Outcome: program.Outcome{Kind: program.NotCompiled},
			Output: lines(toStderr(0, `broken.cell:2:14: cannot use "text" (untyped string constant) as int value in variable declaration`)),
		}}},
	}
	results = append(results, grow(), race())
	for i := range results {
		results[i].Taken = time.Date(2026, 11, 21, 11, 49, 0, 0, time.UTC)
		results[i].Machine = machine.Machine{
			OS: "linux", Arch: "amd64", CPU: "AMD EPYC 7B13", Cores: 2, Memory: 8 << 30, Kernel: "6.18.44", Go: "go1.26.8",
		}
	}
	return results
}

// sleepers is a measured cell with a warm-up and nine runs in each mode.
func sleepers() runner.Result {
	result := runner.Result{
		ID:   "the-benchmark/sleepers",
		Rule: &runner.Rule{Least: 6, Most: 50, Width: 0.05, Budget: 2500 * ms}, Stopped: runner.StoppedNarrow,
		Noise: map[program.Point]string{program.At(program.Process): "3 of 9 runs were disturbed: others took 30 % of the processors"},
	}
	base := map[program.Mode][2]time.Duration{ // wall and CPU time
		program.Serial: {163 * ms, ms}, program.Goroutine: {40800 * time.Microsecond, ms},
		program.Thread: {41200 * time.Microsecond, ms}, program.Process: {44 * ms, 9 * ms},
	}
	for i, m := range program.Modes() {
		weighed := &runner.Memory{PSS: int64(2+i*i) << 20, PageTables: int64(1+i) * 52 << 10, Stacks: int64(5+i) * 16 << 10, Looks: 40}
		result.Runs = append(result.Runs, runner.Run{Mode: m, Purpose: runner.Weighing, Wall: base[m][0] + ms, User: ms, Memory: weighed})
	}
	for n := range 10 {
		for _, m := range program.Modes() {
			jitter := time.Duration((n*7)%10-5) * 200 * time.Microsecond
			run := runner.Run{Mode: m, Wall: base[m][0] + jitter, User: base[m][1] / 2, System: base[m][1] - base[m][1]/2}
			if n == 0 {
				run.Purpose = runner.Warmup
			}
			if m == program.Process && n > 6 {
				run.Disturbed = "others took 30 % of the processors"
			}
			for i := range 4 {
				name, pid, wait, start := fmt.Sprintf("square-%d", i+1), 4127, time.Duration(0), time.Duration(i)*ms/5
				switch m {
				case program.Serial:
					wait, start = time.Duration(i)*40*ms, 0
				case program.Process:
					pid, start = 4131+i, time.Duration(i)*ms+1500*time.Microsecond
				case program.Goroutine, program.Thread, program.Plain:
				}
				run.Output.Lines = append(run.Output.Lines, from(4127, "", fmt.Sprintf("%s in %d 30 <nil>", name, pid)))
				run.Spans = append(run.Spans, runner.Span{
					Worker: name, Mode: m, Pid: pid, Asked: wait + time.Duration(i)*ms/10, Began: wait + start + time.Duration(i)*ms/10,
					Ended: wait + start + 40*ms, Joined: wait + start + 40*ms + time.Duration(i)*ms/10,
				})
			}
			result.Runs = append(result.Runs, run)
		}
	}
	return result
}

// grow is a cell that is swept over its workers: twice as fast with two of them, and no faster with four. It came with the course.
func grow() runner.Result {
	result := runner.Result{ID: "does-it-scale/grow", Rule: &runner.Rule{Least: 6, Most: 6, Budget: 2500 * ms}, Stopped: runner.StoppedCount, Recorded: true}
	for n := range 7 {
		for _, m := range []program.Mode{program.Thread, program.Process} {
			for _, workers := range []float64{1, 2, 4} {
				wall := time.Duration(float64(80*ms)/min(workers, 2)) + time.Duration(n*7%10)*100*time.Microsecond
				if m == program.Process {
					wall += time.Duration(workers) * ms
				}
				run := runner.Run{Mode: m, Value: workers, Wall: wall, User: 80 * ms, Output: lines(from(811, "", fmt.Sprint(workers, " workers")))}
				if n == 0 {
					run.Purpose = runner.Warmup
				}
				result.Runs = append(result.Runs, run)
			}
		}
	}
	return result
}

// race is a cell whose lines come in any order.
func race() runner.Result {
	hello := func(pid int, worker, name string) runner.Line {
		return from(pid, worker, fmt.Sprintf("pid %d says hello to %s", pid, name))
	}
	return runner.Result{ID: "does-it-scale/race", Runs: []runner.Run{
		{Mode: program.Thread, Wall: ms, Output: lines(hello(911, "hello-1", "a"), hello(911, "hello-2", "b"))},
		{Mode: program.Process, Wall: 2 * ms, Output: lines(hello(922, "hello-2", "b"), hello(921, "hello-1", "a"))},
		{Mode: program.Thread, Wall: ms, Output: lines(hello(931, "hello-2", "b"), hello(931, "hello-1", "a"))},
		{Mode: program.Process, Wall: 2 * ms, Output: lines(hello(941, "hello-1", "a"), hello(942, "hello-2", "b"))},
	}}
}

func loud() runner.Output {
	o := runner.Output{Cut: 1234567}
	for i := range 60 {
		l := from(711, "", fmt.Sprint("line ", i))
		l.Gap = i == 25
		o.Lines = append(o.Lines, l)
	}
	return o
}

func lines(l ...runner.Line) runner.Output { return runner.Output{Lines: l} }

func from(pid int, worker, text string) runner.Line {
	return runner.Line{Pid: pid, Worker: worker, Text: text}
}

func toStderr(pid int, text string) runner.Line {
	return runner.Line{Pid: pid, Text: text, Stderr: true}
}

// spans are two workers that live one after the other; the second has to wait for main.
func spans(m program.Mode, pid1, pid2 int, asked, start time.Duration) []runner.Span {
	return []runner.Span{
		{Worker: "add-1", Mode: m, Pid: pid1, Asked: asked, Began: asked + start, Ended: asked + start + ms/10, Joined: asked + start + ms/5},
		{
			Worker: "add-2", Mode: m, Pid: pid2, Asked: asked + start + ms/5, Began: asked + 2*start + ms/5, Ended: asked + 2*start + ms/3, Joined: asked + 2*start + ms/2,
			Waits: []runner.Wait{{On: "lock 1", From: asked + 2*start + ms/4, To: asked + 2*start + ms*3/10}},
		},
	}
}
