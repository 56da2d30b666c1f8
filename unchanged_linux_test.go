package course_test

import (
	"syscall"
	"testing"
)

// TestNothingChangedStartsNoProcess builds a course twice: whatever process the second build started and waited for would have
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
}
