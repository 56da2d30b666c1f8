package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBinaryWorksElsewhere builds the command, takes it to an empty directory, and has it build the
// course that it carries, with no module proxy to ask and no cache of ours.
func TestBinaryWorksElsewhere(t *testing.T) {
	if os.Getenv("COURSE_SLOW") == "" {
		t.Skip("it runs the whole course: set COURSE_SLOW=1")
	}
	home, away, cache := t.TempDir(), t.TempDir(), t.TempDir()
	binary := filepath.Join(home, "course")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, out)
	}
	build := exec.CommandContext(t.Context(), binary, "build")
	build.Dir = away
	build.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOCACHE="+goCache(t), "XDG_CACHE_HOME="+cache)
	var stdout, stderr bytes.Buffer
	build.Stdout, build.Stderr = &stdout, &stderr
	if err := build.Run(); err != nil {
		t.Fatalf("course build: %v\n%s%s", err, stdout.Bytes(), stderr.Bytes())
	}
	if !strings.Contains(stdout.String(), "3 lessons, ") || !strings.Contains(stdout.String(), "no problems") {
		t.Errorf("course build says %q", stdout.String())
	}
	for _, page := range []string{"index.html", "the-benchmark-that-measures-nothing.html", "whose-memory-is-it.html", "when-one-of-them-dies.html"} {
		if _, err := os.Stat(filepath.Join(away, "public", page)); err != nil {
			t.Error(err)
		}
	}
}
