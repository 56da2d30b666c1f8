package course

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"course/evidence"
	"course/lessons"
	"course/problem"
	"course/program"
	"course/runner"
)

// ReadRecorded returns the recorded results of programs of the course, as runner.ReadRecorded does.
func (c Config) ReadRecorded(programs []program.Program) ([]runner.Result, problem.List) {
	now := time.Now
	if c.Runner != nil && c.Runner.Now != nil {
		now = c.Runner.Now
	}
	return runner.ReadRecorded(c.Source, programs, now())
}

// results returns what there is to show of a course: results that are stored and, of programs that have none or cannot be run here, recorded
// ones; and the programs of which none is stored. Where recorded ones alone count, a program that has none is a problem.
func (c Config) results(course *lessons.Course) (results []runner.Result, stale []program.Program, found problem.List) {
	programs := course.Programs()
	if c.RecordedOnly {
		results, found = c.ReadRecorded(programs)
		return results, nil, append(found, unrecorded(course, programs, results)...)
	}
	results, stale = c.Runner.Stored(programs)
	there := make(map[string]runner.Result, len(programs))
	for _, r := range results {
		there[r.ID] = r
	}
	var lacking []program.Program
	for _, p := range programs {
		if r, ok := there[p.ID]; !ok || r.NotHere != "" {
			lacking = append(lacking, p)
		}
	}
	if len(lacking) == 0 {
		return results, stale, nil
	}
	recorded, found := c.ReadRecorded(lacking)
	for _, r := range recorded {
		r.NotHere = there[r.ID].NotHere
		there[r.ID] = r
	}
	results = results[:0:0]
	for _, p := range programs {
		if r, ok := there[p.ID]; ok {
			results = append(results, r)
		}
	}
	return results, stale, found
}

// unrecorded returns a problem for each program of which there is no recorded result.
func unrecorded(course *lessons.Course, programs []program.Program, recorded []runner.Result) (found problem.List) {
	for _, p := range programs {
		if !slices.ContainsFunc(recorded, func(r runner.Result) bool { return r.ID == p.ID }) {
			found = append(found, course.Locate(p.ID, problem.Problem{
				Position: problem.Position{File: p.File()},
				Message:  fmt.Sprintf("cell %s has no recorded result, or has changed since", p.Name()), Hint: "course record runs it and records what comes of it",
			}))
		}
	}
	return found
}

// checkRecorded returns what is wrong with recorded results: nothing of a course that has none.
func (c Config) checkRecorded(course *lessons.Course) problem.List {
	if _, err := fs.Lstat(c.Source, runner.RecordedDir); err != nil {
		return nil
	}
	recorded, found := c.ReadRecorded(course.Programs())
	found = append(found, unrecorded(course, course.Programs(), recorded)...)
	return append(found, unpinned(course, evidence.Judge(course, recorded))...)
}

// unpinned returns a problem for each claim of which the recorded results say something else than its author has pinned, be it that they do not decide it:
// what stands around it tells readers what is pinned. Where a result is lacking, that is the problem.
func unpinned(course *lessons.Course, recorded *evidence.Report) (found problem.List) {
	for _, j := range recorded.Pinned() {
		if j.Verdict == j.Claim.Verdict || j.Lacking {
			continue
		}
		why, hint := "", "pin what they say, and have the prose say it, too; or record them again: course record"
		if j.Verdict == lessons.Undecided {
			hint = "record them on a machine that does nothing else, course record, or take back the pin"
		}
		if reasons := j.Reasons(); len(reasons) > 0 {
			why = ": " + strings.Join(reasons, "; ")
		}
		found = append(found, course.PinProblem(j.ID, fmt.Sprintf("%q is pinned, and by the recorded results it is %q%s", j.Claim.Verdict, j.Verdict, why),
			hint))
	}
	return found
}

// A Recording is what Record has done.
type Recording struct {
	Results int          `json:"results"`           // how many are recorded now
	Changed []string     `json:"changed,omitempty"` // files that were written or removed, below the course's directory, sorted
	Missing []Unrecorded `json:"missing,omitempty"` // programs of which none is recorded, in the order of the lessons
}

// An Unrecorded is a program of which no result is recorded.
type Unrecorded struct {
	ID  string `json:"id"`            // "lesson/cell"
	Why string `json:"why,omitempty"` // it cannot be run here; empty where something is wrong with it, of which there is a problem
}

// Record runs the cells whose results are missing or out of date, and writes what came of them beside the lessons in dir, the directory that
// Source reads: those without problems, and of what cannot be run here what is recorded already. Files of lessons that are gone, or have no result, are removed. What
// is wrong with the course is told by the problems of the Snapshot. An error is ctx's or the system's.
func (c Config) Record(ctx context.Context, dir string) (*Snapshot, Recording, error) {
	var done Recording
	s, err := c.update(ctx)
	if err != nil {
		return s, done, err
	}
	files := make(map[string][]byte)
	for _, l := range s.Course.Lessons {
		programs := l.Programs()
		content, missing := runner.Record(programs, s.Results)
		for _, id := range missing {
			one := Unrecorded{ID: id}
			if i := slices.IndexFunc(s.Results, func(r runner.Result) bool { return r.ID == id }); i >= 0 {
				one.Why = s.Results[i].NotHere
			}
			done.Missing = append(done.Missing, one)
		}
		done.Results += len(programs) - len(missing)
		if content != nil {
			files[path.Join(runner.RecordedDir, runner.RecordedName(l.Name))] = content
		}
	}
	ours := func(name string, content []byte) bool {
		return strings.HasSuffix(name, ".json") && runner.IsRecorded(content)
	}
	if done.Changed, err = writeBeside(dir, runner.RecordedDir, files, ours); err != nil {
		return s, done, fmt.Errorf("write recorded results: %w", err)
	}
	return s, done, nil
}

// writeBeside makes the files that are ours below a directory of the course in dir be these, and returns the names of those that were others before.
func writeBeside(dir, below string, files map[string][]byte, ours func(name string, content []byte) bool) (changed []string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if info, err := root.Lstat(below); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is no directory, but a link or a file: remove it, or put a directory there", filepath.Join(dir, below))
	}
	out := output{root: root}
	there, err := fs.ReadDir(root.FS(), below)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range there {
		name := path.Join(below, entry.Name())
		if content, err := out.read(name); files[name] != nil || err != nil || !ours(entry.Name(), content) {
			continue // it is somebody else's
		}
		if err := out.remove(name); err != nil {
			return changed, err
		}
		changed = append(changed, name)
	}
	for name, content := range files {
		if now, err := out.read(name); err == nil && bytes.Equal(now, content) {
			continue
		}
		if err := out.write(name, content); err != nil {
			return changed, err
		}
		changed = append(changed, name)
	}
	slices.Sort(changed)
	return changed, nil
}
