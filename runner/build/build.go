package build

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"course/problem"
	"course/program"
)

// A Build is what came of building a program: a binary, or why there is none.
type Build struct {
	Program  program.Program
	Path     string       // of the binary, once Place was called; empty where there is none
	Args     []string     // with which it is to be executed
	Tree     string       // the directory that it is in, where it needs what is beside it; empty: it needs none
	Reads    []string     // what else it reads, wherever that lies
	Script   string       // the file, in Tree, by whose path it names its source; empty where it names it by line directives
	Workers  bool         // it imports package worker
	Problems problem.List // why it does not compile
	Passing  bool         // what Problems say may be due to this machine or to what else it did meanwhile: it says nothing about the next time
	Lacking  string       // why it cannot be built here; it was not tried then
	Vet      problem.List // what the analyzers of go vet found in one that compiles
	Said     string       // what the compiler printed of one that does not
	Fallback string       // why go build has built it; empty where it has not

	dir    string // all that it has on disk; empty where it has nothing
	image  *image // of which the binary is made when it is to run; nil where it is there
	number int    // of the program in image
}

// Place puts the binary at its path, as far as it is not there. It must come before the program runs, and lets every user execute it, whatever the
// umask is: who is confined is another one.
func (b Build) Place() error {
	if b.Tree != "" {
		return share(b.Tree)
	}
	if b.image != nil {
		if err := b.image.write(b.Path, b.number); err != nil {
			return err
		}
	}
	return os.Chmod(b.Path, 0o755)
}

// Remove removes what a build has on disk. What cannot be removed is left for who removes the plan's directory.
func (b Build) Remove() { _ = os.RemoveAll(b.dir) }

// A bench compiles and links programs of one kind, one at a time.
type bench struct {
	*kit
	toolchain Toolchain
	vetter    *vetter
	bounds    Bounds
}

// build builds p, whose source is s, in dir, a directory for it alone, which it leaves to the binary.
// A program that does not compile is no error.
func (b *bench) build(ctx context.Context, p program.Program, s source, dir string) (Build, error) {
	return b.bounds.build(ctx, p, func(ctx context.Context) (Build, error) {
		if done, over := b.unfit(p, s); over {
			return done, nil
		}
		why := cmp.Or(b.indirect, s.directive)
		if why != "" {
			return b.goBuild(ctx, p, s, dir, why)
		}
		done, err := b.direct(ctx, p, s, dir)
		if err == nil || ctx.Err() != nil || b.bounds.exceeded(err) != "" {
			return done, err
		}
		done, second := b.goBuild(ctx, p, s, dir, err.Error())
		if second != nil && b.bounds.exceeded(second) == "" {
			return Build{}, err
		}
		return done, second
	})
}

// direct builds p by compiler and linker.
func (b *bench) direct(ctx context.Context, p program.Program, s source, dir string) (Build, error) {
	done, object, err := b.prepare(ctx, p, s, dir, "main")
	if err != nil || object == "" {
		return done, err
	}
	read := make(chan vetted, 1)
	go func() { read <- b.vetter.vet(s.text) }() // while the linker is at work
	if len(p.Options.Modes) > 0 {
		done, err = b.link(ctx, done, object, dir)
		done.Problems = s.place(done.Problems, position(p))
	}
	if vet := <-read; len(done.Problems) == 0 {
		done.Vet = vet.found
	}
	return done, cmp.Or(err, os.Remove(object))
}

// unfit returns what is known of p without building it, where that is all there is to know.
func (b *bench) unfit(p program.Program, s source) (Build, bool) {
	switch {
	case b.lacking != "":
		return Build{Program: p, Lacking: b.lacking}, true
	case len(s.foreign) > 0:
		return Build{Program: p, Problems: s.foreign, Said: said(s.foreign)}, true
	}
	return Build{}, false
}

// build bounds the time of what makes p, or a part of it.
func (b Bounds) build(ctx context.Context, p program.Program, make func(context.Context) (Build, error)) (Build, error) {
	limited, cancel := b.limit(ctx)
	defer cancel()
	done, err := make(limited)
	switch {
	case ctx.Err() != nil:
		return Build{}, context.Cause(ctx)
	case limited.Err() != nil:
		late := problem.Problem{
			Position: position(p), Message: fmt.Sprintf("%v to build", context.Cause(limited)),
			Hint: "the machine may have been busy: it is built again the next time; else make it smaller",
		}
		return Build{Program: p, Problems: problem.List{late}, Passing: true}, nil
	case b.exceeded(err) != "":
		large := problem.Problem{Position: position(p), Message: b.exceeded(err), Hint: "use less data: what a program needs much of it can make when it runs"}
		passing := errors.Is(err, errTooMuchMemory) && b.Memory < usualBounds.Memory // another machine has more
		return Build{Program: p, Problems: problem.List{large}, Passing: passing}, nil
	case err != nil:
		return Build{}, fmt.Errorf("build %s: %w", p.ID, err)
	}
	return done, nil
}

// prepare compiles p as the package of an import path. Where it cannot be linked there is no object file.
func (b *bench) prepare(ctx context.Context, p program.Program, s source, dir, path string) (done Build, object string, err error) {
	object, problems, text, err := b.compile(ctx, s, dir, path)
	if err != nil || len(problems) > 0 {
		return Build{Program: p, Problems: s.place(problems, position(p)), Said: text}, "", err
	}
	return Build{Program: p, Workers: s.usesWorker()}, object, nil
}

// link makes the binary of a program that was compiled.
func (b *bench) link(ctx context.Context, done Build, object, dir string) (Build, error) {
	path := filepath.Join(dir, binaryFile)
	text, err := b.run(ctx, dir, "link", b.linkArgs(path, b.config, object)...)
	if refused(err) && linkError.MatchString(text) {
		done.Said = text
		done.Problems = problem.List{{Position: position(done.Program), Message: firstLine(text)}}
		return done, nil
	}
	if err == nil && b.bounds.tooLarge(path) {
		err = errTooLarge
	}
	if err != nil {
		return Build{}, fmt.Errorf("link: %w: %s", err, firstLine(text))
	}
	done.Path = path
	return done, nil
}

// binaryFile is the name of each binary: Windows wants the suffix, nobody else minds.
const binaryFile = "cell.exe"

func (b *bench) linkArgs(path, config, object string) []string {
	return append(b.imports.flags(), "-o", path, "-importcfg", config, "-s", "-w", "-buildid=", object)
}

// compile compiles s to an object file as the package of an import path, or returns why the compiler refuses it and all that it printed.
func (b *bench) compile(ctx context.Context, s source, dir, path string) (object string, problems problem.List, text string, err error) {
	files, err := b.write(s, dir)
	if err != nil {
		return "", nil, "", err
	}
	object = filepath.Join(dir, "cell.a")
	args := append(b.imports.flags(),
		"-o", object, "-p", path, "-complete", "-pack", "-c=1", "-nolocalimports",
		"-importcfg", b.config, "-trimpath", dir+"=>",
	)
	if lang := b.toolchain.language(); lang != "" {
		args = append(args, "-lang="+lang)
	}
	text, err = b.run(ctx, dir, "compile", append(args, files...)...)
	text = generatedPlace.ReplaceAllString(text, "")
	if path != "main" { // nothing that the program says can be taken for it: likeMerged
		text = strings.ReplaceAll(text, path+".", "main.")
	}
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

// write writes the files of a program, and returns their names.
func (b *bench) write(s source, dir string) (files []string, err error) {
	files = append(files, filepath.Join(dir, sourceFile))
	err = os.WriteFile(files[0], []byte(s.text), 0o600)
	if err == nil && s.usesWorker() && !s.broken {
		files = append(files, filepath.Join(dir, "workers.go"))
		err = os.WriteFile(files[1], []byte(s.registration()), 0o600)
	}
	return files, err
}

// run runs a tool in dir and returns what it printed.
func (b *bench) run(ctx context.Context, dir, tool string, args ...string) (string, error) {
	return b.invoke(ctx, b.toolchain.tool(tool), dir, dir, append(b.toolchain.environment(dir), b.bounds.collector()...), args...)
}

// invoke runs a command in a directory and returns what it printed, without the name of dir, which holds the program.
func (b *bench) invoke(ctx context.Context, path, in, dir string, env []string, args ...string) (string, error) {
	cmd := toolCommand(ctx, path, args...)
	cmd.Dir, cmd.Env = in, append(env, "PWD="+in)
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err := runBounded(cmd, b.bounds, &printed)
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

// position is the place of what concerns all of the cell of p.
func position(p program.Program) problem.Position { return problem.Position{File: p.File()} }

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
