package course_test

import (
	"syscall"
	"testing"

	"course"
	"course/runner"
)

// TestNothingChangedStartsNoProcess builds a course twice, and checks it: whatever process that started and waited for would have
// cost time that the system counts.
func TestNothingChangedStartsNoProcess(t *testing.T) {
	store, site := t.TempDir(), t.TempDir()
	files := newWorkload(t, 1, "nothing changes").course()
	children := func() (u syscall.Rusage) {
		t.Helper()
		if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
			t.Fatal(err)
		}
		return u
	}
	begin := children()
	buildCourse(t, files, store, site)
	built := children()
	if built == begin {
		t.Error("the first build started no process")
	}
	buildCourse(t, files, store, site)
	if again := children(); again != built {
		t.Errorf("the second build started a process: before it %+v, now %+v", built, again)
	}
	config := course.Config{Source: files, Runner: &runner.Runner{Store: runner.Store{Dir: store}}}
	if s, err := config.Check(t.Context()); err != nil || len(s.Problems) > 0 {
		t.Errorf("check: %v, %v", s.Problems, err)
	}
	if checked := children(); checked != built {
		t.Error("a check of what was built started a process")
	}
}
