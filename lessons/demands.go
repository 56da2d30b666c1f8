package lessons

import (
	"cmp"
	"slices"
	"strings"

	"course/formula"
)

// demand is what expressions want of a cell.
type demand struct {
	cell                   string // its ID
	measure, weigh, repeat bool   // as formula.Use has them
}

// uses returns the programs that the expressions of the lesson name.
func (l *Lesson) uses() []formula.Use {
	var all []formula.Use
	for _, v := range l.values {
		all = append(all, v.uses()...)
	}
	for _, c := range l.claims {
		for _, one := range c.all() {
			if one.Holds != nil {
				all = append(all, one.Holds.Programs()...)
			}
		}
	}
	return all
}

// joined sorts demands, and joins those of one cell.
func joined(all []demand) []demand {
	slices.SortFunc(all, func(a, b demand) int { return cmp.Compare(a.cell, b.cell) })
	var one []demand
	for _, d := range all {
		if n := len(one); n > 0 && one[n-1].cell == d.cell {
			one[n-1].measure = one[n-1].measure || d.measure
			one[n-1].weigh = one[n-1].weigh || d.weigh
			one[n-1].repeat = one[n-1].repeat || d.repeat
			continue
		}
		one = append(one, d)
	}
	return one
}

// wanted returns what expressions of this lesson and of others want of the cell.
func (l *Lesson) wanted(c *Cell) demand {
	d := demand{cell: c.ID}
	for _, other := range l.demanded {
		if other.cell == c.ID {
			d = other
		}
	}
	for _, use := range l.used {
		if use.Program == l.Name+"/"+c.ID {
			d.measure, d.weigh, d.repeat = d.measure || use.Measure, d.weigh || use.Weigh, d.repeat || use.Repeat
		}
	}
	return d
}

// demands returns what the expressions of other lessons want of the cells of each, sorted.
func (c *Course) demands() map[string][]demand {
	all := make(map[string][]demand)
	for _, l := range c.Lessons {
		for _, use := range l.used {
			if name, id, _ := strings.Cut(use.Program, "/"); name != l.Name && (use.Measure || use.Weigh || use.Repeat) {
				all[name] = append(all[name], demand{id, use.Measure, use.Weigh, use.Repeat})
			}
		}
	}
	for name, demands := range all {
		all[name] = joined(demands)
	}
	return all
}
