// Package formula reads expressions over results, such as "one_slot.thread.wall / one_slot.serial.wall", finds what they name, and
// computes them. It knows neither lessons nor results: it is told which cells there are, and what was measured.
//
// The syntax is that of github.com/expr-lang/expr, whose parser reads it. Of that language there are numbers, texts, + - * / and comparisons with and, or,
// not; what branches, loops or declares is refused. The tree is walked here, and not compiled by that library: a condition
// over measurements is judged by their intervals, not computed.
package formula

import (
	"slices"

	"course/program"
)

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
func Metrics() []Metric {
	return []Metric{
		{"wall", Time, "wall time"},
		{"user", Time, "user time"},
		{"system", Time, "system time"},
		{"cpu", Time, "CPU time"},
		{"memory", Size, "memory"},
		{"switches", Number, "context switches"},
		{"startup", Time, "start-up time of workers"},
		{"overlap", Number, "share of the time in which workers ran at once"},
		{"exit", Ending, "how it ended"},
		{"output", Text, "what it printed"},
	}
}

// A Series is what was measured of one thing: a metric of the runs of a program at one point. It can be a key.
type Series struct {
	Program string // its ID; empty for what is of the machine: its Metric is "cores" (a number) or "memory" (a size)
	Point   program.Point
	Metric  string // the Name of one of Metrics
	// Of metrics exit and output, at most one of these: the share of the runs that ended so, or printed that; and of those that printed what contains
	// it. Both are empty for the metric itself.
	Is, Has string
}

// Unit is that of its values.
func (s Series) Unit() Unit {
	switch {
	case s.Is+s.Has != "" || s.Program == "" && s.Metric == coresWord:
		return Number
	case s.Program == "":
		return Size
	}
	return unitOfMetric(s.Metric)
}

// says returns what its metric is, to people.
func (s Series) says() string {
	all := Metrics()
	return all[slices.IndexFunc(all, func(m Metric) bool { return m.Name == s.Metric })].Says
}

// An Error is what is wrong with an expression, at an offset in bytes.
type Error struct {
	Offset, Length int // of what is wrong, within the text; an empty text or its end has the length 0
	Message, Hint  string
}

// A Parsed is an expression whose words are understood, but not yet what they name. It is immutable.
type Parsed struct {
	text string
	root *node
}

// String returns the expression as it was written.
func (p *Parsed) String() string { return p.text }

// A Use is a program that an expression names.
type Use struct {
	Program string
	Measure bool // a time, or what else only a program that is measured has
	Weigh   bool // its memory
	Repeat  bool // how it ends, or what it prints: one run does not tell
}

// Programs returns the IDs of the programs that the expression names, each once, in the order in which they are named, and of each what is asked for. Whether there are such programs is not known.
func (p *Parsed) Programs() []Use {
	var uses []Use
	at := make(map[string]int)
	p.root.walk(func(n *node) {
		if n.ref == nil || n.ref.param.name != "" {
			return
		}
		id := n.ref.program()
		i, ok := at[id]
		if !ok {
			i = len(uses)
			at[id] = i
			uses = append(uses, Use{Program: id})
		}
		uses[i].Measure = uses[i].Measure || n.ref.measured()
		uses[i].Weigh = uses[i].Weigh || n.ref.metric.name == "memory"
		uses[i].Repeat = uses[i].Repeat || !n.ref.measured()
	})
	return uses
}

// Names reports whether the expression names anything but units: a cell, a parameter, or what the machine has.
func (p *Parsed) Names() bool {
	named := false
	p.root.walk(func(n *node) { named = named || n.ref != nil || n.op == opSeries })
	return named
}

// A Course tells which cells there are, and which parameters.
type Course interface {
	Lessons() []string
	Cells(lesson string) []string
	// Options returns those of a program; false where there is none, or where it has problems of its own.
	Options(program string) (program.Options, bool)
}

// A Bound is an expression that can be computed. It is immutable.
type Bound struct {
	text string // of the whole that it is part of
	root *node
}

// Unit is that of its value.
func (b *Bound) Unit() Unit { return b.root.unit }

// Series returns what it rests on, each once, in the order in which it is named: none for a constant.
func (b *Bound) Series() []Series {
	var all []Series
	seen := make(map[Series]bool)
	b.root.walk(func(n *node) {
		if n.op == opSeries && !seen[n.series] {
			seen[n.series] = true
			all = append(all, n.series)
		}
	})
	return all
}

// Measured reports whether it rests on what was measured of a program: the value of another is known before anything runs.
func (b *Bound) Measured() bool { return b.root.measured() }

// Constant returns the text of a constant whose unit is Ending, "panic" or "exit=3", or Text; ok is false for all else.
func (b *Bound) Constant() (text string, ok bool) { return b.root.text, b.root.op == opText }

// Value computes an expression whose unit is Number, Time or Size; it is NaN for others. of returns the value of each of Series. What cannot
// be computed, such as a division by zero, is NaN or infinite.
func (b *Bound) Value(of func(Series) float64) float64 { return b.root.value(of) }

// Sole returns the one of its Series that it is; ok is false where something is made of them.
func (b *Bound) Sole() (s Series, ok bool) { return b.root.series, b.root.op == opSeries }

// Quotient returns the two Series of which it is the one by the other, as a / b, ratio(a, b), a speedup and a scaling are; ok is false for all else.
func (b *Bound) Quotient() (over, under Series, ok bool) {
	if n := b.root; n.op == opDiv && n.args[0].op == opSeries && n.args[1].op == opSeries {
		return n.args[0].series, n.args[1].series, true
	}
	return Series{}, Series{}, false
}

// Slope returns the last of the two Series of which it is how much a metric grows by over a sweep; ok is false for all else.
func (b *Bound) Slope() (s Series, ok bool) {
	if n := b.root; n.op == opDiv && n.args[0].op == opSub && n.args[0].text == slopeName {
		return n.args[0].args[0].series, true
	}
	return Series{}, false
}

// Share returns the Series of shares that it is, those with Is or Has, or what it lacks to be all runs: then rest is true. ok is false for all else.
func (b *Bound) Share() (s Series, rest, ok bool) {
	n := b.root
	if n.op == opSub && n.args[0].op == opNumber && n.args[0].number == 1 {
		n, rest = n.args[1], true
	}
	return n.series, rest, n.op == opSeries && n.series.Is+n.series.Has != ""
}

// Divisors returns what is measured and divides something in it.
func (b *Bound) Divisors() []*Bound {
	var all []*Bound
	b.root.walk(func(n *node) {
		if n.op == opDiv && n.args[1].measured() {
			all = append(all, &Bound{b.text, n.args[1]})
		}
	})
	return all
}

// String returns the expression as it was written.
func (b *Bound) String() string { return b.text[b.root.from:b.root.to] }
