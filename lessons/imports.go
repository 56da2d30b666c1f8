package lessons

import (
	"regexp"
	"slices"
	"strings"

	"course/program"
)

//go:generate go run stdlib_generate.go

// workerPath is the import path of package worker in cells.
const workerPath = "course/runner/worker"

// packages are those that cells may import: the standard library, package worker, and those of modules.
type packages struct{ modules []program.Module }

// path returns the path of the package that a cell means by name, of which it uses the selected
// names; "" where there is none. Of packages that share a name it is the first that exports all of these.
// A module is meant by the name of the package at its root: which others it has is not known here.
func (k packages) path(name string, selected []string) string {
	if name == "worker" {
		return workerPath
	}
	paths := stdlib[name]
	for _, p := range paths {
		exports, shared := stdlibExports[p]
		lacks := func(s string) bool { return !strings.Contains(exports, " "+s+" ") }
		if !shared || !slices.ContainsFunc(selected, lacks) {
			return p
		}
	}
	if len(paths) > 0 {
		return paths[0]
	}
	for _, m := range k.modules {
		if lastElement(m.Path) == name {
			return m.Path
		}
	}
	return ""
}

// name returns the name of the package at path, and whether cells may import it.
func (k packages) name(path string) (name string, ok bool) {
	if path == workerPath {
		return "worker", true
	}
	elements := strings.Split(path, "/")
	for i := len(elements) - 1; i >= 0 && i >= len(elements)-2; i-- { // math/rand/v2 is rand
		if slices.Contains(stdlib[elements[i]], path) {
			return elements[i], true
		}
	}
	return lastElement(path), k.required(path)
}

// required reports whether the package at path is in a module that the course requires.
func (k packages) required(path string) bool {
	return slices.ContainsFunc(k.modules, func(m program.Module) bool {
		return path == m.Path || strings.HasPrefix(path, m.Path+"/")
	})
}

// majorSuffix is how a path says which major version of a module it means: example.org/yaml/v3, gopkg.in/yaml.v3.
var majorSuffix = regexp.MustCompile(`[/.]v[0-9]+$`)

// lastElement returns the last element of a path without a major version: the name, as a rule, of the package there.
func lastElement(path string) string {
	path = majorSuffix.ReplaceAllString(path, "")
	return path[strings.LastIndexByte(path, '/')+1:]
}
