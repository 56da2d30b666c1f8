package course_test

import (
	"os"
	"testing"

	"course/runner"
)

func TestMain(m *testing.M) {
	runner.Supervise()
	os.Exit(m.Run())
}
