package worker_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"course/runner/worker"
)

// A checkpoint is a directory in which workers in any process tell that they are there, and wait until a
// test tells them what to do. (Sockets would do, too, but package net keeps Go from finding deadlocks.)
type checkpoint struct {
	dir  string
	seen map[string]bool
}

// An arrival is a worker at a checkpoint.
type arrival struct {
	file   string
	n, pid int
}

func openCheckpoint(t *testing.T) *checkpoint {
	t.Helper()
	return &checkpoint{t.TempDir(), make(map[string]bool)}
}

// look returns a worker that arrived, if there is one that was not returned before.
func (c *checkpoint) look() (a arrival, ok bool) {
	entries, _ := os.ReadDir(c.dir)
	for _, e := range entries {
		name := e.Name()
		if n, err := fmt.Sscanf(name, "%d-%d.at", &a.n, &a.pid); n == 2 && err == nil && strings.HasSuffix(name, ".at") && !c.seen[name] {
			c.seen[name] = true
			a.file = filepath.Join(c.dir, name)
			return a, true
		}
	}
	return a, false
}

// next waits for the next worker that arrives.
func (c *checkpoint) next() arrival {
	for {
		if a, ok := c.look(); ok {
			return a
		}
		time.Sleep(time.Millisecond)
	}
}

// pass says that item n passes c. Each is to do so once in a process.
func (c *checkpoint) pass(n int) passing { return passing{c.dir, n} }

func (c *checkpoint) all(n int) (all []passing) {
	for i := range n {
		all = append(all, c.pass(i))
	}
	return all
}

// tell has the worker go on: "" has it return, "fail" return an error, "exit" end its process, "panic"
// panic, "goexit" call runtime.Goexit.
func (a arrival) tell(what string) {
	_ = os.WriteFile(a.file+".part", []byte(what), 0o600)
	_ = os.Rename(a.file+".part", a.file+".go")
}

// A passing is the argument of atCheckpoint.
type passing struct {
	Dir string
	N   int
}

// atCheckpoint waits at a checkpoint. It returns 10 N.
func atCheckpoint(p passing) (int, error) {
	file := filepath.Join(p.Dir, fmt.Sprintf("%d-%d.at", p.N, os.Getpid()))
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		return 0, err
	}
	for {
		what, err := os.ReadFile(file + ".go")
		switch {
		case err != nil:
			if _, gone := os.Stat(p.Dir); gone != nil {
				return 0, gone
			}
			time.Sleep(time.Millisecond)
			continue
		case string(what) == "fail":
			return 0, fmt.Errorf("%d was told to fail", p.N)
		case string(what) == "exit":
			os.Exit(3)
		case string(what) == "panic":
			panic("as told")
		case string(what) == "goexit":
			runtime.Goexit()
		}
		return 10 * p.N, nil
	}
}

func init() {
	worker.Register(atCheckpoint)
	// Processes that end before they begin: as often as there are files of that name and a number.
	if prefix := os.Getenv(envCrash); prefix != "" {
		for i := range 10 {
			if os.Remove(fmt.Sprint(prefix, i)) == nil {
				os.Exit(7)
			}
		}
	}
}

// envCrash has processes end in init.
const envCrash = "WORKER_TEST_CRASH"

// crash has the next n processes end before they begin.
func crash(t *testing.T, n int) {
	t.Helper()
	prefix := t.TempDir() + "/crash"
	for i := range n {
		if err := os.WriteFile(fmt.Sprint(prefix, i), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(envCrash, prefix)
}

// untilClosed waits until the pool takes no more.
func untilClosed[A, R any](p *worker.Pool[A, R]) {
	for {
		if _, err := p.Map(nil); errors.Is(err, worker.ErrClosed) {
			return
		}
		runtime.Gosched()
	}
}
