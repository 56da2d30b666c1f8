//go:build !linux

package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"course/runner/sandbox"
)

// Supervise must be called first in main, and in TestMain, of a program that uses a Runner. Where
// there is no supervisor, as here, it does nothing.
func Supervise() {}

// A supervisor starts, measures and ends programs, from within the tool: see the package comment for
// what that cannot promise.
type supervisor struct {
	root string // a directory that close removes
}

func startSupervisor(sandbox.Without) (*supervisor, error) {
	root, err := os.MkdirTemp("", "course-run-")
	if err != nil {
		return nil, err
	}
	return &supervisor{root: root}, nil
}

func (s *supervisor) close() error { return removeAll(s.root) }

// prepare does nothing: there is nothing to be made ready.
func (s *supervisor) prepare(bool) error { return nil }

// grace is how long a stream may stay open after its program ended: somebody whom we cannot find
// holds it.
const grace = time.Second

// execute runs c and returns when it has ended and its process group is killed. What is printed
// meanwhile goes to r. An error is ctx's cause, or the system's.
func (s *supervisor) execute(ctx context.Context, c command, r *recording) (ending, error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, c.path, c.args...)
	cmd.Dir, cmd.Env, cmd.Stdin = c.dir, c.env(c.dir), c.stdin
	separate(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	r.flood = cancel

	if c.events != nil {
		cmd.ExtraFiles, cmd.Env = []*os.File{c.events.file}, append(cmd.Env, "COURSE_EVENTS=3")
	}
	streams, err := openStreams(cmd)
	if err != nil {
		return ending{}, fmt.Errorf("open streams: %w", err)
	}
	begin, start := time.Now(), clock()
	r.start = start
	err = cmd.Start()
	streams.closeTheirs()
	if err != nil {
		streams.closeOurs()
		return ending{}, fmt.Errorf("start program: %w", err)
	}
	r.root = cmd.Process.Pid
	streams.read(r)
	err = cmd.Wait()
	end := ending{Wall: time.Since(begin), User: cmd.ProcessState.UserTime(), System: cmd.ProcessState.SystemTime(), Usage: usage(cmd.ProcessState)}
	_ = killGroup(cmd.Process) // whom it left behind; none is no fault
	streams.finish()

	if ctx.Err() != nil {
		return ending{}, context.Cause(ctx)
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && limited.Err() == nil {
		return ending{}, fmt.Errorf("wait for program: %w", err)
	}
	end.TimedOut = err != nil && errors.Is(limited.Err(), context.DeadlineExceeded)
	end.Status, end.Signal = status(cmd.ProcessState)
	return end, nil
}

// streams are the pipes between a program and us: stdout and stderr.
type streams struct {
	ours, theirs []*os.File
	done         sync.WaitGroup
}

func openStreams(cmd *exec.Cmd) (*streams, error) {
	s := new(streams)
	for range 2 {
		r, w, err := os.Pipe()
		if err != nil {
			s.closeTheirs()
			s.closeOurs()
			return nil, err
		}
		s.ours, s.theirs = append(s.ours, r), append(s.theirs, w)
	}
	cmd.Stdout, cmd.Stderr = s.theirs[0], s.theirs[1]
	return s, nil
}

// read reads all streams until their ends.
func (s *streams) read(r *recording) {
	for i, f := range s.ours {
		s.done.Go(func() {
			to := &stream{to: r, pid: r.root, stderr: i == 1}
			_, _ = io.Copy(to, f)
			to.close()
		})
	}
}

// finish waits until all is read, but not for ever.
func (s *streams) finish() {
	late := time.AfterFunc(grace, s.closeOurs)
	s.done.Wait()
	late.Stop()
	s.closeOurs()
}

func (s *streams) closeOurs() {
	for _, f := range s.ours {
		_ = f.Close()
	}
}

func (s *streams) closeTheirs() {
	for _, f := range s.theirs {
		_ = f.Close()
	}
}
