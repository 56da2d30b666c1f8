package course

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"course/lessons"
	"course/program"
	"course/runner"
	"course/runner/build"
)

// Build runs the cells whose results are missing or out of date, and writes the site to dir, which
// need not exist; a course without lessons is not written. It returns what it wrote, also where cells failed: that is told by the problems of
// the Snapshot. An error is ctx's or the system's, and what the course was before is still in dir; but where it is that there is no
// toolchain, and results are there, they are written.
func (c Config) Build(ctx context.Context, dir string) (*Snapshot, error) {
	source := newWitness(c.Source)
	c.Source = source
	s, err := c.update(ctx)
	if none := (*build.ToolchainError)(nil); errors.As(err, &none) && s != nil && len(s.Results) > 0 && ctx.Err() == nil {
		if _, failed := writeSite(ctx, s.Site, dir); failed != nil {
			return s, errors.Join(err, fmt.Errorf("write site: %w", failed))
		}
		return s, fmt.Errorf("the site is written with the results that are there, %d of %d, for no cell can be run: %w", len(s.Results), len(s.Course.Programs()), none)
	}
	if err != nil {
		return s, err
	}
	if len(s.Course.Lessons) == 0 { // what was there before is better than nothing
		return s, nil
	}
	files, err := writeSite(ctx, s.Site, dir)
	if err == nil {
		err = c.stamp(s, source.testimony(), dir, files)
	}
	if err != nil {
		return s, fmt.Errorf("write site: %w", err)
	}
	return s, nil
}

// update loads the course, runs the cells whose results are missing or out of date, and loads it again. Where they cannot be run it returns the course
// with the results that are there as well.
func (c Config) update(ctx context.Context) (*Snapshot, error) {
	var read *Snapshot
	if !c.RecordedOnly {
		read, _ = c.ask(ctx) // else nothing counts as stored; where there is no toolchain, Run says so as soon as it needs one
	}
	s, err := c.Load(read)
	if err != nil {
		return nil, fmt.Errorf("load course: %w", err)
	}
	stale := s.Stale
	if c.Recorded {
		stale = nil
	}
	if c.Why != nil && !c.RecordedOnly {
		c.Why(slices.Concat(c.Runner.Why(stale), broken(s.Course)))
	}
	if len(stale) == 0 {
		return s, nil
	}
	unfetched, err := c.complete(ctx, s.Course, stale, c.On)
	if err != nil {
		return s, fmt.Errorf("run cells: %w", err)
	}
	if s, err = c.Load(s); err != nil {
		return nil, fmt.Errorf("load course: %w", err)
	}
	s.Problems = append(s.Problems, unfetched...)
	s.Problems.Sort()
	return s, nil
}

// ask finds out what results depend on beside the course, so that Load can tell which count. It returns what it read of the course for that, which
// may be nil. An error is as that of Runner.Ask.
func (c Config) ask(ctx context.Context) (*Snapshot, error) {
	course, err := lessons.Load(c.Source, nil)
	if err != nil {
		return nil, c.Runner.Ask(ctx, nil) // it is for Load to say that the course cannot be read
	}
	return &Snapshot{Course: course}, c.Runner.Ask(ctx, course.Programs())
}

// broken returns of each cell of which there is no program that it is so.
func broken(course *lessons.Course) (reasons []runner.Reason) {
	for _, l := range course.Lessons {
		programs := l.Programs()
		for _, c := range l.Cells() {
			id := l.Name + "/" + c.ID
			if !slices.ContainsFunc(programs, func(p program.Program) bool { return p.ID == id }) {
				reasons = append(reasons, runner.Reason{ID: id, Kind: runner.Broken})
			}
		}
	}
	return reasons
}

// Check returns everything about the course that can be known without running it, and the course. What has a result without problems
// compiles, and is not compiled again.
func (c Config) Check(ctx context.Context) (*Snapshot, error) {
	read, asked := c.ask(ctx)
	s, err := c.Load(read)
	if err != nil {
		return nil, fmt.Errorf("load course: %w", err)
	}
	fetched, err := c.Runner.Fetch(ctx, s.Course.Programs(), c.On)
	if err != nil {
		return nil, err
	}
	compiles := make(map[string]bool)
	for _, r := range s.Results {
		compiles[r.ID] = asked == nil && len(r.Problems) == 0
	}
	unknown := slices.DeleteFunc(slices.Clone(fetched.Programs), func(p program.Program) bool { return compiles[p.ID] })
	results, err := c.Runner.Check(ctx, unknown)
	if err != nil {
		return nil, fmt.Errorf("build cells: %w", err)
	}
	found := located(s.Course, fetched.Problems)
	found = append(found, problems(s.Course, results, nil, c.checkRecorded(s.Course))...)
	found = append(found, s.Course.Check()...)
	found.Sort()
	return &Snapshot{Course: s.Course, Problems: found}, nil
}
