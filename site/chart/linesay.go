package chart

import (
	"strconv"
	"strings"

	"course/quantity"
)

// says tells what the lines show, as far as their intervals do.
func (c Lines) says() string {
	var all []string
	for _, s := range c.Series {
		if says := c.saySeries(s); says != "" {
			all = append(all, says)
		}
	}
	if len(all) > 0 && c.What == Speedup {
		all = append(all, "That is as far as these runs tell.")
	}
	for _, at := range c.crossings() {
		all = append(all, upper(c.at(at.last))+" "+at.before.within()+" took less, and "+c.at(at.first)+" "+at.after.within()+": between them they cross.")
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
	unit, verb := ofTime, "took"
	if c.What == Footprint {
		unit = ofSize
	}
	first, last := s.Points[from], s.Points[to]
	says := s.Mode.subject() + " " + verb + " " + first.text(unit) + " " + c.at(from)
	if from == to {
		return says + "."
	}
	says += " and " + last.text(unit) + " " + c.at(to)
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
	says, fast := s.Mode.subject()+": ", speedups(s.Points)
	switch {
	case last == 0:
		return ""
	case stop == 0 && faster(last, 0):
		return says + "slower " + c.at(last) + " than " + c.at(0) + "."
	case stop == 0:
		return says + "no faster with more " + c.Parameter + "."
	}
	says += strings.TrimSuffix(fast[stop].text(ofFactor), times) + " times as fast " + c.at(stop) + " as " + c.at(0)
	switch {
	case stop == last:
		return says + ", the most that were tried."
	case faster(last, stop):
		return says + ", and " + c.at(last) + " slower again."
	}
	return says + ", and no faster beyond."
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

// at says at which value: "with 8 workers" where it is a count of them, else "at size 64".
func (c Lines) at(i int) string {
	text, one := c.Values[i].Text, strings.TrimSuffix(c.Parameter, "s")
	if strings.HasSuffix(one, "sse") { // "processes"
		one = strings.TrimSuffix(one, "e")
	}
	if n, err := strconv.Atoi(text); err == nil && n > 0 && one != c.Parameter && !strings.HasSuffix(c.Parameter, "ss") {
		return "with " + quantity.Count(n, one)
	}
	return "at " + c.Parameter + " " + text
}
