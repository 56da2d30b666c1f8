package lessons

import (
	"fmt"
	"slices"
	"strings"

	"course/problem"
	"course/program"

	"golang.org/x/mod/module"
)

// sumsFile holds the sums of required modules, as go.sum does for the go command. The runner names it by that name.
const (
	sumsFile    = "course.sum"
	runnersSums = "go.sum"
)

// maxSums bounds the sums of modules: a line is some 100 bytes, and a large module needs a few hundred.
const maxSums = 1 << 20

// A required is a module where course.yaml requires it.
type required struct {
	module program.Module
	at     problem.Position
	source string // the line
}

// require reads one item of course.yaml's require, "golang.org/x/sync v0.17.0".
func (c *Course) require(s setting, report func(line, column, length int, message, hint string), source string) {
	path, version, _ := strings.Cut(s.text, " ")
	version = strings.TrimSpace(version)
	wrong := func(message, hint string) { report(s.line, s.column, len(s.text), message, hint) }
	switch err := module.Check(path, version); {
	case version == "":
		wrong(fmt.Sprintf("%q is no module at a version", s.text), "write its path and its version: golang.org/x/sync v0.17.0")
	case err != nil:
		wrong(err.Error(), "write its path and its version, as in go.mod: golang.org/x/sync v0.17.0")
	case slices.ContainsFunc(c.required, func(r required) bool { return r.module.Path == path }):
		wrong(path+" is required twice", "remove one")
	default:
		at := problem.Position{File: configFile, Line: s.line, Column: s.column}
		c.required = append(c.required, required{program.Module{Path: path, Version: version}, at, source})
		c.modules.Require = append(c.modules.Require, program.Module{Path: path, Version: version})
	}
}

// sums reads course.sum. A line that is none of go.sum's is left out, so that the others keep their numbers.
func (c *Course) sums(raw []byte) {
	lines := strings.Split(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n")
	c.sumLines = lines
	kept := slices.Clone(lines)
	for i, line := range lines {
		fields := strings.Fields(line)
		if len(fields) == 0 || len(fields) == 3 && strings.HasPrefix(fields[2], "h1:") {
			continue
		}
		kept[i] = ""
		c.Problems = append(c.Problems, problem.Problem{
			Position: problem.Position{File: sumsFile, Line: i + 1, Column: 1}, Length: len(line), Source: line,
			Message: "this is no sum of a module", Hint: "remove the line: course fetch writes what is missing",
		})
	}
	c.modules.Sums = strings.Join(kept, "\n")
}

// locateModule returns p, a problem of a module or of a line of the sums, with its position mapped to the course's files.
func (c *Course) locateModule(p problem.Problem) problem.Problem {
	if p.File == runnersSums {
		p.File = sumsFile
		if 1 <= p.Line && p.Line <= len(c.sumLines) {
			p.Column, p.Source, p.Length = 1, c.sumLines[p.Line-1], len(c.sumLines[p.Line-1])
		}
		return p
	}
	for _, r := range c.required {
		if r.module.Path == p.File {
			p.Position, p.Source, p.Length = r.at, r.source, len(r.module.String())
		}
	}
	return p
}
