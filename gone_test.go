package course_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"course"
	"course/runner"
)

// TestACourseThatIsGoneIsNamed: a file system does not know where it is.
func TestACourseThatIsGoneIsNamed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	config := course.Config{Source: os.DirFS(dir), Runner: &runner.Runner{Course: dir}}
	if _, err := config.Load(nil); err == nil || !strings.Contains(err.Error(), "read course: open "+dir+": ") {
		t.Errorf("error %v", err)
	}
}
