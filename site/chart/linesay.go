package chart

import (
	"strconv"
	"strings"
)

// says tells what the lines show, as far as their intervals do.
func (c Lines) says() string {
	var all []string
	for _, s := range c.Series {
		if says := c.saySeries(s); says != "" {
			all = append(all, says)
		}
	}
	for _, at := range c.crossings() {
		all = append(all, "At "+c.at(at.last)+" "+at.before.within()+" took less, and at "+c.at(at.first)+" "+at.after.within()+": between them they cross.")
	}
	return strings.Join(all, " ")
}

// saySeries tells of one line from its first known point to its last.
func (c Lines) saySeries(s Series) string {
	from, to := -1, -1
	for i, p := range s.Points {
		if p.Known {
			if from < 0 {
				from = i
			}
			to = i
		}
	}
	switch {
	case from < 0:
		return ""
	case c.What == Speedup && from == 0:
		return c.saySpeedup(s, to)
	}
	unit, verb := Time, "took"
	if c.What == Footprint {
		unit = Size
	}
	first, last := s.Points[from], s.Points[to]
	says := s.Mode.subject() + " " + verb + " " + first.text(unit) + " at " + c.at(from)
	if from == to {
		return says + "."
	}
	says += " and " + last.text(unit) + " at " + c.at(to)
	if !first.apart(last.Range) {
		says += ", which these runs do not tell apart"
	}
	return says + "."
}

// saySpeedup tells where a line stops growing: at the first value that is faster than the first of all, and than which no later one is.
func (c Lines) saySpeedup(s Series, last int) string {
	faster := func(i, j int) bool { // at j than at i
		return s.Points[i].Known && s.Points[j].Known && s.Points[j].below(s.Points[i].Range)
	}
	stop := 0
	for i := 1; i <= last; i++ {
		later := false
		for j := i + 1; j <= last; j++ {
			later = later || faster(i, j)
		}
		if faster(0, i) && !later {
			stop = i
			break
		}
	}
	says, fast := s.Mode.subject(), speedups(s.Points)
	switch {
	case last == 0:
		return ""
	case stop == 0 && faster(last, 0):
		return says + " were slower with " + c.at(last) + " than with " + c.at(0) + "."
	case stop == 0:
		return says + " were no faster with more " + c.Parameter + ", as far as these runs tell."
	case stop == last:
		return says + " grew faster up to the " + c.at(last) + " that were tried: " + fast[stop].text(Factor) + " as fast as with " + c.at(0) + "."
	}
	says += " were " + fast[stop].text(Factor) + " as fast with " + c.at(stop) + " as with " + c.at(0)
	if faster(last, stop) {
		return says + ", and with " + c.at(last) + " slower again."
	}
	return says + ", and beyond that no faster, as far as these runs tell."
}

// A crossing is where one of two modes ceases to take less than the other.
type crossing struct {
	last, first   int     // the indices of the last value at which before takes less, and of the first after it at which after does
	from, to      float64 // these values
	before, after Mode
}

// crossings returns where costs cross, as far as intervals tell: between two values at which they lie apart, the other way round.
func (c Lines) crossings() (all []crossing) {
	if c.What == Speedup {
		return nil
	}
	for i, a := range c.Series {
		for _, b := range c.Series[i+1:] {
			less, at := a.Mode, -1 // which took less at the last value at which they were apart
			for j := range c.Values {
				p, q := a.Points[j], b.Points[j]
				if !p.Known || !q.Known || !p.apart(q.Range) {
					continue
				}
				now := a.Mode
				if q.below(p.Range) {
					now = b.Mode
				}
				if at >= 0 && now.Class != less.Class && len(all) < maxCrossings {
					all = append(all, crossing{at, j, c.Values[at].At, c.Values[j].At, less, now})
				}
				less, at = now, j
			}
		}
	}
	return all
}

// at writes a value with the parameter's name: "8 workers" where it is a plural and the value a count, else "size 64".
func (c Lines) at(i int) string {
	text := c.Values[i].Text
	if n, err := strconv.Atoi(text); err == nil && n > 1 && c.What == Speedup {
		return text + " " + c.Parameter
	}
	return c.Parameter + " " + text
}
