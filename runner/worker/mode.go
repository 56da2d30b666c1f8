package worker

import "fmt"

// A Mode says by whom work is done.
type Mode string

// The modes.
const (
	Serial    Mode = "serial"    // by the caller, inside Start
	Goroutine Mode = "goroutine" // by a goroutine
	Thread    Mode = "thread"    // by a goroutine with a thread of the system to itself
	Process   Mode = "process"   // by another process
)

// CurrentMode returns the mode of workers that are started without As: what the environment variable
// COURSE_MODE said when the program began, else Thread. It is not checked here: Wait tells of a mode
// that does not exist.
func CurrentMode() Mode { return currentMode }

var currentMode Mode

// Backend says how workers wait for primitives that threads or processes share: "futex", in the kernel, as on
// Linux; or "portable", in the runtime of the program's first process, which wakes the others through pipes.
// Goroutines that share with neither wait in Go's runtime in any case.
func Backend() string { return [...]string{futexes: "futex", portable: "portable"}[backend] }

// Backends, as the log has them.
const (
	futexes  = 1
	portable = 2
)

func unknownMode(m Mode) string {
	return fmt.Sprintf("unknown mode %q: there are %s, %s, %s and %s", m, Serial, Goroutine, Thread, Process)
}

// An Option says more about the workers that a call begins, or names a primitive. A later one overrides an earlier one.
type Option func(*settings)

type settings struct {
	mode    Mode
	name    string
	workers *int
	chunk   *int
}

func newSettings(options []Option) (s settings) {
	s.set(options)
	return s
}

func (s *settings) set(options []Option) {
	s.mode = currentMode
	for _, option := range options {
		option(s)
	}
}

// As insists on a mode, whatever that of the program is.
func As(mode Mode) Option { return func(s *settings) { s.mode = mode } }

// Named names a worker or a primitive; the workers of a pool get a number as well, "name 1", "name 2", …. Names
// need not differ. Control characters are replaced, and names are cut to 64 bytes. The empty name is no name.
func Named(name string) Option {
	return func(s *settings) { s.name = cleanName(name) }
}

// Workers has a pool use n workers, which must be at least 1. Without it there are as many as
// runtime.GOMAXPROCS. There are never more than there is work for, and with Serial there is one: the caller.
func Workers(n int) Option { return func(s *settings) { s.workers = &n } }

// Chunk has a worker of a pool take n items at a time, which must be at least 1: they go to a process in
// one message and come back in one. Many small items take less time so, and few large ones are spread
// better one by one. The default depends on the call.
func Chunk(n int) Option { return func(s *settings) { s.chunk = &n } }
