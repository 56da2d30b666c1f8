package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// writeLesson writes a course of one lesson with these cells, each of which prints its name, into dir.
func writeLesson(t *testing.T, dir string, cells ...string) {
	t.Helper()
	text := "# Start\n"
	for _, c := range cells {
		text += fmt.Sprintf("\n```go {#%s}\nfunc main() { println(\"%[1]s prints\") }\n```\n", c)
	}
	if err := os.WriteFile(filepath.Join(dir, "01-start.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestWithoutGoWhatIsStoredIsShown, as doctor says.
func TestWithoutGoWhatIsStoredIsShown(t *testing.T) {
	t.Setenv("GOCACHE", goCache(t))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	build := func(want int) (page, said string) {
		t.Helper()
		out := t.TempDir()
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"build", "--out", out, dir}, &stdout, &stderr); code != want {
			t.Errorf("exits with %d, want %d: %s%s", code, want, stdout.String(), stderr.String())
		}
		content, _ := os.ReadFile(filepath.Join(out, "start.html"))
		return string(content), stderr.String()
	}
	writeLesson(t, dir, "one", "two")
	t.Run("nothing stored", func(t *testing.T) {
		t.Setenv("PATH", "")
		if page, said := build(3); page != "" || !strings.Contains(said, "\thint: install Go ") {
			t.Errorf("writes %d bytes and says %q", len(page), said)
		}
	})
	build(0)
	t.Setenv("PATH", "")
	if page, said := build(0); !strings.Contains(page, "two prints") || said != "" {
		t.Errorf("all is stored: says %q", said)
	}
	writeLesson(t, dir, "one", "other")
	page, said := build(3)
	if !strings.Contains(page, "one prints") || strings.Contains(page, "other prints</") {
		t.Error("the page does not show what is stored")
	}
	if !strings.Contains(said, "the results that are there, 1 of 2") || !strings.Contains(said, "\thint: install Go ") {
		t.Errorf("says %q", said)
	}
}

// TestGoThatCannotBuildCells: what is told of it, and what mends it.
func TestGoThatCannotBuildCells(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("the test's go command is a shell script")
	}
	dir := t.TempDir()
	writeLesson(t, dir, "one")
	for what, script := range map[string]string{
		"is go1.21.3: cells are built with go1.26 or newer": `echo '{"GOVERSION":"go1.21.3","GOROOT":"/","GOTOOLDIR":"/"}'`,
		"does not answer as go1.26 does":                    "echo go1.8",
		"flag provided but not defined":                     "echo flag provided but not defined: -json >&2; exit 2",
	} {
		bin := t.TempDir()
		if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", bin)
		t.Setenv("XDG_CACHE_HOME", t.TempDir())
		for _, command := range []string{"build", "check"} {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), []string{command, dir}, &stdout, &stderr)
			if code != 3 || !strings.Contains(stderr.String(), what) || strings.Count(stderr.String(), "\thint: install Go 1.26 or newer") != 1 {
				t.Errorf("%s exits with %d and says %q", command, code, stderr.String())
			}
		}
	}
}

// TestWithoutACacheDirectoryResultsAreInMemory, as where it cannot be written.
func TestWithoutACacheDirectoryResultsAreInMemory(t *testing.T) {
	t.Setenv("GOCACHE", goCache(t))
	dir := t.TempDir()
	writeLesson(t, dir, "one")
	for what, set := range map[string]func(t *testing.T){
		"no home": func(t *testing.T) {
			t.Setenv("HOME", "")
			t.Setenv("XDG_CACHE_HOME", "")
			t.Setenv("XDG_CONFIG_HOME", "")
		},
		"a relative directory": func(t *testing.T) { t.Setenv("XDG_CACHE_HOME", "cache"); t.Setenv("XDG_CONFIG_HOME", "config") },
	} {
		t.Run(what, func(t *testing.T) {
			set(t)
			out := t.TempDir()
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), []string{"build", "--out", out, dir}, &stdout, &stderr); code != 0 || strings.Count(stderr.String(), "the results cannot be kept") != 1 {
				t.Errorf("exits with %d and says %q", code, stderr.String())
			}
			if page, _ := os.ReadFile(filepath.Join(out, "start.html")); !bytes.Contains(page, []byte("one prints")) {
				t.Error("the page does not show what it printed")
			}
		})
	}
}

// TestWithoutADirectoryForTemporaryFiles one message tells, and what mends it.
func TestWithoutADirectoryForTemporaryFiles(t *testing.T) {
	t.Setenv("GOCACHE", goCache(t))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	writeLesson(t, dir, "one")
	out := t.TempDir()
	missing := filepath.Join(t.TempDir(), "missing")
	t.Setenv("TMPDIR", missing)
	t.Setenv("TMP", missing)
	for _, args := range [][]string{{"build", "--out", out, dir}, {"run", dir}, {"run", "--trust", dir}, {"check", dir}} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), args, &stdout, &stderr)
		if said := stderr.String(); code != 3 || strings.Count(said, "\n") != 2 || !strings.Contains(said, "\thint: "+missing+" is no directory: set TMPDIR") {
			t.Errorf("%v exits with %d and says %q", args, code, said)
		}
	}
}
