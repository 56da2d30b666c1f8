package runner

import (
	"runtime"
	"slices"
	"strconv"
	"strings"

	"course/program"
)

// A comparer compares what runs of a program printed, but for what may vary. It is safe for concurrent use.
type comparer struct {
	vary   program.Vary
	stated map[program.Mode]program.Output
	mask   func(line string) string
}

// newComparer returns how the output of a program with options o is compared.
func newComparer(o program.Options) comparer {
	return comparer{vary: o.Vary, stated: o.Output, mask: o.Vary.Masker()}
}

// exactly compares outputs of which nothing may vary.
var exactly = newComparer(program.Options{})

// A difference is where two outputs part.
type difference struct {
	here, there *Line // nil where one of them has no such line; both are nil where there is no difference
	order       bool  // they have the same lines, in another order
}

// none reports whether there is no difference.
func (d difference) none() bool { return d.here == nil && d.there == nil }

// difference returns a difference between what two runs in a mode printed. Lines that one process wrote to one of its streams have an order. Those of
// several have none: in which order they arrived is not known to be that in which they were written, and so no difference.
func (c comparer) difference(a, b Run) (d difference) {
	for _, stderr := range []bool{false, true} {
		from, to := said(a.Output, stderr), said(b.Output, stderr)
		if d = c.lacking(from, to); d.none() && c.ordered(a, stderr) && tellsProcesses(a) && tellsProcesses(b) {
			d = c.reordered(from, to)
		}
		if !d.none() {
			return d
		}
	}
	return difference{}
}

// ordered reports whether the order of the lines on a stream of a run matters.
func (c comparer) ordered(run Run, stderr bool) bool {
	return !c.vary.Order && (stderr || !c.stated[run.Mode].Unordered)
}

// lacking returns a line that a has, or has more often, beside the most similar one of those that b has instead.
func (c comparer) lacking(a, b []Line) (d difference) {
	here, there := without(a, b, c.key), without(b, a, c.key)
	if len(here) > 0 {
		d.here = &here[0]
	}
	most := -1
	for i := range there {
		if d.here == nil {
			d.there = &there[i]
			break
		}
		if n := common([]rune(c.key(*d.here)), []rune(c.key(there[i]))); n > most {
			d.there, most = &there[i], n
		}
	}
	return d
}

// reordered returns where a process of a has its lines in another order than one of b, of two outputs that have the same lines. Where processes have shared
// out the lines otherwise, nothing is known of their order.
func (c comparer) reordered(a, b []Line) difference {
	keys := func(voice []Line) (all []string) {
		for _, line := range voice {
			all = append(all, c.key(line))
		}
		return all
	}
	inOrder := func(voice []Line) string { return strings.Join(keys(voice), "\n") }
	inAnyOrder := func(voice []Line) string { return strings.Join(slices.Sorted(slices.Values(keys(voice))), "\n") }
	there := without(voices(b), voices(a), inOrder)
	for _, here := range without(voices(a), voices(b), inOrder) {
		i := slices.IndexFunc(there, func(voice []Line) bool { return inAnyOrder(voice) == inAnyOrder(here) })
		if i < 0 {
			continue
		}
		n := common(keys(here), keys(there[i]))
		return difference{here: &here[n], there: &there[i][n], order: true}
	}
	return difference{}
}

// key is what is compared of a line: all but its time and its process.
func (c comparer) key(line Line) string {
	return line.Worker + mark + strconv.FormatBool(line.Gap) + mark + c.mask(line.Text)
}

// way identifies how a run ended and what it printed: each stream in order of arrival, without times and process ids. For who was first is what
// there is to see where outcomes are counted.
func (c comparer) way(run Run) string {
	keys := []string{string(run.Outcome.Kind), strconv.Itoa(run.Outcome.Exit)}
	for _, stderr := range []bool{false, true} {
		keys = append(keys, "stream")
		from := len(keys)
		for _, line := range said(run.Output, stderr) {
			keys = append(keys, c.key(line))
		}
		if !c.ordered(run, stderr) {
			slices.Sort(keys[from:])
		}
	}
	return strings.Join(keys, "\n")
}

// said returns the lines of a stream that are compared. Of a process that tells of its death, or of a data race, it is what came before, and the
// first line of that: addresses and numbers in the rest differ by their nature.
func said(out Output, stderr bool) (lines []Line) {
	reported := make(map[int]bool) // by pid
	for _, line := range out.Lines {
		if line.Stderr != stderr || reported[line.Pid] {
			continue
		}
		lines = append(lines, line)
		reported[line.Pid] = stderr && beginsReport(line.Text)
	}
	return lines
}

// beginsReport reports whether a line on standard error begins what is told of a program that dies, or has a data race.
func beginsReport(line string) bool {
	for _, begin := range []string{"panic: ", "fatal error: ", "runtime: ", "worker: deadlock: ", "WARNING: DATA RACE"} {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}

// voices parts lines by the process that wrote them, in the order in which each was first heard.
func voices(lines []Line) (all [][]Line) {
	at := make(map[int]int) // pid -> index in all
	for _, line := range lines {
		i, ok := at[line.Pid]
		if !ok {
			i = len(all)
			at[line.Pid] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], line)
	}
	return all
}

// tellsProcesses reports whether it is known which process wrote a line of a run. Elsewhere than on Linux all of them write to the pipes of the first.
func tellsProcesses(run Run) bool {
	return runtime.GOOS == "linux" || !slices.ContainsFunc(run.Spans, func(s Span) bool { return s.Mode == program.Process })
}

// without returns those of a that b does not have, or not as often.
func without[T any](a, b []T, key func(T) string) (left []T) {
	times := make(map[string]int)
	for _, v := range b {
		times[key(v)]++
	}
	for _, v := range a {
		k := key(v)
		if times[k]--; times[k] < 0 {
			left = append(left, v)
		}
	}
	return left
}

// common returns how many elements at their beginning a and b have in common.
func common[T comparable](a, b []T) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
