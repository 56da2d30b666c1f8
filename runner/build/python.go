package build

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"course/problem"
	"course/program"
	"course/runner/store"
)

// A Python is an installation of Python, as its python3 describes itself. The zero value is none.
type Python struct {
	Found    string `json:"found"`    // the command that was asked, links resolved: the interpreter, or what starts it, such as a version manager's script
	Size     int64  `json:"size"`     // of that file
	ModTime  int64  `json:"modtime"`  // of that file, in nanoseconds
	Command  string `json:"command"`  // the interpreter's path, links resolved
	Stamp    string `json:"stamp"`    // size and time of that file
	Name     string `json:"name"`     // of the implementation, "CPython"
	Release  []int  `json:"release"`  // its version, [3, 11, 7]
	Version  string `json:"version"`  // sys.version: with the build and the compiler
	GIL      string `json:"gil"`      // "with the GIL", "without the GIL"; empty where nothing is known
	Start    string `json:"start"`    // how multiprocessing starts processes, "fork"
	Packages string `json:"packages"` // where packages are below a virtual environment
	// Files are what it reads wherever it lies: the standard library's directories, and the shared library of the interpreter where it has one.
	Files []string `json:"files"`
}

// LeastPython is the oldest that cells run with: since then tracebacks name the whole path of the main file (docs.python.org/3/whatsnew/3.9.html),
// which Build.Script has to be found by.
var LeastPython = []int{3, 9}

// Identity is what of a Python shapes a result. Where it is installed does not. It is empty where there is none.
func (p Python) Identity() string {
	if p.Command == "" {
		return ""
	}
	return strings.Join([]string{p.Name, p.Version, p.GIL, p.Start}, "\n")
}

// String returns "CPython 3.11.7, with the GIL", and "" where there is none.
func (p Python) String() string {
	if p.Command == "" {
		return ""
	}
	s := p.Name + " " + dotted(p.Release)
	if p.GIL != "" {
		s += ", " + p.GIL
	}
	return s
}

func dotted(release []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(release), " ", "."), "[]")
}

// A PythonError is that python cells cannot run here: there is no python3, or none that answers, or an old one. Its text is the end of a
// sentence.
type PythonError struct{ Err error }

func (e *PythonError) Error() string { return e.Err.Error() }
func (e *PythonError) Unwrap() error { return e.Err }

// Hint says what mends it.
func (e *PythonError) Hint() string {
	return "install Python " + dotted(LeastPython) + " or newer: python.org"
}

// errNoPython is that there is no python3.
var errNoPython = errors.New("there is no python3, which python cells need")

// findPython resolves the python3 that is to be used; name "" looks in PATH.
func findPython(name string) (string, os.FileInfo, error) {
	found, err := exec.LookPath(cmp.Or(name, "python3"))
	if err == nil {
		found, err = filepath.Abs(found)
	}
	if err == nil {
		found, err = filepath.EvalSymlinks(found)
	}
	if err != nil {
		return "", nil, &PythonError{errNoPython}
	}
	info, err := os.Stat(found)
	if err != nil {
		return "", nil, &PythonError{errNoPython}
	}
	return found, info, nil
}

// Direct reports whether the command is the interpreter itself. Else a file that nobody here knows of may have it start another one the next time.
func (p Python) Direct() bool { return p.Found == p.Command }

// Shared reports whether every user may execute the interpreter and read what it needs, by the bits of their modes: lists of access are not looked at. It
// starts no process.
func (p Python) Shared() bool {
	return open(p.Command, 0o1) && !slices.ContainsFunc(p.Files, func(name string) bool { return !open(name, 0o4) })
}

// open reports whether others have these bits of a file, or directory, and may search all directories above it.
func open(name string, bits fs.FileMode) bool {
	info, err := os.Stat(name)
	if err != nil || info.Mode()&bits != bits {
		return false
	}
	dir := filepath.Dir(name)
	return dir == name || open(dir, 0o1)
}

// KnownPython returns what is kept about the python3 of that name ("" is the one in PATH), while the files that it is are as they
// were. It starts no process. An error is ErrNotAsked, or a *PythonError.
func KnownPython(s *store.Shelf, name string) (Python, error) {
	found, info, err := findPython(name)
	if err != nil {
		return Python{}, err
	}
	var p Python
	if !s.Load(store.Toolchains, pythonKey(found), &p) ||
		p.Found != found || p.Size != info.Size() || p.ModTime != info.ModTime().UnixNano() || p.Stamp != stamp(p.Command) {
		return Python{}, ErrNotAsked
	}
	return p, p.fit()
}

// pythonKey covers the variables by which version managers choose what their python3 starts, and the directory in which they look for a file that
// says it.
func pythonKey(found string) string {
	var d store.Digest
	dir, _ := os.Getwd()
	d.Add("course python 1", found, dir, os.Getenv("PYENV_VERSION"), os.Getenv("ASDF_PYTHON_VERSION"), os.Getenv("MISE_PYTHON_VERSION"), os.Getenv("HOME"))
	return d.Sum()
}

// stamp changes when a file is replaced.
func stamp(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
}

// fit returns a PythonError where p is too old.
func (p Python) fit() error {
	if slices.Compare(p.Release, LeastPython) < 0 {
		return &PythonError{fmt.Errorf("python3 is %v, and python cells need %s or newer", p, dotted(LeastPython))}
	}
	return nil
}

// pythonAbout has an interpreter tell what a Python holds.
//
//go:embed about.py
var pythonAbout string

// pythonPatience is how long an interpreter has to answer: a version manager's script may have a slow disk to look through.
const pythonPatience = 30 * time.Second

// AskPython asks the python3 of that name what it is, and keeps the answer. An error is a
// *PythonError, ctx's cause, or the system's.
func AskPython(ctx context.Context, s *store.Shelf, name string) (Python, error) {
	found, info, err := findPython(name)
	if err != nil {
		return Python{}, err
	}
	limited, cancel := context.WithTimeout(ctx, pythonPatience)
	defer cancel()
	cmd := toolCommand(limited, cmp.Or(name, "python3"), // not by where its links lead: a program of many names goes by its own
		"-I", "-S", "-B", "-c", pythonAbout)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = runTool(cmd)
	if ctx.Err() != nil {
		return Python{}, context.Cause(ctx)
	}
	if err != nil {
		return Python{}, &PythonError{fmt.Errorf("python3, which python cells need, does not say what it is: %w", withText(limited, err, &stderr))}
	}
	var p Python
	if json.Unmarshal(stdout.Bytes(), &p) != nil || len(p.Release) < 2 || !filepath.IsAbs(p.Command) {
		return Python{}, &PythonError{errors.New("python3, which python cells need, does not answer as Python does")}
	}
	p.Found, p.Size, p.ModTime, p.Stamp = found, info.Size(), info.ModTime().UnixNano(), stamp(p.Command)
	if err := s.Save(store.Toolchains, pythonKey(found), p); err != nil {
		return Python{}, fmt.Errorf("keep what %s says: %w", found, err)
	}
	return p, p.fit()
}

// pythonArgs are those that each python cell is run with: no packages of the user's, no compiled files written, and UTF-8 everywhere. What else
// directs an interpreter are variables, of which a cell has those alone that its lesson gives it.
var pythonArgs = []string{"-s", "-B", "-X", "utf8"}

// python makes ready p, a program in Python: there is nothing to compile. It gets a virtual environment of its own (docs.python.org/3/library/venv.html),
// as the one thing that keeps out the packages that happen to be installed, and that holds for the processes that multiprocessing starts, too.
func (p *Plan) python(one program.Program) (b Build, err error) {
	b = Build{Program: one, Lacking: p.NoPython}
	if b.Lacking != "" {
		return b, nil
	}
	if b.dir, err = p.directory(); err != nil {
		return Build{}, err
	}
	python := p.Python
	b.Path, b.Tree, b.Reads = filepath.Join(b.dir, "bin", "python3"), b.dir, append([]string{python.Command}, python.Files...)
	b.Script = filepath.Join(b.dir, one.File())
	b.Args = append(slices.Clone(pythonArgs), b.Script)
	if runtime.GOOS == "windows" { // where a virtual environment needs a launcher
		b.Path, b.Args = python.Command, append([]string{"-I", "-u"}, b.Args...)
		return b, os.WriteFile(b.Script, []byte(one.Source), 0o600)
	}
	for name, content := range map[string]string{
		one.File():   one.Source,
		"pyvenv.cfg": "home = " + filepath.Dir(python.Command) + "\ninclude-system-site-packages = false\n",
		filepath.Join(filepath.FromSlash(python.Packages), "sitecustomize.py"): pythonStart,
	} {
		name = filepath.Join(b.dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return b, err
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			return b, err
		}
	}
	if err := os.MkdirAll(filepath.Dir(b.Path), 0o700); err != nil {
		return b, err
	}
	return b, os.Symlink(python.Command, b.Path)
}

// pythonSyntax has an interpreter compile what it reads, and tell what a pythonError holds, or null. It executes none of it.
//
//go:embed syntax.py
var pythonSyntax string

// A pythonError is why Python does not compile a program.
type pythonError struct {
	Line    int    `json:"line"`   // 0 where it is not known
	Column  int    `json:"column"` // in bytes, from 1; 0 where it is not known
	Message string `json:"message"`
}

// compilePython returns b, a program in Python, with why it does not compile, where that is so and nobody expects it: a mistake of syntax ends it with status 1.
func (p *Plan) compilePython(ctx context.Context, b Build) (Build, error) {
	one, bounds := b.Program, p.bounds()
	for _, mode := range one.Options.Modes {
		if one.Options.Expect[mode].Has(program.Outcome{Kind: program.Exited, Exit: 1}) {
			return b, nil
		}
	}
	done, err := bounds.build(ctx, one, func(ctx context.Context) (Build, error) {
		cmd := toolCommand(ctx, p.Python.Command, "-I", "-S", "-B", "-W", "ignore", "-c", pythonSyntax, one.File())
		cmd.Stdin = strings.NewReader(one.Source)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		done := b
		err := runBounded(cmd, bounds, &stderr)
		switch ended := (*exec.ExitError)(nil); {
		case errors.As(err, &ended) && bounds.exceeded(err) == "": // what is nested too deeply ends some versions
			done.Problems = problem.List{{Position: position(one), Message: "python3 cannot compile it: " + withText(ctx, err, &stderr).Error()}}
			return done, nil
		case err != nil:
			return Build{}, err
		}
		var found *pythonError
		if err := json.Unmarshal(stdout.Bytes(), &found); err != nil {
			return Build{}, fmt.Errorf("read what python3 says: %w", err)
		}
		if found != nil {
			at := position(one)
			at.Line, at.Column = found.Line, found.Column
			done.Problems = problem.List{{Position: at, Message: found.Message}}
		}
		return done, nil
	})
	if done.dir == "" {
		b.Remove()
	}
	return done, err
}

// share lets every user read a tree, whatever the umask is.
func share(tree string) error {
	return filepath.WalkDir(tree, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return os.Chmod(name, 0o755)
		case entry.Type().IsRegular():
			return os.Chmod(name, 0o644)
		}
		return nil // a link has no mode of its own
	})
}

// pythonStart is what each interpreter does first. Lines arrive when they are printed, as on a terminal: what was printed is there also where the
// program is killed, and it is not printed twice by who forks. Unbuffered output (-u) would be written in pieces, which those of other threads get between.
const pythonStart = `import sys

for stream in sys.stdout, sys.stderr:
    if stream is not None:
        stream.reconfigure(line_buffering=True)
`
