package build

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"course/program"
)

// A kind is how all that is linked into one binary has to be compiled: programs of one kind can share packages.
type kind struct {
	race    bool
	modules string // identifies the modules; empty for none
}

// kindOf returns the kind of p.
func kindOf(p program.Program) kind {
	k := kind{race: p.Options.Race}
	if m := p.Options.Modules; len(m.Require) > 0 {
		k.modules = hashModules(m)
	}
	return k
}

// A kit is what programs of one kind are built with. It is not changed once it is made.
type kit struct {
	imports  *imports
	config   string // the import configuration's file
	indirect string // why nothing is built with it directly; empty where it is
	lacking  string // why nothing can be built with it on this machine, as Result.NotHere has it; empty where it can
}

// Assemble makes ready what programs are built with: it has what they import compiled, unless that is known. It is called once, and
// none but these programs are built then. An error is ctx's cause or the system's, such as modules that were not fetched.
func (p *Plan) Assemble(ctx context.Context, programs []program.Program) error {
	p.kits = make(map[kind]*kit)
	paths := make(map[kind]map[string]bool)
	of := make(map[kind]program.Program) // one of them
	for _, one := range programs {
		if one.Options.Language != program.Go {
			continue
		}
		k := kindOf(one)
		if paths[k] == nil {
			of[k], paths[k] = one, map[string]bool{"runtime": true} // what each program is linked with
		}
		for _, path := range p.source(one).imports {
			paths[k][path] = true
		}
	}
	for k, one := range of {
		kit, err := p.assembleOne(ctx, k, one.Options.Modules, slices.Sorted(maps.Keys(paths[k])))
		if err != nil {
			return err
		}
		kit.config = filepath.Join(p.Dir, fmt.Sprintf("importcfg-%d", len(p.kits)))
		if err := os.WriteFile(kit.config, kit.imports.config(), 0o600); err != nil {
			return fmt.Errorf("write import configuration: %w", err)
		}
		p.kits[k] = kit
	}
	return nil
}

// described says for people what takes long to be compiled for a kind, and is compiled once.
func described(k kind, m program.Modules) string {
	switch {
	case k.modules != "":
		return listed(m)
	case k.race:
		return "the standard library with the race detector"
	}
	return "the standard library"
}

// slow is the time after which it is told that the standard library is compiled, also with the race detector: it usually is there, and found sooner.
const slow = time.Second

// announce tells what is compiled for a kind: modules at once, for they are compiled once, the standard library when that takes long. It is to be called off when it is done.
func (p *Plan) announce(k kind, m program.Modules) (callOff func()) {
	what := described(k, m)
	if k.modules != "" {
		p.Compiling(what)
		return func() {}
	}
	told := make(chan struct{})
	timer := time.AfterFunc(cmp.Or(p.Slow, slow), func() {
		defer close(told)
		p.Compiling(what)
	})
	return func() {
		if !timer.Stop() {
			<-told
		}
	}
}

// assembleOne makes the kit of a kind, for programs that import paths.
func (p *Plan) assembleOne(ctx context.Context, k kind, m program.Modules, paths []string) (*kit, error) {
	var found resolution
	if k.modules != "" {
		ours := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { _, ok := requiredBy(m, path); return !ok || !importable(path) })
		var ok bool
		if found, ok = resolved(p.Shelf, p.Toolchain, k.modules, ours); !ok {
			return nil, fmt.Errorf("the modules %s were not fetched", listed(m))
		}
	}
	i := openImports(p.Toolchain, p.Shelf, p.Worker, k, found.GoMod, m.Sums)
	i.bounds = p.importBounds()
	if k.race {
		if p.Toolchain.CompilerOfC() == "" {
			return &kit{imports: i, lacking: "there is no C compiler here, which the race detector needs"}, nil
		}
		paths = append(slices.Clone(paths), "runtime/cgo", "runtime/race")
	}
	if p.Compiling != nil && len(i.missing(paths)) > 0 {
		defer p.announce(k, m)()
	}
	err := i.add(ctx, p.Dir, paths)
	if full := i.unkept(paths); full != nil && ctx.Err() == nil {
		return nil, full
	}
	if !k.race {
		if refused(err) || err == nil && i.exports["runtime"] == "" {
			return &kit{imports: i, indirect: "the go command does not tell where export data is"}, nil
		}
		return &kit{imports: i, indirect: p.GoBuild}, err
	}
	if refused(err) {
		return &kit{imports: i, lacking: "the race detector cannot be built in here: " + firstLine(err.Error())}, nil
	}
	return &kit{imports: i, indirect: p.GoBuild}, err
}

// leaves reports whether all is left to the go command, which links one program at a time.
func (k *kit) leaves() bool { return k != nil && k.indirect != "" }
