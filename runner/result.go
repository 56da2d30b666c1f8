// Package runner has programs built (package build), executes them in each mode, contains and measures them, and keeps what it measured (package store). It knows no Markdown and no HTML.
//
// # What survives a run
//
// On Linux nothing: a supervisor, which is this executable started again (see Supervise), starts each
// program and kills every descendant of it when the program has ended, when the run is cancelled, and
// when the tool is gone, be it by SIGKILL. A program that kills or stops its supervisor has that as its
// problem: a guard above the supervisor, to which orphans come, then ends them all. What is left to a
// program is to end the guard and the supervisor at once: what it started before then survives.
//
// A program that is not trusted has a supervisor of its own, in namespaces of their own where the system gives
// them (package sandbox): it cannot signal that one, and the system ends all of the run with it.
//
// On other Unix systems the program's process group is killed when it has ended or the run is
// cancelled: a process that left the group survives, and all of them do where the tool is killed by a
// signal that it cannot catch. On Windows the program's first process alone is killed. There, too,
// times leave out processes for which nobody waited, lines of child processes carry the pid of the
// first, and that a cell leaves processes behind or reads standard input without being given any is
// not noticed.
//
// The go command, the compiler and the linker are interrupted when a run is cancelled and, on Linux,
// when the tool is killed; one that the go command has started then may work on for a moment. What is
// built lies in the directory of the run, which the guard removes; that of a Check, and elsewhere than on
// Linux of a run too, stays in the directory for temporary files where the tool is killed.
package runner

import (
	"time"

	"course/problem"
	"course/program"
	"course/runner/machine"
	"course/runner/sandbox"
)

// A Result is what came of a program: of one that does not compile, panics or hangs as well.
type Result struct {
	Version  int             `json:"version"`            // of this form: the constant Version
	ID       string          `json:"id"`                 // the program's: "lesson/cell"
	Key      string          `json:"key"`                // what the result depends on, hashed
	Runs     []Run           `json:"runs,omitempty"`     // in the order in which they were made; empty where it is only compiled, or does not compile
	Problems problem.List    `json:"problems,omitempty"` // of a build that failed, and of runs that did not end, or print, as they should, left processes behind or read what they were not given; positions name cells: "lost.cell:3:1", without a line the cell's fence
	NotHere  string          `json:"notHere,omitempty"`  // why the program cannot be run on this machine, as the end of a sentence: "there is no C compiler, which the race detector needs"; it has no problems then, and no runs but those of a result that is Recorded
	Fallback string          `json:"fallback,omitempty"` // why it was built by go build, and not by compiler and linker directly; empty where it was not
	Layers   []sandbox.Layer `json:"layers,omitempty"`   // that confined the runs; none for a program that is trusted

	Rule    *Rule                    `json:"rule,omitempty"`    // of a program that is measured, or whose outcome varies: how often it was to run; else nil
	Stopped Stopped                  `json:"stopped,omitempty"` // why there were no more runs; empty where there is no Rule, or no mode ended as expected
	Noise   map[program.Point]string `json:"noise,omitempty"`   // of a measured program: why the times there mean little, in words; no entry where nothing was noticed
	Others  map[program.Point]int    `json:"others,omitempty"`  // of a program whose outcome varies: how many runs had an outcome of which none is kept in Runs

	Machine machine.Machine `json:"machine"`
	Python  string          `json:"python,omitempty"` // of a program in Python: what ran it, "CPython 3.11.7, with the GIL"; Machine.Go is empty then
	// Overhead is what a run of a measured program takes by itself on that machine: the median wall time of an empty program, one that imports
	// package worker where this one does, confined as this one was. It is part of the Wall of each run, and taken out of none. 0 where nothing was measured.
	Overhead time.Duration `json:"overhead,omitempty"`

	Load  float64   `json:"load,omitempty"` // the system's load average of the minute before the work began, of which building was the first; 0 where not known
	Taken time.Time `json:"taken"`          // when the work was over

	Recorded bool `json:"recorded,omitempty"` // it was not made here: it came with the course, from Machine
}

// Counted returns how many runs were made that count: neither to warm up, nor to weigh, nor replaced by another. One that only says that
// the program does not compile is none.
func (r Result) Counted() (n int) {
	for _, run := range r.Runs {
		if run.Purpose == Counted && run.Outcome.Kind != program.NotCompiled {
			n += max(run.Times, 1)
		}
	}
	for _, others := range r.Others {
		n += others
	}
	return n
}

// Shown returns the first counted run at a point, and the first other one that is the Same but whose lines are there: it printed otherwise in what may vary.
// Each is nil where there is none.
func (r Result) Shown(at program.Point) (run, other *Run) {
	for i := range r.Runs {
		switch this := &r.Runs[i]; {
		case this.Point() != at || this.Purpose != Counted:
		case run == nil:
			run = this
		case other == nil && this.Same && len(this.Output.Lines) > 0:
			other = this
		}
	}
	return run, other
}

// A Run is one execution of a program. Times of a program that was not measured are there too, and mean little.
type Run struct {
	Mode     program.Mode    `json:"mode"`
	Value    float64         `json:"value,omitempty"` // of the sweep, of times in nanoseconds; 0 where there is none
	Purpose  Purpose         `json:"purpose,omitempty"`
	Outcome  program.Outcome `json:"outcome"`
	Output   Output          `json:"output"`
	Same     bool            `json:"same,omitempty"`     // it ended and printed as the first counted run at this point, but for times, process ids and what may vary, which stands for it: its lines are left out, unless it is the first counted one that printed otherwise in what may
	Wall     time.Duration   `json:"wall"`               // from before the start of the process until it was reaped
	User     time.Duration   `json:"user"`               // of all its processes
	System   time.Duration   `json:"system"`             // of all its processes
	Backend  string          `json:"backend,omitempty"`  // how its workers waited for each other, as worker.Backend has it; empty where there was nothing to wait for, or it is not known
	Times    int             `json:"times,omitempty"`    // of a program whose outcome varies: how many runs in this mode ended and printed the same, of which this is the first; else 0
	Spans    []Span          `json:"spans,omitempty"`    // of its workers, in the order in which they were asked for: kept of the first counted run at each point and of those that did not end as expected, for these are drawn, and left out of all others
	SpansCut bool            `json:"spansCut,omitempty"` // Spans do not tell all, or would not: more was reported than there was room for
	Startup  *time.Duration  `json:"startup,omitempty"`  // the median, over its workers, of the time from being asked for until the function was called; nil where none is known
	Overlap  *float64        `json:"overlap,omitempty"`  // in which share of the time that a worker was at work, and not waiting, several were; nil where that is not known

	Usage     Usage   `json:"usage"`
	Memory    *Memory `json:"memory,omitempty"`    // of a Weighing run; nil of any other, of one that was over before the first look, and elsewhere than on Linux
	Disturbed string  `json:"disturbed,omitempty"` // by what, so that its times mean little: "others took 30 % of the processors' time"; empty where nothing was noticed, where it was not measured, and elsewhere than on Linux
}

// Point returns where the run was made.
func (r Run) Point() program.Point { return program.Point{Mode: r.Mode, Value: r.Value} }

// A Purpose is why a run was made.
type Purpose string

// The purposes. A program that is not measured has Counted runs alone.
const (
	Counted  Purpose = ""
	Warmup   Purpose = "warmup"   // the first of a measured program in a mode: a user meets it once, and no statistic counts it
	Weighing Purpose = "memory"   // to see how much memory it takes: looking costs time, and so its times count nowhere
	Replaced Purpose = "replaced" // to be counted, but it was disturbed and another was made for it: no statistic counts it
)

// A Rule says how often a program runs in each mode, and of a sweep at each value in it. It is fixed before the first run, and nothing in it depends on how modes compare.
type Rule struct {
	Least  int           `json:"least"`            // counted runs, in any case
	Most   int           `json:"most"`             // counted runs, at most; Least where the lesson gives their number
	Width  float64       `json:"width,omitempty"`  // that is enough: the 95 % interval of the median wall time at every point, as a share of the median; 0 where it does not matter
	Budget time.Duration `json:"budget,omitempty"` // after which no round of runs is begun once there are Least: of all that was executed for the program, in all modes and at all values; 0 is no bound
	Wide   float64       `json:"wide,omitempty"`   // as Width: while an interval is wider, runs go on past Budget, up to Limit; 0 where they do not
	Limit  time.Duration `json:"limit,omitempty"`  // as Budget; 0 where Wide is
	Swept  bool          `json:"swept,omitempty"`  // the program runs for each value of a sweep
}

// A Stopped says what of a Rule ended the runs.
type Stopped string

// What ends runs. All modes end together, but for one that did not end as expected, which is not repeated.
const (
	StoppedNarrow Stopped = "narrow" // every interval is as narrow as Rule.Width
	StoppedBudget Stopped = "budget" // Rule.Budget is spent
	StoppedCount  Stopped = "count"  // there are Rule.Most runs
	StoppedCourse Stopped = "course" // the budget of the course was spent before: there are Rule.Least runs, and no more than an interval needs
)

// Usage is what the system counted for all processes of a run that somebody waited for. All is zero where it does not count.
type Usage struct {
	Voluntary   int64 `json:"voluntary,omitempty"`   // context switches of who had to wait
	Involuntary int64 `json:"involuntary,omitempty"` // context switches of who could have gone on
	MinorFaults int64 `json:"minorFaults,omitempty"` // page faults that needed no disk
	MajorFaults int64 `json:"majorFaults,omitempty"` // page faults that did

	// Collections are garbage collections, as far as the processes told of them: one right before its process ended may be missing.
	// Only programs that import package worker can tell, and not on Windows; nil where it is not known.
	Collections *int64 `json:"collections,omitempty"`
}

// Memory is the most that all processes of a run took at one time, in bytes, as far as looking again and again shows it:
// the moment at which the sum of the three was greatest. The log of events is in it, a few pages. Where there were fewer looks
// than SureLooks it is said to be at least that much: the run may have taken more between them.
type Memory struct {
	PSS        int64 `json:"pss"`        // proportional set size: a page that n processes share counts as an n-th of each. Files in memory without a name count once
	PageTables int64 `json:"pageTables"` // of all processes, as the system tells them for each
	Stacks     int64 `json:"stacks"`     // kernel stacks of all threads: their number, times the size of one
	Looks      int   `json:"looks"`      // how often it was looked at while there was a process: at least once
}

// SureLooks is how many looks show about how much memory a run took. One that is over after fewer has been seen while it started and while
// it ended, and in between by chance: the same program seems then to take three times as much in one run as in the next.
const SureLooks = 10

// Sure reports whether there were as many looks as SureLooks.
func (m Memory) Sure() bool { return m.Looks >= SureLooks }

// Output is what a run wrote, in order of arrival: in each stream of each process that is the order in
// which it was written, across them it is not known.
type Output struct {
	Lines []Line `json:"lines,omitempty"` // that were kept
	Cut   int64  `json:"cut,omitempty"`   // bytes left out where Line.Gap is set, and, of a run that was ended for printing too much, after the last line
}

// A Line is what a process wrote up to a line's end, or up to its own.
type Line struct {
	Stderr bool          `json:"stderr,omitempty"` // else it went to standard output
	Pid    int           `json:"pid,omitempty"`    // the process whose stream it is; one that it started without package worker writes to the same
	Worker string        `json:"worker,omitempty"` // the worker's name, where the line was printed through package worker; never guessed
	Time   time.Duration `json:"time"`             // of arrival, since the start of the run
	Gap    bool          `json:"gap,omitempty"`    // before this line, output was left out
	Text   string        `json:"text"`             // without its end; any bytes that the program wrote, made valid UTF-8
}

// A Span is the life of a worker on the run's clock: durations since the start of the run. What did
// not come to pass is negative.
type Span struct {
	Worker string        `json:"worker"`           // its name
	Parent string        `json:"parent,omitempty"` // the name of the worker that asked for it; empty for main
	Mode   program.Mode  `json:"mode"`
	Pid    int           `json:"pid"` // of the process in which it was, or that asked for it where it has not begun
	Asked  time.Duration `json:"asked"`
	Began  time.Duration `json:"began"`          // its function was called
	Ended  time.Duration `json:"ended"`          // its function returned, or it died
	Joined time.Duration `json:"joined"`         // the first Wait for it returned
	Died   bool          `json:"died,omitempty"` // it ended without returning, as its parent saw it

	Waits     []Wait `json:"waits,omitempty"`     // the first of them, in order of their ends
	MoreWaits int    `json:"moreWaits,omitempty"` // how many came after those
}

// A Wait is a time that a worker slept on a primitive: the first moment is when it found that it had to, the
// second when it went on.
type Wait struct {
	On   string        `json:"on"` // the primitive's name, "lock 1"
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"`
}

// An Event tells what happens while programs run.
type Event struct {
	Kind   EventKind    `json:"kind"`
	ID     string       `json:"id"`               // the program's
	Mode   program.Mode `json:"mode,omitempty"`   // of Started, Printed and Ended
	Value  float64      `json:"value,omitempty"`  // of the sweep, as Run has it
	Param  string       `json:"param,omitempty"`  // of a sweep: its parameter with the value, for people: "workers=4"
	Run    int          `json:"run"`              // of Started, Printed and Ended: which at this point; 0 is the warm-up, the first or the only one
	Spent  *Spent       `json:"spent,omitempty"`  // of Started and Ended, where there is a Rule
	Line   *Line        `json:"line,omitempty"`   // of Printed
	What   string       `json:"what,omitempty"`   // of Fetching, Compiling and Waiting, for people: "golang.org/x/sync v0.17.0"
	Result *Result      `json:"result,omitempty"` // of Done; nil where another tool has stored it
}

// Spent is how much of the budgets is spent on programs that are measured, or whose outcome varies. It may be more than the budget, for
// each mode has its least number of runs.
type Spent struct {
	Program       time.Duration `json:"program"`
	ProgramBudget time.Duration `json:"programBudget,omitempty"` // 0 is no bound
	Course        time.Duration `json:"course"`                  // of all programs in this call of Run
	CourseBudget  time.Duration `json:"courseBudget,omitempty"`  // 0 is no bound
}

// An EventKind is a step in the work on one program.
type EventKind string

// The kinds of events, in the order in which they come for one program.
const (
	Fetching  EventKind = "fetching"  // modules that programs require; of no program
	Compiling EventKind = "compiling" // what programs import, once; of no program
	Building  EventKind = "building"
	Waiting   EventKind = "waiting" // for another tool that measures, once; of no program
	Started   EventKind = "started" // a run
	Printed   EventKind = "printed" // a line of it
	Ended     EventKind = "ended"   // the run
	Done      EventKind = "done"    // its result is stored
)
