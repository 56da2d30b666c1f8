package course

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

// sumsFile holds the sums of the modules that course.yaml requires.
const sumsFile = "course.sum"

// Run fetches the modules that programs of course require, and executes those that can be built; on is as that of
// Runner.Run. The problems are those of modules: what else went wrong is in the results. An error is ctx's or the system's.
func (c Config) Run(ctx context.Context, course *lessons.Course, programs []program.Program, on func(runner.Event)) (problem.List, error) {
	return c.run(ctx, course, programs, on, c.Runner.Run)
}

// complete does as Run with programs that have no results, but leaves out what another tool measures meanwhile.
func (c Config) complete(ctx context.Context, course *lessons.Course, stale []program.Program, on func(runner.Event)) (problem.List, error) {
	return c.run(ctx, course, stale, on, c.Runner.RunMissing)
}

func (c Config) run(ctx context.Context, course *lessons.Course, programs []program.Program, on func(runner.Event), execute func(context.Context, []program.Program, func(runner.Event)) error) (problem.List, error) {
	fetched, err := c.Runner.Fetch(ctx, programs, on)
	if err != nil {
		return nil, err
	}
	return located(course, fetched.Problems), execute(ctx, fetched.Programs, on)
}

// located maps problems of modules to the files of course.
func located(course *lessons.Course, list problem.List) problem.List {
	var all problem.List
	for _, p := range list {
		all = append(all, course.Locate("", p))
	}
	return all
}

// Fetch fetches the modules that the course requires, as far as its cells import them, and adds the sums that it has not to
// course.sum in dir, the directory that Source reads. A sum that is there is never changed. It returns the course with its problems, those
// of modules among them, and how many sums were added. An error is ctx's or the system's.
func (c Config) Fetch(ctx context.Context, dir string) (s *Snapshot, added int, err error) {
	if s, err = c.Load(nil); err != nil {
		return nil, 0, fmt.Errorf("load course: %w", err)
	}
	fetched, err := c.Runner.Fetch(ctx, s.Course.Programs(), c.On)
	if err == nil && len(fetched.Missing) > 0 {
		if err := addSums(dir, fetched.Missing); err != nil {
			return nil, 0, fmt.Errorf("write %s: %w", sumsFile, err)
		}
		added = len(fetched.Missing)
		if s, err = c.Load(s); err != nil {
			return nil, added, fmt.Errorf("load course: %w", err)
		}
		fetched, err = c.Runner.Fetch(ctx, s.Course.Programs(), c.On)
	}
	if err != nil {
		return nil, added, err
	}
	s.Problems = append(s.Problems, located(s.Course, fetched.Problems)...)
	s.Problems.Sort()
	return s, added, nil
}

// addSums adds lines to course.sum, sorted as those that are there are by whoever has written them.
func addSums(dir string, lines []string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	out := output{root: root}
	there, err := out.read(sumsFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	all := slices.Clone(lines)
	for line := range strings.Lines(string(there)) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return out.replace(sumsFile, []byte(strings.Join(slices.Compact(all), "\n")+"\n"))
}
