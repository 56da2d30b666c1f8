// Package course makes a site of a directory of lessons: once for build, again and again for serve.
package course

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"course/evidence"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
	"course/site"
)

// Config says of which lessons a site is made, and by whom cells are run. It is safe for concurrent use.
type Config struct {
	Source fs.FS              // the course: what lessons.Load reads
	Runner *runner.Runner     // builds and executes cells, and keeps their results
	On     func(runner.Event) // called for each event in turn, unless nil; must not block

	Recorded bool // run nothing: what has no result is shown without

	// RecordedOnly takes results from those that were recorded beside the lessons, and from nowhere else: nothing is run or asked, and the same
	// files make the same site everywhere. A cell that has none is a problem.
	RecordedOnly bool

	// Why is called by Build, unless nil, with why each cell that it is about to run has no result, and which cells cannot be run.
	Why func([]runner.Reason)

	here bool // the site is looked at on this machine, and not where the course says that it is published
}

// A Snapshot is the course at one moment, drawn with the results that were there. It is never changed.
type Snapshot struct {
	Course   *lessons.Course
	Results  []runner.Result
	Report   *evidence.Report
	Site     *site.Site
	Stale    []program.Program // those without a result
	Problems problem.List      // of lessons, results and report, at their places in the lessons
}

// Load reads the course and draws it with the results that are stored; it executes nothing. prev may
// be nil; what did not change is shared with it. An error means that the course could not be read.
func (c Config) Load(prev *Snapshot) (*Snapshot, error) {
	var last *lessons.Course
	if prev != nil {
		last = prev.Course
	}
	course, err := lessons.Load(c.Source, last)
	if at := (*fs.PathError)(nil); errors.As(err, &at) && at.Path == "." && c.Runner.Course != "" {
		return nil, fmt.Errorf("read course: %w", &fs.PathError{Op: at.Op, Path: c.Runner.Course, Err: at.Err}) // a file system does not know where it is
	}
	if err != nil {
		return nil, err
	}
	if c.here {
		course.URL = ""
	}
	results, stale, found := c.results(course)
	report := evidence.Judge(course, results)
	return &Snapshot{
		Course: course, Results: results, Report: report, Stale: stale,
		Site:     site.New(course, results, report),
		Problems: problems(course, results, report, found),
	}, nil
}

// problems gathers what is wrong, in the order of the lessons.
func problems(course *lessons.Course, results []runner.Result, report *evidence.Report, more problem.List) problem.List {
	all := slices.Concat(course.Problems, more)
	for _, r := range results {
		for _, p := range r.Problems {
			all = append(all, course.Locate(r.ID, p))
		}
	}
	if report != nil {
		all = append(all, report.Problems...)
	}
	all.Sort()
	return all
}

//go:embed lessons/threads-and-processes
var embedded embed.FS

// Embedded returns the course that this package carries: the one on threads and processes.
func Embedded() fs.FS {
	sub, err := fs.Sub(embedded, "lessons/threads-and-processes")
	if err != nil {
		panic(err) // the directive above names this directory
	}
	return sub
}
