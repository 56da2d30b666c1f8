package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// full is a writer onto a disk that has no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestWhatCannotBePrintedIsNotDone, whatever the command: who asked has no answer.
func TestWhatCannotBePrintedIsNotDone(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "01-a.md"), []byte("# A\n\nText.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := t.TempDir() // has problems, which are told in vain as well
	if err := os.WriteFile(filepath.Join(wrong, "01-a.md"), []byte("no title\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"version"},
		{"--help"},
		{"build", "--help"},
		{"run", dir},
		{"check", dir},
		{"check", wrong},
		{"check", "--json", dir},
		{"build", "--out", t.TempDir(), dir},
		{"build", "--json", "--out", t.TempDir(), dir},
		{"clean"},
	} {
		var stderr bytes.Buffer
		if code := run(t.Context(), args, full{}, &stderr); code != 3 || strings.Count(stderr.String(), "no space left on device") != 1 {
			t.Errorf("%v: exits with %d and says %q", args, code, stderr.String())
		}
	}
}
