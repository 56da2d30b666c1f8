package evidence

import (
	"slices"

	"course/program"
	"course/runner"
)

// Weighed returns how much memory a program took in a mode, or nil where nobody looked.
func Weighed(r runner.Result, mode program.Mode) *runner.Memory {
	i := slices.IndexFunc(r.Runs, func(run runner.Run) bool {
		return run.Mode == mode && run.Purpose == runner.Weighing && run.Memory != nil
	})
	if i < 0 {
		return nil
	}
	return r.Runs[i].Memory
}
