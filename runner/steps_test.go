package runner

import (
	"context"

	"course/program"
)

// build builds programs, places their binaries and returns them in order.
func (j *job) build(ctx context.Context, programs []program.Program) ([]build, error) {
	builds := make([]build, len(programs))
	err := newCrew(j, len(programs), nil).work(ctx, j.steps(programs, func(i int, b build) step {
		builds[i] = b
		return func(context.Context, *member) ([]step, error) { return nil, b.place() }
	}))
	return builds, err
}
