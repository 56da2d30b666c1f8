package evidence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"course/stats"

	"course/formula"
	"course/program"
	"course/quantity"
)

// reasons are why something is not decided, each once: what is so of several cells is said of all of them together. None begins with the name of a cell, so
// that it can begin a sentence.
type reasons []reason

type reason struct {
	before, after string   // what is said, around the names
	names         []string // of what it is so of; none where that is said in before
}

// add adds a reason; name may be empty.
func (r *reasons) add(before, name, after string) {
	var names []string
	if name != "" {
		names = []string{name}
	}
	r.join(reasons{{before, after, names}})
}

// join adds those reasons that are not there, and the names of those that are.
func (r *reasons) join(more reasons) {
	for _, m := range more {
		i := slices.IndexFunc(*r, func(have reason) bool { return have.before == m.before && have.after == m.after })
		if i < 0 {
			*r = append(*r, reason{m.before, m.after, slices.Clone(m.names)})
			continue
		}
		(*r)[i].names = distinct(append((*r)[i].names, m.names...))
	}
}

// String returns the reasons as the end of a sentence, or as one that lacks its capital.
func (r reasons) String() string {
	all := make([]string, len(r))
	for i, one := range r {
		all[i] = one.before + listed(one.names) + one.after
	}
	return strings.Join(all, "; ")
}

// listed joins names as people do: "a, b and c".
func listed(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// open says why an estimate decides nothing, whatever it is; nothing where it may.
func (b *basis) open(e estimate) (why reasons) {
	for _, m := range e.of {
		name := b.name(m.Series)
		switch {
		case m.Runs == 0:
			why.join(b.missing(m.Series))
		case m.Noise != "":
			why.add("the times of ", name, " are noisy: "+m.Noise)
		case m.AtLeast:
			why.add("the runs of ", name, " were over too soon for the memory to be known")
		case !m.Covers:
			why.tooFew(name, m.Runs)
		}
	}
	switch {
	case len(why) > 0:
	case slices.ContainsFunc(e.of, func(m Measured) bool { return !m.Machine.Same(e.of[0].Machine) }):
		why.add("it was measured on several machines", "", "")
	case apart(e.of) > longApart:
		why.add("its cells were measured more than an hour apart, and a machine is not always as quick: measure them again, one after the other", "", "")
	}
	return why
}

// longApart is how much later than another a result may be taken for both to be compared.
const longApart = time.Hour

// apart returns how much later the last was taken than the first of what depends on when it is.
func apart(of []Measured) time.Duration {
	var first, last time.Time
	for _, m := range of {
		if !isTimed(m.Series) {
			continue
		}
		if first.IsZero() || m.Taken.Before(first) {
			first = m.Taken
		}
		if m.Taken.After(last) {
			last = m.Taken
		}
	}
	return last.Sub(first)
}

func (r *reasons) tooFew(name string, runs int) {
	there := " there are "
	if runs == 1 {
		there = " there is "
	}
	r.add("of ", name, fmt.Sprintf("%s%s, and %d are needed", there, quantity.Count(runs, "run"), stats.LeastRuns))
}

// missing says why nothing is known of s.
func (b *basis) missing(s formula.Series) (why reasons) {
	r, name := b.results[s.Program], b.name(s)
	if r == nil {
		why.add("no results of ", b.cell(s.Program), "")
		return why
	}
	o, _ := b.scope.Options(s.Program)
	switch {
	case tell(*r, program.Options{}, s.Point, func(program.Outcome, string) bool { return true }).runs() == 0:
		why.add("no run of ", name, "")
	case s.Metric == "memory":
		why.add("the memory of ", name, " is not known")
	case len(runsAt(*r, s.Point, o.Expect[s.Point.Mode])) == 0:
		why.add("no run of ", name, " ended as expected")
	default:
		why.add("the runs of ", name, " tell no "+s.Metric)
	}
	return why
}

// cell names a cell for readers of the lesson: "sum", or one of another "other-lesson/sum".
func (b *basis) cell(id string) string {
	if lesson, cell, _ := strings.Cut(id, "/"); lesson == b.lesson {
		return cell
	}
	return id
}

// name names a cell at the point of a series: "sum (threads)", "grow with workers=4 (processes)".
func (b *basis) name(s formula.Series) string {
	o, _ := b.scope.Options(s.Program)
	return strings.TrimSuffix(b.cell(s.Program)+" "+o.Named(s.Point), " ")
}
