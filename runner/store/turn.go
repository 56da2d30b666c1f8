package store

import (
	"context"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// turnLock is a file that is locked by the tool that measures.
const turnLock = "measuring.lock"

// TakeTurn waits until no other tool that uses the store has its turn, and keeps it from others until release is called, or this tool is gone, however that
// came. An error is ctx's cause. Where there are no locks to be had, nobody waits.
func (s *Shelf) TakeTurn(ctx context.Context) (release func(), err error) {
	taken := make(chan func(), 1)
	go func() { // to wait for a lock cannot be cancelled: it goes on until there is one, which nobody then has
		taken <- lockFirst(s.turnFiles())
	}()
	select {
	case release = <-taken:
		return release, nil
	case <-ctx.Done():
		go func() { (<-taken)() }()
		return nil, context.Cause(ctx)
	}
}

// turnFiles are where the lock may be: in the store, or else, for all tools of the user, where temporary files are.
func (s *Shelf) turnFiles() []string {
	elsewhere := filepath.Join(os.TempDir(), "course-"+strconv.Itoa(os.Getuid())+"-"+turnLock)
	if s.dir == "" {
		return []string{elsewhere}
	}
	return []string{filepath.Join(s.dir, turnLock), elsewhere}
}

// lockFirst locks the first of these files that can be locked, if any.
func lockFirst(names []string) (release func()) {
	for _, name := range names {
		if unlock, err := lockedfile.MutexAt(name).Lock(); err == nil {
			return unlock
		}
	}
	return func() {}
}
