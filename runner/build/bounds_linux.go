package build

import (
	"os"
	"strconv"
	"sync"
	"time"

	"course/runner/processes"

	"golang.org/x/sys/unix"
)

// A toolWatch looks at what a tool takes while it runs.
type toolWatch struct {
	limited  bool // the size of its files
	stop     chan struct{}
	done     sync.WaitGroup
	exceeded bool
}

// watch bounds a tool that has just begun. Who starts others, as the go command does, has them inherit its limit
// of files, and is looked at together with them.
func (b Bounds) watch(p *os.Process) *toolWatch {
	w := &toolWatch{stop: make(chan struct{})}
	if b.File > 0 {
		var now unix.Rlimit
		if unix.Prlimit(p.Pid, unix.RLIMIT_FSIZE, nil, &now) == nil && now.Cur > uint64(b.File) { // a lower one is the machine's
			most := unix.Rlimit{Cur: uint64(b.File), Max: now.Max}
			w.limited = unix.Prlimit(p.Pid, unix.RLIMIT_FSIZE, &most, nil) == nil
		}
	}
	if b.Memory > 0 {
		w.done.Go(func() { w.look(p, b.Memory) })
	}
	return w
}

// over ends the watch, once the tool has ended, and reports whether that took too much memory.
func (w *toolWatch) over() bool {
	close(w.stop)
	w.done.Wait()
	return w.exceeded
}

// look ends the tool when it takes more memory than most, seen as a run's is: often enough for one that takes it as fast as it can.
// Who starts nobody is looked at alone, for to look through the table of all processes takes a hundred times as long.
func (w *toolWatch) look(p *os.Process, most int64) {
	for cost := time.Duration(0); ; {
		select {
		case <-w.stop:
			return
		case <-time.After(processes.Pause(cost)):
		}
		begin := time.Now()
		tool, ok := processes.Read(strconv.Itoa(p.Pid))
		if !ok {
			return
		}
		all := []processes.Process{tool}
		if tool.Parents() {
			all = append(all, processes.Below(p.Pid)...)
		}
		var resident int64
		for _, one := range all {
			resident += one.Resident
		}
		if resident > most && processes.Memory(all) > most {
			w.exceeded = true
			for _, one := range all {
				one.Kill(unix.Getpgrp())
			}
		}
		cost = time.Since(begin)
	}
}
