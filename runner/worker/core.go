package worker

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// pid is that of this process.
var pid = os.Getpid()

// count is of the workers that this process asked for; it gives the numbers in their names and ids.
var count atomic.Int64

// core is the part of a worker that does not depend on its types.
type core struct {
	settings       // its name is "" where none was given
	number   int64 // among the workers that this process asked for, from 1
	pid      int
	done     chan struct{} // closed when all is over: err, exit and the result are set
	err      error
	exit     int32         // as ExitCode has it; until then -1
	tid      atomic.Uint32 // of its thread; 0 where it has none of its own, or none yet
	joined   atomic.Bool   // an event tells of the first Wait that returned
	agent    agent
	last     int64 // when a worker of a pool was done with its last chunk; 0 for others

	process *os.Process // nil where it is none, or there never was one
}

func (c *core) init(s settings, name string) {
	c.settings, c.number, c.done, c.exit = s, count.Add(1), make(chan struct{}), -1
	c.name = name
	c.agent.core = c
}

// label returns the name. It is put together on demand: starting a goroutine takes less time.
func (c *core) label() string {
	switch {
	case c.name != "":
		return c.name
	case self.name != "":
		return numbered(self.name, ".", c.number)
	}
	return numbered("worker", " ", c.number)
}

// numbered returns name and number, cutting the name where both are too long.
func numbered(name, between string, number int64) string {
	end := between + strconv.FormatInt(number, 10)
	return cut(name, maxName-len(end)) + end
}

// maxName bounds names in bytes: the length of one is a byte of its event.
const maxName = 64

// cut returns the characters of s that lie within its first n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// cleanName makes a name fit to be printed, marked and sent: valid, without control characters, short.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
	return cut(name, maxName)
}

func (c *core) id() string { return c.identity().String() }

func (c *core) identity() workerID { return workerID{pid, c.number} }

// run calls body as c, in the calling goroutine. A panic goes on: then c never ends, for whoever
// waits must not get ahead of the end of the program.
func (c *core) run(body func()) {
	c.agent.enter()
	c.began()
	returned := false
	defer func() {
		switch {
		case returned:
			c.exit = 0
			c.ended()
			c.agent.leave(free)
			close(c.done)
		case exiting():
			c.err = &DeathError{Worker: c.label(), Pid: pid, How: goexit, Exit: -1, Item: -1}
			c.died()
			c.agent.leave(dead)
			close(c.done)
		}
	}()
	body()
	returned = true
}

// await waits until c has ended, or until ctx has: then it returns the cause, and c goes on. All that
// waits for the end of a worker waits here, with context.Background() where there is no limit.
func (c *core) await(ctx context.Context) error {
	if c.alive() {
		if err := c.sleep(ctx); err != nil {
			return err
		}
	}
	c.join()
	return nil
}

// sleep is what await does where there is something to wait for.
func (c *core) sleep(ctx context.Context) error {
	defer doze(sleeping{why: joining, target: c, ends: ctx.Done() != nil}).getUp()
	if ctx.Done() == nil { // a select would take longer
		<-c.done
		return nil
	}
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *core) alive() bool {
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}

// refuse ends c before it began. It must be called by the goroutine that called Start.
func (c *core) refuse(reason string) {
	c.err = &RefusedError{Call: caller(), Reason: reason}
	close(c.done)
}

// caller returns the file and line of the call that entered this package.
func caller() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, packagePath()+".") {
			return filepath.Base(frame.File) + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return ""
		}
	}
}
