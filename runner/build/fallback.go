package build

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"course/problem"
	"course/program"
)

// A program is built by the go command, as anybody would build it, where compiler and linker cannot be called directly:
//
//   - it says something that only the go command carries out (directive);
//   - there is no import configuration for it: the go command does not tell of this toolchain where export data is;
//   - compiler or linker, called directly, end otherwise than by finding something wrong with the program, as those of a
//     toolchain do that takes other flags. If go build fails as well it is the machine, and the first error counts.
//
// Either way gives programs that behave alike, but for runtime/debug.ReadBuildInfo, which knows nothing of a program that the
// go command has not built.

// directive is a directive for the go command: the default of a GODEBUG setting (go.dev/doc/godebug).
var directive = regexp.MustCompile(`(?m)^//go:debug\s.*$`)

// goBuild builds p with the go command in dir; why says for what reason.
func (b *bench) goBuild(ctx context.Context, p program.Program, s source, dir, why string) (Build, error) {
	files, err := b.write(s, dir)
	if err != nil {
		return Build{}, err
	}
	module, release, err := b.imports.hold(filepath.Dir(dir))
	if err != nil {
		return Build{}, fmt.Errorf("write package worker: %w", err)
	}
	defer release()
	path := filepath.Join(dir, binaryFile)
	// Positions are to name the cell alone: the last -trimpath counts, which is that of the flags for the program itself.
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-o", path, "-ldflags=-s -w -buildid=", "-gcflags=command-line-arguments='-trimpath=" + dir + "=>'"}, b.imports.flags()...)
	text, err := b.invoke(ctx, b.toolchain.Command, module, dir, b.imports.environment(dir), append(args, files...)...)
	text = packageLine.ReplaceAllString(generatedPlace.ReplaceAllString(text, ""), "")
	if refused(err) {
		problems := compileErrors(text)
		if len(problems) == 0 && linkError.MatchString(text) {
			problems = problem.List{{Position: position(p), Message: firstLine(text)}}
		}
		if len(problems) > 0 {
			return Build{Program: p, Problems: s.place(problems, position(p)), Said: text, Fallback: why}, nil
		}
	}
	if err == nil && b.bounds.tooLarge(path) {
		err = errTooLarge
	}
	if err != nil {
		return Build{}, fmt.Errorf("go build: %w: %s", err, firstLine(text))
	}
	done := Build{Program: p, Vet: b.vetter.vet(s.text).found, Workers: s.usesWorker(), Path: path, Fallback: why}
	if len(p.Options.Modes) == 0 {
		done.Path = ""
		err = os.Remove(path)
	}
	for _, f := range files {
		err = cmp.Or(err, os.Remove(f))
	}
	return done, err
}

// packageLine is what the go command writes above what the compiler says of a package.
var packageLine = regexp.MustCompile(`(?m)^# .*\n`)
