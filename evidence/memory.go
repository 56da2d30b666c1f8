package evidence

import (
	"cmp"
	"slices"

	"course/program"
	"course/runner"
)

// Weighed returns how much memory a program took at a point, or nil where nobody looked. Of several runs it is that of the one in the middle.
func Weighed(r runner.Result, at program.Point) *runner.Memory {
	var all []*runner.Memory
	for _, run := range r.Runs {
		if run.Point() == at && run.Purpose == runner.Weighing && run.Memory != nil {
			all = append(all, run.Memory)
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortStableFunc(all, func(a, b *runner.Memory) int { return cmp.Compare(a.PSS, b.PSS) })
	return all[(len(all)-1)/2]
}
