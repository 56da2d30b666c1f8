package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Bounds are what a tool may take that builds a program. The zero value bounds nothing.
type Bounds struct {
	Memory int64         // bytes of all its processes
	File   int64         // bytes of one file that it writes
	Time   time.Duration // of all tools that a program takes
}

// usualBounds are more than a lesson needs: its programs have a few MiB, and take a compiler less than 100.
var usualBounds = Bounds{Memory: 2 << 30, File: 256 << 20, Time: 2 * time.Minute}

// importBounds are for compiling modules, some of which are large: once.
var importBounds = Bounds{Memory: 8 << 30, Time: 10 * time.Minute}

// bounds are those of a tool that builds a program, while as many others do the same as there are builders.
func (c Config) bounds() Bounds {
	b := cmp.Or(c.Bounds, usualBounds)
	return b.within(c.Memory / max(int64(c.Builders), 1))
}

// importBounds are those of the go command, which compiles what programs import.
func (c Config) importBounds() Bounds { return cmp.Or(c.ImportBounds, importBounds).within(c.Memory) }

// within lowers the bound of memory to what there is; 0 is not known.
func (b Bounds) within(memory int64) Bounds {
	if memory > 0 && b.Memory > 0 {
		b.Memory = min(b.Memory, memory)
	}
	return b
}

// collector is how the garbage of compiler and linker is collected, which are over before most of it is needed again: seldom, which takes a tenth off linking and a
// fifth off compiling (processor time, medians of 25), and often from half of the memory on that they may take.
func (b Bounds) collector() []string {
	if b.Memory == 0 {
		return nil
	}
	return []string{"GOGC=400", fmt.Sprintf("GOMEMLIMIT=%d", b.Memory/2)}
}

// limit returns a context that ends after the time.
func (b Bounds) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if b.Time == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, b.Time, fmt.Errorf("it takes more than %v", b.Time))
}

// errTooLarge is that a tool wrote more into a file than it may.
var errTooLarge = errors.New("file too large")

// errTooMuchMemory is that a tool took more memory than it may.
var errTooMuchMemory = errors.New("too much memory")

// exceeded words an error of runBounded as a program's problem; it is empty where that is none.
func (b Bounds) exceeded(err error) string {
	switch {
	case errors.Is(err, errTooMuchMemory):
		return fmt.Sprintf("it takes more than %d MiB of memory to build", b.Memory>>20)
	case errors.Is(err, errTooLarge):
		return fmt.Sprintf("it makes a file of more than %d MiB to build", b.File>>20)
	}
	return ""
}

// runBounded runs a command, on a thread that lives as long as it: where a command ends with the tool, to
// the kernel that is with the thread that started it (PR_SET_PDEATHSIG(2const)). It ends one that takes too much
// memory, as far as the system tells, and has none write too large a file: the error is errTooMuchMemory or errTooLarge then. That of one that had no room is syscall.ENOSPC, too.
func runBounded(cmd *exec.Cmd, b Bounds, said fmt.Stringer) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return err
	}
	w := b.watch(cmd.Process)
	err := cmd.Wait()
	switch {
	case w.over():
		return errTooMuchMemory
	case err != nil && w.limited && strings.Contains(said.String(), errTooLarge.Error()): // EFBIG, as Go words it
		return errTooLarge
	case err != nil && saysFull(said):
		return fullError{err}
	}
	return err
}

// tooLarge reports whether a file is larger than it may be, where nothing has kept it from that.
func (b Bounds) tooLarge(name string) bool {
	info, err := os.Stat(name)
	return err == nil && b.File > 0 && info.Size() > b.File
}
