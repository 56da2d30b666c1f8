package worker_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"course/runner/worker"
)

func init() {
	worker.Register(thread, opened, gettid)
	watchLeaks = func() func() string {
		before := descriptors()
		return func() string {
			if after := descriptors(); !slices.Equal(before, after) {
				return fmt.Sprintf("descriptors are left: there were %v, and now %v", before, after)
			}
			if _, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); !errors.Is(err, syscall.ECHILD) {
				return fmt.Sprintf("processes are left: wait4 says %v", err)
			}
			return ""
		}
	}
}

// descriptors returns what this process has open, but for the directory that it reads to know.
func descriptors() (open []string) {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, e := range entries {
		if link, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			open = append(open, e.Name()+" "+link)
		}
	}
	return open
}

// meeting has two workers of one process wait for each other, so that they run at once.
var meeting = make(chan struct{})

func thread(int) int {
	select {
	case meeting <- struct{}{}:
	case <-meeting:
	}
	return syscall.Gettid()
}

func TestThreadIsAThread(t *testing.T) {
	ids, err := worker.Map(thread, []int{0, 0}, worker.As(worker.Thread), worker.Workers(2))
	if err != nil || ids[0] == ids[1] {
		t.Errorf("two workers ran on threads %v, %v", ids, err)
	}
}

func TestTid(t *testing.T) {
	for _, mode := range modes {
		w := worker.Start(gettid, 0, worker.As(mode))
		tid, err := w.Wait()
		want := map[worker.Mode]int{worker.Thread: tid, worker.Process: w.Pid()}[mode]
		if err != nil || w.Tid() != want {
			t.Errorf("%s: Tid is %d, want %d, %v", mode, w.Tid(), want, err)
		}
	}
	if tid := worker.Start(unknown, 0, worker.As(worker.Process)).Tid(); tid != 0 {
		t.Errorf("Tid of a process that there never was: %d", tid)
	}
}

func gettid(int) int { return syscall.Gettid() }

// opened returns what a program has open that this worker executes.
func opened(int) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(context.Background(), exe)
	cmd.Env = append(os.Environ(), envProgram+"=lists descriptors")
	out, err := cmd.Output()
	return string(out), err
}

func TestProgramsThatAWorkerExecutesInheritNothing(t *testing.T) {
	ours, err := opened(0) // what the tests' own parent left open
	if err != nil {
		t.Fatal(err)
	}
	out, err := worker.Try(opened, 0, worker.As(worker.Process)).Wait()
	if err != nil || out != ours || !strings.HasPrefix(out, "<nil>\n") {
		t.Errorf("%q, %v, want %q", out, err, ours)
	}
}

func TestPanicEndsTheProgramOrTheProcess(t *testing.T) {
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			cmd := start(t, "panics", mode)
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			if trace := stderr.String(); !strings.HasPrefix(trace, "panic: no luck\n") || !strings.Contains(trace, "worker_test.panics(") {
				t.Errorf("standard error is not Go's trace:\n%s", trace)
			}
			if mode == worker.Process {
				if err != nil || !regexp.MustCompile(`^waited: 0 worker 1 \(process \d+\) died: exit status 2\n$`).Match(stdout.Bytes()) {
					t.Errorf("%v\n%s", err, stdout.String())
				}
				return
			}
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 || stdout.Len() > 0 {
				t.Errorf("%v\n%s", err, stdout.String())
			}
		})
	}
}

// raceDetector is set where the tests are built with it, which needs cgo: then Go looks for no deadlocks.
var raceDetector bool

func TestGoFindsDeadlocksWhileEventsAreReported(t *testing.T) {
	if raceDetector {
		t.Skip("Go does not find deadlocks in programs with cgo, of which the race detector makes one")
	}
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			l := listenTo(t, "deadlocks", mode)
			_, stderr := l.wait(t)
			if want := "fatal error: all goroutines are asleep - deadlock!"; !strings.Contains(stderr+l.childErr(), want) {
				t.Errorf("standard error is not Go's report:\n%s%s", stderr, l.childErr())
			}
		})
	}
}

// The pipe's end is the proof: it comes when the last process that holds the other end is gone.
func TestWorkersEndWithTheProgram(t *testing.T) {
	for _, mode := range modes[1:] {
		t.Run(string(mode), func(t *testing.T) {
			out, err := start(t, "returns while a worker is busy", mode, "GOMAXPROCS=2").CombinedOutput()
			if err != nil || string(out) != "main returns\n" {
				t.Errorf("%q, %v", out, err)
			}
		})
	}
}

func TestWorkersEndWhenTheProgramIsKilled(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	cmd := start(t, "waits while a worker is busy", worker.Process)
	cmd.Stdout = w
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(r)
	if line, err := out.ReadString('\n'); line != fmt.Sprintln(cmd.Process.Pid) {
		t.Errorf("%q, %v", line, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if rest, err := io.ReadAll(out); len(rest) > 0 || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
}

// A listener has what a program reports, and reads what its processes write to outputs of their own.
type listener struct {
	cmd            *exec.Cmd
	stdout, stderr bytes.Buffer
	done           chan struct{}
	log            *os.File

	reading sync.WaitGroup
	mu      sync.Mutex
	outputs map[int64]*[2]bytes.Buffer // by pid
}

// listenTo starts one of programs with somebody who listens, as the runner does.
func listenTo(t *testing.T, program string, mode worker.Mode) *listener {
	t.Helper()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_SEQPACKET|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	theirs := os.NewFile(uintptr(pair[1]), "output")
	defer func() { _ = theirs.Close() }()
	l := &listener{done: make(chan struct{}), outputs: make(map[int64]*[2]bytes.Buffer), log: newLog(t)}
	l.cmd = start(t, program, mode, "COURSE_EVENTS=3", "COURSE_OUTPUT=4")
	l.cmd.ExtraFiles = []*os.File{l.log, theirs}
	l.cmd.Stdout, l.cmd.Stderr = &l.stdout, &l.stderr
	if err := l.cmd.Start(); err != nil {
		_ = syscall.Close(pair[0])
		t.Fatal(err)
	}
	go func() {
		defer close(l.done)
		defer func() { _ = syscall.Close(pair[0]) }()
		l.listen(t, pair[0])
	}()
	return l
}

func (l *listener) listen(t *testing.T, fd int) {
	buf, oob := make([]byte, 4096), make([]byte, syscall.CmsgSpace(8))
	for {
		n, rights, _, _, err := syscall.Recvmsg(fd, buf, oob, syscall.MSG_CMSG_CLOEXEC)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if n <= 0 || err != nil {
			return
		}
		if n != 8 {
			t.Errorf("a message that is no pid: %q", buf[:n])
			continue
		}
		messages, err := syscall.ParseSocketControlMessage(oob[:rights])
		if err != nil || len(messages) != 1 {
			t.Errorf("output without descriptors: %v", err)
			continue
		}
		fds, err := syscall.ParseUnixRights(&messages[0])
		if err != nil || len(fds) != 2 {
			t.Errorf("output with descriptors %v, %v", fds, err)
			continue
		}
		buffers := new([2]bytes.Buffer)
		l.mu.Lock()
		l.outputs[int64(binary.NativeEndian.Uint64(buf))] = buffers
		l.mu.Unlock()
		for i, fd := range fds {
			l.reading.Go(func() {
				f := os.NewFile(uintptr(fd), "output")
				_, _ = io.Copy(&buffers[i], f)
				_ = f.Close()
			})
		}
	}
}

// wait waits until the program and all that it started are gone, and returns what it wrote itself.
func (l *listener) wait(t *testing.T) (stdout, stderr string) {
	t.Helper()
	_ = l.cmd.Wait()
	<-l.done
	l.reading.Wait()
	return l.stdout.String(), l.stderr.String()
}

// childErr returns what child processes wrote to standard error.
func (l *listener) childErr() string {
	var all strings.Builder
	for _, o := range l.outputs {
		all.WriteString(o[1].String())
	}
	return all.String()
}

// lives returns the events of each worker by its id, as their kinds in order of time, and all events.
func (l *listener) lives(t *testing.T) (map[string][]string, []event) {
	t.Helper()
	events := readLog(t, l.log)
	slices.SortStableFunc(events, func(a, b event) int { return int(a.at - b.at) })
	lives := make(map[string][]string)
	for _, e := range events {
		lives[e.id] = append(lives[e.id], e.kind)
	}
	return lives, events
}

func TestEventsTellALife(t *testing.T) {
	for i, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			l := listenTo(t, "prints", mode)
			stdout, stderr := l.wait(t)
			pid := int64(l.cmd.Process.Pid)
			id := strconv.FormatInt(pid, 10) + ".1"
			lives, events := l.lives(t)
			if got := lives[id]; len(lives) != 1 || !slices.Equal(got, []string{"asked", "began", "ended", "joined"}) {
				t.Fatalf("%v\n%s", lives, stderr)
			}
			asked, began, joined := events[0], events[1], events[3]
			if want := (event{"asked", id, asked.at, int64(i + 1), "a�b", ""}); asked != want {
				t.Errorf("%+v, want %+v", asked, want)
			}
			if (began.more == pid) == (mode == worker.Process) || joined.more != began.more {
				t.Errorf("process %d asked for a worker in process %d: %+v", pid, began.more, joined)
			}
			marked := "\x1ea�b\x1fline 0\n\x1ea�b\x1fline 1\nnot marked\n"
			end := fmt.Sprintf("waited: %d <nil>\n", began.more)
			if mode != worker.Process {
				if want := "main prints\n" + marked + end; stdout != want {
					t.Errorf("printed %q, want %q", stdout, want)
				}
				return
			}
			if want := "main prints\n" + end; stdout != want {
				t.Errorf("printed %q, want %q", stdout, want)
			}
			if o := l.outputs[began.more]; o == nil || o[0].String() != marked {
				t.Errorf("the worker printed %v", o)
			}
		})
	}
}

func TestEventsTellOfPoolsDeathsAndFamilies(t *testing.T) {
	life := []string{"asked", "began", "ended", "joined"}
	for _, mode := range modes {
		t.Run(string(mode), func(t *testing.T) {
			l := listenTo(t, "maps", mode)
			l.wait(t)
			lives, _ := l.lives(t)
			for id, got := range lives {
				if !slices.Equal(got, life) {
					t.Errorf("worker %s of a pool: %v", id, got)
				}
			}
			if want := map[bool]int{true: 1, false: 2}[mode == worker.Serial]; len(lives) != want {
				t.Errorf("%d workers, want %d", len(lives), want)
			}

			l = listenTo(t, "family", mode)
			l.wait(t)
			_, events := l.lives(t)
			parents := make(map[string]string)
			for _, e := range events {
				if e.kind == "asked" {
					parents[e.name] = e.parent
				}
			}
			want := map[string]string{"worker 1": "", "worker 2": "worker 1", "eve": "worker 1", "worker 4": "worker 1"}
			if mode == worker.Process {
				want = map[string]string{"worker 1": "", "worker 1.1": "worker 1", "eve": "worker 1", "worker 1.3": "worker 1"}
			}
			if fmt.Sprint(parents) != fmt.Sprint(want) {
				t.Errorf("parents %v, want %v", parents, want)
			}
		})
	}
	l := listenTo(t, "dies", worker.Process)
	l.wait(t)
	lives, _ := l.lives(t)
	for _, got := range lives {
		if !slices.Equal(got, []string{"asked", "began", "died", "joined"}) {
			t.Errorf("a worker that dies: %v", got)
		}
	}
}

// Threads of several processes append at once.
func TestEventsOfManyAreNotMixed(t *testing.T) {
	l := listenTo(t, "crowd", worker.Process)
	if stdout, stderr := l.wait(t); stdout != "[60 60 60 60] <nil>\n" {
		t.Fatalf("%s\n%s", stdout, stderr)
	}
	lives, events := l.lives(t)
	for id, got := range lives {
		if !slices.Equal(got, []string{"asked", "began", "ended", "joined"}) {
			t.Errorf("worker %s: %v", id, got)
		}
	}
	names := make(map[string]int)
	for _, e := range events {
		if parent := strings.Contains(e.name, "crowd"); e.kind == "asked" && parent {
			names[e.name]++
		}
	}
	for n := range 60 {
		if names[crowdName(n)] != 4 {
			t.Errorf("%d workers have the name %q", names[crowdName(n)], crowdName(n))
		}
	}
	if len(lives) != 4*61 {
		t.Errorf("%d workers, want %d", len(lives), 4*61)
	}
}

// A descriptor that is gone, or is no log, or a listener that hangs up, is no fault of the program's.
func TestNobodyNeedListen(t *testing.T) {
	for _, env := range []string{
		"COURSE_EVENTS=77", "COURSE_EVENTS=x", "COURSE_EVENTS=-1", "COURSE_EVENTS=", "COURSE_EVENTS=1", "COURSE_OUTPUT=77", "COURSE_OUTPUT=1",
	} {
		out, err := start(t, "maps", worker.Process, env).CombinedOutput()
		if string(out) != "[1 4 9 16 25 36] <nil>\n" || err != nil {
			t.Errorf("%s: %q, %v", env, out, err)
		}
	}
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_SEQPACKET|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Close(pair[0])
	theirs := os.NewFile(uintptr(pair[1]), "output")
	defer func() { _ = theirs.Close() }()
	short := newLog(t)
	if err := short.Truncate(4096); err != nil {
		t.Fatal(err)
	}
	cmd := start(t, "maps", worker.Process, "COURSE_EVENTS=3", "COURSE_OUTPUT=4")
	cmd.ExtraFiles = []*os.File{short, theirs}
	if out, err := cmd.CombinedOutput(); string(out) != "[1 4 9 16 25 36] <nil>\n" || err != nil {
		t.Errorf("hung up: %q, %v", out, err)
	}
}
