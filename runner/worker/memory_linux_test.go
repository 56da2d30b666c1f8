package worker_test

import (
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"course/runner/worker"
)

func init() {
	programs["little memory"] = func() {
		limitFiles(20 << 20)
		debug.SetGCPercent(-1) // it frees none meanwhile
		fmt.Println("many:", workUntilNone() > 10_000)
		for {
			runtime.GC()
			if work, err := newWork(); err == nil {
				_, err := worker.Do(increment, work, worker.As(worker.Process)).Wait()
				fmt.Println("again:", work.Sum.Load(), err)
				return
			}
		}
	}
	programs["no memory"] = func() {
		limitFiles(1 << 20)
		_, err := newWork()
		fmt.Println(err)
		_, err = worker.Start(square, 3, worker.As(worker.Process)).Wait()
		fmt.Println(err)
	}
}

// limitFiles bounds the files that this process writes, and so its shared memory.
func limitFiles(size uint64) {
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
		panic(err)
	}
}

// workUntilNone makes primitives as long as there is memory, and returns how many there were.
func workUntilNone() int {
	var all []addition
	for {
		work, err := newWork()
		if err != nil {
			fmt.Println(err)
			return 2 * len(all)
		}
		all = append(all, work)
	}
}

func newWork() (work addition, err any) {
	defer func() { err = recover() }()
	return addition{worker.NewLock(), worker.NewShared(0), 3}, nil
}

func TestMemoryEndsAndComesBack(t *testing.T) {
	out, err := start(t, "little memory", worker.Thread).CombinedOutput()
	if !memoryEnded.Match(out) || err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

var memoryEnded = regexp.MustCompile(`^worker: make a (lock|shared): all of the shared memory is in use
many: true
again: 3 <nil>
$`)

func TestNoMemoryIsAnError(t *testing.T) {
	out, err := start(t, "no memory", worker.Thread).CombinedOutput()
	lines := strings.Split(string(out), "\n")
	if err != nil || len(lines) != 3 || !strings.Contains(lines[0], "open shared memory: ") || !strings.Contains(lines[1], "open shared memory: ") {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
