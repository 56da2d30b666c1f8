package runner

import (
	"context"

	"course/program"
)

// builds builds programs, places their binaries and returns them in order.
func (j *job) builds(ctx context.Context, programs []program.Program) ([]build, error) {
	builds := make([]build, len(programs))
	err := j.build(ctx, newCrew(j, len(programs), nil), programs, func(i int, b build) step {
		builds[i] = b
		return func(context.Context, *member) ([]step, error) { return nil, b.place() }
	})
	return builds, err
}
