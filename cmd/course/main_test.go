package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"course/runner"
	"course/runner/sandbox"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func TestMain(m *testing.M) {
	runner.Supervise() // tests that call run have this program as their supervisor
	testscript.Main(m, map[string]func(){"course": main, "bare-course": func() {
		// As on a machine that has no sandbox.
		runner.Supervise()
		os.Exit(host{sandbox: &sandbox.Report{}}.run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}})
}

// TestScripts runs each document in testdata/script: real commands over small courses. Each has a cache
// of its own but for Go's, which they share with whoever runs the tests.
func TestScripts(t *testing.T) {
	gocache := goCache(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOCACHE", gocache)
			env.Setenv("GOPROXY", "off") // no command needs a network
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"replace":  replace,
			"commands": commands,
			"status":   status,
			"proxy":    proxy,
			"statusof": statusOf,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// TestHelpFitsATerminal of 80 columns.
func TestHelpFitsATerminal(t *testing.T) {
	for _, command := range []string{"", "build", "check", "clean", "doctor", "fetch", "init", "record", "run", "serve", "version"} {
		var out strings.Builder
		if code := run(t.Context(), strings.Fields(command+" --help"), &out, &out); code != 0 {
			t.Errorf("%s: exit status %d", command, code)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
				t.Errorf("%s: a line has %d columns: %s", command, n, line)
			}
		}
	}
}

// goCache returns the directory of Go's own cache, which tests share: with an empty one each would
// compile the standard library.
func goCache(t *testing.T) string {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatalf("ask go for its cache: %v", err)
	}
	return strings.TrimSpace(string(dir))
}

// replace rewrites a file: replace FILE OLD NEW. OLD must be there.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	before := ts.ReadFile(args[0])
	if !strings.Contains(before, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	after := strings.Replace(before, args[1], strings.ReplaceAll(args[2], `\n`, "\n"), 1)
	ts.Check(os.WriteFile(path, []byte(after), 0o644))
}

// commands has PATH lead to these commands, as it finds them now, and to no others: commands NAME...
func commands(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: commands NAME...")
	}
	bin := filepath.Join(ts.MkAbs("."), ".commands", strings.Join(args, "-"))
	ts.Check(os.MkdirAll(bin, 0o755))
	for _, name := range args {
		for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
				ts.Check(os.Symlink(filepath.Join(dir, name), filepath.Join(bin, name)))
				break
			}
		}
	}
	ts.Setenv("PATH", bin)
}

// proxy has the go command get modules from a proxy that has those in a directory, "path@version" each, and keep them in a
// cache of the script's alone: proxy DIR.
func proxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: proxy DIR")
	}
	dir, to := ts.MkAbs(args[0]), ts.MkAbs(".proxy")
	sources, err := filepath.Glob(filepath.Join(dir, "*", "*@*"))
	ts.Check(err)
	for _, source := range sources {
		name, err := filepath.Rel(dir, source)
		ts.Check(err)
		path, version, _ := strings.Cut(filepath.ToSlash(name), "@")
		base := filepath.Join(to, path, "@v", version)
		ts.Check(os.MkdirAll(filepath.Dir(base), 0o755))
		archive, err := os.Create(base + ".zip")
		ts.Check(err)
		ts.Check(errors.Join(zip.CreateFromDir(archive, module.Version{Path: path, Version: version}, source), archive.Close()))
		ts.Check(os.WriteFile(base+".info", []byte(`{"Version":"`+version+`"}`), 0o644))
		ts.Check(os.WriteFile(base+".mod", []byte(ts.ReadFile(filepath.Join(source, "go.mod"))), 0o644))
	}
	ts.Setenv("GOPROXY", "file:///"+strings.TrimPrefix(filepath.ToSlash(to), "/"))
	ts.Setenv("GOSUMDB", "off")
	ts.Setenv("GOMODCACHE", ts.MkAbs(".modules"))
}

// status runs the command and compares how it exits: status CODE ARG…
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: status CODE ARG...")
	}
	statusOf(ts, neg, append([]string{args[0], "course"}, args[1:]...))
}

// statusOf does so with another program: statusof CODE PROGRAM ARG…
func statusOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: statusof CODE PROGRAM ARG...")
	}
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	if want, err := strconv.Atoi(args[0]); err != nil || got != want {
		ts.Fatalf("%s exits with %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}
