package lessons

import (
	"slices"
	"strings"
)

//go:generate go run stdlib_generate.go

// workerPath is the one package beyond the standard library that cells may import.
const workerPath = "course/runner/worker"

// packagePath returns the path of the package that a cell means by name, of which it uses the selected
// names; "" where there is none. Of packages that share a name it is the first that exports all of these.
func packagePath(name string, selected []string) string {
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
	return ""
}

// packageName returns the name of the package at path, and whether cells may import it.
func packageName(path string) (name string, ok bool) {
	if path == workerPath {
		return "worker", true
	}
	elements := strings.Split(path, "/")
	for i := len(elements) - 1; i >= 0 && i >= len(elements)-2; i-- { // math/rand/v2 is rand
		if slices.Contains(stdlib[elements[i]], path) {
			return elements[i], true
		}
	}
	return elements[len(elements)-1], false
}
