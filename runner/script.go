package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"course/problem"
	"course/program"
	"course/runner/build"
	"course/runner/sandbox"
)

// A script is a program whose interpreter names its file in what it says. The path is that of a temporary directory, or of one in a sandbox: in lines
// of output it becomes the name by which positions name the cell, so that runs are alike, and lessons can tell where it is. Where Python is, which may be somebody's home,
// is left out as well: what is recorded is the same on all machines, and tells of nobody.
type script struct{ names *strings.Replacer }

// pythonName stands for where the standard library and the interpreter are.
const pythonName = "<python>"

// newScript returns nil for a build whose program names its source by line directives.
func newScript(b build.Build) *script {
	if b.Script == "" {
		return nil
	}
	name := filepath.Base(b.Script)
	names := []string{b.Script, name, sandbox.ProgramDir + "/" + name, name}
	for _, file := range b.Reads {
		real, err := filepath.EvalSymlinks(file)
		if err != nil {
			real = file
		}
		for _, path := range []string{file, real} {
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				names = append(names, path+string(filepath.Separator), pythonName+"/")
			} else { // the interpreter, or its library: beside them is all that the system has
				names = append(names, path, pythonName+"/"+filepath.Base(path))
			}
		}
	}
	return &script{strings.NewReplacer(names...)}
}

// scriptPlace is a line of Python's traceback that names a place in a cell.
var scriptPlace = regexp.MustCompile(`^  File "(\w+\.cell)", line (\d+)`)

// inspectScript takes a line of what the program says on standard error. The last traceback counts, and in it the last place: where the
// exception was raised, as far as that is in a cell.
func (t *trace) inspectScript(line string) {
	if strings.Contains(line, "[Errno 24]") || strings.Contains(line, "[Errno 27]") { // EMFILE and EFBIG on Linux
		t.inspect(line)
		t.panicked = false
	}
	m := scriptPlace.FindStringSubmatch(line)
	switch {
	case strings.HasPrefix(line, "Traceback (most recent call last)"):
		t.at, t.text, t.raised = problem.Position{}, "", true
	case m != nil:
		t.at.File = m[1]
		t.at.Line, _ = strconv.Atoi(m[2])
		t.raised = true // a syntax error has no more than a place
	case t.raised && t.at.File != "" && t.text == "" && line != "" && line[0] != ' ':
		t.text = line // what was raised
	}
}

// anyPython reports whether some programs are in Python.
func anyPython(programs []program.Program) bool {
	return slices.ContainsFunc(programs, func(p program.Program) bool { return p.Options.Language == program.Python })
}

// A python is what is known of the python3 that cells run with. The zero value is of programs of which none is in Python.
type python struct {
	build.Python
	lacking string // why there is none, as the end of a sentence
	unasked bool   // nobody has asked it what it is
}

// knownPython returns what is known for these programs. It starts no process.
func (r *Runner) knownPython(programs []program.Program) python {
	if !anyPython(programs) {
		return python{}
	}
	p, err := build.KnownPython(r.shelf, r.Python)
	switch {
	case errors.Is(err, build.ErrNotAsked):
		return python{unasked: true}
	case err != nil:
		return python{lacking: err.Error()}
	}
	return python{Python: p}
}

// askPython does as knownPython and, where it is not known, asks; what may have become another one is asked once by each Runner.
func (r *Runner) askPython(ctx context.Context, programs []program.Program) (python, error) {
	known := r.knownPython(programs)
	if !anyPython(programs) || known.lacking != "" || known.Command != "" && (known.Direct() || r.pythonAsked.Load()) {
		return known, nil
	}
	p, err := build.AskPython(ctx, r.shelf, r.Python)
	if none := (*build.PythonError)(nil); errors.As(err, &none) {
		return python{lacking: none.Error()}, nil
	}
	r.pythonAsked.Store(err == nil)
	return python{Python: p}, err
}
