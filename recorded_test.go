package course_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"course"
	"course/lessons"
	"course/runner"
)

// TestRecordedResultsOfOurCourseAreUpToDate: of each lesson whose results are recorded, all are, and they are of the cells as they are now.
func TestRecordedResultsOfOurCourseAreUpToDate(t *testing.T) {
	own, err := lessons.Load(course.Embedded(), nil)
	if err != nil {
		t.Fatal(err)
	}
	config := course.Config{Source: course.Embedded()}
	for _, l := range own.Lessons {
		if _, err := fs.Stat(course.Embedded(), "recorded/"+runner.RecordedName(l.Name)); err != nil {
			t.Logf("of %s nothing is recorded", l.Name)
			continue
		}
		recorded, found := config.ReadRecorded(l.Programs())
		for _, p := range found {
			t.Errorf("%v: %s", p.Position, p.Message)
		}
		there := make(map[string]bool)
		for _, r := range recorded {
			there[r.ID] = true
		}
		for _, p := range l.Programs() {
			if !there[p.ID] {
				t.Errorf("%s has changed since its result was recorded, or has none: course record", p.ID)
			}
		}
	}
}

// TestWithoutAToolchainRecordedResultsAreServed: nothing is wrong where all cells have one, and they stay stale.
func TestWithoutAToolchainRecordedResultsAreServed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "01-start.md"), []byte("# Start\n\n```go {#one}\nfunc main() { fmt.Println(1) }\n```\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config := course.Config{Source: os.DirFS(dir), Runner: &runner.Runner{Store: runner.Store{Dir: t.TempDir()}}}
	if _, done, err := config.Record(t.Context(), dir); err != nil || done.Results != 1 || len(done.Changed) != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	config.Runner = &runner.Runner{Go: filepath.Join(dir, "go")}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var shown []*course.Snapshot
	err := config.Watch(ctx, nil, func(s *course.Snapshot) {
		if shown = append(shown, s); len(shown) == 2 { // the second one is of the run that failed
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for _, s := range shown {
		if len(s.Problems) > 0 || len(s.Stale) != 1 || len(s.Results) != 1 || !s.Results[0].Recorded {
			t.Errorf("%v, %d stale, results %+v", s.Problems, len(s.Stale), s.Results)
		}
	}
}
