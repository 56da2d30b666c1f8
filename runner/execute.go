package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/machine"
	"course/runner/sandbox"
)

// A command is one start of a binary.
type command struct {
	path     string
	args     []string
	tree     string                    // the directory that path is in, where the program needs what is beside it; else empty
	reads    []string                  // what else it reads, wherever that lies
	dir      string                    // the working directory
	env      func(dir string) []string // for a program that sees its working directory as dir
	stdin    *os.File
	events   *eventLog // where it reports what its workers do; nil where it does not
	timeout  time.Duration
	limits   sandbox.Limits
	confined bool // in the sandbox, as far as there is one
	weigh    bool // its memory is looked at as often as can be
}

// An ending is how a command ended, seen from outside.
type ending struct {
	Status   int             `json:"status"` // of exit, where Signal is 0
	Signal   int             `json:"signal"` // that killed it
	TimedOut bool            `json:"timedOut"`
	Limit    limit           `json:"limit,omitempty"` // that it exceeded, so that it was ended
	Full     bool            `json:"full,omitempty"`  // nothing more would have gone into its directory
	Layers   []sandbox.Layer `json:"-"`               // that confined it
	Lost     string          `json:"-"`               // what it did to the supervisor, so that nothing else is known: "ended" or "stopped"
	Left     int             `json:"left"`            // processes that it left behind, where it ended by itself; known on Linux alone
	Wall     time.Duration   `json:"wall"`
	User     time.Duration   `json:"user"`   // of all its processes
	System   time.Duration   `json:"system"` // of all its processes
	Usage    Usage           `json:"usage"`
	Memory   *Memory         `json:"memory,omitempty"` // where it was weighed
	Own      time.Duration   `json:"own,omitempty"`    // processor time that supervising it took, as far as that is not the tool's
}

// failed reports whether the program ended by itself, and not well.
func (e ending) failed() bool { return e.Status != 0 && e.Signal == 0 }

// An observed is what is known of a run beside its Run.
type observed struct {
	trace
	treatment
	layers []sandbox.Layer // that confined it
	left   int             // processes that it left behind
	lost   string          // what it did to the supervisor, "ended" or "stopped"; empty where that has told the rest
	read   bool            // its standard input, though it was given none

	ended map[program.Outcome]int // of a program whose outcome varies: how often it ended so in this mode, once all runs are made
}

// errUnstarted is that nobody knows whether a program was started: the system is busy or, where the program is trusted, that has lost
// itself whoever was about to tell.
var errUnstarted = errors.New("the supervisor does not say whether it started the program")

// execute runs a built program once in a mode, in a working directory of its own. What the
// program does is in the Run and in what was observed; an error is ctx's cause, or the system's.
func execute(ctx context.Context, s *supervisor, b build.Build, at program.Point, t treatment, tell func(Line)) (Run, observed, error) {
	run, seen, err := executeOnce(ctx, s, b, at, t, tell)
	if errors.Is(err, errUnstarted) { // nothing of it was told, and another supervisor may do better
		run, seen, err = executeOnce(ctx, s, b, at, t, tell)
	}
	return run, seen, err
}

func executeOnce(ctx context.Context, s *supervisor, b build.Build, at program.Point, t treatment, tell func(Line)) (Run, observed, error) {
	work, err := os.MkdirTemp(s.root, "work-")
	if err != nil {
		return Run{}, observed{}, fmt.Errorf("make working directory: %w", err)
	}
	defer func() { _ = removeAll(work) }() // what is left goes with the root of them all
	options := b.Program.Options
	if err := writeFiles(work, options.Files); err != nil {
		return Run{}, observed{}, fmt.Errorf("write the program's files: %w", err)
	}
	stdin, err := openInput(s.root, options.Stdin)
	if err != nil {
		return Run{}, observed{}, fmt.Errorf("write standard input: %w", err)
	}
	defer stdin.Close()
	var events *eventLog
	if b.Workers {
		if events, err = newEventLog(s.root); err != nil {
			return Run{}, observed{}, fmt.Errorf("make log of events: %w", err)
		}
		defer events.close()
	}
	t.limits = t.limits.Complete()
	r := &recording{race: options.Race, script: newScript(b), tell: tell}
	timed := options.Measure && !t.weigh && t.pressure != nil
	var before machine.Pressure
	if timed {
		before = t.pressure()
	}
	end, err := s.execute(ctx, command{
		path: b.Path, args: b.Args, tree: b.Tree, reads: b.Reads, dir: work, env: func(dir string) []string { return environment(options, at, dir) },
		stdin: stdin, events: events, timeout: timeout(options), limits: t.limits, confined: t.confined, weigh: t.weigh,
	}, r)
	if err != nil {
		return Run{}, observed{}, err
	}
	disturbed := ""
	if timed && end.Lost == "" { // else nobody knows what it used
		disturbed = machine.Disturbance(before, t.pressure(), end.User+end.System+end.Own)
	}
	spans := timeline{start: r.start, end: clock()}
	if err := spans.read(events); err != nil {
		return Run{}, observed{}, fmt.Errorf("read events: %w", err)
	}
	end.Usage.Collections = spans.collections
	run := Run{
		Mode: at.Mode, Value: at.Value, Outcome: r.outcome(end), Output: r.output(), Spans: spans.list(), SpansCut: spans.cut, Backend: spans.backend,
		Wall: end.Wall, User: end.User, System: end.System, Usage: end.Usage, Memory: end.Memory, Disturbed: disturbed,
	}
	run.Startup, run.Overlap = run.startup(), run.overlap()
	return run, observed{trace: r.trace, treatment: t, layers: end.Layers, left: end.Left, lost: end.Lost, read: options.Stdin == nil && wasRead(stdin)}, nil
}

// noThread is the fatal error of Go's runtime where the system refuses it a thread (runtime.newosproc).
const noThread = "newosproc"

// A limit is what a run may not exceed.
type limit string

const (
	memoryLimit  limit = "memory"
	processLimit limit = "processes"
	diskLimit    limit = "disk"
)

// A treatment is what a run meets beside its program.
type treatment struct {
	confined bool
	limits   sandbox.Limits
	weigh    bool                    // it is to be seen how much memory it takes, whatever that does to its times
	pressure func() machine.Pressure // read before and after it, where it is measured; nil: nothing disturbs it
}

// sizeSignal is SIGXFSZ on all systems that have it: what ends a program that does not handle the error (setrlimit(2)).
const sizeSignal = 25

// workerDeadlock is worker.DeadlockStatus: with it package worker ends a program whose workers wait for each other.
const workerDeadlock = 35

// outcome tells from the ending and from what Go's runtime printed how the program ended. The runtime
// exits with status 2 after an unrecovered panic or a fatal error (runtime.fatalpanic, runtime.fatal).
func (r *recording) outcome(e ending) program.Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.flooded:
		return program.Outcome{Kind: program.Flooded}
	case e.Limit == memoryLimit:
		return program.Outcome{Kind: program.OutOfMemory}
	case e.Limit == processLimit, e.Status == 2 && r.trace.text == noThread:
		return program.Outcome{Kind: program.Overcrowded}
	case e.TimedOut:
		return program.Outcome{Kind: program.TimedOut}
	case e.Limit == diskLimit, e.failed() && e.Full:
		return program.Outcome{Kind: program.DiskFull}
	case e.failed() && r.trace.limit == openFiles:
		return program.Outcome{Kind: program.ManyFiles}
	case e.failed() && r.trace.limit == fileSize, e.Signal == sizeSignal:
		return program.Outcome{Kind: program.LargeFile}
	case e.Signal != 0:
		return program.Outcome{Kind: program.Signaled, Exit: e.Signal}
	case r.trace.deadlocked && (e.Status == 2 && !r.trace.waiting || e.Status == workerDeadlock && r.trace.waiting):
		return program.Outcome{Kind: program.Deadlocked}
	case e.Status == 2 && r.trace.panicked:
		return program.Outcome{Kind: program.Panicked}
	case r.trace.raced: // the status is 66 of the process that raced: a child's does not show in the first one's
		return program.Outcome{Kind: program.Raced}
	case e.Status != 0:
		return program.Outcome{Kind: program.Exited, Exit: e.Status}
	}
	return program.Outcome{}
}

// environment is that of a cell at a point: nothing of the user's, so that a result does not depend on it.
func environment(o program.Options, at program.Point, work string) []string {
	env := []string{"HOME=" + work, "TMPDIR=" + work, "LANG=C.UTF-8"}
	if runtime.GOOS == "windows" {
		env = append(env, "SYSTEMROOT="+os.Getenv("SYSTEMROOT"), "TEMP="+work, "TMP="+work, "PATH="+os.Getenv("PATH"))
	} else {
		env = append(env, "PATH=/usr/local/bin:/usr/bin:/bin")
	}
	env = append(env, o.Env...)
	if at.Mode != program.Plain {
		env = append(env, "COURSE_MODE="+string(at.Mode))
	}
	for _, name := range slices.Sorted(maps.Keys(o.Params)) {
		env = append(env, program.EnvParam+name+"="+o.Params[name])
	}
	if o.Sweep != nil {
		env = append(env, program.EnvParam+o.Sweep.Name+"="+o.Sweep.Text(at.Value))
	}
	if o.Race { // it would let each process sleep for a second before it exits
		env = append(env, "GORACE=atexit_sleep_ms=0")
	}
	if o.Language == program.Python { // no directory is looked through for modules but those of the standard library
		return lastOfEach(append(env, "PYTHONSAFEPATH=1"))
	}
	if o.Procs > 0 {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(o.Procs))
	}
	return lastOfEach(env)
}

// lastOfEach drops what a later variable of the same name replaces: programs differ in which counts.
func lastOfEach(env []string) []string {
	last := make(map[string]int, len(env))
	for i, variable := range env {
		name, _, _ := strings.Cut(variable, "=")
		last[name] = i
	}
	var kept []string
	for i, variable := range env {
		if name, _, _ := strings.Cut(variable, "="); last[name] == i {
			kept = append(kept, variable)
		}
	}
	return kept
}

// writeFiles writes the files that a program is given.
func writeFiles(dir string, files map[string]string) error {
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// openInput opens a program's standard input: a file, so that nobody must feed it. Where nothing is
// given it is empty, and wasRead tells of it.
func openInput(dir string, text *string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "stdin-")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer os.Remove(f.Name()) // where the system has it open, it stays with the root directory
	if text == nil {
		err = markUnread(f.Name())
	} else {
		_, err = f.WriteString(*text)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(f.Name())
}

// removeAll removes dir also where a cell took away its own permissions. Nothing runs in it any more.
func removeAll(dir string) error {
	err := os.RemoveAll(dir)
	if err == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(name string, d os.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(name, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// misplaced returns the files of o that would not lie below the working directory, in order.
func misplaced(o program.Options) []string {
	var names []string
	for name := range o.Files {
		if !filepath.IsLocal(filepath.FromSlash(name)) || name == "." {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func timeout(o program.Options) time.Duration { return cmp.Or(o.Timeout, program.DefaultTimeout) }
