package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"course/problem"
	"course/program"
)

// buildTimeout ends the build of a program that takes too long: a compiler can be made to.
const buildTimeout = 2 * time.Minute

// A build is a program made ready to run.
type build struct {
	program  program.Program
	dir      string       // all that it has on disk; empty where it has nothing
	path     string       // of the binary; empty where there is none
	workers  bool         // it imports package worker
	problems problem.List // why it does not compile
	lacking  string       // why it cannot be built here; it was not tried then
	vet      problem.List // what the analyzers of go vet found in one that compiles
	said     string       // what the compiler printed
}

// remove removes what a build has on disk. What cannot be removed goes with the job's directory.
func (b build) remove() { _ = os.RemoveAll(b.dir) }

// A builder compiles and links programs, one at a time.
type builder struct {
	*kit
	toolchain toolchain
	vetter    *vetter
}

// build builds p, whose source is s, in dir, a directory for it alone, which it leaves to the binary.
// A program that does not compile is no error.
func (b *builder) build(ctx context.Context, p program.Program, s source, dir string) (build, error) {
	limited, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	done, err := b.make(limited, p, s, dir)
	switch {
	case ctx.Err() != nil:
		return build{}, context.Cause(ctx)
	case limited.Err() != nil:
		late := problem.Problem{Position: cellPosition(p), Message: fmt.Sprintf("it takes more than %v to build", buildTimeout)}
		return build{program: p, problems: problem.List{late}}, nil
	case err != nil:
		return build{}, fmt.Errorf("build %s: %w", p.ID, err)
	}
	return done, nil
}

func (b *builder) make(ctx context.Context, p program.Program, s source, dir string) (build, error) {
	if b.lacking != "" {
		return build{program: p, lacking: b.lacking}, nil
	}
	if len(s.foreign) > 0 {
		return build{program: p, problems: s.foreign, said: said(s.foreign)}, nil
	}
	object, problems, text, err := b.compile(ctx, s, dir)
	if err != nil || len(problems) > 0 {
		return build{program: p, problems: problems, said: text}, err
	}
	done := build{program: p, vet: b.vetter.vet(s.text), workers: s.uses(workerPath)}
	if len(p.Options.Modes) == 0 {
		return done, os.Remove(object)
	}
	done.path = filepath.Join(dir, "cell.exe") // Windows wants the suffix, nobody else minds
	args := append(b.imports.flags(), "-o", done.path, "-importcfg", b.config, "-s", "-w", "-buildid=", object)
	text, err = b.run(ctx, dir, "link", args...)
	if refused(err) && linkError.MatchString(text) {
		return build{program: p, problems: problem.List{{Position: cellPosition(p), Message: firstLine(text)}}, said: text}, nil
	}
	if err != nil {
		return build{}, fmt.Errorf("link: %w: %s", err, firstLine(text))
	}
	return done, os.Remove(object)
}

// compile compiles s to an object file, or returns why the compiler refuses it and all that it printed.
func (b *builder) compile(ctx context.Context, s source, dir string) (object string, problems problem.List, text string, err error) {
	files := []string{filepath.Join(dir, sourceFile)}
	if err := os.WriteFile(files[0], []byte(s.text), 0o600); err != nil {
		return "", nil, "", err
	}
	if s.uses(workerPath) && !s.broken {
		files = append(files, filepath.Join(dir, "workers.go"))
		if err := os.WriteFile(files[1], []byte(s.registration()), 0o600); err != nil {
			return "", nil, "", err
		}
	}
	object = filepath.Join(dir, "cell.a")
	args := append(b.imports.flags(),
		"-o", object, "-p", "main", "-complete", "-pack", "-c=1", "-nolocalimports",
		"-importcfg", b.config, "-trimpath", dir+"=>",
	)
	if lang := b.toolchain.language(); lang != "" {
		args = append(args, "-lang="+lang)
	}
	text, err = b.run(ctx, dir, "compile", append(args, files...)...)
	text = generatedPlace.ReplaceAllString(text, "")
	if refused(err) {
		problems = compileErrors(text)
	}
	if len(problems) > 0 {
		return "", problems, text, nil
	}
	if err != nil {
		return "", nil, "", fmt.Errorf("compile: %w: %s", err, firstLine(text))
	}
	for _, f := range files {
		if err == nil {
			err = os.Remove(f)
		}
	}
	return object, nil, "", err
}

// run runs a tool and returns what it printed.
func (b *builder) run(ctx context.Context, dir, tool string, args ...string) (string, error) {
	cmd := toolCommand(ctx, b.toolchain.tool(tool), args...)
	cmd.Dir, cmd.Env = dir, b.toolchain.environment(dir)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err := runTool(cmd)
	out := bytes.ReplaceAll(printed.Bytes(), []byte(dir+string(filepath.Separator)), nil)
	return strings.ToValidUTF8(string(out), "\uFFFD"), err // it cites the program, which may hold any bytes
}

// refused reports whether a tool has ended by itself to say that something is wrong. With what, the
// program or the machine, is in what it printed: a full disk ends it in the same way.
func refused(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.Exited()
}

// linkError is what the linker says where the program is wrong (cmd/link/internal/ld and loader).
var linkError = regexp.MustCompile(`relocation target .* not defined|function main is undeclared in the main package|` +
	`invalid reference to |symbol too large|duplicated definition of symbol|duplicate symbol|nosplit stack over`)

// errorLine is how the compiler begins an error: "squares.cell:3:5: message", without a column in few.
var errorLine = regexp.MustCompile(`^([^\s:][^:]*):(\d+)(?::(\d+))?: (.*)$`)

// generatedPlace is where a line that the compiler names stands in the file that it was given: it comes
// right after the place in a cell, "squares.cell:3:5[cell.go:9:5]".
var generatedPlace = regexp.MustCompile(`\[` + regexp.QuoteMeta(sourceFile) + `(:\d+)+\]`)

// compileErrors reads what the compiler printed. Lines that begin with a tab explain the error above.
func compileErrors(text string) problem.List {
	var list problem.List
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		m := errorLine.FindStringSubmatch(line)
		switch {
		case m != nil && m[4] == "too many errors":
		case m != nil:
			at := problem.Position{File: m[1]}
			at.Line, _ = strconv.Atoi(m[2])
			at.Column, _ = strconv.Atoi(m[3])
			list = append(list, problem.Problem{Position: at, Message: m[4]})
		case len(list) > 0 && strings.HasPrefix(line, "\t"):
			of := &list[len(list)-1]
			of.Hint = strings.TrimPrefix(of.Hint+"\n"+strings.TrimSpace(line), "\n")
		}
	}
	return list
}

// said words problems as the compiler does.
func said(list problem.List) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "%v: %s\n", p.Position, p.Message)
	}
	return b.String()
}

// cellName is the name of the cell of p: the last part of its ID.
func cellName(p program.Program) string { return p.ID[strings.LastIndexByte(p.ID, '/')+1:] }

// cellFile is the name under which positions name the cell of p.
func cellFile(p program.Program) string { return cellName(p) + ".cell" }

// cellPosition is the place of what concerns all of the cell.
func cellPosition(p program.Program) problem.Position {
	return problem.Position{File: cellFile(p)}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
