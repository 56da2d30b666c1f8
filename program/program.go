// Package program is what lessons asks for and runner carries out: a Go program and the terms on which it runs.
package program

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Program is a cell made whole. It is a value: two programs that are equal give the same result.
type Program struct {
	ID      string // "lesson/cell", for people: it is no part of what the program does
	Source  string // one Go file of package main; its line directives name "cell.cell:line:column"
	Options Options
}

// Name returns the name of the cell: the last part of the ID.
func (p Program) Name() string { return p.ID[strings.LastIndexByte(p.ID, '/')+1:] }

// File returns the name under which positions name the cell.
func (p Program) File() string { return p.Name() + ".cell" }

// Options are the terms on which a program runs. The zero value compiles it and runs nothing.
type Options struct {
	Modes    []Mode            // in the order in which they are shown; none: the program is compiled, not run
	Language Language          // of the source
	Measure  bool              // run several times, and taken by itself so that its times mean something
	Weigh    bool              // its memory is asked for: it is weighed often enough for an interval; only with Measure
	Vary     Vary              // what may differ from run to run
	Repeat   int               // counted runs in each mode; 0 leaves it to the runner's rule, which has any that is neither measured nor varies in outcome run once
	Timeout  time.Duration     // of one run; 0 means DefaultTimeout
	Procs    int               // GOMAXPROCS of the program and its children; 0 leaves it to Go
	Stdin    *string           // nil: none is given, and standard input is empty
	Env      []string          // "NAME=value", added to the clean environment
	Files    map[string]string // path below the working directory -> content
	Params   map[string]string // what worker.Param finds under a name, as it is written: "4", "10ms"
	Sweep    *Sweep            // run for each value of one parameter more; nil: for none
	Output   map[Mode]Output   // what standard output must be; a mode that is not there may print anything
	Expect   map[Mode]Outcomes // how runs may end; a mode that is not there must end well
	Race     bool              // built with the race detector, where there is a C compiler; never with Measure
	Modules  Modules           // that it is built with; none for a program that imports no package of theirs
}

// Quick returns o for one run at each point, or two where what it prints may vary, in which nothing is measured and no outcomes are counted. What comes of it is no
// answer to o: it is stored as the result of a program with these options.
func (o Options) Quick() Options {
	o.Measure, o.Weigh, o.Vary.Outcome, o.Repeat = false, false, false, 0
	return o
}

// ExpectsNotCompiled reports whether failing to compile is what a cell means to show. One binary
// serves all modes, so one mode that says so speaks for all.
func (o Options) ExpectsNotCompiled() bool {
	for _, outcomes := range o.Expect {
		if outcomes.Has(Outcome{Kind: NotCompiled}) {
			return true
		}
	}
	return false
}

// Modules are what a program may import beyond the standard library and package worker. The zero value is none. They are
// all that a course requires: which versions those have that they require in turn depends on all of them.
type Modules struct {
	Require []Module
	Sums    string // of these and of what they require in turn, as in go.sum
}

// A Module is a Go module at a version: "golang.org/x/sync" and "v0.17.0".
type Module struct{ Path, Version string }

// String returns path and version as course.yaml has them.
func (m Module) String() string { return m.Path + " " + m.Version }

// A Language is that of a program's source.
type Language string

// The languages. The zero value is Go.
const (
	Go     Language = ""
	Python Language = "python" // a file that python3 executes; its mode is in COURSE_MODE
)

// A Point is where runs are alike: the mode, and the value of the sweep, 0 where there is none. It can be a key.
type Point struct {
	Mode  Mode
	Value float64
}

// At returns the point of a mode of a program without sweep.
func At(mode Mode) Point { return Point{Mode: mode} }

// String returns "thread", or "thread@4" where the value is not 0: a key, as JSON has it. For people there is Options.Named.
func (p Point) String() string {
	if p.Value == 0 {
		return string(p.Mode)
	}
	return string(p.Mode) + "@" + strconv.FormatFloat(p.Value, 'g', -1, 64)
}

// MarshalText returns what String does, so that points can be keys in JSON.
func (p Point) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Point) UnmarshalText(text []byte) error {
	mode, value, swept := strings.Cut(string(text), "@")
	p.Mode, p.Value = Mode(mode), 0
	if !swept {
		return nil
	}
	var err error
	p.Value, err = strconv.ParseFloat(value, 64)
	if err == nil && (math.IsNaN(p.Value) || math.IsInf(p.Value, 0)) {
		err = fmt.Errorf("%q is no value of a sweep", value)
	}
	return err
}

// Points returns where a program runs: each mode, and of a sweep each value in it, in the order in which they are shown.
func (o Options) Points() []Point {
	values := []float64{0}
	if o.Sweep != nil {
		values = o.Sweep.Values
	}
	var all []Point
	for _, mode := range o.Modes {
		for _, value := range values {
			all = append(all, Point{mode, value})
		}
	}
	return all
}

// Named says where runs of the program were made, for people, as it follows the cell's name: "with workers=4 (threads)", "(threads)"; nothing
// where there is but one point.
func (o Options) Named(at Point) string {
	var all []string
	if o.Sweep != nil {
		all = append(all, "with "+o.Sweep.Named(at.Value))
	}
	if at.Mode != Plain {
		all = append(all, "("+strings.ToLower(at.Mode.Title())+")")
	}
	return strings.Join(all, " ")
}

// DefaultTimeout ends a run that takes too long.
const DefaultTimeout = 10 * time.Second

// Output is what a program must print on standard output.
type Output struct {
	Text      string // compared with surrounding space of the whole and of each line's end removed
	Unordered bool   // the lines may come in any order
	Line      int    // of the comment that states it, within the cell
}

// A Mode says by whom the work of a cell is done. Its value is its name in lessons, flags and JSON.
type Mode string

// The modes. Plain is that of a program that starts no workers through package worker.
const (
	Plain     Mode = "plain"
	Serial    Mode = "serial"
	Goroutine Mode = "goroutine"
	Thread    Mode = "thread"
	Process   Mode = "process"
)

// Title returns who works, as pages name a mode: "Threads". One that nobody knows has its own name.
func (m Mode) Title() string {
	switch m {
	case Plain:
		return "Program"
	case Serial:
		return "Serial"
	case Goroutine:
		return "Goroutines"
	case Thread:
		return "Threads"
	case Process:
		return "Processes"
	}
	return string(m)
}

// Modes returns the modes that a cell may ask for, in the order in which they are compared.
func Modes() []Mode { return []Mode{Serial, Goroutine, Thread, Process} }

// A Kind is a way in which a run can end. Its value is its name in lessons and JSON.
type Kind string

// The kinds. The zero value is a run that ended well: by itself, with status 0.
const (
	OK          Kind = ""
	Exited      Kind = "exit"          // by itself, with status Outcome.Exit
	Signaled    Kind = "signal"        // by signal number Outcome.Exit, which was not the runner's
	Panicked    Kind = "panic"         // by a panic that nobody recovered, or a fatal error of Go's runtime
	Deadlocked  Kind = "deadlock"      // found by Go's runtime, or by package worker: all wait for each other
	TimedOut    Kind = "timeout"       // ended by the runner: it took too long
	Flooded     Kind = "flood"         // ended by the runner: it printed too much
	OutOfMemory Kind = "memory"        // ended by the runner: all its processes together took too much
	Overcrowded Kind = "processes"     // ended by the runner: it had too many processes and threads
	DiskFull    Kind = "disk"          // it failed when its directory was full, or the runner ended it for that
	ManyFiles   Kind = "files"         // it failed when it could open no more files
	LargeFile   Kind = "file-size"     // it failed when a file could grow no more
	Raced       Kind = "race"          // the race detector found a data race in one of its processes
	NotCompiled Kind = "compile-error" // it never began
)

// An Outcome is how a run ended, or should: the two compare with ==. The zero value is success.
type Outcome struct {
	Kind Kind `json:"kind,omitempty"`
	Exit int  `json:"exit,omitempty"` // status or signal number, where Kind has one
}

// ByItself reports whether the program ended without being ended by the runner.
func (o Outcome) ByItself() bool {
	switch o.Kind {
	case TimedOut, Flooded, OutOfMemory, Overcrowded, DiskFull:
		return false
	default:
		return true
	}
}

// Outcomes are the ways in which a run may end. None means that it must end well.
type Outcomes []Outcome

// Has reports whether o is one of them.
func (all Outcomes) Has(o Outcome) bool {
	if len(all) == 0 {
		return o == Outcome{}
	}
	return slices.Contains(all, o)
}

// Name is what lessons call o in expect=…: "ok", "exit=3", "signal=9", "panic".
func (o Outcome) Name() string {
	switch o.Kind {
	case OK:
		return "ok"
	case Exited, Signaled:
		return fmt.Sprintf("%s=%d", o.Kind, o.Exit)
	default:
		return string(o.Kind)
	}
}

// String says how a run ended, as the end of a sentence: "it " + o.String().
func (o Outcome) String() string {
	switch o.Kind {
	case OK:
		return "ended well"
	case Exited:
		return fmt.Sprintf("exited with status %d", o.Exit)
	case Signaled:
		return fmt.Sprintf("was killed by signal %d", o.Exit)
	case Panicked:
		return "panicked"
	case Deadlocked:
		return "deadlocked"
	case TimedOut:
		return "did not end in time"
	case Flooded:
		return "printed too much"
	case OutOfMemory:
		return "took too much memory"
	case Overcrowded:
		return "started too many processes"
	case DiskFull:
		return "filled its directory"
	case ManyFiles:
		return "opened too many files"
	case LargeFile:
		return "wrote too large a file"
	case Raced:
		return "had a data race"
	case NotCompiled:
		return "does not compile"
	}
	return string(o.Kind)
}
