// Package consent keeps which courses a user lets run as themselves, on a machine that has no sandbox. It asks nobody: that is a
// command's to do.
package consent

import (
	"maps"
	"slices"
	"strings"

	"course/program"
)

// Wants is what programs would do as the user.
type Wants struct {
	Cells   int      `json:"cells"`             // how many would run
	Python  int      `json:"python,omitempty"`  // how many of them are in Python: what reads them is whatever python3 the user has
	Modules []string `json:"modules,omitempty"` // those that they are built with, "golang.org/x/sync v0.17.0", sorted: other people's code, which is another with each version
	Env     []string `json:"env,omitempty"`     // names of the variables that they set for themselves, sorted
	HTML    bool     `json:"html,omitempty"`    // the course has HTML of its own on the pages that show what they did; Of does not know
}

// Of returns what programs want. Those that are compiled and not run want nothing.
func Of(programs ...program.Program) Wants {
	var w Wants
	modules, env := make(map[string]bool), make(map[string]bool)
	for _, p := range programs {
		if len(p.Options.Modes) == 0 {
			continue
		}
		w.Cells++
		if p.Options.Language == program.Python {
			w.Python++
		}
		for _, variable := range p.Options.Env {
			name, _, _ := strings.Cut(variable, "=")
			env[name] = true
		}
		for _, m := range p.Options.Modules.Require {
			modules[m.String()] = true
		}
	}
	w.Modules, w.Env = slices.Sorted(maps.Keys(modules)), slices.Sorted(maps.Keys(env))
	return w
}

// Covers reports whether who was granted w may do as much as more. It is about what they use, not about what is in the cells or how
// many there are: a course that may run may be edited.
func (w Wants) Covers(more Wants) bool {
	return (more.Python == 0 || w.Python > 0) && (!more.HTML || w.HTML) && within(more.Modules, w.Modules) && within(more.Env, w.Env)
}

func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
