package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
)

// Supported says whether there is a sandbox on this system at all.
const Supported = true

// probeName is what the process is called that finds out what this machine has.
const probeName = "course-sandbox-probe"

// called says that this program calls Main: without, the process that is to find out would be a second tool, which
// may start a third. It is of the whole program because so is main.
var called atomic.Bool

// A finding is what that process tells.
type finding struct {
	Layers  []Layer
	Failed  string
	Refused bool
}

// Available finds out what this machine has: it confines a process, this executable started again, which
// must have called Main first. An error is a fault of the system.
func Available(ctx context.Context) (Report, error) { return Without{}.Available(ctx) }

// Available does as the function of that name.
func (w Without) Available(ctx context.Context) (Report, error) {
	if !called.Load() {
		return Report{}, errors.New("sandbox.Main was not called when the program began")
	}
	dir, err := os.MkdirTemp("", "course-sandbox-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir)
	missing := "as if there were none"
	if !w.Namespaces {
		found, err := w.probe(ctx, dir, Attributes())
		if err != nil {
			return Report{}, err
		}
		if found.Failed == "" {
			return Report{Layers: found.Layers}, nil
		}
		missing = found.Failed
	}
	found, err := w.probe(ctx, dir, &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL})
	if err == nil && found.Failed != "" {
		err = fmt.Errorf("confine a process: %s", found.Failed)
	}
	return Report{Layers: found.Layers, Missing: missing}, err
}

// probe has a process with these attributes confine itself.
func (w Without) probe(ctx context.Context, dir string, attr *syscall.SysProcAttr) (found finding, err error) {
	runtime.LockOSThread() // it dies with the thread that started it
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, "/proc/self/exe")
	cmd.Args, cmd.Env, cmd.SysProcAttr = []string{probeName, dir, strconv.Itoa(w.Landlock)}, []string{}, attr
	out, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return found, context.Cause(ctx)
	case err != nil && attr.Cloneflags != 0 && Refused(err):
		return finding{Failed: err.Error(), Refused: true}, nil
	case err != nil:
		return found, fmt.Errorf("confine a process: %w", err)
	}
	if err := json.Unmarshal(out, &found); err != nil {
		return found, fmt.Errorf("confine a process: %w", err)
	}
	if found.Failed != "" && !found.Refused {
		err = fmt.Errorf("confine a process: %s", found.Failed)
	}
	return found, err
}

// Main returns at once, unless this process was started by Available: then it never returns.
func Main() {
	called.Store(true)
	if len(os.Args) != 3 || os.Args[0] != probeName {
		return
	}
	runtime.LockOSThread()
	s := Start{Path: "/proc/self/exe", Dir: os.Args[1], Files: []uintptr{0, 1, 2}, Limits: Limits{}.Complete()}
	var err error
	s.Without.Landlock, err = strconv.Atoi(os.Args[2])
	if err == nil && os.Getpid() == 1 {
		if s.Path, err = os.Executable(); err == nil {
			err = s.Enter()
		}
	}
	if err == nil {
		err = s.restrict()
	}
	found := finding{Layers: s.layers}
	if err != nil {
		found.Failed, found.Refused = err.Error(), Refused(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(found); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}
