package build

import (
	"os"
	"slices"
	"strings"

	"course/program"
	"course/runner/store"
)

// A resolution is what was found for the modules of a course: the versions of all that its cells are built with.
type resolution struct {
	GoMod string   `json:"goMod"` // the go.mod in which packages are compiled
	Paths []string `json:"paths"` // of the packages that were found, sorted
	Dirs  []string `json:"dirs"`  // of the modules, in the module cache
}

// resolved returns what is kept for modules, as long as it covers paths and is still in the module cache.
func resolved(s *store.Shelf, t Toolchain, id string, paths []string) (resolution, bool) {
	var r resolution
	if !s.Load(store.Resolutions, resolutionKey(t, id), &r) {
		return r, false
	}
	for _, p := range paths {
		if _, found := slices.BinarySearch(r.Paths, p); !found {
			return r, false
		}
	}
	for _, dir := range r.Dirs {
		if _, err := os.Stat(dir); err != nil {
			return r, false
		}
	}
	return r, true
}

func resolutionKey(t Toolchain, id string) string {
	var d store.Digest
	d.Add(format, t.Identity(), t.ModCache, id)
	return d.Sum()
}

// hashModules identifies m.
func hashModules(m program.Modules) string {
	var d store.Digest
	for _, r := range m.Require {
		d.Add(r.Path, r.Version)
	}
	d.Add("sums", m.Sums)
	return d.Sum()
}

// requiredBy returns the module in which the package at path is to be, the one with the longest path.
func requiredBy(m program.Modules, path string) (found program.Module, ok bool) {
	for _, r := range m.Require {
		if (path == r.Path || strings.HasPrefix(path, r.Path+"/")) && len(r.Path) > len(found.Path) {
			found, ok = r, true
		}
	}
	return found, ok
}

// listed names modules for people.
func listed(m program.Modules) string {
	var names []string
	for _, r := range m.Require {
		names = append(names, r.String())
	}
	return strings.Join(names, ", ")
}
