// Package consent keeps which courses a user lets run as themselves, on a machine that has no sandbox. It asks nobody: that is a
// command's to do.
package consent

import (
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"course/program"
)

// Wants is what programs would do as the user.
type Wants struct {
	Cells    int      `json:"cells"`              // how many would run
	Packages []string `json:"packages,omitempty"` // import paths of other modules that they use, sorted
	Env      []string `json:"env,omitempty"`      // names of the variables that they set for themselves, sorted
}

// Of returns what programs want. Those that are compiled and not run want nothing.
func Of(programs ...program.Program) Wants {
	var w Wants
	packages, env := make(map[string]bool), make(map[string]bool)
	for _, p := range programs {
		if len(p.Options.Modes) == 0 {
			continue
		}
		w.Cells++
		for _, variable := range p.Options.Env {
			name, _, _ := strings.Cut(variable, "=")
			env[name] = true
		}
		for _, path := range imports(p.Source) {
			packages[path] = true
		}
	}
	w.Packages, w.Env = slices.Sorted(maps.Keys(packages)), slices.Sorted(maps.Keys(env))
	return w
}

// imports returns the packages of other modules that a source imports: the first element of their paths has a dot, which the
// standard library's and our own have not.
func imports(source string) []string {
	file, _ := parser.ParseFile(token.NewFileSet(), "", source, parser.ImportsOnly)
	if file == nil {
		return nil
	}
	var paths []string
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if first, _, _ := strings.Cut(path, "/"); err == nil && strings.Contains(first, ".") {
			paths = append(paths, path)
		}
	}
	return paths
}

// Covers reports whether who was granted w may do as much as more. It is about what they use, not about what is in the cells or how
// many there are: a course that may run may be edited.
func (w Wants) Covers(more Wants) bool {
	return within(more.Packages, w.Packages) && within(more.Env, w.Env)
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
