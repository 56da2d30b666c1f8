package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOneDoorIsOpen: HTML that no Writer has made comes from goldmark, and drawings from package svg.
func TestOneDoorIsOpen(t *testing.T) {
	for _, pattern := range []string{"*.go", "chart/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, name := range files {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			if name == "prose.go" || name == "diagram.go" {
				want = 1
			}
			if got := strings.Count(string(source), ".Trusted("); got != want && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s uses Trusted %d times, want %d", name, got, want)
			}
		}
	}
}
