package runner

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"course/program"
	"course/runner/build"
	"course/runner/store"

	"github.com/google/go-cmp/cmp"
)

// needsPython skips a test that runs Python where there is none.
func needsPython(t *testing.T) {
	t.Helper()
	if _, err := build.AskPython(t.Context(), store.Open(storeDir), ""); err != nil {
		t.Skip(err)
	}
}

// pythonCell returns a program in Python.
func pythonCell(id, text string, modes ...program.Mode) program.Program {
	if len(modes) == 0 {
		modes = []program.Mode{program.Plain}
	}
	return program.Program{ID: "lesson/" + id, Source: text, Options: program.Options{Language: program.Python, Modes: modes}}
}

// everywhere calls test with a Runner that confines programs, where the machine can, and with one that trusts all.
func everywhere(t *testing.T, test func(t *testing.T, r *Runner)) {
	t.Run("sandbox", func(t *testing.T) { test(t, newRunner()) })
	t.Run("trusted", func(t *testing.T) {
		r := newRunner()
		r.Trusted = func(program.Program) bool { return true }
		test(t, r)
	})
}

const pool = `import multiprocessing, os, threading

def square(n):
    return n * n

def say(what):
    print(what, flush=True)

if __name__ == "__main__":
    mode = os.environ["COURSE_MODE"]
    worker = {"thread": threading.Thread, "process": multiprocessing.Process}[mode](target=say, args=(mode,))
    worker.start()
    worker.join()
    for method in "fork", "spawn", "forkserver":
        context = multiprocessing.get_context(method)
        lock, queue = context.Lock(), context.Queue()
        with context.Pool(2) as workers:
            print(method, workers.map(square, range(4)))
        with lock:
            queue.put("é")
        print(queue.get())
`

// TestPythonRunsInThreadsAndProcesses: also those that begin with importing the cell again.
func TestPythonRunsInThreadsAndProcesses(t *testing.T) {
	needsPython(t)
	if runtime.GOOS == "windows" {
		t.Skip("it has no fork")
	}
	everywhere(t, func(t *testing.T, r *Runner) {
		got := run(t, r, pythonCell("pool", pool, program.Thread, program.Process))["pool"]
		if len(got.Problems) > 0 || len(got.Runs) != 2 {
			t.Fatalf("%v, %d runs", got.Problems, len(got.Runs))
		}
		for _, one := range got.Runs {
			want := []string{string(one.Mode), "fork [0, 1, 4, 9]", "é", "spawn [0, 1, 4, 9]", "é", "forkserver [0, 1, 4, 9]", "é"}
			if d := cmp.Diff(want, texts(one.Output, false)); d != "" {
				t.Errorf("as %s (-want +got):\n%s", one.Mode, d)
			}
		}
		if !strings.HasPrefix(got.Python, "CPython 3.") && !strings.HasPrefix(got.Python, "PyPy 3.") || got.Machine.Go != "" {
			t.Errorf("it was run by %q, and Go %q", got.Python, got.Machine.Go)
		}
	})
}

// TestATracebackNamesTheCell: also that of a process that was spawned, for which the file is another program's.
func TestATracebackNamesTheCell(t *testing.T) {
	needsPython(t)
	const text = "import multiprocessing\n\ndef fail():\n    raise ValueError('no')\n\nif __name__ == '__main__':\n" +
		"    p = multiprocessing.get_context('spawn').Process(target=fail, name='child')\n    p.start(); p.join()\n    print(p.exitcode)\n    fail()\n"
	everywhere(t, func(t *testing.T, r *Runner) {
		got := run(t, r, pythonCell("raises", text))["raises"]
		if o := got.Runs[0].Outcome; o != (program.Outcome{Kind: program.Exited, Exit: 1}) {
			t.Errorf("it %v", o)
		}
		said := texts(got.Runs[0].Output, true)
		for _, want := range []string{`  File "raises.cell", line 4, in fail`, `  File "raises.cell", line 10, in <module>`} {
			if !slices.Contains(said, want) {
				t.Errorf("no %q in\n%s", want, strings.Join(said, "\n"))
			}
		}
		if len(got.Problems) != 1 || got.Problems[0].Line != 4 || !strings.HasSuffix(got.Problems[0].Message, "exited with status 1, expected to end well: ValueError: no") {
			t.Errorf("%+v", got.Problems)
		}
	})
}

// TestATracebackDoesNotSayWherePythonIs, which may be below somebody's home.
func TestATracebackDoesNotSayWherePythonIs(t *testing.T) {
	needsPython(t)
	everywhere(t, func(t *testing.T, r *Runner) {
		got := run(t, r, pythonCell("raises", "import json\njson.loads('{')\n"))["raises"]
		said := strings.Join(texts(got.Runs[0].Output, true), "\n")
		if !strings.Contains(said, `File "<python>/json/decoder.py", line `) || strings.Contains(said, `"/`) {
			t.Errorf("it said\n%s", said)
		}
	})
}

// TestAPythonInAHomeIsNotNamed: neither its library nor its interpreter, by whatever links they are reached; what lies beside them is.
func TestAPythonInAHomeIsNotNamed(t *testing.T) {
	home := t.TempDir()
	library, command := filepath.Join(home, "ann", "lib", "python3.13"), filepath.Join(home, "ann", "bin", "python3")
	for _, dir := range []string{library, filepath.Dir(command)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(command, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(home, "bob")
	if err := os.Symlink(filepath.Join(home, "ann"), link); err != nil {
		t.Skip(err)
	}
	s := newScript(build.Build{Script: filepath.Join(home, "build", "a.cell"), Reads: []string{command, filepath.Join(link, "lib", "python3.13")}})
	for text, want := range map[string]string{
		`  File "` + filepath.Join(library, "json.py") + `", line 1`:                   `  File "<python>/json.py", line 1`,
		`  File "` + filepath.Join(link, "lib", "python3.13", "json.py") + `", line 1`: `  File "<python>/json.py", line 1`,
		command + ": not found":                       "<python>/python3: not found",
		filepath.Join(home, "ann", "bin", "other"):    filepath.Join(home, "ann", "bin", "other"),
		filepath.Join(home, "build", "a.cell") + ":1": "a.cell:1",
	} {
		if got := s.names.Replace(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestASyntaxErrorNamesTheCell(t *testing.T) {
	needsPython(t)
	got := run(t, newRunner(), pythonCell("wrong", "print(1)\ndef f(:\n    pass\n"))["wrong"]
	if p := got.Problems; len(p) != 1 || p[0].File != "wrong.cell" || p[0].Line != 2 || !strings.Contains(p[0].Message, "SyntaxError: ") {
		t.Errorf("%+v", p)
	}
}

// TestCheckCompilesPython, and executes none of it: a mistake has its place, in bytes, and none is told where that is how the cell is to end.
func TestCheckCompilesPython(t *testing.T) {
	needsPython(t)
	ran := filepath.Join(t.TempDir(), "ran")
	wrong := "a = 'é'; b = )\n"
	meant := with(pythonCell("meant", wrong), func(o *program.Options) {
		o.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.Exited, Exit: 1}}}
	})
	programs := []program.Program{
		pythonCell("right", "import os\nos.mkdir('"+filepath.ToSlash(ran)+"')\nprint('\\d')\n"), // of which Python warns
		pythonCell("wrong", "print(1)\n"+wrong), meant,
		pythonCell("deep", strings.Repeat("-", 1<<20)+"1\n"),
		pythonCell("zero", "a = 1\x00\n"),
	}
	r := newRunner()
	r.Trusted = func(program.Program) bool { return true }
	results, err := r.Check(t.Context(), programs)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, 1, 0, 1, 1} {
		if found := results[i].Problems; len(found) != want || want > 0 && (found[0].Message == "" || found[0].File != programs[i].File()) {
			t.Errorf("%s: %v", programs[i].ID, found)
		}
	}
	if p := results[1].Problems; len(p) == 1 && (p[0].Line != 2 || p[0].Column != len("a = 'é'; b = )") || !strings.HasPrefix(p[0].Message, "SyntaxError: ")) {
		t.Errorf("it is at %v: %s", p[0].Position, p[0].Message)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("it was executed")
	}
}

// TestPythonThatTakesTooMuchToCompileIsAProblem, of the program and not of the system.
func TestPythonThatTakesTooMuchToCompileIsAProblem(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it executes no scripts")
	}
	command := filepath.Join(t.TempDir(), "python3")
	about := fmt.Sprintf(`{"command": %q, "name": "CPython", "release": [3, 13, 1], "version": "3", "start": "fork", "packages": "lib"}`, command)
	text := "#!/bin/sh\ncase \"$*\" in *.cell) exec sleep 1000 ;; *) echo '" + about + "' ;; esac\n"
	if err := os.WriteFile(command, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	r := newRunner()
	r.Python, r.building.Bounds = command, build.Bounds{Time: 100 * time.Millisecond}
	results, err := r.Check(t.Context(), []program.Program{pythonCell("endless", "print(1)\n")})
	if err != nil {
		t.Fatal(err)
	}
	if p := results[0].Problems; len(p) != 1 || !strings.Contains(p[0].Message, "it takes more than 100ms to build") {
		t.Errorf("%+v", p)
	}
}

// TestWhatPythonPrintsIsThereWhenItIsKilled: a line arrives when it is printed.
func TestWhatPythonPrintsIsThereWhenItIsKilled(t *testing.T) {
	needsPython(t)
	p := with(pythonCell("hangs", "import threading\nprint('waiting')\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()\n"), func(o *program.Options) {
		o.Timeout = 2 * time.Second
		o.Expect = map[program.Mode]program.Outcomes{program.Plain: {{Kind: program.TimedOut}}}
	})
	got := run(t, newRunner(), p)["hangs"]
	if said := texts(got.Runs[0].Output, false); len(got.Problems) > 0 || !slices.Equal(said, []string{"waiting"}) {
		t.Errorf("%v, it said %q", got.Problems, said)
	}
}

// TestPythonFindsTheStandardLibraryAlone: what else is installed is not in the key of a result.
func TestPythonFindsTheStandardLibraryAlone(t *testing.T) {
	needsPython(t)
	everywhere(t, func(t *testing.T, r *Runner) {
		t.Setenv("PYTHONPATH", t.TempDir())
		p := with(pythonCell("paths", "import os, sys\nprint([p for p in sys.path if 'packages' in p and not p.startswith(sys.prefix)])\nprint(sorted(os.listdir()), sorted(n for n in os.environ if n.startswith('PYTHON')))\n"),
			func(o *program.Options) { o.Env = []string{"PYTHONHASHSEED=0"} })
		got := run(t, r, p)["paths"]
		if d := cmp.Diff([]string{"[]", "[] ['PYTHONHASHSEED', 'PYTHONSAFEPATH']"}, texts(got.Runs[0].Output, false)); d != "" {
			t.Errorf("(-want +got):\n%s%v", d, texts(got.Runs[0].Output, true))
		}
	})
}

func TestMeasuredPythonStatesWhatARunTakes(t *testing.T) {
	needsPython(t)
	p := with(pythonCell("empty", "pass\n"), func(o *program.Options) { o.Measure, o.Repeat = true, 1 })
	got := run(t, newRunner(), p)["empty"]
	if got.Overhead <= 0 || len(got.Problems) > 0 {
		t.Errorf("overhead %v, %v", got.Overhead, got.Problems)
	}
}

// TestWithoutPython: what there is in PATH says so, and what becomes of it later is another key.
func TestWithoutPython(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it executes no scripts")
	}
	command := filepath.Join(t.TempDir(), "python3")
	write := func(text string) string {
		if err := os.WriteFile(command, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return command
	}
	p := pythonCell("some", "print(1)")
	withoutPython(t, p, filepath.Join(t.TempDir(), "none"), errLacking)
	for text, want := range map[string]string{
		`echo '{"command": "/x", "name": "CPython", "release": [3, 6, 9]}'`: "python3 is CPython 3.6.9, and python cells need 3.9 or newer",
		`echo hello`: "python3, which python cells need, does not answer as Python does",
		`exit 1`:     "python3, which python cells need, does not say what it is: exit status 1",
	} {
		withoutPython(t, p, write(text), want)
	}
}

func withoutPython(t *testing.T, p program.Program, python, want string) {
	t.Helper()
	r := &Runner{Python: python, Store: Store{Dir: t.TempDir()}, pressure: calm}
	got := run(t, r, p)["some"]
	if got.NotHere != want || len(got.Runs) > 0 || len(got.Problems) > 0 || got.Python != "" {
		t.Errorf("%q, want %q: %+v", got.NotHere, want, got)
	}
	if results, stale := r.Stored([]program.Program{p}); want == errLacking && (len(results) != 1 || len(stale) > 0) {
		t.Errorf("%d results, %d stale", len(results), len(stale))
	}
}

const errLacking = "there is no python3, which python cells need"
