// Package formula reads expressions over results, such as "one_slot.thread.wall / one_slot.serial.wall", finds what they name, and
// computes them. It knows neither lessons nor results: it is told which cells there are, and what was measured.
package formula

import "course/program"

// A Unit is what a value is of. Values of different units are not compared, added or subtracted.
type Unit string

// The units.
const (
	Number Unit = "number" // a ratio, a share, a count
	Time   Unit = "time"   // in nanoseconds
	Size   Unit = "size"   // in bytes
	Ending Unit = "ending" // how a run ended, by program.Outcome.Name
	Text   Unit = "text"   // what a run printed on standard output
	Truth  Unit = "truth"  // a comparison, or several with and, or, not
)

// A Metric is something that is known of each run.
type Metric struct {
	Name string // as lessons write it: "wall"
	Unit Unit
	Says string // what it is, to people: "wall time"
}

// Metrics returns all that there are: wall, user, system and cpu (times); memory (the most at one time, all processes); switches (context
// switches, voluntary and not); startup (the median, over the workers of a run, of the time from being asked for until the function was called); overlap (of the time in
// which a worker ran, the share in which several did); exit and output.
func Metrics() []Metric { return nil }

// A Series is what was measured of one thing: a metric of the runs of a program at one point. It can be a key.
type Series struct {
	Program string // its ID; empty for what is of the machine: its Metric is "cores" (a number) or "memory" (a size)
	Point   program.Point
	Metric  string // the Name of one of Metrics
	// Of metrics exit and output, at most one of these: the share of the runs that ended so, or printed that; and of those that printed what contains
	// it. Both are empty for the metric itself.
	Is, Has string
}

// A Parsed is an expression whose words are understood, but not yet what they name.
type Parsed struct{}

// An Error is what is wrong with an expression, at an offset in bytes.
type Error struct {
	Offset, Length int
	Message, Hint  string
}

// Parse reads an expression that stands in the lesson of that name: a cell without a lesson's name before it is of that one. What is wrong is told
// as far as it is known without the course: syntax, units, unknown metrics and functions. parsed is nil where there are errors.
func Parse(text, lesson string) (parsed *Parsed, errors []Error) { return nil, nil }

// Programs returns the IDs of the programs that the expression names, and of each whether its times, and its memory, are asked for.
func (p *Parsed) Programs() []Use { return nil }

// A Use is a program that an expression names.
type Use struct {
	Program string
	Measure bool // a time, or what else only a program that is measured has
	Weigh   bool // its memory
}

// A Course tells which cells there are, and which parameters.
type Course interface {
	Lessons() []string
	Cells(lesson string) []string
	// Options returns those of a program; false where there is none, or it cannot be run.
	Options(program string) (program.Options, bool)
}

// Bind finds what the expression names. bound is nil where there are errors: there is no such lesson, cell, mode, parameter or value of a sweep.
func (p *Parsed) Bind(c Course) (bound *Bound, errors []Error) { return nil, nil }

// A Bound is an expression that can be computed. It is immutable.
type Bound struct{}

// Unit is that of its value.
func (b *Bound) Unit() Unit { return "" }

// Series returns what it rests on, each once, in the order in which it is named: none for a constant.
func (b *Bound) Series() []Series { return nil }

// Value computes an expression whose unit is Number, Time or Size. of returns the value of each of Series. What cannot be computed, such as a
// division by zero, is NaN or infinite.
func (b *Bound) Value(of func(Series) float64) float64 { return 0 }

// String returns the expression as it was written.
func (b *Bound) String() string { return "" }

// Measured reports whether it rests on what was measured of a program: the value of another is known before anything runs.
func (b *Bound) Measured() bool { return false }

// Constant returns the text of a constant whose unit is Ending, "panic" or "exit=3", or Text; ok is false for all else.
func (b *Bound) Constant() (text string, ok bool) { return "", false }

// CheckClaim returns what forbids that a claim holds when b is true: b is no condition, or a comparison in it rests on no measurement, or its threshold
// is where things do not differ at all.
func (b *Bound) CheckClaim() []Error { return nil }

// CheckNeed returns what forbids that a claim needs b of a machine: b is no condition, or rests on more than the machine.
func (b *Bound) CheckNeed() []Error { return nil }

// Condition returns what an expression whose unit is Truth says; nil for others.
func (b *Bound) Condition() *Condition { return nil }

// A Condition is a comparison, or several joined.
type Condition struct {
	Op          Op
	Of          []*Condition // of And, Or and Not
	Left, Right *Bound       // of the others. A Text or an Ending is compared with Equal and Different alone, a Text also with Contains
	Text        string       // as it was written
}

// NeedsLeast reports whether c says nothing without a smallest effect that matters, since a comparison in it compares measurements with each other, or says that
// a measurement equals a constant, or does not.
func (c *Condition) NeedsLeast() bool { return false }

// An Op is what joins or compares.
type Op string

// The operators, as they are written.
const (
	And       Op = "and"
	Or        Op = "or"
	Not       Op = "not"
	Less      Op = "<"
	AtMost    Op = "<="
	More      Op = ">"
	AtLeast   Op = ">="
	Equal     Op = "==" // of numbers, times and sizes: they differ by less than matters
	Different Op = "!="
	Contains  Op = "contains"
)
