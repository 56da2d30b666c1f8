package runner

import (
	"context"

	"course/program"
	"course/runner/build"
)

// builds builds programs, places their binaries and returns them in order.
func (j *job) builds(ctx context.Context, programs []program.Program) ([]build.Build, error) {
	builds := make([]build.Build, len(programs))
	err := j.build(ctx, newCrew(j, len(programs), nil), programs, func(i int, b build.Build) step {
		builds[i] = b
		return func(context.Context, *member) ([]step, error) { return nil, b.Place() }
	})
	return builds, err
}
